//! Time ranges of alert queries that Grafana refuses.

use rustc_hash::FxHashSet;

use crate::diagnostic::{Group, Severity};
use crate::model::{AlertQuery, queries_of};
use crate::rules::context::Focus;
use crate::rules::{Check, Context, Place, Rule, Scope};
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "invalid-alert-time-range",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "time range of an alert query that is no span of time",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/invalid-alert-time-range.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Alerting(alerting) = cx.scope else {
        return;
    };
    // What YAML's aliases repeat stands in the file once.
    let mut met = FxHashSet::default();
    for (index, rule) in alerting.rules.iter().enumerate() {
        cx.focus = Focus::Alert(index);
        let list = rule
            .data_node()
            .filter(|list| met.insert(list.resolve().id()));
        for query in list.into_iter().flat_map(queries_of) {
            if met.insert(query.node.resolve().id()) {
                range(&query, cx);
            }
        }
    }
}

/// grafana/grafana 12, pkg/services/ngalert/models/alert_query.go: RelativeTimeRange holds whole seconds, and PreSave
/// refuses a query, though not an expression, whose `from` is not greater than its `to`.
fn range<'t>(query: &AlertQuery<'t>, cx: &mut Context<'_, 't>) {
    let name = query.ref_id().unwrap_or_default();
    let Some(range) = query
        .node
        .get("relativeTimeRange")
        .filter(|range| !range.is_null())
    else {
        // Without a data source it is no query yet.
        if query.node.get("datasourceUid").is_some() && !query.is_expression() {
            let message = format!(
                "Grafana refuses the rule: query `{name}` has no `relativeTimeRange`, and so no time to look at"
            );
            let place = query
                .ref_id_node()
                .map_or(Place::head(query.node), Place::value);
            let _ = cx
                .report(place, message)
                .help("write `relativeTimeRange: { from: 600, to: 0 }` for the last ten minutes");
        }
        return;
    };
    let (from, to) = (seconds(range, "from", cx), seconds(range, "to", cx));
    let (Some(from), Some(to)) = (from, to) else {
        return;
    };
    if query.is_expression() || from > to {
        return;
    }
    let message = format!(
        "Grafana refuses the rule: query `{name}` looks from {from} s ago until {to} s ago, which is no span of time"
    );
    let place = match (range.get("from"), range.get("to")) {
        (Some(from), _) => Place::value(from),
        (None, Some(to)) => Place::value(to),
        _ => Place::value(range),
    };
    let _ = cx
        .report(place, message)
        .help("write the older end in `from`: a greater number of seconds than in `to`");
}

/// A bound, 0 where it is not written; `None` where it is something else than a whole number.
fn seconds<'t>(range: NodeRef<'t>, key: &str, cx: &mut Context<'_, 't>) -> Option<i64> {
    let Some(node) = range.get(key).filter(|node| !node.is_null()) else {
        return Some(0);
    };
    if let Some(seconds) = node.as_i64() {
        return Some(seconds);
    }
    let message = match node.as_text().map(|text| text.value) {
        Some(text) if node.kind() != Kind::Number && text.contains("{{") => return None,
        Some(text) => format!("Grafana refuses this: `{text}` is no whole number of seconds"),
        None => "Grafana refuses this: it is no whole number of seconds".to_owned(),
    };
    let place = match node.kind() {
        Kind::Object | Kind::Array => Place::head(node),
        _ => Place::value(node),
    };
    let _ = cx
        .report(place, message)
        .help("write seconds without a unit, such as `600` for ten minutes");
    None
}
