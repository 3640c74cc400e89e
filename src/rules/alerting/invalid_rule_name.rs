//! Names that Prometheus refuses: of recorded metrics, labels and annotations.

use crate::config::Names;
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "invalid-rule-name",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "recorded metric or label with a name that Prometheus refuses",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/invalid-rule-name.md"),
    check: Check::EmittedBy("invalid-rule"),
};

/// The name of a recorded metric.
pub(super) fn recorded_name<'t>(cx: &mut Context<'_, 't>, record: NodeRef<'t>) {
    let Some(name) = record.as_text() else { return };
    let name = &*name.value;
    let (message, help) = if name.contains(['{', '}']) {
        (
            "a recorded metric's name has no braces: Prometheus refuses the whole file",
            "write the name alone, and set labels under `labels`",
        )
    } else if cx.settings.names() == Names::Legacy && !is_legacy(name, true) {
        (
            "a metric's name has only letters, digits, `_` and `:`: Prometheus refuses the whole file",
            LEGACY_HELP,
        )
    } else {
        return;
    };
    let _ = cx.report_as(&RULE, record, message).help(help);
}

const LEGACY_HELP: &str = "rename it; Prometheus 3 takes any name if its configuration has no `metric_name_validation_scheme: legacy`";

/// The names of labels or annotations.
pub(super) fn label_names<'t>(cx: &mut Context<'_, 't>, list: Option<NodeRef<'t>>, labels: bool) {
    let legacy = cx.settings.names() == Names::Legacy;
    for value in list.into_iter().flat_map(NodeRef::members) {
        let Some(name) = value.key().filter(|name| name != "<<") else {
            continue;
        };
        let (message, help) = if name.is_empty() {
            (
                "a label needs a name: Prometheus refuses the whole file",
                "name it",
            )
        } else if labels && name == "__name__" {
            (
                "`__name__` cannot be set as a label: Prometheus refuses the whole file",
                "the metric's name is what stands in `record`",
            )
        } else if legacy && !is_legacy(&name, false) {
            (
                "this name has only letters, digits and `_`: Prometheus refuses the whole file",
                LEGACY_HELP,
            )
        } else {
            continue;
        };
        let _ = cx.report_as(&RULE, Place::key(value), message).help(help);
    }
}

/// `[a-zA-Z_][a-zA-Z0-9_]*`, of metrics with `:` too (`LegacyValidation` of prometheus/common model/metric.go).
fn is_legacy(name: &str, metric: bool) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || (metric && c == ':'))
}
