//! The JSON Schema of policy files, from the tables of keys, fields and operators.

use serde_json::{Map, Value, json};

use super::fields::{self, Type};
use super::fix::CHANGES;
use super::kind::Kind;
use super::ops::{OPERATORS, Operator, Takes};
use super::parse::{EXAMPLE_KEYS, FILE_KEYS, Key, RULE_KEYS};
use crate::diagnostic::{Safety, Severity};

/// The schema: what editors complete and check policy files with.
pub fn policy_schema() -> Value {
    let mut definitions = Map::new();
    for kind in Kind::CHOSEN.into_iter().chain(Kind::ITEMS) {
        definitions.insert(condition_name(kind), condition(kind));
    }
    for (name, ty) in TYPES {
        definitions.insert((*name).to_owned(), test(*ty));
    }
    definitions.insert(
        "scalar".to_owned(),
        json!({ "type": ["string", "number", "boolean", "null"] }),
    );
    definitions.insert(
        "example".to_owned(),
        object(EXAMPLE_KEYS, |_| json!({ "type": "string" })),
    );
    definitions.insert("rule".to_owned(), rule());
    let mut schema = object(FILE_KEYS, |key| match key {
        "version" => json!({ "const": 1 }),
        "rules" => json!({ "type": "array", "items": { "$ref": "#/$defs/rule" } }),
        _ => json!({ "type": "string" }),
    });
    schema["required"] = json!(["version", "rules"]);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("dashlint policies");
    schema["$defs"] = Value::Object(definitions);
    schema
}

/// The types that tests have definitions for. Things have theirs under the name of their kind.
const TYPES: &[(&str, Type)] = &[
    ("text-test", Type::Text),
    ("number-test", Type::Number),
    ("duration-test", Type::Duration),
    ("flag-test", Type::Flag),
    ("map-test", Type::Map),
    ("texts-test", Type::Texts),
    ("durations-test", Type::Durations),
    ("any-test", Type::Any),
    ("links-test", Type::Things(Kind::Link)),
    ("thresholds-test", Type::Things(Kind::Threshold)),
    ("selectors-test", Type::Things(Kind::Selector)),
    ("matchers-test", Type::Things(Kind::Matcher)),
    ("aggregations-test", Type::Things(Kind::Aggregation)),
    ("receivers-test", Type::Things(Kind::Receiver)),
    ("panels-test", Type::Things(Kind::Panel)),
    ("rows-test", Type::Things(Kind::Row)),
    ("variables-test", Type::Things(Kind::Variable)),
    ("annotations-test", Type::Things(Kind::Annotation)),
    ("queries-test", Type::Things(Kind::Query)),
];

fn object(keys: &[Key], shape: impl Fn(&str) -> Value) -> Value {
    let mut properties = Map::new();
    for key in keys {
        let mut value = shape(key.name);
        value["description"] = json!(key.doc);
        properties.insert(key.name.to_owned(), value);
    }
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn condition_name(kind: Kind) -> String {
    format!("{}-condition", kind.name())
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// A list with something in it.
fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items, "minItems": 1 })
}

fn test_of(ty: Type) -> Value {
    let name = TYPES.iter().find(|(_, known)| *known == ty);
    name.map_or(json!({}), |(name, _)| reference(name))
}

fn condition(kind: Kind) -> Value {
    let own = reference(&condition_name(kind));
    let mut properties = Map::new();
    let mut patterns = Map::new();
    for field in fields::all(kind) {
        let mut value = test_of(field.ty);
        value["description"] = json!(field.doc);
        properties.insert(field.name.to_owned(), value);
        if field.ty == Type::Map {
            patterns.insert(format!("^{}\\.", field.name), test_of(Type::Text));
        }
    }
    for word in ["and", "or"] {
        properties.insert(word.to_owned(), list(&own));
    }
    properties.insert("not".to_owned(), own);
    patterns.insert("^/".to_owned(), test_of(Type::Any));
    json!({
        "type": "object",
        "properties": properties,
        "patternProperties": patterns,
        "additionalProperties": false,
        "minProperties": 1,
    })
}

