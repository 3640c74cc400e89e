//! Values of YAML put into the arena.

use std::borrow::Cow;

use super::{Builder, Frame};
use crate::span::Span;
use crate::syntax::keys;
use crate::syntax::tree::{Decoded, Kind, NONE, Node, Style};

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
            suspect: false,
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
        let id = self.nodes.len() as u32;
        let mut node = Node {
            kind,
            style,
            coded: decoded.is_some(),
            key_sketch: 0,
            span,
            key: Span::default(),
            parent: NONE,
            first_child: NONE,
            next: NONE,
        };
        match self.stack.last_mut() {
            None => {
                self.roots.push(id);
                self.document = Some(true);
            }
            Some(frame) => {
                node.parent = frame.node;
                if let Some(key) = frame.key.take() {
                    node.key = key.span;
                    let text = key_text(self.text, key.span, key.decoded.as_ref());
                    node.key_sketch = keys::sketch(text.as_bytes());
                    frame.suspect |= self.keys.met(frame.keys, text.as_bytes());
                    if let Some(decoded) = key.decoded {
                        self.decoded_keys.push((id, decoded));
                    }
                } else {
                    node.key = Span::at(frame.count as usize);
                }
                if frame.last == NONE {
                    self.nodes[frame.node as usize].first_child = id;
                } else {
                    self.nodes[frame.last as usize].next = id;
                }
                frame.last = id;
                frame.count += 1;
            }
        }
        self.nodes.push(node);
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
        let last = self.nodes.get(frame.last as usize);
        let last = last.map(|node| node.span.end);
        let node = &mut self.nodes[frame.node as usize];
        let open = matches!(
            self.text.as_bytes().get(node.span.start as usize),
            Some(b'[' | b'{')
        );
        let braced = node.style == Style::Flow && open;
        node.span.end = match last {
            Some(last) if !braced => last,
            _ => end as u32,
        }
        .max(node.span.start);
        if frame.suspect || self.keys.many(frame.keys) {
            let keys = keys::members(&self.nodes, frame.node).filter_map(|(id, span)| {
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
        self.keys.reset(frame.keys);
    }
}

/// A key without its quotes, decoded.
fn key_text<'k>(text: &'k str, span: Span, decoded: Option<&'k Decoded>) -> &'k str {
    if let Some(decoded) = decoded {
        return &decoded.value;
    }
    let raw = text.get(span.range()).unwrap_or("");
    match raw.as_bytes() {
        [b'"', .., b'"'] | [b'\'', .., b'\''] => &raw[1..raw.len() - 1],
        _ => raw,
    }
}
