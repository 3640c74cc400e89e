//! Histograms that are summed by many labels.

use std::borrow::Cow;

use crate::diagnostic::{Group, Severity};
use crate::model::{Host, Query};
use crate::promql::ast::{ExprKind, MatchOp, Matcher};
use crate::rules::{Check, Context, OptionDefault, OptionSpec, OptionValue, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "bucket-many-by",
    group: Group::Cost,
    severity: Severity::Info,
    summary: "histogram summed by three labels and more",
    since: "0.1.0",
    fix: None,
    options: &[OptionSpec {
        name: "labels",
        default: OptionDefault::Int(3),
        doc: "From how many labels on, besides `le` and those of which one value is chosen.",
    }],
    page: include_str!("../../../rules/cost/bucket-many-by.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    // A record keeps the labels that others may ask for.
    let panel = matches!(query.host, Host::Panel(_));
    if !panel || !query.language.is_promql() || !query.text().contains("histogram_quantile") {
        return;
    }
    let parsed = query.parsed();
    let OptionValue::Int(most) = cx.option("labels") else {
        return;
    };
    if !parsed.errors.is_empty() {
        return;
    }
    // One value makes no more lines.
    let mut chosen: Option<Vec<Cow<'_, str>>> = None;
    for (_, _, call) in parsed.calls() {
        if parsed.call_name(call) != "histogram_quantile" {
            continue;
        }
        let Some(&buckets) = parsed.ast.args(call).get(1) else {
            continue;
        };
        let ExprKind::Aggregate(sum) = &parsed.ast.expr(parsed.ast.unparen(buckets)).kind else {
            continue;
        };
        let Some(grouping) = sum.grouping.filter(|grouping| !grouping.without) else {
            continue;
        };
        let chosen = chosen.get_or_insert_with(|| {
            let equal = |matcher: &&Matcher| matcher.op == MatchOp::Equal;
            let matchers = parsed.matchers().map(|(_, matcher)| matcher).filter(equal);
            matchers
                .map(|matcher| parsed.label(&matcher.label))
                .collect()
        });
        let labels = parsed.ast.labels(&grouping.list).iter();
        let others: Vec<_> = labels
            .map(|label| parsed.label(label))
            .filter(|label| label != "le" && !chosen.contains(label))
            .collect();
        if (others.len() as i64) < most {
            continue;
        }
        let _ = cx
            .report(
                Place::query(query, grouping.list.span),
                format!(
                    "one quantile, of all its buckets, for every combination of {}: few people can tell so many lines apart",
                    others.join(", ")
                ),
            )
            .help("keep the labels that are looked at, and choose the others with variables");
    }
}
