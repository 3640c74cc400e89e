//! MetricsQL, VictoriaMetrics' superset of PromQL, recognised by what only it has.

use super::scan::{self, Kind};
use super::{ErrorKind, ParseError, Parsed, Placeholder};
use crate::span::Span;

/// What a word between expressions means in MetricsQL.
pub(super) fn keyword(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "if" | "ifnot" => "a binary operator",
        "default" => "a binary operator",
        "limit" => "a modifier of aggregations",
        "keep_metric_names" => "a modifier of functions",
        "prefix" => "a modifier of joins",
        "with" => "a template",
        _ => return None,
    })
}

/// Functions and aggregations that only MetricsQL has. Not checked entry by entry against
/// VictoriaMetrics' documentation: the list only chooses a message, never a verdict.
const FUNCTIONS: &[&str] = &[
    "aggr_over_time",
    "alias",
    "any",
    "ascent_over_time",
    "bitmap_and",
    "bitmap_or",
    "bitmap_xor",
    "bottomk_avg",
    "bottomk_last",
    "bottomk_max",
    "bottomk_median",
    "bottomk_min",
    "buckets_limit",
    "changes_prometheus",
    "count_eq_over_time",
    "count_gt_over_time",
    "count_le_over_time",
    "count_ne_over_time",
    "count_values_over_time",
    "decreases_over_time",
    "default_rollup",
    "delta_prometheus",
    "deriv_fast",
    "descent_over_time",
    "distinct",
    "distinct_over_time",
    "drop_common_labels",
    "drop_empty_series",
    "duration_over_time",
    "geomean",
    "geomean_over_time",
    "histogram",
    "histogram_over_time",
    "histogram_share",
    "hoeffding_bound_lower",
    "hoeffding_bound_upper",
    "increase_prometheus",
    "increase_pure",
    "increases_over_time",
    "integrate",
    "interpolate",
    "iqr_over_time",
    "keep_last_value",
    "keep_next_value",
    "label_copy",
    "label_del",
    "label_graphite_group",
    "label_keep",
    "label_lowercase",
    "label_map",
    "label_match",
    "label_mismatch",
    "label_move",
    "label_set",
    "label_transform",
    "label_uppercase",
    "label_value",
    "labels_equal",
    "lag",
    "lifetime",
    "limit_offset",
    "limitk",
    "mad",
    "median",
    "median_over_time",
    "mode",
    "mode_over_time",
    "now",
    "outlier_iqr_over_time",
    "outliers_iqr",
    "outliers_mad",
    "outliersk",
    "prometheus_buckets",
    "quantiles",
    "quantiles_over_time",
    "rand",
    "rand_exponential",
    "rand_normal",
    "range_avg",
    "range_first",
    "range_last",
    "range_linear_regression",
    "range_mad",
    "range_max",
    "range_median",
    "range_min",
    "range_normalize",
    "range_quantile",
    "range_stddev",
    "range_stdvar",
    "range_sum",
    "range_trim_outliers",
    "range_trim_spikes",
    "range_trim_zscore",
    "range_zscore",
    "rate_over_sum",
    "rate_prometheus",
    "remove_resets",
    "rollup",
    "rollup_candlestick",
    "rollup_delta",
    "rollup_deriv",
    "rollup_increase",
    "rollup_rate",
    "rollup_scrape_interval",
    "ru",
    "running_avg",
    "running_max",
    "running_min",
    "running_sum",
    "scrape_interval",
    "share",
    "share_eq_over_time",
    "share_gt_over_time",
    "share_le_over_time",
    "smooth_exponential",
    "sort_by_label_numeric",
    "sort_by_label_numeric_desc",
    "stale_samples_over_time",
    "sum2",
    "sum2_over_time",
    "sum_eq_over_time",
    "sum_gt_over_time",
    "sum_le_over_time",
    "timestamp_with_name",
    "timezone_offset",
    "tlast_change_over_time",
    "tfirst_over_time",
    "tlast_over_time",
    "tmax_over_time",
    "tmin_over_time",
    "topk_avg",
    "topk_last",
    "topk_max",
    "topk_median",
    "topk_min",
    "ttf",
    "union",
    "vmrange",
    "zscore",
    "zscore_over_time",
];

/// Whether only MetricsQL has a function or aggregation of that name.
pub fn is_function(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower != "limitk" && FUNCTIONS.contains(&lower.as_str())
}

/// The constructs that show that a query is MetricsQL, each with what it is, in source order; none if there is
/// none. What may as well be a slip ([`weak_signs`]) is listed only beside something that only MetricsQL has.
pub fn looks_like(parsed: &Parsed) -> Option<Vec<(Span, &'static str)>> {
    if parsed.is_valid() {
        return None;
    }
    let mut found = constructs(&parsed.text);
    if found.is_empty() {
        return None;
    }
    for sign in weak_signs(parsed) {
        if !found.iter().any(|(span, _)| *span == sign.0) {
            found.push(sign);
        }
    }
    found.sort_by_key(|(span, _)| *span);
    Some(found)
}

/// What shows for certain that a query is MetricsQL: something that only MetricsQL has, or what may as well be a slip in a
/// query of VictoriaMetrics' own metrics.
pub fn certain_sign(parsed: &Parsed) -> Option<(Span, &'static str)> {
    if let Some(first) = looks_like(parsed).and_then(|words| words.first().copied()) {
        return Some(first);
    }
    let slip = slip(parsed)?;
    is_about_victoriametrics(parsed).then_some(slip)
}

