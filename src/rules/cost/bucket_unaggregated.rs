//! Quantiles of every single series of a histogram.

use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Host, Query};
use crate::promql::ast::{ExprKind, MatchOp};
use crate::promql::{ExprId, Parsed, Selector};
use crate::rules::dashboard::legend::{legend, placeholders};
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "bucket-unaggregated",
    group: Group::Cost,
    severity: Severity::Info,
    summary: "quantile of every single series of a histogram",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/cost/bucket-unaggregated.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    // An alert on every single instance is meant so.
    let panel = matches!(query.host, Host::Panel(_));
    if !panel || !query.language.is_promql() || !query.text().contains("_bucket") {
        return;
    }
    let parsed = query.parsed();
    if !parsed.errors.is_empty() {
        return;
    }
    for (_, expr, call) in parsed.calls() {
        if parsed.call_name(call) != "histogram_quantile" {
            continue;
        }
        let Some(&buckets) = parsed.ast.args(call).get(1) else {
            continue;
        };
        let Some(selector) = rated(parsed, buckets) else {
            continue;
        };
        let name = parsed.metric_name(selector).map(|(name, _)| name);
        // Two labels of one value each leave little to aggregate.
        let chosen = parsed.ast.matchers(selector).iter();
        let chosen = chosen
            .filter(|matcher| matcher.op == MatchOp::Equal)
            .count();
        let Some(name) = name.filter(|name| name.ends_with("_bucket") && chosen < 2) else {
            continue;
        };
        let inner = parsed.ast.expr(buckets).span;
        let labels = labels(query);
        let edits = [
            query.text_node.encode_str(
                Span::new(inner.start as usize, inner.start as usize),
                &format!("sum by ({labels}) ("),
            ),
            query
                .text_node
                .encode_str(Span::new(inner.end as usize, inner.end as usize), ")"),
        ];
        let _ = cx
            .report(
                Place::query(query, expr.span),
                format!("one quantile for each series of `{name}`, none of all of them together"),
            )
            .help("sum the buckets first, by `le` and the labels you want a line for")
            .fix(
                format!("sum by `{labels}`"),
                Safety::Unsafe,
                edits.into_iter().collect(),
            );
    }
}

/// `le`, and what the legend calls a line by.
fn labels(query: &Query<'_>) -> String {
    let mut labels = vec!["le".to_owned()];
    if let Some((_, text)) = legend(query) {
        for (_, label) in placeholders(&text).0 {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let new = !labels.iter().any(|known| known == label);
            if new && !label.is_empty() && label.chars().all(plain) {
                labels.push(label.to_owned());
            }
        }
    }
    labels.join(", ")
}

/// The selector in `rate(x_bucket[5m])`, where there is nothing else.
fn rated(parsed: &Parsed, mut id: ExprId) -> Option<&Selector> {
    loop {
        match &parsed.ast.expr(id).kind {
            ExprKind::Paren(inner) => id = *inner,
            ExprKind::Call(call)
                if matches!(parsed.call_name(call), "rate" | "increase" | "irate") =>
            {
                id = parsed.ast.args(call).first().copied()?;
            }
            ExprKind::Selector(selector) => return (!selector.open).then_some(selector),
            _ => return None,
        }
    }
}
