//! The types of receivers and their settings, from `rules/facts/receivers.toml`.

use crate::diagnostic::Severity;

mod tables {
    use super::{Holds, Setting, Shape};
    use crate::diagnostic::Severity;

    include!(concat!(env!("OUT_DIR"), "/receivers.rs"));

    pub(super) fn shapes() -> &'static [Shape] {
        SHAPES
    }
}

/// The settings of a type of receiver, or of an object in settings.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) name: &'static str,
    /// It is a type of receiver.
    receiver: bool,
    /// Why no such receiver can be made, if that is so.
    pub(super) gone: Option<&'static str>,
    /// One of these groups must be there in full, if there are any.
    pub(super) any: &'static [&'static [&'static str]],
    /// Of each group, not all may be there.
    pub(super) never: &'static [&'static [&'static str]],
    /// Of each group, all or none are there.
    pub(super) together: &'static [&'static [&'static str]],
    settings: &'static [Setting],
}

/// One setting.
#[derive(Debug)]
pub(super) struct Setting {
    pub(super) key: &'static str,
    pub(super) holds: Holds,
    /// How bad it is that it is not there.
    pub(super) need: Option<Severity>,
    /// What it may be, if not anything.
    pub(super) options: &'static [&'static str],
    /// Case does not matter in those.
    pub(super) folded: bool,
    /// How many characters its text has.
    pub(super) length: Option<usize>,
    /// What its text begins with.
    pub(super) begins: &'static str,
    /// It is needed only where this setting has this value.
    pub(super) when: Option<(&'static str, &'static str)>,
}

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    /// A number, or a text with one in it.
    Number,
    Flag,
    List,
    Map,
    Any,
    /// The object of this number.
    Object(usize),
    /// A list of them.
    ListOf(usize),
}

/// The type of receiver called `name`, in any case.
pub(super) fn receiver(name: &str) -> Option<&'static Shape> {
    let mut shapes = receivers();
    shapes.find(|shape| shape.name.eq_ignore_ascii_case(name))
}

/// Every type of receiver.
pub(super) fn receivers() -> impl Iterator<Item = &'static Shape> + Clone {
    tables::shapes().iter().filter(|shape| shape.receiver)
}

/// The object of this number.
pub(super) fn object(at: usize) -> Option<&'static Shape> {
    tables::shapes().get(at)
}

impl Shape {
    /// Its settings, and if it is a receiver those that every one has.
    pub(super) fn settings(&self) -> impl Iterator<Item = &'static Setting> + use<> {
        let common = tables::shapes()
            .iter()
            .find(|shape| self.receiver && shape.name == "Common");
        let common = common.into_iter().flat_map(|shape| shape.settings);
        self.settings.iter().chain(common)
    }

    /// The setting that `key` is read as: case does not matter.
    pub(super) fn setting(&self, key: &str) -> Option<&'static Setting> {
        self.settings()
            .find(|setting| setting.key.eq_ignore_ascii_case(key))
    }
}
