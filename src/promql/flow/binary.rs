//! What binary operations do with labels.

use super::constant::{calculate, compare};
use super::labels::{LabelSet, Listed};
use super::{Builder, Facts, Returns};
use crate::promql::ast::{Binary, BinaryOp, Matching, ValueType};

/// The labels by which the series of both sides find each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct MatchedBy {
    /// Those that are compared for certain.
    bits: u64,
    /// Those that may be compared: more than `bits` where a variable stands among the labels.
    possible: u64,
    /// Whether labels the query does not mention are compared.
    rest: bool,
}

impl MatchedBy {
    fn new(on: Option<bool>, listed: Listed) -> Self {
        match on {
            Some(true) => MatchedBy {
                bits: listed.bits,
                possible: if listed.complete { listed.bits } else { !0 },
                rest: !listed.complete,
            },
            Some(false) => MatchedBy {
                bits: if listed.complete { !listed.bits } else { 0 },
                possible: !listed.bits,
                rest: true,
            },
            None => MatchedBy {
                bits: !0,
                possible: !0,
                rest: true,
            },
        }
    }

    /// Whether a label with that set cannot be part of what is compared.
    fn compares_nothing_of(self, labels: LabelSet) -> bool {
        labels.can & self.possible == 0 && !(self.rest && labels.rest)
    }
}

impl Builder<'_> {
    pub(super) fn binary(&mut self, binary: &Binary) -> Facts {
        let parsed = self.parsed;
        let (left, right) = (self.flow.at(binary.lhs), self.flow.at(binary.rhs));
        if binary.op == BinaryOp::Hole {
            return Facts::UNKNOWN;
        }
        let ty = |id| parsed.ast.expr(id).ty;
        match (ty(binary.lhs), ty(binary.rhs)) {
            (ValueType::Scalar, ValueType::Scalar) => Facts::constant(value(binary, left, right)),
            (ValueType::Vector, ValueType::Scalar) => with_scalar(binary, left, left, right),
            (ValueType::Scalar, ValueType::Vector) => with_scalar(binary, right, left, right),
            (ValueType::Vector, ValueType::Vector) => self.join(binary, left, right),
            _ => Facts::UNKNOWN,
        }
    }

    fn join(&mut self, binary: &Binary, left: Facts, right: Facts) -> Facts {
        let parsed = self.parsed;
        let matching = parsed.ast.matching(binary);
        let mut listed = Listed {
            bits: 0,
            complete: true,
        };
        let on = matching.and_then(|matching| matching.labels).map(|labels| {
            listed = self.listed(&labels.list);
            labels.on
        });
        let by = MatchedBy::new(on, listed);
        let impossible = contradict(left.labels, right.labels) & by.bits != 0;
        // Both sides always have their one series, and these find each other.
        let certain = by.compares_nothing_of(left.labels)
            && by.compares_nothing_of(right.labels)
            && right.returns == Returns::Always;
        match binary.op {
            BinaryOp::Or => Facts {
                labels: left.labels.union(right.labels),
                returns: match (left.returns, right.returns) {
                    (Returns::Always, _) | (_, Returns::Always) => Returns::Always,
                    (Returns::Never, Returns::Never) => Returns::Never,
                    _ => Returns::Sometimes,
                },
                value: None,
                shadowed: left.returns == Returns::Always
                    && by.compares_nothing_of(left.labels)
                    && by.compares_nothing_of(right.labels),
            },
            BinaryOp::Unless => Facts {
                returns: match left.returns {
                    _ if certain => Returns::Never,
                    Returns::Always if right.returns != Returns::Never => Returns::Sometimes,
                    returns => returns,
                },
                value: None,
                ..left
            },
            BinaryOp::And => Facts {
                labels: agree(left.labels, right.labels, by),
                returns: both(left.returns, right.returns, impossible, certain),
                value: left.value.filter(|_| certain),
                shadowed: false,
            },
            _ => {
                let filled = matching.is_some_and(|matching| !matching.fills.is_empty());
                let labels = if filled {
                    LabelSet::OPEN
                } else {
                    self.joined(matching, on, listed, by, left.labels, right.labels)
                };
                let value = value(binary, left, right).filter(|_| certain);
                let mut returns = both(left.returns, right.returns, impossible, certain);
                if filled {
                    returns = Returns::Sometimes;
                } else if returns == Returns::Always {
                    returns = compared(binary, returns, left, right);
                }
                Facts {
                    labels,
                    returns,
                    value,
                    shadowed: false,
                }
            }
        }
    }

    /// The labels of arithmetic or a comparison between vectors.
    fn joined(
        &mut self,
        matching: Option<&Matching>,
        on: Option<bool>,
        listed: Listed,
        by: MatchedBy,
        left: LabelSet,
        right: LabelSet,
    ) -> LabelSet {
        let Some(group) = matching.and_then(|matching| matching.group) else {
            let agreed = agree(left, right, by);
            return match on {
                Some(true) => agreed.keep(listed),
                Some(false) => agreed.drop(listed),
                None => agreed,
            };
        };
        let (many, one) = if group.left {
            (left, right)
        } else {
            (right, left)
        };
        let mut labels = agree(many, one, by);
        let Some(list) = group.list else {
            return labels;
        };
        let taken = self.listed(&list);
        if !taken.complete {
            return LabelSet {
                must: 0,
                ..LabelSet::OPEN
            };
        }
        labels.can = (labels.can & !taken.bits) | (one.can & taken.bits);
        labels.must = (labels.must & !taken.bits) | (one.must & taken.bits);
        labels
    }
}

