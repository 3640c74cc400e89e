//! What a comment says.

use std::borrow::Cow;

use jiff::civil::Date;

use super::until::{Until, until};
use crate::span::Span;

/// How a directive is written in a comment.
const EXAMPLE: &str = "dashlint: ignore[rule] the reason";
/// How one is written in the annotation of a resource.
const ANNOTATED: &str = "dashlint/ignore: \"[rule] the reason\"";
/// The same with the last day on which they count.
const EXAMPLE_UNTIL: &str = "dashlint: ignore[rule] the reason until 2027-03-31";
const ANNOTATED_UNTIL: &str = "dashlint/ignore: \"[rule] the reason until 2027-03-31\"";
const UNNAMED: &str = "this does not name the rules it silences";
/// What a directive begins with.
pub(super) const WORD: &str = "dashlint";

/// A directive that silences these rules.
pub(super) fn directive_words(rules: &[&str], reason: &str) -> String {
    format!("{WORD}: ignore[{}] {reason}", rules.join(", "))
}

/// `dashlint: ignore[rule, rule] reason until 2027-01-31` in a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// `ignore-file`: it speaks for the whole file.
    pub whole_file: bool,
    /// The rules and groups it names, each with its place.
    pub rules: Vec<(String, Span)>,
    /// Why.
    pub reason: Option<String>,
    /// The last day on which it counts.
    pub until: Option<Date>,
    /// The comment, from its mark to its end.
    pub span: Span,
    /// What goes with it where it goes: of an annotation the whole member.
    pub holder: Option<Span>,
    /// An alias gives it to others, too: whether it is of use, nobody can say of one of them.
    pub shared: bool,
    /// How it should have been written.
    pub example: &'static str,
    /// What is not understood; then it silences nothing.
    pub fault: Option<(Span, String)>,
}

impl Directive {
    /// A comment that names nothing yet.
    pub(super) fn new(span: Span) -> Self {
        Directive {
            whole_file: false,
            rules: Vec::new(),
            reason: None,
            until: None,
            span,
            holder: None,
            shared: false,
            example: EXAMPLE,
            fault: None,
        }
    }

    /// A comment that cannot be understood.
    fn faulty(span: Span, message: &str) -> Self {
        Directive {
            fault: Some((span, message.to_owned())),
            ..Directive::new(span)
        }
    }

    /// The directive with its spans carried over into another text.
    #[must_use]
    pub fn moved(mut self, to: impl Fn(Span) -> Span) -> Self {
        self.span = to(self.span);
        self.holder = self.holder.map(&to);
        for (_, span) in &mut self.rules {
            *span = to(*span);
        }
        if let Some((span, _)) = &mut self.fault {
            *span = to(*span);
        }
        self
    }

    /// The bytes to delete so that one of several rules is no longer named.
    pub(super) fn without(&self, rule: Span) -> Span {
        let Some(at) = self.rules.iter().position(|(_, span)| *span == rule) else {
            return rule;
        };
        if let Some((_, next)) = self.rules.get(at + 1) {
            Span::new(rule.start as usize, next.start as usize)
        } else if let Some((_, before)) = at.checked_sub(1).and_then(|at| self.rules.get(at)) {
            Span::new(before.end as usize, rule.end as usize)
        } else {
            rule
        }
    }
}

