//! The JSON Schema of `dashlint.toml`, from the table of keys and the rules' options.

use serde_json::{Map, Value, json};

use super::keys::{IGNORE, Key, LEVELS, PRESETS, ROOT, Shape};
use crate::diagnostic::Group;
use crate::diagnostic::meta::META;
use crate::policy::pack::PACKS;
use crate::rules::{OptionDefault, RULES, Rule};

/// The schema: what editors complete and check `dashlint.toml` with.
pub fn config_schema() -> Value {
    let mut schema = object(ROOT);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("dashlint configuration");
    schema["$defs"] = json!({
        "level": {
            "description": "`off`, a severity, or `true`: on, at its own severity.",
            "anyOf": [{ "enum": LEVELS }, { "type": "boolean" }],
        },
        "name": { "anyOf": [{ "enum": names() }, { "type": "string", "pattern": "/" }] },
        "globs": strings(),
    });
    schema
}

fn names() -> Vec<&'static str> {
    let groups = Group::ALL.iter().map(|group| group.name());
    let rules = RULES.iter().map(|rule| rule.id);
    let mut names: Vec<&str> = ["all"].into_iter().chain(groups).chain(rules).collect();
    names.extend(PACKS.iter().map(|pack| pack.name));
    for meta in META {
        if !names.contains(&meta.id) {
            names.push(meta.id);
        }
    }
    names
}

fn object(keys: &[Key]) -> Value {
    let mut properties = Map::new();
    for key in keys {
        let mut value = shape(&key.shape);
        value["description"] = json!(key.doc);
        properties.insert(key.name.to_owned(), value);
    }
    let mut object =
        json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if std::ptr::eq(keys, IGNORE) {
        object["required"] = json!(["rules", "reason"]);
    }
    object
}

fn strings() -> Value {
    json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] })
}

fn shape(shape: &Shape) -> Value {
    match shape {
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Str => json!({ "type": "string" }),
        Shape::At => json!({ "type": "string", "pattern": "^(panel:|query:|variable:|alert:|#)" }),
        Shape::RunbookPattern => {
            json!({ "type": "string", "examples": ["https://runbooks.acme/{alertname}"] })
        }
        Shape::Positive => json!({ "type": "number", "exclusiveMinimum": 0 }),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::Words(words) => {
            let one = json!({ "enum": words });
            json!({ "anyOf": [one, { "type": "array", "items": one }] })
        }
        Shape::Strings => strings(),
        Shape::Globs => json!({ "$ref": "#/$defs/globs" }),
        Shape::Extends => {
            let presets = PRESETS.map(|name| format!("preset:{name}"));
            let one = json!({ "anyOf": [
                { "enum": presets },
                { "type": "string", "pattern": "^pack:|\\.(toml|ya?ml)$" },
            ] });
            json!({ "anyOf": [one, { "type": "array", "items": one }] })
        }
        Shape::Version => version(),
        Shape::Duration => {
            json!({ "type": "string", "pattern": "^([0-9]+(ms|[smhdwy]))+$", "examples": ["30s"] })
        }
        Shape::VersionOr(keys) => json!({ "anyOf": [version(), object(keys)] }),
        Shape::Date => json!({ "type": "string", "format": "date" }),
        Shape::Selectors => {
            let one = json!({ "$ref": "#/$defs/name" });
            json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
        }
        Shape::Map => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Shape::Table(keys) => object(keys),
        Shape::Tables(keys) => json!({ "type": "array", "items": object(keys) }),
        Shape::Rules => rules(),
        Shape::PerFile => json!({
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "propertyNames": { "$ref": "#/$defs/name" },
                "additionalProperties": { "$ref": "#/$defs/level" },
            },
        }),
    }
}

fn version() -> Value {
    json!({ "type": "string", "pattern": "^v?[0-9]+(\\.[0-9]+){0,2}$", "examples": ["12.1"] })
}

fn rules() -> Value {
    let level = json!({ "$ref": "#/$defs/level" });
    let mut properties = Map::new();
    for name in names() {
        let rule = crate::rules::find(name);
        let mut value = json!({ "anyOf": [level, options(rule)] });
        if let Some(rule) = rule {
            value["description"] = json!(rule.summary);
        }
        properties.insert(name.to_owned(), value);
    }
    json!({
        "type": "object",
        "properties": properties,
        "patternProperties": { "/": { "anyOf": [level, { "type": "object" }] } },
        "additionalProperties": false,
    })
}

fn options(rule: Option<&Rule>) -> Value {
    let mut properties = Map::new();
    properties.insert("severity".to_owned(), json!({ "$ref": "#/$defs/level" }));
    for spec in rule.map_or(&[][..], |rule| rule.options) {
        let mut value = match spec.default {
            OptionDefault::Bool(default) => json!({ "type": "boolean", "default": default }),
            OptionDefault::Int(default) => json!({ "type": "integer", "default": default }),
            OptionDefault::Float(default) => json!({ "type": "number", "default": default }),
            OptionDefault::Str(default) => json!({ "type": "string", "default": default }),
            OptionDefault::List(default) => {
                json!({ "type": "array", "items": { "type": "string" }, "default": default })
            }
        };
        value["description"] = json!(spec.doc);
        properties.insert(spec.name.to_owned(), value);
    }
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}
