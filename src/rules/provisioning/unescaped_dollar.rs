//! Dollar signs that Grafana takes for variables of its environment.

use super::entry::Entry;
use crate::diagnostic::{Group, Safety, Severity};
use crate::rules::{Check, Context, Place, Rule, Scope};
use crate::source::kind::DocKind;
use crate::span::Span;
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "unescaped-dollar",
    group: Group::Provisioning,
    severity: Severity::Warning,
    summary: "`$` that Grafana expands before the one it is meant for sees it",
    since: "0.1.0",
    fix: Some(Safety::Safe),
    options: &[],
    page: include_str!("../../../rules/provisioning/unescaped-dollar.md"),
    check: Check::Document(check),
};

/// A dollar sign in a text that is lost.
struct Lost<'t> {
    node: NodeRef<'t>,
    /// The sign with its name, in bytes of the decoded text.
    span: Span,
}

/// One cause, one finding: whoever forgets one sign forgets them all.
fn check(cx: &mut Context<'_, '_>) {
    let lost = match (cx.scope, cx.document.map(|info| info.kind)) {
        (Scope::Alerting(alerting), Some(DocKind::GrafanaAlerting)) => {
            let labels = alerting
                .rules
                .iter()
                .filter_map(|rule| rule.node.get("labels"));
            find(labels.collect(), is_lost_in_label)
        }
        (_, Some(DocKind::DataSources)) => {
            let sources = Entry::all(cx);
            find(sources.iter().map(|entry| entry.node).collect(), is_lost)
        }
        _ => return,
    };
    report(cx, &lost);
}

fn report<'t>(cx: &mut Context<'_, 't>, lost: &[Lost<'t>]) {
    for lost in lost {
        let text = lost.node.as_text().map(|text| text.value);
        let name = text.as_deref().and_then(|text| text.get(lost.span.range()));
        let what = match name.filter(|_| !is_secret(lost.node)) {
            Some(name) => format!("`{name}`"),
            None => "a part of this secret".to_owned(),
        };
        let start = lost.span.start as usize;
        let edit = lost.node.encode_str(Span::new(start, start + 1), "$$");
        let _ = cx
            .report(
                Place::text(lost.node, lost.span),
                format!("when it reads the file Grafana takes {what} for a variable of its environment and puts nothing in its place"),
            )
            .help("write `$$` for a dollar sign")
            .together_by(&(), "here too")
            .fix("write `$$`", Safety::Safe, edit.map(|edit| vec![edit]));
    }
}

fn is_secret(node: NodeRef<'_>) -> bool {
    let around = node.parent().and_then(NodeRef::key);
    around.is_some_and(|key| matches!(key.as_ref(), "secureJsonData" | "secure_json_data"))
}

/// Every lost sign in the texts below `open`.
fn find<'t>(open: Vec<NodeRef<'t>>, is_lost: fn(&Sign<'_>, NodeRef<'_>) -> bool) -> Vec<Lost<'t>> {
    let mut open = open;
    let mut lost = Vec::new();
    while let Some(node) = open.pop() {
        // What an alias leads to stands elsewhere too.
        open.extend(node.children().filter(|child| !child.is_alias()));
        if node.kind() != Kind::String {
            continue;
        }
        let Some(text) = node.as_str().filter(|text| text.contains('$')) else {
            continue;
        };
        let found = signs(&text).filter(|sign| is_lost(sign, node));
        lost.extend(found.map(|sign| Lost {
            node,
            span: sign.span,
        }));
    }
    lost.sort_by_key(|lost| (lost.node.span().start, lost.span.start));
    lost
}

/// A dollar sign that is not doubled, with what follows.
struct Sign<'x> {
    span: Span,
    /// The name as `os.Expand` reads it, without braces.
    name: &'x str,
    /// It is one of Grafana's own: `$__env{…}`, `$__file{…}`.
    provider: bool,
    /// What stands before it.
    before: &'x str,
}

/// The signs that Grafana expands (pkg/setting/expanders.go, then `os.ExpandEnv`: a `$` before anything but a name, a digit or one of
/// `*#@!?-` stays).
fn signs(text: &str) -> impl Iterator<Item = Sign<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + text.get(from..)?.find('$')?;
            let rest = &text[at + 1..];
            if rest.starts_with('$') {
                from = at + 2;
                continue;
            }
            let (name, len) = match rest.strip_prefix('{') {
                Some(inner) => match inner.find('}') {
                    Some(end) => (&inner[..end], end + 2),
                    None => ("", 1),
                },
                None => {
                    let end = name_length(rest);
                    (&rest[..end], end)
                }
            };
            from = at + 1 + len;
            if name.is_empty() {
                continue;
            }
            let provider = rest[len.min(rest.len())..].starts_with('{')
                && matches!(name, "__env" | "__file" | "__vault");
            return Some(Sign {
                span: Span::new(at, from),
                name,
                provider,
                before: &text[..at],
            });
        }
    })
}

fn name_length(rest: &str) -> usize {
    match rest.chars().next() {
        Some('*' | '#' | '@' | '!' | '?' | '-' | '0'..='9') => 1,
        _ => rest
            .find(|char: char| !(char.is_ascii_alphanumeric() || char == '_'))
            .unwrap_or(rest.len()),
    }
}

/// No environment has such a variable: Grafana's run-time variables, groups of a regular expression, odd characters.
fn is_lost(sign: &Sign<'_>, node: NodeRef<'_>) -> bool {
    if sign.provider {
        return false;
    }
    let first = sign.name.chars().next().unwrap_or(' ');
    let odd = !(first.is_ascii_alphabetic() || first == '_');
    // `pa$sword` is a password, `Bearer $TOKEN` and `$token` are meant to be expanded.
    let inside = sign
        .before
        .chars()
        .next_back()
        .is_some_and(char::is_alphanumeric);
    let lower = sign.name.chars().any(char::is_lowercase) && !sign.name.contains('_');
    odd || sign.name.starts_with("__") || inside && lower && is_secret(node)
}

/// In a label's template a `$` begins a variable of the template.
fn is_lost_in_label(sign: &Sign<'_>, _: NodeRef<'_>) -> bool {
    let open = sign.before.rfind("{{");
    let inside = open.is_some_and(|open| !sign.before[open..].contains("}}"));
    inside && !sign.provider
}
