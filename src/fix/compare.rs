//! Whether a change did what it says and no more.

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

use crate::model::carrier::carried;
use crate::span::Span;
use crate::syntax::{Dialect, Kind, NodeRef, Tree, parse_embedded};

/// Compares the trees of a file before and after `edits`, bytes of the old text: only values that an edit touches may differ,
/// in strings that carry other texts too. Comments that no edit touches stay.
///
/// # Errors
/// The value that differs and was not to be touched.
pub(super) fn compare(old: &Tree, new: &Tree, edits: &[Span]) -> Result<(), String> {
    let mut edits = edits.to_vec();
    edits.sort_unstable();
    let changes = Changes { edits };
    changes.comments(old, new)?;
    changes.trees(old, new)
}

/// The places of a file that change, in order.
struct Changes {
    edits: Vec<Span>,
}

impl Changes {
    /// The changes in a range of the old file, and what is put in at its ends.
    fn at(&self, span: Span) -> impl Iterator<Item = &Span> {
        let first = self.edits.partition_point(|edit| edit.end < span.start);
        let edits = self.edits.iter().skip(first);
        edits
            .take_while(move |edit| edit.start <= span.end)
            .filter(move |edit| edit.is_empty() || (edit.start < span.end && span.start < edit.end))
    }

    fn touch(&self, span: Span) -> bool {
        self.at(span).next().is_some()
    }

    /// Whether one change replaces all of a range.
    fn replace(&self, span: Span) -> bool {
        self.at(span).any(|edit| edit.encloses(span))
    }

    fn touch_member(&self, node: NodeRef<'_>) -> bool {
        self.touch(node.tree().file_span(node.member_span()))
    }

    fn trees(&self, old: &Tree, new: &Tree) -> Result<(), String> {
        let mut texts = vec![];
        for (before, after) in old.documents().zip(new.documents()) {
            self.values(before, after, &mut texts)?;
        }
        // One string deep, as texts are carried.
        for (before, after, dialect) in texts {
            let inner = (
                parse_embedded(before, 0, dialect),
                parse_embedded(after, 0, dialect),
            );
            if let (Some(before), Some(after)) = inner {
                self.comments(&before, &after)?;
                for (before, after) in before.documents().zip(after.documents()) {
                    self.values(before, after, &mut Vec::new())?;
                }
            }
        }
        Ok(())
    }

    /// Compares two values; strings that differ and carry a text are left to the caller.
    fn values<'o, 'n>(
        &self,
        old: NodeRef<'o>,
        new: NodeRef<'n>,
        texts: &mut Vec<(NodeRef<'o>, NodeRef<'n>, Dialect)>,
    ) -> Result<(), String> {
        let mut open = vec![(old, new)];
        while let Some((old, new)) = open.pop() {
            if !self.touch_member(old) {
                if !equal(old, new) {
                    return Err(differs(old));
                }
                continue;
            }
            if self.replace(old.file_span()) {
                continue;
            }
            let containers = matches!(old.kind(), Kind::Array | Kind::Object)
                && old.kind() == new.kind()
                && !old.is_alias()
                && !new.is_alias();
            if !containers {
                if !equal(old, new) {
                    if !self.touch(old.file_span()) {
                        return Err(differs(old));
                    }
                    let dialect = old.as_str().and_then(|text| carried(&text));
                    texts.extend(dialect.map(|dialect| (old, new, dialect)));
                }
                continue;
            }
            match old.kind() {
                Kind::Object => self.members(old, new, &mut open)?,
                _ => self.items(old, new, &mut open)?,
            }
        }
        Ok(())
    }

    /// Every member that no change touches is still there, in order.
    fn members<'o, 'n>(
        &self,
        old: NodeRef<'o>,
        new: NodeRef<'n>,
        open: &mut Vec<(NodeRef<'o>, NodeRef<'n>)>,
    ) -> Result<(), String> {
        let keys: FxHashSet<_> = new.members().filter_map(NodeRef::key).collect();
        let mut rest = new.members();
        for member in old.members() {
            let Some(key) = member.key() else { continue };
            if !keys.contains(&key) && self.touch_member(member) {
                continue;
            }
            match rest.find(|new| new.key().as_ref() == Some(&key)) {
                Some(found) => open.push((member, found)),
                // A change may put members in another order.
                None if self.replace(member.file_span()) => {}
                None => return Err(differs(member)),
            }
        }
        Ok(())
    }

    /// The same of items, which have no names: of as many as before each is compared with its successor, else those that no
    /// change touches are looked for in order.
    fn items<'o, 'n>(
        &self,
        old: NodeRef<'o>,
        new: NodeRef<'n>,
        open: &mut Vec<(NodeRef<'o>, NodeRef<'n>)>,
    ) -> Result<(), String> {
        let mut before: VecDeque<NodeRef<'o>> = old.items().collect();
        let mut after: VecDeque<NodeRef<'n>> = new.items().collect();
        if before.len() == after.len() {
            open.extend(before.into_iter().zip(after));
            return Ok(());
        }
        let free = |node: &&NodeRef<'o>| !self.touch_member(**node);
        while before.front().is_some_and(|node| free(&node)) && !after.is_empty() {
            open.extend(before.pop_front().zip(after.pop_front()));
        }
        while before.back().is_some_and(|node| free(&node)) && !after.is_empty() {
            open.extend(before.pop_back().zip(after.pop_back()));
        }
        let mut rest = after.into_iter();
        for item in before.iter().filter(free) {
            if !rest.any(|new| equal(*item, new)) {
                return Err(differs(*item));
            }
        }
        Ok(())
    }

    fn comments(&self, old: &Tree, new: &Tree) -> Result<(), String> {
        let text = |tree: &'_ Tree, span: Span| tree.text().get(span.range()).map(str::to_owned);
        let mut rest = new.comments().iter();
        for comment in old.comments() {
            if self.touch(old.file_span(comment.span)) {
                continue;
            }
            let words = text(old, comment.span);
            if !rest.any(|kept| text(new, kept.span) == words) {
                return Err("a comment would be lost".to_owned());
            }
        }
        Ok(())
    }
}

fn differs(node: NodeRef<'_>) -> String {
    match node.pointer() {
        pointer if pointer.is_empty() => "more than it says would change".to_owned(),
        pointer => format!("more than it says would change: {pointer}"),
    }
}

/// Whether two values say the same, however they are written.
fn equal(old: NodeRef<'_>, new: NodeRef<'_>) -> bool {
    let mut open = vec![(old, new)];
    while let Some((old, new)) = open.pop() {
        if old.is_alias() || new.is_alias() {
            let raw = |node: NodeRef<'_>| {
                node.tree()
                    .text()
                    .get(node.span().range())
                    .map(str::to_owned)
            };
            if old.is_alias() != new.is_alias() || raw(old) != raw(new) {
                return false;
            }
            continue;
        }
        let same = old.kind() == new.kind()
            && old.key() == new.key()
            && match old.kind() {
                Kind::Array | Kind::Object => true,
                Kind::String => old.as_str() == new.as_str(),
                _ => old.raw() == new.raw(),
            };
        if !same {
            return false;
        }
        let mut children = (old.children(), new.children());
        loop {
            match (children.0.next(), children.1.next()) {
                (Some(old), Some(new)) => open.push((old, new)),
                (None, None) => break,
                _ => return false,
            }
        }
    }
    true
}
