//! Where a label got lost.

use super::call::series_arg;
use super::{Demand, Flow, demand};
use crate::promql::Parsed;
use crate::promql::ast::{Binary, BinaryOp, ExprId, ExprKind, LabelList, ValueType};
use crate::span::Span;

/// Where a label was taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removal {
    /// The place.
    pub span: Span,
    /// What did it.
    pub by: RemovedBy,
}

/// What takes a label away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RemovedBy {
    /// An aggregation that does not keep it.
    Aggregation,
    /// An operation between vectors keeps only what both sides are matched by.
    Matching,
    /// A matcher asks for series without it.
    Matcher,
    /// A function: its result has labels of its own (`absent`), or it uses the label up (`le`).
    Function,
    /// A number has no labels.
    Number,
    /// The rule that records the metric.
    Definition,
}

impl RemovedBy {
    /// As the note at the place.
    pub fn words(self) -> &'static str {
        match self {
            RemovedBy::Aggregation => "this aggregation does not keep it",
            RemovedBy::Matching => "the result has only the labels matched by here",
            RemovedBy::Matcher => "this selects series without it",
            RemovedBy::Function => "the result of this function does not have it",
            RemovedBy::Number => "a number has no labels",
            RemovedBy::Definition => "the rule that records this does not keep it",
        }
    }
}

impl Flow {
    /// Where a label got lost that the result of an expression [cannot](Flow::can) have; none if it can, or if several
    /// places did it together.
    pub fn why_not(&self, parsed: &Parsed, mut id: ExprId, label: &str) -> Option<Removal> {
        if self.can(id, label) {
            return None;
        }
        let here = |span, by| Some(Removal { span, by });
        let lists = |list: &LabelList| {
            let mut labels = parsed.ast.labels(list).iter();
            labels.any(|listed| parsed.label(listed) == label)
        };
        loop {
            let expr = parsed.ast.expr(id);
            id = match &expr.kind {
                ExprKind::Paren(inner) | ExprKind::Unary { expr: inner, .. } => *inner,
                ExprKind::Subquery(subquery) => subquery.expr,
                ExprKind::Number(_) | ExprKind::String(_) => {
                    return here(expr.span, RemovedBy::Number);
                }
                ExprKind::Hole(_) => return None,
                ExprKind::Selector(selector) => {
                    let mut matchers = parsed.ast.matchers(selector).iter();
                    let matcher = matchers.find(|matcher| {
                        parsed.label(&matcher.label) == label
                            && demand(parsed, matcher) == Demand::Absent
                    });
                    let definition = || parsed.metric_name(selector).map(|(_, span)| span);
                    return match matcher {
                        Some(matcher) => here(matcher.span, RemovedBy::Matcher),
                        None => here(definition()?, RemovedBy::Definition),
                    };
                }
                ExprKind::Aggregate(aggregate) => {
                    let inner = aggregate.expr?;
                    match &aggregate.grouping {
                        _ if aggregate.op.keeps_series() => {}
                        None => return here(aggregate.op_span, RemovedBy::Aggregation),
                        Some(grouping) if lists(&grouping.list) != grouping.without => {}
                        Some(grouping) => {
                            let span = grouping.keyword.cover(grouping.list.span);
                            return here(span, RemovedBy::Aggregation);
                        }
                    }
                    inner
                }
                ExprKind::Call(call) => {
                    let function = || here(call.name, RemovedBy::Function);
                    let Some(series) = series_arg(call, parsed.ast.args(call)) else {
                        return function();
                    };
                    if self.can(series, label) || parsed.ast.expr(series).ty == ValueType::Scalar {
                        return function();
                    }
                    series
                }
                ExprKind::Binary(binary) => match self.side(parsed, binary, label) {
                    Ok(side) => side,
                    Err(span) => return here(span, RemovedBy::Matching),
                },
            };
        }
    }

    /// The side of an operation that lost the label, or the place in the operation itself.
    fn side(&self, parsed: &Parsed, binary: &Binary, label: &str) -> Result<ExprId, Span> {
        let matching = parsed.ast.matching(binary);
        let list = matching.and_then(|matching| matching.labels);
        let group = matching.and_then(|matching| matching.group);
        let (many, one) = match group {
            Some(group) if !group.left => (binary.rhs, binary.lhs),
            _ => (binary.lhs, binary.rhs),
        };
        let set = matches!(binary.op, BinaryOp::Or | BinaryOp::Unless);
        let scalar = |id: ExprId| parsed.ast.expr(id).ty == ValueType::Scalar;
        if scalar(many) && !scalar(one) {
            return Ok(one);
        }
        if set || !self.can(many, label) {
            return Ok(many);
        }
        match list {
            Some(labels) => {
                let listed = parsed
                    .ast
                    .labels(&labels.list)
                    .iter()
                    .any(|listed| parsed.label(listed) == label);
                if listed == labels.on && !self.can(one, label) {
                    return Ok(one);
                }
                Err(labels.keyword.cover(labels.list.span))
            }
            None if !self.can(one, label) => Ok(one),
            None => Err(binary.op_span),
        }
    }
}
