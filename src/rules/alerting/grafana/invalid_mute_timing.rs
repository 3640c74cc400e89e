//! Times of mute timings that Grafana refuses.

use rustc_hash::FxHashSet;

use super::facts::{MONTHS, WEEKDAYS};
use crate::diagnostic::{Group, Severity};
use crate::rules::dashboard::catalog::{is_time_zone, near_time_zone};
use crate::rules::{Check, Context, Place, Rule, Scope};
use crate::spelling::misspelt;
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "invalid-mute-timing",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "time of a mute timing that Grafana refuses",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/invalid-mute-timing.md"),
    check: Check::Document(check),
};

/// What a bound of a range can be.
#[derive(Clone, Copy)]
enum Unit {
    Weekday,
    DayOfMonth,
    Month,
    Year,
}

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Alerting(alerting) = cx.scope else {
        return;
    };
    // What YAML's aliases repeat stands in the file once.
    let mut met = FxHashSet::default();
    let mut first = |node: &NodeRef<'_>| met.insert(node.resolve().id());
    for timing in alerting.mute_timings() {
        let intervals = timing.get("time_intervals").filter(&mut first).into_iter();
        for interval in intervals.flat_map(NodeRef::items) {
            if !first(&interval) {
                continue;
            }
            let times = interval.get("times").filter(&mut first).into_iter();
            for times in times.flat_map(NodeRef::items) {
                time_range(times, cx);
            }
            for (key, unit) in [
                ("weekdays", Unit::Weekday),
                ("days_of_month", Unit::DayOfMonth),
                ("months", Unit::Month),
                ("years", Unit::Year),
            ] {
                let ranges = interval.get(key).filter(&mut first).into_iter();
                for range in ranges.flat_map(NodeRef::items) {
                    date_range(range, unit, cx);
                }
            }
            if let Some(location) = interval.get("location") {
                time_zone(location, cx);
            }
        }
    }
}

fn refuse<'t>(node: NodeRef<'t>, why: &str, help: &str, cx: &mut Context<'_, 't>) {
    let message = format!("Grafana refuses the mute timing: {why}");
    let _ = cx.report(node, message).help(help);
}

/// `{ start_time: "06:00", end_time: "24:00" }`.
fn time_range<'t>(range: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    if range.kind() != Kind::Object {
        return;
    }
    let start = minutes(range, "start_time", cx);
    let end = minutes(range, "end_time", cx);
    let (Some(start), Some(end)) = (start, end) else {
        return;
    };
    if start >= end {
        let place = range.get("end_time").unwrap_or(range);
        let why = "it ends before it begins";
        let help = "write one range until `24:00` and another one from `00:00`";
        refuse(place, why, help, cx);
    }
}

fn minutes<'t>(range: NodeRef<'t>, key: &str, cx: &mut Context<'_, 't>) -> Option<u32> {
    let Some(node) = range.get(key).filter(|node| !node.is_null()) else {
        let message =
            format!("Grafana refuses the mute timing: this range of times has no `{key}`");
        let _ = cx.report(Place::head(range), message);
        return None;
    };
    let text = node.as_text()?.value;
    if text.contains("{{") {
        return None;
    }
    let found = time_of_day(&text);
    if found.is_none() {
        let why = format!("`{text}` is no time of day");
        refuse(
            node,
            &why,
            "write it as `06:30`, with two digits each, up to `24:00`",
            cx,
        );
    }
    found
}

/// Minutes since midnight of `06:30`.
fn time_of_day(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|_| digits)
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    (hour < 24 && minute < 60 || hour == 24 && minute == 0).then_some(hour * 60 + minute)
}

/// `monday:friday`, `1:5`, `-3:-1`, `december`, `2026`.
fn date_range<'t>(node: NodeRef<'t>, unit: Unit, cx: &mut Context<'_, 't>) {
    let Some(text) = node.as_text().map(|text| text.value) else {
        return;
    };
    if text.contains("{{") {
        return;
    }
    let lower = text.to_lowercase();
    let (first, last) = lower.split_once(':').unwrap_or((&lower, &lower));
    let (begin, end) = match (bound(first, unit), bound(last, unit)) {
        (Some(begin), Some(end)) => (begin, end),
        (begin, _) => {
            let wrong = if begin.is_none() { first } else { last };
            let (what, names): (_, &[&'static str]) = match unit {
                Unit::Weekday => ("no day of the week", WEEKDAYS),
                Unit::DayOfMonth => ("no day of a month", &[]),
                Unit::Month => ("no month", MONTHS),
                Unit::Year => ("no year", &[]),
            };
            let help = match misspelt(wrong, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => match unit {
                    Unit::Weekday => "write `monday` or `monday:friday`".to_owned(),
                    Unit::DayOfMonth => "write `1:5`, or `-3:-1` for the last three".to_owned(),
                    Unit::Month => "write `december` or `1:3`".to_owned(),
                    Unit::Year => "write `2026` or `2026:2027`".to_owned(),
                },
            };
            refuse(node, &format!("`{wrong}` is {what}"), &help, cx);
            return;
        }
    };
    if let Unit::DayOfMonth = unit
        && begin < 0
        && end > 0
    {
        let why = "a range that begins at the end of the month must end there too";
        refuse(
            node,
            why,
            "write both ends from the end of the month, such as `-3:-1`",
            cx,
        );
        return;
    }
    // Days from the end of the month, of the shortest one.
    let day = |day: i64| match unit {
        Unit::DayOfMonth if day < 0 => day + 28,
        _ => day,
    };
    if day(begin) > day(end) {
        let help = match unit {
            Unit::Weekday => {
                "weeks begin on Sunday: write two ranges, one until `saturday` and one from `sunday`"
            }
            _ => "write the earlier end first, or two ranges",
        };
        refuse(node, &format!("`{text}` ends before it begins"), help, cx);
    }
}

fn bound(text: &str, unit: Unit) -> Option<i64> {
    let number = || text.parse::<i64>().ok();
    let named = |names: &[&str]| {
        let at = names.iter().position(|name| *name == text)?;
        i64::try_from(at).ok()
    };
    match unit {
        Unit::Weekday => named(WEEKDAYS),
        Unit::DayOfMonth => number().filter(|day| (1..=31).contains(&day.abs())),
        Unit::Month => named(MONTHS)
            .map(|month| month + 1)
            .or_else(|| number().filter(|month| (1..=12).contains(month))),
        Unit::Year => number(),
    }
}

fn time_zone<'t>(node: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    let Some(text) = node.as_str() else { return };
    if matches!(text.as_ref(), "" | "UTC" | "Local") || text.contains("{{") || is_time_zone(&text) {
        return;
    }
    let help = match near_time_zone(&text) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write a name such as `Europe/Berlin`".to_owned(),
    };
    refuse(node, &format!("there is no time zone `{text}`"), &help, cx);
}
