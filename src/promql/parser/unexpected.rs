//! What to say when the next token cannot stand where it stands.

use super::{Abort, Parser};
use crate::promql::ast::{Run, ValueType};
use crate::promql::error::{ErrorKind, ParseError};
use crate::promql::functions;
use crate::promql::metricsql;
use crate::promql::names;
use crate::promql::token::{Tok, Token};
use crate::span::Span;
use crate::spelling::nearest;

const KEYWORDS: &[&str] = &[
    "and",
    "or",
    "unless",
    "offset",
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
    "bool",
    "atan2",
];

impl Parser<'_> {
    /// The next token as a person would name it.
    fn found(&self) -> String {
        let word = self.text(self.tok.span);
        let short = |text: &str| -> String {
            if text.chars().count() > 30 {
                let head: String = text.chars().take(27).collect();
                format!("{head}…")
            } else {
                text.to_string()
            }
        };
        match self.tok.tok {
            Tok::Eof => "end of the query".into(),
            Tok::Str => format!("string {}", short(word)),
            Tok::Number => format!("number `{}`", short(word)),
            Tok::Duration => format!("duration `{}`", short(word)),
            Tok::Agg(_) => format!("aggregation `{word}`"),
            Tok::Hole => format!("variable `{}`", short(word)),
            _ => format!("`{}`", short(word)),
        }
    }

    fn build(&self, expected: &str) -> ParseError {
        let mut message = format!("unexpected {}", self.found());
        if !expected.is_empty() {
            message.push_str(", expected ");
            message.push_str(expected);
        }
        ParseError::new(ErrorKind::Syntax, self.tok.span, message)
    }

    fn report(&mut self, error: ParseError) -> Abort {
        if self.at(Tok::Error) {
            self.note_lexer_error();
        } else {
            let plain = error.help.is_none() && error.suggestion.is_none();
            let error = if plain { self.with_hints(error) } else { error };
            self.errors.push(error);
        }
        Abort
    }

    /// Reports the next token.
    pub(super) fn unexpected(&mut self, expected: &str) -> Abort {
        let expected = match (expected, self.tok.tok) {
            ("", tok) if tok.starts_expr() => "an operator before it",
            (expected, _) => expected,
        };
        let error = self.build(expected);
        self.report(error)
    }

    /// Adds what the token itself suggests.
    fn with_hints(&self, error: ParseError) -> ParseError {
        let span = self.tok.span;
        let word = self.text(span);
        let bytes = self.lexer.text.as_bytes();
        match self.tok.tok {
            Tok::Assign => {
                return error
                    .help("to compare, write `==`; `=` only stands inside `{…}`")
                    .suggest("compare with `==`", vec![(span, "==".into())]);
            }
            Tok::Gtr if span.start > 0 && bytes[span.start as usize - 1] == b'<' => {
                let both = Span::new(span.start as usize - 1, span.end as usize);
                return error
                    .help("\"not equal\" is written `!=`")
                    .suggest("compare with `!=`", vec![(both, "!=".into())]);
            }
            Tok::And | Tok::Or if self.end == 0 => {
                return error.help(format!("`{word}` needs an expression on its left"));
            }
            Tok::By | Tok::Without => {
                return error.help(format!(
                    "`{word} (…)` belongs to an aggregation: `sum {word} (label) (…)` or `sum(…) {word} (label)`"
                ));
            }
            Tok::On | Tok::Ignoring => {
                return error.help(format!(
                    "`{word} (…)` stands once, right behind a binary operator: `a * {word} (label) b`"
                ));
            }
            Tok::GroupLeft | Tok::GroupRight => {
                return error.help(format!(
                    "`{word}` stands behind `on (…)` or `ignoring (…)`: `a * on (label) {word} b`"
                ));
            }
            Tok::Bool => {
                return error.help("`bool` stands right behind a comparison: `a > bool b`");
            }
            Tok::LBrace => return error.help("a selector has one pair of braces"),
            Tok::Duration | Tok::Number if self.end == span.start => return error,
            Tok::Ident => {}
            _ => return error,
        }
        if let Some(what) = metricsql::keyword(word) {
            return error.help(format!("`{word}` is MetricsQL ({what}), not PromQL"));
        }
        match nearest(word, KEYWORDS.iter().copied()) {
            Some(near) => error.help(format!("did you mean `{near}`?")).suggest(
                format!("replace with `{near}`"),
                vec![(span, near.to_string())],
            ),
            None => error,
        }
    }

    /// In `(expr …`.
    pub(super) fn unexpected_in_parens(&mut self, open: Span, expected: &str) -> Abort {
        let error = self.build(expected).related(open, "in this parenthesis");
        self.report(error)
    }

    /// In `f(a …`.
    pub(super) fn unexpected_in_call(&mut self, callee: Span, open: Span) -> Abort {
        let expected = if self.tok.tok.starts_expr() && !matches!(self.tok.tok, Tok::Add | Tok::Sub)
        {
            "an operator, `,` or `)`"
        } else {
            "`,` or `)`"
        };
        let name = self.text(callee).to_string();
        let mut error = self.build(expected);
        if matches!(self.tok.tok, Tok::RBracket | Tok::RBrace | Tok::Eof) {
            error = error.related(open, format!("the `(` of `{name}` is still open"));
        }
        self.report(error)
    }

    /// In `x[…`.
    pub(super) fn unexpected_in_brackets(&mut self, open: Span, expected: &str) -> Abort {
        let mut error = self.build(expected);
        if self.at(Tok::RBracket) && expected.starts_with("a duration") {
            error.message = "this range is empty, expected a duration such as `5m`".into();
        }
        if self.at(Tok::Eof) {
            error = error.related(open, "this `[` is never closed");
        } else {
            error = error.related(open, "the range starts here");
        }
        if self.at(Tok::Str) {
            let span = self.tok.span;
            let inner = self.lexer.text[span.start as usize + 1..span.end as usize - 1].to_string();
            error = error.suggest("remove the quotes", vec![(span, inner)]);
        }
        self.report(error)
    }

    /// In `by (a …`.
    pub(super) fn unexpected_in_list(&mut self, open: Span, expected: &str) -> Abort {
        let mut error = self.build(expected);
        if self.at(Tok::Eof) {
            error = error.related(open, "this `(` is never closed");
        } else if matches!(self.tok.tok, Tok::Assign | Tok::EqlC | Tok::Neq) {
            error = error.help("only label names stand here; matchers belong into `{…}`");
        } else if self.tok.tok == Tok::Ident && expected.starts_with("`,`") {
            let before = Span::new(self.end as usize, self.end as usize);
            error = error.suggest("put a comma between the labels", vec![(before, ",".into())]);
        }
        self.report(error)
    }

    /// After `by`, `on` … without a parenthesis.
    pub(super) fn missing_label_list(&mut self, keyword: Span) -> Abort {
        let keyword = self.text(keyword).to_string();
        let mut error = self.build(&format!("`(` and the labels of `{keyword}`"));
        if self.tok.tok.is_grouping_label() || self.at(Tok::Str) {
            let span = self.tok.span;
            let word = self.text(span);
            error = error
                .help(format!(
                    "the labels stand in parentheses: `{keyword} ({word})`"
                ))
                .suggest(
                    format!("write `({word})`"),
                    vec![(span, format!("({word})"))],
                );
        }
        self.report(error)
    }

    /// After `sum` or `sum by (…)` without a parenthesis.
    pub(super) fn missing_aggregate_args(&mut self, token: Token, grouped: bool) -> Abort {
        let name = self.text(token.span).to_string();
        let mut error = self.build(&format!("`(` and what to aggregate with `{name}`"));
        if !grouped {
            error = error.related(token.span, "this aggregation");
        }
        self.report(error)
    }

    /// Where a matcher must start.
    pub(super) fn unexpected_matcher(&mut self) -> Abort {
        let mut error = self.build("a label name or `}`");
        if self.at(Tok::Comma) {
            error.message = "unexpected `,`: a matcher is missing before it".into();
            error = error.suggest("remove the comma", vec![(self.tok.span, String::new())]);
        }
        self.report(error)
    }

    /// After a label in braces, where an operator must follow.
    pub(super) fn unexpected_match_op(&mut self, label: Token) -> Abort {
        let word = self.text(label.span).to_string();
        let mut error = self.build("`=`, `!=`, `=~` or `!~`");
        match self.tok.tok {
            Tok::Str => {
                let gap = Span::new(label.span.end as usize, self.tok.span.start as usize);
                error = error.suggest("put `=` between them", vec![(gap, "=".into())]);
            }
            Tok::RBrace | Tok::Comma => {
                error.message =
                    format!("the label `{word}` has no matcher, expected `=`, `!=`, `=~` or `!~`");
                error = error.related(label.span, "this label").help(format!(
                    "to select series that have it, write `{word}!=\"\"`"
                ));
            }
            _ => {}
        }
        self.report(error)
    }

    /// After an operator in braces, where a string must follow.
    pub(super) fn unexpected_value(&mut self, op: Token) -> Abort {
        let mut error = self.build("a string in quotes");
        let span = self.tok.span;
        match self.tok.tok {
            Tok::Assign if op.tok == Tok::Assign => {
                let both = op.span.cover(span);
                error.span = both;
                error.message = "`==` compares values; labels are matched with `=`".into();
                error = error.suggest("match with `=`", vec![(both, "=".into())]);
            }
            Tok::Ident => {
                let word = self.text(span);
                error = error.suggest("put it in quotes", vec![(span, format!("\"{word}\""))]);
            }
            _ => {}
        }
        self.report(error)
    }

    /// After a matcher.
    pub(super) fn unexpected_after_matcher(&mut self) {
        let mut error = self.build("`,` or `}`");
        let before = Span::new(self.end as usize, self.end as usize);
        let span = self.tok.span;
        match self.tok.tok {
            Tok::Ident if self.text(span).eq_ignore_ascii_case("or") => {
                error = error.help(
                    "`or` between matchers is MetricsQL; in PromQL write `{…} or {…}` or a regular expression",
                );
            }
            Tok::Ident if self.text(span).eq_ignore_ascii_case("and") => {
                error = error.suggest("separate matchers with a comma", vec![(span, ",".into())]);
            }
            Tok::Ident => {
                error = error.suggest(
                    "put a comma between the matchers",
                    vec![(before, ",".into())],
                );
            }
            _ => {}
        }
        error = error.related(self.lexer.brace_span(), "in this selector");
        let _ = self.report(error);
    }

    /// `av_over_time(…)`.
    pub(super) fn unknown_function(&mut self, span: Span, args: Run) {
        let name = self.text(span);
        let mut error = ParseError::new(
            ErrorKind::UnknownFunction,
            span,
            format!("no function is called `{name}`"),
        );
        let lower = name.to_ascii_lowercase();
        let renamed = functions::RENAMED.iter().find(|(old, _)| *old == lower);
        let given: Vec<ValueType> = self.ast.args[args.range()]
            .iter()
            .map(|arg| self.ast.expr(*arg).ty)
            .collect();
        // What the arguments suit is meant before what they do not.
        let fitting = || {
            let functions = functions::FUNCTIONS.iter().filter(|one| one.takes(&given));
            let ranged = given.contains(&ValueType::Matrix);
            let aggregations = names::AGGREGATIONS.iter().filter(|_| !ranged);
            let names = functions.map(|one| one.name).chain(aggregations.copied());
            nearest(&lower, names)
        };
        let any = || {
            let functions = functions::FUNCTIONS.iter().map(|one| one.name);
            nearest(&lower, functions.chain(names::AGGREGATIONS.iter().copied()))
        };
        let near = match functions::function(&lower) {
            Some(_) => Some(lower.as_str()),
            None => fitting().or_else(any),
        };
        if let Some((_, new)) = renamed {
            error = error
                .help(format!("Prometheus 3 calls it `{new}`"))
                .suggest(
                    format!("rename to `{new}`"),
                    vec![(span, (*new).to_string())],
                );
        } else if metricsql::is_function(&lower) {
            error = error.help(format!(
                "`{lower}` is a function of MetricsQL (VictoriaMetrics), not of PromQL"
            ));
        } else if let Some(near) = near {
            error = error.help(format!("did you mean `{near}`?")).suggest(
                format!("replace with `{near}`"),
                vec![(span, near.to_string())],
            );
        } else if args.is_empty() {
            error = error.help("a metric's name has no parentheses behind it");
        }
        self.error(error);
    }
}
