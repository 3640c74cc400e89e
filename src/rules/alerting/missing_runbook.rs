//! Alerts that wake somebody and do not say what to do.

use super::face::{Seen, alerts};
use super::runbook::runbooks;
use super::runbook_file::leads_nowhere;
use crate::diagnostic::{Group, Safety, Severity};
use crate::rules::{Check, Context, Rule};
use crate::span::Span;
use crate::syntax::{Dialect, NodeRef, Style};

pub(crate) const RULE: Rule = Rule {
    id: "missing-runbook",
    group: Group::Alerting,
    severity: Severity::Info,
    summary: "alert of a severity that wakes people, without a runbook link",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/alerting/missing-runbook.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let severities = &cx.settings.runbooks.required;
    let missing: Vec<_> = alerts(cx)
        .filter(|seen| {
            let severity = seen.label("severity").and_then(NodeRef::as_str);
            severity.is_some_and(|severity| severities.iter().any(|wanted| **wanted == *severity))
                && runbooks(&seen.alert).is_empty()
        })
        .collect();
    for seen in missing {
        let edit = added(cx, &seen);
        let _ = cx
            .report(
                seen.head(),
                "whoever is woken by this alert is not told what to do: it has no runbook link",
            )
            .at(seen.steps())
            .help("add an annotation `runbook_url` with the address of the page that says what to check and to do")
            .together("no runbook link either")
            .fix_in(
                seen.node(),
                "add the link that the project's pattern gives",
                Safety::Unsafe,
                edit.map(|edit| vec![edit]),
            );
    }
}

/// The line that adds the link the project's pattern gives, before the first annotation of a block of YAML.
fn added(cx: &Context<'_, '_>, seen: &Seen<'_, '_>) -> Option<(Span, String)> {
    let pattern = cx.settings.runbooks.pattern.as_ref()?;
    let link = pattern.link(&seen.name(), &seen.group_name())?;
    if leads_nowhere(cx, &link) {
        return None;
    }
    let annotations = seen.node().get("annotations")?;
    let first = annotations.members().next()?;
    let tree = first.tree();
    if tree.dialect() != Dialect::Yaml
        || annotations.is_alias()
        || annotations.style() == Style::Flow
    {
        return None;
    }
    let plain = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, ':' | '/' | '.' | '_' | '-' | '~' | '?' | '=' | '&' | '%')
    };
    if !link.starts_with("http") || !link.chars().all(plain) {
        return None;
    }
    let at = first.key_span()?.start as usize;
    let before = tree.text().get(..at)?;
    let indent = before.rsplit('\n').next()?;
    indent
        .chars()
        .all(|c| c == ' ')
        .then(|| (Span::at(at), format!("runbook_url: {link}\n{indent}")))
}
