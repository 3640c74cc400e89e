//! Template variables: data flow from their definition to their uses.

mod expression;
mod near;
mod options;
mod places;

pub(crate) mod all_value_matches_missing_label;
pub(crate) mod all_without_all_value;
pub(crate) mod fixed_interval;
pub(crate) mod interval_below_scrape;
pub(crate) mod interval_under_rate;
pub(crate) mod invalid_all_value;
pub(crate) mod invalid_variable_regex;
pub(crate) mod missing_datasource_variable;
pub(crate) mod missing_label_variable;
pub(crate) mod multi_value_with_equals;
pub(crate) mod repeat_without_multi;
pub(crate) mod selector_without_label;
pub(crate) mod single_value_with_regex;
pub(crate) mod stale_current;
pub(crate) mod undefined_variable;
pub(crate) mod unknown_variable_type;
pub(crate) mod unused_variable;
pub(crate) mod variable_cycle;
pub(crate) mod variable_in_alert;
pub(crate) mod variable_is_no_duration;
pub(crate) mod variable_not_refreshed;
pub(crate) mod variable_out_of_place;
pub(crate) mod wrong_variable_format;
