//! The report of `dashlint cost`.

mod change;
mod markdown;
mod pretty;

pub use change::write_change;

use std::io;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::Style;
use super::harmless::Harmless;
use crate::cost::survey::{PartCost, Survey, Totals};
use crate::cost::{in_words, time_in_words};

/// A way to write the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum CostFormat {
    /// For people at a terminal.
    Pretty,
    /// One JSON document.
    Json,
    /// Tables for a pull request or a wiki.
    Markdown,
}

/// Version of the JSON document: it changes when a reader could break, not when a key is added.
const VERSION: u32 = 1;

/// What `dashlint cost --format json` writes. All figures are estimates; lines count from 1.
#[derive(Serialize, JsonSchema)]
struct Document<'a> {
    /// Version of this shape: it changes when a reader could break, not when a key is added.
    #[schemars(extend("const" = VERSION))]
    version: u32,
    #[serde(flatten)]
    survey: &'a Survey,
}

/// The schema of that document: `schemas/cost.schema.json`.
pub fn cost_schema() -> serde_json::Value {
    schema_of::<Document<'_>>("cost", "dashlint cost report")
}

/// The schema of what `--since` makes of it: `schemas/cost-change.schema.json`.
pub fn cost_change_schema() -> serde_json::Value {
    schema_of::<change::Document<'_>>("cost-change", "dashlint cost report of a change")
}

fn schema_of<T: JsonSchema>(name: &str, title: &str) -> serde_json::Value {
    let mut schema = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    if let Some(object) = schema.as_object_mut() {
        let id = format!(
            "{}/raw/main/schemas/{name}.schema.json",
            env!("CARGO_PKG_REPOSITORY")
        );
        object.insert("$id".into(), id.into());
        object.insert("title".into(), title.into());
    }
    schema
}

/// Writes what a project costs.
pub fn write(
    format: CostFormat,
    survey: &Survey,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        CostFormat::Pretty => pretty::write(survey, style, out),
        CostFormat::Markdown => markdown::write(survey, out),
        CostFormat::Json => {
            let formatter = Harmless(PrettyFormatter::new());
            let document = Document {
                version: VERSION,
                survey,
            };
            document.serialize(&mut Serializer::with_formatter(&mut *out, formatter))?;
            writeln!(out)
        }
    }
}

/// A share of something, from 0 to 1.
fn percent(share: f64) -> String {
    match share * 100.0 {
        p if p > 0.0 && p < 0.95 => "<1%".to_owned(),
        p => format!("{p:.0}%"),
    }
}

/// `34,000 series × 1,400 steps × 40 samples each`, or `100 series × 40,000 samples to read`
fn reading(part: &PartCost) -> String {
    let mut words = format!("{} series", in_words(part.series));
    match part.mostly_read {
        Some(samples) => words += &format!(" × {} samples to read", in_words(samples)),
        None => {
            if part.steps > 1.0 {
                words += &format!(" × {} steps", in_words(part.steps));
            }
            if part.samples >= 50.0 {
                words += &format!(" × {} samples each", in_words(part.samples));
            }
        }
    }
    if part.times > 1 {
        words += &format!(", {} times", part.times);
    }
    words
}

fn plural(count: f64, word: &str) -> String {
    match count {
        1.0 => format!("1 {word}"),
        count => format!("{} {word}s", in_words(count)),
    }
}

/// What was looked at, in a sentence for dashboards and one for rules; nothing for what there is none of.
fn sums(totals: &Totals) -> Vec<String> {
    let mut sums = Vec::new();
    if totals.dashboards > 0 {
        sums.push(format!(
            "{} with {} and {}: loading each once takes an estimated {} of one processor, {} samples",
            plural(totals.dashboards as f64, "dashboard"),
            plural(totals.panels as f64, "panel"),
            plural(totals.queries, "query").replace("querys", "queries"),
            time_in_words(totals.load.work),
            in_words(totals.load.samples),
        ));
    }
    if totals.groups > 0 {
        sums.push(format!(
            "{} with {}: evaluating each once takes an estimated {}, all the time {} of one processor",
            plural(totals.groups as f64, "group"),
            plural(totals.rules as f64, "rule"),
            time_in_words(totals.evaluation.work),
            percent(totals.busy),
        ));
    }
    sums
}

/// What the figures are worth.
fn caveat(survey: &Survey) -> &'static str {
    match survey.counted {
        true => {
            "Numbers of series were counted where the configuration says so, and guessed from names elsewhere."
        }
        false => {
            "Numbers of series are guessed from names, so read which costs more than which; `series = \"counts.json\"` in dashlint.toml replaces the guesses."
        }
    }
}
