//! Dashboards: what Grafana refuses, passes over or shows as something else.

mod legend;
pub(crate) mod legend_label_not_in_result;
pub(crate) mod legend_syntax;
