//! No secret in a report: what a log of continuous integration shows, everybody reads.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use crate::diagnostic::Diagnostic;
use crate::model::is_reference;

// Letters are those of ASCII (`[:word:]`): all of Unicode's would make each pattern ten times as dear to compile.

/// A key that holds a secret, by its name, and its value in JSON or YAML, also within a string that carries JSON. The names are
/// those of data sources' secure settings and of contact points (facts: provisioning, secrets), and what people call such things.
const KEY: &str = r#"(?i)[[:word:].-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|integration[_-]?key|user[_-]?key|client[_-]?key|httpHeaderValue\d*|credential|authorization|webhook[_-]?url)[[:word:].-]*(?:\\?["'])?[ \t]*:[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\\"(?:[^"\\\n]|\\\\.)*\\"|[^\s"'{}\[\],&*|>#\\][^\r\n,}\]]*)"#;

/// Secrets that tell what they are, wherever they stand: passwords and tokens in addresses, the addresses of webhooks, tokens of Slack,
/// GitHub, Grafana and Amazon, headers, keys.
const SHAPES: &[&str] = &[
    r#"://[^\s/:@"'<>\\]*:([^\s/@"'<>\\]+)@"#,
    r#"(?i)[?&](?:[[:word:]-]*token|[[:word:]-]*key|password|secret|sig|signature)=([^\s&"'<>\\#]+)"#,
    r#"(?i)hooks\.slack\.com/(?:services|workflows|triggers)/([^\s"'<>\\]+)"#,
    r#"(?i)discord(?:app)?\.com/api/webhooks/([^\s"'<>\\]+)"#,
    r#"(?i)(?:webhook\.office\.com|logic\.azure\.com(?::\d+)?|victorops\.com/integrations|chat\.googleapis\.com/v1)/([^\s"'<>\\]+)"#,
    r#"(?-u:\b)GF_[A-Z0-9_]*(?:PASSWORD|SECRET|TOKEN|KEY)[A-Z0-9_]*=([^\s"']+)"#,
    r"(?-u:\b)(xox[abeoprs]-[[:word:]-]+)",
    r"(?-u:\b)(gh[opsur]_[[:word:]]{20,}|github_pat_[[:word:]]{20,}|gl(?:sa|c)_[[:word:]]{20,}|AKIA[0-9A-Z]{16})",
    r#"(?i)(?-u:\b)(?:Bearer|Basic)\s+([[:word:].~+/=-]{6,})"#,
    r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----(.*?)-----END",
];

/// An object whose every value is a secret, and a block of text under the name of one: what stands below is indented further.
const SECTION: &str = r#"(?im)^([ \t]*)(?:- +)?["']?(?:(secureJsonData|secure_json_data|secureSettings|secure_settings|stringData)["']?[ \t]*:[ \t]*|[[:word:].-]*(?:passw(?:or)?d|secret|token|key|credential)[[:word:].-]*["']?[ \t]*:[ \t]*[|>][-+0-9]*[ \t]*)(?:#.*)?\r?$"#;

/// The same in JSON.
const OBJECT: &str = r#"(?:secureJsonData|secure_json_data|secureSettings|secure_settings)\\?["']?\s*:\s*\{([^{}]*)\}"#;

/// A value on a line of its own: behind a key or a dash.
const VALUE: &str = r#"(?m)^[ \t]*(?:- +)?["']?[[:word:].-]+["']?[ \t]*:[ \t]+(\S.*?)\r?$"#;

/// A string or another value in an object of JSON.
const MEMBER: &str = r#":\s*("(?:[^"\\]|\\.)*"|[^\s",}]+)"#;

/// The address in a receiver of a type whose address is all that is needed to post.
const ADDRESS: &str =
    r#"(?i)\\?["']?(?-u:\b)url\\?["']?\s*:\s*\\?["']?https?://[^\s/"'\\]+/([^\s"'\\,}]+)"#;

/// Words of files that hold receivers.
const RECEIVERS: &[&str] = &[
    "contactPoints",
    "receivers",
    "notifiers",
    "GrafanaContactPoint",
];

