//! Legends of PromQL targets: text with `{{label}}` in it.

use std::borrow::Cow;

use crate::model::Query;
use crate::span::Span;
use crate::syntax::NodeRef;

/// Where a target's legend stands, and its text; none where Grafana does not use it.
pub(in crate::rules) fn legend<'t>(query: &Query<'t>) -> Option<(NodeRef<'t>, Cow<'t, str>)> {
    let format = query.node.get("format").and_then(NodeRef::as_str);
    if !query.language.is_promql() || format.as_deref() == Some("table") {
        return None;
    }
    let node = query.node.get("legendFormat")?;
    // A quote in braces is how another template engine writes braces.
    let text = node.as_str().filter(|text| !text.contains(['"', '`']))?;
    Some((node, text))
}

/// The placeholders of a legend, as Grafana finds them (`{{`, something, `}}`), with their bytes, and
/// the bytes of the first pair of braces that has no partner.
pub(in crate::rules) fn placeholders(text: &str) -> (Vec<(Span, &str)>, Option<Span>) {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("{{").map(|open| at + open) {
        let between = &text[at..open];
        if let Some(close) = between.find("}}") {
            return (found, Some(Span::new(at + close, at + close + 2)));
        }
        let Some(close) = text[open + 2..].find("}}").map(|close| open + 2 + close) else {
            return (found, Some(Span::new(open, open + 2)));
        };
        found.push((Span::new(open, close + 2), text[open + 2..close].trim()));
        at = close + 2;
    }
    let stray = text[at..]
        .find("}}")
        .map(|close| Span::new(at + close, at + close + 2));
    (found, stray)
}
