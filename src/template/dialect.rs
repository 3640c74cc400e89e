//! Which functions, variables and data a template has.

use super::Shape;

/// A function of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// The fewest arguments, a piped one among them.
    pub least: usize,
    /// The most; `None` for any number.
    pub most: Option<usize>,
}

const fn takes(name: &'static str, count: usize) -> Function {
    Function {
        name,
        least: count,
        most: Some(count),
    }
}

const fn at_least(name: &'static str, least: usize) -> Function {
    Function {
        name,
        least,
        most: None,
    }
}

/// Functions of every template: Go 1.24, `text/template/funcs.go`, `builtins`.
const BUILTIN: &[Function] = &[
    at_least("and", 1),
    at_least("call", 1),
    at_least("html", 0),
    at_least("index", 1),
    Function {
        name: "slice",
        least: 1,
        most: Some(4),
    },
    at_least("js", 0),
    takes("len", 1),
    takes("not", 1),
    at_least("or", 1),
    at_least("print", 0),
    at_least("printf", 1),
    at_least("println", 0),
    at_least("urlquery", 0),
    at_least("eq", 1),
    takes("ge", 2),
    takes("gt", 2),
    takes("le", 2),
    takes("lt", 2),
    takes("ne", 2),
];

/// Functions of Prometheus' templates: `template/template.go`, `NewTemplateExpander`, 3.5. `tmpl` is for consoles only
/// (`ExpandHTML`).
const PROMETHEUS: &[Function] = &[
    takes("query", 1),
    takes("first", 1),
    takes("label", 2),
    takes("value", 1),
    takes("strvalue", 1),
    at_least("args", 0),
    takes("reReplaceAll", 3),
    takes("safeHtml", 1),
    takes("match", 2),
    takes("title", 1),
    takes("toUpper", 1),
    takes("toLower", 1),
    takes("graphLink", 1),
    takes("tableLink", 1),
    takes("sortByLabel", 2),
    takes("stripPort", 1),
    takes("stripDomain", 1),
    takes("humanize", 1),
    takes("humanize1024", 1),
    takes("humanizeDuration", 1),
    takes("humanizePercentage", 1),
    takes("humanizeTimestamp", 1),
    takes("toTime", 1),
    takes("toDuration", 1),
    takes("now", 0),
    takes("pathPrefix", 0),
    takes("externalURL", 0),
    takes("parseDuration", 1),
    takes("urlQueryEscape", 1),
];

/// Functions of vmalert's templates: VictoriaMetrics app/vmalert/templates/template.go, v1.110.
const VMALERT: &[Function] = &[
    takes("query", 1),
    takes("first", 1),
    takes("label", 2),
    takes("value", 1),
    takes("strvalue", 1),
    at_least("args", 0),
    takes("reReplaceAll", 3),
    takes("safeHtml", 1),
    takes("match", 2),
    takes("title", 1),
    takes("toUpper", 1),
    takes("toLower", 1),
    takes("sortByLabel", 2),
    takes("stripPort", 1),
    takes("stripDomain", 1),
    takes("humanize", 1),
    takes("humanize1024", 1),
    takes("humanizeDuration", 1),
    takes("humanizePercentage", 1),
    takes("humanizeTimestamp", 1),
    takes("toTime", 1),
    takes("now", 0),
    takes("pathPrefix", 0),
    takes("externalURL", 0),
    takes("parseDuration", 1),
    takes("parseDurationTime", 1),
    takes("crlfEscape", 1),
    takes("quotesEscape", 1),
    takes("jsonEscape", 1),
    takes("htmlEscape", 1),
    takes("pathEscape", 1),
    takes("queryEscape", 1),
    takes("formatTime", 2),
];

/// Functions that take a number, or a text that is one: `convertToFloat` of the same file.
pub(super) const NUMERIC: &[&str] = &[
    "humanize",
    "humanize1024",
    "humanizeDuration",
    "humanizePercentage",
    "humanizeTimestamp",
    "toTime",
    "toDuration",
];

/// What Grafana adds to them in alert rules: pkg/services/ngalert/state/template/funcs.go, 12.
const GRAFANA_ALERT: &[Function] = &[
    takes("filterLabels", 2),
    takes("filterLabelsRe", 2),
    takes("removeLabels", 2),
    takes("removeLabelsRe", 2),
    takes("mergeLabelValues", 1),
    at_least("sortBy", 1),
];

