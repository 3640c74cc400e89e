//! dashlint.
pub mod promql;
pub mod span;
