//! YAML: values, spans, comments, documents, and what is said of what is no YAML.

use dashlint::span::Span;
use dashlint::syntax::{Dialect, Kind, Map, ProblemKind, Style, parse_embedded};
use serde_json::json;

use super::{json, only_problem, problems, slice, value, yaml};

#[test]
fn values_and_spans() {
    let text = "# rules\ngroups:\n- name: a b  # first\n  rules:\n    - alert: 'it''s'\n      for: 5m\n    - {record: \"r\", expr: [1, x]}\nempty:\nlast: ~\n";
    let tree = yaml(text);
    assert!(tree.problems().is_empty());
    let root = tree.root().unwrap();
    assert_eq!(
        value(root),
        json!({"groups": [{"name": "a b", "rules": [{"alert": "it's", "for": "5m"}, {"record": "r", "expr": [1, "x"]}]}], "empty": null, "last": null})
    );
    assert_eq!(
        slice(&tree, root.span()),
        text["# rules\n".len()..].trim_end()
    );
    let groups = root.get("groups").unwrap();
    assert!(
        slice(&tree, groups.span()).starts_with("- name")
            && slice(&tree, groups.span()).ends_with("x]}")
    );
    let rules = root.find("/groups/0/rules").unwrap();
    assert!(slice(&tree, rules.span()).starts_with("- alert: 'it''s'"));
    assert_eq!(
        slice(&tree, rules.find("/0").unwrap().span()),
        "alert: 'it''s'\n      for: 5m"
    );
    assert_eq!(
        slice(&tree, rules.find("/1").unwrap().span()),
        "{record: \"r\", expr: [1, x]}"
    );
    let empty = root.get("empty").unwrap();
    assert_eq!(empty.span(), Span::at(text.find("empty:").unwrap() + 6));
    assert_eq!(empty.kind(), Kind::Null);
    assert_eq!(
        root.find("/groups/0/rules/1/expr/1").unwrap().pointer(),
        "/groups/0/rules/1/expr/1"
    );
}

#[test]
fn empty_values_stand_after_the_colon() {
    let text = "a :\nb: # c\nc: &x\nd: {e, f: , g: }\nh:\n-\n- \nlast:";
    let tree = yaml(text);
    assert!(tree.problems().is_empty(), "{:?}", tree.problems());
    for (pointer, before) in [
        ("/a", "a :"),
        ("/b", "b:"),
        ("/c", "&x"),
        ("/d/e", "{e"),
        ("/d/f", "f:"),
        ("/d/g", "g:"),
        ("/h/0", "h:\n-"),
        ("/h/1", "-\n- "),
        ("/last", "last:"),
    ] {
        let node = tree.root().unwrap().find(pointer).unwrap();
        let at = node.span().start as usize;
        assert!(
            node.is_null() && node.span().is_empty() && text[..at].ends_with(before),
            "{pointer}: {:?}",
            &text[..at]
        );
    }
}

#[test]
fn comments_have_their_places() {
    let text = "# top\n\na: 1 # right\n  # indented\nb: |  # header\n  # no comment\n  x\n# end";
    let tree = yaml(text);
    let comments: Vec<_> = tree
        .comments()
        .iter()
        .map(|comment| (slice(&tree, comment.span), comment.own_line))
        .collect();
    assert_eq!(
        comments,
        [
            ("# top", true),
            ("# right", false),
            ("# indented", true),
            ("# header", false),
            ("# end", true)
        ]
    );
    let tree = yaml("a: 1 # x\r\n# y\r\n");
    assert_eq!(slice(&tree, tree.comments()[0].span), "# x");
    assert_eq!(slice(&tree, tree.comments()[1].span), "# y");
}

