//! Runs every rule that is on over one file.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::context::Focus;
use super::{Alert, Check, Context, RULES, Rule, Scope};
use crate::config::Settings;
use crate::diagnostic::Diagnostic;
use crate::model::{Document, Language, ParsedFile, RuleKind};
use crate::policy;
use crate::project::Project;

/// Room for findings that each file begins with: most have no more.
const FEW: usize = 32;

/// For each rule with a check, by its place in [`RULES`]: the places of the rules whose findings the check emits.
static OWNS: LazyLock<Vec<Vec<usize>>> = LazyLock::new(|| {
    let emits = |owner: &Rule, at: usize, rule: &Rule| match rule.check {
        Check::Emitted => None,
        Check::EmittedBy(id) => (id == owner.id).then_some(at),
        _ => (rule.id == owner.id).then_some(at),
    };
    let owned = |owner: &&Rule| match owner.check {
        Check::Emitted | Check::EmittedBy(_) => Vec::new(),
        _ => {
            let all = RULES.iter().enumerate();
            all.filter_map(|(at, rule)| emits(owner, at, rule))
                .collect()
        }
    };
    RULES.iter().map(owned).collect()
});

/// The rules that say what is not there: of a document that a syntax error cuts short nobody knows that.
const ABSENCES: &[&str] = &[
    "absent-without-for",
    "gauge-without-range",
    "missing-api-version",
    "missing-datasource-variable",
    "missing-description",
    "missing-element",
    "missing-for",
    "missing-instance-variable",
    "missing-job-variable",
    "missing-legend",
    "missing-provisioning-key",
    "missing-runbook",
    "missing-severity",
    "missing-summary",
    "missing-title",
    "missing-unit",
    "panel-without-id",
    "panel-without-runbook",
    "panel-without-targets",
    "provider-without-dashboards",
    "threshold-without-value",
    "undescribed-panel",
];

/// All findings in `file`, unsorted, silenced ones not yet marked. `fingerprints`: somebody reads them.
pub(crate) fn run(
    file: &ParsedFile,
    project: &Project,
    settings: &Settings,
    fingerprints: bool,
) -> Vec<Diagnostic> {
    let path = &file.source.path;
    let levels = settings.for_file(path);
    let active: Vec<_> = RULES
        .iter()
        .copied()
        .enumerate()
        .filter(|(at, _)| {
            OWNS.get(*at)
                .is_some_and(|own| own.iter().any(|at| levels.at(*at).is_some()))
        })
        .map(|(_, rule)| rule)
        .collect();
    let policies = settings.policy_set();
    let policy_levels = settings.policy_levels(path);
    let Some(first) = active.first().copied().or(RULES.first().copied()) else {
        return Vec::new();
    };
    let nowhere = project.reach_of_nothing();
    let mut cx = Context {
        file,
        document: None,
        project,
        reach: &nowhere,
        settings,
        scope: Scope::File,
        rule: first,
        focus: Focus::None,
        findings: Vec::with_capacity(FEW),
    };
    super::syntax::report(file, &mut cx);
    let fingerprints = fingerprints || settings.names_findings();
    let mut seen = FxHashMap::default();
    cx.seal(0, fingerprints.then_some(&mut seen));
    for info in &file.documents {
        let reach = project.reach(file, info);
        let Some(document) = file.document(info, &reach, settings.rules_language()) else {
            continue;
        };
        let first = cx.findings.len();
        // Findings own all they say, so a document's views need not outlive its turn.
        let mut inner = Context {
            file,
            document: Some(info),
            project,
            reach: &reach,
            settings,
            scope: match &document {
                Document::Dashboard(dashboard) => Scope::Dashboard(dashboard),
                Document::Rules(rules) => Scope::Rules(rules),
                Document::Alerting(alerting) => Scope::Alerting(alerting),
                _ => Scope::File,
            },
            rule: cx.rule,
            focus: Focus::None,
            findings: std::mem::take(&mut cx.findings),
        };
        for rule in &active {
            inner.rule = rule;
            check_document(rule.check, &document, &mut inner);
        }
        inner.focus = Focus::None;
        if !policies.is_empty() {
            policy::check(policies, &policy_levels, &document, &mut inner);
        }
        let root = file.root(info);
        if root.is_some_and(|root| root.tree().is_cut_short()) {
            let mut own = inner.findings.split_off(first);
            own.retain(|finding| !ABSENCES.contains(&&*finding.rule));
            inner.findings.append(&mut own);
        }
        inner.seal(first, fingerprints.then_some(&mut seen));
        cx.findings = std::mem::take(&mut inner.findings);
    }
    cx.findings
}

fn check_document<'s, 't>(check: Check, document: &'s Document<'t>, cx: &mut Context<'s, 't>) {
    match check {
        Check::Emitted | Check::EmittedBy(_) => {}
        Check::Document(check) => {
            cx.focus = Focus::None;
            check(cx);
        }
        Check::Dashboard(check) => {
            if let Document::Dashboard(dashboard) = document {
                cx.focus = Focus::None;
                check(dashboard, cx);
            }
        }
        Check::Panel(check) => {
            if let Document::Dashboard(dashboard) = document {
                for panel in &dashboard.panels {
                    cx.focus = Focus::Panel(panel);
                    check(panel, cx);
                }
            }
        }
        Check::Variable(check) => {
            if let Document::Dashboard(dashboard) = document {
                for variable in &dashboard.variables {
                    cx.focus = Focus::Variable(variable);
                    check(variable, cx);
                }
            }
        }
        Check::Query(check) => {
            let queries = match document {
                Document::Dashboard(dashboard) => &dashboard.queries,
                Document::Rules(rules) => &rules.queries,
                Document::Alerting(alerting) => &alerting.queries,
                _ => return,
            };
            for query in queries
                .iter()
                .filter(|query| query.language != Language::Other)
            {
                cx.focus = Focus::Query(query);
                check(query, cx);
            }
        }
        Check::Alert(check) => match document {
            Document::Rules(rules) => {
                for (index, rule) in rules.rules.iter().enumerate() {
                    if rule.kind == RuleKind::Alert {
                        cx.focus = Focus::Rule(index);
                        check(&Alert::Prometheus(*rule), cx);
                    }
                }
            }
            Document::Alerting(alerting) => {
                for (index, rule) in alerting.rules.iter().enumerate() {
                    cx.focus = Focus::Alert(index);
                    check(&Alert::Grafana(*rule), cx);
                }
            }
            _ => {}
        },
    }
}

#[cfg(test)]
mod tests {
    use super::ABSENCES;

    #[test]
    fn what_says_that_something_is_missing_is_a_rule() {
        for id in ABSENCES {
            assert!(crate::rules::find(id).is_some(), "no rule `{id}`");
        }
    }
}
