//! Notification templates that Grafana cannot read or expand.

use rustc_hash::{FxHashMap, FxHashSet};

use super::facts::TEMPLATED_SETTINGS;
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Place, Rule, Scope};
use crate::syntax::NodeRef;
use crate::template::{Dialect, Template};

pub(crate) const RULE: Rule = Rule {
    id: "invalid-notification-template",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "notification template that Grafana cannot read or expand",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/invalid-notification-template.md"),
    check: Check::Document(check),
};

pub(crate) const REDEFINED: Rule = Rule {
    id: "notification-template-redefined",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "notification templates of one name",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/notification-template-redefined.md"),
    check: Check::EmittedBy("invalid-notification-template"),
};

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Alerting(alerting) = cx.scope else {
        return;
    };
    // What YAML's aliases repeat stands in the file once.
    let mut met = FxHashSet::default();
    let mut first = |node: &NodeRef<'_>| met.insert(node.resolve().id());
    let mut defined: FxHashMap<String, Place<'_, '_>> = FxHashMap::default();
    for entry in alerting.templates() {
        let Some(node) = entry.get("template").filter(&mut first) else {
            continue;
        };
        let Some(text) = node.as_str() else { continue };
        let template = Template::parse(&text, &Dialect::GRAFANA_NOTIFICATION);
        let effect = "Grafana refuses the template";
        faults(node, &template, effect, cx);
        for name in &template.defined {
            let place = Place::text(node, name.span);
            match defined.get(name.name.as_ref()) {
                Some(first) => {
                    let message = format!(
                        "only one of two templates called `{}` is ever used: one replaces the other",
                        name.name
                    );
                    let _ = cx
                        .report_as(&REDEFINED, place, message)
                        .related(*first, "the other one")
                        .help("give each template a name of its own");
                }
                None => {
                    defined.insert(name.name.clone().into_owned(), place);
                }
            }
        }
    }
    for receiver in alerting.receivers() {
        let settings = receiver.settings().filter(&mut first).into_iter();
        for setting in settings.flat_map(NodeRef::members) {
            let templated = setting
                .key()
                .is_some_and(|key| TEMPLATED_SETTINGS.contains(&key.as_ref()));
            let Some(text) = setting.as_str().filter(|_| templated) else {
                continue;
            };
            if Template::is_template(&text) && first(&setting) {
                let template = Template::parse(&text, &Dialect::GRAFANA_NOTIFICATION);
                faults(setting, &template, "no notification is sent", cx);
            }
        }
    }
}

/// What the parser refuses, and what fails once there is an alert to tell of.
fn faults<'t>(node: NodeRef<'t>, template: &Template<'_>, refused: &str, cx: &mut Context<'_, 't>) {
    for fault in &template.faults {
        let effect = match fault.kind.is_refused() {
            true => refused,
            false => "no notification is sent",
        };
        let message = format!("{effect}: {}", fault.message);
        let mut finding = cx.report(Place::text(node, fault.span), message);
        if !fault.kind.is_refused() {
            finding = finding.lower(Severity::Warning);
        }
        if let Some(help) = &fault.help {
            let _ = finding.help(help.clone());
        }
    }
}
