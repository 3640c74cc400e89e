//! Rules: what each is called, how bad it is, and what it looks at.

pub(crate) mod accessibility;
pub(crate) mod alerting;
pub(crate) mod context;
pub(crate) mod cost;
pub(crate) mod dashboard;
pub(crate) mod meta;
mod place;
pub(crate) mod promql;
mod run;
pub(crate) mod syntax;
pub(crate) mod thresholds;
pub(crate) mod trail;
pub(crate) mod units;
pub(crate) mod variables;

pub(crate) use context::{Context, Scope};
pub(crate) use place::Place;
pub(crate) use run::run;

use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{AlertRule, Dashboard, Panel, Query, Rule as PrometheusRule, Variable};
use crate::syntax::NodeRef;

/// One rule: its words, its options and its check.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case, names the bad pattern: "allow `rate-on-gauge`" reads well.
    pub id: &'static str,
    /// What it is about.
    pub group: Group,
    /// The severity of its findings unless configured otherwise; a check may lower a finding's, never raise it.
    pub severity: Severity,
    /// A few words, lower case, no full stop.
    pub summary: &'static str,
    /// The version it came with.
    pub since: &'static str,
    /// The safety of the fix it offers (the best one), if any.
    pub fix: Option<Safety>,
    /// What users may set.
    pub options: &'static [OptionSpec],
    /// Its page in Markdown, from `rules/<group>/<id>.md`.
    pub page: &'static str,
    /// What it looks at.
    pub(crate) check: Check,
}

/// One option of a rule.
#[derive(Debug)]
pub struct OptionSpec {
    /// Its key in `[rules] id = { … }`.
    pub name: &'static str,
    /// Its default, which says its type too.
    pub default: OptionDefault,
    /// One sentence.
    pub doc: &'static str,
}

/// An option's type and default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OptionDefault {
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A string.
    Str(&'static str),
    /// A list of strings.
    List(&'static [&'static str]),
}

impl OptionDefault {
    /// The value as TOML writes it.
    pub fn toml(self) -> String {
        match self {
            OptionDefault::Bool(value) => value.to_string(),
            OptionDefault::Int(value) => value.to_string(),
            OptionDefault::Float(value) => value.to_string(),
            OptionDefault::Str(value) => format!("{value:?}"),
            OptionDefault::List(values) => format!("{values:?}"),
        }
    }
}

/// What a rule looks at, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Check {
    /// Nothing of its own: the parser, the model or an analysis that owns several rules emits its findings.
    Emitted,
    /// A document as a whole, whatever it is.
    Document(for<'t> fn(&mut Context<'_, 't>)),
    /// A dashboard as a whole.
    Dashboard(for<'t> fn(&Dashboard<'t>, &mut Context<'_, 't>)),
    /// Every panel.
    Panel(for<'t> fn(&Panel<'t>, &mut Context<'_, 't>)),
    /// Every query in PromQL: of panels, annotations, Prometheus rules and Grafana alerts.
    Query(for<'t> fn(&Query<'t>, &mut Context<'_, 't>)),
    /// Every template variable.
    Variable(for<'t> fn(&Variable<'t>, &mut Context<'_, 't>)),
    /// Every alert of both engines, through one face.
    Alert(for<'t> fn(&Alert<'t>, &mut Context<'_, 't>)),
}

/// An alert of either engine.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Alert<'t> {
    /// `alert:` in Prometheus rules.
    Prometheus(PrometheusRule<'t>),
    /// A rule of Grafana alerting.
    Grafana(AlertRule<'t>),
}

impl<'t> Alert<'t> {
    /// Its object.
    pub(crate) fn node(&self) -> NodeRef<'t> {
        match self {
            Alert::Prometheus(rule) => rule.node,
            Alert::Grafana(rule) => rule.node,
        }
    }

    /// A label.
    pub(crate) fn label(&self, name: &str) -> Option<NodeRef<'t>> {
        self.node().path(&["labels", name])
    }
}

/// The value of a rule's option.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionValue {
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A string.
    Str(String),
    /// A list of strings.
    List(Vec<String>),
}

