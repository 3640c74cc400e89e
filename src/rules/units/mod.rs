//! Units: what a number is shown as.

pub(crate) mod percent_range;
mod shown;
pub(crate) mod unit_mismatch;
pub(crate) mod unknown_unit;