/// Every text with a secret has one of these, in any case: most texts have none, and need not be looked at closely.
const TELLING: &[&str] = &[
    "passw",
    "passphrase",
    "secret",
    "secure",
    "stringdata",
    "token",
    "key",
    "httpheadervalue",
    "credential",
    "authorization",
    "webhook",
    "signature",
    "sig=",
    "://",
    "hooks.slack.com",
    "discord",
    "logic.azure.com",
    "victorops.com",
    "chat.googleapis.com",
    "bearer",
    "basic",
    "xox",
    "gho_",
    "ghp_",
    "ghs_",
    "ghu_",
    "ghr_",
    "github_pat_",
    "glsa_",
    "glc_",
    "akia",
];

/// The words of [`TELLING`].
static TELLS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(TELLING)
        .ok()
});

struct Patterns {
    key: Regex,
    shapes: Vec<Regex>,
    section: Regex,
    object: Regex,
    value: Regex,
    member: Regex,
    address: Regex,
}

/// The patterns are constants that a test compiles.
static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    let regex = |pattern: &str| Regex::new(pattern).ok();
    Some(Patterns {
        key: regex(KEY)?,
        shapes: SHAPES.iter().filter_map(|shape| regex(shape)).collect(),
        section: regex(SECTION)?,
        object: regex(OBJECT)?,
        value: regex(VALUE)?,
        member: regex(MEMBER)?,
        address: regex(ADDRESS)?,
    })
});

/// The text with secrets as asterisks, byte for byte and character for character, so that every position stays what it was. References (`$ENV`, `$__file{…}`) are
/// no secrets.
pub fn masked(text: &str) -> Cow<'_, str> {
    let innocent = TELLS.as_ref().is_some_and(|words| !words.is_match(text));
    if innocent {
        return Cow::Borrowed(text);
    }
    let Some(patterns) = PATTERNS.as_ref() else {
        return Cow::Borrowed(text);
    };
    let mut cover = Cover { text, out: None };
    let all = |regex: &Regex, cover: &mut Cover<'_>| {
        for found in regex.captures_iter(text) {
            if let Some(value) = found.get(1) {
                cover.value(value.range());
            }
        }
    };
    all(&patterns.key, &mut cover);
    for shape in &patterns.shapes {
        all(shape, &mut cover);
    }
    if RECEIVERS.iter().any(|word| text.contains(word)) {
        all(&patterns.address, &mut cover);
    }
    for object in patterns.object.captures_iter(text) {
        let Some(inside) = object.get(1) else {
            continue;
        };
        for member in patterns.member.captures_iter(inside.as_str()) {
            if let Some(value) = member.get(1) {
                cover.value(inside.start() + value.start()..inside.start() + value.end());
            }
        }
    }
    for section in patterns.section.captures_iter(text) {
        let (Some(whole), Some(indent)) = (section.get(0), section.get(1)) else {
            continue;
        };
        let below = whole.end()..end_of_section(text, whole.end(), indent.len());
        if section.get(2).is_none() {
            cover.value(below);
            continue;
        }
        let inside = text.get(below.clone()).unwrap_or_default();
        for value in patterns.value.captures_iter(inside) {
            if let Some(value) = value.get(1) {
                cover.value(below.start + value.start()..below.start + value.end());
            }
        }
    }
    cover.end()
}

/// Where the lines that are indented further than `indent` end, from the end of a line on.
fn end_of_section(text: &str, from: usize, indent: usize) -> usize {
    let mut end = from;
    let rest = text.get(from..).unwrap_or_default();
    for line in rest.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '\t']);
        let blank = content.trim().is_empty();
        if !blank && line.len() - content.len() <= indent && end > from {
            break;
        }
        end += line.len();
    }
    end
}

/// A text being covered.
struct Cover<'t> {
    text: &'t str,
    out: Option<Vec<u8>>,
}

impl<'t> Cover<'t> {
    fn value(&mut self, range: Range<usize>) {
        let Some(mut value) = self.text.get(range.clone()) else {
            return;
        };
        let mut start = range.start;
        for quote in ["\\\"", "\"", "'"] {
            if let Some(inner) = value.strip_prefix(quote) {
                start += quote.len();
                value = inner.strip_suffix(quote).unwrap_or(inner);
                break;
            }
        }
        let plain = value.trim();
        if plain.is_empty()
            || is_reference(plain)
            || matches!(plain, "true" | "false" | "null" | "|" | ">" | "|-" | ">-")
        {
            return;
        }
        let out = self
            .out
            .get_or_insert_with(|| self.text.as_bytes().to_vec());
        let Some(bytes) = out.get_mut(start..start + value.len()) else {
            return;
        };
        let covered: String = value.chars().map(veiled).collect();
        bytes.copy_from_slice(covered.as_bytes());
    }

