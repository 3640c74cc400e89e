//! Findings of other tools, in the form of our own report.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Deserialize;

use crate::diagnostic::{
    Diagnostic, Edit, Fix, Group, Identity, Location, Quotes, Range, Related, Safety, Severity,
    TrailStep, fingerprint,
};
use crate::source::Position;
use crate::span::Span;

/// What is read of a report: what it lacks beyond rule, severity, message and file is taken as unknown.
#[derive(Deserialize)]
struct Document {
    version: Option<u32>,
    diagnostics: Vec<Finding>,
}

#[derive(Deserialize)]
struct Finding {
    rule: String,
    group: Option<Group>,
    severity: Severity,
    message: String,
    help: Option<String>,
    file: String,
    #[serde(default)]
    document: u32,
    #[serde(default)]
    pointer: String,
    inner: Option<String>,
    range: Option<FoundRange>,
    #[serde(default)]
    trail: Vec<Step>,
    #[serde(default)]
    related: Vec<OtherPlace>,
    fix: Option<Repair>,
    fingerprint: Option<String>,
}

#[derive(Deserialize, Clone, Copy)]
struct FoundRange {
    start: Place,
    end: Option<Place>,
}

#[derive(Deserialize, Clone, Copy)]
struct Place {
    line: u32,
    column: u32,
    #[serde(default)]
    offset: u32,
}

#[derive(Deserialize)]
struct Step {
    kind: String,
    name: String,
    uid: Option<String>,
    id: Option<i64>,
}

#[derive(Deserialize)]
struct OtherPlace {
    file: String,
    range: FoundRange,
    message: String,
}

#[derive(Deserialize)]
struct Repair {
    title: String,
    safety: Safety,
    edits: Vec<Replacement>,
}

#[derive(Deserialize)]
struct Replacement {
    file: String,
    start: u32,
    end: u32,
    replacement: String,
}

/// Reads findings in the form of `--format json`, or a list of such findings alone. `name` says what our own reports call a file that this one names.
///
/// # Errors
/// It is no such report: why.
pub fn parse_report(text: &str, name: &dyn Fn(&str) -> String) -> Result<Vec<Diagnostic>, String> {
    let read = match text.trim_start().starts_with('[') {
        true => serde_json::from_str(text).map(|diagnostics| Document {
            version: None,
            diagnostics,
        }),
        false => serde_json::from_str(text),
    };
    let mut document = read.map_err(|error| {
        format!(
            "it is no report: {error} (expected is what `--format json` writes, or the list of its `diagnostics`)"
        )
    })?;
    if let Some(version) = document
        .version
        .filter(|version| *version != super::json::VERSION)
    {
        return Err(format!(
            "it is a report of version {version}, which is not known"
        ));
    }
    for file in document.diagnostics.iter_mut().flat_map(Finding::files) {
        *file = name(file);
    }
    Ok(document.diagnostics.into_iter().map(diagnostic).collect())
}

impl Finding {
    /// The files it names.
    fn files(&mut self) -> impl Iterator<Item = &mut String> {
        let related = self.related.iter_mut().map(|other| &mut other.file);
        let edits = self.fix.iter_mut().flat_map(|fix| &mut fix.edits);
        std::iter::once(&mut self.file)
            .chain(related)
            .chain(edits.map(|edit| &mut edit.file))
    }
}

fn diagnostic(finding: Finding) -> Diagnostic {
    let fingerprint = match &finding.fingerprint {
        None => own_fingerprint(&finding),
        Some(theirs) if is_digits(theirs) => theirs.clone(),
        // A baseline holds digits.
        Some(theirs) => fingerprint([theirs.as_str()]),
    };
    let known = |rule: &crate::rules::Rule| rule.group;
    let group = crate::rules::find(&finding.rule).map(known);
    Diagnostic {
        group: finding.group.or(group).unwrap_or(Group::Policy),
        rule: Cow::Owned(finding.rule),
        severity: finding.severity,
        message: finding.message,
        label: None,
        help: finding.help,
        quotes: Quotes::Anything,
        location: Location {
            document: finding.document,
            pointer: finding.pointer,
            inner: finding.inner,
            ..location(&finding.file, finding.range)
        },
        trail: finding.trail.into_iter().map(step).collect(),
        related: finding
            .related
            .into_iter()
            .map(|other| Related {
                location: location(&other.file, Some(other.range)),
                message: other.message,
            })
            .collect(),
        fix: finding.fix.map(fix),
        cause: None,
        measure: None,
        suppressed: None,
        fingerprint,
        by_title: None,
    }
}

fn is_digits(fingerprint: &str) -> bool {
    (16..=64).contains(&fingerprint.len())
        && fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Of a finding that has none: the rule, the way to it and what it says.
fn own_fingerprint(finding: &Finding) -> String {
    let trail = finding.trail.iter().map(|step| step.name.clone());
    let identity = Identity {
        whose: vec![finding.file.clone()],
        what: [finding.rule.clone(), finding.message.clone()]
            .into_iter()
            .chain(trail)
            .collect(),
    };
    identity.fingerprint(&mut rustc_hash::FxHashMap::default())
}

fn location(file: &str, range: Option<FoundRange>) -> Location {
    let position = |place: Place| Position {
        line: place.line.max(1),
        column: place.column.max(1),
        offset: place.offset,
    };
    let start = range.map_or_else(first, |range| position(range.start));
    let end = range.and_then(|range| range.end).map_or(start, position);
    Location::in_file(Arc::from(file), Range { start, end })
}

fn first() -> Position {
    Position {
        line: 1,
        column: 1,
        offset: 0,
    }
}

fn step(step: Step) -> TrailStep {
    TrailStep {
        kind: Cow::Owned(step.kind),
        name: step.name,
        uid: step.uid,
        id: step.id,
    }
}

fn fix(repair: Repair) -> Fix {
    let edit = |edit: Replacement| Edit {
        file: Arc::from(edit.file),
        span: Span {
            start: edit.start,
            end: edit.end.max(edit.start),
        },
        replacement: edit.replacement,
    };
    Fix {
        title: repair.title,
        safety: repair.safety,
        edits: repair.edits.into_iter().map(edit).collect(),
    }
}
