//! Units: what a number is shown as.

pub(crate) mod percent_range;
