//! What panels and dashboards cost altogether.

use super::{over_budget, recording_rule_available};
use crate::cost::{
    DashboardCost, LIMIT_DASHBOARD_QUERIES, LIMIT_DASHBOARD_WORK, LIMIT_LINES, LIMIT_PANEL_WORK,
    LIMIT_QUERIES_A_SECOND, Limit, PanelCost, dashboard_cost, in_words, time_in_words,
};
use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::promql::ast::ExprKind;
use crate::rules::{Check, Context, OptionDefault, OptionSpec, OptionValue, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const PANEL_COST: Rule = Rule {
    id: "panel-cost",
    group: Group::Cost,
    severity: Severity::Warning,
    summary: "panel that costs the server far more than most",
    since: "0.1.0",
    fix: None,
    options: &[
        OptionSpec {
            name: "work",
            default: OptionDefault::Float(LIMIT_PANEL_WORK.warning),
            doc: "From how many series and steps on it is a warning.",
        },
        OptionSpec {
            name: "advise",
            default: OptionDefault::Float(LIMIT_PANEL_WORK.info),
            doc: "From how many on it is advice.",
        },
    ],
    page: include_str!("../../../rules/cost/panel-cost.md"),
    check: Check::Dashboard(check),
};

pub(crate) const DASHBOARD_COST: Rule = Rule {
    id: "dashboard-cost",
    group: Group::Cost,
    severity: Severity::Warning,
    summary: "dashboard that costs the server far more than most",
    since: "0.1.0",
    fix: None,
    options: &[
        OptionSpec {
            name: "work",
            default: OptionDefault::Float(LIMIT_DASHBOARD_WORK.warning),
            doc: "From how many series and steps on it is a warning.",
        },
        OptionSpec {
            name: "advise",
            default: OptionDefault::Float(LIMIT_DASHBOARD_WORK.info),
            doc: "From how many on it is advice.",
        },
    ],
    page: include_str!("../../../rules/cost/dashboard-cost.md"),
    check: Check::EmittedBy("panel-cost"),
};

pub(crate) const TOO_MANY_QUERIES: Rule = Rule {
    id: "too-many-queries",
    group: Group::Cost,
    severity: Severity::Warning,
    summary: "dashboard that sends very many queries at once",
    since: "0.1.0",
    fix: None,
    options: &[
        OptionSpec {
            name: "queries",
            default: OptionDefault::Float(LIMIT_DASHBOARD_QUERIES.warning),
            doc: "Above how many queries it is a warning.",
        },
        OptionSpec {
            name: "advise",
            default: OptionDefault::Float(LIMIT_DASHBOARD_QUERIES.info),
            doc: "Above how many it is advice.",
        },
    ],
    page: include_str!("../../../rules/cost/too-many-queries.md"),
    check: Check::EmittedBy("panel-cost"),
};

pub(crate) const QUERIES_PER_VIEWER: Rule = Rule {
    id: "queries-per-viewer",
    group: Group::Cost,
    severity: Severity::Warning,
    summary: "dashboard whose every viewer sends many queries a second",
    since: "0.1.0",
    fix: None,
    options: &[
        OptionSpec {
            name: "a-second",
            default: OptionDefault::Float(LIMIT_QUERIES_A_SECOND.warning),
            doc: "Above how many queries a second it is a warning.",
        },
        OptionSpec {
            name: "advise",
            default: OptionDefault::Float(LIMIT_QUERIES_A_SECOND.info),
            doc: "Above how many it is advice.",
        },
    ],
    page: include_str!("../../../rules/cost/queries-per-viewer.md"),
    check: Check::EmittedBy("panel-cost"),
};

pub(crate) const RAW_SERIES_IN_GRAPH: Rule = Rule {
    id: "raw-series-in-graph",
    group: Group::Cost,
    severity: Severity::Info,
    summary: "graph of very many lines that nothing aggregates",
    since: "0.1.0",
    fix: None,
    options: &[OptionSpec {
        name: "lines",
        default: OptionDefault::Float(LIMIT_LINES.info),
        doc: "Above how many lines.",
    }],
    page: include_str!("../../../rules/cost/raw-series-in-graph.md"),
    check: Check::EmittedBy("panel-cost"),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let cost = dashboard_cost(dashboard, &cx.settings.series);
    for panel in &cost.panels {
        dear_panel(dashboard, panel, cx);
        many_lines(dashboard, panel, cx);
    }
    whole(dashboard, &cost, cx);
    over_budget::check(dashboard, &cost, cx);
    recording_rule_available::check(dashboard, &cost, cx);
}

/// An estimate, and what of it does not hang on a guess.
#[derive(Clone, Copy)]
struct Estimate {
    likely: f64,
    certain: f64,
}

/// The severity an estimate has by the configured limits of a rule: a warning only for what is certain; `None` below them.
fn judge(
    rule: &'static Rule,
    estimate: Estimate,
    limit: Limit,
    warn: &str,
    cx: &Context<'_, '_>,
) -> Option<Severity> {
    let option = |name: &str, default: f64| match cx.settings.option(rule, name) {
        OptionValue::Float(value) => value,
        OptionValue::Int(value) => value as f64,
        _ => default,
    };
    if estimate.certain > option(warn, limit.warning) {
        Some(Severity::Warning)
    } else {
        (estimate.likely > option("advise", limit.info)).then_some(Severity::Info)
    }
}

fn dear_panel<'t>(dashboard: &Dashboard<'t>, cost: &PanelCost, cx: &mut Context<'_, 't>) {
    let work = work(cost.work, &PANEL_COST, LIMIT_PANEL_WORK, cx);
    let Some(severity) = judge(&PANEL_COST, work, LIMIT_PANEL_WORK, "work", cx) else {
        return;
    };
    let Some((query, read)) = cost.dearest().and_then(|dearest| {
        Some((
            dashboard.queries.get(dearest.query)?,
            *dearest.cost.dearest()?,
        ))
    }) else {
        return;
    };
    let guessed = match cx.settings.series.is_empty() {
        true => " (a guess by the names)",
        false => "",
    };
    let mut reasons = vec![format!("{} series{guessed}", in_words(read.series))];
    let mostly_read = read.mostly_read();
    match mostly_read {
        Some(samples) => reasons.push(format!("{} samples to read", in_words(samples))),
        None => {
            if read.steps > 1.0 {
                reasons.push(format!("{} steps", in_words(read.steps)));
            }
            if read.samples > 50.0 {
                reasons.push(format!("{} samples each", in_words(read.samples)));
            }
        }
    }
    let copies = match cost.copies {
        copies if copies > 1.0 => format!(", and the panel is repeated about {copies:.0} times"),
        _ => String::new(),
    };
    let reads: usize = cost
        .queries
        .iter()
        .map(|priced| priced.cost.reads.len())
        .sum();
    let others = match reads - 1 {
        0 => String::new(),
        1 => " here, and less elsewhere".to_owned(),
        others => format!(" here, and less in {others} other places"),
    };
    let steps = Context::query_steps(cx.scope, query);
    let _ = cx
        .report_as(
            &PANEL_COST,
            Place::query(query, read.span),
            format!(
                "each load of this panel costs the server an estimated {}: {}{others}{copies}",
                time_in_words(cost.work),
                reasons.join(" × "),
            ),
        )
        .at(steps)
        .lower(severity)
        .help(if read.series >= 1000.0 {
            "have a recording rule keep the sum, or choose fewer series with a matcher"
        } else if read.samples > 250.0 {
            "shorten the window, make the query instant, or have a recording rule keep the result"
        } else if mostly_read.is_some() {
            "show less time, or have a recording rule keep the result"
        } else {
            "show less time, or fewer points (`maxDataPoints`, a longer least interval)"
        });
}

