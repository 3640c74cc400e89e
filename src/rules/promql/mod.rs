//! PromQL: what Prometheus refuses, and what does not mean what it seems to. And what Loki refuses.

pub(crate) mod bool_in_alert;
pub(crate) mod contradictory_matchers;
pub(crate) mod counter_without_rate;
pub(crate) mod dead_code;
pub(crate) mod delta_on_counter;
pub(crate) mod deprecated_metric;
pub(crate) mod experimental_promql;
pub(super) mod found;
pub(crate) mod histogram_quantile_without_le;
pub(crate) mod histogram_quantile_without_rate;
pub(crate) mod impossible_label;
pub(crate) mod impossible_matching;
pub(crate) mod invalid_logql;
pub(crate) mod invalid_promql;
pub(crate) mod invalid_variable_query;
pub(crate) mod irate_in_alert;
pub(crate) mod label_removed_again;
pub(crate) mod quantile_out_of_range;
pub(crate) mod rate_of_rate;
pub(crate) mod rate_of_sum;
pub(crate) mod rate_on_gauge;
pub(crate) mod topk_in_alert;
pub(crate) mod unknown_capture_group;
pub(crate) mod useless_group_left;
