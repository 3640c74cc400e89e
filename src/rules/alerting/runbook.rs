//! What counts as a link to a runbook.

use std::borrow::Cow;

use super::face::alerts;
use crate::diagnostic::TrailStep;
use crate::diagnostic::suppress::parse_comment;
use crate::model::Panel;
use crate::rules::{Alert, Context};
use crate::span::Span;
use crate::syntax::NodeRef;

/// The annotations of an alert that hold its runbook's address: `runbook_url`, `runbook`, `runbookURL`,
/// `playbook_link` and the like.
pub(super) fn runbooks<'t>(alert: &Alert<'t>) -> Vec<NodeRef<'t>> {
    alert
        .node()
        .get("annotations")
        .into_iter()
        .flat_map(NodeRef::members)
        .filter(|member| member.key().is_some_and(|key| is_runbook(&key)))
        .collect()
}

/// Whether an annotation of this name holds a runbook's address.
pub(super) fn is_runbook(key: &str) -> bool {
    let plain: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    let plain = plain.to_ascii_lowercase();
    ["runbook", "playbook"]
        .iter()
        .filter_map(|book| plain.strip_prefix(book))
        .any(|rest| matches!(rest, "" | "url" | "uri" | "link" | "href"))
}

/// A link to a runbook.
pub(super) struct Link<'t> {
    /// The annotation or description.
    pub(super) node: NodeRef<'t>,
    text: Cow<'t, str>,
    /// Where the link stands in it.
    pub(super) span: Span,
    /// The way to what has it.
    pub(super) steps: Vec<TrailStep>,
}

impl Link<'_> {
    /// The address, without the white space around it.
    pub(super) fn url(&self) -> &str {
        self.text.get(self.span.range()).unwrap_or("")
    }
}

/// The links to runbooks of the document's alerts and, where they are asked for, of its panels' descriptions.
pub(super) fn links<'t>(cx: &Context<'_, 't>) -> Vec<Link<'t>> {
    let mut links = Vec::new();
    for seen in alerts(cx) {
        for node in runbooks(&seen.alert) {
            let Some(text) = node.as_text() else { continue };
            let url = text.value.trim();
            // Prose around a link, or steps written in place of one, are a runbook too.
            if url.contains(char::is_whitespace) && !url.starts_with("http") && !url.contains("{{")
            {
                continue;
            }
            let start = text.value.find(url).unwrap_or(0);
            links.push(Link {
                node,
                span: Span::new(start, start + url.len()),
                text: text.value,
                steps: seen.steps(),
            });
        }
    }
    if cx.settings.runbooks.panels
        && let Some(dashboard) = cx.dashboard()
    {
        for panel in &dashboard.panels {
            links.extend(described(cx, panel));
        }
    }
    links
}

/// The links to runbooks in a panel's description: those that say so, or lead where the project keeps them.
pub(super) fn described<'t>(cx: &Context<'_, 't>, panel: &Panel<'t>) -> Vec<Link<'t>> {
    let Some(node) = panel.node.get("description") else {
        return Vec::new();
    };
    let Some(text) = node.text() else {
        return Vec::new();
    };
    let value = text.value;
    let hosts = &cx.settings.runbooks.allow_hosts;
    let mut links = Vec::new();
    let mut rest = 0;
    let comments = match value.contains("<!--") {
        true => parse_comment(&value),
        false => Vec::new(),
    };
    // `[words](address)`, or an address in the text.
    while let Some((words, span)) = next_address(&value, rest) {
        rest = span.end as usize;
        // Why something is silenced, nobody reads in Grafana.
        let before = comments.partition_point(|comment| comment.span.start <= span.start);
        let around = before.checked_sub(1).and_then(|at| comments.get(at));
        if around.is_some_and(|comment| comment.span.encloses(span)) {
            continue;
        }
        let url = value.get(span.range()).unwrap_or("");
        let book = |text: &str| {
            let lower = text.to_lowercase();
            lower.contains("runbook") || lower.contains("playbook")
        };
        let host = url
            .split("://")
            .nth(1)
            .and_then(|rest| rest.split('/').next());
        if book(words) || book(url) || host.is_some_and(|host| hosts.iter().any(|own| own == host))
        {
            links.push(Link {
                node,
                text: value.clone(),
                span,
                steps: Context::panel_steps(panel),
            });
        }
    }
    links
}

/// The next address from byte `from` on, with the words of its link.
fn next_address(text: &str, from: usize) -> Option<(&str, Span)> {
    let rest = text.get(from..)?;
    let link = rest.find("](");
    let plain = rest
        .find("http://")
        .into_iter()
        .chain(rest.find("https://"))
        .min();
    match (link, plain) {
        (Some(link), plain) if plain.is_none_or(|plain| link < plain) => {
            let start = from + link + 2;
            let len = text[start..]
                .find([')', ' ', '\n'])
                .unwrap_or(text.len() - start);
            let words = rest[..link].rsplit('[').next().unwrap_or("");
            Some((words, Span::new(start, start + len)))
        }
        (_, Some(plain)) => {
            let start = from + plain;
            let len = text[start..]
                .find(|c: char| c.is_whitespace() || matches!(c, ')' | '>' | '"' | '<' | ']'))
                .unwrap_or(text.len() - start);
            Some(("", Span::new(start, start + len)))
        }
        _ => None,
    }
}
