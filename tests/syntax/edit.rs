//! Edits of decoded texts: what is written reads back as what was meant, and nothing else changes.

use dashlint::span::Span;
use dashlint::syntax::{Dialect, Kind, NodeRef, Tree, parse_embedded};
use proptest::prelude::*;

use super::{json, nodes, yaml};

fn parse(text: &str, is_json: bool) -> Tree {
    if is_json { json(text) } else { yaml(text) }
}

/// Everything a tree says, with `changed` in place of the text at `pointer`.
fn shape(tree: &Tree, pointer: &str, changed: Option<&str>) -> Vec<(String, Kind, Option<String>)> {
    nodes(tree)
        .into_iter()
        .map(|node| {
            let own = node.pointer();
            let text = match changed {
                Some(changed) if own == pointer => Some(changed.to_owned()),
                _ => node.as_text().map(|text| text.value.into_owned()),
            };
            (own, node.kind(), text)
        })
        .collect()
}

/// Replaces `span` of the string at `pointer` and checks the file after it; whether it could be written.
fn edit(text: &str, is_json: bool, pointer: &str, span: Span, new: &str) -> Option<String> {
    let tree = parse(text, is_json);
    let node = tree.root().unwrap().find(pointer).unwrap();
    let old = node.as_str().unwrap();
    let (place, with) = node.encode_str(span, new)?;
    let mut meant = old.into_owned();
    meant.replace_range(span.range(), new);
    let mut file = text.to_owned();
    file.replace_range(place.range(), &with);
    let again = parse(&file, is_json);
    let problems = |tree: &Tree| {
        tree.problems()
            .iter()
            .map(|problem| problem.kind)
            .collect::<Vec<_>>()
    };
    assert_eq!(problems(&again), problems(&tree), "{file:?}");
    assert_eq!(
        shape(&again, "", None),
        shape(&tree, pointer, Some(&meant)),
        "{text:?} → {file:?}"
    );
    Some(file)
}

/// The same for a value of the JSON in the string at `pointer`.
fn edit_carried(
    text: &str,
    is_json: bool,
    pointer: &str,
    inner: &str,
    span: Span,
    new: &str,
) -> Option<String> {
    let tree = parse(text, is_json);
    let carried = parse_embedded(
        tree.root().unwrap().find(pointer).unwrap(),
        0,
        Dialect::Json,
    )
    .unwrap();
    let node = carried.root().unwrap().find(inner).unwrap();
    let mut meant = node.as_str().unwrap().into_owned();
    let (place, with) = node.encode_str(span, new)?;
    meant.replace_range(span.range(), new);
    let mut file = text.to_owned();
    file.replace_range(place.range(), &with);
    let again = parse(&file, is_json);
    assert!(again.problems().is_empty(), "{file:?}");
    let recarried = parse_embedded(
        again.root().unwrap().find(pointer).unwrap(),
        0,
        Dialect::Json,
    )
    .unwrap();
    assert_eq!(
        shape(&recarried, "", None),
        shape(&carried, inner, Some(&meant)),
        "{file:?}"
    );
    Some(file)
}

fn whole(node: NodeRef<'_>) -> Span {
    Span::new(0, node.as_str().unwrap().len())
}

