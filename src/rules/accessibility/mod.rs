//! Colours that not everybody can tell apart, and colours that are none.

pub(crate) mod color_only_status;
mod colors;
pub(crate) mod unknown_color;