/// The first of the errors of a query that MetricsQL takes, if there are no others.
pub fn slip(parsed: &Parsed) -> Option<(Span, &'static str)> {
    let signs = weak_signs(parsed);
    match signs.len() < parsed.errors.len() {
        true => None,
        false => signs.first().copied(),
    }
}

/// The prefixes of what VictoriaMetrics' components say of themselves (docs.victoriametrics.com, "Monitoring").
const OWN_METRICS: &[&str] = &[
    "vm_",
    "vmagent_",
    "vmalert_",
    "vmanomaly_",
    "vmauth_",
    "vmgateway_",
];

/// Whether the query asks for metrics of VictoriaMetrics itself, whose dashboards and alerts its makers write in MetricsQL.
pub fn is_about_victoriametrics(parsed: &Parsed) -> bool {
    parsed.selectors().any(|(_, _, selector)| {
        parsed
            .metric_name(selector)
            .is_some_and(|(name, _)| OWN_METRICS.iter().any(|own| name.starts_with(own)))
    })
}

/// Errors of PromQL that MetricsQL takes: a range left out, a range without a rollup function, a range or `offset` behind an
/// expression, a number beside a set operator, several vectors in an aggregation.
pub fn weak_signs(parsed: &Parsed) -> Vec<(Span, &'static str)> {
    let sign = |error: &ParseError| {
        let placeholder = error.suggestion.as_ref().and_then(|s| s.placeholder);
        let what = match error.kind {
            ErrorKind::Type if placeholder == Some(Placeholder::Range) => "a range left out",
            ErrorKind::Type if error.message.ends_with("found a range vector") => {
                "a range without a rollup function"
            }
            ErrorKind::Modifier if error.message.contains("can only follow") => {
                "a modifier behind an expression"
            }
            ErrorKind::Modifier if error.message.contains("belongs inside") => {
                "a range behind an expression"
            }
            ErrorKind::Type
                if error
                    .message
                    .ends_with("joins instant vectors, found a scalar") =>
            {
                "a number as a side of a set operation"
            }
            ErrorKind::Arity if error.message.contains("takes one vector") => {
                "several vectors in an aggregation"
            }
            _ => return None,
        };
        Some((error.span, what))
    };
    parsed.errors.iter().filter_map(sign).collect()
}

fn constructs(text: &str) -> Vec<(Span, &'static str)> {
    let pieces = scan::pieces(text, true);
    let mut found = Vec::new();
    let (mut braces, mut brackets) = (0usize, 0usize);
    for (i, piece) in pieces.iter().enumerate() {
        let word = &text[piece.span.range()];
        let next = pieces.get(i + 1).map(|p| p.kind);
        let before = i.checked_sub(1).and_then(|i| pieces.get(i)).map(|p| p.kind);
        match piece.kind {
            Kind::Punct(b'{') => braces += 1,
            Kind::Punct(b'}') => braces = braces.saturating_sub(1),
            Kind::Punct(b'[') => brackets += 1,
            Kind::Punct(b']') => brackets = brackets.saturating_sub(1),
            Kind::Word if braces > 0 => {
                let between = matches!(before, Some(Kind::Str(..)))
                    && matches!(next, Some(Kind::Word | Kind::Str(..) | Kind::Hole));
                if between && word.eq_ignore_ascii_case("or") {
                    found.push((piece.span, "`or` between matchers"));
                }
            }
            Kind::Word => {
                // A name with a colon goes on: `a:default`.
                let colon = |kind: Option<Kind>| kind == Some(Kind::Punct(b':'));
                if brackets > 0 || colon(before) || colon(next) {
                    continue;
                }
                if let Some(what) = construct(word, before, next) {
                    found.push((piece.span, what));
                }
            }
            Kind::Number => {
                let digits = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
                match digits {
                    "i" => found.push((piece.span, "a duration in steps")),
                    "K" | "Ki" | "M" | "Mi" | "G" | "Gi" | "T" | "Ti" | "KB" | "KiB" | "MB"
                    | "MiB" | "GB" | "GiB" | "TB" | "TiB"
                        if brackets == 0 =>
                    {
                        found.push((piece.span, "a number with a unit"));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    found
}

fn construct(word: &str, before: Option<Kind>, next: Option<Kind>) -> Option<&'static str> {
    let operand_before = matches!(
        before,
        Some(
            Kind::Word
                | Kind::Number
                | Kind::Hole
                | Kind::Str(..)
                | Kind::Punct(b')' | b'}' | b']')
        )
    );
    let operand_next = matches!(
        next,
        Some(
            Kind::Word
                | Kind::Number
                | Kind::Hole
                | Kind::Str(..)
                | Kind::Punct(b'(' | b'{' | b'-' | b'+')
        )
    );
    match word.to_ascii_lowercase().as_str() {
        "if" | "ifnot" if operand_before && operand_next => Some("the operator `if`"),
        "default" if operand_before && operand_next => Some("the operator `default`"),
        "keep_metric_names" if operand_before => Some("`keep_metric_names`"),
        "limit"
            if before == Some(Kind::Punct(b')'))
                && matches!(next, Some(Kind::Number | Kind::Hole)) =>
        {
            Some("`limit` on an aggregation")
        }
        "with" if !operand_before && next == Some(Kind::Punct(b'(')) => Some("a `WITH` template"),
        _ if next == Some(Kind::Punct(b'(')) && is_function(word) => {
            Some("a function of MetricsQL")
        }
        _ => None,
    }
}
