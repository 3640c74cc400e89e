//! Edits over real files, where they are there: each changes what it says and nothing else.

use std::fs;
use std::sync::Arc;

use dashlint::fix::apply;
use dashlint::fix::edit::{
    Edits, Place, append_item, insert_member, remove_member, reorder_items, replace_value,
};
use dashlint::syntax::{Kind, NodeRef, Tree, parse_json, parse_yaml};

use super::support::corpus::corpus;

/// A value without its way of writing; members in order.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Scalar(Kind, String),
    Array(Vec<Value>),
    Object(Vec<(String, Value)>),
}

fn value(node: NodeRef<'_>) -> Value {
    if node.resolve() != node {
        return Value::Scalar(
            Kind::Alias,
            node.tree().text()[node.span().range()].to_owned(),
        );
    }
    match node.kind() {
        Kind::Array => Value::Array(node.items().map(value).collect()),
        Kind::Object => Value::Object(
            node.members()
                .map(|member| (member.key().unwrap_or_default().into_owned(), value(member)))
                .collect(),
        ),
        Kind::String => Value::Scalar(Kind::String, node.as_str().unwrap_or_default().into_owned()),
        kind => Value::Scalar(kind, node.raw().to_owned()),
    }
}

fn documents(tree: &Tree) -> Vec<Value> {
    tree.documents().map(value).collect()
}

/// The value that `path` leads to.
fn at<'v>(documents: &'v mut [Value], path: &[usize]) -> &'v mut Value {
    let mut here = &mut documents[path[0]];
    for &step in &path[1..] {
        here = match here {
            Value::Array(items) => &mut items[step],
            Value::Object(members) => &mut members[step].1,
            Value::Scalar(..) => panic!("no way into a scalar"),
        };
    }
    here
}

fn parse(text: &str, json: bool) -> Tree {
    if json {
        parse_json(Arc::from(text))
    } else {
        parse_yaml(Arc::from(text))
    }
}

/// Every value, with the way to it.
fn nodes(tree: &Tree) -> Vec<(NodeRef<'_>, Vec<usize>)> {
    let mut all = Vec::new();
    let mut open: Vec<_> = tree
        .documents()
        .enumerate()
        .map(|(at, root)| (root, vec![at]))
        .collect();
    while let Some((node, path)) = open.pop() {
        if node.resolve() == node {
            for (at, child) in node.children().enumerate() {
                open.push((child, [&path[..], &[at]].concat()));
            }
        }
        all.push((node, path));
    }
    all
}

fn string(text: &str) -> Value {
    Value::Scalar(Kind::String, text.to_owned())
}

/// A change to a value, and what the file then says.
fn change(which: usize, node: NodeRef<'_>, path: &[usize], said: &mut [Value]) -> Option<Edits> {
    let (&last, above) = path.split_last()?;
    match which {
        0 => {
            *at(said, path) = string("new: é \"x\"");
            replace_value(node, "\"new: é \\\"x\\\"\"")
        }
        1 | 2 => {
            let Value::Object(members) = at(said, path) else {
                return None;
            };
            let new = (
                "brand-new".to_owned(),
                Value::Array(vec![string("a"), Value::Object(Vec::new())]),
            );
            let place = if which == 1 {
                members.push(new);
                Place::Last
            } else {
                members.insert(0, new);
                Place::First
            };
            insert_member(node, place, "brand-new", "[\"a\", {}]")
        }
        3 => {
            if above.is_empty() {
                return None;
            }
            match at(said, above) {
                Value::Object(members) => drop(members.remove(last)),
                Value::Array(items) => drop(items.remove(last)),
                _ => return None,
            }
            remove_member(node)
        }
        4 => {
            let Value::Array(items) = at(said, path) else {
                return None;
            };
            items.push(string("5m"));
            append_item(node, "\"5m\"")
        }
        _ => {
            let Value::Array(items) = at(said, path) else {
                return None;
            };
            items.reverse();
            let order: Vec<usize> = (0..items.len()).rev().collect();
            reorder_items(node, &order)
        }
    }
}

#[test]
fn edits_change_what_they_say_and_nothing_else() {
    let Some(corpus) = corpus() else { return };
    let mut files: Vec<_> = walkdir::WalkDir::new(corpus)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .filter(|path| dashlint::source::walk::is_candidate(path))
        .collect();
    files.sort();
    let step = (files.len() / 250).max(1);
    let mut seed = 7usize;
    let (mut made, mut none) = ([0; 6], [0; 6]);
    for path in files.iter().step_by(step) {
        let Ok(text) = fs::read_to_string(path) else {
            continue;
        };
        if text.len() > 150_000 {
            continue;
        }
        let json = path
            .extension()
            .is_some_and(|extension| extension == "json");
        let tree = parse(&text, json);
        if !tree.problems().is_empty() {
            continue;
        }
        let all = nodes(&tree);
        let before = documents(&tree);
        for which in (0..6).cycle().take(18) {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let Some((node, path_to)) = all.get((seed >> 20) % all.len().max(1)) else {
                continue;
            };
            let mut said = before.clone();
            let Some(mut edits) = change(which, *node, path_to, &mut said) else {
                none[which] += 1;
                continue;
            };
            edits.sort();
            let new = apply(&text, &edits).expect("the edits fit");
            let after = parse(&new, json);
            let place = format!(
                "{} {} by {which}: {edits:?}",
                path.display(),
                node.pointer()
            );
            assert!(
                after.problems().is_empty(),
                "{place}: {:?}",
                after.problems()
            );
            assert_eq!(documents(&after), said, "{place}");
            assert_eq!(
                new.contains("\r\n"),
                text.contains("\r\n") && new.contains('\n'),
                "{place}"
            );
            made[which] += 1;
        }
    }
    assert!(
        files.is_empty() || made.iter().all(|made| *made > 0),
        "{made:?} {none:?}"
    );
}