/// Whether a description says nothing besides comments, which Grafana does not show.
pub fn says_nothing(description: &str) -> bool {
    let mut rest = description;
    while let Some((before, comment)) = rest.split_once("<!--") {
        if !before.trim().is_empty() {
            return false;
        }
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    rest.trim().is_empty()
}

/// A description without the comments that silence findings, for whoever asks what it says to people.
pub fn without_directives(description: Cow<'_, str>) -> Cow<'_, str> {
    if !description.contains("<!--") {
        return description;
    }
    let directives = parse_comment(&description);
    if directives.is_empty() {
        return description;
    }
    let mut kept = String::with_capacity(description.len());
    let mut from = 0;
    for directive in directives {
        let span = directive.span.range();
        kept.push_str(description.get(from..span.start).unwrap_or(""));
        from = span.end.max(from);
    }
    kept.push_str(description.get(from..).unwrap_or(""));
    Cow::Owned(kept.trim().to_owned())
}

/// A new description with the comments of the one it takes the place of: what they silence is silenced for a reason.
pub fn with_directives_of(old: &str, mut new: String) -> String {
    for directive in parse_comment(old) {
        if let Some(comment) = old.get(directive.span.range()) {
            new.push(' ');
            new.push_str(comment);
        }
    }
    new
}

/// The directives in a text: a YAML comment (`# …` to its end), or a description with `<!-- … -->` comments. Spans are
/// bytes of `text`.
pub fn parse_comment(text: &str) -> Vec<Directive> {
    let comment = text.trim_start().starts_with('#');
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(WORD).map(|at| from + at) {
        from = at + WORD.len();
        let said = &text[from..];
        let has_colon = said.starts_with(':');
        if !has_colon && !lacks_colon(said) {
            continue;
        }
        let before = text[..at].trim_end();
        let (start, end) = if comment && before.ends_with('#') {
            let start = before.trim_end_matches('#').len();
            (start, line_end(text, from))
        } else if let Some(opened) = before.strip_suffix("<!--") {
            match text[from..].find("-->") {
                Some(close) => (opened.len(), from + close + 3),
                // A comment that never ends hides the rest of the description, and every other comment in it.
                None => {
                    let span = Span::new(opened.len(), line_end(text, from));
                    found.push(Directive::faulty(span, "this comment has no end: `-->`"));
                    break;
                }
            }
        } else {
            continue;
        };
        let span = Span::new(start, end);
        found.push(match has_colon {
            true => directive(text, from + 1, span),
            false => Directive::faulty(
                span,
                "without a colon after `dashlint` this silences nothing",
            ),
        });
        from = end;
    }
    found
}

/// Whether what follows the name in a comment is meant for a directive: ` ignore[rule]`, ` ignore some-rule`. A sentence about
/// dashlint is none.
fn lacks_colon(said: &str) -> bool {
    let Some(words) = said.strip_prefix([' ', '\t']).map(str::trim_start) else {
        return false;
    };
    let Some(rest) = words.strip_prefix("ignore") else {
        return false;
    };
    let rest = rest.strip_prefix("-file").unwrap_or(rest);
    let is_longer = rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_');
    if is_longer && !rest.starts_with("-->") {
        return false;
    }
    let line = rest.lines().next().unwrap_or("").trim_start();
    let next = line.split_whitespace().next().unwrap_or("");
    next.is_empty() || next.starts_with(['[', ':']) || next.contains('-')
}

fn line_end(text: &str, at: usize) -> usize {
    let line = text[at..].lines().next().unwrap_or("");
    at + line.trim_end().len()
}

fn directive(text: &str, from: usize, span: Span) -> Directive {
    let close = if text[span.range()].ends_with("-->") {
        3
    } else {
        0
    };
    let content = &text[from..span.end as usize - close];
    let mut directive = Directive::new(span);
    let trimmed = content.trim_start();
    let at = from + content.len() - trimmed.len();
    let verb_len = trimmed
        .find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'))
        .unwrap_or(trimmed.len());
    let verb = &trimmed[..verb_len];
    let verb_span = Span::new(at, at + verb_len);
    directive.whole_file = match verb {
        "ignore" => false,
        "ignore-file" => true,
        _ => {
            directive.fault = Some((
                if verb_len == 0 { span } else { verb_span },
                format!("`{verb}` is nothing dashlint is told in a comment"),
            ));
            return directive;
        }
    };
    names(
        &mut directive,
        &trimmed[verb_len..],
        at + verb_len,
        verb_span,
    );
    directive
}

/// The directives of an annotation of a Kubernetes resource: `[rule] reason`, one a line. Spans are bytes of `text`.
pub(super) fn parse_annotation(text: &str) -> Vec<Directive> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        if !words.is_empty() {
            let start = at + line.len() - line.trim_start().len();
            let span = Span::new(start, start + words.len());
            let mut directive = Directive {
                example: ANNOTATED,
                ..Directive::new(span)
            };
            names(&mut directive, words, start, span);
            found.push(directive);
        }
        at += line.len();
    }
    found
}

/// The bracket and what follows it: `rest`, which stands at `at`. What is not understood is told at `blamed`.
fn names(directive: &mut Directive, rest: &str, at: usize, blamed: Span) {
    let bracket = rest.trim_start();
    let list_at = at + rest.len() - bracket.len() + 1;
    let list = bracket
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'));
    let Some((list, rest)) = list else {
        let message = if bracket.starts_with('[') {
            "the bracket is not closed"
        } else {
            UNNAMED
        };
        directive.fault = Some((blamed, message.to_owned()));
        return;
    };
    let mut offset = list_at;
    for name in list.split(',') {
        let trimmed = name.trim();
        if !trimmed.is_empty() {
            let start = offset + name.len() - name.trim_start().len();
            let span = Span::new(start, start + trimmed.len());
            directive.rules.push((trimmed.to_owned(), span));
        }
        offset += name.len() + 1;
    }
    if directive.rules.is_empty() {
        directive.fault = Some((blamed, UNNAMED.to_owned()));
        return;
    }
    reason(directive, rest, list_at + list.len() + 1);
}

/// The reason, and the `until DATE` in it.
fn reason(directive: &mut Directive, rest: &str, at: usize) {
    let Until { word, day, end } = match until(rest) {
        Some(found) => found,
        None => {
            directive.reason = bare(rest.split_whitespace());
            return;
        }
    };
    let said = rest.get(day.range()).unwrap_or("");
    match said.parse() {
        Ok(date) => directive.until = Some(date),
        Err(_) => {
            directive.example = match directive.example {
                ANNOTATED => ANNOTATED_UNTIL,
                _ => EXAMPLE_UNTIL,
            };
            let message = format!("`{said}` is no date, so this silences nothing");
            directive.fault = Some((day.shift(at), message));
        }
    }
    let before = rest.get(..word).unwrap_or("").split_whitespace();
    let after = rest.get(end..).unwrap_or("").split_whitespace();
    directive.reason = bare(before.chain(after));
}

/// The words of a reason without what joins them to the bracket.
fn bare<'w>(words: impl Iterator<Item = &'w str>) -> Option<String> {
    let reason = words.collect::<Vec<_>>().join(" ");
    let reason = reason.trim_start_matches([':', '-', '–', '—', ' ']);
    (!reason.is_empty()).then(|| reason.to_owned())
}
