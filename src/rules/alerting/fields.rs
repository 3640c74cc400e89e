//! Which fields rule files have, and of what type: one table for all rulers.

/// What a field's value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// Any scalar: Go decodes numbers and booleans into strings too.
    Text,
    /// `5m`, `0`.
    Duration,
    /// A whole number.
    Whole,
    /// A map of scalars.
    Texts,
    /// A list.
    List,
    /// Anything: it is not one of Prometheus' own.
    Any,
}

/// A field.
pub(super) type Field = (&'static str, Want);

/// `RuleGroups`: prometheus/prometheus model/rulefmt/rulefmt.go, 3.5. `namespace` is of Mimir's and Loki's tools
/// (grafana/cortex-tools pkg/rules/parser.go).
pub(super) const FILE: &[Field] = &[("groups", Want::List), ("namespace", Want::Text)];

/// `RuleGroup` there, and what other rulers add.
pub(super) const GROUP: &[Field] = &[
    ("name", Want::Text),
    ("interval", Want::Duration),
    ("query_offset", Want::Duration),
    ("limit", Want::Whole),
    ("rules", Want::List),
    ("labels", Want::Texts),
    // Thanos, and the operator's PrometheusRule 0.93.
    ("partial_response_strategy", Want::Any),
    // Loki: pkg/ruler/rulefmt of grafana/cortex-tools.
    ("remote_write", Want::Any),
    // Mimir: RuleGroup of pkg/mimirtool/rules/rwrulefmt and of its fork of Prometheus.
    ("source_tenants", Want::Any),
    ("evaluation_delay", Want::Any),
    ("align_evaluation_time_on_interval", Want::Any),
    // vmalert: Group of app/vmalert/config/config.go, v1.110.
    ("type", Want::Any),
    ("concurrency", Want::Any),
    ("params", Want::Any),
    ("headers", Want::Any),
    ("notifier_headers", Want::Any),
    ("eval_offset", Want::Any),
    ("eval_delay", Want::Any),
    ("eval_alignment", Want::Any),
    ("debug", Want::Any),
    ("tenant", Want::Any),
    ("extra_filter_labels", Want::Any),
];

/// `Rule` there, and what other rulers add.
pub(super) const RULE: &[Field] = &[
    ("record", Want::Text),
    ("alert", Want::Text),
    ("expr", Want::Text),
    ("for", Want::Duration),
    ("keep_firing_for", Want::Duration),
    ("labels", Want::Texts),
    ("annotations", Want::Texts),
    // vmalert: Rule of app/vmalert/config/config.go, v1.110.
    ("debug", Want::Any),
    ("update_entries_limit", Want::Any),
];
