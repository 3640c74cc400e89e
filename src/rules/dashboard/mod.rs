//! Dashboards: what Grafana refuses, passes over or shows as something else.

pub(crate) mod angular_panel;
pub(crate) mod bad_refresh;
pub(crate) mod bad_time_range;
pub(crate) mod bad_timezone;
mod catalog;
pub(crate) mod deprecated_panel;
mod fields;
mod found;
pub(crate) mod legacy_panel_alert;
pub(crate) mod schema_too_new;
pub(crate) mod unknown_override_matcher;
pub(crate) mod unknown_override_property;
pub(crate) mod unknown_panel_type;
pub(crate) mod unknown_reducer;
pub(crate) mod unknown_transformation;
pub(crate) mod wrong_type;
