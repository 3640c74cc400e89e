//! Sets of labels, as bits over the label names a query mentions.

/// Names of a query beyond this many are not told apart from names it does not mention.
const MAX_NAMES: usize = 64;

/// The label names a query mentions, each with a bit.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    text: String,
    ends: Vec<u32>,
}

impl Names {
    /// The name's number, given out at its first mention; none once all are taken.
    pub(super) fn intern(&mut self, name: &str) -> Option<usize> {
        if let Some(known) = self.position(name) {
            return Some(known);
        }
        if self.ends.len() >= MAX_NAMES {
            return None;
        }
        self.text.push_str(name);
        self.ends.push(self.text.len() as u32);
        Some(self.ends.len() - 1)
    }

    /// The name's number.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.iter().position(|known| known == name)
    }

    /// All names, by number.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let name = self.text.get(start..end as usize).unwrap_or("");
            start = end as usize;
            name
        })
    }
}

/// A list of labels as a query writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Listed {
    /// Those that have a bit.
    pub(super) bits: u64,
    /// Whether these are all: no variable among them, and none without a bit.
    pub(super) complete: bool,
}

/// The labels of a result's series: which all of them have, which some may have. A label that is empty is one that
/// is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LabelSet {
    /// Names that may be there.
    pub(super) can: u64,
    /// Names that every series has.
    pub(super) must: u64,
    /// Whether labels may be there that the query does not mention.
    pub(super) rest: bool,
}

impl LabelSet {
    /// Anything may be there.
    pub(super) const OPEN: LabelSet = LabelSet {
        can: !0,
        must: 0,
        rest: true,
    };

    /// Nothing is there.
    pub(super) const EMPTY: LabelSet = LabelSet {
        can: 0,
        must: 0,
        rest: false,
    };

    /// Whether no label can be there at all.
    pub(super) fn is_empty(self) -> bool {
        self.can == 0 && !self.rest
    }

    /// What `by (listed)` keeps.
    pub(super) fn keep(self, listed: Listed) -> Self {
        if !listed.complete {
            return LabelSet {
                must: self.must & listed.bits,
                ..self
            };
        }
        LabelSet {
            can: self.can & listed.bits,
            must: self.must & listed.bits,
            rest: false,
        }
    }

    /// What `without (listed)` keeps.
    pub(super) fn drop(self, listed: Listed) -> Self {
        LabelSet {
            can: self.can & !listed.bits,
            must: if listed.complete {
                self.must & !listed.bits
            } else {
                0
            },
            rest: self.rest,
        }
    }

    /// The labels of `a or b`.
    pub(super) fn union(self, other: Self) -> Self {
        LabelSet {
            can: self.can | other.can,
            must: self.must & other.must,
            rest: self.rest || other.rest,
        }
    }

    /// A label that may be there from here on.
    pub(super) fn maybe(mut self, bit: u64) -> Self {
        self.can |= bit;
        self.must &= !bit;
        self
    }

    /// A label that is there from here on.
    pub(super) fn with(mut self, bit: u64) -> Self {
        self.can |= bit;
        self.must |= bit;
        self
    }

    /// Without a label.
    pub(super) fn without(mut self, bit: u64) -> Self {
        self.can &= !bit;
        self.must &= !bit;
        self
    }
}
