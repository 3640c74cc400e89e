//! One query in two units.

use super::shown::PanelUnits;
use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::project::{measured_by, unit_kind, words_of_measured};
use crate::rules::trail::Whole;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "inconsistent-unit",
    group: Group::Units,
    severity: Severity::Info,
    summary: "query shown in another unit than elsewhere in the project",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/units/inconsistent-unit.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let differently = &cx.project.shown_differently().units;
    if differently.is_empty() {
        return;
    }
    for queries in dashboard.queries.chunk_by(|a, b| a.host == b.host) {
        let panel = queries.first().and_then(|query| dashboard.panel_of(query));
        let Some((panel, units)) = panel.and_then(|panel| Some((panel, PanelUnits::of(panel)?)))
        else {
            continue;
        };
        let mut last = None;
        for query in queries {
            let Some(Some(node)) = units.unit_of(query) else {
                continue;
            };
            let usual = measured_by(query).and_then(|query| differently.of(query));
            let (Some(usual), Some(id)) = (usual, node.as_str()) else {
                continue;
            };
            let kind = unit_kind(&id);
            if kind.is_none() || kind == unit_kind(&usual.said) || last == Some(node.span()) {
                continue;
            }
            last = Some(node.span());
            let others = match usual.count {
                1 => "another panel".to_owned(),
                count => format!("{count} other panels"),
            };
            let _ = cx
                .report(
                    Place::value(node),
                    format!(
                        "the query shows as `{id}` here and as `{}` in {others}: one of the two units is wrong",
                        usual.said
                    ),
                )
                .at(Context::panel_steps(panel))
                .known_in(Whole::Project, words_of_measured(query))
                .related(Place::query(query, whole(query)), "the query")
                .related_at(usual.location.clone(), format!("`{}` there", usual.said))
                .help("find out what the query measures, and give every panel that unit");
        }
    }
}

fn whole(query: &crate::model::Query<'_>) -> crate::span::Span {
    crate::span::Span::new(0, query.text().len())
}