#[test]
fn many_comment_lines_in_a_row() {
    for lines in [97, 2_000, 20_000] {
        let text = format!(
            "groups:\n- name: x\n  rules:\n{}  - alert: A\n    expr: up\n",
            "  # - alert: B\n".repeat(lines)
        );
        let tree = yaml(&text);
        assert!(tree.problems().is_empty(), "{lines}: {:?}", tree.problems());
        assert_eq!(tree.comments().len(), lines);
        assert_eq!(
            tree.root()
                .unwrap()
                .find("/groups/0/rules/0/alert")
                .unwrap()
                .as_str()
                .unwrap(),
            "A"
        );
    }
    let long = "k".repeat(5_000);
    assert!(
        yaml(&format!("{long}: 1\n"))
            .root()
            .unwrap()
            .get(&long)
            .is_some()
    );
}

#[test]
fn documents() {
    let tree = yaml(
        "%YAML 1.2\n---\na: 1\n---\n# nothing\n---\nb: [1\n---\nc: @x\n---\n\"d\": 2\n...\n---\n- e\n",
    );
    let roots: Vec<_> = tree
        .documents()
        .map(|root| slice(&tree, root.span()))
        .collect();
    assert_eq!(roots.len(), 6, "{roots:?}");
    assert_eq!(roots[0], "a: 1");
    assert_eq!(roots[1], "");
    assert!(roots[2].starts_with("b: ["));
    assert_eq!(roots[4], "\"d\": 2");
    assert_eq!(roots[5], "- e");
    assert_eq!(tree.problems().len(), 2);
    assert!(
        tree.problems()
            .iter()
            .all(|problem| problem.kind == ProblemKind::Invalid)
    );
    assert!(yaml("# nothing\n").root().is_none());
    assert!(yaml("").problems().is_empty());
}

#[test]
fn anchors_aliases_and_merges() {
    let text = "base: &b {x: 1, y: 2}\nown:\n  <<: *b\n  y: 3\nlist: &l\n- *b\n- *l\nname: &n hello\n*n : keyed\nlost: *nowhere\n---\nother: *b\n";
    let tree = yaml(text);
    assert_eq!(
        problems(&tree),
        [
            (ProblemKind::UnknownAlias, "*nowhere"),
            (ProblemKind::UnknownAlias, "*b")
        ]
    );
    let root = tree.root().unwrap();
    let own = root.get("own").unwrap();
    assert_eq!(own.get("x").unwrap().as_i64(), Some(1));
    assert_eq!(own.get("y").unwrap().as_i64(), Some(3));
    assert_eq!(slice(&tree, own.get("x").unwrap().span()), "1");
    assert_eq!(root.find("/list/0/y").unwrap().as_i64(), Some(2));
    assert_eq!(root.find("/list/1/1/1/0/x").unwrap().as_i64(), Some(1));
    assert_eq!(root.get("hello").unwrap().as_str().unwrap(), "keyed");
    assert!(root.get("lost").unwrap().is_null());
}

#[test]
fn tags_and_plain_scalars() {
    let tree = yaml(
        "- !!str 5\n- !!int \"5\"\n- !!float 5\n- !!bool yes\n- !!binary aGk=\n- !Ref x\n- ! 5\n- 2001-12-14\n- 0o14\n- 1_000\n- 12:30:00\n- yes\n- 'true'\n- true\n- .5\n- a\n  b\n- !!str\n- !!null x\n- |\n  5\n",
    );
    assert!(tree.problems().is_empty());
    let kinds: Vec<_> = tree
        .root()
        .unwrap()
        .items()
        .map(|item| {
            (
                item.kind(),
                item.as_text().map(|text| text.value.into_owned()),
            )
        })
        .collect();
    use Kind::{Bool, Number, String};
    let expected = [
        (String, "5"),
        (Number, "5"),
        (Number, "5"),
        (String, "yes"),
        (String, "aGk="),
        (String, "x"),
        (String, "5"),
        (String, "2001-12-14"),
        (Number, "0o14"),
        (Number, "1_000"),
        (String, "12:30:00"),
        (String, "yes"),
        (String, "true"),
        (Bool, "true"),
        (Number, ".5"),
        (String, "a b"),
        (String, ""),
        (String, "x"),
        (String, "5\n"),
    ];
    assert_eq!(
        kinds,
        expected.map(|(kind, text)| (kind, Some(text.to_owned())))
    );
    let items: Vec<_> = tree.root().unwrap().items().collect();
    assert_eq!(items[1].as_i64(), Some(5));
    assert_eq!(items[8].as_i64(), Some(12));
    assert_eq!(items[9].as_i64(), Some(1000));
    assert_eq!(items[11].as_bool(), Some(true));
    assert_eq!(items[12].as_bool(), None);
}

