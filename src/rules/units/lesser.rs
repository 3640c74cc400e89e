//! Mismatches that mislead little: each has a rule of its own.

use super::shown::Shown;
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;
use crate::units::compare::{Mismatch, mismatch, shown};
use crate::units::explain::words;

pub(crate) const LOSSY_RATE: Rule = Rule {
    id: "lossy-rate",
    group: Group::Units,
    severity: Severity::Info,
    summary: "rate shown in the unit of an amount",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/units/lossy-rate.md"),
    check: Check::EmittedBy("unit-mismatch"),
};

pub(crate) const DECIMAL_VS_BINARY: Rule = Rule {
    id: "decimal-vs-binary",
    group: Group::Units,
    severity: Severity::Info,
    summary: "steps of 1024 shown as steps of 1000, or the reverse",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/units/decimal-vs-binary.md"),
    check: Check::EmittedBy("unit-mismatch"),
};

pub(super) fn lossy_rate<'t>(queries: &[Shown<'_, 't>], cx: &mut Context<'_, 't>) {
    report(
        &LOSSY_RATE,
        queries,
        cx,
        Mismatch::is_lossy,
        "which says nothing of \"per second\"",
        "choose the unit of a rate, such as `Bps`",
    );
}

pub(super) fn decimal_vs_binary<'t>(queries: &[Shown<'_, 't>], cx: &mut Context<'_, 't>) {
    report(
        &DECIMAL_VS_BINARY,
        queries,
        cx,
        |mismatch| mismatch == Mismatch::DecimalVsBinary,
        "so it is off by 2 to 10 %",
        "take the unit of the same steps: `mbytes` counts in 1024, `decmbytes` in 1000",
    );
}

fn report<'t>(
    rule: &'static Rule,
    queries: &[Shown<'_, 't>],
    cx: &mut Context<'_, 't>,
    wanted: fn(Mismatch) -> bool,
    consequence: &str,
    help: &str,
) {
    let mut seen = Vec::new();
    for query in queries {
        let (Some(unit), Some(value)) = (query.unit, query.certain()) else {
            continue;
        };
        let id = query.id();
        let found = shown(&id).and_then(|unit| mismatch(&value, unit));
        if !found.is_some_and(wanted) || seen.last() == Some(&unit.span()) {
            continue;
        }
        seen.push(unit.span());
        let whole = Span::new(0, query.query.text().len());
        let message = format!(
            "the query gives {}; the panel's unit is `{id}`, {consequence}",
            words(&value)
        );
        let _ = cx
            .report_as(rule, Place::value(unit), message)
            .at(Context::panel_steps(query.panel))
            .related(Place::query(query.query, whole), "the query")
            .help(help);
    }
}
