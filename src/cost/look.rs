//! From a file to what is in it costs.

use super::advice::{Looked, explain};
use super::counts::SeriesCounts;
use super::data::MICROSECONDS;
use super::groups::{GroupCost, alert_groups, rule_groups};
use super::panel::{DashboardCost, PanelCost, dashboard_cost};
use super::query::{Priced, figures};
use super::survey::{At, DashboardEntry, Figure, GroupEntry, PanelEntry, Survey};
use crate::config::{Limit, Settings};
use crate::model::{Alerting, Dashboard, Document, Host, ParsedFile, Query, RuleFile};
use crate::project::Project;
use crate::rules::{Place, location};
use crate::syntax::NodeRef;

/// What the documents of a file cost; the dearest `top` panels, dashboards and groups by name, the rest in the totals only.
pub fn of_file(file: &ParsedFile, project: &Project, settings: &Settings, top: usize) -> Survey {
    let mut look = Look {
        file,
        settings,
        counts: &settings.series,
        top,
        survey: Survey {
            counted: !settings.series.is_empty(),
            ..Survey::default()
        },
    };
    for info in &file.documents {
        let reach = project.reach(file, info);
        match file.document(info, &reach, settings.rules_language()) {
            Some(Document::Dashboard(dashboard)) => look.dashboard(&dashboard),
            Some(Document::Rules(rules)) => look.rules(&rules),
            Some(Document::Alerting(alerting)) => look.alerting(&alerting),
            _ => {}
        }
    }
    look.survey
}

struct Look<'f> {
    file: &'f ParsedFile,
    settings: &'f Settings,
    counts: &'f SeriesCounts,
    top: usize,
    survey: Survey,
}

impl<'f> Look<'f> {
    fn at(&self, node: NodeRef<'f>) -> At {
        location(self.file, Place::head(node)).into()
    }

    fn dashboard(&mut self, dashboard: &Dashboard<'f>) {
        let cost = dashboard_cost(dashboard, self.counts);
        if cost.panels.is_empty() {
            return;
        }
        let figure = Figure::new(cost.work, cost.samples);
        let totals = &mut self.survey.totals;
        totals.dashboards += 1;
        totals.panels += cost.panels.len();
        totals.queries += cost.queries;
        totals.load.add(figure);
        let title = dashboard.title().unwrap_or_default().into_owned();
        let mut panels: Vec<&PanelCost> = cost.panels.iter().collect();
        panels.sort_by(|a, b| b.work.total_cmp(&a.work));
        for panel in panels.into_iter().take(self.top) {
            let entry = self.panel(dashboard, &title, panel);
            self.survey.panels.extend(entry);
        }
        let entry = self.whole(dashboard, title, figure, &cost);
        self.survey.dashboards.push(entry);
    }

    fn whole(
        &self,
        dashboard: &Dashboard<'f>,
        title: String,
        figure: Figure,
        cost: &DashboardCost,
    ) -> DashboardEntry {
        DashboardEntry {
            at: self.at(dashboard.node),
            title,
            cost: figure,
            panels: cost.panels.len(),
            queries: cost.queries,
            refresh: cost.refresh,
            budget: self.budget(dashboard, cost),
        }
    }

    /// The part of its budget a dashboard takes, by the limit it comes nearest to.
    fn budget(&self, dashboard: &Dashboard<'f>, cost: &DashboardCost) -> Option<f64> {
        let limits = self
            .settings
            .limits(&self.file.source.path, dashboard.uid().as_deref());
        let used = |limit: &Option<Limit>, value: f64| Some(value / limit.as_ref()?.most);
        let shares = [
            used(&limits.work, cost.work),
            used(&limits.samples, cost.samples),
            used(&limits.queries, cost.queries),
            used(&limits.queries_a_second, cost.queries_a_second()),
        ];
        shares.into_iter().flatten().reduce(f64::max)
    }

    fn panel(
        &self,
        dashboard: &Dashboard<'f>,
        title: &str,
        cost: &PanelCost,
    ) -> Option<PanelEntry> {
        let panel = dashboard.panels.get(cost.panel)?;
        let looked = self.looked(&dashboard.queries, &cost.queries);
        let (parts, advice) = explain(&looked, Some(panel), cost.work / cost.copies);
        Some(PanelEntry {
            at: self.at(panel.node),
            dashboard: title.to_owned(),
            title: panel.title().unwrap_or_else(|| panel.kind()).into_owned(),
            id: panel.id(),
            cost: Figure::new(cost.work, cost.samples()),
            copies: cost.copies,
            folded: cost.folded,
            parts,
            advice,
        })
    }

    fn rules(&mut self, rules: &RuleFile<'f>) {
        let name = |query: &Query<'f>| match query.host {
            Host::Rule(at) => rules.rules.get(at)?.name(),
            _ => None,
        };
        for cost in rule_groups(rules, self.counts) {
            let Some(group) = rules.groups.get(cost.group) else {
                continue;
            };
            let dearest = dearest_of(&rules.queries, &cost).and_then(name);
            self.group(
                group.node,
                group.name().unwrap_or_default().into_owned(),
                dearest.unwrap_or_default().into_owned(),
                &rules.queries,
                &cost,
            );
        }
    }

    fn alerting(&mut self, alerting: &Alerting<'f>) {
        let name = |query: &Query<'f>| match query.host {
            Host::AlertRule(at) => alerting.rules.get(at)?.title(),
            _ => None,
        };
        for cost in alert_groups(alerting, self.counts) {
            let Some(group) = alerting.groups.get(cost.group) else {
                continue;
            };
            let dearest = dearest_of(&alerting.queries, &cost).and_then(name);
            self.group(
                group.node,
                group.name().unwrap_or_default().into_owned(),
                dearest.unwrap_or_default().into_owned(),
                &alerting.queries,
                &cost,
            );
        }
    }

    fn group(
        &mut self,
        node: NodeRef<'f>,
        name: String,
        dearest: String,
        queries: &[Query<'f>],
        cost: &GroupCost,
    ) {
        let figure = Figure::new(cost.work, cost.samples());
        let load = cost.work * MICROSECONDS / 1e6 / cost.interval;
        let totals = &mut self.survey.totals;
        totals.groups += 1;
        totals.rules += cost.queries.len();
        totals.evaluation.add(figure);
        totals.busy += load;
        let looked = self.looked(queries, &cost.queries);
        let (parts, advice) = explain(&looked, None, cost.work);
        let entry = GroupEntry {
            at: self.at(node),
            name,
            cost: figure,
            rules: cost.queries.len(),
            interval: cost.interval,
            load,
            dearest,
            parts,
            advice,
        };
        self.survey.groups.push(entry);
    }

    fn looked<'q>(&self, queries: &'q [Query<'f>], priced: &[Priced]) -> Vec<Looked<'q, 'f>> {
        let each = priced.iter().filter_map(|priced| {
            let query = queries.get(priced.query)?;
            Some(Looked {
                query,
                evaluation: priced.evaluation,
                figures: figures(query.parsed(), &priced.evaluation, self.counts),
            })
        });
        each.collect()
    }
}

fn dearest_of<'q, 't>(queries: &'q [Query<'t>], cost: &GroupCost) -> Option<&'q Query<'t>> {
    queries.get(cost.dearest()?.query)
}
