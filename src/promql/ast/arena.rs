//! Access to the arena.

use super::{
    Aggregate, Ast, Binary, Call, Expr, ExprId, ExprKind, Label, LabelList, Matcher, Matching,
    Selector, ValueType,
};
use crate::span::Span;

impl Ast {
    /// The expression.
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.nodes[id.index()]
    }

    /// All expressions, children before parents. Includes what an error left unconnected.
    pub fn exprs(&self) -> impl ExactSizeIterator<Item = (ExprId, &Expr)> + DoubleEndedIterator {
        self.nodes
            .iter()
            .enumerate()
            .map(|(i, expr)| (ExprId(i as u32), expr))
    }

    /// The matchers of a selector, in source order, without the name before the braces.
    pub fn matchers(&self, selector: &Selector) -> &[Matcher] {
        &self.matchers[selector.matchers.range()]
    }

    /// The arguments of a call.
    pub fn args(&self, call: &Call) -> &[ExprId] {
        &self.args[call.args.range()]
    }

    /// All arguments of an aggregation, the parameter included, in source order.
    pub fn aggregate_args(&self, aggregate: &Aggregate) -> &[ExprId] {
        &self.args[aggregate.args.range()]
    }

    /// The labels of a list.
    pub fn labels(&self, list: &LabelList) -> &[Label] {
        &self.labels[list.labels.range()]
    }

    /// `on`, `ignoring`, `group_left`, `fill` of a binary operation.
    pub fn matching(&self, binary: &Binary) -> Option<&Matching> {
        binary.matching.map(|i| &self.matchings[i as usize])
    }

    /// Through parentheses to what is in them.
    pub fn unparen(&self, mut id: ExprId) -> ExprId {
        while let ExprKind::Paren(inner) = self.expr(id).kind {
            id = inner;
        }
        id
    }

    /// Calls `visit` for each direct child, in source order.
    pub fn for_each_child(&self, id: ExprId, mut visit: impl FnMut(ExprId)) {
        match &self.expr(id).kind {
            ExprKind::Number(_)
            | ExprKind::String(_)
            | ExprKind::Selector(_)
            | ExprKind::Hole(_) => {}
            ExprKind::Subquery(subquery) => visit(subquery.expr),
            ExprKind::Call(call) => self.args(call).iter().copied().for_each(visit),
            ExprKind::Aggregate(aggregate) => {
                self.aggregate_args(aggregate)
                    .iter()
                    .copied()
                    .for_each(visit);
            }
            ExprKind::Binary(binary) => {
                visit(binary.lhs);
                visit(binary.rhs);
            }
            ExprKind::Unary { expr, .. } | ExprKind::Paren(expr) => visit(*expr),
        }
    }

    pub(in crate::promql) fn push(&mut self, span: Span, ty: ValueType, kind: ExprKind) -> ExprId {
        let id = ExprId(self.nodes.len() as u32);
        let mut height = 0;
        match &kind {
            ExprKind::Number(_)
            | ExprKind::String(_)
            | ExprKind::Selector(_)
            | ExprKind::Hole(_) => {}
            ExprKind::Subquery(subquery) => height = self.height(subquery.expr),
            ExprKind::Unary { expr, .. } | ExprKind::Paren(expr) => height = self.height(*expr),
            ExprKind::Binary(b) => height = self.height(b.lhs).max(self.height(b.rhs)),
            ExprKind::Call(Call { args, .. }) | ExprKind::Aggregate(Aggregate { args, .. }) => {
                for &arg in &self.args[args.range()] {
                    height = height.max(self.height(arg));
                }
            }
        }
        self.nodes.push(Expr {
            span,
            ty,
            height: height + 1,
            kind,
        });
        id
    }

    pub(in crate::promql) fn height(&self, id: ExprId) -> u16 {
        self.nodes[id.index()].height
    }
}