impl From<OptionDefault> for OptionValue {
    fn from(default: OptionDefault) -> Self {
        match default {
            OptionDefault::Bool(value) => OptionValue::Bool(value),
            OptionDefault::Int(value) => OptionValue::Int(value),
            OptionDefault::Float(value) => OptionValue::Float(value),
            OptionDefault::Str(value) => OptionValue::Str(value.to_owned()),
            OptionDefault::List(values) => {
                OptionValue::List(values.iter().map(|&value| value.to_owned()).collect())
            }
        }
    }
}

/// Every native rule, by group and id.
pub static RULES: &[&Rule] = &[
    &syntax::INVALID_SYNTAX,
    &syntax::UNREADABLE_FILE,
    &syntax::JSON_COMMENT,
    &syntax::TRAILING_COMMA,
    &syntax::DUPLICATE_KEY,
    &syntax::BYTE_ORDER_MARK,
    &syntax::LONE_SURROGATE,
    &promql::invalid_promql::RULE,
    &promql::invalid_promql::PARSER_DISAGREEMENT,
    &promql::experimental_promql::RULE,
    &promql::invalid_variable_query::RULE,
    &promql::invalid_logql::RULE,
    &variables::undefined_variable::RULE,
    &variables::multi_value_with_equals::RULE,
    &variables::invalid_variable_regex::RULE,
    &variables::unused_variable::RULE,
    &variables::variable_in_alert::RULE,
    &variables::repeat_without_multi::RULE,
    &alerting::missing_runbook::RULE,
    &alerting::invalid_runbook_url::RULE,
    &units::unknown_unit::RULE,
    &units::percent_range::RULE,
    &accessibility::color_only_status::RULE,
    &accessibility::unknown_color::RULE,
    &cost::no_metric_name::RULE,
    &cost::noop_matcher::RULE,
    &cost::refresh_too_fast::RULE,
    &dashboard::legend_label_not_in_result::RULE,
    &dashboard::legend_syntax::RULE,
    &meta::INVALID_CONFIG,
    &meta::UNUSED_IGNORE,
    &meta::EXPIRED_IGNORE,
    &meta::IGNORE_WITHOUT_REASON,
    &meta::INVALID_SUPPRESSION,
    &meta::UNUSED_SUPPRESSION,
    &meta::EXPIRED_SUPPRESSION,
    &meta::SUPPRESSION_WITHOUT_REASON,
    &thresholds::thresholds_out_of_order::RULE,
    &thresholds::default_thresholds_left::RULE,
    &thresholds::duplicate_threshold_value::RULE,
    &thresholds::empty_threshold_steps::RULE,
    &thresholds::gauge_without_range::RULE,
    &thresholds::mapping_range_reversed::RULE,
    &thresholds::min_above_max::RULE,
    &thresholds::overlapping_mappings::RULE,
    &thresholds::threshold_direction::RULE,
    &thresholds::threshold_outside_min_max::RULE,
    &thresholds::threshold_percentage_out_of_range::RULE,
    &thresholds::threshold_without_value::RULE,
    &thresholds::thresholds_without_effect::RULE,
    &thresholds::unreachable_mapping::RULE,
];

/// The rule called `id`.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// A finding on a file that cannot be read.
pub(crate) fn unreadable(
    file: &std::sync::Arc<str>,
    message: &str,
    settings: &crate::config::Settings,
) -> Option<crate::diagnostic::Diagnostic> {
    use crate::diagnostic::{Diagnostic, Location, Range, fingerprint};
    use crate::source::Position;
    const FIRST: Position = Position {
        line: 1,
        column: 1,
        offset: 0,
    };
    let rule = &syntax::UNREADABLE_FILE;
    let severity = settings.level(rule, file)?;
    Some(Diagnostic {
        rule: rule.id.into(),
        group: rule.group,
        severity,
        message: format!("the file cannot be read: {message}"),
        label: None,
        help: None,
        location: Location {
            file: file.clone(),
            range: Range {
                start: FIRST,
                end: FIRST,
            },
            document: 0,
            pointer: String::new(),
            inner: None,
            snippet: None,
        },
        trail: Vec::new(),
        related: Vec::new(),
        fix: None,
        suppressed: None,
        fingerprint: fingerprint([rule.id, file]),
    })
}
