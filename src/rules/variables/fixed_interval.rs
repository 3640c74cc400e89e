//! Rates over a fixed range in a panel that can be zoomed.

use super::expression::{ranges_under, seconds};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Dashboard, Host, Language, Panel, Query};
use crate::promql::ExprKind;
use crate::promql::logql::fixed_ranges;
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "fixed-interval",
    group: Group::Variables,
    severity: Severity::Info,
    summary: "rate over a fixed range where `$__rate_interval` belongs",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/variables/fixed-interval.md"),
    check: Check::Dashboard(check),
};

const FUNCTIONS: &[&str] = &["rate", "irate", "increase"];
/// What LogQL gives per second, so that the range is not in its meaning.
const IN_LOGQL: &[&str] = &["rate", "bytes_rate", "rate_counter"];
/// A longer range is one that its author wants to see.
const LONGEST: f64 = 600.0;
/// Panels that draw a query along the time range, so that its step grows with it (facts: panel types of Grafana 13.2).
const ALONG_TIME: &[&str] = &[
    "timeseries",
    "graph",
    "heatmap",
    "state-timeline",
    "status-history",
    "trend",
];

/// A range in a query of the panel.
struct Use<'d, 't> {
    query: &'d Query<'t>,
    function: &'static str,
    range: Span,
    /// What belongs there.
    better: &'static str,
}

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    for query in &dashboard.queries {
        let Host::Panel(index) = query.host else {
            continue;
        };
        let Some(panel) = dashboard.panels.get(index) else {
            continue;
        };
        for used in fixed(panel, query) {
            report(index, &used, cx);
        }
    }
}

fn fixed<'d, 't>(panel: &Panel<'t>, query: &'d Query<'t>) -> Vec<Use<'d, 't>> {
    if query.is_instant()
        || !ALONG_TIME.contains(&panel.kind().as_ref())
        || !query.text().contains('[')
    {
        return Vec::new();
    }
    let mut found = match query.language {
        Language::LogQl => fixed_in_logql(query),
        language if language.is_promql() => fixed_in_promql(query),
        _ => Vec::new(),
    };
    found.retain(|found| !said(panel, query, found.written()));
    found
}

fn fixed_in_logql<'d, 't>(query: &'d Query<'t>) -> Vec<Use<'d, 't>> {
    // Loki's own word for `instant`.
    if crate::model::string(query.node, "queryType").as_deref() == Some("instant") {
        return Vec::new();
    }
    let text = query.text();
    fixed_ranges(text)
        .into_iter()
        .filter_map(|(word, range)| {
            let word = text.get(word.range())?;
            let function = IN_LOGQL.iter().find(|known| **known == word)?;
            let short = seconds(text.get(range.range())?)? <= LONGEST;
            short.then_some(Use {
                query,
                function,
                range,
                better: "$__auto",
            })
        })
        .collect()
}

fn fixed_in_promql<'d, 't>(query: &'d Query<'t>) -> Vec<Use<'d, 't>> {
    let parsed = query.parsed();
    if !parsed.is_valid() {
        return Vec::new();
    }
    let parents = parsed.ast.parents();
    ranges_under(parsed, FUNCTIONS)
        .filter(|(id, _, range)| {
            let nested = parents
                .ancestors(*id)
                .any(|id| matches!(parsed.ast.expr(id).kind, ExprKind::Subquery(_)));
            let short = range
                .duration
                .seconds
                .is_some_and(|seconds| seconds <= LONGEST);
            !nested && short && range.duration.holes.is_empty()
        })
        .map(|(_, function, range)| Use {
            query,
            function,
            range: range.duration.span,
            better: "$__rate_interval",
        })
        .collect()
}

impl Use<'_, '_> {
    fn written(&self) -> &str {
        self.query
            .text()
            .get(self.range.range())
            .unwrap_or("")
            .trim()
    }
}

fn report<'t>(panel: usize, used: &Use<'_, 't>, cx: &mut Context<'_, 't>) {
    let (shown, better) = (used.written(), used.better);
    let steps = Context::query_steps(cx.scope, used.query);
    let finding = cx
        .report(
            Place::query(used.query, used.range),
            format!(
                "`{}` looks {shown} back from each point: zoomed out the panel leaves out what lies between, zoomed in it blurs",
                used.function
            ),
        )
        .at(steps)
        .help(format!("write `{better}`, which follows the step of the panel"))
        .together_by(&panel, "and here");
    // An increase has its range in its meaning; a rate does not.
    if used.function != "increase" {
        let edit = used.query.text_node.encode_str(used.range, better);
        let _ = finding.fix(
            format!("write `{better}`"),
            Safety::Unsafe,
            edit.map(|edit| vec![edit]),
        );
    }
}

/// The panel says the range to its reader: `5m`, `5 min`, `5-minute`.
fn said(panel: &Panel<'_>, query: &Query<'_>, range: &str) -> bool {
    let digits = range
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(range.len());
    let (number, unit) = range.split_at(digits);
    let forms = [
        format!("{number}{unit}"),
        format!("{number} {unit}"),
        format!("{number}-{unit}"),
    ];
    let legend = crate::model::string(query.node, "legendFormat");
    [panel.title(), panel.description(), legend]
        .into_iter()
        .flatten()
        .any(|text| {
            let text = text.to_lowercase();
            forms.iter().any(|form| text.contains(form.as_str()))
        })
}
