//! Secrets that stand in a file.

use super::secrets::{Secret, secrets};
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Place, Rule};
use crate::secret::Value;
use crate::source::kind::DocKind;

pub(crate) const RULE: Rule = Rule {
    id: "plain-text-secret",
    group: Group::Security,
    severity: Severity::Warning,
    summary: "password, token, key or webhook address in plain text",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/security/plain-text-secret.md"),
    check: Check::Document(check),
};

pub(crate) const PLACEHOLDER: Rule = Rule {
    id: "placeholder-secret",
    group: Group::Security,
    severity: Severity::Warning,
    summary: "word that stands for a secret somebody forgot to put in",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/security/placeholder-secret.md"),
    check: Check::EmittedBy(RULE.id),
};

fn check(cx: &mut Context<'_, '_>) {
    for secret in secrets(cx) {
        match secret.text().and_then(|text| Value::of(&text)) {
            None | Some(Value::Reference) => {}
            Some(Value::Placeholder) => report_placeholder(cx, &secret),
            Some(Value::Common) => report_common(cx, &secret),
            Some(Value::Plain) => report_plain(cx, &secret),
        }
    }
}

/// No word of it quotes the value.
fn report_plain<'t>(cx: &mut Context<'_, 't>, secret: &Secret<'t>) {
    let key = &secret.key;
    let message = match secret.in_url {
        true => format!(
            "the address in `{key}` has a secret in it: whoever reads this file can sign in with it"
        ),
        false => format!("`{key}` stands here in plain text: whoever reads this file can use it"),
    };
    let help = cure(cx);
    let _ = cx
        .report(Place::text(secret.node, secret.span), message)
        .help(format!(
            "{help}, and change the secret, for it is known now"
        ))
        .at(secret.trail());
}

/// The file gives nothing away, and the message quotes nothing either.
fn report_common<'t>(cx: &mut Context<'_, 't>, secret: &Secret<'t>) {
    let help = cure(cx);
    let _ = cx
        .report(
            Place::text(secret.node, secret.span),
            format!(
                "`{}` is a word that everybody tries first: whoever reaches this can sign in",
                secret.key
            ),
        )
        .lower(Severity::Info)
        .help(format!("{help}, if anything but a trial hangs on it"))
        .at(secret.trail());
}

fn report_placeholder<'t>(cx: &mut Context<'_, 't>, secret: &Secret<'t>) {
    let help = cure(cx);
    let _ = cx
        .report_as(
            &PLACEHOLDER,
            Place::text(secret.node, secret.span),
            format!("`{}` holds a word in place of the secret, so signing in fails until somebody puts it in", secret.key),
        )
        .help(help)
        .at(secret.trail());
}

/// Where a secret is to come from.
fn cure(cx: &Context<'_, '_>) -> &'static str {
    match cx.document.map(|info| info.kind) {
        Some(DocKind::OperatorDataSource | DocKind::OperatorAlerting) => {
            "take it from a Secret with `valuesFrom`"
        }
        Some(DocKind::Compose) => {
            "take it from the environment of Compose (`${NAME}`), or from a file with a variable whose name ends in `__FILE`"
        }
        _ => "take it from the environment (`$NAME`) or from a file (`$__file{/run/secrets/name}`)",
    }
}
