//! Fingerprints of expressions: what means the same has the same, however it is written.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::ast::{Duration, ExprKind, HoleRange, LabelList, Matcher, Selector, TimeShift};
use super::{ExprId, HoleRole, Parsed};

/// What does not count.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Blind<'l> {
    /// How long ranges of selectors are.
    pub(crate) windows: bool,
    /// Matchers on these labels.
    pub(crate) labels: &'l [String],
    /// Matchers whose value is a variable, or holds one.
    pub(crate) variables: bool,
}

/// What an expression measures, whatever is chosen in a dashboard: matchers by variables do not count, nor does the window of a
/// rate. Nothing where a variable may stand for anything, or no series is read.
pub(crate) fn measured(parsed: &Parsed, root: ExprId) -> Option<u64> {
    let values = |role| {
        matches!(
            role,
            HoleRole::MatcherValue | HoleRole::Range | HoleRole::Duration
        )
    };
    let named = |selector: &Selector| {
        let mut matchers = parsed.ast.matchers(selector).iter();
        matchers.all(|matcher| {
            matcher.value.holes.is_empty() || parsed.label(&matcher.label) != "__name__"
        })
    };
    if !parsed.holes.iter().all(|hole| values(hole.role))
        || parsed.selectors().next().is_none()
        || !parsed.selectors().all(|(_, _, selector)| named(selector))
    {
        return None;
    }
    // How much an `increase` is depends on its window.
    let windows = parsed.ranges().all(|range| !range.subquery)
        && parsed.calls().all(|(_, _, call)| {
            let ranged = parsed.ast.args(call).iter().any(|&arg| {
                let arg = &parsed.ast.expr(parsed.ast.unparen(arg)).kind;
                matches!(arg, ExprKind::Selector(selector) if selector.range.is_some())
            });
            !ranged || matches!(parsed.call_name(call), "rate" | "irate")
        });
    let blind = Blind {
        windows,
        labels: &[],
        variables: true,
    };
    Some(shape(parsed, root, blind))
}

/// The fingerprint of an expression. White space, parentheses, quotes and the order of matchers and labels do not count; template
/// variables count by their text.
pub(crate) fn shape(parsed: &Parsed, root: ExprId, blind: Blind<'_>) -> u64 {
    let mut known: Vec<u64> = Vec::new();
    // Parents come before their children: from behind, all children are known before their parent, the first one last.
    for &id in parsed.ast.descendants(root).iter().rev() {
        let mut count = 0;
        parsed.ast.for_each_child(id, |_| count += 1);
        let children = known.split_off(known.len().saturating_sub(count));
        known.push(one(parsed, id, &children, blind));
    }
    known.last().copied().unwrap_or(0)
}

fn one(parsed: &Parsed, id: ExprId, children: &[u64], blind: Blind<'_>) -> u64 {
    let kind = &parsed.ast.expr(id).kind;
    if let (ExprKind::Paren(_), [inner]) = (kind, children) {
        return *inner;
    }
    let mut hasher = FxHasher::default();
    let out = &mut hasher;
    std::mem::discriminant(kind).hash(out);
    children.hash(out);
    match kind {
        ExprKind::Number(number) => {
            number.value.to_bits().hash(out);
            holes(parsed, number.holes, out);
        }
        ExprKind::String(string) => parsed.string(string).hash(out),
        ExprKind::Selector(selector) => self::selector(parsed, selector, blind, out),
        ExprKind::Subquery(subquery) => {
            duration(parsed, &subquery.range, out);
            if let Some(step) = &subquery.step {
                duration(parsed, step, out);
            }
            shift(parsed, &subquery.shift, out);
        }
        ExprKind::Call(call) => parsed.call_name(call).hash(out),
        ExprKind::Aggregate(aggregate) => {
            aggregate.op.hash(out);
            if let Some(grouping) = &aggregate.grouping {
                grouping.without.hash(out);
                labels(parsed, &grouping.list, out);
            }
        }
        ExprKind::Binary(binary) => {
            binary.op.hash(out);
            binary.bool_span.is_some().hash(out);
            if let Some(matching) = parsed.ast.matching(binary) {
                if let Some(by) = &matching.labels {
                    by.on.hash(out);
                    labels(parsed, &by.list, out);
                }
                if let Some(group) = &matching.group {
                    group.left.hash(out);
                    if let Some(list) = &group.list {
                        labels(parsed, list, out);
                    }
                }
                for fill in &matching.fills {
                    (fill.side, fill.value.to_bits()).hash(out);
                }
            }
        }
        ExprKind::Unary { minus, .. } => minus.hash(out),
        ExprKind::Paren(_) => {}
        ExprKind::Hole(range) => holes(parsed, *range, out),
    }
    hasher.finish()
}

