//! dashlint.
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod fix;
pub mod lint;
pub mod model;
pub mod project;
pub mod promql;
pub mod report;
pub mod rules;
pub mod source;
pub mod span;
pub mod syntax;