/// The labels that every series of one side has and none of the other.
fn contradict(left: LabelSet, right: LabelSet) -> u64 {
    (left.must & !right.can) | (right.must & !left.can)
}

/// The labels of `kept`'s series that found a partner: what is compared is the same on both sides.
fn agree(kept: LabelSet, other: LabelSet, by: MatchedBy) -> LabelSet {
    LabelSet {
        can: kept.can & (other.can | !by.bits),
        must: kept.must | (other.must & by.bits & kept.can),
        // Where labels the query does not mention are compared for certain, neither side may lack them.
        rest: kept.rest && (other.rest || !(by.rest && by.bits != 0)),
    }
}

fn both(left: Returns, right: Returns, impossible: bool, certain: bool) -> Returns {
    match (left, right) {
        _ if impossible => Returns::Never,
        (Returns::Never, _) | (_, Returns::Never) => Returns::Never,
        (Returns::Always, Returns::Always) if certain => Returns::Always,
        _ => Returns::Sometimes,
    }
}

/// A vector and a number: the vector's labels.
fn with_scalar(binary: &Binary, vector: Facts, left: Facts, right: Facts) -> Facts {
    Facts {
        labels: vector.labels,
        returns: compared(binary, vector.returns, left, right),
        value: value(binary, left, right),
        shadowed: false,
    }
}

/// Whether something is left after a comparison.
fn compared(binary: &Binary, returns: Returns, left: Facts, right: Facts) -> Returns {
    if !binary.op.is_comparison() || binary.bool_span.is_some() {
        return returns;
    }
    let known = left.value.zip(right.value);
    match known.and_then(|(left, right)| compare(binary.op, left, right)) {
        Some(true) => returns,
        Some(false) => Returns::Never,
        None if returns == Returns::Always => Returns::Sometimes,
        None => returns,
    }
}

fn value(binary: &Binary, left: Facts, right: Facts) -> Option<f64> {
    let (lhs, rhs) = (left.value?, right.value?);
    match compare(binary.op, lhs, rhs) {
        Some(outcome) if binary.bool_span.is_some() => Some(f64::from(u8::from(outcome))),
        Some(_) => Some(lhs),
        None => calculate(binary.op, lhs, rhs),
    }
}
