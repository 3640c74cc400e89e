//! The texts of examples: what they are, and the file around one thing of a kind.

use std::sync::Arc;

use serde_json::Value as Json;

use super::kind::Kind;
use crate::source::kind::DocKind;
use crate::span::Span;
use crate::syntax::{Dialect, parse};

/// The name of an example's file.
pub(super) fn name(text: &str) -> &'static str {
    match is_json(text) {
        true => "example.json",
        false => "example.yaml",
    }
}

/// Why a text is neither JSON nor YAML, if so.
pub(super) fn unreadable(text: &str) -> Option<String> {
    let dialect = match is_json(text) {
        true => Dialect::Json,
        false => Dialect::Yaml,
    };
    let tree = parse(Arc::from(text), dialect);
    let fault = tree.problems().iter().find(|one| one.kind.breaks())?;
    Some(fault.message.clone())
}

fn is_json(text: &str) -> bool {
    text.replace(['⟦', '⟧'], "").trim_start().starts_with('{')
}

/// A query may begin with a brace, too.
fn is_object(text: &str) -> bool {
    let plain = text.replace(['⟦', '⟧'], "");
    serde_json::from_str::<serde_json::Map<String, Json>>(&plain).is_ok()
}

/// Whether a document of this kind can hold such things.
pub(super) fn is_in(kind: Kind, document: DocKind) -> bool {
    let dashboard = matches!(
        document,
        DocKind::Dashboard
            | DocKind::ApiDashboard
            | DocKind::ResourceDashboard
            | DocKind::DashboardV2
            | DocKind::LibraryPanel
    );
    let rules = matches!(document, DocKind::PrometheusRules | DocKind::RuleResource);
    let alerting = matches!(
        document,
        DocKind::GrafanaAlerting | DocKind::OperatorAlerting
    );
    match kind {
        Kind::Dashboard | Kind::Row | Kind::Panel | Kind::Variable | Kind::Annotation => dashboard,
        Kind::Query => dashboard || rules || alerting,
        Kind::Alert | Kind::RecordingRule | Kind::Group => rules || alerting,
        Kind::ContactPoint | Kind::Policy => alerting,
        Kind::DataSource => matches!(document, DocKind::DataSources | DocKind::OperatorDataSource),
        Kind::Provider => document == DocKind::DashboardProviders,
        _ => false,
    }
}

/// A file around one thing of a kind.
pub(super) fn frame(kind: Kind, text: &str) -> String {
    let json = is_json(text);
    let list = |before: &str, after: &str| {
        format!("{{\"schemaVersion\": 39, \"title\": \"Example\", {before}{text}{after}}}")
    };
    let item = |before: &str, indent: usize| {
        let lines = text
            .trim_end()
            .replace('\n', &format!("\n{}", " ".repeat(indent)));
        format!("{before}{lines}\n")
    };
    match kind {
        Kind::Dashboard if json => {
            let inside = text.trim_start().trim_start_matches('{');
            format!("{{\"schemaVersion\": 39, \"panels\": [],{inside}")
        }
        Kind::Dashboard => format!("schemaVersion: 39\npanels: []\n{text}"),
        Kind::Row | Kind::Panel if json => list("\"panels\": [", "]"),
        Kind::Row | Kind::Panel => item("schemaVersion: 39\ntitle: Example\npanels:\n  - ", 4),
        Kind::Variable if json => list("\"panels\": [], \"templating\": {\"list\": [", "]}"),
        Kind::Variable => item(
            "schemaVersion: 39\npanels: []\ntemplating:\n  list:\n    - ",
            6,
        ),
        Kind::Annotation if json => list("\"panels\": [], \"annotations\": {\"list\": [", "]}"),
        Kind::Annotation => item(
            "schemaVersion: 39\npanels: []\nannotations:\n  list:\n    - ",
            6,
        ),
        Kind::Query => {
            let target = match is_object(text) {
                true => text.to_owned(),
                false => format!(
                    "{{\"refId\": \"A\", \"expr\": {}}}",
                    Json::from(text.trim())
                ),
            };
            format!(
                "{{\"schemaVersion\": 39, \"title\": \"Example\", \"panels\": [{{\"id\": 1, \"type\": \"timeseries\", \
                 \"title\": \"Example\", \"datasource\": {{\"type\": \"prometheus\", \"uid\": \"prometheus\"}}, \"targets\": [{target}]}}]}}"
            )
        }
        Kind::Alert | Kind::RecordingRule => {
            item("groups:\n  - name: example\n    rules:\n      - ", 8)
        }
        Kind::Group => item("groups:\n  - ", 4),
        Kind::DataSource => item("apiVersion: 1\ndatasources:\n  - ", 4),
        Kind::Provider => item("apiVersion: 1\nproviders:\n  - ", 4),
        Kind::ContactPoint => item("apiVersion: 1\ncontactPoints:\n  - ", 4),
        Kind::Policy => item("apiVersion: 1\npolicies:\n  - ", 4),
        _ => text.to_owned(),
    }
}

/// A text without its marks, and what they stand around.
pub(super) fn unmark(text: &str) -> Result<(String, Vec<Span>), &'static str> {
    let mut plain = String::with_capacity(text.len());
    let mut open = Vec::new();
    let mut marks = Vec::new();
    for letter in text.chars() {
        match letter {
            '⟦' => open.push(plain.len()),
            '⟧' => match open.pop() {
                Some(start) => marks.push(Span::new(start, plain.len())),
                None => return Err("a mark `⟧` closes nothing"),
            },
            letter => plain.push(letter),
        }
    }
    marks.sort_unstable();
    match open.is_empty() {
        true => Ok((plain, marks)),
        false => Err("a mark `⟦` is not closed"),
    }
}
