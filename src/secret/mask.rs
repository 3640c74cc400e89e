//! Texts with the secrets in them covered.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::name::{self, SECTIONS, is_secret_name};
use super::shape;
use super::signs::Signs;
use super::value::is_reference;
use super::walk::Walk;
use crate::model::carrier::carried;
use crate::source::format;
use crate::span::Span;
use crate::syntax::{Dialect, NodeRef, Tree, parse, parse_embedded};

// Letters are those of ASCII (`[:word:]`): all of Unicode's would make each pattern ten times as dear to compile.

/// A value of JSON or YAML as it is written, also within a string that carries JSON.
const WRITTEN: &str = r#"("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\\"(?:[^"\\\n]|\\\\.)*\\"|\$[[:word:]]*\{[^\r\n}]*\}[^\r\n,}\]]*|[^\s"'{}\[\],&*|>#\\][^\r\n,}\]]*)"#;

/// A variable of the environment that is given a value: in quotes, or to the end of the line.
const VARIABLE: &str = r#"(?m)(?:"([A-Z][A-Z0-9_]*)=([^"\n]*)"|'([A-Z][A-Z0-9_]*)=([^'\n]*)'|(?-u:\b)([A-Z][A-Z0-9_]*)=([^\r\n#]+))"#;

/// The end of a section: a line of its own, with nothing or the sign of a block behind it.
const LINE_END: &str = r"(?:#.*)?\r?$";

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

/// What is asked only of texts that no tree shows.
struct Sections {
    section: Regex,
    block: Regex,
    object: Regex,
    value: Regex,
    member: Regex,
}

// The patterns are constants that a test compiles.

static KEY_PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let names = name::pattern();
    let key = format!(
        r#"(?i)([[:word:].-]*(?:{names})[[:word:].-]*)(?:\\?["'])?[ \t]*:[ \t]*(?:[&!]\S+[ \t]+)?{WRITTEN}"#
    );
    Regex::new(&key).ok()
});

static VARIABLE_PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(VARIABLE).ok());

static ADDRESS_PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(ADDRESS).ok());

static SECTION_PATTERNS: LazyLock<Option<Sections>> = LazyLock::new(|| {
    let regex = |pattern: &str| Regex::new(pattern).ok();
    let (names, sections) = (name::pattern(), SECTIONS.join("|"));
    let section =
        format!(r#"(?m)^([ \t]*)(?:- +)?["']?(?:{sections})["']?[ \t]*:[ \t]*{LINE_END}"#);
    let block = format!(
        r#"(?im)^([ \t]*)(?:- +)?["']?[[:word:].-]*(?:{names})[[:word:].-]*["']?[ \t]*:[ \t]*[|>][-+0-9]*[ \t]*{LINE_END}"#
    );
    let object = format!(r#"(?:{sections})\\?["']?\s*:\s*\{{([^{{}}]*)\}}"#);
    Some(Sections {
        section: regex(&section)?,
        block: regex(&block)?,
        object: regex(&object)?,
        value: regex(VALUE)?,
        member: regex(MEMBER)?,
    })
});

/// The text of a file with secrets as asterisks, byte for byte and character for character, so that every position stays what it was.
/// References (`$ENV`, `$__file{…}`) are no secrets.
pub fn masked(text: &str) -> Cow<'_, str> {
    let signs = Signs::of(text);
    match signs.any {
        false => Cow::Borrowed(text),
        true => covered(text, signs).end(),
    }
}

/// The secrets of a file, as they are written and as they are meant.
pub(super) fn values(text: &str) -> Vec<String> {
    let signs = Signs::of(text);
    match signs.any {
        false => Vec::new(),
        true => covered(text, signs).values,
    }
}

fn covered(text: &str, signs: Signs) -> Cover<'_> {
    let mut cover = Cover::new(text);
    cover.told_by_shape(signs);
    let dialect = format::by_text(text.as_bytes());
    let mut broken = cover.held_in(&parse(Arc::from(text), dialect));
    if broken && dialect == Dialect::Json {
        // YAML may begin with a brace too.
        broken = cover.held_in(&parse(Arc::from(text), Dialect::Yaml));
    }
    // What no tree shows is taken for a secret rather than shown.
    if broken {
        cover.sections();
    }
    cover
}

