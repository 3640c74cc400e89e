//! Rules that do the same twice, and alerts that get in each other's way.

use std::fmt::Write;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Group, Severity};
use crate::model::{Host, Query, Rule as RuleView, RuleFile, RuleKind};
use crate::promql::ast::{ExprKind, MatchOp};
use crate::rules::trail::Whole;
use crate::rules::{Check, Context, Place, Rule, Scope};
use crate::span::Span;
use crate::syntax::NodeRef;

pub(crate) const DUPLICATE: Rule = Rule {
    id: "duplicate-rule",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "the same rule twice in one file",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/duplicate-rule.md"),
    check: Check::Document(check),
};

pub(crate) const OVERLAPPING: Rule = Rule {
    id: "overlapping-alerts",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "two alerts of one name and labels for the same series",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/overlapping-alerts.md"),
    check: Check::EmittedBy("duplicate-rule"),
};

/// How many rules of one name and labels are compared with each other.
const MOST_COMPARED: usize = 50;

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Rules(rules) = cx.scope else {
        return;
    };
    let mut same: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (index, rule) in rules.rules.iter().enumerate() {
        if let Some(identity) = identity(rules, rule) {
            same.entry(identity).or_default().push(index);
        }
    }
    let mut groups: Vec<Vec<usize>> = same.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable();
    for group in groups {
        compare(cx, rules, &group);
    }
}

/// What Prometheus and Alertmanager know a rule's results by: its name and labels.
fn identity(rules: &RuleFile<'_>, rule: &RuleView<'_>) -> Option<String> {
    let kind = match rule.kind {
        RuleKind::Alert => "alert",
        RuleKind::Record => "record",
        RuleKind::Unclear => return None,
    };
    let mut identity = format!("{kind} {}", rule.name()?);
    let group = rules.groups.get(rule.group)?;
    let mut labels: Vec<_> = [group.node, rule.node]
        .into_iter()
        .filter_map(|node| node.get("labels"))
        .flat_map(NodeRef::members)
        .filter_map(|label| Some((label.key()?, label.as_text()?.value)))
        .collect();
    labels.sort();
    for (key, value) in labels {
        let _ = write!(identity, "\u{0}{key}\u{0}{value}");
    }
    Some(identity)
}

fn compare<'t>(cx: &mut Context<'_, 't>, rules: &RuleFile<'t>, group: &[usize]) {
    let queries: Vec<(usize, &Query<'t>, String)> = group
        .iter()
        .take(MOST_COMPARED)
        .filter_map(|&index| {
            let query = rules
                .queries
                .iter()
                .find(|query| query.host == Host::Rule(index))?;
            Some((index, query, squeezed(query.text())))
        })
        .collect();
    for (at, (index, query, text)) in queries.iter().enumerate() {
        let earlier = queries.get(..at).unwrap_or(&[]);
        let Some(rule) = rules.rules.get(*index) else {
            continue;
        };
        let place = rule
            .name_node()
            .map_or_else(|| Place::head(rule.node), Place::value);
        let steps = || Context::rule_steps(rules, *index);
        // Whichever group comes second.
        let known = || rule.name().unwrap_or_default().into_owned();
        let first = |other: &usize| rules.rules.get(*other).map(|rule| Place::head(rule.node));
        if let Some((other, ..)) = earlier.iter().find(|(_, _, other)| other == text) {
            let what = match rule.kind {
                RuleKind::Record => {
                    "the same series are recorded a second time: the work is done twice, and where the two times differ samples are dropped"
                }
                _ => {
                    "the same alert stands here a second time: whoever changes one of the two is surprised by the other"
                }
            };
            let finding = cx
                .report_as(&DUPLICATE, place, what)
                .at(steps())
                .known_in(Whole::File, known())
                .help("delete one of the two");
            if let Some(first) = first(other) {
                let _ = finding.related(first, "the first one");
            }
            continue;
        }
        if rule.kind != RuleKind::Alert {
            continue;
        }
        let Some((other, ..)) = earlier.iter().find(|(_, other, _)| overlap(query, other)) else {
            continue;
        };
        let finding = cx
            .report_as(
                &OVERLAPPING,
                place,
                "another alert of this name and with these labels fires for the same series: Alertmanager takes the two for one, and one may resolve the other",
            )
            .at(steps())
            .help("give them different names or severities");
        if let Some(first) = first(other) {
            let _ = finding.related(first, "the other one");
        }
    }
}

/// A query without white space.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Whether two queries certainly may select the same series: they differ in numbers only, and in matchers of which no two
/// exclude each other.
fn overlap(a: &Query<'_>, b: &Query<'_>) -> bool {
    let readable = |query: &Query<'_>| {
        query.language.is_promql() && query.parsed().is_valid() && query.parsed().holes.is_empty()
    };
    if !readable(a) || !readable(b) || skeleton(a) != skeleton(b) {
        return false;
    }
    let (left, right) = (a.parsed(), b.parsed());
    left.selectors()
        .zip(right.selectors())
        .all(|((_, _, one), (_, _, other))| {
            let (ones, others) = (left.ast.matchers(one), right.ast.matchers(other));
            ones.iter().all(|one| {
                others.iter().all(|other| {
                    let label = left.label(&one.label) == right.label(&other.label);
                    let value = left.string(&one.value) == right.string(&other.value);
                    let equal = one.op == MatchOp::Equal || other.op == MatchOp::Equal;
                    // What two different patterns have in common is not looked into.
                    !label
                        || (one.op == other.op && value)
                        || (!equal && !one.op.is_regex() && !other.op.is_regex())
                })
            })
        })
}

/// A query's text without white space, numbers and matchers.
fn skeleton(query: &Query<'_>) -> String {
    let parsed = query.parsed();
    let mut cut: Vec<(Span, &str)> = parsed
        .ast
        .exprs()
        .filter_map(|(_, expr)| match &expr.kind {
            ExprKind::Number(_) => Some((expr.span, "#")),
            ExprKind::Selector(selector) => selector.braces.map(|braces| (braces, "")),
            _ => None,
        })
        .collect();
    cut.sort();
    let text = query.text();
    let mut kept = String::new();
    let mut from = 0;
    for (span, instead) in cut {
        kept.push_str(text.get(from..span.start as usize).unwrap_or(""));
        kept.push_str(instead);
        from = span.end as usize;
    }
    kept.push_str(text.get(from..).unwrap_or(""));
    squeezed(&kept)
}