#[test]
fn strings_in_json() {
    let text = r#"{"expr": "rate(a{x=\"y\"}[5m])"}"#;
    let file = edit(text, true, "/expr", Span::new(9, 12), "\"z\\\n\"").unwrap();
    assert_eq!(file, r#"{"expr": "rate(a{x=\"z\\\n\"}[5m])"}"#);
    assert!(edit(text, true, "/expr", Span::new(0, 0), "é\u{1}").is_some());
}

#[test]
fn strings_in_yaml() {
    let text = "a: plain text\nb: 'it''s'\nc: \"x\\ty\"\nd: |\n  one\n  two\ne: >-\n  f1\n  f2\nf: two\n  lines\ng: [in, flow]\n";
    let ok =
        |pointer: &str, from, to, new: &str| edit(text, false, pointer, Span::new(from, to), new);
    assert!(
        ok("/a", 0, 5, "rate(x{a=\"b\"}[5m])")
            .unwrap()
            .starts_with("a: rate(x{a=\"b\"}[5m]) text\n")
    );
    for bad in ["- ", "x: y", "x #", "\n", "\"", "{", "", " x"] {
        assert_eq!(ok("/a", 0, 6, bad).is_some(), bad.is_empty(), "{bad:?}");
    }
    assert_eq!(ok("/a", 0, 10, "5"), None.or(ok("/a", 0, 10, "5")));
    for new in ["5", "true", "~", "yes", ""] {
        assert_eq!(ok("/f", 0, 9, new), None);
        assert_eq!(ok("/a", 0, 10, new), None, "{new}");
    }
    assert!(ok("/b", 2, 3, "''").unwrap().contains("b: 'it''''s'"));
    assert_eq!(ok("/b", 2, 3, "\n"), None);
    assert!(
        ok("/c", 1, 2, "\"\n\\\u{7f}")
            .unwrap()
            .contains(r#"c: "x\"\n\\\u007fy""#)
    );
    assert!(
        ok("/d", 3, 3, "\n\nthree")
            .unwrap()
            .contains("d: |\n  one\n\n  three\n  two\n")
    );
    assert!(ok("/d", 0, 3, "x").unwrap().contains("d: |\n  x\n  two\n"));
    assert_eq!(ok("/d", 0, 0, " "), None);
    assert_eq!(ok("/d", 0, 8, "x"), None);
    assert!(ok("/e", 0, 1, "g").unwrap().contains("e: >-\n  g1\n  f2\n"));
    assert_eq!(ok("/e", 1, 4, "g"), None);
    assert_eq!(ok("/e", 0, 2, ""), None);
    assert!(ok("/f", 4, 6, "ful b").is_some());
    assert_eq!(ok("/f", 2, 5, "x"), None.or(ok("/f", 2, 5, "x")));
    assert_eq!(ok("/g/0", 0, 2, "a, b"), None);
    assert!(ok("/g/0", 0, 2, "on1").is_some());
}

#[test]
fn through_a_carrier() {
    let block = "data:\n  a.json: |-\n    {\n      \"expr\": \"up{a=\\\"b\\\"}\"\n    }\n";
    for text in [block.to_owned(), block.replace('\n', "\r\n")] {
        let file = edit_carried(
            &text,
            false,
            "/data/a.json",
            "/expr",
            Span::new(0, 2),
            "down\n",
        )
        .unwrap();
        assert!(file.contains("\"down\\n{a=\\\"b\\\"}\""));
        let tree = yaml(&text);
        let inner = parse_embedded(
            tree.root().unwrap().path(&["data", "a.json"]).unwrap(),
            0,
            Dialect::Json,
        )
        .unwrap();
        let at = inner.root().unwrap().get("expr").unwrap().span().end as usize;
        let (place, with) = inner.encode(Span::at(at), ",\n  \"b\": 1").unwrap();
        let mut file = text.clone();
        file.replace_range(place.range(), &with);
        let eol = if text.contains('\r') { "\r\n" } else { "\n" };
        assert!(
            file.contains(&format!("}}\",{eol}      \"b\": 1{eol}    }}{eol}")),
            "{file:?}"
        );
        let again = yaml(&file);
        let inner = parse_embedded(
            again.root().unwrap().path(&["data", "a.json"]).unwrap(),
            0,
            Dialect::Json,
        )
        .unwrap();
        assert!(inner.problems().is_empty());
        assert_eq!(inner.root().unwrap().get("b").unwrap().as_i64(), Some(1));
    }
    let text = "j: '{\"a\": \"it''s\"}'\n";
    assert!(
        edit_carried(text, false, "/j", "/a", Span::new(2, 3), "'\"")
            .unwrap()
            .contains("it''\\\"s")
    );
    let text = "j: \"{\\\"a\\\": \\\"b\\\\nc\\\"}\"\n";
    assert!(
        edit_carried(text, false, "/j", "/a", Span::new(0, 2), "\"\n")
            .unwrap()
            .contains(r#"\\\"\\nc"#)
    );
    let text = r#"{"j": "{\"a\": \"b\"}"}"#;
    assert!(
        edit_carried(text, true, "/j", "/a", Span::new(0, 1), "\"\\")
            .unwrap()
            .contains(r#"\"\\\"\\\\\""#)
    );
    let tree = json(text);
    let node = tree.root().unwrap().get("j").unwrap();
    assert!(node.encode_str(whole(node), "x").is_some());
}

const TEXTS: &[&str] = &[
    "a: plain text here\nz: 1\n",
    "a: plain\n  of lines\n\n  three\nz: 1\n",
    "a: 'it''s so'\nz: 1\n",
    "a: 'it''s\n\n  so'\nz: 1\n",
    "a: \"x\\ty \\u00e9\"\nz: 1\n",
    "a: \"x\\n  y\n  z \\\n   w\n\n  v\"\nz: 1\n",
    "a: |\n  one\n\n    two\n  three\nz: 1\n",
    "a: |-\r\n  one\r\n\r\n    two\r\n  three\r\nz: 1\r\n",
    "a: |+\n  one\n\nz: 1\n",
    "a: |\n\n  {\n    \"x\": 1\n  }\nz: 1\n",
    "a: |2\n    lead\n  x\nz: 1\n",
    "a: >\n  one\n  two\n\n  three\n    more\n  four\nz: 1\n",
    "a: >-\r\n  one\r\n  two\r\nz: 1\r\n",
    "a: [x y, z]\nz: 1\n",
    "- |\n  one\n  two\n- z\n",
    "- - >\n    one\n    two\n- z\n",
    "a: |\n  end of file",
    "a: plain end of file",
];

const NEW: &[&str] = &[
    "", "x", "x y", " ", "  x", "x  ", "\n", "a\nb", "a\n\nb", "\n\n", "#", " #", ": ", ":", "'",
    "\"", "\\", "{", "[1]", ",", "- ", "é", "\t", "\r\n", "\u{1}", "\u{85}", "---", "|", "1",
    "true", "a: b", "&x", "*x", "!t", "%", "@",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_in_yaml_reads_back(text in prop::sample::select(TEXTS), from in 0usize..40, len in 0usize..12, new in prop::collection::vec(prop::sample::select(NEW), 0..3)) {
        let tree = yaml(text);
        for node in nodes(&tree) {
            let Some(old) = node.as_str() else { continue };
            let from = from % (old.len() + 1);
            let to = (from + len).min(old.len());
            if old.is_char_boundary(from) && old.is_char_boundary(to) {
                edit(text, false, &node.pointer(), Span::new(from, to), &new.concat());
            }
        }
    }

    #[test]
    fn what_is_written_in_json_reads_back(old in "[a-z\"\\\\\n é😀]{0,10}", from in 0usize..40, len in 0usize..12, new in "[a-z\"\\\\\n\t é😀\u{1}]{0,6}", depth in 0usize..3) {
        let inner = serde_json::json!({"a": old}).to_string();
        let from = from % (old.len() + 1);
        let to = (from + len).min(old.len());
        if old.is_char_boundary(from) && old.is_char_boundary(to) {
            let span = Span::new(from, to);
            match depth {
                0 => prop_assert!(edit(&inner, true, "/a", span, &new).is_some()),
                1 => {
                    let text = serde_json::json!({"j": inner}).to_string();
                    prop_assert!(edit_carried(&text, true, "/j", "/a", span, &new).is_some());
                }
                _ => {
                    let text = format!("j: |\n  {inner}\n");
                    prop_assert!(edit_carried(&text, false, "/j", "/a", span, &new).is_some());
                    let text = format!("j: '{}'\n", inner.replace('\'', "''"));
                    edit_carried(&text, false, "/j", "/a", span, &new);
                    let text = format!("j: {}\n", serde_json::Value::from(inner));
                    prop_assert!(edit_carried(&text, false, "/j", "/a", span, &new).is_some());
                }
            }
        }
    }

    #[test]
    fn what_is_written_in_carried_yaml_reads_back(
        inner in prop::sample::select(TEXTS),
        carrier in 0usize..5,
        from in 0usize..40,
        len in 0usize..12,
        new in prop::collection::vec(prop::sample::select(NEW), 0..3),
    ) {
        let (text, is_json) = carry(inner, carrier);
        let tree = parse(&text, is_json);
        let holder = tree.root().unwrap().find("/f").unwrap();
        let carried = parse_embedded(holder, 0, Dialect::Yaml).unwrap();
        for node in nodes(&carried) {
            let Some(old) = node.as_str() else { continue };
            let from = from % (old.len() + 1);
            let to = (from + len).min(old.len());
            if !old.is_char_boundary(from) || !old.is_char_boundary(to) {
                continue;
            }
            let span = Span::new(from, to);
            let Some((place, with)) = node.encode_str(span, &new.concat()) else { continue };
            let mut meant = old.into_owned();
            meant.replace_range(span.range(), &new.concat());
            let mut file = text.clone();
            file.replace_range(place.range(), &with);
            let again = parse(&file, is_json);
            prop_assert!(again.problems().is_empty(), "{file:?}");
            let again_holder = again.root().unwrap().find("/f").unwrap();
            let written = again_holder.as_str().unwrap().into_owned();
            // Nothing else of the carrier changed, and in what it carries nothing but that text.
            prop_assert_eq!(shape(&again, "", None), shape(&tree, "/f", Some(&written)), "{:?}", &file);
            let recarried = parse_embedded(again_holder, 0, Dialect::Yaml).unwrap();
            prop_assert_eq!(
                shape(&recarried, "", None),
                shape(&carried, &node.pointer(), Some(&meant)),
                "{:?} → {:?}", &text, &file
            );
        }
    }
}

/// A carrier of `inner` in `/f`, and whether it is JSON.
fn carry(inner: &str, carrier: usize) -> (String, bool) {
    let quoted = serde_json::Value::from(inner);
    let block = |header: &str| {
        let line = |line: &str| match line {
            "" => "\n".to_owned(),
            line => format!("    {line}\n"),
        };
        let lines: String = inner.lines().map(line).collect();
        (format!("a: 1\nf: {header}\n{lines}z: 1\n"), false)
    };
    match carrier {
        0 => (format!("{{\"f\": {quoted}, \"z\": 1}}"), true),
        1 => (format!("f: {quoted}\nz: 1\n"), false),
        2 => block("|"),
        3 => block("|-"),
        _ => block("|+"),
    }
}
