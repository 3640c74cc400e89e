//! SARIF 2.1.0 (OASIS standard), as GitHub's code scanning takes it.
//!
//! GitHub refuses a run of more than 25,000 results and stores the 5,000 most severe of them, so the most severe come first; of a
//! result's locations it keeps 100, of a rule's tags 10 (docs.github.com, "SARIF results exceed limit").

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;
use std::sync::Arc;

use serde::Serialize;
use serde_json::ser::PrettyFormatter;
use serde_json::{Serializer, Value, json};

use super::harmless::Harmless;
use super::line_hash::line_hashes;
use super::lines::Lines;
use super::uri::uri;
use super::{Report, Sources, rule_url};
use crate::diagnostic::{Diagnostic, Fix, Location, Range, Severity, Silencer, Suppression};
use crate::rules;

/// Results of a run.
const MAX_RESULTS: usize = 25_000;
/// Places of a result, besides the first.
const MAX_RELATED: usize = 99;

/// Writes the document, result by result.
pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut diagnostics: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    diagnostics.sort_by_key(|diagnostic| Reverse(diagnostic.severity));
    let left_out = diagnostics.len().saturating_sub(MAX_RESULTS);
    diagnostics.truncate(MAX_RESULTS);
    let hashes = hashes(report, &diagnostics);
    let rules: BTreeMap<&str, &Diagnostic> = diagnostics
        .iter()
        .map(|diagnostic| (&*diagnostic.rule, *diagnostic))
        .collect();
    let numbers: HashMap<&str, usize> = rules.keys().copied().zip(0..).collect();
    let document = Document {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: json!({ "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.values().map(|finding| descriptor(finding)).collect::<Vec<_>>(),
            }}),
            invocations: [invocation(left_out)],
            column_kind: "unicodeCodePoints",
            results: Results {
                diagnostics: &diagnostics,
                numbers: &numbers,
                hashes: &hashes,
                lines: RefCell::new(Lines::new(report.sources)),
            },
        }],
    };
    let formatter = Harmless(PrettyFormatter::new());
    document.serialize(&mut Serializer::with_formatter(&mut *out, formatter))?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    version: &'a str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Value,
    invocations: [Value; 1],
    column_kind: &'a str,
    results: Results<'a>,
}

/// The results, turned into JSON one by one.
struct Results<'a> {
    diagnostics: &'a [&'a Diagnostic],
    numbers: &'a HashMap<&'a str, usize>,
    hashes: &'a HashMap<Place<'a>, String>,
    lines: RefCell<Lines<'a>>,
}

impl Serialize for Results<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut told = HashSet::new();
        serializer.collect_seq(
            self.diagnostics
                .iter()
                .map(|diagnostic| self.result(diagnostic, &mut told)),
        )
    }
}

/// A line of a file.
type Place<'a> = (&'a str, u32);