fn selector(parsed: &Parsed, selector: &Selector, blind: Blind<'_>, out: &mut FxHasher) {
    match &selector.name {
        Some(name) => parsed.label(name).hash(out),
        None => parsed.metric_name(selector).map(|(name, _)| name).hash(out),
    }
    let mut matchers: Vec<_> = parsed
        .ast
        .matchers(selector)
        .iter()
        .filter(|matcher| {
            !blind
                .labels
                .iter()
                .any(|label| *label == parsed.label(&matcher.label))
        })
        .filter(|matcher| !blind.variables || matcher.value.holes.is_empty())
        .map(|matcher: &Matcher| {
            let label = parsed.label(&matcher.label);
            (label, matcher.op.as_str(), parsed.string(&matcher.value))
        })
        .collect();
    matchers.sort();
    matchers.hash(out);
    selector.open.hash(out);
    if let Some(range) = &selector.range {
        true.hash(out);
        if !blind.windows {
            duration(parsed, &range.duration, out);
        }
    }
    shift(parsed, &selector.shift, out);
}

fn labels(parsed: &Parsed, list: &LabelList, out: &mut FxHasher) {
    let labels = parsed.ast.labels(list).iter();
    let mut names: Vec<_> = labels.map(|label| parsed.label(label)).collect();
    names.sort();
    names.hash(out);
}

fn duration(parsed: &Parsed, duration: &Duration, out: &mut FxHasher) {
    match duration.seconds {
        Some(seconds) => seconds.to_bits().hash(out),
        None => parsed.slice(duration.span).hash(out),
    }
}

fn shift(parsed: &Parsed, shift: &TimeShift, out: &mut FxHasher) {
    if let Some(offset) = &shift.offset {
        duration(parsed, &offset.duration, out);
    }
    if let Some(at) = &shift.at {
        parsed.slice(at.span).hash(out);
    }
}

fn holes(parsed: &Parsed, range: HoleRange, out: &mut FxHasher) {
    for hole in parsed.holes_of(range) {
        parsed.slice(hole.span).hash(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::parse;

    fn of(text: &str, blind: Blind<'_>) -> u64 {
        let parsed = parse(text);
        let root = parsed.root.expect("it parses");
        shape(&parsed, root, blind)
    }

    #[test]
    fn what_means_the_same_is_the_same() {
        let plain = |text| of(text, Blind::default());
        assert_eq!(
            plain("sum by (a, b) (rate(x{c=\"1\",d='2'}[5m]))"),
            plain("(sum(rate((x{ d=\"2\", c=`1` }[300s]))) by (b,a))"),
        );
        for other in [
            "sum by (a) (rate(x{c=\"1\",d=\"2\"}[5m]))",
            "sum without (a, b) (rate(x{c=\"1\",d=\"2\"}[5m]))",
            "max by (a, b) (rate(x{c=\"1\",d=\"2\"}[5m]))",
            "sum by (a, b) (irate(x{c=\"1\",d=\"2\"}[5m]))",
            "sum by (a, b) (rate(y{c=\"1\",d=\"2\"}[5m]))",
            "sum by (a, b) (rate(x{c=\"1\",d=~\"2\"}[5m]))",
            "sum by (a, b) (rate(x{c=\"1\",d=\"2\"}[6m]))",
            "sum by (a, b) (rate(x{c=\"1\",d=\"2\"}[5m] offset 1h))",
        ] {
            assert_ne!(
                plain("sum by (a, b) (rate(x{c=\"1\",d=\"2\"}[5m]))"),
                plain(other),
                "{other}"
            );
        }
        assert_ne!(plain("a - b"), plain("b - a"));
        assert_ne!(plain("a - b - c"), plain("a - (b - c)"));
    }

    #[test]
    fn windows_and_labels_need_not_count() {
        let windows = Blind {
            windows: true,
            ..Blind::default()
        };
        let text = |window: &str| format!("sum(rate(x[{window}]))");
        assert_eq!(
            of(&text("$__rate_interval"), windows),
            of(&text("5m"), windows)
        );
        let job = ["job".to_owned()];
        let labels = Blind {
            labels: &job,
            ..Blind::default()
        };
        assert_eq!(
            of("sum by (job) (x{job=~\"$job\", a=\"b\"})", labels),
            of("sum by (job) (x{a=\"b\"})", Blind::default()),
        );
    }
    #[test]
    fn what_is_chosen_does_not_change_what_is_measured() {
        let measured = |text: &str| {
            let parsed = parse(text);
            super::measured(&parsed, parsed.root.expect("it parses"))
        };
        assert_eq!(
            measured("sum(rate(x{job=~\"$job\", code=\"500\"}[$__rate_interval]))"),
            measured("sum(rate(x{code=\"500\"}[5m]))"),
        );
        assert_ne!(measured("increase(x[1h])"), measured("increase(x[1d])"));
        assert_ne!(measured("x{a=\"1\"}"), measured("x{a=\"2\"}"));
        assert_eq!(measured("sum($metric)"), None);
        assert_eq!(measured("{__name__=~\"${prefix}_total\"}"), None);
        assert_eq!(measured("vector(1)"), None);
    }
}
