//! Alerts: what reaches the one who is woken, and the rule files of Prometheus and its kin.

mod face;
mod fields;
pub(crate) mod invalid_rule;
pub(crate) mod invalid_runbook_url;
pub(crate) mod missing_runbook;
mod runbook;
