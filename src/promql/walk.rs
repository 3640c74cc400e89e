//! Facts about a query: what it selects, calls, aggregates, and which labels its result has.
//!
//! The arena is in post-order, so "all calls" is a scan; nothing here recurses.

use super::ast::{
    Aggregate, Ast, Binary, Call, Expr, ExprId, ExprKind, MatchOp, Matcher, RangeSelector, Selector,
};
use super::ast::{AggregateOp, BinaryOp, Duration, Label, Subquery};
use super::{Hole, HoleRole, Parsed};
use crate::span::Span;
use std::borrow::Cow;

/// The parents of all expressions of a query.
#[derive(Debug, Clone)]
pub struct Parents(Vec<u32>);

const NONE: u32 = u32::MAX;

impl Parents {
    /// The expression around this one.
    pub fn of(&self, id: ExprId) -> Option<ExprId> {
        self.0
            .get(id.index())
            .copied()
            .filter(|p| *p != NONE)
            .map(ExprId)
    }

    /// The expressions around this one, from the inside out.
    pub fn ancestors(&self, id: ExprId) -> impl Iterator<Item = ExprId> + '_ {
        std::iter::successors(self.of(id), |id| self.of(*id))
    }
}

/// The labels a result has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutputLabels<'q> {
    /// Exactly these: an aggregation `by` keeps no others. Empty for a scalar or a plain `sum(…)`.
    Exact(Vec<Cow<'q, str>>),
    /// Anything but these: an aggregation `without` took them away.
    Without(Vec<Cow<'q, str>>),
    /// Not known from the text.
    Open,
}

/// A range in a query: of a selector or of a subquery.
#[derive(Debug, Clone, Copy)]
pub struct RangeUse<'q> {
    /// The expression it belongs to.
    pub id: ExprId,
    /// With the brackets.
    pub brackets: Span,
    /// How long.
    pub duration: &'q Duration,
    /// The resolution, of a subquery.
    pub step: Option<&'q Duration>,
    /// Whether it is a subquery.
    pub subquery: bool,
}

impl Ast {
    /// The parent of each expression.
    pub fn parents(&self) -> Parents {
        let mut parents = vec![NONE; self.nodes.len()];
        for (id, _) in self.exprs() {
            self.for_each_child(id, |child| parents[child.index()] = id.index() as u32);
        }
        Parents(parents)
    }

    /// An expression and all in it, parents before children, in source order.
    pub fn descendants(&self, root: ExprId) -> Vec<ExprId> {
        let mut out = Vec::new();
        let mut stack = vec![root];
        let mut children = Vec::new();
        while let Some(id) = stack.pop() {
            out.push(id);
            children.clear();
            self.for_each_child(id, |child| children.push(child));
            stack.extend(children.iter().rev());
        }
        out
    }
}

