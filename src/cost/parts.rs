//! The sub-expressions of a query that make it cost what it costs.

use super::query::{Figures, Read};
use crate::promql::ast::ExprKind;
use crate::promql::{ExprId, Parents, Parsed};

/// A sub-expression that reads series: the innermost aggregation around a selector; where nothing aggregates it, the functions
/// around it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// The sub-expression.
    pub(super) expr: ExprId,
    /// What it reads.
    pub(super) reads: Vec<Read>,
    /// Together.
    pub(super) work: f64,
}

impl Part {
    /// The selector that costs most.
    pub(super) fn dearest(&self) -> Option<&Read> {
        self.reads
            .iter()
            .max_by(|a, b| a.work().total_cmp(&b.work()))
    }

    /// Series that it reads.
    pub(super) fn series(&self) -> f64 {
        self.reads.iter().map(|read| read.series).sum()
    }
}

/// The parts of a query, the dearest first.
pub(super) fn parts(parsed: &Parsed, figures: &Figures) -> Vec<Part> {
    let parents = parsed.ast.parents();
    let mut parts: Vec<Part> = Vec::new();
    for read in &figures.cost.reads {
        let expr = around(parsed, &parents, read.selector);
        // Those of one aggregation come one after the other.
        match parts.last_mut().filter(|last| last.expr == expr) {
            Some(last) => {
                last.reads.push(*read);
                last.work += read.work();
            }
            None => parts.push(Part {
                expr,
                reads: vec![*read],
                work: read.work(),
            }),
        }
    }
    parts.sort_by(|a, b| b.work.total_cmp(&a.work));
    parts
}

/// The part a selector belongs to.
fn around(parsed: &Parsed, parents: &Parents, selector: ExprId) -> ExprId {
    let mut chain = selector;
    let mut unbroken = true;
    for id in parents.ancestors(selector) {
        match &parsed.ast.expr(id).kind {
            ExprKind::Aggregate(aggregate) if !aggregate.op.keeps_series() => return id,
            ExprKind::Call(_) | ExprKind::Subquery(_) if unbroken => chain = id,
            ExprKind::Paren(_) | ExprKind::Unary { .. } => {}
            _ => unbroken = false,
        }
    }
    chain
}
