//! Every fix over real files, where they are there: alone and all together.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use dashlint::config::Configs;
use dashlint::diagnostic::{Diagnostic, Fix, Safety, Severity};
use dashlint::fix::{Texts, apply, run_rounds, verify};
use dashlint::lint::{Input, LintOptions, lint_with, relint};
use dashlint::project::Project;
use dashlint::rules::RULES;
use dashlint::source::walk::walk;
use dashlint::span::Span;
use support::corpus::{corpus, projects};
use support::shuffle::Random;
use support::{Kind, everything, examples, input};

/// How many fixes of each rule are tried alone.
const OF_EACH: usize = 12;
/// Larger files take long, and hold much of the same.
const LARGE: usize = 150_000;

struct Linted {
    name: String,
    inputs: BTreeMap<Arc<str>, Input>,
    findings: Vec<Diagnostic>,
    project: Project,
}

/// A project of the corpus.
fn lint(root: &Path, configs: &Configs) -> Linted {
    let inputs = walk(root, false, &|_| true)
        .files
        .into_iter()
        .filter_map(|path| {
            let text = std::fs::read_to_string(&path).ok()?;
            let display = path
                .strip_prefix(root)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            Some(Input {
                provisioned: display.contains("provisioning/"),
                display: Arc::from(display),
                text: Some(Arc::from(text)),
                path,
                target: true,
            })
        });
    let name = root.file_name().unwrap().to_string_lossy();
    linted(&name, inputs.collect(), configs)
}

fn linted(name: &str, inputs: Vec<Input>, configs: &Configs) -> Linted {
    let outcome = lint_with(&inputs, configs, LintOptions::places(), &|| ());
    Linted {
        name: name.to_owned(),
        inputs: inputs
            .into_iter()
            .map(|input| (input.display.clone(), input))
            .collect(),
        findings: outcome.diagnostics,
        project: outcome.project,
    }
}

/// What no page can show: a mark that is invisible, and comments whose rules do not run alone.
const UNSHOWN: [(&str, &str); 2] = [
    (
        "mark.json",
        "\u{feff}{ \"title\": \"D\", \"uid\": \"d\", \"schemaVersion\": 39, \"panels\": [] }\n",
    ),
    (
        "comments.yml",
        "groups:\n- name: g\n  rules:\n  # dashlint: ignore[invalid-promql] not so\n  - alert: A\n    expr: up == 0 # \
         dashlint: ignore[missing-for] so until 2020-01-01\n",
    ),
];
/// Rules whose fixes need a configuration: tests/runbooks.rs tries them.
const CONFIGURED: [&str; 3] = [
    "missing-runbook",
    "runbook-file-missing",
    "runbook-off-pattern",
];

/// The flagged examples of the pages: each a project of its own.
fn pages(configs: &Configs) -> Vec<Linted> {
    let flagged = RULES.iter().flat_map(|rule| {
        let of_page = examples(rule.page).into_iter();
        let flagged = of_page.filter(|example| example.kind == Kind::Flagged);
        let numbered = flagged.enumerate();
        numbered.map(|(number, example)| (rule.id, number, example))
    });
    flagged
        .map(|(rule, number, example)| {
            let name = format!("{rule}-{number}.{}", example.language);
            (name, example.text)
        })
        .chain(UNSHOWN.map(|(name, text)| (name.to_owned(), text.to_owned())))
        .map(|(name, text)| linted("pages", vec![input(&name, &text)], configs))
        .collect()
}

impl Linted {
    fn text(&self, file: &str) -> &Arc<str> {
        self.inputs[file].text.as_ref().unwrap()
    }

    fn again(&self, file: &str, text: &str, configs: &Configs) -> Vec<Diagnostic> {
        let input = Input {
            text: Some(Arc::from(text)),
            ..self.inputs[file].clone()
        };
        relint(&input, &self.project, configs)
    }
}