#[test]
fn block_scalars_map_to_their_lines() {
    for eol in ["\n", "\r\n"] {
        let text = "a: |\n  one\n\n    two\n  three\nb: >-\n  f1\n  f2\n\n  f3\n    more\n  f4\n\nc: |+\n  k\n\nd: |2\n    lead\n  x\ne: >\n\n  y\nf: |\n".replace('\n', eol);
        let tree = yaml(&text);
        assert!(tree.problems().is_empty());
        let root = tree.root().unwrap();
        let get = |key: &str| root.get(key).unwrap().text().unwrap();
        assert_eq!(get("a").value, "one\n\n  two\nthree\n");
        assert_eq!(get("b").value, "f1 f2\nf3\n  more\nf4");
        assert_eq!(get("c").value, "k\n\n");
        assert_eq!(get("d").value, "  lead\nx\n");
        assert_eq!(get("e").value, "\ny\n");
        assert_eq!(get("f").value, "");
        let find = |key: &str, part: &str| {
            let text = get(key);
            let at = text.value.find(part).unwrap();
            slice(&tree, text.source(Span::new(at, at + part.len()))).to_owned()
        };
        for part in ["one", "two", "three"] {
            assert_eq!(find("a", part), part);
        }
        assert_eq!(find("a", "one\n\n  two"), format!("one{eol}{eol}    two"));
        assert_eq!(find("b", "1 f2\nf"), format!("1{eol}  f2{eol}{eol}  f"));
        assert_eq!(find("b", " "), format!("{eol}  "));
        assert_eq!(find("d", "  lead"), "  lead");
        assert_eq!(
            slice(&tree, root.get("a").unwrap().span()),
            format!("one{eol}{eol}    two{eol}  three{eol}")
        );
        assert_eq!(
            slice(&tree, root.get("b").unwrap().span()).lines().last(),
            Some("  f4")
        );
    }
}

#[test]
fn quoted_and_plain_scalars_map_to_their_bytes() {
    let text = "a: \"x\\ty \\u00e9\n  z\\\n  w\"\nb: 'it''s\n\n  so'\nc: plain words\n  go on\nd: simple\ne: \"also\"\n";
    let tree = yaml(text);
    let root = tree.root().unwrap();
    let get = |key: &str| root.get(key).unwrap().text().unwrap();
    assert_eq!(get("a").value, "x\ty é zw");
    assert_eq!(get("b").value, "it's\nso");
    assert_eq!(get("c").value, "plain words go on");
    let place = |key: &str, from, to| slice(&tree, get(key).source(Span::new(from, to))).to_owned();
    assert_eq!(place("a", 1, 2), "\\t");
    assert_eq!(place("a", 4, 6), "\\u00e9");
    assert_eq!(place("a", 6, 7), "\n  ");
    assert_eq!(place("b", 2, 3), "''");
    assert_eq!(place("c", 6, 14), "words\n  go");
    assert!(matches!(get("d").map, Map::Shift(_)) && matches!(get("e").map, Map::Shift(_)));
    assert_eq!(place("e", 0, 4), "also");
}

