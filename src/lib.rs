//! dashlint.
pub mod diagnostic;
pub mod rules;
pub mod source;
pub mod span;
pub mod syntax;