/// The hash of each line something is found in.
fn hashes<'a>(report: &Report<'a>, diagnostics: &[&'a Diagnostic]) -> HashMap<Place<'a>, String> {
    let mut wanted: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for diagnostic in diagnostics {
        let location = &diagnostic.location;
        let lines = wanted.entry(&location.file).or_default();
        lines.insert(location.range.start.line);
    }
    let sources: &dyn Sources = report.sources;
    let mut found = HashMap::new();
    for (file, lines) in wanted {
        if let Some(text) = sources.text(file) {
            let hashes = line_hashes(&text, &lines).into_iter();
            found.extend(hashes.map(|(line, hash)| ((file, line), hash)));
        }
    }
    found
}

fn invocation(left_out: usize) -> Value {
    if left_out == 0 {
        return json!({ "executionSuccessful": true });
    }
    let text = format!(
        "{left_out} further findings are left out: a run holds {MAX_RESULTS} results at most"
    );
    json!({
        "executionSuccessful": true,
        "toolExecutionNotifications": [{ "level": "warning", "message": { "text": text } }],
    })
}

/// What is said of the rule of a finding.
fn descriptor(finding: &Diagnostic) -> Value {
    let id = &*finding.rule;
    let rule = rules::find(id);
    // GitHub wants words for every rule, those of users' policies too.
    let summary = rule.map_or(id, |rule| rule.summary);
    let mut descriptor = json!({
        "id": id,
        "shortDescription": { "text": summary },
        "fullDescription": { "text": summary },
        "help": { "text": summary },
        "defaultConfiguration": {
            "level": level(rule.map_or(finding.severity, |rule| rule.severity)),
        },
        "properties": { "tags": [finding.group.name()] },
    });
    if let Some(rule) = rule {
        descriptor["help"] = json!({
            "text": format!("{summary}: `dashlint explain {id}` says more"),
            "markdown": rule.page.trim_end(),
        });
    }
    if let Some(url) = rule_url(finding) {
        descriptor["helpUri"] = json!(url);
    }
    descriptor
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

impl<'a> Results<'a> {
    /// `told`: the rules that were reported for a line.
    fn result(
        &self,
        diagnostic: &'a Diagnostic,
        told: &mut HashSet<(&'a str, Place<'a>)>,
    ) -> Value {
        let mut text = diagnostic.message.clone();
        if let Some(help) = &diagnostic.help {
            text.push('\n');
            text.push_str(help);
        }
        let mut place = place(&diagnostic.location);
        if let Some(last) = diagnostic.trail.last() {
            place["logicalLocations"] = json!([{
                "name": last.name,
                "fullyQualifiedName": diagnostic.trail_text(),
                "kind": "object",
            }]);
        }
        let mut result = json!({
            "ruleId": diagnostic.rule,
            "ruleIndex": self.numbers.get(&*diagnostic.rule),
            "level": level(diagnostic.severity),
            "message": { "text": text },
            "locations": [place],
            "partialFingerprints": self.fingerprints(diagnostic, told),
        });
        if !diagnostic.related.is_empty() {
            let related = diagnostic.related.iter().take(MAX_RELATED).zip(1..);
            result["relatedLocations"] = related
                .map(|(related, id)| {
                    let mut place = self::place(&related.location);
                    place["id"] = json!(id);
                    place["message"] = json!({ "text": related.message });
                    place
                })
                .collect();
        }
        if let Some(fix) = diagnostic.fix.as_ref().and_then(|fix| self.fix(fix)) {
            result["fixes"] = json!([fix]);
        }
        if let Some(suppression) = &diagnostic.suppressed {
            result["suppressions"] = json!([suppressed(suppression)]);
        }
        result
    }

    /// GitHub's own fingerprint is that of a line. Two findings of one rule on a line (a dashboard on one line!) would be one
    /// to it: from the second on, ours stands in its place.
    fn fingerprints(
        &self,
        diagnostic: &'a Diagnostic,
        told: &mut HashSet<(&'a str, Place<'a>)>,
    ) -> Value {
        let mut fingerprints = json!({ "dashlint/v1": diagnostic.fingerprint });
        let line = (
            &*diagnostic.location.file,
            diagnostic.location.range.start.line,
        );
        let hash = if told.insert((&diagnostic.rule, line)) {
            self.hashes.get(&line).cloned()
        } else {
            diagnostic
                .fingerprint
                .get(16..)
                .map(|own| format!("{own}:1"))
        };
        if let Some(hash) = hash {
            fingerprints["primaryLocationLineHash"] = json!(hash);
        }
        fingerprints
    }

    /// A fix; `None` when a text it changes cannot be had, or when there is nothing to replace.
    fn fix(&self, fix: &Fix) -> Option<Value> {
        let mut lines = self.lines.borrow_mut();
        let mut changes: BTreeMap<&Arc<str>, Vec<Value>> = BTreeMap::new();
        for edit in &fix.edits {
            let range = Range {
                start: lines.position(&edit.file, edit.span.start)?,
                end: lines.position(&edit.file, edit.span.end)?,
            };
            changes.entry(&edit.file).or_default().push(json!({
                "deletedRegion": region(range),
                "insertedContent": { "text": edit.replacement },
            }));
        }
        if changes.is_empty() {
            return None;
        }
        let changes: Vec<Value> = changes
            .into_iter()
            .map(|(file, replacements)| {
                json!({
                    "artifactLocation": { "uri": uri(file) },
                    "replacements": replacements,
                })
            })
            .collect();
        Some(json!({
            "description": { "text": format!("{} ({})", fix.title, fix.safety.name()) },
            "artifactChanges": changes,
        }))
    }
}

fn place(location: &Location) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&location.file) },
        "region": region(location.range),
    }})
}

fn region(range: Range) -> Value {
    json!({
        "startLine": range.start.line.max(1),
        "startColumn": range.start.column.max(1),
        "endLine": range.end.line.max(1),
        "endColumn": range.end.column.max(1),
    })
}

fn suppressed(suppression: &Suppression) -> Value {
    let kind = match suppression.by {
        Silencer::Comment | Silencer::Pint => "inSource",
        Silencer::Config | Silencer::Baseline | Silencer::Lint => "external",
    };
    let mut value = json!({ "kind": kind, "status": "accepted" });
    if let Some(reason) = &suppression.reason {
        value["justification"] = json!(reason);
    }
    value
}
