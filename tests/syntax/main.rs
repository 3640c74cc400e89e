//! The syntax layer: JSON and YAML into one tree, with exact spans.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

#[path = "../support/mod.rs"]
mod support;

mod corpus;
mod edit;
mod hostile;
mod json;
mod oracle;
mod template;
mod yaml;

use std::sync::Arc;

use dashlint::span::Span;
use dashlint::syntax::{Kind, NodeRef, Problem, ProblemKind, Style, Tree, parse_json, parse_yaml};
use serde_json::Value;

fn json(text: &str) -> Tree {
    parse_json(Arc::from(text))
}

fn yaml(text: &str) -> Tree {
    parse_yaml(Arc::from(text))
}

fn slice(tree: &Tree, span: Span) -> &str {
    &tree.text()[span.range()]
}

/// Kind and place of every problem.
fn problems(tree: &Tree) -> Vec<(ProblemKind, &str)> {
    tree.problems()
        .iter()
        .map(|problem| (problem.kind, slice(tree, problem.span)))
        .collect()
}

fn only_problem(tree: &Tree) -> &Problem {
    assert_eq!(tree.problems().len(), 1, "{:?}", tree.problems());
    &tree.problems()[0]
}

/// A value as serde_json would have it; aliases are not followed.
fn value(node: NodeRef<'_>) -> Value {
    match node.kind() {
        Kind::Null | Kind::Alias => Value::Null,
        Kind::Bool => Value::Bool(node.as_bool().unwrap()),
        Kind::Number => {
            let raw = node.raw();
            serde_json::from_str(raw).unwrap_or_else(|_| node.as_f64().into())
        }
        Kind::String => Value::String(node.as_str().unwrap().into_owned()),
        Kind::Array => node.items().map(value).collect(),
        Kind::Object => Value::Object(
            node.members()
                .map(|member| (member.key().unwrap_or_default().into_owned(), value(member)))
                .collect(),
        ),
    }
}

/// Every node of a tree, in order; children after their parent.
fn nodes(tree: &Tree) -> Vec<NodeRef<'_>> {
    let mut found = Vec::new();
    let mut open: Vec<NodeRef<'_>> = tree.documents().collect();
    open.reverse();
    while let Some(node) = open.pop() {
        found.push(node);
        if !is_alias(node) {
            let from = open.len();
            open.extend(node.children());
            open[from..].reverse();
        }
    }
    found
}

/// Whether it stands for another node, or for none.
fn is_alias(node: NodeRef<'_>) -> bool {
    let written = &node.tree().text()[node.span().range()];
    node.style() == Style::Plain && written.starts_with('*')
}
