//! dashlint.
pub mod diagnostic;
pub mod report;
pub mod rules;
pub mod source;
pub mod span;
pub mod syntax;