#[test]
fn quoted_lines_are_indented_as_go_allows() {
    let text = "groups:\n  - name: x\n    description: \"one\n  two\n\n\tthree \\\"q\\\"\"\n    summary: 'a\nb'\n    after: 1\n";
    let tree = yaml(text);
    assert!(tree.problems().is_empty(), "{:?}", tree.problems());
    let group = tree.root().unwrap().find("/groups/0").unwrap();
    let description = group.get("description").unwrap();
    assert_eq!(description.as_str().unwrap(), "one two\nthree \"q\"");
    assert_eq!(group.get("summary").unwrap().as_str().unwrap(), "a b");
    assert_eq!(group.get("after").unwrap().as_i64(), Some(1));
    let at = description.as_str().unwrap().find("three").unwrap();
    assert_eq!(
        slice(
            &tree,
            description.text().unwrap().source(Span::new(at, at + 5))
        ),
        "three"
    );
}

#[test]
fn duplicate_keys() {
    let tree = yaml("a: 1\n\"a\": 2\nb: {x: 1, 'x': 2}\n1: x\n'1': y\n");
    assert_eq!(
        problems(&tree),
        [
            (ProblemKind::DuplicateKey, "\"a\""),
            (ProblemKind::DuplicateKey, "'x'"),
            (ProblemKind::DuplicateKey, "'1'")
        ]
    );
    assert_eq!(tree.root().unwrap().get("a").unwrap().as_i64(), Some(2));
}

#[test]
fn keys_that_are_no_simple_scalars() {
    let tree = yaml("? [a, b]\n: 1\n? k: v\n  l: w\n: 2\n? - x\n: 3\n? |\n  block\n: 4\n: 5\n");
    assert!(tree.problems().is_empty(), "{:?}", tree.problems());
    let keys: Vec<_> = tree
        .root()
        .unwrap()
        .members()
        .map(|member| (member.key().unwrap().into_owned(), member.as_i64().unwrap()))
        .collect();
    let keys: Vec<_> = keys
        .iter()
        .map(|(key, value)| (key.as_str(), *value))
        .collect();
    assert_eq!(
        keys,
        [
            ("[a, b]", 1),
            ("k: v\n  l: w", 2),
            ("- x", 3),
            ("block\n", 4),
            ("", 5)
        ]
    );
}

#[test]
fn a_collection_as_a_key_may_begin_with_a_quote() {
    for (text, key) in [
        ("? \"é\": b", "\"é\": b"),
        ("? \"a\": b\n: c", "\"a\": b"),
        ("? 'a': b\n: c\n", "'a': b"),
        ("? \"a\": \"b\"\n: c\n", "\"a\": \"b\""),
        ("? [a, b]\n: c\n", "[a, b]"),
    ] {
        let tree = yaml(text);
        let member = tree.root().unwrap().members().next().unwrap();
        let span = member.key_span().unwrap();
        assert_eq!(slice(&tree, span), key, "{text:?}");
    }
    // What stands between two quotes is taken for one text, which it is in all that people write.
    let texts = [
        ("? \"a\": b\n: c", "\"a\": b"),
        ("\"a\": 1", "a"),
        ("'a''b': 1", "a'b"),
    ];
    for (text, key) in texts {
        let tree = yaml(text);
        let root = tree.root().unwrap();
        assert_eq!(root.members().next().unwrap().key().as_deref(), Some(key));
        assert!(root.get(key).is_some(), "{text:?}");
    }
}

#[test]
fn keys_without_a_number_are_found_by_what_they_read() {
    let long = "x".repeat(70_000);
    let text = format!(
        "{{\"t\\u0069tle\": 1, \"title\": 2, \"{long}\": 3, \"\\\"\": 4, \"tit\": 5, \"\": 6}}"
    );
    for tree in [json(&text), yaml(&text)] {
        let root = tree.root().unwrap();
        let found = |key: &str| root.get(key).and_then(|node| node.as_i64());
        // Of equal keys the last one counts.
        assert_eq!(found("title"), Some(2));
        assert_eq!(found(&long), Some(3));
        assert_eq!(found("\""), Some(4));
        assert_eq!(found("tit"), Some(5));
        assert_eq!(found(""), Some(6));
        assert_eq!(found("titl"), None);
        assert_eq!(found("titles"), None);
        assert_eq!(found("t\\u0069tle"), None);
    }
    let text = "\"t\\u0069tle\": 1\n? a\n  b\n: 2\n'it''s': 3\nx: &x title\n*x : 4\n";
    let tree = yaml(text);
    let root = tree.root().unwrap();
    let found = |key: &str| root.get(key).and_then(|node| node.as_i64());
    assert_eq!(
        ["title", "a b", "it's", "it''s", "a\n  b"].map(found),
        [Some(4), Some(2), Some(3), None, None]
    );
}

