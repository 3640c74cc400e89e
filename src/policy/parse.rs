//! Reading a policy file. What is not understood is a fault with its place; the rules that are understood count all the same.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::compile::Compiler;
use super::condition::Condition;
use super::example::{Example, Expectation};
use super::fix::Repair;
use super::keys::{EXAMPLE_KEYS, FILE_KEYS, Key, RULE_KEYS};
use super::kind::Kind;
use super::message::Template;
use crate::config::nearest;
use crate::diagnostic::{Diagnostic, Safety, Severity};
use crate::source::Source;
use crate::span::Span;
use crate::syntax::{Kind as NodeKind, NodeRef, ProblemKind, parse_yaml};

/// The version of the language.
const VERSION: i64 = 1;
const NO_MAPPING: &str = "a policy file is a mapping";
const A_NAME: &str =
    "two parts of small letters, digits and `-`, with a `/` between: `acme/missing-team`";
const AN_EXAMPLE: &str = "such as `- flagged: '{ \"title\": \"x\" }'`";
const BEGINNING: &str = "begin with `version: 1` and `rules:`";
/// Larger policy files are not read.
const LARGEST: usize = 8 << 20;

/// A rule of a policy.
#[derive(Debug)]
pub struct PolicyRule {
    /// Its name.
    pub id: String,
    /// How bad its findings are unless configured otherwise.
    pub severity: Severity,
    /// A few words.
    pub summary: String,
    /// Why it is there.
    pub description: Option<String>,
    /// The message as it is written.
    pub message: String,
    /// The help as it is written.
    pub help: Option<String>,
    /// What it looks at.
    pub on: Vec<Kind>,
    /// The file it stands in.
    pub source: Arc<Source>,
    /// The place of its name.
    pub(crate) span: Span,
    /// One finding a document is enough.
    pub(super) once: bool,
    pub(super) checks: Vec<Check>,
    pub(super) examples: Vec<Example>,
}

impl PolicyRule {
    /// How far its fix can be trusted, if it has one.
    pub fn fix(&self) -> Option<Safety> {
        let repairs = self.checks.iter().filter_map(|check| check.repair.as_ref());
        repairs.map(|repair| repair.safety).max()
    }
}

/// A rule for one kind of thing.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) kind: Kind,
    pub(super) chosen: Option<Condition>,
    pub(super) required: Option<Condition>,
    pub(super) forbidden: Option<Condition>,
    pub(super) message: Template,
    pub(super) help: Option<Template>,
    pub(super) repair: Option<Repair>,
    /// What it says may be any value of the file.
    pub(super) shows_anything: bool,
}

/// A policy file.
#[derive(Debug, Default)]
pub(crate) struct PolicyFile {
    pub(crate) description: Option<String>,
    pub(crate) rules: Vec<Arc<PolicyRule>>,
    /// What is wrong with it.
    pub(crate) problems: Vec<Diagnostic>,
}

/// Reads a policy file.
pub(crate) fn parse(source: &Arc<Source>) -> PolicyFile {
    let mut reader = Compiler::new(source);
    let mut file = PolicyFile::default();
    if source.text.len() > LARGEST {
        reader.fault_at(
            Span::default(),
            "the file is too large for policies",
            "put the rules into several files",
        );
        file.problems = reader.finish();
        return file;
    }
    let tree = parse_yaml(source.text.clone());
    for problem in tree.problems() {
        let help = match problem.kind {
            ProblemKind::DuplicateKey => "put what stands under both into one",
            ProblemKind::UnknownAlias => "name the value with `&` before",
            _ => "policy files are YAML",
        };
        reader.fault_at(problem.span, problem.message.clone(), help);
    }
    if let Some(second) = tree.documents().nth(1) {
        let at = Span::at(second.span().start as usize);
        let help = "put the rules into one list, or into several files";
        reader.fault_at(at, "what follows a second `---` is not read", help);
    }
    match tree.root() {
        Some(root) if tree.problems().is_empty() => reader.file(root, source, &mut file),
        None if tree.problems().is_empty() => {
            reader.fault_at(Span::default(), NO_MAPPING, BEGINNING);
        }
        _ => {}
    }
    file.problems = reader.finish();
    file
}

