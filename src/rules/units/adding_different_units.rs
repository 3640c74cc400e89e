//! Sums, differences, alternatives and comparisons of values of different units.

use super::clashes::{self, Words, pair};
use crate::diagnostic::{Group, Severity};
use crate::model::Query;
use crate::rules::{Check, Context, Rule};
use crate::units::infer::Clash;

pub(crate) const RULE: Rule = Rule {
    id: "adding-different-units",
    group: Group::Units,
    severity: Severity::Warning,
    summary: "values of different units added, compared or taken for each other",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/units/adding-different-units.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    clashes::report(query, cx, said);
}

fn said(clash: &Clash) -> Option<Words> {
    let (message, help, info) = match clash {
        Clash::AddDims(left, right) | Clash::AddScale(left, right) => {
            let (left, right) = pair(left, right);
            (
                format!(
                    "the left side is {left}, the right side is {right}: their sum or difference means nothing"
                ),
                "bring both sides to one unit, or look for a missing parenthesis",
                false,
            )
        }
        Clash::AddMultiple(factor) => (
            format!(
                "only one side of the sum is multiplied by {factor}, so it weighs {factor} times as much as the other"
            ),
            "put the sum in parentheses before multiplying",
            false,
        ),
        Clash::HundredMinusRatio => (
            "`100 -` a share from 0 to 1 is always between 99 and 100".into(),
            "write `1 -`, or multiply the share by 100 first",
            false,
        ),
        Clash::OneMinusPercent => (
            "`1 -` a value from 0 to 100 is negative most of the time".into(),
            "write `100 -`, or divide by 100 first",
            false,
        ),
        Clash::CompareDims(left, right) | Clash::CompareScale(left, right) => {
            let (left, right) = pair(left, right);
            (
                format!(
                    "the left side is {left}, the right side is {right}: comparing them means nothing"
                ),
                "bring both sides to one unit",
                false,
            )
        }
        Clash::Or(left, right) => {
            let (left, right) = pair(left, right);
            (
                format!(
                    "before `or` stands {left}, after it {right}: what the number means changes with the series that are there"
                ),
                "make both alternatives the same quantity",
                true,
            )
        }
        Clash::ScaledBuckets(_) => return None,
    };
    Some(Words {
        message,
        help,
        info,
    })
}
