//! Labels that a template asks for and no alert has.

use rustc_hash::FxHashSet;

use super::templates::Expanded;
use crate::diagnostic::{Group, Severity};
use crate::model::Query;
use crate::promql::Parsed;
use crate::promql::ast::{Binary, BinaryOp, ExprId, ExprKind, ValueType};
use crate::promql::flow::{Removal, RemovedBy, Returns};
use crate::rules::{Alert, Check, Context, Place, Rule};
use crate::template::{Lookup, Role, Shape};

pub(crate) const RULE: Rule = Rule {
    id: "alert-label-not-in-result",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "template asks for a label that the alert's query cannot return",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/alert-label-not-in-result.md"),
    check: Check::EmittedBy("invalid-alert-template"),
};

/// Labels Grafana adds to those of the result: Grafana 12.1, pkg/services/ngalert/state/cache.go, `extraLabels`.
const GRAFANAS: [&str; 2] = ["alertname", "grafana_folder"];

pub(super) fn look<'s, 't>(cx: &mut Context<'s, 't>, expanded: &Expanded<'_, 's, 't>) {
    let seen = expanded.seen;
    let mut roots = Vec::new();
    for query in seen.queries {
        match query.parsed().root {
            Some(root) if query.language.is_promql() && query.parsed().is_valid() => {
                roots.push((query, root));
            }
            _ => return,
        }
    }
    // What never returns anything is told as such.
    roots.retain(|(query, root)| query.flow(cx.project).returns(*root) != Returns::Never);
    // A Grafana rule may ask other data sources too.
    if roots.is_empty() || asks_others(seen.alert, roots.len()) {
        return;
    }
    let lookups = expanded.template.lookups();
    let labels = || lookups.iter().filter(|lookup| lookup.map == Shape::Labels);
    // Who asks whether a label is there knows that it may not be.
    let asked: FxHashSet<&str> = labels()
        .filter(|lookup| lookup.role == Role::Condition)
        .map(|lookup| &*lookup.key)
        .collect();
    let mut told: FxHashSet<&str> = FxHashSet::default();
    for lookup in labels() {
        let key: &str = &lookup.key;
        let grafana = matches!(seen.alert, Alert::Grafana(_)) && GRAFANAS.contains(&key);
        if told.contains(key) || grafana || asked.contains(key) {
            continue;
        }
        let Some(lost) = lost(cx, &roots, key) else {
            if let [(query, root)] = roots.as_slice()
                && let Some(side) = side_without(cx, query, *root, key)
            {
                told.insert(key);
                report_side(cx, expanded, lookup, query, side);
            }
            continue;
        };
        told.insert(key);
        report(cx, expanded, lookup, &roots, lost);
    }
}

/// A side of an outermost `or` that cannot have a label which the other one may have.
fn side_without(
    cx: &Context<'_, '_>,
    query: &Query<'_>,
    root: ExprId,
    label: &str,
) -> Option<ExprId> {
    let (parsed, flow) = (query.parsed(), query.flow(cx.project));
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        match &parsed.ast.expr(parsed.ast.unparen(id)).kind {
            ExprKind::Binary(binary) if binary.op == BinaryOp::Or => {
                open.extend([binary.rhs, binary.lhs]);
            }
            _ if !flow.can(id, label) && flow.returns(id) != Returns::Never => return Some(id),
            _ => {}
        }
    }
    None
}

fn report_side<'s, 't>(
    cx: &mut Context<'s, 't>,
    expanded: &Expanded<'_, 's, 't>,
    lookup: &Lookup<'_>,
    query: &Query<'t>,
    side: ExprId,
) {
    let key = &lookup.key;
    let _ = cx
        .report_as(
            &RULE,
            Place::text(expanded.node, lookup.span),
            format!(
                "`{key}` is empty here for what one side of `or` finds: it cannot have that label"
            ),
        )
        .lower(Severity::Info)
        .at(expanded.seen.steps())
        .related(
            Place::query(query, query.parsed().ast.expr(side).span),
            "what this finds has no such label",
        )
        .help(format!(
            "ask first: `{{{{ if $labels.{key} }}}}`; or make the sides two alerts"
        ));
}

