//! Typed, lazy views over trees: what Grafana and Prometheus call a dashboard, a panel, a query, an alert rule.
//!
//! A view is a place in a tree and no more. It never fails: a field of the wrong type is a field that is not there,
//! and costs nothing but itself. Classic dashboards, v2 resources and every wrapper show one face.

mod alerting;
mod annotation;
pub(crate) mod builtin;
pub(crate) mod carrier;
mod dashboard;
mod datasource;
mod field;
mod file;
mod layout;
mod library;
mod link;
mod once;
mod panel;
mod provisioning;
mod query;
mod reference;
mod row;
mod rules;
mod settings;
mod targets;
mod transformation;
mod values;
mod variable;

pub(crate) use alerting::queries_of;
pub use alerting::{
    AlertGroup, AlertQuery, AlertRule, Alerting, AlertingForm, ExpressionKind, Input, LabelMatcher,
    MatchOperator, MatcherFault, Policy, Receiver, parse_matchers,
};
pub use annotation::Annotation;
pub use carrier::LeftAlone;
pub use dashboard::{Dashboard, Form};
pub use datasource::{DataSourceRef, DataSourceTypes, NoDataSources, TypeEvidence};
pub use field::{
    FieldConfig, Mapping, Override, ThresholdForm, ThresholdMode, ThresholdStep, Thresholds,
};
pub use file::{Document, DocumentInfo, Loaded, ParsedFile, SkipReason, load};
pub use layout::{GridPosition, GridRect};
pub use library::LibraryPanel;
pub use link::Link;
pub use panel::Panel;
pub use provisioning::{DataSource, Provider, data_sources, is_expanded, providers};
pub use query::{Host, Language, Query, is_promql_type};
pub use reference::{Reference, references};
pub use row::{Row, RowKind};
pub use rules::{Rule, RuleFile, RuleGroup, RuleKind};
pub use settings::Wrapper;
pub use targets::Target;
pub use transformation::Transformation;
pub use variable::{Variable, VariableHide, VariableKind, VariableRefresh};

use crate::syntax::NodeRef;

/// A non-empty string field.
pub(crate) fn string<'t>(node: NodeRef<'t>, key: &str) -> Option<std::borrow::Cow<'t, str>> {
    node.get(key)?.as_str()
}
