//! The query of a Prometheus variable: `label_values(…)`, `label_names()`, `metrics(…)`, `query_result(…)`, or an
//! expression.
//!
//! The forms are those of Grafana's Prometheus data source (`metric_find_query.ts`): the last comma of
//! `label_values` comes before the label.

use super::ast::ExprKind;
use super::error::{ErrorKind, ParseError};
use super::{Parsed, holes, names, parse};
use crate::span::Span;
use crate::spelling::nearest;

/// What a variable asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VariableQueryKind {
    /// `label_values(label)`, `label_values(selector, label)`.
    LabelValues,
    /// `label_names()`, `label_names(text)`: the labels of metrics whose name contains a text.
    LabelNames,
    /// `metrics(regex)`.
    Metrics,
    /// `query_result(expression)`.
    QueryResult,
    /// Anything else: the series of a selector.
    Series,
}

/// The query of a variable. All spans are bytes of the whole text.
#[derive(Debug, Clone)]
pub struct VariableQuery {
    /// What it asks for.
    pub kind: VariableQueryKind,
    /// The name before the parenthesis; empty for a bare expression.
    pub name: Span,
    /// The selector or expression in it, with spans of the whole text.
    pub expr: Option<Parsed>,
    /// Where that is.
    pub expr_span: Option<Span>,
    /// The label of `label_values`.
    pub label: Option<Span>,
    /// The text in `metrics(…)` or `label_names(…)`: a part of a metric's name, a JavaScript regular expression.
    pub regex: Option<Span>,
    /// What is wrong with the form. What is wrong with the expression is in [`VariableQuery::expr`].
    pub errors: Vec<ParseError>,
}

const NAMES: [(&str, VariableQueryKind); 4] = [
    ("label_values", VariableQueryKind::LabelValues),
    ("label_names", VariableQueryKind::LabelNames),
    ("metrics", VariableQueryKind::Metrics),
    ("query_result", VariableQueryKind::QueryResult),
];

/// Whether the text is certainly a query for the variable of a Prometheus data source: it begins with one of the four
/// functions that only such queries have.
pub fn looks_like(text: &str) -> bool {
    let text = text.trim_start();
    ["label_values", "label_names", "metrics", "query_result"]
        .iter()
        .any(|name| {
            text.strip_prefix(name)
                .is_some_and(|rest| rest.trim_start().starts_with('('))
        })
}

/// Parses the query of a variable.
pub fn variable_query(text: &str) -> VariableQuery {
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len().max(start);
    let body = &text[start..end];
    let word = body
        .find(|c: char| c != '_' && !c.is_ascii_alphanumeric())
        .unwrap_or(body.len());
    let after = body[word..].trim_start();
    let known = NAMES.iter().find(|(name, _)| *name == &body[..word]);
    let mut query = VariableQuery {
        kind: VariableQueryKind::Series,
        name: Span::new(start, start),
        expr: None,
        expr_span: None,
        label: None,
        regex: None,
        errors: Vec::new(),
    };
    let Some((name, kind)) = known.filter(|_| after.starts_with('(')) else {
        query.inner(text, Span::new(start, end));
        query.misspelt(&body[..word], start, after.starts_with('('));
        return query;
    };
    query.kind = *kind;
    query.name = Span::new(start, start + word);
    let open = end - after.len();
    if !after.ends_with(')') {
        let message = format!("`{name}(` is never closed");
        let span = Span::new(open, open + 1);
        query
            .errors
            .push(ParseError::new(ErrorKind::Syntax, span, message).related(
                Span::new(end, end),
                "expected `)` here, and nothing behind it",
            ));
        return query;
    }
    let inside = Span::new(open + 1, end - 1);
    match kind {
        VariableQueryKind::LabelValues => query.label_values(text, inside),
        VariableQueryKind::LabelNames => {
            if !text[inside.range()].trim().is_empty() {
                query.regex = Some(trimmed(text, inside));
            }
        }
        VariableQueryKind::Metrics => query.regex = Some(trimmed(text, inside)),
        _ => {
            if !text[inside.range()].trim().is_empty() {
                query.inner(text, inside);
            }
        }
    }
    query
}

