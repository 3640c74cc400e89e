//! How many series a selector reads.

use super::counts::SeriesCounts;
use super::data::{BUCKETS, RECORDED_SERIES, SERIES, series_by_prefix, values_of};
use crate::promql::ast::MatchOp;
use crate::promql::{Matcher, Parsed, Selector};

/// An estimate for a selector; at least one.
pub(super) fn series(parsed: &Parsed, selector: &Selector, counts: &SeriesCounts) -> f64 {
    let base = match parsed.metric_name(selector) {
        Some((name, _)) => metric(&name, counts),
        None => SERIES,
    };
    let shares = parsed.ast.matchers(selector).iter();
    let share: f64 = shares.map(|matcher| share(parsed, matcher)).product();
    (base * share).max(1.0)
}

fn metric(name: &str, counts: &SeriesCounts) -> f64 {
    if let Some(count) = counts.of(name) {
        return count as f64;
    }
    // Recording rules keep little: `level:metric:operations`.
    if name.contains(':') {
        return RECORDED_SERIES;
    }
    let base = series_by_prefix(name).unwrap_or(SERIES);
    if name.ends_with("_bucket") {
        base * BUCKETS
    } else {
        base
    }
}

/// Which part of a metric's series a matcher leaves.
pub(super) fn share(parsed: &Parsed, matcher: &Matcher) -> f64 {
    let label = parsed.label(&matcher.label);
    if matcher.metric_name || label == "__name__" {
        return 1.0;
    }
    let values = values_of(&label);
    let with_variable = !parsed.holes_of(matcher.value.holes).is_empty();
    let value = parsed.string(&matcher.value);
    match matcher.op {
        MatchOp::Equal if value.is_empty() => 1.0,
        MatchOp::Equal => 1.0 / values,
        // Some of the values, nobody knows how many.
        MatchOp::Regex if with_variable => 1.0 / values.sqrt(),
        MatchOp::Regex if value.contains(".*") || value.contains(".+") => 1.0,
        MatchOp::Regex => (value.split('|').count() as f64 / values).min(1.0),
        MatchOp::NotEqual | MatchOp::NotRegex | MatchOp::Hole => 1.0,
    }
}

/// How many combinations of values labels have.
pub(super) fn values_together<'l>(labels: impl Iterator<Item = &'l str>) -> f64 {
    labels.map(values_of).product()
}
