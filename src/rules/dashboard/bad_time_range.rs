//! Time ranges that Grafana cannot read, or that are empty.

use super::found::is_placeholder;
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Panel};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "bad-time-range",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "time range that Grafana cannot read, or that is empty",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/bad-time-range.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let (from, to) = (dashboard.time_from_node(), dashboard.time_to_node());
    for node in [from, to].into_iter().flatten() {
        check_time(node, cx);
    }
    if let (Some(from), Some(to)) = (from, to) {
        check_order(from, to, cx);
    }
    for panel in &dashboard.panels {
        check_override(panel, cx);
    }
}

fn check_time<'t>(node: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    let Some(text) = node.as_str() else { return };
    if is_placeholder(&text) || is_time(&text) {
        return;
    }
    let _ = cx
        .report(
            Place::value(node),
            format!(
                "Grafana cannot read `{text}` as a time, so the panels have no range to ask for"
            ),
        )
        .help("write `now`, `now-6h`, `now/d`, or a time such as `2026-01-31T12:00:00Z`");
}

fn check_order<'t>(from: NodeRef<'t>, to: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    let offset = |node: NodeRef<'t>| seconds_from_now(&node.as_str()?);
    let (Some(begin), Some(end)) = (offset(from), offset(to)) else {
        return;
    };
    if begin < end {
        return;
    }
    let _ = cx
        .report(
            Place::value(from),
            "the range ends before it has begun: the dashboard opens without data",
        )
        .related(Place::value(to), "the end")
        .help("`from` is the earlier one: `now-6h` to `now`");
}

/// `timeFrom` and `timeShift` of a panel, by the words of applyPanelTimeOverrides (Grafana 11, dashboard/utils/panel.ts).
fn check_override<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    for (name, notice) in [
        ("timeFrom", "invalid time override"),
        ("timeShift", "invalid timeshift"),
    ] {
        let Some(node) = panel.query_option(name) else {
            continue;
        };
        let Some(text) = node.as_str() else { continue };
        if text.is_empty() || is_placeholder(&text) || is_span(&text) {
            continue;
        }
        let _ = cx
            .report(
                Place::value(node),
                format!("`{text}` is no span of time: the panel says `{notice}` and shows the dashboard's range"),
            )
            .at(Context::panel_steps(panel))
            .help("write a number and a unit, such as `1h` or `7d`");
    }
}

/// Whether Grafana's date math reads it: `now` or a date before `||`, then steps; a date; milliseconds since 1970.
/// Source: @grafana/data, datetime/datemath.ts (parse, parseDateMath).
fn is_time(text: &str) -> bool {
    let is_date = |date: &str| {
        let year = date.trim_start_matches(['+', '-']).bytes();
        year.take_while(u8::is_ascii_digit).count() >= 4
    };
    if let Some(steps) = text.strip_prefix("now") {
        return math(steps).is_some();
    }
    match text.split_once("||") {
        Some((date, steps)) => is_date(date) && math(steps).is_some(),
        None => is_date(text),
    }
}

/// The seconds of `now-6h`: nothing where it rounds, as that depends on the day.
fn seconds_from_now(text: &str) -> Option<f64> {
    math(text.strip_prefix("now")?)?
}

/// Reads `-6h`, `/d`, `-1d/d` …: `None` where it cannot be read, and no seconds where it rounds.
fn math(steps: &str) -> Option<Option<f64>> {
    let text: String = steps.chars().filter(|c| !c.is_whitespace()).collect();
    let mut rest = text.as_str();
    let mut sum = Some(0.0);
    while let Some(sign) = rest.chars().next() {
        if !matches!(sign, '/' | '+' | '-') {
            return None;
        }
        let number = &rest[1..];
        let after = number.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = number.strip_suffix(after).unwrap_or_default();
        let count: f64 = match digits {
            "" => 1.0,
            digits => digits.parse().ok()?,
        };
        let (unit, next) = unit(after)?;
        sum = match sign {
            '/' if count != 1.0 => return None,
            '/' => None,
            '-' => sum.map(|sum| sum - count * unit),
            _ => sum.map(|sum| sum + count * unit),
        };
        rest = next;
    }
    Some(sum)
}

/// A unit's seconds and what follows it; `fy` and `fQ` are fiscal.
fn unit(text: &str) -> Option<(f64, &str)> {
    let text = match text.strip_prefix('f') {
        Some(fiscal) if fiscal.starts_with(['y', 'Q']) => fiscal,
        Some(_) => return None,
        None => text,
    };
    let seconds = match text.chars().next()? {
        's' => 1.0,
        'm' => 60.0,
        'h' => 3600.0,
        'd' => 86_400.0,
        'w' => 604_800.0,
        'M' => 2_592_000.0,
        'Q' => 7_776_000.0,
        'y' => 31_536_000.0,
        _ => return None,
    };
    Some((seconds, &text[1..]))
}

/// Whether describeTextRange reads it (@grafana/data, datetime/rangeutil.ts): `1h`, `+1h`, `now-1h`, `now/d`.
fn is_span(text: &str) -> bool {
    let expr = text.strip_prefix("now").unwrap_or(text);
    if let Some(unit) = expr.strip_prefix('/') {
        return !unit.is_empty() && text.starts_with("now");
    }
    let number = expr.strip_prefix(['+', '-']).unwrap_or(expr);
    let after = number.trim_start_matches(|c: char| c.is_ascii_digit());
    // Without `now` a minus is one too many: Grafana puts its own before it.
    let signed_twice = expr.starts_with('-') && !text.starts_with("now");
    after.len() < number.len()
        && !signed_twice
        && after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::{is_span, is_time, seconds_from_now};

    #[test]
    fn date_math_is_read_as_grafana_reads_it() {
        for text in [
            "now",
            "now-6h",
            "now/d",
            "now-1d/d",
            "now - 5m",
            "now/fQ",
            "now+1w",
            "now-h",
            "2026-01-31",
            "2026-01-31T12:00:00Z||+1d",
            "1700000000000",
        ] {
            assert!(is_time(text), "{text}");
        }
        for text in [
            "",
            "now-6",
            "now-6hours",
            "now6h",
            "now-5ms",
            "now/2d",
            "6h",
            "yesterday",
            "now-1fh",
        ] {
            assert!(!is_time(text), "{text}");
        }
    }

    #[test]
    fn a_range_that_rounds_has_no_length() {
        assert_eq!(seconds_from_now("now-1h-30m"), Some(-5400.0));
        assert_eq!(seconds_from_now("now-1d/d"), None);
    }

    #[test]
    fn spans_are_what_the_panel_takes() {
        for text in ["1h", "7d", "now-1h", "now/d", "+1h", "1d/d"] {
            assert!(is_span(text), "{text}");
        }
        for text in ["-1h", "h", "one hour", "/d", "5"] {
            assert!(!is_span(text), "{text}");
        }
    }
}
