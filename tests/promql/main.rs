//! The PromQL front end as its users see it.

#![allow(clippy::print_stderr)] // what was slow or skipped is said

mod hostile;
mod messages;
mod strings;
mod tree;
mod variables;

use dashlint::promql::ast::{AggregateOp, AtTime, BinaryOp, Extended, FillSide};
use dashlint::promql::{
    self, ErrorKind, ExprKind, Feature, HoleRole, KNOWN_LAX, OutputLabels, ParseError, Parsed,
    ValueType, VariableQueryKind, Verdict, check_regexes, logql, metricsql, parse, referee,
    regex_check, variable_query,
};
use dashlint::span::Span;
use proptest::prelude::*;

fn ok(text: &str) -> Parsed {
    let parsed = parse(text);
    assert!(parsed.errors.is_empty(), "{text}: {:?}", parsed.errors);
    parsed
}

fn first(text: &str) -> ParseError {
    parse(text)
        .errors
        .into_iter()
        .next()
        .unwrap_or_else(|| panic!("{text} is accepted"))
}

/// The error's place, its message and what its suggestion makes of the query.
fn says(text: &str, at: &str, message: &str) -> ParseError {
    let error = first(text);
    assert_eq!(&text[error.span.range()], at, "{text}: {error:?}");
    assert!(error.message.contains(message), "{text}: {error:?}");
    error
}

fn repaired(text: &str) -> String {
    let error = first(text);
    let suggestion = error
        .suggestion
        .unwrap_or_else(|| panic!("{text}: no suggestion in {:?}", error.message));
    let mut out = text.to_string();
    for (span, replacement) in suggestion.with_range("[5m]").iter().rev() {
        out.replace_range(span.range(), replacement);
    }
    out
}

fn roles(text: &str) -> Vec<(String, HoleRole)> {
    let parsed = ok(text);
    parsed
        .holes
        .iter()
        .map(|hole| (parsed.hole_name(hole).to_string(), hole.role))
        .collect()
}