/// The same for a few words of a file or about one.
pub fn masked_words(text: &str) -> Cow<'_, str> {
    let signs = Signs::of(text);
    if !signs.any {
        return Cow::Borrowed(text);
    }
    let mut cover = Cover::new(text);
    cover.told_by_shape(signs);
    // Words of a message hold no section.
    if text.contains('\n') || SECTIONS.iter().any(|section| text.contains(section)) {
        cover.sections();
    }
    cover.end()
}

/// A text being covered.
struct Cover<'t> {
    text: &'t str,
    out: Option<Vec<u8>>,
    /// What is covered.
    values: Vec<String>,
}

impl<'t> Cover<'t> {
    fn new(text: &'t str) -> Self {
        Cover {
            text,
            out: None,
            values: Vec::new(),
        }
    }

    /// What stands at or below the key of a secret, also in the texts that strings carry. Whether a part of it cannot be read.
    fn held_in(&mut self, tree: &Tree) -> bool {
        let mut walk = Walk::default();
        let mut texts = Vec::new();
        for root in tree.documents() {
            let found = walk.from(root, |node| {
                let text = node.as_str().unwrap_or_default();
                let Some(dialect) = carried(&text).filter(|_| Signs::of(&text).any) else {
                    self.variable(node, &text);
                    return false;
                };
                texts.extend(parse_embedded(node, root.document(), dialect));
                true
            });
            self.scalars(found.iter().map(|held| held.node));
        }
        for tree in &texts {
            for root in tree.documents() {
                let found = walk.from(root, |_| false);
                self.scalars(found.iter().map(|held| held.node));
            }
        }
        let mut trees = texts.iter().chain([tree]);
        trees.any(|tree| tree.problems().iter().any(|problem| problem.kind.breaks()))
    }

    /// `GF_SMTP_PASSWORD=…`, in a list of variables.
    fn variable(&mut self, node: NodeRef<'_>, text: &str) {
        let Some((name, value)) = text.split_once('=') else {
            return;
        };
        let is_variable = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if name.bytes().all(is_variable) && is_secret_name(name) && !is_open(value) {
            self.part(node, Span::new(name.len() + 1, text.len()));
        }
    }

