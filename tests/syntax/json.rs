//! JSON: values, spans, and what is said of what is no JSON.

use dashlint::span::Span;
use dashlint::syntax::{Kind, ProblemKind};
use serde_json::json;

use super::{json, only_problem, problems, slice, value};

#[test]
fn values_and_spans() {
    let tree = json(" {\"a\" : [1, -2.5e3, true, null], \"b\\n\":\"x\\ty\"}\r\n");
    assert!(tree.problems().is_empty());
    let root = tree.root().unwrap();
    assert_eq!(
        value(root),
        json!({"a": [1, -2500.0, true, null], "b\n": "x\ty"})
    );
    assert_eq!(
        slice(&tree, root.span()),
        "{\"a\" : [1, -2.5e3, true, null], \"b\\n\":\"x\\ty\"}"
    );
    let a = root.get("a").unwrap();
    assert_eq!(slice(&tree, a.key_span().unwrap()), "\"a\"");
    assert_eq!(slice(&tree, a.span()), "[1, -2.5e3, true, null]");
    let items: Vec<_> = a
        .items()
        .map(|item| (slice(&tree, item.span()), item.index()))
        .collect();
    assert_eq!(items, [("1", 0), ("-2.5e3", 1), ("true", 2), ("null", 3)]);
    let b = root.get("b\n").unwrap();
    assert_eq!(slice(&tree, b.member_span()), "\"b\\n\":\"x\\ty\"");
    let text = b.text().unwrap();
    assert_eq!(text.value, "x\ty");
    assert_eq!(slice(&tree, text.source(Span::new(1, 2))), "\\t");
    assert_eq!(slice(&tree, text.source(Span::new(2, 3))), "y");
    assert_eq!(a.items().nth(2).unwrap().pointer(), "/a/2");
    assert_eq!(root.find("/a/1").unwrap().as_f64(), Some(-2500.0));
}

