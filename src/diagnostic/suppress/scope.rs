//! What a comment speaks for.

use rustc_hash::FxHashSet;

use super::directive::{WORD, parse_annotation};
use super::{Directive, Suppressions, parse_comment};
use crate::diagnostic::Diagnostic;
use crate::fix::edit;
use crate::span::Span;
use crate::syntax::{Comment, Dialect, Kind, NodeRef, Tree};

/// The findings a directive can silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All of the file.
    File,
    /// All of this document of the file, from 0.
    Document(u32),
    /// All that start within these bytes of the file.
    Range(Span),
    /// All of the panel with this id, wherever they stand.
    Panel(i64),
}

impl Scope {
    /// Whether the finding lies in it.
    pub fn holds(&self, finding: &Diagnostic) -> bool {
        match self {
            Scope::File => true,
            Scope::Document(number) => finding.location.document == *number,
            Scope::Range(span) => {
                let start = finding.location.range.start.offset;
                (span.start..span.end).contains(&start)
                    || (start == span.end && finding.location.span().is_empty())
            }
            Scope::Panel(id) => finding
                .trail
                .iter()
                .any(|step| step.kind == "panel" && step.id == Some(*id)),
        }
    }
}

/// Finds the directives of a tree.
pub(super) fn collect(tree: &Tree, suppressions: &mut Suppressions) {
    descriptions(tree, suppressions);
    annotations(tree, suppressions);
    if tree.dialect() == Dialect::Yaml {
        comments(tree, suppressions);
    }
}

/// `<!-- … -->` in a `description`: it speaks for the object it describes, a panel or a whole dashboard.
fn descriptions(tree: &Tree, suppressions: &mut Suppressions) {
    each(tree, &mut |node| {
        if node.kind() != Kind::String || node.key().as_deref() != Some("description") {
            return;
        }
        let (Some(text), Some(object)) = (node.text(), node.parent()) else {
            return;
        };
        if !text.value.contains("<!--") {
            return;
        }
        for directive in parse_comment(&text.value) {
            let mut directive = directive.moved(|span| tree.file_span(text.source(span)));
            if directive.whole_file && directive.fault.is_none() {
                let message = "a description speaks for its panel or dashboard: write `ignore`";
                directive.fault = Some((directive.span, message.to_owned()));
            }
            suppressions.add(Scope::Range(object.file_span()), directive);
        }
    });
}

/// The annotation of a Kubernetes resource that silences findings in it.
pub(super) const ANNOTATION: &str = "dashlint/ignore";

/// `metadata.annotations` of resources, also of those in a list: it speaks for the resource.
fn annotations(tree: &Tree, suppressions: &mut Suppressions) {
    let shared = match tree.dialect() {
        Dialect::Yaml => tree.alias_targets(),
        Dialect::Json => FxHashSet::default(),
    };
    for root in tree.documents() {
        let listed = root.get("items").into_iter().flat_map(NodeRef::items);
        for resource in std::iter::once(root).chain(listed) {
            let words = resource.path(&["metadata", "annotations", ANNOTATION]);
            let Some(text) = words.and_then(NodeRef::as_text) else {
                continue;
            };
            // What several resources have by an alias is of use where one of them needs it.
            let mut around = std::iter::successors(words, |node| node.parent());
            let is_shared = !shared.is_empty() && around.any(|node| shared.contains(&node.id()));
            let directives = parse_annotation(&text.value);
            let alone = directives.len() == 1;
            for directive in directives {
                let mut directive = directive.moved(|span| tree.file_span(text.source(span)));
                directive.holder = words.filter(|_| alone).and_then(line_of_member);
                directive.shared = is_shared;
                suppressions.add(Scope::Range(resource.file_span()), directive);
            }
        }
    }
}

