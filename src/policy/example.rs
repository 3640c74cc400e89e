//! The examples of rules, and whether they hold.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value as Json;

use super::kind::Kind;
use super::{PolicyRule, PolicySet};
use crate::config::Configs;
use crate::diagnostic::{Diagnostic, Safety};
use crate::fix::{MAX_ROUNDS, apply, plan};
use crate::lint::{Input, lint};
use crate::model::{Loaded, load};
use crate::source::Source;
use crate::source::kind::DocKind;
use crate::span::Span;

/// An example of a rule.
#[derive(Debug)]
pub(super) struct Example {
    pub(super) text: String,
    pub(super) expected: Expectation,
    pub(super) path: Option<String>,
    /// Where it stands in the policy file.
    pub(super) span: Span,
}

/// What is expected of it.
#[derive(Debug)]
pub(super) enum Expectation {
    /// The rule finds something, and its fix makes this of it.
    Flagged(Option<String>),
    /// It finds nothing.
    Clean,
}

/// An example that does not hold.
#[derive(Debug)]
pub struct Failure {
    /// The place of the example in its file.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What is expected, and what came instead.
    pub help: Option<String>,
}

impl PolicyRule {
    /// How many examples it has.
    pub fn example_count(&self) -> usize {
        self.examples.len()
    }

    /// Its examples as they are written: the text, and whether something is found in it.
    pub fn shown_examples(&self) -> impl Iterator<Item = (&str, bool)> {
        self.examples.iter().map(|example| {
            let flagged = matches!(example.expected, Expectation::Flagged(_));
            (example.text.as_str(), flagged)
        })
    }
}

/// Tries the examples of a rule.
pub fn run_examples(rule: &Arc<PolicyRule>) -> Vec<Failure> {
    let configs = Configs::of_policies(PolicySet::new(vec![rule.clone()]));
    let runner = Runner {
        rule,
        configs: &configs,
    };
    let examples = rule.examples.iter();
    examples
        .filter_map(|example| {
            let (message, help) = runner.fault(example)?;
            Some(Failure {
                span: example.span,
                message,
                help,
            })
        })
        .collect()
}

struct Runner<'r> {
    rule: &'r PolicyRule,
    configs: &'r Configs,
}

impl Runner<'_> {
    /// What is wrong with an example, if anything.
    fn fault(&self, example: &Example) -> Option<(String, Option<String>)> {
        let id = &self.rule.id;
        let (text, marks) = match unmark(&self.framed(&example.text)) {
            Ok(plain) => plain,
            Err(message) => return Some((message.to_owned(), None)),
        };
        let path = example
            .path
            .clone()
            .unwrap_or_else(|| name(&text).to_owned());
        if !self.is_seen(&path, &text) {
            let kinds: Vec<&str> = self.rule.on.iter().map(|kind| kind.name()).collect();
            let message = format!("this example of `{id}` holds no {}", kinds.join(" or "));
            let help = "write a whole file, or one such thing".to_owned();
            return Some((message, Some(help)));
        }
        let found = self.find(&path, &text);
        match &example.expected {
            Expectation::Clean => {
                let first = found.first()?;
                let message = format!(
                    "this example of `{id}` is said to be clean, and something is found in it"
                );
                Some((
                    message,
                    Some(format!("{:?}: {}", slice(&text, first), first.message)),
                ))
            }
            Expectation::Flagged(_) if found.is_empty() => {
                let message = format!("nothing is found in this example of `{id}`");
                Some((message, None))
            }
            Expectation::Flagged(fixed) => {
                let mut places: Vec<Span> = found.iter().map(|one| one.location.span()).collect();
                places.sort_unstable();
                places.dedup();
                if !marks.is_empty() && places != marks {
                    let list = |places: &[Span]| {
                        let texts = places
                            .iter()
                            .map(|place| format!("`{}`", cut(&text, *place)));
                        texts.collect::<Vec<_>>().join(", ")
                    };
                    let message =
                        format!("this example of `{id}` is found elsewhere than it is marked");
                    let help = format!("marked: {}; found: {}", list(&marks), list(&places));
                    return Some((message, Some(help)));
                }
                self.fix_fault(&path, &text, fixed.as_deref()?)
            }
        }
    }

    /// What is wrong with the fix of an example, if anything.
    fn fix_fault(&self, path: &str, text: &str, fixed: &str) -> Option<(String, Option<String>)> {
        let id = &self.rule.id;
        let wanted = self.framed(fixed);
        let mut now = text.to_owned();
        for _ in 0..MAX_ROUNDS {
            let mut found = self.find(path, &now);
            // What is only shown is tried here all the same.
            for fix in found.iter_mut().filter_map(|one| one.fix.as_mut()) {
                fix.safety = fix.safety.max(Safety::Unsafe);
            }
            let edits = plan(&found, Safety::Unsafe).edits().into_values().next();
            match edits.and_then(|edits| apply(&now, &edits)) {
                Some(next) if next != now => now = next,
                _ => break,
            }
        }
        if now == wanted {
            return None;
        }
        let message = match now == text {
            true => format!("the fix of `{id}` changes nothing in this example"),
            false => format!("the fix of `{id}` makes something else of this example"),
        };
        Some((message, Some(format!("it becomes\n{now}"))))
    }

    fn find(&self, path: &str, text: &str) -> Vec<Diagnostic> {
        let input = Input {
            path: PathBuf::from(path),
            display: Arc::from(path),
            target: true,
            provisioned: false,
            text: Some(Arc::from(text)),
        };
        let mut found = lint(&[input], self.configs, &|| ()).diagnostics;
        found.retain(|one| one.rule == self.rule.id && one.suppressed.is_none());
        found
    }

    /// Whether the text is a file with something the rule looks at.
    fn is_seen(&self, path: &str, text: &str) -> bool {
        match load(Arc::new(Source::new(path, None, text)), false) {
            Loaded::Parsed(file) => file
                .documents
                .iter()
                .any(|info| self.rule.on.iter().any(|kind| is_in(*kind, info.kind))),
            Loaded::Skipped(_) => false,
        }
    }

    /// The text as a whole file: a fragment is put where such a thing stands.
    fn framed(&self, text: &str) -> String {
        let plain = text.replace(['⟦', '⟧'], "");
        if self.is_seen(name(&plain), &plain) {
            return text.to_owned();
        }
        match self.rule.on.first() {
            Some(kind) => frame(*kind, text),
            None => text.to_owned(),
        }
    }
}

fn slice<'t>(text: &'t str, finding: &Diagnostic) -> &'t str {
    cut(text, finding.location.span())
}

fn cut(text: &str, span: Span) -> &str {
    text.get(span.range()).unwrap_or("")
}

/// The name of an example's file.
fn name(text: &str) -> &'static str {
    match is_json(text) {
        true => "example.json",
        false => "example.yaml",
    }
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
fn is_in(kind: Kind, document: DocKind) -> bool {
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
fn frame(kind: Kind, text: &str) -> String {
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
fn unmark(text: &str) -> Result<(String, Vec<Span>), &'static str> {
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
