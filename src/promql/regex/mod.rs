//! Regular expressions as Prometheus takes them: Go's RE2 dialect.
//!
//! The check walks the pattern once, with the rules of Go's `regexp/syntax` (Perl flags), because its dialect
//! differs from that of the `regex` crate in both directions: stacked repetitions, `(?x)`, `\u0041`, counts above
//! 1000 are refused; `\Q…\E`, octal escapes, `[[]` and `{{x}}` are fine. Only the names in `\p{…}` are looked up
//! through `regex-syntax`. Nothing is compiled, so the cost is linear in the pattern's length.

mod anchors;
mod dialect;

use regex_syntax::hir::{Hir, HirKind, Look};

use super::ast::{ExprKind, StringLiteral};
use super::error::{ErrorKind, ParseError};
use super::{Parsed, holes};
use crate::span::Span;

pub use anchors::without_anchors;

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegexError {
    /// Where, in bytes of the pattern.
    pub span: Span,
    /// What.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Checks a pattern against Go's dialect.
pub fn regex_check(pattern: &str) -> Result<(), RegexError> {
    dialect::Walker::new(pattern).walk().map(|_| ())
}

/// Whether the pattern, anchored at both ends, matches the empty string; none if it is invalid.
pub(super) fn matches_empty(pattern: &str) -> Option<bool> {
    match pattern {
        ".*" | "" => Some(true),
        ".+" => Some(false),
        _ => dialect::Walker::new(pattern).walk().ok(),
    }
}

/// Whether the pattern plainly matches no text at all: in every alternative something has to stand before the start or
/// after the end.
pub fn matches_nothing(pattern: &str) -> bool {
    let hir = regex_syntax::ParserBuilder::new()
        .dot_matches_new_line(true)
        .build()
        .parse(pattern);
    let Ok(hir) = hir else { return false };
    match hir.kind() {
        HirKind::Alternation(alternatives) => alternatives.iter().all(is_impossible),
        _ => is_impossible(&hir),
    }
}

fn is_impossible(hir: &Hir) -> bool {
    let Some(_) = hir.properties().minimum_len() else {
        return true;
    };
    let HirKind::Concat(parts) = hir.kind() else {
        return false;
    };
    let (mut text, mut end) = (false, false);
    for part in parts {
        match part.kind() {
            HirKind::Look(Look::Start) if text => return true,
            HirKind::Look(Look::End) => end = true,
            _ if part
                .properties()
                .minimum_len()
                .is_none_or(|least| least > 0) =>
            {
                if end {
                    return true;
                }
                text = true;
            }
            _ => {}
        }
    }
    false
}

/// A regular expression in a query.
#[derive(Debug, Clone)]
pub struct RegexUse {
    /// The string it stands in.
    pub literal: StringLiteral,
    /// In the fifth argument of `label_replace`; otherwise in a matcher.
    pub label_replace: bool,
    /// The pattern: escapes decoded, variables replaced by letters of the same length.
    pub pattern: String,
    /// The matcher or call it belongs to.
    pub owner: Span,
    holes: Vec<Span>,
}

/// All regular expressions in a query.
pub fn regex_uses(parsed: &Parsed) -> Vec<RegexUse> {
    let mut uses = Vec::new();
    let ast = &parsed.ast;
    for (_, expr) in ast.exprs() {
        match &expr.kind {
            ExprKind::Selector(selector) => {
                for matcher in ast.matchers(selector) {
                    if matcher.op.is_regex() && matcher.value.quote != 0 {
                        uses.push(regex_use(parsed, matcher.value, matcher.span, false));
                    }
                }
            }
            ExprKind::Call(call) if call.function.is_some_and(|f| f.name == "label_replace") => {
                if let Some(&id) = ast.args(call).get(4)
                    && let ExprKind::String(literal) = ast.expr(id).kind
                {
                    uses.push(regex_use(parsed, literal, expr.span, true));
                }
            }
            _ => {}
        }
    }
    uses
}

fn regex_use(
    parsed: &Parsed,
    literal: StringLiteral,
    owner: Span,
    label_replace: bool,
) -> RegexUse {
    let mut pattern = parsed.string(&literal).into_owned();
    let mut spans = Vec::new();
    if !literal.holes.is_empty() {
        for hole in holes::find_holes(&pattern) {
            spans.push(hole.span);
        }
        for span in &spans {
            pattern.replace_range(span.range(), &"v".repeat(span.len()));
        }
    }
    RegexUse {
        literal,
        label_replace,
        pattern,
        owner,
        holes: spans,
    }
}

/// Checks all regular expressions of a query.
pub fn check_regexes(parsed: &Parsed) -> Vec<ParseError> {
    check_regexes_with(parsed, regex_check)
}

/// Checks all regular expressions of a query with a check of the caller's, which may remember patterns.
pub fn check_regexes_with(
    parsed: &Parsed,
    mut check: impl FnMut(&str) -> Result<(), RegexError>,
) -> Vec<ParseError> {
    let mut errors = Vec::new();
    for regex in regex_uses(parsed) {
        let Err(error) = check(&regex.pattern) else {
            continue;
        };
        // Next to a variable anything may be meant.
        let start = (error.span.start as usize).saturating_sub(2);
        let end = error.span.end as usize + 2;
        if regex
            .holes
            .iter()
            .any(|hole| (hole.start as usize) <= end && (hole.end as usize) >= start)
        {
            continue;
        }
        errors.push(regex.error(parsed, error));
    }
    errors
}

impl RegexUse {
    /// What [`regex_check`] said about [`RegexUse::pattern`], placed in the query.
    pub fn error(&self, parsed: &Parsed, error: RegexError) -> ParseError {
        let span = self.literal.map_span(&parsed.text, error.span);
        let span = if span.is_empty() {
            self.literal.span
        } else {
            span
        };
        let mut out = ParseError::new(
            ErrorKind::Regex,
            span,
            format!("invalid regular expression: {}", error.message),
        );
        out.help = error.help;
        let owner = if self.label_replace {
            "in this call"
        } else {
            "in this matcher"
        };
        out.related(self.owner, owner)
    }
}