fn usable(finding: &Diagnostic) -> Option<&Fix> {
    let fix = finding.fix.as_ref()?;
    let one_file = fix
        .edits
        .iter()
        .all(|edit| edit.file == finding.location.file);
    (fix.safety > Safety::Display && finding.suppressed.is_none() && one_file).then_some(fix)
}

/// A query that found nothing cost next to nothing: mended it costs what it asks for.
const COSTS: [&str; 2] = ["panel-cost", "dashboard-cost"];

/// How often each rule finds something at warning or above.
fn grave<'d>(findings: impl IntoIterator<Item = &'d Diagnostic>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        let told = finding.severity >= Severity::Warning && finding.suppressed.is_none();
        if told && !COSTS.contains(&&*finding.rule) {
            *counts.entry(finding.rule.to_string()).or_insert(0) += 1;
        }
    }
    counts
}

fn told(findings: &[Diagnostic], rule: &str) -> usize {
    findings
        .iter()
        .filter(|finding| finding.rule == rule)
        .count()
}

/// The fix of one finding alone, or what is wrong with it. `before` is what is found in its file.
fn alone(
    linted: &Linted,
    finding: &Diagnostic,
    fix: &Fix,
    before: &[Diagnostic],
    configs: &Configs,
) -> Result<(), String> {
    let file = &finding.location.file;
    let text = linted.text(file);
    let mut edits: Vec<(Span, String)> = fix
        .edits
        .iter()
        .map(|edit| (edit.span, edit.replacement.clone()))
        .collect();
    edits.sort();
    edits.dedup();
    let new = apply(text, &edits).ok_or("the edits do not fit")?;
    let spans: Vec<Span> = edits.iter().map(|(span, _)| *span).collect();
    verify(file, text, &new, &spans)?;
    if text.contains("\r\n") != new.contains("\r\n") || text.ends_with('\n') != new.ends_with('\n')
    {
        return Err("line ends change".to_owned());
    }
    let after = linted.again(file, &new, configs);
    if told(&after, &finding.rule) >= told(before, &finding.rule) {
        return Err("it is still found".to_owned());
    }
    let then = grave(before);
    for (rule, count) in grave(&after) {
        if count > then.get(&rule).copied().unwrap_or(0) {
            return Err(format!("it brings {rule}"));
        }
    }
    Ok(())
}

