//! The packs, the schema and the documentation hold.

use std::fs;

use dashlint::policy::{pack, reference, run_examples};
use serde_json::Value;

use crate::{FIXABLE, rule};

#[test]
fn packs_hold() {
    for pack in pack::PACKS {
        let rules = pack.rules();
        assert!(!rules.is_empty(), "{} is not understood", pack.name);
        for rule in rules {
            assert!(
                rule.example_count() >= 2,
                "{} has too few examples",
                rule.id
            );
            let kinds: Vec<bool> = rule.shown_examples().map(|(_, flagged)| flagged).collect();
            assert!(
                kinds.contains(&true) && kinds.contains(&false),
                "{} lacks a flagged or a clean example",
                rule.id
            );
            assert_eq!(rule.id.split('/').next(), Some(pack.name), "{}", rule.id);
            let failures = run_examples(&rule);
            assert!(failures.is_empty(), "{}: {failures:#?}", rule.id);
        }
    }
}

#[test]
fn policy_files_fit_their_schema() {
    let schema: Value =
        serde_json::from_str(&fs::read_to_string("schemas/policy.schema.json").unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let valid = |text: &str| -> Vec<String> {
        let value = to_json(text);
        validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect()
    };
    for pack in pack::PACKS {
        assert_eq!(valid(pack.text), [""; 0], "{}", pack.name);
    }
    assert_eq!(valid(FIXABLE), [""; 0]);
    assert!(!valid(&rule("on: panel\nrequire: { titel: x }")).is_empty());
    assert!(!valid(&rule("on: panel\nrequire: { title: { match: x } }")).is_empty());
    assert!(!valid(&rule("on: panel")).is_empty());
}

/// YAML as JSON, by the program's own parser.
fn to_json(text: &str) -> Value {
    use dashlint::syntax::{Kind, NodeRef, parse_yaml};
    fn value(node: NodeRef<'_>) -> Value {
        match node.kind() {
            Kind::Object => {
                let members = node
                    .members()
                    .map(|member| (member.key().unwrap().into_owned(), value(member)));
                Value::Object(members.collect())
            }
            Kind::Array => node.items().map(value).collect(),
            Kind::Bool => Value::from(node.as_bool().unwrap()),
            Kind::Number => node
                .as_i64()
                .map_or_else(|| Value::from(node.as_f64().unwrap()), Value::from),
            Kind::String => Value::from(node.as_str().unwrap()),
            Kind::Null | Kind::Alias => Value::Null,
        }
    }
    value(parse_yaml(text.into()).root().unwrap())
}

/// The tables of the documentation come from the program.
#[test]
fn the_documentation_is_up_to_date() {
    for (file, parts) in [
        (
            "rules/policies.md",
            vec![
                ("keys", reference::keys()),
                ("operators", reference::operators()),
                ("kinds", reference::kinds()),
                ("fields", reference::all_fields()),
            ],
        ),
        ("rules/packs.md", vec![("packs", reference::packs())]),
    ] {
        let page = fs::read_to_string(file).unwrap();
        let mut wanted = page.clone();
        for (name, text) in parts {
            let start =
                format!("<!-- {name}: written by `UPDATE=1 cargo test --test policies` -->\n");
            let end = format!("<!-- /{name} -->");
            let (from, to) = (
                wanted.find(&start).unwrap() + start.len(),
                wanted.find(&end).unwrap(),
            );
            wanted.replace_range(from..to, &text);
        }
        if std::env::var_os("UPDATE").is_some() {
            fs::write(file, &wanted).unwrap();
        } else {
            assert!(
                page == wanted,
                "{file} is stale: UPDATE=1 cargo test --test policies"
            );
        }
    }
}
