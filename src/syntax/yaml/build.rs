//! Values of YAML put into the arena.

use std::borrow::Cow;

use super::{Builder, Frame, Key};
use crate::span::Span;
use crate::syntax::arena::{Kind, NONE, Node, Style, unquoted};
use crate::syntax::keys;
use crate::syntax::tree::Decoded;

impl Builder<'_> {
    pub(super) fn open(&mut self, kind: Kind, block: bool, anchor: usize, span: Span) {
        if self.at_key() {
            self.skipped = Some((1, span.start));
            self.read_to = self.read_to.max(span.end as usize);
            return;
        }
        let style = if block { Style::Block } else { Style::Flow };
        let node = self.add(kind, style, span, None);
        if anchor != 0 {
            self.anchors.insert(anchor, node);
        }
        self.stack.push(Frame {
            node,
            last: NONE,
            count: 0,
            keys: self.keys.mark(),
            object: kind == Kind::Object,
            block,
            key: None,
        });
    }

    /// Puts a value into the arena.
    pub(super) fn add(
        &mut self,
        kind: Kind,
        style: Style,
        span: Span,
        decoded: Option<Decoded>,
    ) -> u32 {
        let id = self.arena.nodes.len() as u32;
        let mut node = Node::new(kind, style, decoded.is_some(), span);
        match self.stack.last_mut() {
            None => {
                self.roots.push(id);
                self.document = Some(true);
            }
            Some(frame) => {
                node.parent = frame.node;
                if let Some(key) = frame.key.take() {
                    node.key = key.span.start;
                    let inside = unquoted(self.text, key.span);
                    node.key_number = match is_plain(self.text, &key, inside) {
                        true => self.arena.number(self.text, key.span, inside, |_| true),
                        false => self.arena.no_number(key.span),
                    };
                    self.keys.add(node.key_number);
                    if let Some(decoded) = key.decoded {
                        self.decoded_keys.push((id, decoded));
                    }
                } else {
                    node.key = frame.count;
                }
                if frame.last != NONE {
                    self.arena.nodes[frame.last as usize].next = id;
                }
                frame.last = id;
                frame.count += 1;
            }
        }
        self.arena.nodes.push(node);
        if let Some(decoded) = decoded {
            self.decoded.push((id, decoded));
        }
        id
    }

    /// Ends the innermost collection; `end` is where granit says so.
    pub(super) fn end(&mut self, end: usize) {
        if let Some(Frame { key: Some(_), .. }) = self.stack.last() {
            // Only where the reading broke off between a key and its value.
            self.add(Kind::Null, Style::Plain, Span::at(end), None);
        }
        let Some(frame) = self.stack.pop() else {
            return;
        };
        let last = self.arena.nodes.get(frame.last as usize);
        let last = last.map(|node| node.span.end);
        let node = &mut self.arena.nodes[frame.node as usize];
        let open = matches!(
            self.text.as_bytes().get(node.span.start as usize),
            Some(b'[' | b'{')
        );
        let braced = node.form.style() == Style::Flow && open;
        node.span.end = match last {
            Some(last) if !braced => last,
            _ => end as u32,
        }
        .max(node.span.start);
        if self.keys.end(frame.keys) {
            let members = self.arena.members(self.text, frame.node);
            let keys = members.filter_map(|(id, span)| {
                // Go takes every collection used as a key for the same; we do not look at them.
                let first = self.text.as_bytes().get(span.start as usize);
                let at = self.decoded_keys.binary_search_by_key(&id, |(id, _)| *id);
                let decoded = at.ok().map(|at| &self.decoded_keys[at].1);
                if decoded.is_none() && matches!(first, Some(b'[' | b'{')) {
                    return None;
                }
                Some((span, Cow::Borrowed(key_text(self.text, span, decoded))))
            });
            keys::report_duplicates(keys, &mut self.problems);
        }
    }
}

/// Whether a key reads as its bytes `inside` of its quotes. A collection may begin with a quote or a bracket too.
fn is_plain(text: &str, key: &Key, inside: Span) -> bool {
    let first = text.as_bytes().get(key.span.start as usize);
    let collection = inside == key.span && matches!(first, Some(b'"' | b'\'' | b'[' | b'{'));
    key.decoded.is_none() && !key.span.is_empty() && !collection
}

/// A key without its quotes, decoded.
fn key_text<'k>(text: &'k str, span: Span, decoded: Option<&'k Decoded>) -> &'k str {
    match decoded {
        Some(decoded) => &decoded.value,
        None => text.get(unquoted(text, span).range()).unwrap_or(""),
    }
}
