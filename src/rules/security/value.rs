//! What the text of a secret is: the secret itself, a reference to it, or a word that stands for it.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::is_reference;

/// What a secret's text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// It comes from elsewhere, or is encrypted.
    Reference,
    /// A word that somebody is to replace.
    Placeholder,
    /// The secret.
    Plain,
}

/// Words people write where a secret will stand.
static PLACEHOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)
        ^<[^>]*>$ | ^\[[^\]]*\]$ | ^\.{2,}$ | ^[x*]{3,}$ | [x*]{4,} | …
        | (?:^|[^a-z]) (?:your|change[-_]?(?:me|it|this)|replace|placeholder|example|dummy|todo|fixme|redacted|insert) (?:[^a-z]|$)
        | (?:^|[^a-z]) (?:your|my)[-_a-z]*(?:key|token|secret|password|webhook|url) (?:[^a-z]|$)",
    )
    .ok()
});

/// A word in capitals with underscores is the name of a variable that something else puts in.
static VARIABLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$").ok());

/// Texts of tools that put the secret in, or decrypt it: SOPS, sealed secrets, Vault, 1Password, vals, Ansible, Concourse.
const FOREIGN: &[&str] = &[
    "ENC[", "vault:", "op://", "ref+", "!vault", "((", "<%", "%%", "@@", "#{",
];

impl Value {
    /// What `text` is; `None` where there is nothing.
    pub(super) fn of(text: &str) -> Option<Value> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        // The host of an address is no secret, and may be called anything.
        let part = text
            .split_once("://")
            .and_then(|(_, rest)| rest.split_once('/'));
        let part = part.map_or(text, |(_, path)| path);
        let is = |regex: &LazyLock<Option<Regex>>| {
            regex.as_ref().is_some_and(|regex| regex.is_match(part))
        };
        if is_reference(text) || FOREIGN.iter().any(|start| text.starts_with(start)) {
            Some(Value::Reference)
        } else if is(&PLACEHOLDER) || is(&VARIABLE) {
            Some(Value::Placeholder)
        } else {
            Some(Value::Plain)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn values() {
        for text in [
            "$TOKEN",
            "Bearer ${TOKEN}",
            "$__file{/run/secrets/x}",
            "{{ .Values.x }}",
            "ENC[AES256]",
        ] {
            assert_eq!(Value::of(text), Some(Value::Reference), "{text}");
        }
        for text in [
            "YOUR_KEY",
            "https://hooks.slack.com/services/YOUR/SLACK/WEBHOOK",
            "<token>",
            "changeme",
            "xxxxxxxx",
            "DB_PASSWORD",
            "your-api-key",
            "https://hooks.slack.com/services/XXXX/YYYY",
            "...",
        ] {
            assert_eq!(Value::of(text), Some(Value::Placeholder), "{text}");
        }
        for text in [
            "https://chat.example.com/hooks/abc",
            "pa$word",
            "hunter2",
            "Pa$$word",
            "ABCDEF",
            "admin",
            "https://hooks.slack.com/services/T0/B0/abc",
        ] {
            assert_eq!(Value::of(text), Some(Value::Plain), "{text}");
        }
        assert_eq!(Value::of("  "), None);
    }
}
