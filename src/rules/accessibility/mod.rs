//! Colours that not everybody can tell apart, and colours that are none.

pub(crate) mod color_only_status;
mod colors;
pub(crate) mod colors_indistinguishable;
pub(crate) mod inconsistent_status_colors;
pub(crate) mod palette_not_accessible;
mod recolor;
pub(crate) mod series_colors_alike;
mod status;
pub(crate) mod text_contrast;
pub(crate) mod unknown_color;
