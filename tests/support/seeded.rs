//! Faults that are planted in dashboards: each is found at its place, and nothing else is.
#![allow(clippy::print_stderr)] // how many were planted

use dashlint::diagnostic::Diagnostic;
use dashlint::span::Span;
use dashlint::syntax::NodeRef;

use super::corpus::corpus;

/// How many dashboards of the corpus faults are planted in.
const DASHBOARDS: usize = 40;

/// A field of an object with this value, in place of the one it has.
pub fn set(object: NodeRef<'_>, field: &str, value: &str) -> (Span, String) {
    match object.get(field) {
        Some(old) => (old.span(), value.to_owned()),
        None => {
            let start = object.span().start as usize + 1;
            (Span::new(start, start), format!("\"{field}\": {value}, "))
        }
    }
}

/// A text with these edits, which do not overlap.
pub fn edited(text: &str, mut edits: Vec<(Span, String)>) -> String {
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut edited = text.to_owned();
    for (span, new) in edits {
        edited.replace_range(span.range(), &new);
    }
    edited
}

/// What is wrong with the findings in a file after a fault for `rule` was planted, if anything: the rule must find it `at` a
/// text of the file (what is before `|` only leads there; anywhere where `at` is empty), and no other finding that is
/// `judged` may have come.
pub fn verdict(
    (rule, at): (&str, &str),
    planted: &str,
    before: &[Diagnostic],
    after: &[Diagnostic],
    judged: impl Fn(&Diagnostic) -> bool,
) -> Option<String> {
    let (lead, rest) = at.split_once('|').unwrap_or_default();
    let whole = format!("{lead}{rest}");
    let place = (!whole.is_empty()).then(|| planted.find(&whole).unwrap() + lead.len());
    let hit = |finding: &Diagnostic| {
        let start = finding.location.span().start as usize;
        finding.rule == rule && place.is_none_or(|place| place == start)
    };
    let new = new(before, after);
    if !after.iter().any(hit) {
        return Some(format!("{rule} is not found at `{at}`: {}", shown(&new)));
    }
    let others: Vec<&Diagnostic> = new
        .into_iter()
        .filter(|finding| judged(finding) && !hit(finding))
        .collect();
    (!others.is_empty()).then(|| format!("beside {rule} also {}", shown(&others)))
}

/// The findings that were not there before, by rule and message.
fn new<'d>(before: &[Diagnostic], after: &'d [Diagnostic]) -> Vec<&'d Diagnostic> {
    let words = |finding: &Diagnostic| (finding.rule.clone(), finding.message.clone());
    let mut old: Vec<_> = before.iter().map(words).collect();
    let mut new = Vec::new();
    for finding in after {
        match old.iter().position(|old| *old == words(finding)) {
            Some(at) => {
                old.swap_remove(at);
            }
            None => new.push(finding),
        }
    }
    new
}

fn shown(findings: &[&Diagnostic]) -> String {
    let list: Vec<String> = findings
        .iter()
        .map(|finding| {
            let start = finding.location.range.start;
            format!(
                "{}:{} {} {}",
                start.line, start.column, finding.rule, finding.message
            )
        })
        .collect();
    format!("{list:?}")
}

/// Plants faults in clean dashboards of the corpus, where it is there: hardly any may not be as it should.
///
/// `clean` gives what is found in a dashboard that has room for faults and nothing said against it; `plant` gives the verdict
/// on each fault it planted there.
pub fn in_real_dashboards(
    clean: impl Fn(&str) -> Option<Vec<Diagnostic>>,
    plant: impl Fn(&str, &[Diagnostic]) -> Vec<Option<String>>,
) {
    let Some(corpus) = corpus() else { return };
    let (mut dashboards, mut tried, mut faults) = (0, 0, Vec::new());
    for entry in walkdir::WalkDir::new(&corpus)
        .sort_by_file_name()
        .into_iter()
        .flatten()
    {
        if dashboards == DASHBOARDS {
            break;
        }
        if entry
            .path()
            .extension()
            .is_none_or(|extension| extension != "json")
        {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(entry.path()) else {
            continue;
        };
        let Some(before) = clean(&text) else {
            continue;
        };
        dashboards += 1;
        let verdicts = plant(&text, &before);
        tried += verdicts.len();
        let path = entry.path().display();
        faults.extend(
            verdicts
                .into_iter()
                .flatten()
                .map(|fault| format!("{path}: {fault}")),
        );
    }
    eprintln!(
        "{dashboards} dashboards, {tried} faults planted, {} not as they should",
        faults.len()
    );
    assert_eq!(dashboards, DASHBOARDS);
    assert!(faults.len() * 50 <= tried, "{}", faults.join("\n"));
}
