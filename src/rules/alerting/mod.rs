//! Alerts: what reaches the one who is woken.

pub(crate) mod invalid_runbook_url;
pub(crate) mod missing_runbook;
mod runbook;
