//! What a change costs: as lines, as tables, as JSON.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::{CostFormat, VERSION};
use crate::cost::change::{Changed, CostChange};
use crate::cost::survey::Figure;
use crate::cost::time_in_words;
use crate::report::harmless::Harmless;
use crate::report::terminal::sanitize;

/// What `dashlint cost --since REVISION --format json` writes. All figures are estimates; lines count from 1.
#[derive(Serialize, JsonSchema)]
pub(super) struct Document<'a> {
    /// Version of this shape: it changes when a reader could break, not when a key is added.
    #[schemars(extend("const" = VERSION))]
    version: u32,
    #[serde(flatten)]
    change: &'a CostChange,
}

/// Writes what changed.
pub fn write_change(
    format: CostFormat,
    change: &CostChange,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        CostFormat::Json => {
            let formatter = Harmless(PrettyFormatter::new());
            let document = Document {
                version: VERSION,
                change,
            };
            document.serialize(&mut Serializer::with_formatter(&mut *out, formatter))?;
            writeln!(out)
        }
        CostFormat::Pretty => {
            for line in sums(change) {
                writeln!(out, "{line}")?;
            }
            for (title, entries) in parts(change) {
                writeln!(out, "\n{title}")?;
                for entry in entries {
                    writeln!(
                        out,
                        "  {:>9} → {:<9} {:>7}  {} ({}:{}){}",
                        figure(&entry.before),
                        figure(&entry.now),
                        growth(entry),
                        sanitize(&entry.name),
                        sanitize(&entry.at.file),
                        entry.at.line,
                        budget(entry),
                    )?;
                }
            }
            Ok(())
        }
        CostFormat::Markdown => {
            writeln!(out, "## What the change costs\n")?;
            for line in sums(change) {
                writeln!(out, "- {line}")?;
            }
            for (title, entries) in parts(change) {
                writeln!(out, "\n### {title}\n\n| before | now | | | where |")?;
                writeln!(out, "|--:|--:|--:|:--|:--|")?;
                for entry in entries {
                    let cell = |text: &str| sanitize(text).replace('|', "\\|");
                    writeln!(
                        out,
                        "| {} | {} | {} | {}{} | {}:{} |",
                        figure(&entry.before),
                        figure(&entry.now),
                        growth(entry),
                        cell(&entry.name),
                        budget(entry),
                        cell(&entry.at.file),
                        entry.at.line,
                    )?;
                }
            }
            Ok(())
        }
    }
}

fn sums(change: &CostChange) -> Vec<String> {
    let (before, now) = (&change.before, &change.now);
    let mut sums = Vec::new();
    for (what, before, now) in [
        ("Loading each dashboard once", before.load, now.load),
        (
            "Evaluating each group once",
            before.evaluation,
            now.evaluation,
        ),
    ] {
        if before.work > 0.0 || now.work > 0.0 {
            let (then, now) = (time_in_words(before.work), time_in_words(now.work));
            sums.push(format!(
                "{what} took an estimated {then} and takes {now} now."
            ));
        }
    }
    if sums.is_empty() {
        sums.push("No queries in PromQL found.".to_owned());
    }
    sums
}

fn parts(change: &CostChange) -> impl Iterator<Item = (&'static str, &[Changed])> {
    let parts = [
        ("Dashboards, each load", change.dashboards.as_slice()),
        ("Groups of rules, each evaluation", change.groups.as_slice()),
    ];
    parts.into_iter().filter(|(_, entries)| !entries.is_empty())
}

fn figure(figure: &Option<Figure>) -> String {
    figure.map_or_else(|| "–".to_owned(), |figure| time_in_words(figure.work))
}

fn growth(entry: &Changed) -> String {
    match (entry.before, entry.now) {
        (None, _) => "new".to_owned(),
        (_, None) => "gone".to_owned(),
        (Some(before), Some(now)) if before.work > 0.0 => {
            format!("{:+.0} %", (now.work / before.work - 1.0) * 100.0)
        }
        _ => String::new(),
    }
}

fn budget(entry: &Changed) -> String {
    match entry.budget {
        Some(share) if share > 1.0 => format!(", over its budget: {:.0} %", share * 100.0),
        _ => String::new(),
    }
}
