//! The values a variable offers by its own text.

use std::borrow::Cow;

use crate::model::{Variable, VariableKind};
use crate::span::Span;
use crate::syntax::NodeRef;

/// The values of a custom or interval variable, or of a constant, each with its place in the decoded text of `node`.
pub(super) struct Offered<'t> {
    pub(super) node: NodeRef<'t>,
    pub(super) values: Vec<(Span, String)>,
}

/// What `variable` offers; `None` where that stands elsewhere or depends on another variable.
pub(super) fn offered<'t>(variable: &Variable<'t>) -> Option<Offered<'t>> {
    let node = variable.query_node()?;
    let text = node.as_str()?;
    if text.trim().is_empty() || text.contains('$') || text.contains("[[") {
        return None;
    }
    let values = match variable.kind {
        VariableKind::Custom if is_json(variable, &text) => return None,
        VariableKind::Custom => separated(&text),
        VariableKind::Interval => intervals(&text),
        VariableKind::Constant => vec![(Span::new(0, text.len()), text.to_string())],
        _ => return None,
    };
    Some(Offered { node, values })
}

fn is_json(variable: &Variable<'_>, text: &str) -> bool {
    let format = variable.node.get("valuesFormat").and_then(NodeRef::as_str);
    format == Some(Cow::Borrowed("json")) || text.trim_start().starts_with('[')
}

/// A custom variable's: commas part them, a backslash before one keeps it, `label : value` has a label (@grafana/scenes
/// 9.2.2, `CustomVariable`).
fn separated(text: &str) -> Vec<(Span, String)> {
    let bytes = text.as_bytes();
    let ends = memchr::memchr_iter(b',', bytes)
        .filter(|&at| at == 0 || bytes.get(at - 1) != Some(&b'\\'))
        .chain([text.len()]);
    let mut start = 0;
    let mut values = Vec::new();
    for end in ends {
        let part = text.get(start..end).unwrap_or("");
        let value = part.rfind(" : ").map_or(0, |colon| colon + 3);
        let from = start + value;
        start = end + 1;
        let value = part.get(value..).unwrap_or("");
        let lead = value.len() - value.trim_start().len();
        let trimmed = value.trim();
        if !trimmed.is_empty() {
            let span = Span::new(from + lead, from + lead + trimmed.len());
            values.push((span, trimmed.replace("\\,", ",")));
        }
    }
    values
}

/// An interval variable's: words, or what stands in quotes (Grafana, `getIntervalsFromQueryString`).
fn intervals(text: &str) -> Vec<(Span, String)> {
    let mut values = Vec::new();
    let mut at = 0;
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or("");
        if letter == '"' || letter == '\'' {
            let inner = rest.get(1..).unwrap_or("");
            if let Some(close) = inner.find(letter) {
                let value = inner.get(..close).unwrap_or("");
                values.push((Span::new(at + 1, at + 1 + close), value.to_owned()));
                at += close + 2;
                continue;
            }
        }
        let is_word = |letter: char| letter == '_' || letter.is_ascii_alphanumeric();
        let word = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
        if word > 0 {
            let value = rest.get(..word).unwrap_or("").to_owned();
            values.push((Span::new(at, at + word), value));
        }
        at += word.max(letter.len_utf8());
    }
    values
}