/// Where each query loses the label; `None` if one of them may return it.
fn lost(
    cx: &Context<'_, '_>,
    roots: &[(&Query<'_>, ExprId)],
    label: &str,
) -> Option<Option<Removal>> {
    let cannot = roots
        .iter()
        .all(|(query, root)| !query.flow(cx.project).can(*root, label));
    if !cannot {
        return None;
    }
    let (query, root) = roots.first()?;
    let removal = query.flow(cx.project).why_not(query.parsed(), *root, label);
    // `{namespace=""}` and `{{ $labels.namespace }}`: it is empty, and was meant to be.
    let meant = removal.is_some_and(|removal| removal.by == RemovedBy::Matcher);
    (!meant).then_some(removal)
}

/// Whether one side of an operation may have the label, and its series never find one of the other side, which cannot.
fn is_unmatched(cx: &Context<'_, '_>, query: &Query<'_>, root: ExprId, label: &str) -> bool {
    let (parsed, flow) = (query.parsed(), query.flow(cx.project));
    let mut id = parsed.ast.unparen(root);
    while let ExprKind::Binary(binary) = &parsed.ast.expr(id).kind {
        let vector = |id: ExprId| parsed.ast.expr(id).ty == ValueType::Vector;
        match (vector(binary.lhs), vector(binary.rhs)) {
            (true, true) => {
                return matches_by(parsed, binary, label)
                    && flow.can(binary.lhs, label) != flow.can(binary.rhs, label);
            }
            (true, false) => id = parsed.ast.unparen(binary.lhs),
            (false, true) => id = parsed.ast.unparen(binary.rhs),
            (false, false) => return false,
        }
    }
    false
}

/// Whether the series of both sides must agree in the label.
fn matches_by(parsed: &Parsed, binary: &Binary, label: &str) -> bool {
    let matching = parsed.ast.matching(binary);
    matching
        .and_then(|matching| matching.labels)
        .is_none_or(|labels| {
            let mut listed = parsed.ast.labels(&labels.list).iter();
            labels.on == listed.any(|listed| parsed.label(listed) == label)
        })
}

fn asks_others(alert: Alert<'_>, known: usize) -> bool {
    let Alert::Grafana(rule) = alert else {
        return false;
    };
    let asked = rule.data().filter(|entry| {
        let source = entry.node.get("datasourceUid").and_then(|uid| uid.as_str());
        !matches!(source.as_deref(), Some("__expr__" | "-100"))
    });
    asked.count() != known
}

fn report<'s, 't>(
    cx: &mut Context<'s, 't>,
    expanded: &Expanded<'_, 's, 't>,
    lookup: &Lookup<'_>,
    roots: &[(&Query<'t>, ExprId)],
    removal: Option<Removal>,
) {
    let seen = expanded.seen;
    let key = &lookup.key;
    let own = matches!(seen.alert, Alert::Prometheus(_)) && seen.label(key).is_some();
    let unmatched = matches!(roots, [(query, root)] if is_unmatched(cx, query, *root, key));
    let message = if own {
        format!(
            "`{key}` is empty here: a template sees the labels of the query's result, not those the alert sets"
        )
    } else if unmatched {
        format!(
            "`{key}` is empty here: series that have it find no partner on the other side of the operation"
        )
    } else {
        format!("`{key}` is empty here: no series of the alert's query can have that label")
    };
    let help = if own {
        format!("write the value of `{key}` itself")
    } else if unmatched {
        format!(
            "match by what both sides have: `on (…)`, `ignoring ({key})`; or leave `{key}` out here"
        )
    } else {
        format!("keep `{key}` in the query, or leave it out here")
    };
    let mut finding = cx
        .report_as(&RULE, Place::text(expanded.node, lookup.span), message)
        .at(seen.steps())
        .help(help);
    if let (Some(removal), Some((query, _))) = (removal, roots.first()) {
        finding = finding.related(Place::query(query, removal.span), removal.by.words());
        // On the way from the rule to Grafana labels may be added.
        if removal.by == RemovedBy::Definition && matches!(seen.alert, Alert::Grafana(_)) {
            finding = finding.lower(Severity::Info);
        }
    }
    drop(finding);
}
