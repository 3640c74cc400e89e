//! Units: what a number is shown as.

pub(crate) mod adding_different_units;
pub(crate) mod bucket_scaling;
mod clashes;
pub(crate) mod inconsistent_unit;
pub(crate) mod lesser;
pub(crate) mod misleading_record_name;
pub(crate) mod missing_unit;
pub(crate) mod mixed_units_in_panel;
mod overrides;
pub(crate) mod percent_range;
mod shown;
pub(crate) mod threshold_scale;
pub(crate) mod unit_mismatch;
pub(crate) mod unknown_unit;

pub(crate) use shown::PanelUnits;