/// Functions of Alertmanager's templates: `template/template.go`, `DefaultFuncs`, 0.28.
const ALERTMANAGER: &[Function] = &[
    takes("toUpper", 1),
    takes("toLower", 1),
    takes("title", 1),
    takes("trimSpace", 1),
    takes("join", 2),
    takes("match", 2),
    takes("safeHtml", 1),
    takes("safeUrl", 1),
    takes("urlUnescape", 1),
    takes("reReplaceAll", 3),
    at_least("stringSlice", 0),
    takes("date", 2),
    takes("tz", 2),
    takes("since", 1),
    takes("humanizeDuration", 1),
    takes("toJson", 1),
    at_least("list", 0),
    at_least("append", 1),
    at_least("dict", 0),
];

/// Namespaces Grafana adds to them in notifications: grafana/alerting templates/gomplate, 2026.
const GRAFANA_NOTIFICATION: &[Function] = &[
    takes("coll", 0),
    takes("data", 0),
    takes("tmpl", 0),
    takes("time", 0),
];

/// Which functions, variables and data a template has.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// Tables of functions; the first that has one counts.
    functions: &'static [&'static [Function]],
    /// What stands before every template.
    pub variables: &'static [(&'static str, Shape)],
    /// What the dot is.
    pub root: Shape,
}

impl Dialect {
    /// Labels and annotations of Prometheus' alerts: `rules/alerting.go`, 3.5.
    pub const PROMETHEUS_ALERT: Dialect = Dialect {
        functions: &[PROMETHEUS, BUILTIN],
        variables: &[
            ("$labels", Shape::Labels),
            ("$externalLabels", Shape::ExternalLabels),
            ("$externalURL", Shape::Text),
            ("$value", Shape::AlertValue),
        ],
        root: Shape::PrometheusAlert,
    };

    /// Labels and annotations of vmalert's alerts: VictoriaMetrics app/vmalert/notifier/alert.go, `tplHeaders`, v1.110.
    /// Its data has more fields than are told apart here, so the dot is anything.
    pub const VMALERT: Dialect = Dialect {
        functions: &[VMALERT, BUILTIN],
        variables: &[
            ("$value", Shape::AlertValue),
            ("$labels", Shape::Labels),
            ("$expr", Shape::Text),
            ("$externalLabels", Shape::ExternalLabels),
            ("$externalURL", Shape::Text),
            ("$alertID", Shape::Any),
            ("$groupID", Shape::Any),
            ("$activeAt", Shape::Any),
            ("$for", Shape::Any),
            ("$type", Shape::Text),
            ("$isPartial", Shape::Any),
        ],
        root: Shape::Any,
    };

    /// Labels and annotations of Grafana's alert rules: pkg/services/ngalert/state/template/template.go, 12.1.
    pub const GRAFANA_ALERT: Dialect = Dialect {
        functions: &[PROMETHEUS, GRAFANA_ALERT, BUILTIN],
        variables: &[
            ("$labels", Shape::Labels),
            ("$values", Shape::Values),
            ("$value", Shape::Text),
        ],
        root: Shape::GrafanaAlert,
    };

    /// The same of a rule with several queries, whose `$value` is a text about all of them.
    pub const GRAFANA_ALERT_OF_SEVERAL: Dialect = Dialect {
        variables: &[
            ("$labels", Shape::Labels),
            ("$values", Shape::Values),
            ("$value", Shape::Sentence),
        ],
        root: Shape::GrafanaAlertOfSeveral,
        ..Dialect::GRAFANA_ALERT
    };

    /// Notification templates of Grafana.
    pub const GRAFANA_NOTIFICATION: Dialect = Dialect {
        functions: &[ALERTMANAGER, GRAFANA_NOTIFICATION, BUILTIN],
        variables: &[],
        root: Shape::Notification,
    };

    /// The function of this name.
    pub fn function(&self, name: &str) -> Option<Function> {
        self.names().find(|function| function.name == name)
    }

    /// All functions.
    pub fn names(&self) -> impl Iterator<Item = Function> {
        self.functions
            .iter()
            .flat_map(|table| table.iter().copied())
    }

    /// What a variable is that stands before every template.
    pub fn variable(&self, name: &str) -> Option<Shape> {
        self.variables
            .iter()
            .find(|(variable, _)| *variable == name)
            .map(|(_, shape)| *shape)
    }
}
