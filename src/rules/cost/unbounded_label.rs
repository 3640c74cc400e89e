//! Results with one series for every user, request or message.

use crate::cost::UNBOUNDED_LABELS;
use crate::diagnostic::{Group, Severity};
use crate::model::{Host, Language, Query};
use crate::promql::ast::{AggregateOp, ExprKind};
use crate::promql::variable_query::variable_query;
use crate::promql::{ExprId, Parsed};
use crate::rules::{Check, Context, OptionDefault, OptionSpec, OptionValue, Place, Rule};

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
    } else if query.language.is_promql() && query.parsed().errors.is_empty() {
        grouping(query, &unbounded, cx);
    }
}

/// `sum by (user_id) (…)`.
fn grouping<'t>(query: &Query<'t>, unbounded: &dyn Fn(&str) -> bool, cx: &mut Context<'_, 't>) {
    let parsed = query.parsed();
    for (id, _, aggregate) in parsed.aggregations() {
        let Some(grouping) = aggregate.grouping.filter(|grouping| !grouping.without) else {
            continue;
        };
        let labels = parsed.ast.labels(&grouping.list);
        let Some(label) = labels.iter().find(|label| unbounded(&parsed.label(label))) else {
            continue;
        };
        let name = parsed.label(label);
        let finding = cx
            .report(
                Place::query(query, label.span),
                format!(
                    "`{name}` has a value for each one there ever was: the result grows without end"
                ),
            )
            .help("aggregate it away, count its values, or take the largest with `topk`");
        // A record keeps what a panel only shows.
        let shown = matches!(query.host, Host::Panel(_));
        if shown && (query.is_instant() || bounded(parsed, id)) {
            let _ = finding.lower(Severity::Info);
        }
    }
}

/// Whether what is around an expression leaves only a few series of it, or none with its labels.
fn bounded(parsed: &Parsed, id: ExprId) -> bool {
    let parents = parsed.ast.parents();
    parents
        .ancestors(id)
        .any(|id| match &parsed.ast.expr(id).kind {
            ExprKind::Aggregate(outer) => match outer.op {
                AggregateOp::Topk | AggregateOp::Bottomk | AggregateOp::Limitk => outer
                    .param
                    .is_some_and(|param| match &parsed.ast.expr(param).kind {
                        ExprKind::Number(number) => number.value <= A_LIST,
                        ExprKind::Hole(_) => true,
                        _ => false,
                    }),
                _ => !outer.op.keeps_series(),
            },
            _ => false,
        })
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
