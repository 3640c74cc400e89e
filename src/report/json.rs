//! One JSON document, and its schema.

use std::borrow::Cow;
use std::io;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, PrettyFormatter};

use super::harmless::Harmless;
use super::{Report, rule_url};
use crate::diagnostic::{
    self, Diagnostic, Group, Range, Safety, Severity, Summary, Suppression, TrailStep,
};

/// The version of the document's shape; it grows when a reader could break.
pub(super) const VERSION: u32 = 1;

/// Writes the document, finding by finding.
pub(super) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let document = Document {
        version: VERSION,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        summary: report.summary,
        diagnostics: Findings(report.diagnostics),
    };
    let formatter = Harmless(PrettyFormatter::new());
    document.serialize(&mut Serializer::with_formatter(&mut *out, formatter))?;
    out.write_all(b"\n")
}

/// Writes one finding without a line break in it.
pub(super) fn write_compact(diagnostic: &Diagnostic, out: &mut dyn io::Write) -> io::Result<()> {
    let formatter = Harmless(CompactFormatter);
    Finding::of(diagnostic).serialize(&mut Serializer::with_formatter(out, formatter))?;
    Ok(())
}

/// The schema of the `json` format: `schemas/report.schema.json`.
pub fn report_schema() -> serde_json::Value {
    let schema = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Document<'_>>();
    let mut schema = schema.to_value();
    if let Some(object) = schema.as_object_mut() {
        let id = concat!(
            env!("CARGO_PKG_REPOSITORY"),
            "/raw/main/schemas/report.schema.json"
        );
        object.insert("$id".into(), id.into());
        object.insert("title".into(), "dashlint report".into());
    }
    schema
}

/// What `dashlint --format json` writes. Lines and columns count from 1, columns in Unicode characters; offsets are
/// bytes of the file.
#[derive(Serialize, JsonSchema)]
struct Document<'a> {
    /// Version of this shape: it changes when a reader could break, not when a key is added.
    #[schemars(extend("const" = VERSION))]
    version: u32,
    /// What wrote it.
    tool: Tool<'a>,
    /// The counts.
    summary: &'a Summary,
    /// The findings, sorted by file, place and rule.
    diagnostics: Findings<'a>,
}

/// The program that wrote the report.
#[derive(Serialize, JsonSchema)]
struct Tool<'a> {
    /// Its name.
    name: &'a str,
    /// Its version.
    version: &'a str,
}

/// The findings, turned into their JSON one by one.
struct Findings<'a>(&'a [Diagnostic]);

impl Serialize for Findings<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Finding::of))
    }
}

impl JsonSchema for Findings<'_> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Findings".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<Finding<'_>>::json_schema(generator)
    }
}

/// A finding.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Diagnostic")]
struct Finding<'a> {
    /// The rule's id.
    rule: &'a str,
    /// The rule's group.
    group: Group,
    /// How bad it is.
    severity: Severity,
    /// One sentence: what goes wrong.
    message: &'a str,
    /// What to do.
    help: Option<&'a str>,
    /// The rule's page; null for rules of the user's own policies.
    url: Option<String>,
    /// The file, relative to the working directory where possible, with `/`.
    file: &'a str,
    /// Number of the document in the file, from 0 (YAML files may hold several).
    document: u32,
    /// JSON pointer in that document: to the value, or to the string that carries an embedded text.
    pointer: &'a str,
    /// JSON pointer inside the embedded text, where there is one.
    inner: Option<&'a str>,
    /// Where in the file; the end is the place after the last character.
    range: Range,
    /// The way there, from the dashboard or group down.
    trail: &'a [TrailStep],
    /// Other places it speaks of.
    related: Vec<Related<'a>>,
    /// The repair, if there is one.
    fix: Option<Fix<'a>>,
    /// What silenced it; silenced findings are listed with `--show-suppressed` only.
    suppressed: Option<&'a Suppression>,
    /// Identity that survives moved lines.
    fingerprint: &'a str,
}

/// A second place a finding speaks of.
#[derive(Serialize, JsonSchema)]
struct Related<'a> {
    /// The file.
    file: &'a str,
    /// Where in it.
    range: Range,
    /// What is there.
    message: &'a str,
}

/// A repair. Its edits belong together.
#[derive(Serialize, JsonSchema)]
struct Fix<'a> {
    /// What it does, in the imperative.
    title: &'a str,
    /// `safe`: applied by `--fix`; `unsafe`: by `--fix --unsafe-fixes`; `display`: by hand.
    safety: Safety,
    /// Replacements of bytes; none overlaps another.
    edits: Vec<Edit<'a>>,
}

/// The bytes from `start` to `end` (exclusive) become `replacement`.
#[derive(Serialize, JsonSchema)]
struct Edit<'a> {
    /// The file.
    file: &'a str,
    /// Offset of the first byte that goes.
    start: u32,
    /// Offset after the last byte that goes.
    end: u32,
    /// What stands there instead.
    replacement: &'a str,
}

impl<'a> Finding<'a> {
    fn of(diagnostic: &'a Diagnostic) -> Self {
        let location = &diagnostic.location;
        Finding {
            rule: &diagnostic.rule,
            group: diagnostic.group,
            severity: diagnostic.severity,
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
            url: rule_url(diagnostic),
            file: &location.file,
            document: location.document,
            pointer: &location.pointer,
            inner: location.inner.as_deref(),
            range: location.range,
            trail: &diagnostic.trail,
            related: diagnostic.related.iter().map(Related::of).collect(),
            fix: diagnostic.fix.as_ref().map(Fix::of),
            suppressed: diagnostic.suppressed.as_ref(),
            fingerprint: &diagnostic.fingerprint,
        }
    }
}

impl<'a> Related<'a> {
    fn of(related: &'a diagnostic::Related) -> Self {
        Related {
            file: &related.location.file,
            range: related.location.range,
            message: &related.message,
        }
    }
}

impl<'a> Fix<'a> {
    fn of(fix: &'a diagnostic::Fix) -> Self {
        let edits = fix.edits.iter().map(|edit| Edit {
            file: &edit.file,
            start: edit.span.start,
            end: edit.span.end,
            replacement: &edit.replacement,
        });
        Fix {
            title: &fix.title,
            safety: fix.safety,
            edits: edits.collect(),
        }
    }
}
