//! GitLab's Code Quality report: a subset of Code Climate's issues (docs.gitlab.com, "Code Quality", report format).

use std::collections::HashMap;
use std::io;

use serde::Serializer as _;
use serde_json::ser::PrettyFormatter;
use serde_json::{Serializer, Value, json};

use super::Report;
use super::harmless::Harmless;
use crate::diagnostic::{Diagnostic, Severity, fingerprint};

/// Writes an array of issues; silenced findings are none.
pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut seen = HashMap::new();
    let issues = report
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.suppressed.is_none())
        .map(|diagnostic| issue(diagnostic, &mut seen));
    let formatter = Harmless(PrettyFormatter::new());
    Serializer::with_formatter(&mut *out, formatter).collect_seq(issues)?;
    out.write_all(b"\n")
}

/// `seen`: how often each fingerprint came. GitLab shows only the first issue of a fingerprint.
fn issue<'a>(diagnostic: &'a Diagnostic, seen: &mut HashMap<&'a str, u32>) -> Value {
    let count = seen.entry(&diagnostic.fingerprint).or_default();
    *count += 1;
    let identity = match count {
        1 => diagnostic.fingerprint.clone(),
        count => fingerprint([diagnostic.fingerprint.as_str(), &count.to_string()]),
    };
    let mut description = diagnostic.message.clone();
    if !diagnostic.trail.is_empty() {
        description = format!("{description} ({})", diagnostic.trail_text());
    }
    let range = diagnostic.location.range;
    json!({
        "description": description,
        "check_name": diagnostic.rule,
        "fingerprint": identity,
        "severity": match diagnostic.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Info => "info",
        },
        "location": {
            "path": &*diagnostic.location.file,
            "lines": { "begin": range.start.line.max(1), "end": range.end.line.max(1) },
        },
    })
}
