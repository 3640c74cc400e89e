//! dashlint.
pub mod source;
pub mod span;
pub mod syntax;
