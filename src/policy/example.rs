//! The examples of rules, and whether they hold.

use std::path::PathBuf;
use std::sync::Arc;

use super::condition::Condition;
use super::frame::{frame, is_in, name, unmark, unreadable};
use super::kind::Kind;
use super::message::Template;
use super::parse::Check;
use super::{PolicyRule, PolicySet};
use crate::config::Configs;
use crate::diagnostic::{Diagnostic, Safety, Severity};
use crate::fix::{MAX_ROUNDS, apply, plan};
use crate::lint::{Input, lint};
use crate::model::{Loaded, load};
use crate::source::Source;
use crate::span::Span;

/// The name of the rule that tells whether an example holds anything that a rule looks at. Users' names are in small letters.
const PROBE: &str = "policy/ANYTHING";

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
    if rule.examples.is_empty() {
        return Vec::new();
    }
    let rules = vec![rule.clone(), Arc::new(PolicyRule::probe(rule))];
    let configs = Configs::of_policies(PolicySet::new(rules).trying_repairs());
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

impl PolicyRule {
    /// A rule that finds each thing that `rule` looks at.
    fn probe(rule: &PolicyRule) -> PolicyRule {
        let check = |kind: &Kind| Check {
            kind: *kind,
            shows_anything: false,
            chosen: None,
            required: None,
            forbidden: Some(Condition::And(Vec::new())),
            message: Template::default(),
            help: None,
            repair: None,
        };
        PolicyRule {
            id: PROBE.to_owned(),
            severity: Severity::Error,
            summary: String::new(),
            description: None,
            message: String::new(),
            help: None,
            on: rule.on.clone(),
            source: rule.source.clone(),
            span: rule.span,
            once: true,
            checks: rule.on.iter().map(check).collect(),
            examples: Vec::new(),
        }
    }
}

/// What is found in an example.
struct Found {
    of_rule: Vec<Diagnostic>,
    /// Whether there is anything that the rule looks at.
    things: bool,
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
        if let Some(message) = unreadable(&text) {
            let message = format!("this example of `{id}` cannot be read: {message}");
            let help = "write JSON or YAML, of a query its text".to_owned();
            return Some((message, Some(help)));
        }
        let Found {
            of_rule: found,
            things,
        } = self.find(&path, &text);
        if !things {
            let kinds: Vec<&str> = self.rule.on.iter().map(|kind| kind.name()).collect();
            let message = format!(
                "this example of `{id}` holds no {}: it proves nothing",
                kinds.join(" or ")
            );
            let help = "write a whole file, or one such thing".to_owned();
            return Some((message, Some(help)));
        }
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
                self.fix_fault(&path, &text, found, fixed.as_deref())
            }
        }
    }

    /// What is wrong with the fix of an example, if anything. `found` is what is found in it, `fixed` what it is to become.
    fn fix_fault(
        &self,
        path: &str,
        text: &str,
        found: Vec<Diagnostic>,
        fixed: Option<&str>,
    ) -> Option<(String, Option<String>)> {
        let id = &self.rule.id;
        let mut found = found;
        let mut texts = vec![text.to_owned()];
        for _ in 0..MAX_ROUNDS {
            // What is only shown is tried here all the same.
            for fix in found.iter_mut().filter_map(|one| one.fix.as_mut()) {
                fix.safety = fix.safety.max(Safety::Unsafe);
            }
            let now = texts.last()?;
            let edits = plan(&found, Safety::Unsafe).edits().into_values().next();
            match edits.and_then(|edits| apply(now, &edits)) {
                Some(next) if next != *now => texts.push(next),
                _ => break,
            }
            found = self.find(path, texts.last()?).of_rule;
        }
        let becomes = |text: Option<&String>| {
            let text = text.map_or("", String::as_str);
            Some(format!("it becomes\n{text}"))
        };
        if found.iter().any(|one| one.fix.is_some()) {
            let message =
                format!("the fix of `{id}` does not cure this example: it is found again");
            return Some((message, becomes(texts.get(1).or(texts.last()))));
        }
        let wanted = self.framed(fixed?);
        let now = texts.last()?;
        if *now == wanted {
            return None;
        }
        let message = match texts.len() {
            1 => format!("the fix of `{id}` changes nothing in this example"),
            _ => format!("the fix of `{id}` makes something else of this example"),
        };
        Some((message, becomes(Some(now))))
    }

    fn find(&self, path: &str, text: &str) -> Found {
        let input = Input {
            path: PathBuf::from(path),
            display: Arc::from(path),
            target: true,
            provisioned: false,
            text: Some(Arc::from(text)),
        };
        let found = lint(&[input], self.configs, &|| ()).diagnostics;
        let things = found.iter().any(|one| one.rule == PROBE);
        let of_rule = |one: &Diagnostic| one.rule == self.rule.id && one.suppressed.is_none();
        Found {
            of_rule: found.into_iter().filter(of_rule).collect(),
            things,
        }
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
