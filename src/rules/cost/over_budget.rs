//! Dashboards that cost more than the configuration allows.

use crate::config::Limit;
use crate::cost::{DashboardCost, PanelCost, in_words};
use crate::diagnostic::{Group, Location, Range, Severity};
use crate::model::Dashboard;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "over-budget",
    group: Group::Cost,
    severity: Severity::Warning,
    summary: "dashboard that costs more than its budget",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/cost/over-budget.md"),
    check: Check::EmittedBy("panel-cost"),
};

/// How many of its panels a finding names.
const MOST_RELATED: usize = 3;

/// Compares a dashboard's cost with its budget.
pub(super) fn check<'t>(dashboard: &Dashboard<'t>, cost: &DashboardCost, cx: &mut Context<'_, 't>) {
    let uid = dashboard.uid();
    let limits = cx.settings.limits(&cx.file.source.path, uid.as_deref());
    if limits.is_empty() {
        return;
    }
    let over = |limit: &Option<Limit>, value: f64| limit.clone().filter(|limit| value > limit.most);
    let a_second = cost.queries_a_second();
    for (limit, value, what) in [
        (&limits.work, cost.work, "series and steps of work"),
        (&limits.samples, cost.samples, "samples"),
        (&limits.queries, cost.queries, "queries"),
    ] {
        if let Some(limit) = over(limit, value) {
            let measure = value;
            let value = in_words(value);
            let most = in_words(limit.most);
            let message = format!(
                "each load of this dashboard takes about {value} {what}: its budget is {most}"
            );
            report(dashboard, cost, (what, measure), message, &limit, cx);
        }
    }
    if let Some(limit) = over(&limits.queries_a_second, a_second) {
        let message = format!(
            "each open tab of this dashboard sends {a_second:.1} queries a second: its budget is {}",
            limit.most
        );
        let what = ("queries a second", a_second);
        report(dashboard, cost, what, message, &limit, cx);
    }
    for panel in &cost.panels {
        let Some(limit) = over(&limits.panel_work, panel.work) else {
            continue;
        };
        if let Some(view) = dashboard.panels.get(panel.panel) {
            let message = format!(
                "each load of this panel takes about {} series and steps of work: its budget is {}",
                in_words(panel.work),
                in_words(limit.most)
            );
            let _ = cx
                .report_as(&RULE, Place::head(view.node), message)
                .at(Context::panel_steps(view))
                .measured(panel.work)
                .related_at(place(&limit), "the budget")
                .help("`dashlint cost` says which of its queries cost most, and what to change");
        }
    }
}

fn report<'t>(
    dashboard: &Dashboard<'t>,
    cost: &DashboardCost,
    (what, measure): (&str, f64),
    message: String,
    limit: &Limit,
    cx: &mut Context<'_, 't>,
) {
    let mut panels: Vec<&PanelCost> = cost.panels.iter().filter(|panel| !panel.folded).collect();
    panels.sort_by(|a, b| b.work.total_cmp(&a.work));
    let mut finding = cx
        .report_as(&RULE, Place::head(dashboard.node), message)
        .known_by(what)
        .measured(measure)
        .related_at(place(limit), "the budget")
        .help("`dashlint cost` says why its panels are expensive and what to change; folded rows cost nothing until they are opened");
    for panel in panels.into_iter().take(MOST_RELATED) {
        if let Some(view) = dashboard.panels.get(panel.panel) {
            let share = panel.work / cost.work.max(f64::MIN_POSITIVE) * 100.0;
            finding = finding.related(
                Place::head(view.node),
                format!("this panel is {share:.0} % of it"),
            );
        }
    }
}

/// Where the configuration says a limit.
fn place(limit: &Limit) -> Location {
    Location::in_file(
        limit.source.path.clone(),
        Range::of(&limit.source, limit.span),
    )
}
