//! Whether a file is still whole.

use std::sync::Arc;

use super::compare::compare;
use crate::model::carrier::carried;
use crate::source::format;
use crate::span::Span;
use crate::syntax::{Kind, ProblemKind, Tree, parse, parse_embedded};

/// Every kind of problem a text can have.
const KINDS: [ProblemKind; 10] = [
    ProblemKind::Invalid,
    ProblemKind::Comment,
    ProblemKind::TrailingComma,
    ProblemKind::DuplicateKey,
    ProblemKind::LoneSurrogate,
    ProblemKind::ByteOrderMark,
    ProblemKind::Empty,
    ProblemKind::TrailingData,
    ProblemKind::TooDeep,
    ProblemKind::UnknownAlias,
];

/// Parses a file before and after a change.
///
/// # Errors
/// The change brought a problem that was not there, in the file or in a text that a string of it carries: what it is.
pub fn verify_syntax(file: &str, old: &str, new: &str) -> Result<(), String> {
    let (before, after) = trees(file, old, new);
    whole(&before, &after)
}

/// Parses a file before and after `edits`, bytes of the old text, and compares what it says.
///
/// # Errors
/// The change brought a problem that was not there, or changed what no edit touches: which.
pub fn verify(file: &str, old: &str, new: &str, edits: &[Span]) -> Result<(), String> {
    let (before, after) = trees(file, old, new);
    whole(&before, &after)?;
    compare(&before, &after, edits)
}

fn trees(file: &str, old: &str, new: &str) -> (Tree, Tree) {
    let dialect = format::of(file, old.as_bytes());
    (
        parse(Arc::from(old), dialect),
        parse(Arc::from(new), dialect),
    )
}

fn whole(before: &Tree, after: &Tree) -> Result<(), String> {
    if after.documents().count() != before.documents().count() {
        return Err("the file would have another number of documents".to_owned());
    }
    let (before, after) = (Problems::of(before), Problems::of(after));
    if after.carried != before.carried {
        return Err("a string of the file would carry another number of documents".to_owned());
    }
    for (at, (then, now)) in before.counts.iter().zip(&after.counts).enumerate() {
        if now > then {
            let first = after.first[at].as_deref().unwrap_or("a syntax error");
            return Err(format!("the file would be broken: {first}"));
        }
    }
    Ok(())
}

#[derive(Default)]
struct Problems {
    counts: [usize; KINDS.len()],
    first: [Option<String>; KINDS.len()],
    /// Documents that strings carry.
    carried: usize,
}

impl Problems {
    fn of(tree: &Tree) -> Self {
        let mut problems = Problems::default();
        problems.add(tree);
        for document in tree.documents() {
            let mut open = vec![document];
            while let Some(node) = open.pop() {
                // An alias is looked at where its anchor is.
                if node.resolve() == node {
                    open.extend(node.children());
                }
                if node.kind() == Kind::String
                    && let Some(dialect) = node.as_str().and_then(|text| carried(&text))
                    && let Some(inner) = parse_embedded(node, 0, dialect)
                {
                    problems.carried += inner.documents().count();
                    problems.add(&inner);
                }
            }
        }
        problems
    }

    fn add(&mut self, tree: &Tree) {
        for problem in tree.problems() {
            if let Some(at) = KINDS.iter().position(|kind| *kind == problem.kind) {
                self.counts[at] += 1;
                self.first[at].get_or_insert_with(|| problem.message.clone());
            }
        }
    }
}