fn trimmed(text: &str, span: Span) -> Span {
    let part = &text[span.range()];
    let start = span.start as usize + (part.len() - part.trim_start().len());
    Span::new(start, start + part.trim().len())
}

impl VariableQuery {
    /// Parses a part of the text so that its spans are those of the whole.
    fn inner(&mut self, text: &str, span: Span) {
        let span = trimmed(text, span);
        let mut padded = " ".repeat(span.start as usize);
        padded.push_str(&text[span.range()]);
        self.expr = Some(parse(&padded));
        self.expr_span = Some(span);
    }

    fn label_values(&mut self, text: &str, inside: Span) {
        let part = &text[inside.range()];
        if part.trim().is_empty() {
            // Known to ask for nothing.
            return;
        }
        let (selector, label) = match part.rfind(',') {
            Some(comma) => {
                let at = inside.start as usize + comma;
                (
                    Some(Span::new(inside.start as usize, at)),
                    Span::new(at + 1, inside.end as usize),
                )
            }
            None => (None, inside),
        };
        let label = trimmed(text, label);
        let name = &text[label.range()];
        if !is_label(name) {
            let message = if name.is_empty() {
                "`label_values` needs a label".to_string()
            } else {
                "expected a label as the last argument of `label_values`".to_string()
            };
            let span = if label.is_empty() { self.name } else { label };
            let error = ParseError::new(ErrorKind::Syntax, span, message)
                .help("write `label_values(label)` or `label_values(metric{…}, label)`");
            self.errors.push(error);
        }
        self.label = Some(label);
        let Some(selector) = selector else { return };
        // Grafana drops an empty selector.
        if matches!(text[selector.range()].trim(), "" | "{}") {
            return;
        }
        self.inner(text, selector);
        if let Some(expr) = &self.expr
            && expr.is_valid()
            && let Some(root) = expr.root()
        {
            let selects = match &root.kind {
                ExprKind::Selector(selector) => selector.range.is_none(),
                ExprKind::Hole(_) => true,
                _ => !expr.holes.is_empty() && root.ty == super::ValueType::Unknown,
            };
            if !selects {
                let error = ParseError::new(
                    ErrorKind::Type,
                    root.span,
                    "`label_values` asks for the series of a selector, not for the value of an expression",
                )
                .help("use `query_result(…)` with a regex on the variable to evaluate an expression");
                self.errors.push(error);
            }
        }
    }

    fn misspelt(&mut self, word: &str, start: usize, called: bool) {
        if !called
            || super::functions::function(word).is_some()
            || names::AGGREGATIONS.contains(&word)
        {
            return;
        }
        let Some(near) = nearest(word, NAMES.iter().map(|(name, _)| *name)) else {
            return;
        };
        let span = Span::new(start, start + word.len());
        let error = ParseError::new(
            ErrorKind::UnknownFunction,
            span,
            format!("no variable query is called `{word}`"),
        )
        .help(format!("did you mean `{near}`?"))
        .suggest(
            format!("replace with `{near}`"),
            vec![(span, near.to_string())],
        );
        self.errors.push(error);
        self.expr = None;
    }

    /// Everything that is wrong, of the form and of the expression.
    pub fn all_errors(&self) -> impl Iterator<Item = &ParseError> {
        self.errors
            .iter()
            .chain(self.expr.iter().flat_map(|e| e.errors.iter()))
    }
}

/// Whether a label may be meant: Prometheus 3 knows labels of any characters, but these end an expression.
fn is_label(name: &str) -> bool {
    !name.is_empty()
        && (!name.contains(['(', ')', '{', '}', '=', '[', ']'])
            || !holes::find_holes(name).is_empty()
            || name.starts_with('"'))
}
