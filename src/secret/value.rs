//! What the text of a secret is: the secret itself, a reference to it, or a word that stands for it.

use std::sync::LazyLock;

use regex::Regex;

use super::name::{COMMON, PREFIXES};

/// What a secret's text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    /// It comes from elsewhere, or is encrypted.
    Reference,
    /// A word that somebody is to replace.
    Placeholder,
    /// A word that everybody tries first.
    Common,
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
    /// What `text` is; `None` where there is nothing, or a switch.
    pub(crate) fn of(text: &str) -> Option<Value> {
        let text = text.trim();
        if matches!(text, "" | "true" | "false") {
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
        } else if is(&PLACEHOLDER) || is(&VARIABLE) || is_prefix(part) {
            Some(Value::Placeholder)
        } else if COMMON.contains(&text) {
            Some(Value::Common)
        } else {
            Some(Value::Plain)
        }
    }
}

/// Whether nothing follows the letters that tokens of a kind begin with.
fn is_prefix(text: &str) -> bool {
    let bare = text.trim_end_matches(['-', '_', ' ']);
    PREFIXES
        .iter()
        .any(|prefix| prefix.eq_ignore_ascii_case(bare))
}

/// Whether a text where a secret belongs says where the secret is: `$NAME`, `Bearer ${NAME}`, `$__file{…}`, a template. In `pa$sword` and
/// `pre$SECRETpost` the sign is a part of it, however Grafana reads it.
pub(crate) fn is_reference(text: &str) -> bool {
    if text.contains("{{") {
        return true;
    }
    if !text.contains('$') {
        return false;
    }
    let single = text.replace("$$", "");
    let mut signs = single.match_indices('$');
    signs.any(|(at, _)| is_expanded_at(&single, at))
}

/// Whether the `$` at `at` begins what is meant to be expanded: something in braces, or a name where a word begins, which is in capitals
/// unless a space or nothing stands before it.
fn is_expanded_at(text: &str, at: usize) -> bool {
    let rest = text.get(at + 1..).unwrap_or_default();
    let end = rest
        .find(|char: char| !(char.is_ascii_alphanumeric() || char == '_'))
        .unwrap_or(rest.len());
    let (name, behind) = rest.split_at(end);
    if let Some(inside) = behind.strip_prefix('{') {
        return matches!(name, "" | "__env" | "__file" | "__vault") && inside.contains('}');
    }
    if !name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        return false;
    }
    match text.get(..at).and_then(|before| before.chars().next_back()) {
        None => true,
        Some(before) if before.is_whitespace() => true,
        Some(before) => {
            !before.is_alphanumeric() && !name.contains(|char: char| char.is_ascii_lowercase())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, is_reference};

    #[test]
    fn references() {
        for text in [
            "$TOKEN",
            "$token",
            "Bearer $TOKEN",
            "Bearer ${TOKEN}",
            "Splunk $token",
            "pre${SECRET}post",
            "prefix-$TOKEN",
            "https://hooks.slack.com/services/$TEAM/$HOOK",
            "$__file{/run/secrets/x}",
            "{{ .Values.x }}",
        ] {
            assert!(is_reference(text), "{text}");
        }
        for text in [
            "hunter2",
            "pa$word",
            "pre$SECRETpost",
            "a$SECRET",
            "-$SECRETpost",
            "Pa$$word",
            "$2a$10$abc",
            "pa${word",
            "pass$",
        ] {
            assert!(!is_reference(text), "{text}");
        }
    }

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
            "xoxb",
            "xoxb-",
            "Bearer ",
        ] {
            assert_eq!(Value::of(text), Some(Value::Placeholder), "{text}");
        }
        for text in [
            "https://chat.example.com/hooks/abc",
            "pa$word",
            "hunter2",
            "Pa$$word",
            "ABCDEF",
            "https://hooks.slack.com/services/T0/B0/abc",
        ] {
            assert_eq!(Value::of(text), Some(Value::Plain), "{text}");
        }
        for text in ["admin", "password", "secret"] {
            assert_eq!(Value::of(text), Some(Value::Common), "{text}");
        }
        assert_eq!(Value::of("  "), None);
    }
}
