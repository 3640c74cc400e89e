//! Settings that let in more than one thinks.

use super::settings::{Setting, settings};
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Place, Rule};
use crate::secret::is_reference;

pub(crate) const ANONYMOUS: Rule = Rule {
    id: "anonymous-access",
    group: Group::Security,
    severity: Severity::Warning,
    summary: "Grafana that lets people in without signing in",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/security/anonymous-access.md"),
    check: Check::Document(check),
};

pub(crate) const UNSIGNED: Rule = Rule {
    id: "unsigned-plugins",
    group: Group::Security,
    severity: Severity::Warning,
    summary: "Grafana that loads plugins without a signature",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/security/unsigned-plugins.md"),
    check: Check::EmittedBy(ANONYMOUS.id),
};

fn check(cx: &mut Context<'_, '_>) {
    let all = settings(cx);
    let role = all
        .iter()
        .find(|setting| setting.name == "AUTH_ANONYMOUS_ORG_ROLE");
    let role = role.and_then(Setting::value);
    for setting in &all {
        let Some(value) = setting
            .value()
            .filter(|value| !value.trim().is_empty() && !is_reference(value))
        else {
            continue;
        };
        let place = || Place::text(setting.node, setting.span);
        match setting.name.as_str() {
            "AUTH_ANONYMOUS_ENABLED" if is_true(&value) => {
                let can = match role.as_deref() {
                    Some("Admin") => "may change everything, data sources and their passwords too",
                    Some("Editor") => {
                        "may change dashboards and ask the data sources whatever they like"
                    }
                    _ => "see every dashboard and may ask its data sources",
                };
                let _ = cx
                    .report_as(
                        &ANONYMOUS,
                        place(),
                        format!("people who are not signed in {can}"),
                    )
                    .help("let people sign in, or share single dashboards publicly");
            }
            "PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS" => {
                let _ = cx
                    .report_as(
                        &UNSIGNED,
                        place(),
                        "Grafana loads these plugins though nobody vouches for what is in them",
                    )
                    .help("sign them for this Grafana (`npx @grafana/sign-plugin`), or do without");
            }
            _ => {}
        }
    }
}

fn is_true(value: &str) -> bool {
    matches!(
        value.trim(),
        "1" | "t" | "T" | "TRUE" | "true" | "True" | "on" | "yes" | "y" | "YES" | "ON"
    )
}
