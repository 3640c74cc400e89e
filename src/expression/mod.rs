//! Grafana's server-side expressions (`math`, `reduce`, `threshold` …): what they may hold, and the languages of `math` and `sql`.
//!
//! The facts are in `rules/facts/expressions.toml`; the build script turns them into tables.

mod math;
mod sql;

pub use math::{Fault, Math, Variable, parse};
pub use sql::{Sql, tables};

mod facts {
    include!(concat!(env!("OUT_DIR"), "/expressions.rs"));
}
pub(crate) use facts::{
    CLASSIC_OPERATORS, CLASSIC_REDUCERS, KINDS, REDUCE_MODES, REDUCERS, UPSAMPLERS,
};
use facts::{EVALUATORS, FUNCTIONS, OPERATORS};

/// How many numbers an evaluator of this type needs.
pub(crate) fn evaluator_params(kind: &str) -> Option<usize> {
    let found = EVALUATORS.iter().find(|(id, _)| *id == kind);
    found.map(|(_, params)| *params)
}

/// The types of evaluators a `threshold` knows, or with `classic` those of `classic_conditions`.
pub(crate) fn evaluators(classic: bool) -> impl Iterator<Item = &'static str> {
    let known = EVALUATORS.iter().map(|(id, _)| *id);
    known.filter(move |id| classic || *id != "no_value")
}

/// How many values a function of `math` takes.
fn function_params(name: &str) -> Option<usize> {
    let found = FUNCTIONS.iter().find(|(id, _)| *id == name);
    found.map(|(_, params)| *params)
}

fn is_operator(text: &str) -> bool {
    OPERATORS.contains(&text)
}