/// Tries fixes alone: `of_each` rule so many, of files that are not too large; all without a number. How many of which rule.
fn try_alone(projects: &[Linted], of_each: Option<usize>) -> BTreeMap<String, usize> {
    let configs = everything();
    let mut by_rule: BTreeMap<&str, Vec<(&Linted, &Diagnostic)>> = BTreeMap::new();
    for linted in projects {
        for finding in linted.findings.iter().filter(|one| usable(one).is_some()) {
            by_rule
                .entry(&finding.rule)
                .or_default()
                .push((linted, finding));
        }
    }
    let mut random = Random::new(12);
    let mut chosen: BTreeMap<(&str, &str), Vec<(&Linted, &Diagnostic)>> = BTreeMap::new();
    let mut tried = BTreeMap::new();
    for (rule, mut found) in by_rule {
        random.shuffle(&mut found);
        if let Some(most) = of_each {
            found.sort_by_key(|(linted, one)| linted.text(&one.location.file).len() > LARGE);
            found.truncate(most);
        }
        tried.insert(rule.to_owned(), found.len());
        for (linted, finding) in found {
            let file = (linted.name.as_str(), &*finding.location.file);
            chosen.entry(file).or_default().push((linted, finding));
        }
    }
    let mut faults = Vec::new();
    for ((project, file), found) in chosen {
        let Some((linted, _)) = found.first() else {
            continue;
        };
        let before = linted.again(file, linted.text(file), &configs);
        for (linted, finding) in found {
            let fix = usable(finding).unwrap();
            if let Err(fault) = alone(linted, finding, fix, &before, &configs) {
                let line = finding.location.range.start.line;
                faults.push(format!(
                    "{project}/{file}:{line}: {}: {fault}",
                    finding.rule
                ));
            }
        }
    }
    eprintln!("{tried:#?}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    tried
}

#[test]
fn each_fix_of_the_pages_alone_does_what_it_says() {
    let tried = try_alone(&pages(&everything()), None);
    let with_fix = RULES
        .iter()
        .filter(|rule| rule.fix.is_some_and(|safety| safety > Safety::Display));
    let missing: Vec<&str> = with_fix
        .map(|rule| rule.id)
        .filter(|rule| !tried.contains_key(*rule) && !CONFIGURED.contains(rule))
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn each_fix_alone_does_what_it_says() {
    let Some(corpus) = corpus() else { return };
    let configs = everything();
    let projects: Vec<Linted> = projects(&corpus)
        .iter()
        .map(|root| lint(root, &configs))
        .collect();
    let tried = try_alone(&projects, Some(OF_EACH));
    assert!(tried.len() > 10);
}

/// The same of all of them.
#[test]
#[ignore = "takes many minutes"]
fn every_fix_alone_does_what_it_says() {
    let Some(corpus) = corpus() else { return };
    let configs = everything();
    for project in projects(&corpus) {
        try_alone(&[lint(&project, &configs)], None);
    }
}

#[test]
fn all_fixes_together_settle() {
    let Some(corpus) = corpus() else { return };
    // Every second project, for the sake of time.
    together(&corpus, 2);
}

/// The same of all projects.
#[test]
#[ignore = "takes minutes"]
fn all_fixes_of_all_projects_settle() {
    let Some(corpus) = corpus() else { return };
    together(&corpus, 1);
}

/// Applies all fixes of every `step`th project.
fn together(corpus: &Path, step: usize) {
    let configs = everything();
    let mut faults = Vec::new();
    let (mut applied, mut dropped) = (0, 0);
    for project in projects(corpus).into_iter().step_by(step) {
        let linted = lint(&project, &configs);
        let texts: Texts = linted
            .findings
            .iter()
            .filter(|finding| usable(finding).is_some())
            .map(|finding| {
                let file = &finding.location.file;
                (file.clone(), linted.text(file).clone())
            })
            .collect();
        let mut again = |texts: &Texts, changed: &BTreeSet<Arc<str>>| {
            let all = changed.iter();
            all.flat_map(|file| linted.again(file, &texts[file], &configs))
                .collect()
        };
        let outcome = run_rounds(
            texts.clone(),
            linted.findings.clone(),
            Safety::Unsafe,
            &mut again,
            &verify,
        );
        let name = project.file_name().unwrap().to_string_lossy();
        if !outcome.settled {
            faults.push(format!(
                "{name}: not settled after {} rounds",
                outcome.rounds
            ));
        }
        applied += outcome.applied.len();
        dropped += outcome.dropped.len();
        for one in &outcome.dropped {
            eprintln!(
                "{name}/{}:{} {} {}",
                one.fix.file, one.fix.line, one.fix.rule, one.reason
            );
        }
        for (file, new) in &outcome.changed {
            let (before, after) = (
                linted.again(file, &texts[file], &configs),
                linted.again(file, new, &configs),
            );
            let then = grave(&before);
            for (rule, count) in grave(&after) {
                if count > then.get(&rule).copied().unwrap_or(0) {
                    faults.push(format!("{name}/{file}: together they bring {rule}"));
                }
            }
        }
        // A second run has nothing left to do.
        let mut now = texts;
        now.extend(outcome.changed);
        let changed: BTreeSet<Arc<str>> = now.keys().cloned().collect();
        let findings = again(&now, &changed);
        let second = run_rounds(now, findings, Safety::Unsafe, &mut again, &verify);
        for file in second.changed.keys() {
            faults.push(format!("{name}/{file}: a second run changes it"));
        }
    }
    eprintln!("{applied} fixes applied, {dropped} dropped");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(applied > 100);
}