    fn end(self) -> Cow<'t, str> {
        match self.out.map(String::from_utf8) {
            Some(Ok(masked)) => Cow::Owned(masked),
            _ => Cow::Borrowed(self.text),
        }
    }
}

/// A character that takes as many bytes and says nothing: columns stay what they were, in characters too.
fn veiled(c: char) -> char {
    match c.len_utf8() {
        1 if c.is_ascii_whitespace() => c,
        1 => '*',
        2 => '·',
        3 => '•',
        _ => '🞄',
    }
}

/// Covers what a finding says. A fix that would write a secret is taken from it: whoever applies it must not write asterisks.
pub fn cover(finding: &mut Diagnostic) {
    let texts = [
        Some(&mut finding.message),
        finding.label.as_mut(),
        finding.help.as_mut(),
    ];
    let related = finding
        .related
        .iter_mut()
        .map(|related| &mut related.message);
    for text in texts.into_iter().flatten().chain(related) {
        if let Cow::Owned(masked) = masked(text) {
            *text = masked;
        }
    }
    let leaks = |fix: &crate::diagnostic::Fix| {
        let mut edits = fix.edits.iter();
        edits.any(|edit| matches!(masked(&edit.replacement), Cow::Owned(_)))
    };
    if finding.fix.as_ref().is_some_and(leaks) {
        finding.fix = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile() {
        let patterns = PATTERNS.as_ref().expect("every pattern compiles");
        assert_eq!(patterns.shapes.len(), SHAPES.len());
    }

    #[test]
    fn values_of_secret_keys_are_covered_and_nothing_moves() {
        let text = "password: hunter2\n{\"apiKey\":\"äb\\\"c\",\"url\":\"x\",\"token\": \"$TOKEN\"}\nsecureJsonData:\n  httpHeaderValue1: 'Bearer x'\n";
        let covered = masked(text);
        assert_eq!(covered.len(), text.len());
        assert_eq!(covered.chars().count(), text.chars().count());
        assert!(covered.contains("password: *******\n"), "{covered}");
        assert!(
            !covered.contains('ä') && !covered.contains("Bearer"),
            "{covered}"
        );
        assert!(
            covered.contains("\"$TOKEN\"") && covered.contains("secureJsonData:\n"),
            "{covered}"
        );
    }

    #[test]
    fn secrets_are_covered_wherever_they_stand() {
        for text in [
            "url: https://me:k1tt3ns@host/",
            "url: http://host/?api_key=k1tt3ns",
            "url: https://hooks.slack.com/services/k1tt3ns",
            "contactPoints:\n- settings:\n    url: https://chat.example.com/k1tt3ns",
            "secureJsonData:\n  anything: k1tt3ns",
            "  secureJsonData:\n    # why\n    other: \"k1tt3ns\"\n  editable: true",
            "{\"secureJsonData\": {\"a\": \"x\", \"b\": \"k1tt3ns\"}}",
            "{\\\"password\\\": \\\"k1tt3ns\\\"}",
            "privateKey: |\n  -----BEGIN\n  k1tt3ns\nurl: x",
            "clientSecret: >-\n  k1tt3ns\n",
            "password: k1 tt3ns k1tt3ns",
            "Authorization: Bearer k1tt3ns",
            "- GF_SECURITY_ADMIN_PASSWORD=k1tt3ns",
            "- \"GF_SMTP_PASSWORD=k1tt3ns\"",
            "x: xoxb-k1tt3ns",
            "integrationKey: k1tt3ns",
            "-   password: k1tt3ns",
            "password: p$k1tt3ns",
        ] {
            let covered = masked(text);
            assert!(!covered.contains("k1tt3ns"), "{covered}");
            assert_eq!(covered.len(), text.len());
            assert_eq!(covered.lines().count(), text.lines().count());
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "url: http://prometheus:9090/path",
            "expr: sum(rate(http_requests_total{token=\"x\"}[5m]))",
            "secureJsonData:\n  password: $PASSWORD\nname: x\ntype: loki",
            "password: $__file{/run/secrets/x}",
            "tokens:\n- a",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