impl Parsed {
    fn pick<'q, T: 'q>(
        &'q self,
        mut select: impl FnMut(&'q ExprKind) -> Option<T> + 'q,
    ) -> impl Iterator<Item = (ExprId, &'q Expr, T)> + 'q {
        self.ast
            .exprs()
            .filter_map(move |(id, expr)| select(&expr.kind).map(|found| (id, expr, found)))
    }

    /// All selectors, in source order.
    pub fn selectors(&self) -> impl Iterator<Item = (ExprId, &Expr, &Selector)> {
        self.pick(|kind| match kind {
            ExprKind::Selector(selector) => Some(selector),
            _ => None,
        })
    }

    /// All function calls, the inner ones first.
    pub fn calls(&self) -> impl Iterator<Item = (ExprId, &Expr, &Call)> {
        self.pick(|kind| match kind {
            ExprKind::Call(call) => Some(call),
            _ => None,
        })
    }

    /// All aggregations, the inner ones first.
    pub fn aggregations(&self) -> impl Iterator<Item = (ExprId, &Expr, &Aggregate)> {
        self.pick(|kind| match kind {
            ExprKind::Aggregate(aggregate) => Some(aggregate),
            _ => None,
        })
    }

    /// All binary operations, the inner ones first.
    pub fn binaries(&self) -> impl Iterator<Item = (ExprId, &Expr, &Binary)> {
        self.pick(|kind| match kind {
            ExprKind::Binary(binary) => Some(binary),
            _ => None,
        })
    }

    /// All subqueries, the inner ones first.
    pub fn subqueries(&self) -> impl Iterator<Item = (ExprId, &Expr, &Subquery)> {
        self.pick(|kind| match kind {
            ExprKind::Subquery(subquery) => Some(subquery),
            _ => None,
        })
    }

    /// All matchers with the selector they belong to, in source order.
    pub fn matchers(&self) -> impl Iterator<Item = (ExprId, &Matcher)> {
        self.selectors()
            .flat_map(|(id, _, selector)| self.ast.matchers(selector).iter().map(move |m| (id, m)))
    }

    /// All ranges of selectors and subqueries, in source order of their ends.
    pub fn ranges(&self) -> impl Iterator<Item = RangeUse<'_>> {
        self.ast.exprs().filter_map(|(id, expr)| match &expr.kind {
            ExprKind::Selector(Selector {
                range: Some(RangeSelector { span, duration }),
                ..
            }) => Some(RangeUse {
                id,
                brackets: *span,
                duration,
                step: None,
                subquery: false,
            }),
            ExprKind::Subquery(subquery) => Some(RangeUse {
                id,
                brackets: subquery.brackets,
                duration: &subquery.range,
                step: subquery.step.as_ref(),
                subquery: true,
            }),
            _ => None,
        })
    }

    /// The metric a selector names, before the braces, quoted in them, or as `__name__="…"`; none if it names
    /// none or uses a variable for it.
    pub fn metric_name(&self, selector: &Selector) -> Option<(Cow<'_, str>, Span)> {
        if let Some(name) = &selector.name {
            return name.holes.is_empty().then(|| (self.label(name), name.span));
        }
        self.ast.matchers(selector).iter().find_map(|matcher| {
            let plain = matcher.op == MatchOp::Equal
                && matcher.value.holes.is_empty()
                && matcher.value.quote != 0;
            let name = matcher.metric_name || (plain && self.label(&matcher.label) == "__name__");
            (plain && name).then(|| (self.string(&matcher.value), matcher.value.span))
        })
    }

    /// The function's name of a call as written, variables included.
    pub fn call_name(&self, call: &Call) -> &str {
        self.slice(call.name)
    }

    /// The variables that have a role.
    pub fn holes_in_role(&self, role: HoleRole) -> impl Iterator<Item = &Hole> {
        self.holes.iter().filter(move |hole| hole.role == role)
    }

    fn names(&self, labels: &[Label]) -> Vec<Cow<'_, str>> {
        labels.iter().map(|label| self.label(label)).collect()
    }

