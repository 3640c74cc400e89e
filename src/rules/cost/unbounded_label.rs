//! Results with one series for every user, request or message.

use crate::cost::UNBOUNDED_LABELS;
use crate::diagnostic::{Group, Severity};
use crate::model::{Host, Language, Query};
use crate::promql::ast::{AggregateOp, ExprKind, MatchOp};
use crate::promql::variable_query::variable_query;
use crate::promql::{ExprId, Parsed};
use crate::rules::{Check, Context, OptionDefault, OptionSpec, OptionValue, Place, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "unbounded-label",
    group: Group::Cost,
    severity: Severity::Warning,
    summary: "one series, or one choice, for every user, request or message",
    since: "0.1.0",
    fix: None,
    options: &[OptionSpec {
        name: "labels",
        default: OptionDefault::List(&[]),
        doc: "More labels of that kind.",
    }],
    page: include_str!("../../../rules/cost/unbounded-label.md"),
    check: Check::Query(check),
};

/// So many of the largest are a list people read.
const A_LIST: f64 = 20.0;

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    let own = match cx.option("labels") {
        OptionValue::List(labels) => labels,
        _ => Vec::new(),
    };
    let unbounded = |label: &str| {
        UNBOUNDED_LABELS.binary_search(&label).is_ok() || own.iter().any(|own| own == label)
    };
    if query.language == Language::PromVariable {
        choice(query, &unbounded, cx);
    } else if query.language.is_promql()
        && query.parsed().errors.is_empty()
        && !grouping(query, &unbounded, cx)
    {
        legend(query, &unbounded, cx);
    }
}

/// `sum by (user_id) (…)`. Whether there is any.
fn grouping<'t>(
    query: &Query<'t>,
    unbounded: &dyn Fn(&str) -> bool,
    cx: &mut Context<'_, 't>,
) -> bool {
    let parsed = query.parsed();
    let mut found = false;
    for (id, _, aggregate) in parsed.aggregations() {
        let Some(grouping) = aggregate.grouping.filter(|grouping| !grouping.without) else {
            continue;
        };
        let labels = parsed.ast.labels(&grouping.list);
        let Some(label) = labels.iter().find(|label| {
            let name = parsed.label(label);
            unbounded(&name) && !is_chosen(parsed, &name)
        }) else {
            continue;
        };
        let name = parsed.label(label);
        found = true;
        let bounded = bounded(parsed, id);
        let (outcome, help) = match bounded {
            true => (
                "every evaluation goes through all of them",
                "have a recording rule keep the result where it is asked for often",
            ),
            false => (
                "the result grows without end",
                "aggregate it away, count its values, or take the largest with `topk`",
            ),
        };
        let finding = cx
            .report(
                Place::query(query, label.span),
                format!("`{name}` has a value for each one there ever was: {outcome}"),
            )
            .help(help);
        // A record keeps what a panel only shows.
        let shown = matches!(query.host, Host::Panel(_));
        if shown && (query.is_instant() || bounded) {
            let _ = finding.lower(Severity::Info);
        }
    }
    found
}

/// Whether a matcher chooses one value of a label.
fn is_chosen(parsed: &Parsed, label: &str) -> bool {
    parsed
        .matchers()
        .any(|(_, matcher)| matcher.op == MatchOp::Equal && parsed.label(&matcher.label) == label)
}

/// `{{trace_id}}` in the legend of a graph: the result is meant to have it.
fn legend<'t>(query: &Query<'t>, unbounded: &dyn Fn(&str) -> bool, cx: &mut Context<'_, 't>) {
    if query.is_instant() {
        return;
    }
    let Some(node) = query.node.get("legendFormat") else {
        return;
    };
    let Some(text) = node.as_str().filter(|text| text.contains("{{")) else {
        return;
    };
    let named = text.match_indices("{{").find_map(|(open, _)| {
        let start = open + 2;
        let inside = text.get(start..)?.split("}}").next()?;
        unbounded(inside.trim()).then(|| (Span::new(start, start + inside.len()), inside.trim()))
    });
    let Some((span, label)) = named else { return };
    let parsed = query.parsed();
    let kept = parsed.root.is_some_and(|root| {
        query.flow(cx.project).can(root, label)
            && !bounded_at(parsed, root)
            && !is_chosen(parsed, label)
    });
    if kept {
        let _ = cx
            .report(
                Place::text(node, span),
                format!(
                    "the graph draws a line for each `{label}` there ever was: it grows without end"
                ),
            )
            .help("aggregate it away, count its values, or take the largest with `topk`")
            .lower(Severity::Info);
    }
}

/// Whether what is around an expression leaves only a few series of it, or none with its labels.
fn bounded(parsed: &Parsed, id: ExprId) -> bool {
    let parents = parsed.ast.parents();
    parents
        .ancestors(id)
        .any(|id| match &parsed.ast.expr(id).kind {
            ExprKind::Aggregate(outer) if outer.op.keeps_series() => bounded_at(parsed, id),
            ExprKind::Aggregate(_) => true,
            _ => false,
        })
}

/// Whether an expression is a short list: `topk(10, …)`.
fn bounded_at(parsed: &Parsed, id: ExprId) -> bool {
    let ExprKind::Aggregate(outer) = &parsed.ast.expr(parsed.ast.unparen(id)).kind else {
        return false;
    };
    let chooses = matches!(
        outer.op,
        AggregateOp::Topk | AggregateOp::Bottomk | AggregateOp::Limitk
    );
    let number = outer.param.map(|param| &parsed.ast.expr(param).kind);
    chooses
        && match number {
            Some(ExprKind::Number(number)) => number.value <= A_LIST,
            Some(ExprKind::Hole(_)) => true,
            _ => false,
        }
}

/// `label_values(metric, user_id)`.
fn choice<'t>(query: &Query<'t>, unbounded: &dyn Fn(&str) -> bool, cx: &mut Context<'_, 't>) {
    let asked = variable_query(query.text());
    let Some(span) = asked.label else { return };
    let label = query.text().get(span.range()).unwrap_or_default();
    if !unbounded(label.trim()) {
        return;
    }
    let _ = cx
        .report(
            Place::query(query, span),
            format!("the variable offers every `{label}` there ever was: the list takes long to load and nobody can search it"),
        )
        .help("offer a label with few values, or a text box");
}
