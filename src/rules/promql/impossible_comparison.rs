//! Comparisons with numbers that a result never is.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::ast::BinaryOp;
use crate::promql::bounds::{Bounds, bounds};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "impossible-comparison",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "comparison with a number that the other side never is",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/impossible-comparison.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |cx, query, parsed, found| {
        for (_, expr, binary) in parsed.binaries() {
            if !binary.op.is_comparison() {
                continue;
            }
            let flow = query.flow(cx.project);
            let (side, op, limit) = match (flow.value(binary.lhs), flow.value(binary.rhs)) {
                (None, Some(limit)) => (binary.lhs, binary.op, limit),
                (Some(limit), None) => (binary.rhs, binary.op.mirrored(), limit),
                _ => continue,
            };
            let Some(known) = bounds(parsed, side).filter(|known| known.never(op, limit)) else {
                continue;
            };
            let what = parsed.slice(known.span);
            found.push(
                Found::new(
                    query,
                    expr.span,
                    format!("this is never true: `{what}` gives {}", words(&known)),
                    help(&known, what, op, limit),
                )
                .note(known.span, words(&known)),
            );
        }
    });
}

fn words(known: &Bounds) -> String {
    let Bounds { min, max, .. } = *known;
    if min == max {
        format!("{min} or no result")
    } else if max.is_infinite() && min > 0.0 {
        format!("{min} and more, or no result at all")
    } else if max.is_infinite() {
        format!("{min} and more")
    } else if min.is_infinite() {
        format!("{max} and less")
    } else {
        format!("{min} to {max}")
    }
}

fn help(known: &Bounds, what: &str, op: BinaryOp, limit: f64) -> String {
    if known.min.is_infinite() && known.max == 1.0 && limit > 1.0 {
        return "compare with a share of 1, or multiply by 100 first".to_owned();
    }
    let low = matches!(op, BinaryOp::Eq | BinaryOp::Lt | BinaryOp::Le) && limit <= 1.0;
    match what {
        "count" | "count_over_time" | "group" if low => {
            "ask for what is missing with `absent(…)`, or give nothing a number first: `(… or vector(0))`"
        }
        "absent" | "absent_over_time" => "the result of this function is there or not: leave the comparison out",
        "rate" | "irate" | "increase" => "for something that falls use `deriv` or `delta`, which take gauges",
        _ => "compare with a number that it can be",
    }
    .to_owned()
}
