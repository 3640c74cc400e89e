//! Notification templates that nothing defines.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::{Dangling, nothing, report};
use crate::diagnostic::{Group, Severity};
use crate::project::{Missing, NameKind};
use crate::rules::alerting::grafana::TEMPLATED_SETTINGS;
use crate::rules::trail::step;
use crate::rules::{Check, Context, Rule, Scope};
use crate::span::Span;
use crate::syntax::NodeRef;
use crate::template::{Dialect, Template};

pub(crate) const RULE: Rule = Rule {
    id: "unknown-notification-template",
    group: Group::References,
    severity: Severity::Warning,
    summary: "notification template that nothing defines",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/references/unknown-notification-template.md"),
    check: Check::Document(check),
};

/// What the templates are called that every Grafana has (grafana/alerting of August 2026, templates/default_template.go, and those of
/// Alertmanager, template/default.tmpl): `default.title`, `slack.default.footer`, `__subject`.
fn is_built_in(name: &str) -> bool {
    name.starts_with("__") || name.starts_with("default.") || name.contains(".default.")
}

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Alerting(alerting) = cx.scope else {
        return;
    };
    // What YAML's aliases repeat stands in the file once.
    let mut met = FxHashSet::default();
    let mut found = Vec::new();
    for receiver in alerting.receivers() {
        let name = receiver.name().unwrap_or_default().into_owned();
        let settings = receiver.settings().into_iter();
        for setting in settings.flat_map(NodeRef::members) {
            let templated = setting
                .key()
                .is_some_and(|key| TEMPLATED_SETTINGS.contains(&key.as_ref()));
            if templated && met.insert(setting.resolve().id()) {
                let missing = undefined(setting, cx);
                let steps = || vec![step("contact point", name.clone())];
                found.extend(missing.into_iter().map(|one| one.at(steps())));
            }
        }
    }
    for entry in alerting.templates() {
        let text = entry.get("template");
        if let Some(node) = text.filter(|node| met.insert(node.resolve().id())) {
            found.extend(undefined(node, cx));
        }
    }
    if !found.is_empty() {
        let known = cx.reach.names(NameKind::NotificationTemplate);
        report(cx, found, &known);
    }
}

/// The templates that a text expands and nobody defines.
fn undefined<'t>(node: NodeRef<'t>, cx: &Context<'_, 't>) -> Vec<Dangling<'t>> {
    let Some(text) = node.as_str().filter(|text| text.contains("template")) else {
        return Vec::new();
    };
    let template = Template::parse(&text, &Dialect::GRAFANA_NOTIFICATION);
    let own: FxHashSet<&str> = template
        .defined
        .iter()
        .map(|one| one.name.as_ref())
        .collect();
    let used = template.used.iter().filter(|used| {
        let name = used.name.as_ref();
        !own.contains(name) && !is_built_in(name) && !name.contains('$')
    });
    used.filter_map(|used| {
        let missing = cx
            .reach
            .missing(NameKind::NotificationTemplate, &used.name)?;
        let words = nothing("notification template", "is called", &used.name, missing);
        let message = match missing {
            Missing::Certainly => format!("{words}: no notification is sent"),
            Missing::Possibly => {
                format!("{words}: unless it comes from elsewhere, no notification is sent")
            }
        };
        let name = Cow::Owned(used.name.clone().into_owned());
        let dangling = Dangling::new(node, name, missing, message);
        Some(dangling.within(Span::new(used.span.start as usize, used.span.end as usize)))
    })
    .collect()
}