    /// The labels the result of an expression has, as far as the text says: those an outermost aggregation keeps,
    /// seen through parentheses, signs, arithmetic with scalars and functions that keep labels.
    pub fn output_labels(&self, root: ExprId) -> OutputLabels<'_> {
        let mut id = root;
        loop {
            let expr = self.ast.expr(id);
            match &expr.kind {
                ExprKind::Number(_) => return OutputLabels::Exact(Vec::new()),
                ExprKind::Paren(inner) | ExprKind::Unary { expr: inner, .. } => id = *inner,
                ExprKind::Subquery(subquery) => id = subquery.expr,
                ExprKind::Aggregate(aggregate) => return self.aggregate_labels(aggregate),
                ExprKind::Call(call) => match self.through_call(call) {
                    Ok(inner) => id = inner,
                    Err(labels) => return labels,
                },
                ExprKind::Binary(binary) => match self.through_binary(binary) {
                    Some(inner) => id = inner,
                    None => return OutputLabels::Open,
                },
                ExprKind::Selector(_) | ExprKind::String(_) | ExprKind::Hole(_) => {
                    return OutputLabels::Open;
                }
            }
        }
    }

    fn aggregate_labels(&self, aggregate: &Aggregate) -> OutputLabels<'_> {
        use AggregateOp::{CountValues, Hole};
        if aggregate.op.keeps_series() || matches!(aggregate.op, Hole | CountValues) {
            return OutputLabels::Open;
        }
        match &aggregate.grouping {
            None => OutputLabels::Exact(Vec::new()),
            Some(grouping) if !grouping.complete => OutputLabels::Open,
            Some(grouping) => {
                let names = self.names(self.ast.labels(&grouping.list));
                if grouping.without {
                    OutputLabels::Without(names)
                } else {
                    OutputLabels::Exact(names)
                }
            }
        }
    }

    /// The argument whose labels a call keeps, or what is known of its result.
    fn through_call(&self, call: &Call) -> Result<ExprId, OutputLabels<'_>> {
        let Some(function) = call.function else {
            return Err(OutputLabels::Open);
        };
        let args = self.ast.args(call);
        match function.name {
            "time" | "pi" | "scalar" | "vector" | "start" | "end" | "step" | "range" | "min_of"
            | "max_of" => Err(OutputLabels::Exact(Vec::new())),
            "label_replace"
            | "label_join"
            | "info"
            | "absent"
            | "absent_over_time"
            | "histogram_quantiles" => Err(OutputLabels::Open),
            // The bucket label is used up.
            "histogram_quantile" | "histogram_fraction" => {
                let Some(&last) = args.last() else {
                    return Err(OutputLabels::Open);
                };
                Err(match self.plain_labels(last) {
                    OutputLabels::Exact(mut names) => {
                        names.retain(|name| name != "le");
                        OutputLabels::Exact(names)
                    }
                    other => other,
                })
            }
            _ if function.args.is_empty() || args.is_empty() => {
                Err(OutputLabels::Exact(Vec::new()))
            }
            _ => args
                .iter()
                .copied()
                .find(|&arg| {
                    !matches!(
                        self.ast.expr(arg).kind,
                        ExprKind::Number(_) | ExprKind::String(_)
                    )
                })
                .ok_or(OutputLabels::Open),
        }
    }

    /// [`Parsed::output_labels`] without entering another `histogram_quantile`, so that nothing recurses.
    fn plain_labels(&self, mut id: ExprId) -> OutputLabels<'_> {
        loop {
            match &self.ast.expr(id).kind {
                ExprKind::Paren(inner) => id = *inner,
                ExprKind::Aggregate(aggregate) => return self.aggregate_labels(aggregate),
                ExprKind::Binary(binary) => match self.through_binary(binary) {
                    Some(inner) => id = inner,
                    None => return OutputLabels::Open,
                },
                ExprKind::Call(call)
                    if call.function.is_some_and(|f| f.range_arg() == Some(0))
                        && !self.ast.args(call).is_empty() =>
                {
                    id = self.ast.args(call)[0];
                }
                ExprKind::Subquery(subquery) => id = subquery.expr,
                _ => return OutputLabels::Open,
            }
        }
    }

    /// The side whose labels a binary operation keeps, if it is plain to see.
    fn through_binary(&self, binary: &Binary) -> Option<ExprId> {
        use super::ast::ValueType::{Scalar, Vector};
        if binary.op == BinaryOp::Hole {
            return None;
        }
        match (self.ast.expr(binary.lhs).ty, self.ast.expr(binary.rhs).ty) {
            (Vector, Scalar) => return Some(binary.lhs),
            (Scalar, Vector | Scalar) => return Some(binary.rhs),
            (Vector, Vector) => {}
            _ => return None,
        }
        if matches!(binary.op, BinaryOp::And | BinaryOp::Unless) {
            return Some(binary.lhs);
        }
        None
    }
}