fn test(ty: Type) -> Value {
    let mut properties = Map::new();
    for operator in OPERATORS.iter().filter(|operator| operator.fits(ty)) {
        let mut value = operand(operator, ty);
        value["description"] = json!(operator.doc);
        properties.insert(operator.name.to_owned(), value);
    }
    let plain = properties.contains_key("equals");
    let object = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "minProperties": 1,
    });
    match plain {
        true => json!({ "anyOf": [reference("scalar"), list(&reference("scalar")), object] }),
        false => object,
    }
}

fn operand(operator: &Operator, ty: Type) -> Value {
    match operator.takes {
        Takes::Scalar => reference("scalar"),
        Takes::Scalars => list(&reference("scalar")),
        Takes::Text => json!({ "type": "string" }),
        Takes::Pattern => json!({ "type": "string", "format": "regex" }),
        Takes::Flag => json!({ "type": "boolean" }),
        Takes::Limit => match ty {
            Type::Number => json!({ "type": "number" }),
            _ => json!({ "type": ["number", "string"], "examples": ["5m"] }),
        },
        Takes::Count => reference("number-test"),
        Takes::Item => match ty {
            Type::Things(kind) => reference(&condition_name(kind)),
            Type::Any => {
                json!({ "anyOf": [reference("any-test"), reference(&condition_name(Kind::Value))] })
            }
            ty => test_of(ty.item().unwrap_or(Type::Any)),
        },
        Takes::Test => test_of(ty),
        Takes::Tests => list(&test_of(ty)),
    }
}

fn rule() -> Value {
    let kinds = Kind::CHOSEN.map(Kind::name);
    let severities = Severity::ALL.map(Severity::name);
    let mut rule = object(RULE_KEYS, |key| match key {
        "id" => json!({ "type": "string", "pattern": "^[a-z0-9-]+/[a-z0-9-]+$" }),
        "on" => {
            let one = json!({ "enum": kinds });
            json!({ "anyOf": [one, list(&one)] })
        }
        "where" | "require" | "forbid" => json!({ "type": "object" }),
        "severity" => json!({ "enum": severities }),
        "once" => json!({ "type": "boolean" }),
        "fix" => fix(),
        "examples" => json!({ "type": "array", "items": reference("example") }),
        _ => json!({ "type": "string" }),
    });
    rule["required"] = json!(["id", "on", "message"]);
    rule["anyOf"] = json!([{ "required": ["require"] }, { "required": ["forbid"] }]);
    let by_kind = Kind::CHOSEN.map(|kind| {
        let condition = reference(&condition_name(kind));
        json!({
            "if": { "properties": { "on": { "const": kind.name() } }, "required": ["on"] },
            "then": { "properties": { "where": condition, "require": condition, "forbid": condition } },
        })
    });
    rule["allOf"] = json!(by_kind);
    rule
}

fn fix() -> Value {
    let mut changes = Map::new();
    for (name, doc) in CHANGES {
        let mut value = match name {
            "remove" => {
                json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] })
            }
            "rename" => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
            _ => json!({ "type": "object" }),
        };
        value["description"] = json!(doc);
        changes.insert(name.to_owned(), value);
    }
    let changes = json!({ "type": "object", "properties": changes, "additionalProperties": false, "minProperties": 1 });
    let properties: Map<String, Value> = Safety::ALL
        .iter()
        .map(|safety| (safety.name().to_owned(), changes.clone()))
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": 1,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_schema_is_checked_in() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/policy.schema.json");
        let mut now = serde_json::to_string_pretty(&policy_schema()).expect("JSON");
        now.push('\n');
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &now).expect("the schema can be written");
        }
        let checked_in = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            checked_in == now,
            "schemas/policy.schema.json is stale: run the tests with UPDATE=1"
        );
    }

    #[test]
    fn every_type_of_a_field_has_a_definition() {
        for kind in Kind::CHOSEN.into_iter().chain(Kind::ITEMS) {
            for field in fields::all(kind) {
                let known = TYPES.iter().any(|(_, ty)| *ty == field.ty);
                assert!(known, "{} of {}", field.name, kind.name());
            }
        }
    }
}
