//! Overrides of a panel that give fields another unit or another axis.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound;

use rustc_hash::FxHashMap;

use crate::model::{Override, Panel, Query};
use crate::syntax::NodeRef;
use crate::units::metrics::matches;

/// So many names that begin like a legend are held against it; with more of them nothing is certain.
const MOST_NAMES: usize = 200;

/// The overrides of a panel that matter to units, by what they apply to.
#[derive(Default)]
pub(super) struct Overrides<'t> {
    /// All numbers.
    numbers: Option<Said<'t>>,
    /// The result of a query, by its refId.
    by_ref_id: FxHashMap<String, Said<'t>>,
    /// Fields, by their names.
    by_name: BTreeMap<String, Said<'t>>,
}

/// What overrides of one matcher say.
#[derive(Clone, Copy)]
struct Said<'t> {
    /// The place of the last one among the panel's overrides.
    at: usize,
    /// The unit that the last one gives; nothing where one of them moves the fields to another axis and gives none.
    unit: Option<NodeRef<'t>>,
}

impl<'t> Said<'t> {
    fn and(self, later: Said<'t>) -> Said<'t> {
        Said {
            at: later.at,
            unit: self.unit.and(later.unit),
        }
    }
}

/// What an override applies to.
enum Target {
    Nothing,
    Numbers,
    Query(String),
    Field(String),
}

impl<'t> Overrides<'t> {
    /// Nothing where one of them applies to nobody knows what.
    pub(super) fn of(panel: &Panel<'t>) -> Option<Self> {
        let mut found = Overrides::default();
        for (at, rule) in panel.overrides().enumerate() {
            let unit = rule.properties("unit").last();
            if unit.is_none() && rule.properties("custom.axisPlacement").next().is_none() {
                continue;
            }
            let said = Said { at, unit };
            match target(&rule)? {
                Target::Nothing => {}
                Target::Numbers => {
                    found.numbers = Some(found.numbers.map_or(said, |known| known.and(said)));
                }
                Target::Query(ref_id) => add(found.by_ref_id.entry(ref_id).or_insert(said), said),
                Target::Field(name) => add(found.by_name.entry(name).or_insert(said), said),
            }
        }
        Some(found)
    }

    /// The unit that the last override for all of the result of `query` gives it, if there is one; nothing if that cannot be
    /// told.
    pub(super) fn last_for(&self, query: &Query<'_>) -> Option<Option<NodeRef<'t>>> {
        let named = match self.by_name.is_empty() {
            true => None,
            false => self.named(query)?,
        };
        let of_query = self.by_ref_id.get(&query.ref_id).copied();
        let applying = [self.numbers, of_query, named];
        let mut last: Option<Said<'t>> = None;
        for said in applying.into_iter().flatten() {
            said.unit?;
            if last.is_none_or(|last| last.at < said.at) {
                last = Some(said);
            }
        }
        Some(last.and_then(|said| said.unit))
    }

    /// What is said of the field that the legend of `query` names; nothing if it may name several.
    fn named(&self, query: &Query<'_>) -> Option<Option<Said<'t>>> {
        let legend = query.node.get("legendFormat").and_then(NodeRef::as_str)?;
        if legend.is_empty() || legend == "__auto" {
            return None;
        }
        let pattern = pattern(&legend);
        let Some((start, _)) = pattern.split_once('*') else {
            return Some(self.by_name.get(pattern.as_ref()).copied());
        };
        let names = self
            .by_name
            .range::<str, _>((Bound::Included(start), Bound::Unbounded));
        let names = names.take_while(|(name, _)| name.starts_with(start));
        for (seen, (name, _)) in names.enumerate() {
            if seen == MOST_NAMES || matches(&pattern, name) {
                return None;
            }
        }
        Some(None)
    }
}

fn add<'t>(known: &mut Said<'t>, said: Said<'t>) {
    *known = known.and(said);
}

/// What an override applies to; nothing if that cannot be told.
fn target(rule: &Override<'_>) -> Option<Target> {
    let matcher = rule.matcher()?;
    let options = || matcher.get("options").and_then(NodeRef::as_str);
    Some(
        match matcher.get("id").and_then(NodeRef::as_str)?.as_ref() {
            "byFrameRefID" => Target::Query(options()?.into_owned()),
            "byType" if options()? == "number" => Target::Numbers,
            "byType" => Target::Nothing,
            "byName" => {
                let name = options()?;
                match name.strip_prefix("Value #") {
                    _ if name == "Time" => Target::Nothing,
                    Some(ref_id) => Target::Query(ref_id.to_owned()),
                    None => Target::Field(name.into_owned()),
                }
            }
            _ => return None,
        },
    )
}

/// A legend with `*` for what stands for a label or a variable.
fn pattern(legend: &str) -> Cow<'_, str> {
    if !legend.contains(['{', '$', '[']) {
        return Cow::Borrowed(legend);
    }
    let mut out = String::new();
    let mut rest = legend;
    while let Some(at) = rest.find(['{', '$', '[']) {
        out.push_str(&rest[..at]);
        out.push('*');
        let inner = &rest[at..];
        let skip = if inner.starts_with("{{") {
            inner.find("}}").map(|end| end + 2)
        } else if inner.starts_with("${") {
            inner.find('}').map(|end| end + 1)
        } else if inner.starts_with("[[") {
            inner.find("]]").map(|end| end + 2)
        } else {
            let word = |c: char| c == '_' || c.is_ascii_alphanumeric();
            Some(
                inner[1..]
                    .find(|c| !word(c))
                    .map_or(inner.len(), |end| end + 1),
            )
        };
        rest = skip.and_then(|skip| inner.get(skip..)).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}
