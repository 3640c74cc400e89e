//! Green above red where more is worse.

use super::effect::{Effect, effect};
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Panel, Query, ThresholdStep};
use crate::promql::Parsed;
use crate::promql::ast::BinaryOp;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "threshold-direction",
    group: Group::Thresholds,
    severity: Severity::Info,
    summary: "green above red for errors or latencies",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/thresholds/threshold-direction.md"),
    check: Check::Dashboard(check),
};

/// Words of titles and of metrics whose values are better the smaller they are.
const BAD: &[&str] = &[
    "error",
    "errors",
    "failure",
    "failures",
    "failed",
    "dropped",
    "drops",
    "latency",
    "latencies",
    "saturation",
    "throttled",
    "throttling",
];

/// Words that turn the meaning round.
const TURNS: &[&str] = &[
    "success",
    "successful",
    "availability",
    "available",
    "budget",
    "remaining",
    "free",
    "without",
    "no",
    "non",
    "healthy",
    "slo",
    "sli",
    "uptime",
    "rate_limit",
];

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    // A panel's queries stand together.
    for queries in dashboard.queries.chunk_by(|a, b| a.host == b.host) {
        let panel = queries.first().and_then(|query| dashboard.panel_of(query));
        if let Some(panel) = panel {
            check_panel(panel, queries, cx);
        }
    }
}

fn check_panel<'t>(panel: &Panel<'t>, queries: &[Query<'t>], cx: &mut Context<'_, 't>) {
    if !panel.title().is_some_and(|title| is_bad(&title)) || effect(panel) != Effect::Colors {
        return;
    }
    let Some(thresholds) = panel.field_config().and_then(|config| config.thresholds()) else {
        return;
    };
    let steps = thresholds.steps();
    let (Some(base), Some(last)) = (steps.first(), steps.last()) else {
        return;
    };
    if !is(base, "red") || !is(last, "green") {
        return;
    }
    let certain = queries
        .iter()
        .all(|query| query.language.is_promql() && measures_bad(query.parsed()));
    if !certain {
        return;
    }
    let _ = cx
        .report(
            Place::value(last.color_node().unwrap_or(last.node)),
            "errors and latencies are better the smaller they are, and here large values are green and small ones red",
        )
        .related(
            Place::value(base.color_node().unwrap_or(base.node)),
            "the colour of small values",
        )
        .help("turn the colours round, if less is better here")
        .at(Context::panel_steps(panel));
}

/// The step's colour is a shade of `color`.
fn is(step: &ThresholdStep<'_>, color: &str) -> bool {
    step.color()
        .is_some_and(|name| name.rsplit('-').next() == Some(color))
}

fn is_bad(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .map(str::to_ascii_lowercase)
        .collect();
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    any(BAD) && !any(TURNS)
}

/// The query reads a metric of errors or latencies first, and nothing subtracts or compares.
fn measures_bad(parsed: &Parsed) -> bool {
    let turned = parsed.binaries().any(|(_, _, binary)| {
        binary.op == BinaryOp::Sub || binary.op == BinaryOp::Hole || binary.op.is_comparison()
    });
    let first = parsed
        .selectors()
        .next()
        .and_then(|(_, _, selector)| parsed.metric_name(selector));
    !turned && first.is_some_and(|(name, _)| is_bad(&name))
}
