//! Bucket counts multiplied in the belief that a quantile follows.

use super::clashes::{self, Words};
use crate::diagnostic::{Group, Severity};
use crate::model::Query;
use crate::rules::{Check, Context, Rule};
use crate::units::infer::Clash;

pub(crate) const RULE: Rule = Rule {
    id: "bucket-scaling",
    group: Group::Units,
    severity: Severity::Warning,
    summary: "bucket counts scaled inside `histogram_quantile`, which changes nothing",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/units/bucket-scaling.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    clashes::report(query, cx, |clash| match clash {
        Clash::ScaledBuckets(by) => Some(Words {
            message: format!(
                "scaling the counts in the buckets by {by} does nothing to the quantile: it comes from the bounds in `le`"
            ),
            help: "scale the result of `histogram_quantile` instead",
            info: false,
        }),
        _ => None,
    });
}
