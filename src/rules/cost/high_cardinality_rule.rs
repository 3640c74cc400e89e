//! Rules that make very many series or alerts.

use crate::cost::{Evaluation, LIMIT_RECORDED_LINES, UNBOUNDED_LABELS, in_words, query_cost};
use crate::diagnostic::{Group, Severity};
use crate::model::{Host, Query, Rule as PrometheusRule, RuleKind};
use crate::rules::{Check, Context, OptionDefault, OptionSpec, OptionValue, Place, Rule, Scope};

pub(crate) const RULE: Rule = Rule {
    id: "high-cardinality-rule",
    group: Group::Cost,
    severity: Severity::Warning,
    summary: "rule that makes very many series or alerts",
    since: "0.1.0",
    fix: None,
    options: &[OptionSpec {
        name: "series",
        default: OptionDefault::Float(LIMIT_RECORDED_LINES.info),
        doc: "Above how many series that a rule records.",
    }],
    page: include_str!("../../../rules/cost/high-cardinality-rule.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    let (Scope::Rules(rules), Host::Rule(at)) = (cx.scope, query.host) else {
        return;
    };
    let Some(rule) = rules.rules.get(at) else {
        return;
    };
    if !query.language.is_promql() || !query.parsed().errors.is_empty() {
        return;
    }
    if !unbounded(query, *rule, cx) && rule.kind == RuleKind::Record {
        many_series(query, cx);
    }
}

/// A label with a value for every user or request that the result keeps, because nothing aggregates it away. What `by` names is
/// `unbounded-label`'s.
fn unbounded<'t>(query: &Query<'t>, rule: PrometheusRule<'t>, cx: &mut Context<'_, 't>) -> bool {
    let parsed = query.parsed();
    let Some(root) = parsed.root else {
        return false;
    };
    let grouped = parsed.aggregations().any(|(_, _, aggregate)| {
        let grouping = aggregate.grouping.filter(|grouping| !grouping.without);
        grouping.is_some_and(|grouping| {
            let labels = parsed.ast.labels(&grouping.list).iter();
            labels
                .map(|label| parsed.label(label))
                .any(|label| UNBOUNDED_LABELS.binary_search(&label.as_ref()).is_ok())
        })
    });
    if grouped {
        return false;
    }
    let kept = parsed.matchers().find(|(_, matcher)| {
        let label = parsed.label(&matcher.label);
        UNBOUNDED_LABELS.binary_search(&label.as_ref()).is_ok()
            && matcher.op != crate::promql::ast::MatchOp::Equal
            && query.flow(cx.project).must(root, &label)
    });
    let Some((_, matcher)) = kept else {
        return false;
    };
    let label = parsed.label(&matcher.label);
    let what = match rule.kind {
        RuleKind::Record => "a recorded series",
        _ => "an alert",
    };
    let _ = cx
        .report(
            Place::query(query, matcher.span),
            format!("the result keeps `{label}`: there is {what} for each one there ever was"),
        )
        .help(format!("aggregate it away: `sum without ({label}) (…)`"));
    true
}

/// A record of very many series.
fn many_series<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    let OptionValue::Float(most) = cx.option("series") else {
        return;
    };
    // Where nobody counted the series, only what keeps all of them is known to keep many.
    let counted = !cx.settings.series.is_empty();
    if !counted && query.parsed().aggregations().next().is_some() {
        return;
    }
    let cost = query_cost(query.parsed(), &Evaluation::INSTANT, &cx.settings.series);
    if cost.lines <= most {
        return;
    }
    let Some(root) = query.parsed().root() else {
        return;
    };
    let finding = cx
        .report(
            Place::query(query, root.span),
            format!(
                "this records about {} series: the server keeps them all a second time",
                in_words(cost.lines)
            ),
        )
        .help("aggregate away the labels that nobody reads the record by");
    if !counted {
        let _ = finding.lower(Severity::Info);
    }
}
