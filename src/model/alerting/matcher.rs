//! Matchers of notification policies: which labels an alert must have.

use crate::span::Span;

/// How a matcher compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchOperator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    Regex,
    /// `!~`
    NotRegex,
}

impl MatchOperator {
    /// The operator written so.
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "=" => Some(MatchOperator::Equal),
            "!=" => Some(MatchOperator::NotEqual),
            "=~" => Some(MatchOperator::Regex),
            "!~" => Some(MatchOperator::NotRegex),
            _ => None,
        }
    }

    /// Whether what it compares with is a regular expression.
    pub fn is_regex(self) -> bool {
        matches!(self, MatchOperator::Regex | MatchOperator::NotRegex)
    }
}

/// One matcher.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelMatcher {
    /// The label.
    pub name: String,
    /// How it is compared.
    pub operator: MatchOperator,
    /// With what.
    pub value: String,
}

impl LabelMatcher {
    /// Whether it holds for every alert.
    pub fn is_always_true(&self) -> bool {
        self.operator == MatchOperator::Regex && self.value == ".*"
    }
}

/// Why a text is no matcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatcherFault {
    /// Where, in bytes of the text.
    pub span: Span,
    /// What is wrong, as half a sentence.
    pub message: &'static str,
}

/// Reads a text of matchers, with their places: `severity = critical`, or several with commas, in braces or not.
///
/// Source: prometheus/alertmanager, pkg/labels/parse.go (ParseMatchers) and, for names of any letters, matchers/parse.
pub fn parse_matchers(text: &str) -> Result<Vec<(LabelMatcher, Span)>, MatcherFault> {
    let start = text.len() - text.trim_start().len();
    let (inner, offset) = match text.trim().strip_prefix('{') {
        Some(inner) => (inner.strip_suffix('}').unwrap_or(inner), start + 1),
        None => (text.trim(), start),
    };
    let mut found = Vec::new();
    for (at, part) in split(inner) {
        if part.trim().is_empty() {
            continue;
        }
        let lead = part.len() - part.trim_start().len();
        found.push(matcher(part.trim(), offset + at + lead)?);
    }
    if found.is_empty() && !text.trim().is_empty() && !inner.trim_matches([',', ' ']).is_empty() {
        return Err(MatcherFault {
            span: Span::new(0, text.len()),
            message: "it is no matcher",
        });
    }
    Ok(found)
}

/// The parts between commas outside of quotes, each with where it begins.
fn split(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut quoted, mut escaped, mut start) = (false, false, 0);
    for (at, c) in text.char_indices() {
        match c {
            ',' if !quoted => {
                parts.push((start, &text[start..at]));
                start = at + 1;
            }
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    parts.push((start, &text[start..]));
    parts
}

/// One matcher that begins at byte `at` of the whole text.
fn matcher(text: &str, at: usize) -> Result<(LabelMatcher, Span), MatcherFault> {
    let whole = Span::new(at, at + text.len());
    let fault = |message| {
        Err(MatcherFault {
            span: whole,
            message,
        })
    };
    let name_end = match text.strip_prefix('"') {
        Some(rest) => rest.find('"').map(|end| end + 2),
        None => text.find(['=', '!', '~']),
    };
    let Some((name, rest)) = name_end.map(|end| text.split_at(end)) else {
        return fault("it has none of the operators `=`, `!=`, `=~` and `!~`");
    };
    let name = name.trim().trim_matches('"');
    if name.is_empty() {
        return fault("the name of the label is missing");
    }
    if name.contains(char::is_whitespace) && !text.starts_with('"') {
        return fault("the name of the label has a blank in it");
    }
    let rest = rest.trim_start();
    let operator = ["=~", "!~", "!=", "="]
        .into_iter()
        .find(|operator| rest.starts_with(operator));
    let Some(operator) = operator else {
        return fault("the operators are `=`, `!=`, `=~` and `!~`");
    };
    let written = rest[operator.len()..].trim();
    if operator == "=" && written.starts_with(['=', '~']) {
        return fault("the operators are `=`, `!=`, `=~` and `!~`; what comes after is the value");
    }
    let Some(value) = unquote(written) else {
        return fault("a quote stands in the value or is never closed");
    };
    let Some(operator) = MatchOperator::read(operator) else {
        return fault("the operators are `=`, `!=`, `=~` and `!~`");
    };
    let matcher = LabelMatcher {
        name: name.to_owned(),
        operator,
        value,
    };
    Ok((matcher, whole))
}

/// A value without its quotes and escapes; `None` where a quote stands alone.
fn unquote(text: &str) -> Option<String> {
    let (inner, quoted) = match text.strip_prefix('"') {
        Some(rest) => (rest.strip_suffix('"')?, true),
        None => (text, false),
    };
    let mut value = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return None,
            '\\' => match chars.next() {
                Some('n') => value.push('\n'),
                Some(c @ ('"' | '\\')) => value.push(c),
                Some(c) => value.extend(['\\', c]),
                // The closing quote was an escaped one.
                None if quoted => return None,
                None => value.push('\\'),
            },
            c => value.push(c),
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, MatchOperator, String)> {
        let found = parse_matchers(text).expect("matchers").into_iter();
        found
            .map(|(matcher, _)| (matcher.name, matcher.operator, matcher.value))
            .collect()
    }

    #[test]
    fn matchers_are_read() {
        use MatchOperator::{Equal, NotEqual, NotRegex, Regex};
        let own = |name: &str, operator, value: &str| (name.to_owned(), operator, value.to_owned());
        for (text, expected) in [
            (
                "severity = critical",
                vec![own("severity", Equal, "critical")],
            ),
            (
                "severity=\"critical\"",
                vec![own("severity", Equal, "critical")],
            ),
            ("a!=b", vec![own("a", NotEqual, "b")]),
            ("a =~ \"b|c,d\"", vec![own("a", Regex, "b|c,d")]),
            (
                "{a=b, c!~\"5..\",}",
                vec![own("a", Equal, "b"), own("c", NotRegex, "5..")],
            ),
            ("a=", vec![own("a", Equal, "")]),
            ("a=say \\\"hi\\\"", vec![own("a", Equal, "say \"hi\"")]),
            ("\"two words\"=x", vec![own("two words", Equal, "x")]),
            ("", vec![]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_matcher_is_told() {
        for (text, at) in [
            ("severity", "severity"),
            ("severity: critical", "severity: critical"),
            ("severity == critical", "severity == critical"),
            ("a=b, c", "c"),
            ("a=\"b", "a=\"b"),
            ("a=b\"c", "a=b\"c"),
            ("= b", "= b"),
            ("my label = x", "my label = x"),
            ("a ~ b", "a ~ b"),
        ] {
            let fault = parse_matchers(text).expect_err(text);
            assert_eq!(text.get(fault.span.range()), Some(at), "{text}");
        }
    }
}
