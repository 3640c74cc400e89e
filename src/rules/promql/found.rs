//! What the rules of this group share: a look at every query that parses, and one finding for one cause.

use std::borrow::Cow;

use crate::diagnostic::{Location, Safety, Severity};
use crate::model::{Host, Query, RuleKind};
use crate::project::Project;
use crate::promql::ast::{Binary, BinaryOp, ExprId, ExprKind};
use crate::promql::{MetricKind, Parsed};
use crate::rules::{Context, Place, Scope};
use crate::span::Span;

/// Something found in a query.
pub(in crate::rules) struct Found<'q, 't> {
    query: &'q Query<'t>,
    span: Span,
    message: String,
    help: String,
    note: Option<(Span, String)>,
    defined: Option<Location>,
    also: String,
    cause: Option<String>,
    lower: Option<Severity>,
    fix: Option<Repair>,
}

/// Replacements of bytes of a query.
struct Repair {
    title: &'static str,
    safety: Safety,
    edits: Vec<(Span, String)>,
}

impl<'q, 't> Found<'q, 't> {
    pub(in crate::rules) fn new(
        query: &'q Query<'t>,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Found {
            query,
            span,
            message: message.into(),
            help: help.into(),
            note: None,
            defined: None,
            also: "the same here".to_owned(),
            cause: None,
            lower: None,
            fix: None,
        }
    }

    /// A second place in the same query.
    pub(in crate::rules) fn note(mut self, span: Span, words: impl Into<String>) -> Self {
        self.note = Some((span, words.into()));
        self
    }

    /// The place where a rule records `metric`, if that is known.
    pub(super) fn defined(mut self, project: &Project, metric: &str) -> Self {
        self.defined = project.definitions().location(metric).cloned();
        self
    }

    /// The finding rests on labels that the rule which records `metric` does not keep. On the way to a dashboard labels may be
    /// added (`external_labels`, Prometheus documentation, "Configuration"), so there it is but a hint.
    pub(super) fn by_definition(self, cx: &Context<'_, '_>, metric: &str) -> Self {
        let found = self.defined(cx.project, metric);
        match cx.dashboard() {
            Some(_) => found.lower(Severity::Info),
            None => found,
        }
    }

    /// What to say of this place where another one of the same cause has the finding.
    pub(in crate::rules) fn also(mut self, words: impl Into<String>) -> Self {
        self.also = words.into();
        self
    }

    /// What those of one cause have in common, where it is not their words.
    pub(super) fn cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Lowers the severity.
    pub(in crate::rules) fn lower(mut self, to: Severity) -> Self {
        self.lower = Some(to);
        self
    }

    /// A repair: replacements of bytes of the query.
    pub(in crate::rules) fn fix(
        mut self,
        title: &'static str,
        safety: Safety,
        edits: Vec<(Span, String)>,
    ) -> Self {
        self.fix = Some(Repair {
            title,
            safety,
            edits,
        });
        self
    }
}

