//! Where a finding points.

use crate::diagnostic::{Location, Range, Snippet};
use crate::model::{ParsedFile, Query};
use crate::span::Span;
use crate::syntax::{NodeRef, Tree};

/// Bytes of a tree that a finding is about.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p, 't> {
    tree: &'t Tree,
    node: Option<NodeRef<'t>>,
    span: Span,
    snippet: Option<(&'p Query<'t>, Span)>,
}

impl<'p, 't> Place<'p, 't> {
    /// The value's bytes.
    pub(crate) fn value(node: NodeRef<'t>) -> Self {
        Place::bytes(node, node.span())
    }

    /// The key a value stands under; the value itself where it is an item.
    pub(crate) fn key(node: NodeRef<'t>) -> Self {
        Place::bytes(node, node.key_span().unwrap_or(node.span()))
    }

    /// Some bytes of a tree's text: the innermost value around them gives the pointer.
    pub(crate) fn in_tree(tree: &'t Tree, span: Span) -> Self {
        Place {
            tree,
            node: tree.innermost(span.start as usize),
            span,
            snippet: None,
        }
    }

    /// The start of an object or array: a finding on the whole of it, without underlining pages.
    pub(crate) fn head(node: NodeRef<'t>) -> Self {
        let named = ["title", "name", "alert", "record", "id", "refId"]
            .iter()
            .find_map(|key| node.get(key));
        match named {
            Some(named) => Place::value(named),
            None => Place {
                span: Span::new(node.span().start as usize, node.span().start as usize + 1),
                ..Place::value(node)
            },
        }
    }

    /// Some bytes of the tree's text, at `node`.
    pub(crate) fn bytes(node: NodeRef<'t>, span: Span) -> Self {
        Place {
            tree: node.tree(),
            node: Some(node),
            span,
            snippet: None,
        }
    }

    /// A part of a query, given in bytes of its decoded text.
    pub(crate) fn query(query: &'p Query<'t>, span: Span) -> Self {
        Place {
            snippet: Some((query, span)),
            ..Place::bytes(query.text_node, query.source(span))
        }
    }

    /// A part of a string, given in bytes of its decoded text.
    pub(crate) fn text(node: NodeRef<'t>, span: Span) -> Self {
        let span = node.as_text().map_or(node.span(), |text| text.source(span));
        Place::bytes(node, span)
    }
}

impl<'t> From<NodeRef<'t>> for Place<'_, 't> {
    fn from(node: NodeRef<'t>) -> Self {
        Place::value(node)
    }
}

/// The place in the file.
pub(crate) fn location(file: &ParsedFile, place: Place<'_, '_>) -> Location {
    let span = place.tree.file_span(place.span);
    let pointer = place.node.map(NodeRef::pointer).unwrap_or_default();
    let (document, pointer, inner) = match place.tree.carrier() {
        Some(carrier) => (carrier.document, carrier.pointer.clone(), Some(pointer)),
        None => (place.node.map_or(0, NodeRef::document), pointer, None),
    };
    Location {
        file: file.source.path.clone(),
        range: Range::of(&file.source, span),
        document,
        pointer,
        inner,
        snippet: place.snippet.map(|(query, span)| Snippet {
            text: query.shared_text(),
            span,
        }),
    }
}