    fn scalars<'n>(&mut self, nodes: impl Iterator<Item = NodeRef<'n>>) {
        for node in nodes {
            let Some(text) = node.as_text() else { continue };
            if !is_open(&text.value) {
                self.part(node, Span::new(0, text.value.len()));
            }
        }
    }

    /// A part of a scalar's decoded text.
    fn part(&mut self, node: NodeRef<'_>, part: Span) {
        if let Some(text) = node.as_text() {
            let span = node.tree().file_span(text.map.source(part));
            let meant = text.value.get(part.range());
            self.values.extend(meant.map(str::to_owned));
            self.cover(span.range());
        }
    }

    /// What tells by itself that it is a secret, or by the name before it.
    fn told_by_shape(&mut self, signs: Signs) {
        // Neither of the two finds anything without its sign.
        let made = |sign: u8, pattern: &'static LazyLock<Option<Regex>>| {
            let may_be = memchr::memchr(sign, self.text.as_bytes()).is_some();
            may_be.then(|| pattern.as_ref()).flatten()
        };
        let key = made(b':', &KEY_PATTERN);
        let variable = made(b'=', &VARIABLE_PATTERN);
        for found in key.into_iter().flat_map(|key| key.captures_iter(self.text)) {
            if found
                .get(1)
                .is_some_and(|name| is_secret_name(name.as_str()))
            {
                self.value(found.get(2).map(|value| value.range()));
            }
        }
        for found in variable
            .into_iter()
            .flat_map(|variable| variable.captures_iter(self.text))
        {
            for (name, value) in [(1, 2), (3, 4), (5, 6)] {
                if found
                    .get(name)
                    .is_some_and(|name| is_secret_name(name.as_str()))
                {
                    self.value(found.get(value).map(|value| value.range()));
                }
            }
        }
        let receivers = RECEIVERS.iter().any(|word| self.text.contains(word));
        let address = receivers.then(|| ADDRESS_PATTERN.as_ref()).flatten();
        for shape in shape::of_set(signs.shapes).chain(address) {
            for found in shape.captures_iter(self.text) {
                self.value(found.get(1).map(|value| value.range()));
            }
        }
    }

    /// Objects whose every value is a secret, and blocks of text under the name of one, as far as lines show them.
    fn sections(&mut self) {
        let Some(patterns) = SECTION_PATTERNS.as_ref() else {
            return;
        };
        let text = self.text;
        let inner = |pattern: &'static Regex, part: Range<usize>| {
            let inside = text.get(part.clone()).unwrap_or_default();
            let values = pattern
                .captures_iter(inside)
                .filter_map(|found| found.get(1));
            let ranges = values.map(|value| part.start + value.start()..part.start + value.end());
            ranges.collect::<Vec<_>>()
        };
        for object in patterns.object.captures_iter(text) {
            let inside = object.get(1).map(|inside| inside.range());
            for value in inner(&patterns.member, inside.unwrap_or_default()) {
                self.value(Some(value));
            }
        }
        let below = |section: &regex::Captures<'_>| {
            let (whole, indent) = (section.get(0)?, section.get(1)?);
            Some(whole.end()..end_of_section(text, whole.end(), indent.len()))
        };
        for section in patterns.section.captures_iter(text) {
            for value in inner(&patterns.value, below(&section).unwrap_or_default()) {
                self.value(Some(value));
            }
        }
        for block in patterns.block.captures_iter(text) {
            self.value(below(&block));
        }
    }

    /// A value as it is written.
    fn value(&mut self, range: Option<Range<usize>>) {
        let Some((range, mut value)) =
            range.and_then(|range| Some((range.clone(), self.text.get(range)?)))
        else {
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
        if !is_open(value) {
            self.cover(start..start + value.len());
        }
    }

    fn cover(&mut self, range: Range<usize>) {
        let Some(value) = self.text.get(range.clone()) else {
            return;
        };
        let out = self
            .out
            .get_or_insert_with(|| self.text.as_bytes().to_vec());
        let Some(bytes) = out.get_mut(range) else {
            return;
        };
        self.values.push(value.to_owned());
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

/// Whether a value may be shown.
fn is_open(value: &str) -> bool {
    let plain = value.trim();
    plain.is_empty()
        || is_reference(plain)
        || matches!(plain, "true" | "false" | "null" | "|" | ">" | "|-" | ">-")
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

/// A character that takes as many bytes and says nothing: columns stay what they were, in characters too.
pub(super) fn veiled(c: char) -> char {
    match c.len_utf8() {
        1 if c.is_ascii_whitespace() => c,
        1 => '*',
        2 => '·',
        3 => '•',
        _ => '🞄',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile() {
        assert!(KEY_PATTERN.is_some() && VARIABLE_PATTERN.is_some() && ADDRESS_PATTERN.is_some());
        assert_eq!(shape::of_set(u16::MAX).count(), shape::SHAPES.len());
        assert!(SECTION_PATTERNS.is_some());
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
            "password:\n  k1tt3ns",
            "? password\n: k1tt3ns",
            "password: &pw k1tt3ns",
            "x-pw: &pw k1tt3ns\nlist:\n- password: *pw",
            "password: \"one\n  k1tt3ns\n  two\"",
            "url: https://u:pa@k1tt3ns@host",
            "environment:\n- GF_SMTP_PASSWORD=a k1tt3ns",
            "environment:\n- \"GF_SMTP_PASSWORD=a k1tt3ns\"",
            "environment:\n  GF_SMTP_PASSWORD: a, k1tt3ns",
            "env:\n- name: GF_SMTP_PASSWORD\n  value: k1tt3ns",
            "tokens:\n- k1tt3ns",
            "password: [a, {b: k1tt3ns}]",
            "secureJsonData:\n  any: {list: [k1tt3ns]}",
            "passwrod: k1tt3ns",
            "password: pre$SECRETk1tt3ns",
            "kind: Secret\ndata:\n  any: k1tt3ns",
            "data:\n  ds.yaml: \"apiVersion: 1\\ndatasources:\\n- password: &a k1tt3ns\"",
            "password: &pw k1tt3ns\n\t{broken",
            "# password: k1tt3ns",
            "password: 'a, k1tt3ns'",
            "{password: k1tt3ns}",
            "url: http://p:9090\nsercet: k1tt3ns",
            "jsonData:\n  http_header_value1: k1tt3ns",
            "{\"url\": \"http://p\", \"p\\u0061ssword\": \"k1tt3ns\"}",
            "x: &n GF_SMTP_PASSWORD\nenv:\n- name: *n\n  value: k1tt3ns",
            "? password\n# c\n: k1tt3ns",
            "datadog:client:key: k1tt3ns",
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
            "tokens: []",
            "password:\n  file: /run/secrets/x",
            "secretName: grafana\ntokenUrl: https://login.example.com",
            "{\"panels\": [{\"fieldConfig\": {\"unit\": \"s\"}}], \"token\": true}",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
