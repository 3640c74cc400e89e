//! Dashboards: what Grafana refuses, passes over or shows as something else.

pub(crate) mod api_wrapper_in_provisioning;
pub(crate) mod broken_link_to_dashboard;
pub(crate) mod data_source_by_name;
pub(crate) mod duplicate_panel_id;
pub(crate) mod duplicate_ref_id;
pub(crate) mod duplicate_uid;
pub(crate) mod editable_dashboard;
pub(crate) mod hard_coded_data_source;
pub(crate) mod missing_description;
pub(crate) mod missing_title;
pub(crate) mod panel_hidden_by_row;
pub(crate) mod panel_off_grid;
pub(crate) mod panel_without_id;
pub(crate) mod panel_without_targets;
pub(crate) mod panels_overlap;
mod provisioned;
pub(crate) mod too_many_panels;
pub(crate) mod uid_bad_characters;
pub(crate) mod uid_too_long;
pub(crate) mod unresolved_input;