/// Looks at every query in PromQL that parses. In a dashboard, what has the same words is one fault in many places.
pub(in crate::rules) fn check_queries<'s, 't>(
    cx: &mut Context<'s, 't>,
    find: impl Fn(&Context<'s, 't>, &'s Query<'t>, &'s Parsed, &mut Vec<Found<'s, 't>>),
) {
    let mut found = Vec::new();
    for query in cx.queries() {
        if query.language.is_promql() && query.parsed().errors.is_empty() {
            find(cx, query, query.parsed(), &mut found);
        }
    }
    let dashboard = cx.dashboard().is_some();
    for one in found {
        report(cx, one, dashboard);
    }
}

fn report<'s, 't>(cx: &mut Context<'s, 't>, one: Found<'s, 't>, dashboard: bool) {
    let steps = Context::query_steps(cx.scope, one.query);
    let mut finding = cx
        .report(Place::query(one.query, one.span), one.message)
        .at(steps)
        .help(one.help);
    if let Some(severity) = one.lower {
        finding = finding.lower(severity);
    }
    if let Some((span, words)) = one.note {
        finding = finding.related(Place::query(one.query, span), words);
    }
    if let Some(location) = one.defined {
        finding = finding.related_at(location, "recorded here");
    }
    if dashboard {
        finding = match one.cause {
            Some(cause) => finding.together_by(&cause, one.also),
            None => finding.together(one.also),
        };
    }
    if let Some(repair) = one.fix {
        let node = one.query.text_node;
        let edits = repair
            .edits
            .iter()
            .map(|(span, text)| node.encode_str(*span, text))
            .collect();
        let _ = finding.fix(repair.title, repair.safety, edits);
    }
}

/// The operation that decides whether a series of the query is returned: the outermost one, on the left side of `and` and
/// `unless`.
pub(in crate::rules) fn condition(parsed: &Parsed) -> Option<&Binary> {
    let mut id = parsed.root?;
    loop {
        match &parsed.ast.expr(parsed.ast.unparen(id)).kind {
            ExprKind::Binary(Binary {
                op: BinaryOp::And | BinaryOp::Unless,
                lhs,
                ..
            }) => id = *lhs,
            ExprKind::Binary(binary) => return Some(binary),
            _ => return None,
        }
    }
}

/// The expressions whose series an alert fires for: whatever is compared, on the left side of `and` and `unless`, on both
/// sides of `or`. Each with the comparison, if there is one.
pub(super) fn alerted(parsed: &Parsed) -> Vec<(ExprId, Option<&Binary>)> {
    let mut found = Vec::new();
    let mut open: Vec<ExprId> = parsed.root.into_iter().collect();
    while let Some(id) = open.pop() {
        let id = parsed.ast.unparen(id);
        match &parsed.ast.expr(id).kind {
            ExprKind::Binary(binary) => match binary.op {
                BinaryOp::And | BinaryOp::Unless => open.push(binary.lhs),
                BinaryOp::Or => open.extend([binary.rhs, binary.lhs]),
                op if op.is_comparison() => found.push((binary.lhs, Some(binary))),
                _ => found.push((id, None)),
            },
            _ => found.push((id, None)),
        }
    }
    found
}

/// Whether the query decides about an alert.
pub(in crate::rules) fn in_alert(cx: &Context<'_, '_>, query: &Query<'_>) -> bool {
    match query.host {
        Host::AlertRule(_) => true,
        Host::Rule(_) => in_prometheus_alert(cx, query),
        _ => false,
    }
}

/// Whether the query is the expression of an alert in Prometheus rules: every series it returns fires.
pub(in crate::rules) fn in_prometheus_alert(cx: &Context<'_, '_>, query: &Query<'_>) -> bool {
    match (query.host, cx.scope) {
        (Host::Rule(at), Scope::Rules(rules)) => rules
            .rules
            .get(at)
            .is_some_and(|rule| rule.kind == RuleKind::Alert),
        _ => false,
    }
}

/// What a metric counts: as the configuration or the inventory says, else by its name.
pub(super) fn kind(cx: &Context<'_, '_>, metric: &str) -> Option<MetricKind> {
    cx.settings.metric_kind(metric)
}

/// The metrics directly under `rate`, `irate` and `increase`, each with the function.
pub(super) fn ranged_metrics(parsed: &Parsed) -> impl Iterator<Item = (&str, Cow<'_, str>, Span)> {
    parsed.calls().filter_map(|(_, _, call)| {
        let function = parsed.call_name(call);
        if !matches!(function, "rate" | "irate" | "increase") {
            return None;
        }
        let series = *parsed.ast.args(call).first()?;
        let ExprKind::Selector(selector) = &parsed.ast.expr(series).kind else {
            return None;
        };
        let (name, span) = parsed.metric_name(selector)?;
        Some((function, name, span))
    })
}
