//! Configuration: `dashlint.toml`, presets, and what of them counts for a file.
//!
//! [`Configs`] finds and reads the files of a run; [`Settings`] is what they come to for a folder. A fault in a
//! configuration is a finding like any other, with its place.

mod at;
mod budget;
mod check;
mod discover;
mod files;
mod ignore;
mod ignore_entry;
mod instance;
mod keys;
mod names;
mod parts;
mod policies;
mod reference;
mod runbooks;
mod schema;
mod selection;
mod settings;
mod show;
#[cfg(test)]
mod tests;
mod values;

pub use at::{At, PanelName};
pub use budget::{Limit, Limits};
pub(crate) use discover::today;
pub use discover::{ConfigError, Configs, FILE_NAMES, Options};
pub(crate) use discover::{LONGEST_PATH, is_configured, is_marked_root, is_versioned};
pub(crate) use files::{absolute, slashed};
pub use ignore_entry::{IgnoreEntry, entries_toml};
pub use instance::Instance;
pub(crate) use names::nearest;
pub use names::{Catalogue, Selector, UnknownName};
pub use reference::config_reference;
pub use runbooks::{RunbookPattern, Runbooks};
pub use schema::config_schema;
pub use selection::{Preset, Selection};
pub use settings::{Levels, Settings};
pub use show::show;
pub use values::{Dialect, Names, Theme, Version};
