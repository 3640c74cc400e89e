//! What queries cost the server.

pub(crate) mod bucket_many_by;
pub(crate) mod bucket_unaggregated;
pub(crate) mod budget;
pub(crate) mod exists_only;
pub(crate) mod high_cardinality_rule;
pub(crate) mod label_values_all;
pub(crate) mod leading_wildcard;
pub(crate) mod long_range;
pub(crate) mod many_to_many;
mod matchers;
pub(crate) mod name_regex;
pub(crate) mod no_metric_name;
pub(crate) mod noop_matcher;
pub(crate) mod over_budget;
pub(crate) mod rate_interval_over_long_range;
pub(crate) mod recording_rule_available;
pub(crate) mod refresh_too_fast;
pub(crate) mod regex_literal;
mod repeated;
pub(crate) mod topk_in_graph;
pub(crate) mod unbounded_label;
pub(crate) mod whole_range_window;
pub(crate) mod without_nothing;
