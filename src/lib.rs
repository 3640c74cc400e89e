//! dashlint.
pub mod color;
pub mod units;
