//! Dashboards: what Grafana refuses, passes over or shows as something else.

pub(crate) mod duplicate_panel_id;
pub(crate) mod duplicate_ref_id;
pub(crate) mod missing_title;
pub(crate) mod panel_hidden_by_row;
pub(crate) mod panel_off_grid;
pub(crate) mod panel_without_id;
pub(crate) mod panel_without_targets;
pub(crate) mod panels_overlap;
pub(crate) mod uid_bad_characters;
pub(crate) mod uid_too_long;
