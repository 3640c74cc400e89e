//! Refresh intervals that are none.

use super::found::is_placeholder;
use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "bad-refresh",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "refresh interval that Grafana cannot read",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/bad-refresh.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let Some(node) = dashboard.refresh_node() else {
        return;
    };
    let Some(text) = node.as_str() else { return };
    if matches!(text.as_ref(), "" | "auto") || is_placeholder(&text) || is_duration(&text) {
        return;
    }
    let _ = cx
        .report(
            Place::value(node),
            format!("`{text}` is no interval: Grafana puts the shortest it allows in its place, and every open tab reloads every 5 seconds"),
        )
        .help("write a number and a unit, such as `30s`, `1m` or `1h`; an empty text switches the refresh off");
}

/// Whether the server reads it: days, weeks, months or years, or what Go takes for a duration.
/// Source: grafana-plugin-sdk-go, backend/gtime (ParseDuration); Go, time.ParseDuration.
fn is_duration(text: &str) -> bool {
    if let Some(number) = text.strip_suffix(['d', 'w', 'M', 'y']) {
        return !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    }
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number = rest.strip_suffix(after).unwrap_or_default();
        if number.parse::<f64>().is_err() {
            return false;
        }
        let units = ["ns", "us", "µs", "μs", "ms", "s", "m", "h"];
        let Some(next) = units.iter().find_map(|unit| after.strip_prefix(unit)) else {
            return false;
        };
        rest = next;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::is_duration;

    #[test]
    fn durations_are_what_the_server_takes_for_one() {
        for text in ["5s", "1m30s", "1.5h", "500ms", "1d", "2w", "1M", "1y", "0"] {
            assert!(is_duration(text), "{text}");
        }
        for text in [
            "10", "1min", "5 m", "1d12h", "1.5d", "every 5m", "m", ".s", "d",
        ] {
            assert!(!is_duration(text), "{text}");
        }
    }
}