/// The line of a member that has one of its own, beside others, in a file that has the text as it is: it can go whole.
fn line_of_member(value: NodeRef<'_>) -> Option<Span> {
    let tree = value.tree();
    let lines = edit::remove_member(value).filter(|_| tree.carrier().is_none())?;
    let [(span, written)] = &*lines else {
        return None;
    };
    let before = tree.text().get(..span.start as usize)?;
    let line = tree.text().get(span.range())?;
    let whole = before.ends_with('\n') && line.ends_with('\n') && line.lines().count() == 1;
    (whole && written.is_empty()).then(|| tree.file_span(*span))
}

/// A place in a YAML text that a comment can speak for.
struct Block {
    span: Span,
    scalar: bool,
}

fn comments(tree: &Tree, suppressions: &mut Suppressions) {
    let text = tree.text();
    let directives: Vec<(Comment, Directive)> = tree
        .comments()
        .iter()
        .flat_map(|comment| {
            let raw = text.get(comment.span.range()).unwrap_or("");
            let found = if raw.contains(WORD) {
                parse_comment(raw)
            } else {
                Vec::new()
            };
            found.into_iter().map(|directive| {
                let start = comment.span.start as usize;
                let at = |span: Span| tree.file_span(span.shift(start));
                (*comment, directive.moved(at))
            })
        })
        .collect();
    if directives.is_empty() {
        return;
    }
    let blocks = blocks(tree);
    let first = tree.documents().map(|root| root.span().start).min();
    for (comment, mut directive) in directives {
        if directive.whole_file {
            if first.is_some_and(|first| first < comment.span.start) && directive.fault.is_none() {
                let message = "`ignore-file` stands before everything else in the file";
                directive.fault = Some((directive.span, message.to_owned()));
            }
            // Of a file that another one carries it speaks for that alone.
            let scope = match tree.carrier() {
                None => Scope::File,
                Some(_) => Scope::Range(tree.file_span(Span::new(0, text.len()))),
            };
            suppressions.add(scope, directive);
            continue;
        }
        let span = if comment.own_line {
            next_block(&blocks, comment)
        } else {
            line_of(text, &blocks, comment)
        };
        suppressions.add(Scope::Range(tree.file_span(span)), directive);
    }
}

/// Members and items, by their start; an item before its first member.
fn blocks(tree: &Tree) -> Vec<Block> {
    let mut blocks = Vec::new();
    each(tree, &mut |node| {
        if node.parent().is_some() {
            blocks.push(Block {
                span: node.member_span(),
                scalar: !matches!(node.kind(), Kind::Array | Kind::Object),
            });
        }
    });
    // A stable sort: outer ones come first.
    blocks.sort_by_key(|block| block.span.start);
    blocks
}

/// The member or item that starts after a comment on its own line.
fn next_block(blocks: &[Block], comment: Comment) -> Span {
    let at = blocks.partition_point(|block| block.span.start < comment.span.end);
    blocks
        .get(at)
        .map_or(Span::at(comment.span.end as usize), |block| block.span)
}

/// The line of a comment, and the scalars that begin or end on it.
fn line_of(text: &str, blocks: &[Block], comment: Comment) -> Span {
    let start = text[..comment.span.start as usize]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let mut line = Span::new(start, comment.span.end as usize);
    let first = blocks.partition_point(|block| (block.span.start as usize) < start);
    let last = blocks.partition_point(|block| block.span.start < comment.span.start);
    for block in blocks[first..last]
        .iter()
        .rev()
        .filter(|block| block.scalar)
        .take(1)
    {
        line = line.cover(block.span);
    }
    // Only the value right before the line can reach into it.
    if let Some(before) = first.checked_sub(1).map(|at| &blocks[at])
        && before.scalar
        && before.span.end as usize > start
    {
        line = line.cover(before.span);
    }
    line
}

/// Calls `visit` with every value of a tree, outer ones first.
fn each<'t>(tree: &'t Tree, visit: &mut dyn FnMut(NodeRef<'t>)) {
    for root in tree.documents() {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            visit(node);
            if node.resolve() != node {
                continue;
            }
            let first = open.len();
            open.extend(node.children());
            open[first..].reverse();
        }
    }
}
