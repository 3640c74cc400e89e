//! Alerts: what reaches the one who is woken, and the rule files of Prometheus and its kin.

pub(crate) mod absent_without_for;
pub(crate) mod always_firing;
pub(crate) mod dashboard_link;
pub(crate) mod duplicates;
mod face;
mod fields;
pub(crate) mod for_below_interval;
pub(crate) mod grafana;
pub(crate) mod invalid_rule;
pub(crate) mod invalid_runbook_url;
pub(crate) mod label_not_in_result;
pub(crate) mod long_group_interval;
pub(crate) mod missing_for;
pub(crate) mod missing_runbook;
pub(crate) mod missing_summary;
pub(crate) mod panel_runbook;
mod runbook;
pub(crate) mod runbook_file;
pub(crate) mod runbook_pattern;
pub(crate) mod severity;
mod template_query;
pub(crate) mod templates;
pub(crate) mod too_many_rules;
pub(crate) mod unread_document;
pub(crate) mod unreadable_value;
pub(crate) mod value_in_label;
mod waits;
