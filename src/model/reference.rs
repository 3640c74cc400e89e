//! Variable references in any text, by Grafana's own grammar.

use memchr::{memchr, memchr2};

use crate::span::Span;

/// One `$name`, `${name.field:format}` or `[[name:format]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference<'t> {
    /// The whole reference.
    pub span: Span,
    /// The name's bytes.
    pub name_span: Span,
    /// The variable's name.
    pub name: &'t str,
    /// What follows the first dot.
    pub field: Option<&'t str>,
    /// What follows the colon.
    pub format: Option<&'t str>,
}

/// Every variable reference in `text`, in order.
///
/// The grammar is that of @grafana/scenes 9.2's variable regex. A name of digits only (`$1`) is a group of a regular
/// expression as label_replace writes it, never a variable, and is left out.
pub fn references(text: &str) -> Vec<Reference<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = memchr2(b'$', b'[', &bytes[at..]) {
        let start = at + next;
        match reference(text, start) {
            Some(reference) => {
                at = reference.span.end as usize;
                if !is_group(&reference) {
                    found.push(reference);
                }
            }
            None => at = start + 1,
        }
    }
    found
}

/// The reference that is all of `text`.
pub(super) fn whole_reference(text: &str) -> Option<Reference<'_>> {
    let whole = |reference: &Reference<'_>| reference.span.len() == text.len();
    reference(text, 0).filter(|reference| whole(reference) && !is_group(reference))
}

/// The reference that begins at `start`.
fn reference(text: &str, start: usize) -> Option<Reference<'_>> {
    let bytes = text.as_bytes();
    match (bytes.get(start)?, bytes.get(start + 1)?) {
        (b'$', b'{') => braced(text, start),
        (b'$', _) => plain(text, start),
        (b'[', b'[') => bracketed(text, start),
        _ => None,
    }
}

/// Whether it is a group of a regular expression.
fn is_group(reference: &Reference<'_>) -> bool {
    reference.name.bytes().all(|byte| byte.is_ascii_digit())
}

fn word(bytes: &[u8], from: usize) -> usize {
    let rest = &bytes[from.min(bytes.len())..];
    from + rest
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_'))
        .unwrap_or(rest.len())
}

fn plain(text: &str, start: usize) -> Option<Reference<'_>> {
    let end = word(text.as_bytes(), start + 1);
    (end > start + 1).then(|| Reference {
        span: Span::new(start, end),
        name_span: Span::new(start + 1, end),
        name: &text[start + 1..end],
        field: None,
        format: None,
    })
}

fn braced(text: &str, start: usize) -> Option<Reference<'_>> {
    let bytes = text.as_bytes();
    let name_end = word(bytes, start + 2);
    if name_end == start + 2 {
        return None;
    }
    let close = name_end + memchr(b'}', &bytes[name_end..])?;
    let inside = &text[name_end..close];
    let (path, format) = match bytes[name_end] {
        b'}' => ("", None),
        b':' => ("", Some(&inside[1..])),
        b'.' | b'[' => match inside.find(':') {
            Some(colon) => (&inside[..colon], Some(&inside[colon + 1..])),
            None => (inside, None),
        },
        _ => return None,
    };
    if format == Some("") {
        return None;
    }
    Some(Reference {
        span: Span::new(start, close + 1),
        name_span: Span::new(start + 2, name_end),
        name: &text[start + 2..name_end],
        field: (!path.is_empty()).then(|| path.trim_start_matches('.')),
        format,
    })
}

fn bracketed(text: &str, start: usize) -> Option<Reference<'_>> {
    let bytes = text.as_bytes();
    // `rate(foo[[[interval]]])`: the first bracket opens the range.
    if bytes.get(start + 2) == Some(&b'[') {
        return None;
    }
    let name_end = word(bytes, start + 2);
    if name_end == start + 2 {
        return None;
    }
    let (format, close) = if bytes.get(name_end) == Some(&b':') {
        let format_end = word(bytes, name_end + 1);
        (Some(&text[name_end + 1..format_end]), format_end)
    } else {
        (None, name_end)
    };
    if bytes.get(close..close + 2) != Some(b"]]") || format == Some("") {
        return None;
    }
    Some(Reference {
        span: Span::new(start, close + 2),
        name_span: Span::new(start + 2, name_end),
        name: &text[start + 2..name_end],
        field: None,
        format,
    })
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn every_form_is_seen_and_group_numbers_are_not() {
        let text =
            r"a $x ${y} ${z:csv} ${v.text:raw} [[w]] [[w:pipe]] $1 ${2} $$q [[[i]]] ${ n } $";
        let names: Vec<_> = references(text)
            .into_iter()
            .map(|reference| (reference.name, reference.field, reference.format))
            .collect();
        assert_eq!(
            names,
            [
                ("x", None, None),
                ("y", None, None),
                ("z", None, Some("csv")),
                ("v", Some("text"), Some("raw")),
                ("w", None, None),
                ("w", None, Some("pipe")),
                ("q", None, None),
                ("i", None, None),
            ]
        );
    }
}
