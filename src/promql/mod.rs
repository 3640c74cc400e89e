//! The PromQL front end: text to a tree with the byte range of everything, errors that say what to do, and
//! Grafana's template variables understood where they stand.
//!
//! [`parse`] never fails: it returns what it could make of the text together with the [errors](ParseError). Its
//! verdict agrees with Prometheus' own parser, experimental features switched on; what a query uses of them is in
//! [`Parsed::features`]. Regular expressions are checked apart, by [`check_regexes`], because the same pattern
//! tends to come many times.
//!
//! A template variable is a [`Hole`]: it has a place in the grammar and no type, and so is never the cause of an
//! error.

pub mod ast;
pub mod bounds;
mod deprecated;
pub mod error;
pub mod facts;
pub mod features;
pub mod flow;
pub mod functions;
pub mod holes;
mod lexer;
pub mod logql;
mod metric_kind;
pub mod metricsql;
mod names;
pub mod nan;
pub mod nature;
mod number;
mod parser;
pub mod referee;
pub mod regex;
mod scan;
pub(crate) mod shape;
mod string;
mod token;
mod types;
pub mod variable_query;
pub mod walk;

pub use ast::{Ast, Expr, ExprId, ExprKind, Label, Matcher, Selector, StringLiteral, ValueType};
pub use deprecated::{Deprecated, deprecated};
pub use error::{ErrorKind, ParseError, Placeholder, RANGE_PLACEHOLDER, Suggestion};
pub use features::{Feature, FeatureUse};
pub use holes::{Hole, HoleRole, find_holes};
pub use metric_kind::{MetricKind, kind_by_name};
pub use number::duration;
pub use parser::{MAX_HEIGHT, MAX_NESTING};
pub use referee::{KNOWN_LAX, Verdict, referee};
pub use regex::{RegexError, RegexUse, check_regexes, check_regexes_with, regex_check, regex_uses};

pub use variable_query::{VariableQuery, VariableQueryKind, variable_query};
pub use walk::{OutputLabels, Parents, RangeUse};

use crate::span::Span;
use std::borrow::Cow;

/// The longest query that is looked at; real ones stay below 10 KiB.
pub const MAX_LEN: usize = 16 << 20;

/// What became of a query.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The query.
    pub text: Box<str>,
    /// The tree.
    pub ast: Ast,
    /// The whole expression, unless an error left nothing of it.
    pub root: Option<ExprId>,
    /// What is wrong, the first thing Prometheus would complain about first.
    pub errors: Vec<ParseError>,
    /// The template variables outside comments, in source order.
    pub holes: Vec<Hole>,
    /// What the query uses that not every Prometheus understands.
    pub features: Vec<FeatureUse>,
    /// The comments, from `#` to the end of the line.
    pub comments: Vec<Span>,
}

/// Parses a query. Takes time in proportion to its length and never panics.
pub fn parse(text: &str) -> Parsed {
    if text.len() > MAX_LEN {
        let message = format!("the query is longer than {MAX_LEN} bytes and is not checked");
        return Parsed {
            text: "".into(),
            ast: Ast::default(),
            root: None,
            errors: vec![ParseError::new(ErrorKind::Depth, Span::new(0, 0), message)],
            holes: Vec::new(),
            features: Vec::new(),
            comments: Vec::new(),
        };
    }
    let mut parser = parser::Parser::new(text);
    let root = parser.parse();
    let mut errors = std::mem::take(&mut parser.errors);
    if root.is_some() && errors.iter().all(|e| e.kind != ErrorKind::Depth) {
        types::Checker::new(text, &parser.ast, &mut errors, &parser.features).check();
    }
    Parsed {
        text: text.into(),
        ast: parser.ast,
        root,
        errors,
        holes: parser.lexer.holes,
        features: parser.features,
        comments: parser.lexer.comments,
    }
}

impl Parsed {
    /// Whether Prometheus would take the query, experimental features on and regular expressions aside.
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }

    /// A part of the query.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The value of a string.
    pub fn string(&self, literal: &StringLiteral) -> Cow<'_, str> {
        literal.value(&self.text)
    }

    /// A label's or metric's name, without quotes.
    pub fn label(&self, label: &Label) -> Cow<'_, str> {
        label_text(&self.text, label)
    }

    /// The name of a variable.
    pub fn hole_name(&self, hole: &Hole) -> &str {
        self.slice(hole.name)
    }

    /// The variables of a run: those in a string, a name, a duration.
    pub fn holes_of(&self, run: ast::HoleRange) -> &[Hole] {
        &self.holes[run.range()]
    }

    /// The root expression.
    pub fn root(&self) -> Option<&Expr> {
        self.root.map(|id| self.ast.expr(id))
    }
}

fn label_text<'t>(text: &'t str, label: &Label) -> Cow<'t, str> {
    match label.quote {
        None => Cow::Borrowed(text.get(label.span.range()).unwrap_or("")),
        Some(quote) => StringLiteral {
            span: label.span,
            quote,
            escaped: label.escaped,
            holes: label.holes,
        }
        .value(text),
    }
}
