//! Every fix over real files, where they are there: alone and all together.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use dashlint::config::Configs;
use dashlint::diagnostic::{Diagnostic, Fix, Safety, Severity};
use dashlint::fix::{Texts, apply, run_rounds, verify};
use dashlint::lint::{Input, lint_apart, relint};
use dashlint::project::Project;
use dashlint::source::walk::walk;
use dashlint::span::Span;
use support::corpus::{corpus, projects};
use support::everything;
use support::shuffle::Random;

/// How many fixes of each rule are tried alone.
const OF_EACH: usize = 25;

struct Linted {
    inputs: BTreeMap<Arc<str>, Input>,
    findings: Vec<Diagnostic>,
    project: Project,
}

fn lint(root: &Path, configs: &Configs) -> Linted {
    let inputs: Vec<Input> = walk(root, false, &|_| true)
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
        })
        .collect();
    let outcome = lint_apart(&inputs, configs, None, &|| ());
    Linted {
        inputs: inputs
            .into_iter()
            .map(|input| (input.display.clone(), input))
            .collect(),
        findings: outcome.diagnostics,
        project: outcome.project,
    }
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

/// The fix of one finding alone, or what is wrong with it.
fn alone(
    linted: &Linted,
    finding: &Diagnostic,
    fix: &Fix,
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
    let before = linted.again(file, text, configs);
    let after = linted.again(file, &new, configs);
    if told(&after, &finding.rule) >= told(&before, &finding.rule) {
        return Err("it is still found".to_owned());
    }
    let then = grave(&before);
    for (rule, count) in grave(&after) {
        if count > then.get(&rule).copied().unwrap_or(0) {
            return Err(format!("it brings {rule}"));
        }
    }
    Ok(())
}

#[test]
fn each_fix_alone_does_what_it_says() {
    let Some(corpus) = corpus() else { return };
    let configs = everything();
    let mut random = Random::new(12);
    let mut tried: BTreeMap<String, usize> = BTreeMap::new();
    let mut faults = Vec::new();
    for project in projects(&corpus) {
        let linted = lint(&project, &configs);
        let mut fixable: Vec<_> = linted
            .findings
            .iter()
            .filter_map(|finding| Some((finding, usable(finding)?)))
            .collect();
        random.shuffle(&mut fixable);
        for (finding, fix) in fixable {
            let of_rule = tried.entry(finding.rule.to_string()).or_insert(0);
            // Large files take long, and hold much of the same.
            if *of_rule >= OF_EACH || linted.text(&finding.location.file).len() > 200_000 {
                continue;
            }
            *of_rule += 1;
            if let Err(fault) = alone(&linted, finding, fix, &configs) {
                let start = finding.location.range.start;
                let (file, rule) = (&finding.location.file, &finding.rule);
                let project = project.file_name().unwrap().to_string_lossy();
                faults.push(format!("{project}/{file}:{}: {rule}: {fault}", start.line));
            }
        }
    }
    eprintln!(
        "{} fixes of {} rules",
        tried.values().sum::<usize>(),
        tried.len()
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(tried.len() > 10);
}

#[test]
fn all_fixes_together_settle() {
    let Some(corpus) = corpus() else { return };
    let configs = everything();
    let mut faults = Vec::new();
    let (mut applied, mut dropped) = (0, 0);
    // Every second project, for the sake of time.
    for project in projects(&corpus).into_iter().step_by(2) {
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
