//! Links to runbooks that are not of the project's form.

use super::face::{Seen, alerts};
use super::runbook::runbooks;
use super::runbook_file::leads_nowhere;
use crate::diagnostic::{Group, Safety, Severity};
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;
use crate::template::Template;

pub(crate) const RULE: Rule = Rule {
    id: "runbook-off-pattern",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "runbook link that is not of the project's form",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/alerting/runbook-off-pattern.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    if cx.settings.runbooks.pattern.is_none() {
        return;
    }
    for seen in alerts(cx) {
        look(cx, &seen);
    }
}

fn look<'s, 't>(cx: &mut Context<'s, 't>, seen: &Seen<'s, 't>) {
    let Some(pattern) = &cx.settings.runbooks.pattern else {
        return;
    };
    let (name, group) = (seen.name(), seen.group_name());
    for node in runbooks(&seen.alert) {
        let Some(text) = node.as_text() else { continue };
        let url = text.value.trim();
        if Template::is_template(url) || pattern.matches(url, &name, &group) {
            continue;
        }
        // A page that is not there at all is another rule's matter.
        if leads_nowhere(cx, url) {
            continue;
        }
        let link = pattern.link(&name, &group);
        let unwritten = link.as_ref().is_some_and(|link| leads_nowhere(cx, link));
        let finding = cx
            .report(
                Place::value(node),
                format!("this runbook is not where the project keeps them: `{pattern}`"),
            )
            .at(seen.steps());
        let _ = match link {
            Some(link) if unwritten => finding.help(format!(
                "move the page there, or link to the right one: there is no `{link}` in this repository"
            )),
            Some(link) => {
                let whole = Span::new(0, text.value.len());
                let edit = node.encode_str(whole, &link);
                finding.help(format!("write `{link}`")).fix(
                    "write the link in the project's form",
                    Safety::Unsafe,
                    edit.map(|edit| vec![edit]),
                )
            }
            None => finding.help("move the page there, or correct the link"),
        };
    }
}
