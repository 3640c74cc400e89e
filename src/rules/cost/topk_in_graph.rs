//! `topk` over time.

use super::repeated::{self, Hit};
use crate::diagnostic::{Group, Severity};
use crate::model::Query;
use crate::promql::ast::{AggregateOp, ExprKind};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "topk-in-graph",
    group: Group::Cost,
    severity: Severity::Warning,
    summary: "`topk` drawn over time",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/cost/topk-in-graph.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let hits: Vec<Hit<'_, '_>> = cx
        .queries()
        .iter()
        .filter_map(|query| chosen(query, cx))
        .collect();
    let help = "make the query instant (a table, a bar gauge), or choose the series over the whole time: `x and topk(5, avg_over_time(x[$__range] @ end()))`";
    repeated::report(&hits, help, "here too", cx);
}

/// `topk` as the outermost operation of a query that is drawn over time.
fn chosen<'q, 't>(query: &'q Query<'t>, cx: &Context<'_, 't>) -> Option<Hit<'q, 't>> {
    if !query.language.is_promql() || query.is_instant() {
        return None;
    }
    let panel = cx.panel_of(query)?;
    if !matches!(panel.kind().as_ref(), "timeseries" | "graph") {
        return None;
    }
    let parsed = query.parsed();
    let mut id = parsed.root.filter(|_| parsed.errors.is_empty())?;
    while let ExprKind::Paren(inner) = &parsed.ast.expr(id).kind {
        id = *inner;
    }
    let expr = parsed.ast.expr(id);
    let ExprKind::Aggregate(aggregate) = &expr.kind else {
        return None;
    };
    if !matches!(aggregate.op, AggregateOp::Topk | AggregateOp::Bottomk) {
        return None;
    }
    // A variable often stands for "all of them".
    let fixed = matches!(parsed.ast.expr(aggregate.param?).kind, ExprKind::Number(_));
    let op = aggregate.op.as_str();
    fixed.then(|| Hit {
        query,
        span: expr.span,
        message: format!(
            "`{op}` chooses anew at every point: the graph can show many more series than that, with gaps"
        ),
    })
}
