//! Legends that name a label the query takes away.

use super::legend::{legend, placeholders};
use crate::diagnostic::{Group, Severity};
use crate::model::{Panel, Query};
use crate::promql::flow::RemovedBy;
use crate::rules::{Check, Context, Place, Rule, Scope};

pub(crate) const RULE: Rule = Rule {
    id: "legend-label-not-in-result",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "legend with a label that the query's result does not have",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/legend-label-not-in-result.md"),
    check: Check::Query(check),
};

/// Whether a panel shows the value of its only query, which has no title when it stands alone (Grafana 12,
/// packages/grafana-data/src/field/fieldDisplay.ts).
fn shows_one_value(panel: &Panel<'_>) -> bool {
    let named = panel
        .field_config()
        .and_then(|config| config.default(&["displayName"]))
        .is_some();
    matches!(panel.kind().as_ref(), "stat" | "gauge" | "bargauge")
        && !named
        && panel.each_target().take(2).count() == 1
}

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    let Some((node, text)) = legend(query).filter(|_| !query.hidden) else {
        return;
    };
    let (found, _) = placeholders(&text);
    if found.is_empty() {
        return;
    }
    let parsed = query.parsed();
    let Some(root) = parsed.root.filter(|_| parsed.is_valid()) else {
        return;
    };
    let panel = match cx.scope {
        Scope::Dashboard(dashboard) => dashboard.panel_of(query),
        _ => None,
    };
    // A table of trends has a row for each series, and its labels as columns.
    let trends = |panel: &Panel<'t>| {
        let mut all = panel.each_transformation();
        all.any(|one| one.id().as_deref() == Some("timeSeriesTable"))
    };
    if panel.is_some_and(trends) {
        return;
    }
    let flow = query.flow(cx.project);
    for (span, label) in found {
        if label.is_empty() || label.contains(['$', '[']) || flow.can(root, label) {
            continue;
        }
        let removal = flow.why_not(parsed, root, label);
        // Who selects `container=""` knows what is in it.
        if removal.is_some_and(|removal| removal.by == RemovedBy::Matcher) {
            continue;
        }
        let kept: Vec<&str> = flow
            .closed(root)
            .into_iter()
            .flatten()
            .filter(|name| flow.can(root, name))
            .collect();
        let help = if kept.is_empty() {
            "keep the label in the query's aggregation, or take it out of the legend".to_owned()
        } else {
            format!(
                "the result has the labels {}: keep this one too, or take it out of the legend",
                kept.join(", ")
            )
        };
        let mut finding = cx
            .report(
                Place::text(node, span),
                format!(
                    "the query's result has no label `{label}`: this part of the legend stays empty"
                ),
            )
            .help(help);
        finding = match removal {
            Some(removal) => finding.related(Place::query(query, removal.span), removal.by.words()),
            None => finding.related(Place::value(query.text_node), "the query"),
        };
        // On the way from the rule to the dashboard a label may be added.
        let added = removal.is_some_and(|removal| removal.by == RemovedBy::Definition);
        if added || kept.is_empty() && panel.is_some_and(shows_one_value) {
            finding = finding.lower(Severity::Info);
        }
        drop(finding);
        return;
    }
}
