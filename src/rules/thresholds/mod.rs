//! Thresholds, value mappings and ranges: what colour a value gets, and on what scale.

pub(crate) mod default_thresholds_left;
pub(crate) mod duplicate_threshold_value;
pub(crate) mod effect;
pub(crate) mod empty_threshold_steps;
pub(crate) mod gauge_without_range;
pub(crate) mod inconsistent_thresholds;
pub(crate) mod mapping_range_reversed;
mod mappings;
pub(crate) mod min_above_max;
pub(crate) mod overlapping_mappings;
pub(crate) mod panel_and_alert_disagree;
pub(crate) mod threshold_direction;
pub(crate) mod threshold_outside_min_max;
pub(crate) mod threshold_percentage_out_of_range;
pub(crate) mod threshold_without_value;
pub(crate) mod thresholds_out_of_order;
pub(crate) mod thresholds_without_effect;
pub(crate) mod unreachable_mapping;
