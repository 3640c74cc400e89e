//! reviewdog's diagnostic format (reviewdog, `proto/rdf/reviewdog.proto`). Its columns count bytes of UTF-8.

use std::io;
use std::sync::Arc;

use serde::Serialize;
use serde_json::ser::PrettyFormatter;
use serde_json::{Serializer, Value, json};

use super::harmless::Harmless;
use super::lines::Lines;
use super::{Report, rule_url};
use crate::diagnostic::{Diagnostic, Range, Severity};
use crate::source::Position;

/// Writes one `DiagnosticResult`; silenced findings are left out.
pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let document = Document {
        source: json!({ "name": env!("CARGO_PKG_NAME"), "url": env!("CARGO_PKG_REPOSITORY") }),
        diagnostics: Findings(report),
    };
    let formatter = Harmless(PrettyFormatter::new());
    document.serialize(&mut Serializer::with_formatter(&mut *out, formatter))?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'a> {
    source: Value,
    diagnostics: Findings<'a>,
}

/// The findings, turned into JSON one by one.
struct Findings<'a>(&'a Report<'a>);

impl Serialize for Findings<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut lines = Lines::new(self.0.sources);
        serializer.collect_seq(
            self.0
                .diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.suppressed.is_none())
                .map(|diagnostic| finding(diagnostic, &mut lines)),
        )
    }
}

fn finding(diagnostic: &Diagnostic, lines: &mut Lines<'_>) -> Value {
    let mut message = diagnostic.message.clone();
    if !diagnostic.trail.is_empty() {
        message = format!("{message} ({})", diagnostic.trail_text());
    }
    if let Some(help) = &diagnostic.help {
        message = format!("{message}\n{help}");
    }
    let file = &diagnostic.location.file;
    let mut value = json!({
        "message": message,
        "location": { "path": &**file, "range": range(file, diagnostic.location.range, lines) },
        "severity": match diagnostic.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        },
        "code": { "value": diagnostic.rule },
    });
    if let Some(url) = rule_url(diagnostic) {
        value["code"]["url"] = json!(url);
    }
    if let Some(suggestion) = suggestion(diagnostic, lines) {
        value["suggestions"] = json!([suggestion]);
    }
    value
}

/// The fix, if it is one replacement in the file of the finding: suggestions are taken one by one, and edits that belong
/// together must not be.
fn suggestion(diagnostic: &Diagnostic, lines: &mut Lines<'_>) -> Option<Value> {
    let [edit] = diagnostic.fix.as_ref()?.edits.as_slice() else {
        return None;
    };
    if edit.file != diagnostic.location.file {
        return None;
    }
    let place = Range {
        start: lines.position(&edit.file, edit.span.start)?,
        end: lines.position(&edit.file, edit.span.end)?,
    };
    Some(json!({ "range": range(&edit.file, place, lines), "text": edit.replacement }))
}

fn range(file: &Arc<str>, range: Range, lines: &mut Lines<'_>) -> Value {
    let mut place = |position: Position| {
        json!({
            "line": position.line.max(1),
            "column": lines.byte_column(file, position),
        })
    };
    json!({ "start": place(range.start), "end": place(range.end) })
}
