//! One query with the thresholds of two minds.

use super::effect::steps_that_show;
use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::project::{measured_by, words_of_measured};
use crate::rules::trail::Whole;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "inconsistent-thresholds",
    group: Group::Thresholds,
    severity: Severity::Info,
    summary: "query with other thresholds than in other dashboards",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/thresholds/inconsistent-thresholds.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let differently = &cx.project.shown_differently().thresholds;
    if differently.is_empty() {
        return;
    }
    let Some(document) = cx.document.map(|document| document.id()) else {
        return;
    };
    for queries in dashboard.queries.chunk_by(|a, b| a.host == b.host) {
        let [query] = queries else { continue };
        let Some(panel) = dashboard.panel_of(query) else {
            continue;
        };
        let Some((thresholds, steps)) = steps_that_show(panel) else {
            continue;
        };
        let Some(usual) = measured_by(query).and_then(|query| differently.of(query)) else {
            continue;
        };
        let Some(there) = usual.outside(&cx.file.source.path, document) else {
            continue;
        };
        if *usual.said == *steps {
            continue;
        }
        let others = match usual.count {
            1 => "another dashboard".to_owned(),
            count => format!("{count} panels of the project"),
        };
        let _ = cx
            .report(
                Place::value(thresholds.steps_node),
                format!(
                    "the same query changes its colour at {} here and at {} in {others}",
                    words(&steps),
                    words(&usual.said)
                ),
            )
            .at(Context::panel_steps(panel))
            .known_in(Whole::Project, words_of_measured(query))
            .related_at(there.clone(), "the thresholds there")
            .help(
                "give the query the same thresholds everywhere, so that a colour means one thing",
            );
    }
}

fn words(steps: &[f64]) -> String {
    let steps: Vec<String> = steps.iter().map(f64::to_string).collect();
    steps.join(", ")
}