/// A graph of series as they are stored.
fn many_lines<'t>(dashboard: &Dashboard<'t>, cost: &PanelCost, cx: &mut Context<'_, 't>) {
    let drawn = dashboard
        .panels
        .get(cost.panel)
        .is_some_and(|panel| matches!(panel.kind().as_ref(), "timeseries" | "graph"));
    let OptionValue::Float(most) = cx.settings.option(&RAW_SERIES_IN_GRAPH, "lines") else {
        return;
    };
    if !drawn {
        return;
    }
    for priced in &cost.queries {
        let Some(query) = dashboard.queries.get(priced.query) else {
            continue;
        };
        let parsed = query.parsed();
        let aggregated = parsed.aggregations().next().is_some();
        let Some(root) = parsed
            .root
            .filter(|_| !aggregated && priced.cost.lines > most)
        else {
            continue;
        };
        // Nothing is known of what a variable stands for.
        if matches!(parsed.ast.expr(root).kind, ExprKind::Hole(_)) {
            continue;
        }
        let steps = Context::query_steps(cx.scope, query);
        let _ = cx
            .report_as(
                &RAW_SERIES_IN_GRAPH,
                Place::query(query, parsed.ast.expr(root).span),
                format!(
                    "this graph draws about {} lines: nothing aggregates the series",
                    in_words(priced.cost.lines)
                ),
            )
            .at(steps)
            .help("sum by the labels that matter, or show the largest in a table");
    }
}

