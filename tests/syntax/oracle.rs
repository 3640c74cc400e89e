//! Against serde_json and granit-parser: the same texts accepted, the same values read.

use dashlint::span::Span;
use dashlint::syntax::{Kind, Map, NodeRef, ProblemKind, Style, Text, Tree};
use granit_parser::{Event, Options, Parser, ScalarStyle};
use proptest::prelude::*;
use serde_json::Value;

use super::{is_alias, json, nodes, value, yaml};

/// What granit reads: every scalar in order, keys too; and whether an alias or a collection is a key.
pub(crate) fn granit_scalars(text: &str) -> Option<(Vec<(String, ScalarStyle)>, bool)> {
    let mut options = Options::default();
    options.emit_unresolved_aliases = true;
    options.max_buffered_comment_events = usize::MAX;
    options.simple_key_max_lookahead = usize::MAX;
    let mut found = Vec::new();
    let mut odd = false;
    // Of each open collection: whether it is a mapping and whether a key comes next.
    let mut open: Vec<(bool, bool)> = Vec::new();
    for event in Parser::new_from_str_with_options(text, options) {
        let event = event.ok()?.0;
        odd |= open.last().is_some_and(|&(object, key)| {
            object && key && event.is_node() && event.scalar().is_none()
        });
        match event {
            Event::Scalar(value, style, ..) => {
                found.push((value.into_owned(), style));
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                open.push((matches!(event, Event::MappingStart(..)), true));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                open.pop();
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {}
            _ => continue,
        }
        if let Some((_, key)) = open.last_mut() {
            *key = !*key;
        }
    }
    Some((found, odd))
}

/// What the tree holds: every scalar in order, keys too, with the way back.
pub(crate) fn tree_scalars(tree: &Tree) -> Vec<Option<Text<'_>>> {
    let mut found = Vec::new();
    for node in nodes(tree) {
        if node
            .parent()
            .is_some_and(|parent| parent.kind() == Kind::Object)
        {
            found.push(node.key_text());
        }
        if !is_alias(node) && !matches!(node.kind(), Kind::Array | Kind::Object) {
            found.push(node.as_text());
        }
    }
    found
}

/// Every character of a decoded scalar is where the map says: the same bytes, or an escape, or a folded line break.
pub(crate) fn check_places(tree: &Tree, text: &Text<'_>, style: Style) {
    assert!(
        !matches!(text.map, Map::Whole(_)),
        "no way back: {text:?} in {:?}",
        clip(tree.text())
    );
    let mut last = 0;
    for (at, char) in text.value.char_indices() {
        let span = Span::new(at, at + char.len_utf8());
        let place = text.source(span);
        let written = &tree.text()[place.range()];
        let same = written.chars().eq([char]);
        let escaped = written.starts_with('\\') && style == Style::Double
            || written == "''" && style == Style::Single;
        let broken = matches!(char, ' ' | '\n') && written.trim_matches([' ', '\t', '\r', '\n']).is_empty() && written.contains(['\n', '\r'])
            // A break escaped in double quotes, with blank lines after it.
            || char == '\n' && written.starts_with('\\');
        // The last line of a block scalar at the end of the text.
        let ended = char == '\n' && place.is_empty() && place.start as usize == tree.text().len();
        assert!(
            same || escaped || broken || ended,
            "{char:?} at {at} is {written:?} in {text:?}"
        );
        assert!(place.start >= last, "{text:?}");
        last = place.start;
    }
}

pub(crate) fn clip(text: &str) -> String {
    text.chars().take(2000).collect()
}

/// The whole comparison for one YAML text; whether granit accepts it.
pub(crate) fn compare_yaml(text: &str) -> bool {
    let tree = yaml(text);
    let Some((theirs, odd)) = granit_scalars(text) else {
        // Go takes lines of a quoted text that are indented less; granit does not.
        let lenient = text.contains(['"', '\'']);
        assert!(
            lenient
                || tree.problems().iter().any(|problem| matches!(
                    problem.kind,
                    ProblemKind::Invalid | ProblemKind::TooDeep
                )),
            "{text:?}"
        );
        return false;
    };
    assert!(
        tree.problems().iter().all(|problem| matches!(
            problem.kind,
            ProblemKind::DuplicateKey | ProblemKind::UnknownAlias
        )),
        "{text:?}: {:?}",
        tree.problems()
    );
    for node in nodes(&tree) {
        check_span(node);
    }
    if odd {
        return true;
    }
    let ours = tree_scalars(&tree);
    assert_eq!(ours.len(), theirs.len(), "{text:?}\n{ours:?}\n{theirs:?}");
    for (ours, (theirs, style)) in ours.iter().zip(&theirs) {
        match ours {
            Some(ours) => {
                assert_eq!(ours.value, *theirs, "{text:?}");
                let style = match style {
                    ScalarStyle::SingleQuoted => Style::Single,
                    ScalarStyle::DoubleQuoted => Style::Double,
                    _ => Style::Plain,
                };
                check_places(&tree, ours, style);
            }
            None => assert!(
                matches!(theirs.as_str(), "" | "~" | "null" | "Null" | "NULL"),
                "{theirs:?} in {text:?}"
            ),
        }
    }
    true
}