#[test]
fn faults_are_named_where_they_are() {
    for (text, place, words) in [
        ("a: 1\n\tb: 2\n", "\t", "tab"),
        ("a: b: c\n", ":", "no key can stand"),
        ("a: [1, 2\nb: 3\n", ":", "is a bracket open"),
        ("a: [1, 2", "[1,", "never closed"),
        ("a: \"x\n", "\"x", "never closed"),
        ("a: {{ $labels.x }} y\n", "{{", ""),
        ("a: @x\n", "@x", "put it in quotes"),
        (
            "a: 1\n<<<<<<< HEAD\nb: 2\n",
            "<<<<<<< HEAD",
            "conflict marker",
        ),
        ("a: \"\\q\"\n", "\\q", "no YAML escape"),
    ] {
        let tree = yaml(text);
        let problem = only_problem(&tree);
        assert_eq!(problem.kind, ProblemKind::Invalid);
        assert!(
            problem.message.contains(words),
            "{text:?}: {}",
            problem.message
        );
        assert_eq!(
            slice(&tree, problem.span),
            place,
            "{text:?}: {}",
            problem.message
        );
    }
}

#[test]
fn what_was_read_before_a_fault_stays() {
    let tree = yaml("a: 1\nb:\n  c: [x, y]\n  d: @\ne: 2\n");
    let root = tree.root().unwrap();
    assert_eq!(root.get("a").unwrap().as_i64(), Some(1));
    assert_eq!(root.find("/b/c/1").unwrap().as_str().unwrap(), "y");
    assert_eq!(tree.problems().len(), 1);
}

#[test]
fn carried_in_yaml_strings() {
    for eol in ["\n", "\r\n"] {
        let text = "data:\n  a.json: |-\n\n    {\n      \"expr\": \"up{job=\\\"a\\\"}\",\n      \"é\": [1,\n        2]\n    }\n  b.json: '{\"x\": \"it''s\"}'\n  c.json: \"{\\\"x\\\": \\\"\\\\n\\\"}\"\n".replace('\n', eol);
        let tree = yaml(&text);
        let data = tree.root().unwrap().get("data").unwrap();
        let a = parse_embedded(data.get("a.json").unwrap(), 0, Dialect::Json).unwrap();
        assert!(a.problems().is_empty());
        let carrier = a.carrier().unwrap();
        assert_eq!(
            (carrier.indent, carrier.style, carrier.pointer.as_str()),
            (4, Style::Literal, "/data/a.json")
        );
        let expr = a.root().unwrap().get("expr").unwrap();
        assert_eq!(slice(&tree, expr.file_span()), "\"up{job=\\\"a\\\"}\"");
        assert_eq!(
            slice(&tree, a.root().unwrap().find("/é/1").unwrap().file_span()),
            "2"
        );
        let b = parse_embedded(data.get("b.json").unwrap(), 0, Dialect::Json).unwrap();
        assert_eq!(
            slice(&tree, b.root().unwrap().get("x").unwrap().file_span()),
            "\"it''s\""
        );
        let c = parse_embedded(data.get("c.json").unwrap(), 0, Dialect::Json).unwrap();
        assert_eq!(
            slice(&tree, c.root().unwrap().get("x").unwrap().file_span()),
            "\\\"\\\\n\\\""
        );
        assert!(parse_embedded(data, 0, Dialect::Json).is_none());
    }
}
