use std::sync::Arc;

use dashlint::fix::apply;
use dashlint::fix::edit::{
    Edits, Place, append_item, insert_member, insert_member_after, insert_members, remove_member,
    rename_key, reorder_items, replace_value,
};
use dashlint::syntax::{NodeRef, Tree, parse_json, parse_yaml};

fn tree(text: &str, json: bool) -> Tree {
    let tree = if json {
        parse_json(Arc::from(text))
    } else {
        parse_yaml(Arc::from(text))
    };
    assert!(tree.problems().is_empty(), "{text}: {:?}", tree.problems());
    tree
}

/// `text` after a change to the value at `pointer`; what comes out must parse.
fn changed(
    text: &str,
    json: bool,
    pointer: &str,
    change: impl Fn(NodeRef<'_>) -> Option<Edits>,
) -> Option<String> {
    let before = tree(text, json);
    let node = before
        .root()?
        .find(pointer)
        .expect("the pointer leads somewhere");
    let mut edits = change(node)?;
    edits.sort();
    let new = apply(text, &edits).expect("the edits fit");
    tree(&new, json);
    Some(new)
}

fn json(text: &str, pointer: &str, change: impl Fn(NodeRef<'_>) -> Option<Edits>) -> String {
    changed(text, true, pointer, change).expect("there is a change")
}

fn yaml(text: &str, pointer: &str, change: impl Fn(NodeRef<'_>) -> Option<Edits>) -> String {
    changed(text, false, pointer, change).expect("there is a change")
}

#[test]
fn json_values_are_replaced() {
    assert_eq!(
        json(r#"{"a": 1}"#, "/a", |node| replace_value(node, "\"x\"")),
        r#"{"a": "x"}"#
    );
    assert_eq!(
        json("{\n  \"a\": 1\n}", "/a", |node| replace_value(
            node,
            r#"{"b":[1,{}],"c":"{,}"}"#
        )),
        "{\n  \"a\": {\n    \"b\": [\n      1,\n      {}\n    ],\n    \"c\": \"{,}\"\n  }\n}"
    );
    assert_eq!(
        json(r#"{"a":1}"#, "/a", |node| replace_value(
            node,
            r#"{ "b": [1, 2] }"#
        )),
        r#"{"a":{"b":[1,2]}}"#
    );
    assert_eq!(
        changed("[1]", true, "/0", |node| replace_value(node, "nonsense")),
        None
    );
}

#[test]
fn json_members_are_inserted_as_the_file_is_written() {
    let last = |node: NodeRef<'_>| insert_member(node, Place::Last, "new", "true");
    let first = |node: NodeRef<'_>| insert_member(node, Place::First, "new", "true");
    for (text, at_end, at_start) in [
        (
            r#"{"a":1}"#,
            r#"{"a":1,"new":true}"#,
            r#"{"new":true,"a":1}"#,
        ),
        (
            r#"{"a": 1}"#,
            r#"{"a": 1, "new": true}"#,
            r#"{"new": true, "a": 1}"#,
        ),
        (
            r#"{ "a" : 1 }"#,
            r#"{ "a" : 1, "new" : true }"#,
            r#"{ "new" : true, "a" : 1 }"#,
        ),
        (
            "{\r\n\t\"a\": 1\r\n}\r\n",
            "{\r\n\t\"a\": 1,\r\n\t\"new\": true\r\n}\r\n",
            "{\r\n\t\"new\": true,\r\n\t\"a\": 1\r\n}\r\n",
        ),
        (
            "{\n    \"a\": 1,\n\n    \"b\": 2\n}",
            "{\n    \"a\": 1,\n\n    \"b\": 2,\n    \"new\": true\n}",
            "{\n    \"new\": true,\n    \"a\": 1,\n\n    \"b\": 2\n}",
        ),
        ("{}", r#"{"new": true}"#, r#"{"new": true}"#),
    ] {
        assert_eq!(json(text, "", last), at_end);
        assert_eq!(json(text, "", first), at_start);
    }
    assert_eq!(
        json("{\n  \"a\": {},\n  \"b\": 1\n}", "/a", last),
        "{\n  \"a\": {\n    \"new\": true\n  },\n  \"b\": 1\n}"
    );
    assert_eq!(
        json("{\n  \"a\": 1,\n  \"b\": 2\n}", "/a", |node| {
            insert_member_after(node, "c", "[1]")
        }),
        "{\n  \"a\": 1,\n  \"c\": [\n    1\n  ],\n  \"b\": 2\n}"
    );
    // It is there already.
    assert_eq!(changed(r#"{"new": 1}"#, true, "", last), None);
}

#[test]
fn json_members_and_items_are_removed_with_their_comma() {
    let text = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}";
    assert_eq!(
        json(text, "/a", remove_member),
        "{\n  \"b\": 2,\n  \"c\": 3\n}"
    );
    assert_eq!(
        json(text, "/b", remove_member),
        "{\n  \"a\": 1,\n  \"c\": 3\n}"
    );
    assert_eq!(
        json(text, "/c", remove_member),
        "{\n  \"a\": 1,\n  \"b\": 2\n}"
    );
    assert_eq!(json("{\n  \"a\": 1\n}", "/a", remove_member), "{}");
    assert_eq!(json("[1,2]", "/1", remove_member), "[1]");
}

#[test]
fn json_items_are_appended() {
    assert_eq!(json("[1,2]", "", |node| append_item(node, "3")), "[1,2,3]");
    assert_eq!(
        json("[1, 2]", "", |node| append_item(node, "3")),
        "[1, 2, 3]"
    );
    assert_eq!(
        json("{\n  \"tags\": [\n    \"a\"\n  ]\n}", "/tags", |node| {
            append_item(node, "\"b\"")
        }),
        "{\n  \"tags\": [\n    \"a\",\n    \"b\"\n  ]\n}"
    );
    assert_eq!(
        json("{\n  \"tags\": []\n}", "/tags", |node| append_item(
            node, "\"b\""
        )),
        "{\n  \"tags\": [\n    \"b\"\n  ]\n}"
    );
}

#[test]
fn items_are_reordered() {
    let text = "[\n  {\"v\": 2},\n  {\"v\": 1}, {\"v\": 3}\n]";
    assert_eq!(
        json(text, "", |node| reorder_items(node, &[1, 0, 2])),
        "[\n  {\"v\": 1},\n  {\"v\": 2}, {\"v\": 3}\n]"
    );
    for order in [&[0, 0, 1][..], &[0, 1], &[0, 1, 3]] {
        assert_eq!(
            changed(text, true, "", |node| reorder_items(node, order)),
            None
        );
    }
    assert_eq!(
        yaml("- a: 1\n  b: 2\n- a: 3\n", "", |node| reorder_items(
            node,
            &[1, 0]
        )),
        "- a: 3\n- a: 1\n  b: 2\n"
    );
    assert_eq!(
        yaml("s:\n- a: 1\n  t: |\n    x\n- a: 3\n", "/s", |node| {
            reorder_items(node, &[1, 0])
        }),
        "s:\n- a: 3\n- a: 1\n  t: |\n    x\n"
    );
    let anchored = "- &x {a: 1}\n- *x\n";
    assert_eq!(
        changed(anchored, false, "", |node| reorder_items(node, &[1, 0])),
        None
    );
}

#[test]
fn what_cannot_be_moved_or_taken_away_stays() {
    // Blanks at the end of a block scalar are content.
    assert_eq!(
        yaml("- a: >\n    x  \n\n- b\n", "", |node| reorder_items(
            node,
            &[1, 0]
        )),
        "- b\n\n- a: >\n    x  \n"
    );
    let anchored = "a: &x 1\nb: *x\n";
    assert_eq!(changed(anchored, false, "/a", remove_member), None);
    let tagged = "a:\n  !!str b: 1\n";
    assert_eq!(
        changed(tagged, false, "/a", |node| insert_member(
            node,
            Place::Last,
            "c",
            "1"
        )),
        None
    );
    // One pair in a sequence has no braces.
    assert_eq!(
        changed("[a: 1]\n", false, "/0", |node| insert_member(
            node,
            Place::Last,
            "c",
            "1"
        )),
        None
    );
}

#[test]
fn keys_are_renamed() {
    assert_eq!(
        json(r#"{"a": 1}"#, "/a", |node| rename_key(node, "b\"")),
        r#"{"b\"": 1}"#
    );
    assert_eq!(yaml("a: 1\n", "/a", |node| rename_key(node, "b")), "b: 1\n");
    assert_eq!(
        yaml("a: 1\n", "/a", |node| rename_key(node, "yes")),
        "\"yes\": 1\n"
    );
}

#[test]
fn yaml_values_are_replaced() {
    let put = |json: &'static str| move |node: NodeRef<'_>| replace_value(node, json);
    assert_eq!(yaml("a: 1 # c\n", "/a", put("\"x y\"")), "a: x y # c\n");
    assert_eq!(yaml("a: 'b'\n", "/a", put("\"no\"")), "a: \"no\"\n");
    assert_eq!(yaml("a: b\n", "/a", put("\"1\"")), "a: \"1\"\n");
    assert_eq!(yaml("a: b\n", "/a", put("\"x: y\"")), "a: \"x: y\"\n");
    assert_eq!(yaml("a:\nb: 1\n", "/a", put("5")), "a: 5\nb: 1\n");
    assert_eq!(
        yaml("a: |\n  x\n  y\nb: 1\n", "/a", put("\"z\"")),
        "a: z\nb: 1\n"
    );
    assert_eq!(
        yaml("a:\n  b: 1\nc: 2\n", "/a", put("[1,\"x\"]")),
        "a: [1, \"x\"]\nc: 2\n"
    );
    assert_eq!(
        yaml("a: [x, y]\n", "/a/1", put("\"z w\"")),
        "a: [x, \"z w\"]\n"
    );
}

#[test]
fn yaml_members_are_inserted() {
    let rules = "groups:\n- name: g\n  rules:\n  - alert: A # why\n    expr: |\n      up\n        == 0\n\n  - alert: B\n    expr: up\n";
    assert_eq!(
        yaml(
            rules,
            "/groups/0/rules/0/alert",
            |node| insert_member_after(node, "for", "\"5m\"")
        ),
        rules.replace("# why\n", "# why\n    for: 5m\n")
    );
    assert_eq!(
        yaml(rules, "/groups/0/rules/0/expr", |node| insert_member_after(
            node, "for", "\"5m\""
        )),
        rules.replace("== 0\n", "== 0\n    for: 5m\n")
    );
    assert_eq!(
        yaml(rules, "/groups/0/rules/1", |node| insert_member(
            node,
            Place::First,
            "for",
            "\"5m\""
        )),
        rules.replace("- alert: B\n", "- for: 5m\n    alert: B\n")
    );
    assert_eq!(
        yaml("a: 1", "", |node| insert_member(
            node,
            Place::Last,
            "b",
            "{\"c\": \"d\"}"
        )),
        "a: 1\nb: {\"c\": \"d\"}"
    );
    assert_eq!(
        yaml("a: 1\r\nb: 2\r\n", "/a", |node| insert_member_after(
            node, "c", "3"
        )),
        "a: 1\r\nc: 3\r\nb: 2\r\n"
    );
    assert_eq!(
        yaml("a: {b: 1, c: 2}\n", "/a", |node| insert_member(
            node,
            Place::Last,
            "d",
            "\"e\""
        )),
        "a: {b: 1, c: 2, d: \"e\"}\n"
    );
    // The blank lines belong to the value.
    let kept = "a: |+\n  x\n\nb: 1\n";
    assert_eq!(
        changed(kept, false, "/a", |node| insert_member_after(
            node, "c", "3"
        )),
        None
    );
}

#[test]
fn yaml_members_and_items_are_removed_with_their_lines() {
    let text = "a: 1 # one\nb:\n  - x\n  - y: 1\n    z: 2\nc: 3\n";
    assert_eq!(
        yaml(text, "/a", remove_member),
        text.replace("a: 1 # one\n", "")
    );
    assert_eq!(yaml(text, "/b", remove_member), "a: 1 # one\nc: 3\n");
    assert_eq!(yaml(text, "/c", remove_member), text.replace("c: 3\n", ""));
    assert_eq!(
        yaml(text, "/b/0", remove_member),
        text.replace("  - x\n", "")
    );
    assert_eq!(
        yaml(text, "/b/1", remove_member),
        text.replace("  - y: 1\n    z: 2\n", "")
    );
    assert_eq!(
        yaml(text, "/b/1/y", remove_member),
        text.replace("y: 1\n    ", "")
    );
    assert_eq!(yaml("a: 1\nb: 2", "/b", remove_member), "a: 1");
    assert_eq!(
        yaml("a: {b: 1, c: 2}\n", "/a/b", remove_member),
        "a: {c: 2}\n"
    );
    // Nothing would be left, which is null and not an empty mapping.
    assert_eq!(changed("a:\n  b: 1\n", false, "/a/b", remove_member), None);
}

#[test]
fn yaml_items_are_appended() {
    assert_eq!(
        yaml("a:\n- x\nb: 1\n", "/a", |node| append_item(node, "\"z\"")),
        "a:\n- x\n- z\nb: 1\n"
    );
    assert_eq!(
        yaml("a:\n  - x: 1\n    y: 2 # c\nb: 1\n", "/a", |node| {
            append_item(node, "{\"x\":2}")
        }),
        "a:\n  - x: 1\n    y: 2 # c\n  - {\"x\": 2}\nb: 1\n"
    );
    assert_eq!(
        yaml("a: [x]\n", "/a", |node| append_item(node, "\"y\"")),
        "a: [x, \"y\"]\n"
    );
}

#[test]
fn several_members_are_added_at_once() {
    let two = [("b", "1"), ("c", r#"{"d":2}"#)];
    let last = |node: NodeRef<'_>| insert_members(node, Place::Last, &two);
    assert_eq!(json(r#"{"a":0}"#, "", last), r#"{"a":0,"b":1,"c":{"d":2}}"#);
    assert_eq!(
        json(r#"{"x": {}}"#, "/x", last),
        r#"{"x": {"b": 1, "c": {"d": 2}}}"#
    );
    assert_eq!(
        json("{\n  \"x\": {}\n}", "/x", last),
        "{\n  \"x\": {\n    \"b\": 1,\n    \"c\": {\n      \"d\": 2\n    }\n  }\n}"
    );
    assert_eq!(
        yaml("x:\n  a: 0\ny: 1\n", "/x", last),
        "x:\n  a: 0\n  b: 1\n  c: {\"d\": 2}\ny: 1\n"
    );
    assert_eq!(
        yaml("x: {a: 0}\n", "/x", last),
        "x: {a: 0, b: 1, c: {\"d\": 2}}\n"
    );
    let known = [("b", "1"), ("a", "2")];
    let twice = [("b", "1"), ("b", "2")];
    for members in [known, twice] {
        assert_eq!(
            changed(r#"{"a":0}"#, true, "", |node| insert_members(
                node,
                Place::Last,
                &members
            )),
            None
        );
    }
}
