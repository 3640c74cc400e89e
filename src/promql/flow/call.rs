//! What functions do with labels.

use super::labels::LabelSet;
use super::{Builder, Demand, Facts, Returns, demand};
use crate::promql::StringLiteral;
use crate::promql::ast::{Call, ExprId, ExprKind, MatchOp, Selector, ValueType};

impl Builder<'_> {
    pub(super) fn call(&mut self, call: &Call) -> Facts {
        let parsed = self.parsed;
        let Some(function) = call.function else {
            return Facts::UNKNOWN;
        };
        let args = parsed.ast.args(call);
        if function.returns == ValueType::Scalar {
            return Facts::constant((function.name == "pi").then_some(std::f64::consts::PI));
        }
        // `hour()` and its kin: of the time of evaluation.
        let Some(series) = series_arg(call, args) else {
            return Facts::constant(None);
        };
        let inner = self.flow.at(series);
        match function.name {
            "vector" => Facts::constant(inner.value),
            "absent" | "absent_over_time" => self.absent(series, inner),
            "label_replace" => self.label_replace(args, inner),
            "label_join" => self.label_join(args, inner),
            "info" => Facts {
                labels: LabelSet {
                    must: inner.labels.must,
                    ..LabelSet::OPEN
                },
                ..unsure(inner)
            },
            "histogram_quantile" | "histogram_fraction" => Facts {
                labels: match self.bit("le") {
                    Some(le) => inner.labels.without(le),
                    None => inner.labels,
                },
                ..unsure(inner)
            },
            "histogram_quantiles" => Facts {
                labels: match self.string_arg(args, 1).and_then(|s| self.string_bit(&s)) {
                    Some(bit) => inner.labels.with(bit),
                    None => LabelSet::OPEN,
                },
                ..unsure(inner)
            },
            "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc" => inner,
            "abs" | "ceil" | "floor" | "round" | "exp" | "ln" | "sqrt" | "sgn" | "timestamp"
            | "clamp_min" | "clamp_max" => Facts {
                value: None,
                ..inner
            },
            _ => unsure(inner),
        }
    }

    /// `absent(…)`: one series, with the labels the selector compares for equality.
    fn absent(&mut self, series: ExprId, inner: Facts) -> Facts {
        let parsed = self.parsed;
        let labels = match &parsed.ast.expr(parsed.ast.unparen(series)).kind {
            ExprKind::Selector(selector) => self.absent_labels(selector),
            ExprKind::Hole(_) => LabelSet::OPEN,
            _ => LabelSet::EMPTY,
        };
        Facts {
            labels,
            returns: match inner.returns {
                Returns::Always => Returns::Never,
                Returns::Never => Returns::Always,
                Returns::Sometimes => Returns::Sometimes,
            },
            value: None,
            shadowed: false,
        }
    }

    fn absent_labels(&mut self, selector: &Selector) -> LabelSet {
        let parsed = self.parsed;
        let mut labels = LabelSet::EMPTY;
        let mut seen = 0;
        if selector.open {
            return LabelSet::OPEN;
        }
        for matcher in parsed.ast.matchers(selector) {
            if matcher.metric_name {
                continue;
            }
            let Some(bit) = self.label_bit(&matcher.label) else {
                return LabelSet::OPEN;
            };
            labels = match matcher.op {
                MatchOp::Hole => labels.maybe(bit),
                // A label that is compared twice is left out, as is one that is compared otherwise.
                MatchOp::Equal if seen & bit == 0 => match demand(parsed, matcher) {
                    Demand::Present => labels.with(bit),
                    Demand::Absent => labels.without(bit),
                    Demand::Nothing => labels.maybe(bit),
                },
                _ => labels.without(bit),
            };
            if matcher.op == MatchOp::Equal {
                seen |= bit;
            }
        }
        labels
    }

    fn string_arg(&self, args: &[ExprId], at: usize) -> Option<StringLiteral> {
        match &self.parsed.ast.expr(*args.get(at)?).kind {
            ExprKind::String(literal) => Some(*literal),
            _ => None,
        }
    }

    fn label_replace(&mut self, args: &[ExprId], inner: Facts) -> Facts {
        let parsed = self.parsed;
        // The source gets its bit too, so that questions about it can be answered.
        let _ = self.string_arg(args, 3).and_then(|s| self.string_bit(&s));
        let Some(bit) = self.string_arg(args, 1).and_then(|s| self.string_bit(&s)) else {
            return Facts {
                labels: LabelSet::OPEN,
                ..inner
            };
        };
        let plain = |at| {
            self.string_arg(args, at)
                .filter(|s| s.quote != 0 && s.holes.is_empty())
                .map(|s| parsed.string(&s))
        };
        let (Some(replacement), Some(pattern)) = (plain(2), plain(4)) else {
            return Facts {
                labels: inner.labels.maybe(bit),
                ..inner
            };
        };
        let fixed = !replacement.is_empty() && !replacement.contains('$');
        let any = pattern == ".*";
        let was_there = inner.labels.must & bit != 0;
        let labels = if fixed && (any || was_there) {
            inner.labels.with(bit)
        } else if replacement.is_empty() && any {
            inner.labels.without(bit)
        } else if replacement.is_empty() {
            LabelSet {
                must: inner.labels.must & !bit,
                ..inner.labels
            }
        } else {
            inner.labels.maybe(bit)
        };
        Facts { labels, ..inner }
    }

    fn label_join(&mut self, args: &[ExprId], inner: Facts) -> Facts {
        let mut there = false;
        for at in 3..args.len() {
            let source = self.string_arg(args, at).and_then(|s| self.string_bit(&s));
            there |= source.is_some_and(|bit| inner.labels.must & bit != 0);
        }
        let target = self.string_arg(args, 1).and_then(|s| self.string_bit(&s));
        let labels = match target {
            None => LabelSet::OPEN,
            Some(bit) if there => inner.labels.with(bit),
            Some(bit) => inner.labels.maybe(bit),
        };
        Facts { labels, ..inner }
    }
}

/// The argument whose series the function works on.
pub(super) fn series_arg(call: &Call, args: &[ExprId]) -> Option<ExprId> {
    let function = call.function?;
    let at = function
        .args
        .iter()
        .position(|ty| matches!(ty, ValueType::Vector | ValueType::Matrix));
    args.get(at.unwrap_or(0)).copied()
}

/// A result that may be missing although the argument is there.
fn unsure(inner: Facts) -> Facts {
    Facts {
        labels: inner.labels,
        returns: match inner.returns {
            Returns::Always => Returns::Sometimes,
            returns => returns,
        },
        value: None,
        shadowed: false,
    }
}
