//! Thresholds: what colour a value gets.

pub(crate) mod thresholds_out_of_order;