#[test]
fn escapes_decode_with_their_places() {
    let tree = json(r#"{"k\u00e9y": "a\"\\\/\b\f\n\r\t\u0041\ud83d\ude00z"}"#);
    let member = tree.root().unwrap().get("kéy").unwrap();
    let text = member.text().unwrap();
    assert_eq!(text.value, "a\"\\/\u{8}\u{c}\n\r\tA😀z");
    let grin = text.value.find('😀').unwrap();
    let places = |from, to| slice(&tree, text.source(Span::new(from, to)));
    assert_eq!(places(grin, grin + 4), "\\ud83d\\ude00");
    assert_eq!(places(grin + 4, grin + 5), "z");
    assert_eq!(places(1, 3), "\\\"\\\\");
    assert_eq!(
        places(0, text.value.len()),
        &member.raw()[1..member.raw().len() - 1]
    );
    let key = member.key_text().unwrap();
    assert_eq!(slice(&tree, key.source(Span::new(1, 3))), "\\u00e9");
}

#[test]
fn duplicate_keys_are_kept_and_reported() {
    let tree = json(r#"{"a":1,"b":2,"\u0061":3}"#);
    let problem = only_problem(&tree);
    assert_eq!(problem.kind, ProblemKind::DuplicateKey);
    assert_eq!(slice(&tree, problem.span), "\"\\u0061\"");
    assert_eq!(
        problem.related.as_ref().map(|(span, _)| *span),
        Some(Span::new(1, 4))
    );
    let root = tree.root().unwrap();
    assert_eq!(root.members().count(), 3);
    assert_eq!(root.get("a").unwrap().as_i64(), Some(3));
    let many: String = (0..100).map(|n| format!("\"k{n}\":0,")).collect();
    let tree = json(&format!("{{{many}\"k7\":1}}"));
    assert_eq!(problems(&tree), [(ProblemKind::DuplicateKey, "\"k7\"")]);
}

#[test]
fn byte_order_mark_line_ends_and_emptiness() {
    let tree = json("\u{feff}{\r\n\t\"a\": 1\r\n}\r\n");
    let problem = only_problem(&tree);
    assert_eq!(problem.kind, ProblemKind::ByteOrderMark);
    assert_eq!(problem.repair, Some((Span::new(0, 3), String::new())));
    assert_eq!(tree.root().unwrap().get("a").unwrap().as_i64(), Some(1));
    for text in ["", " \r\n\t", "\u{feff}", "// nothing\n"] {
        let tree = json(text);
        assert!(
            tree.problems()
                .iter()
                .any(|problem| problem.kind == ProblemKind::Empty),
            "{text:?}"
        );
        assert!(tree.root().is_none());
    }
}

#[test]
fn comments_and_trailing_commas_are_read_over() {
    let text = "// head\n{ /* a */ \"a\" /*b*/ : /*c*/ [1, /*d*/ 2, ], # e\n \"b\": {\"c\": 3,}, // f\n}\n/* g */ // h";
    let tree = json(text);
    use ProblemKind::{Comment, TrailingComma};
    assert_eq!(
        problems(&tree),
        [
            (Comment, "// head"),
            (Comment, "/* a */"),
            (Comment, "/*b*/"),
            (Comment, "/*c*/"),
            (Comment, "/*d*/"),
            (TrailingComma, ","),
            (Comment, "# e"),
            (TrailingComma, ","),
            (TrailingComma, ","),
            (Comment, "// f"),
            (Comment, "/* g */"),
            (Comment, "// h"),
        ]
    );
    let root = tree.root().unwrap();
    assert_eq!(value(root), json!({"a": [1, 2], "b": {"c": 3}}));
    assert_eq!(
        slice(&tree, root.get("a").unwrap().span()),
        "[1, /*d*/ 2, ]"
    );
    // Every repair together gives plain JSON with the same value.
    let mut repaired = text.to_owned();
    for problem in tree.problems().iter().rev() {
        let (span, with) = problem.repair.clone().unwrap();
        repaired.replace_range(span.range(), &with);
    }
    let again = json(&repaired);
    assert!(again.problems().is_empty(), "{repaired}");
    assert_eq!(value(again.root().unwrap()), value(root));
    assert_eq!(json("[\"//\", \"a,]\"]").problems().len(), 0);
}

#[test]
fn half_a_surrogate_pair_is_read_as_go_does() {
    let tree = json(r#"{"a\udc00": "x\ud800y\ud83d\ude00\ud800"}"#);
    assert_eq!(
        problems(&tree),
        [
            (ProblemKind::LoneSurrogate, "\\udc00"),
            (ProblemKind::LoneSurrogate, "\\ud800"),
            (ProblemKind::LoneSurrogate, "\\ud800"),
        ]
    );
    let root = tree.root().unwrap();
    assert_eq!(
        root.get("a\u{fffd}").unwrap().as_str().unwrap(),
        "x\u{fffd}y😀\u{fffd}"
    );
}

#[test]
fn faults_are_named_where_they_are() {
    let cases: &[(&str, &str, &str)] = &[
        (
            "{\"a\": 1\n \"b\": 2}",
            "\"b\"",
            "a comma is missing before `\"b\"`",
        ),
        ("[1 2]", "2", "a comma is missing before `2`"),
        ("[1 2abc]", "2abc", "a comma is missing"),
        ("{\"a\" 1}", "1", "expected `:` after the key"),
        ("{'a': 1}", "'a'", "double quotes"),
        ("['a']", "'a'", "double quotes"),
        ("{a: 1}", "a", "the key `a` needs double quotes"),
        ("[NaN]", "NaN", "`NaN` is no JSON number"),
        ("[-Infinity]", "-Infinity", "no JSON number"),
        ("[True]", "True", "written `true`"),
        ("[None]", "None", "written `null`"),
        ("[tru]", "tru", "found `tru`"),
        ("[1, tru", "tru", "found `tru`"),
        ("[01]", "01", "must not start with 0"),
        ("[0x1F]", "0x1F", "hexadecimal"),
        ("[1.]", "1.", "digits are missing"),
        ("[.5]", ".5", "no JSON number"),
        ("[+5]", "+5", "no JSON number"),
        ("[-]", "-", "a minus sign without a number"),
        ("[1,,2]", ",", "a value is missing before this comma"),
        ("{\"a\":}", "}", "a value is missing before this `}`"),
        ("[1}", "}", "expected `,` or `]`"),
        ("[\"a\tb\"]", "\t", "written `\\t`"),
        ("[\"a\u{1}b\"]", "\u{1}", "written `\\u0001`"),
        ("[\"a\nb\"]", "\n", "a line break inside a string"),
        ("[\"a\\qb\"]", "\\q", "no JSON escape"),
        ("[\"a\\u12x4\"]", "\\u12x", "four hexadecimal digits"),
        ("[1, \"abc", "\"abc", "never closed"),
        ("{\"abc", "\"abc", "never closed"),
        ("{\"a\": [1, 2\n", "", "a `]` is missing"),
        ("{\"a\": 1,\n", "", "a `}` is missing"),
        ("[1, /* x", "/*", "comment that starts here is never closed"),
        (
            "{\n<<<<<<< HEAD\n\"a\": 1\n=======\n",
            "<<<<<<< HEAD",
            "conflict marker",
        ),
        ("[1\n>>>>>>> x\r\n]", ">>>>>>> x", "conflict marker"),
        ("{{ .Values.x }}", "{{ .Values.x }}", "template"),
        ("{\"a\": ${x}}", "${x}}", "template"),
        ("[\u{0}]", "\u{0}", "expected a value"),
        ("nul", "nul", "found `nul`"),
        ("[é]", "é", "found `é`"),
    ];
    for (text, place, words) in cases {
        let tree = json(text);
        let problem = only_problem(&tree);
        assert_eq!(problem.kind, ProblemKind::Invalid, "{text:?}");
        assert!(
            problem.message.contains(words),
            "{text:?}: {}",
            problem.message
        );
        assert_eq!(
            slice(&tree, problem.span),
            *place,
            "{text:?}: {}",
            problem.message
        );
    }
    for (text, place) in [("{} {}", "{"), ("1 2", "2"), ("{}]", "]"), ("\"a\" x", "x")] {
        assert_eq!(
            problems(&json(text)),
            [(ProblemKind::TrailingData, place)],
            "{text}"
        );
    }
}

#[test]
fn what_was_read_before_a_fault_stays() {
    let tree = json("{\"title\": \"T\", \"panels\": [{\"id\": 1}, {\"id\" 2}]}");
    let root = tree.root().unwrap();
    assert_eq!(root.get("title").unwrap().as_str().unwrap(), "T");
    assert_eq!(root.get("panels").unwrap().items().count(), 2);
    let problem = only_problem(&tree);
    assert!(root.span().end <= problem.span.start);
    let tree = json("{\"a\": [1, {\"b\": 2");
    let (opened, _) = tree.problems()[0].related.clone().unwrap();
    assert_eq!(opened, Span::new(10, 11));
    assert_eq!(
        tree.root().unwrap().find("/a/1/b").unwrap().as_i64(),
        Some(2)
    );
    assert_eq!(tree.root().unwrap().kind(), Kind::Object);
}

#[test]
fn carried_in_a_json_string() {
    let tree = json(r#"{"model": "{\"expr\": \"up{job=\\\"a\\\"}\", \"n\": [1, 2]}"}"#);
    let node = tree.root().unwrap().get("model").unwrap();
    let inner = dashlint::syntax::parse_embedded(node, 0, dashlint::syntax::Dialect::Json).unwrap();
    assert!(inner.problems().is_empty());
    assert_eq!(inner.carrier().unwrap().pointer, "/model");
    let expr = inner.root().unwrap().get("expr").unwrap();
    assert_eq!(slice(&tree, expr.file_span()), r#"\"up{job=\\\"a\\\"}\""#);
    let text = expr.text().unwrap();
    let job = text.value.find("\"a\"").unwrap();
    let place = inner.file_span(text.source(Span::new(job, job + 3)));
    assert_eq!(slice(&tree, place), r#"\\\"a\\\""#);
    let two = inner.root().unwrap().find("/n/1").unwrap();
    assert_eq!(slice(&tree, two.file_span()), "2");
}
