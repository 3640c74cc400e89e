//! Conditions as alerts before Grafana 8 had them.

use super::evaluator::evaluator;
use super::invalid_expression::{fault, lacks, one_of};
use super::pipeline::{Entry, Pipeline};
use crate::expression::{CLASSIC_OPERATORS, CLASSIC_REDUCERS};
use crate::model::ExpressionKind;
use crate::rules::{Context, Place};
use crate::syntax::NodeRef;

/// A `classic_conditions` expression.
pub(super) fn conditions<'t>(
    pipeline: &Pipeline<'t>,
    entry: &Entry<'t>,
    model: NodeRef<'t>,
    cx: &mut Context<'_, 't>,
) {
    if entry.query.conditions().next().is_none() {
        lacks(model, "`conditions`", cx);
        return;
    }
    for (number, condition) in entry.query.conditions().enumerate() {
        evaluator(condition, "evaluator", true, cx);
        match condition.get("reducer") {
            Some(reducer) => one_of(reducer, "type", CLASSIC_REDUCERS, cx),
            None => lacks(condition, "`reducer`", cx),
        }
        // Whatever joins the first condition to those before it has nothing to do.
        match condition.get("operator") {
            Some(operator) if number > 0 => one_of(operator, "type", CLASSIC_OPERATORS, cx),
            None if number > 0 => lacks(condition, "`operator`", cx),
            _ => {}
        }
        let params = condition.path(&["query", "params"]);
        let named = params.and_then(|params| params.items().next());
        if named.is_none_or(|named| named.as_str().is_none_or(|name| name.is_empty())) {
            let place = named
                .or(params)
                .or(condition.get("query"))
                .map_or(Place::head(condition), Place::value);
            let _ = fault(place, "this condition names no query to look at", cx)
                .help("write the refId of the query into `query.params`");
        }
    }
    for input in &entry.inputs {
        let Some(read) = pipeline.entry(&input.name) else {
            continue;
        };
        if read.query.is_expression() && read.name != entry.name {
            let what = format!(
                "classic conditions look at queries alone, and `{}` is an expression",
                read.name
            );
            let _ = fault(Place::text(input.node, input.span), &what, cx)
                .help("name the query itself, or use an expression `threshold`");
        }
    }
}

/// No other expression can read what classic conditions come to.
pub(super) fn as_input<'t>(pipeline: &Pipeline<'t>, entry: &Entry<'t>, cx: &mut Context<'_, 't>) {
    for input in &entry.inputs {
        let read = pipeline.entry(&input.name);
        if read.is_some_and(|read| read.kind == Some(ExpressionKind::Classic)) {
            let what = format!(
                "no expression can read classic conditions, and `{}` is that",
                input.name
            );
            let _ = fault(Place::text(input.node, input.span), &what, cx)
                .help("use the expressions `reduce` and `threshold` in its place");
        }
    }
}