impl Compiler<'_> {
    fn file(&mut self, root: NodeRef<'_>, source: &Arc<Source>, file: &mut PolicyFile) {
        if root.kind() != NodeKind::Object {
            self.fault(root, NO_MAPPING, BEGINNING);
            return;
        }
        self.keys(root, FILE_KEYS, "a policy file");
        match root.get("version") {
            Some(version) if version.as_i64() == Some(VERSION) => {}
            Some(version) => {
                let message = format!("version {} of the language is not known", version.raw());
                self.fault(version, message, format!("write `version: {VERSION}`"));
            }
            None => self.fault_at(
                Span::at(root.span().start as usize),
                "the file does not say the version of the language",
                format!("write `version: {VERSION}`"),
            ),
        }
        file.description = root
            .get("description")
            .and_then(|node| self.text(node, "description"));
        let Some(rules) = root.get("rules") else {
            let at = Span::at(root.span().start as usize);
            self.fault_at(at, "the file has no `rules`", BEGINNING);
            return;
        };
        if rules.kind() != NodeKind::Array {
            self.fault(rules, "`rules` is a list", "begin each rule with `- id:`");
        }
        let mut taken: FxHashSet<String> = FxHashSet::default();
        for node in rules.items() {
            let Some(rule) = self.rule(node, source) else {
                continue;
            };
            if !taken.insert(rule.id.clone()) {
                let message = format!("another rule is called `{}`, too", rule.id);
                self.fault_at(rule.span, message, "each rule has a name of its own");
                continue;
            }
            file.rules.push(Arc::new(rule));
        }
    }

    /// Tells of keys that are none.
    fn keys(&mut self, node: NodeRef<'_>, keys: &[Key], what: &str) {
        for member in node.members() {
            let name = member.key().unwrap_or_default();
            if keys.iter().any(|key| key.name == name) {
                continue;
            }
            let names = || keys.iter().map(|key| key.name);
            let help = match nearest(&name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it has {}", names().collect::<Vec<_>>().join(", ")),
            };
            self.fault_at_key(member, format!("{what} has no key `{name}`"), help);
        }
    }

    fn rule(&mut self, node: NodeRef<'_>, source: &Arc<Source>) -> Option<PolicyRule> {
        if node.kind() != NodeKind::Object {
            self.fault(node, "a rule is a mapping", "begin it with `id:`");
            return None;
        }
        let before = self.faults();
        self.keys(node, RULE_KEYS, "a rule");
        let given = |name: &str| node.get(name);
        let id = self.id(node);
        let (name, span) = match &id {
            Some((id, span)) => (format!("`{id}`"), *span),
            None => ("the rule".to_owned(), Span::at(node.span().start as usize)),
        };
        let on = self.on(node).unwrap_or_default();
        let severity = given("severity").and_then(|word| self.severity(word));
        let message = self.message(node, &name, span);
        if given("require").is_none() && given("forbid").is_none() {
            let message = format!("{name} neither requires nor forbids anything");
            self.fault_at(span, message, "write `require:` or `forbid:`");
        }
        let checks: Vec<Check> = on.iter().map(|&kind| self.check(node, kind)).collect();
        let mut text = |name: &str| given(name).and_then(|node| self.text(node, name));
        let (summary, description, help) = (text("summary"), text("description"), text("help"));
        let once = given("once").and_then(|node| self.boolean(node, "once"));
        let examples = given("examples").map_or_else(Vec::new, |list| self.examples(list));
        // With a part missing it would say something else.
        if self.faults() > before {
            return None;
        }
        let ((id, span), message) = (id?, message?);
        Some(PolicyRule {
            id,
            severity: severity.unwrap_or(Severity::Warning),
            summary: summary.unwrap_or_else(|| message.clone()),
            description,
            message,
            help,
            on,
            source: source.clone(),
            span,
            once: once.unwrap_or_default(),
            checks,
            examples,
        })
    }

    fn message(&mut self, rule: NodeRef<'_>, name: &str, span: Span) -> Option<String> {
        let Some(node) = rule.get("message") else {
            let help = "write `message:`, one sentence of what goes wrong";
            self.fault_at(span, format!("{name} has no message"), help);
            return None;
        };
        let text = self.text(node, "message")?;
        if text.trim().is_empty() {
            self.fault(
                node,
                "the message is empty",
                "one sentence of what goes wrong",
            );
        }
        Some(text)
    }

    /// The rule for one kind of thing. What is not understood is left out, and told.
    fn check(&mut self, rule: NodeRef<'_>, kind: Kind) -> Check {
        let mut condition = |name| self.condition(rule.get(name)?, kind, 0);
        let (chosen, required, forbidden) = (
            condition("where"),
            condition("require"),
            condition("forbid"),
        );
        let mut template = |name| self.template(rule.get(name)?, name, kind);
        let (message, help) = (template("message"), template("help"));
        let mut check = Check {
            shows_anything: false,
            kind,
            chosen: chosen.map(Condition::cheapest_first),
            required,
            forbidden,
            message: message.unwrap_or_default(),
            help,
            repair: rule.get("fix").and_then(|fix| self.repair(fix, kind)),
        };
        check.shows_anything = !check.says_names_only();
        check
    }

    fn id(&mut self, rule: NodeRef<'_>) -> Option<(String, Span)> {
        let Some(node) = rule.get("id") else {
            let at = Span::at(rule.span().start as usize);
            self.fault_at(at, "the rule has no `id`", A_NAME);
            return None;
        };
        let id = self.text(node, "id")?;
        let part = |part: &str| {
            let letters =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            !part.is_empty() && part.bytes().all(letters)
        };
        let parts: Vec<&str> = id.split('/').collect();
        if parts.len() != 2 || !parts.into_iter().all(part) {
            let message = format!("`{id}` is no name for a rule");
            self.fault(node, message, A_NAME);
            return None;
        }
        Some((id, node.span()))
    }

    fn on(&mut self, rule: NodeRef<'_>) -> Option<Vec<Kind>> {
        let Some(node) = rule.get("on") else {
            let message = "the rule does not say what it looks at";
            let at = Span::at(rule.span().start as usize);
            self.fault_at(at, message, "write `on: dashboard`, `on: panel` …");
            return None;
        };
        let one = (node.kind() != NodeKind::Array).then_some(node);
        let mut kinds = Vec::new();
        for item in node.items().chain(one) {
            let Some(word) = self.text(item, "on") else {
                continue;
            };
            let Some(kind) = Kind::named(&word) else {
                let names = || Kind::CHOSEN.iter().map(|kind| kind.name());
                let help = match nearest(&word, names()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
                };
                self.fault(item, format!("rules cannot look at `{word}`"), help);
                continue;
            };
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        if node.kind() == NodeKind::Array && node.items().next().is_none() {
            self.fault(
                node,
                "the list is empty: nothing is looked at",
                "write `on: dashboard`, `on: panel` …",
            );
        }
        Some(kinds)
    }

    fn severity(&mut self, node: NodeRef<'_>) -> Option<Severity> {
        let word = self.text(node, "severity")?;
        match word.parse() {
            Ok(severity) => Some(severity),
            Err(message) => {
                let near = nearest(&word, Severity::ALL.map(Severity::name));
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`error` where Grafana shows nothing or refuses it, `warning` where people are misled, `info` for advice".to_owned(),
                };
                self.fault(node, message, help);
                None
            }
        }
    }

    fn examples(&mut self, list: NodeRef<'_>) -> Vec<Example> {
        if list.kind() != NodeKind::Array {
            self.fault(list, "`examples` is a list", AN_EXAMPLE);
        }
        let mut examples = Vec::new();
        for node in list.items() {
            if node.kind() != NodeKind::Object {
                self.fault(node, "an example is a mapping", AN_EXAMPLE);
                continue;
            }
            self.keys(node, EXAMPLE_KEYS, "an example");
            let mut given = |name: &str| node.get(name).and_then(|text| self.text(text, name));
            let (flagged, clean) = (given("flagged"), given("clean"));
            let (fixed, path) = (given("fixed"), given("file"));
            let (text, expected) = match (flagged, clean) {
                (Some(text), None) => (text, Expectation::Flagged(fixed)),
                (None, Some(text)) if fixed.is_none() => (text, Expectation::Clean),
                _ => {
                    let message =
                        "an example is either `flagged`, with or without `fixed`, or `clean`";
                    self.fault(node, message, AN_EXAMPLE);
                    continue;
                }
            };
            let shown = node.get("flagged").or_else(|| node.get("clean"));
            examples.push(Example {
                text,
                expected,
                path,
                span: shown.and_then(NodeRef::key_span).unwrap_or(node.span()),
            });
        }
        examples
    }
}
