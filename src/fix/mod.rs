//! Repairs: choosing which go together, applying them, writing files, showing differences.
//!
//! A rule offers a [`crate::diagnostic::Fix`]: replacements of bytes, made with [`edit`]. [`plan`] takes those that
//! do not touch each other, [`run_rounds`] applies them, lints again and goes on until nothing is left to do, and
//! [`write_atomically`] or [`diff`] brings the result out.

mod compare;
mod diff;
pub mod edit;
mod moves;
mod plan;
mod rounds;
mod verify;
mod write;

pub use diff::{diff, diff_hiding};
pub use moves::{Moved, Moves};
pub use plan::{Plan, Planned, apply, files_of, plan};
pub use rounds::{Applied, Dropped, Lint, MAX_ROUNDS, Outcome, Texts, Verify, run_rounds};
pub use verify::{verify, verify_syntax};
pub use write::{WriteError, write_atomically, write_or_create};
