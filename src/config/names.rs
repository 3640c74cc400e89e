//! The names users may write: rules, groups, and what was probably meant by another.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::diagnostic::Group;
use crate::policy::pack;
use crate::rules::{RULES, Rule};

/// What a line of `[rules]`, an entry of `[[ignore]]` or `--select` names. Ordered from the widest to the narrowest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Selector {
    /// `all`
    All,
    /// A group.
    Group(Group),
    /// The rules of a pack, by the word before the `/` of their names.
    Pack(&'static str),
    /// A native rule, or a policy's rule (`team/rule`).
    Rule(String),
}

impl Selector {
    /// Whether it names the rule `id` of `group`.
    pub fn matches(&self, id: &str, group: Group) -> bool {
        match self {
            Selector::All => true,
            Selector::Group(wanted) => *wanted == group,
            Selector::Pack(wanted) => id.split_once('/').is_some_and(|(pack, _)| pack == *wanted),
            Selector::Rule(wanted) => wanted == id,
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Selector::All => f.write_str("all"),
            Selector::Group(group) => f.write_str(group.name()),
            Selector::Pack(name) => f.write_str(name),
            Selector::Rule(id) => f.write_str(id),
        }
    }
}

impl std::str::FromStr for Selector {
    type Err = UnknownName;

    fn from_str(word: &str) -> Result<Self, UnknownName> {
        Catalogue::native().selector(word)
    }
}

/// A word that names nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    /// The word.
    pub word: String,
    /// What was probably meant.
    pub near: Option<String>,
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no rule or group `{}`", self.word)?;
        match &self.near {
            Some(near) => write!(f, "; did you mean `{near}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownName {}

/// The rules there are, found by id.
#[derive(Debug, Clone)]
pub struct Catalogue {
    rules: &'static [&'static Rule],
    index: Arc<FxHashMap<&'static str, usize>>,
}

impl Catalogue {
    /// Every native rule.
    pub fn native() -> &'static Catalogue {
        static NATIVE: OnceLock<Catalogue> = OnceLock::new();
        NATIVE.get_or_init(|| Catalogue::of(RULES))
    }

    /// These rules.
    pub(crate) fn of(rules: &'static [&'static Rule]) -> Self {
        let index = rules
            .iter()
            .enumerate()
            .map(|(at, rule)| (rule.id, at))
            .collect();
        Catalogue {
            rules,
            index: Arc::new(index),
        }
    }

    /// The rules, in order.
    pub(crate) fn rules(&self) -> &'static [&'static Rule] {
        self.rules
    }

    /// A rule's place in the order.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// What `word` selects. A name with a `/` is a policy's rule and is not looked up.
    ///
    /// # Errors
    /// The word names no rule and no group.
    pub fn selector(&self, word: &str) -> Result<Selector, UnknownName> {
        if word == "all" {
            return Ok(Selector::All);
        }
        if let Ok(group) = word.parse::<Group>() {
            return Ok(Selector::Group(group));
        }
        if let Some(pack) = pack::find(word) {
            return Ok(Selector::Pack(pack.name));
        }
        let meta = crate::diagnostic::meta::META;
        if word.contains('/')
            || self.index.contains_key(word)
            || meta.iter().any(|rule| rule.id == word)
        {
            return Ok(Selector::Rule(word.to_owned()));
        }
        let names = self
            .rules
            .iter()
            .map(|rule| rule.id)
            .chain(meta.iter().map(|rule| rule.id))
            .chain(Group::ALL.iter().map(|group| group.name()))
            .chain(pack::PACKS.iter().map(|pack| pack.name))
            .chain(["all"]);
        Err(UnknownName {
            word: word.to_owned(),
            near: nearest(word, names).map(str::to_owned),
        })
    }
}

/// The one of `names` that `word` was probably meant to be.
pub(crate) fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let lower = word.to_ascii_lowercase().replace('_', "-");
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&lower, name), name))
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}