/// Spans lie within the parent's, after the key, and begin and end where the value does.
pub(crate) fn check_span(node: NodeRef<'_>) {
    let text = node.tree().text();
    let span = node.span();
    let raw = text
        .get(span.range())
        .unwrap_or_else(|| panic!("{span:?} cuts a character"));
    if let Some(parent) = node.parent() {
        assert!(
            parent.span().encloses(node.member_span()),
            "{:?} {:?} of {:?}",
            node.key(),
            node.member_span(),
            parent.span()
        );
    }
    if let Some(key) = node.key_span() {
        assert!(key.end <= span.start, "{key:?} {span:?} {text:?}");
    }
    match (!is_alias(node)).then(|| (node.kind(), node.style())) {
        Some((Kind::Array | Kind::Object, Style::Block)) => {
            assert_eq!(raw.trim_start(), raw, "{text:?}");
            assert!(
                node.kind() == Kind::Object || raw.starts_with('-'),
                "{raw:?} in {text:?}"
            );
        }
        Some((Kind::Array, _)) => assert!(raw.starts_with('[') && raw.ends_with(']'), "{raw:?}"),
        Some((Kind::Object, _)) if raw.starts_with('{') => assert!(raw.ends_with('}'), "{raw:?}"),
        Some((_, Style::Plain)) => assert_eq!(raw.trim(), raw),
        Some((_, Style::Double)) => assert!(
            raw.len() > 1 && raw.starts_with('"') && raw.ends_with('"'),
            "{raw:?}"
        ),
        Some((_, Style::Single)) => assert!(
            raw.len() > 1 && raw.starts_with('\'') && raw.ends_with('\''),
            "{raw:?}"
        ),
        None => assert!(raw.starts_with('*'), "{raw:?}"),
        _ => {}
    }
}

/// The whole comparison for one JSON text.
pub(crate) fn compare_json(text: &str) {
    let tree = json(text);
    let accepted = tree
        .problems()
        .iter()
        .all(|problem| problem.kind == ProblemKind::DuplicateKey);
    match serde_json::from_str::<Value>(text) {
        Ok(theirs) => {
            assert!(accepted, "{text:?}: {:?}", tree.problems());
            assert_eq!(value(tree.root().unwrap()), theirs, "{text:?}");
        }
        Err(error)
            if error.to_string().contains("out of range")
                || error.to_string().contains("recursion") => {}
        Err(error) => assert!(!accepted, "{text:?}: {error}"),
    }
    for node in nodes(&tree) {
        if accepted {
            check_span(node);
            if !matches!(node.kind(), Kind::Array | Kind::Object)
                && let Ok(again) = serde_json::from_str::<Value>(node.raw())
            {
                assert_eq!(again, value(node));
            }
        }
        if let Some(text) = node.text() {
            check_places(&tree, &text, Style::Double);
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e6..1e6f64).prop_map(Value::from),
        "[a-z\"\\\\\n\té😀 ]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec(("[a-c\"é]{0,2}", inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

const JSON_PARTS: &[&str] = &[
    "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "1", "-", "0", ".5", "e3", "true", "null", "nul",
    " ", "\n", "\r\n", "\\", "\\u00e9", "\\ud800", "\\udc00", "//x\n", "/*y*/", "#z\n", "\t",
    "\u{0}", "é", "'", "\"k\":", "/",
];

const YAML_PARTS: &[&str] = &[
    "a", "b c", "- ", ": ", ":", "\n", "\n", "\n  ", "\n    ", "\r\n", "\"", "'", "''", "\\n",
    "\\\n", "|\n", "|-\n", "|+\n", ">\n", ">-\n", ">+\n", "|2\n", ">1-\n", "# c", " # c\n", "[",
    "]", "{", "}", ", ", "&x ", "*x", "!!str ", "!t ", "---\n", "...\n", "\t", " ", "é", "😀",
    "k: ", "k:\n  ", "? ", "~", "1", "null", "\\u00e9", "\\x41", "\\ ", "%", "<<: ", "  d\n",
    "   e\n\n", "\u{feff}",
];

fn text_of(parts: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(parts), 0..most).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_values(value in any_json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        compare_json(&text.unwrap());
    }

    #[test]
    fn json_broken(value in any_json(), at in 0usize..400, part in prop::sample::select(JSON_PARTS), cut in 0usize..3) {
        let mut text: Vec<char> = serde_json::to_string(&value).unwrap().chars().collect();
        let at = at % (text.len() + 1);
        let end = (at + cut).min(text.len());
        text.splice(at..end, part.chars());
        compare_json(&text.into_iter().collect::<String>());
    }

    #[test]
    fn json_soup(text in text_of(JSON_PARTS, 24)) {
        compare_json(&text);
    }

    #[test]
    fn yaml_soup(text in text_of(YAML_PARTS, 24)) {
        compare_yaml(&text);
    }

    #[test]
    fn yaml_scalars(
        header in prop::sample::select(vec!["|", "|-", "|+", ">", ">-", ">+", "|2", ">2-", "|2+"]),
        lines in prop::collection::vec(prop::sample::select(vec!["", "a", "  b", "\tc", "d  ", "  ", "- e", "# f", "g: h", "é"]), 0..10),
        crlf: bool, last: bool, after: bool,
    ) {
        let eol = if crlf { "\r\n" } else { "\n" };
        let mut text = format!("k: {header} # c{eol}");
        for line in &lines {
            if !line.is_empty() { text.push_str("  "); text.push_str(line); }
            text.push_str(eol);
        }
        if after { text.push_str("z: 1"); }
        if last { text.push_str(eol); }
        compare_yaml(&text);
    }

    #[test]
    fn yaml_quoted(
        quote in prop::sample::select(vec!["\"", "'", ""]),
        parts in prop::collection::vec(prop::sample::select(vec!["a", " ", "  ", "\t", "\n ", "\n\n ", "\r\n  ", "''", "\\n", "\\\"", "\\\n ", "\\\n\n ", "é", "\\u00e9", ":", "#", "{{ $x }}"]), 0..12),
    ) {
        let text = format!("k: {quote}{}{quote}\nz: 1\n", parts.concat());
        compare_yaml(&text);
    }
}