fn whole<'t>(dashboard: &Dashboard<'t>, cost: &DashboardCost, cx: &mut Context<'_, 't>) {
    let place = |node: Option<NodeRef<'t>>| match node {
        Some(node) => Place::value(node),
        None => Place::head(dashboard.node),
    };
    let queries = in_words(cost.queries);
    let work = work(cost.work, &DASHBOARD_COST, LIMIT_DASHBOARD_WORK, cx);
    if let Some(severity) = judge(&DASHBOARD_COST, work, LIMIT_DASHBOARD_WORK, "work", cx) {
        let _ = cx
            .report_as(
                &DASHBOARD_COST,
                Place::head(dashboard.node),
                format!(
                    "each load of this dashboard costs the server an estimated {}{}",
                    time_in_words(cost.work),
                    match cx.settings.series.is_empty() {
                        true => ", with numbers of series guessed by names",
                        false => "",
                    }
                ),
            )
            .lower(severity)
            .help("`dashlint cost` lists its panels by what they cost; fold rarely used rows, they load when they are opened");
    }
    let sent = Estimate {
        likely: cost.queries,
        certain: cost.at_first,
    };
    if let Some(severity) = judge(
        &TOO_MANY_QUERIES,
        sent,
        LIMIT_DASHBOARD_QUERIES,
        "queries",
        cx,
    ) {
        let _ = cx
            .report_as(
                &TOO_MANY_QUERIES,
                Place::head(dashboard.node),
                format!("whoever looks through this dashboard sends up to {queries} queries"),
            )
            .lower(severity)
            .help("split it, or fold the rows that are seldom needed: their queries wait until they are opened");
    }
    let Some(refresh) = cost.refresh else { return };
    let rate = cost.queries / refresh;
    let a_second = Estimate {
        likely: rate,
        certain: cost.at_first / refresh,
    };
    if let Some(severity) = judge(
        &QUERIES_PER_VIEWER,
        a_second,
        LIMIT_QUERIES_A_SECOND,
        "a-second",
        cx,
    ) {
        let every = dashboard
            .refresh_node()
            .and_then(NodeRef::as_str)
            .unwrap_or_default();
        let _ = cx
            .report_as(
                &QUERIES_PER_VIEWER,
                place(dashboard.refresh_node()),
                format!(
                    "each open tab sends up to {queries} queries every {every}, {rate:.1} a second"
                ),
            )
            .lower(severity)
            .help("refresh less often, or fold the rows that are seldom needed");
    }
}

/// The work of something. It is certain where the series were counted, and counts as that where somebody set a limit.
fn work(likely: f64, rule: &'static Rule, limit: Limit, cx: &Context<'_, '_>) -> Estimate {
    let limited = cx.settings.option(rule, "work") != OptionValue::Float(limit.warning);
    let counted = !cx.settings.series.is_empty();
    Estimate {
        likely,
        certain: if counted || limited { likely } else { 0.0 },
    }
}
