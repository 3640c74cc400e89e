//! The JSON Schema of policy files, from the tables of keys, fields and operators.

use serde_json::{Map, Value, json};

use super::fields::{self, Type};
use super::fix::CHANGES;
use super::keys::{EXAMPLE_KEYS, FILE_KEYS, Key, RULE_KEYS};
use super::kind::Kind;
use super::ops::{OPERATORS, Operator, Takes};
use crate::diagnostic::{Safety, Severity};

/// The schema: what editors complete and check policy files with.
pub fn policy_schema() -> Value {
    let mut definitions = Map::new();
    for kind in Kind::CHOSEN.into_iter().chain(Kind::ITEMS) {
        definitions.insert(condition_name(kind), condition(kind));
    }
    for kind in Kind::CHOSEN {
        definitions.insert(changes_name(kind), changes(kind));
    }
    for (name, ty) in TYPES {
        definitions.insert((*name).to_owned(), test(*ty));
    }
    definitions.insert("count-test".to_owned(), counts());
    definitions.insert("example".to_owned(), example());
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
            patterns.insert(member_pattern(field.name), test_of(Type::Text));
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
        true => json!({ "anyOf": [scalar(ty), list(&scalar(ty)), object] }),
        false => object,
    }
}

/// What stands behind `length`.
fn counts() -> Value {
    let mut test = test(Type::Number);
    test["anyOf"][0] = json!({ "type": ["integer", "null"], "minimum": 0 });
    let object = &mut test["anyOf"][2]["properties"];
    object["equals"]["minimum"] = json!(0);
    object["max"]["minimum"] = json!(0);
    object["min"]["exclusiveMinimum"] = json!(0);
    test
}

/// A value to compare one of a type with.
fn scalar(ty: Type) -> Value {
    json!({ "type": match ty {
        Type::Text => json!(["string", "null"]),
        Type::Number => json!(["number", "null"]),
        Type::Duration => json!(["string", "number", "null"]),
        Type::Flag => json!(["boolean", "null"]),
        _ => json!(["string", "number", "boolean", "null"]),
    } })
}

/// An example: flagged with or without what it becomes, or clean.
fn example() -> Value {
    let mut example = object(EXAMPLE_KEYS, |_| json!({ "type": "string" }));
    example["oneOf"] = json!([
        { "required": ["flagged"] },
        { "required": ["clean"], "properties": { "fixed": false } },
    ]);
    example
}

fn operand(operator: &Operator, ty: Type) -> Value {
    match operator.takes {
        Takes::Scalar if operator.name == "contains" => scalar(ty.item().unwrap_or(ty)),
        Takes::Scalar => scalar(ty),
        Takes::Scalars => list(&scalar(ty)),
        Takes::Text => json!({ "type": "string" }),
        Takes::Pattern => json!({ "type": "string", "format": "regex" }),
        Takes::Flag => json!({ "type": "boolean" }),
        Takes::Limit => match ty {
            Type::Number => json!({ "type": "number" }),
            _ => json!({ "type": ["number", "string"], "examples": ["5m"] }),
        },
        Takes::Count => reference("count-test"),
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
        "message" => json!({ "type": "string", "pattern": "\\S" }),
        "once" => json!({ "type": "boolean" }),
        "fix" => json!({ "type": "object" }),
        "examples" => json!({ "type": "array", "items": reference("example") }),
        _ => json!({ "type": "string" }),
    });
    rule["required"] = json!(["id", "on", "message"]);
    rule["anyOf"] = json!([{ "required": ["require"] }, { "required": ["forbid"] }]);
    let by_kind = Kind::CHOSEN.map(|kind| {
        let condition = reference(&condition_name(kind));
        json!({
            "if": { "properties": { "on": { "anyOf": [
                { "const": kind.name() },
                { "type": "array", "contains": { "const": kind.name() } },
            ] } }, "required": ["on"] },
            "then": { "properties": {
                "where": condition,
                "require": condition,
                "forbid": condition,
                "fix": fix(kind),
            } },
        })
    });
    rule["allOf"] = json!(by_kind);
    rule
}

fn changes_name(kind: Kind) -> String {
    format!("{}-changes", kind.name())
}

/// A repair of things of a kind.
fn fix(kind: Kind) -> Value {
    let changes = reference(&changes_name(kind));
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

/// What a repair of things of a kind does.
fn changes(kind: Kind) -> Value {
    let fields = |fits: fn(Type) -> bool| {
        fields::all(kind).filter(move |field| field.is_writable() && fits(field.ty))
    };
    let changed = |fits: fn(Type) -> bool, value: Value| {
        let properties: Map<String, Value> = fields(fits)
            .map(|field| (field.name.to_owned(), value.clone()))
            .collect();
        let mut patterns = Map::from_iter([("^/".to_owned(), value.clone())]);
        let maps = fields(fits).filter(|field| field.ty == Type::Map && fits(Type::Text));
        patterns.extend(maps.map(|map| (member_pattern(map.name), value.clone())));
        json!({
            "type": "object",
            "properties": properties,
            "patternProperties": patterns,
            "additionalProperties": false,
        })
    };
    let any = |_: Type| true;
    let names: Vec<&str> = fields(any).map(|field| field.name).collect();
    let maps = fields(any).filter(|field| field.ty == Type::Map);
    let patterns = maps.map(|map| member_pattern(map.name));
    let mut named = vec![json!({ "enum": names })];
    named.extend(
        patterns
            .chain(["^/".to_owned()])
            .map(|pattern| json!({ "type": "string", "pattern": pattern })),
    );
    let named = json!({ "anyOf": named });
    let mut changes = Map::new();
    for (name, doc) in CHANGES {
        let mut value = match name {
            "remove" => json!({ "anyOf": [named, { "type": "array", "items": named }] }),
            "rename" => changed(any, json!({ "type": "string" })),
            "append" => changed(|ty| matches!(ty, Type::Texts | Type::Any), json!({})),
            _ => changed(any, json!({})),
        };
        value["description"] = json!(doc);
        changes.insert(name.to_owned(), value);
    }
    json!({ "type": "object", "properties": changes, "additionalProperties": false, "minProperties": 1 })
}

/// The members of a map, each of which is a field: `labels.severity`.
fn member_pattern(map: &str) -> String {
    format!("^{map}\\..")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::policy::pack::PACKS;
    use crate::policy::parse::parse;
    use crate::source::Source;
    use crate::syntax::{Kind as NodeKind, NodeRef, parse_yaml};

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

    /// What the parser takes, the schema takes, and what it refuses too, but for what no schema can say.
    #[test]
    fn the_schema_takes_what_the_parser_takes() {
        const BEYOND: [&str; 7] = [
            "no regular expression",
            "takes a duration",
            "takes a number or a duration",
            "is no duration",
            "another rule is called",
            "nothing is at least",
            "the fix changes nothing",
        ];
        let validator = jsonschema::validator_for(&policy_schema()).expect("a schema");
        let mut tried = 0;
        let texts = PACKS.iter().map(|pack| pack.text).chain([SAMPLE]);
        for (number, text) in texts.enumerate() {
            let root = parse_yaml(text.into());
            let rules = root
                .root()
                .and_then(|root| root.get("rules"))
                .expect("rules");
            for (at, rule) in rules.items().map(json_of).map(plain).enumerate() {
                for (step, mutant) in mutants(&rule).into_iter().enumerate() {
                    // Each pack has much the same keys: some of them are enough.
                    if (number, (at + step) % 5) != (PACKS.len(), (at + step) % 5)
                        && (at + step) % 5 != 0
                    {
                        continue;
                    }
                    let file = json!({ "version": 1, "rules": [mutant] });
                    let source = Arc::new(Source::new("p.yaml", None, file.to_string()));
                    let told = parse(&source).problems;
                    let mut told = told.iter().map(|one| one.message.as_str());
                    let beyond = |message: &str| BEYOND.iter().any(|part| message.contains(part));
                    let taken = validator.is_valid(&file);
                    let (refused, seen) = (told.clone().next(), told.any(|one| !beyond(one)));
                    assert!(
                        taken || refused.is_some(),
                        "the parser takes what the schema refuses: {mutant:#}"
                    );
                    assert!(
                        !taken || !seen,
                        "the schema takes what the parser refuses: {refused:?} {mutant:#}"
                    );
                    tried += 1;
                }
            }
        }
        assert!(tried > 1000, "{tried}");
    }

    const SAMPLE: &str = "rules:
  - id: t/a
    on: dashboard
    where: { not: { folder: [x], or: [{ uid: y }, { tags: { all: { ends-with: z } } }] } }
    require: { refresh: { min: 10s, not: { equals: 1m } }, editable: true, panels: { none: { type: { in: [a] } } } }
    message: '{title}'
    fix: { safe: { set: { refresh: 1m }, append: { tags: x }, remove: [/gnetId, description], rename: { /a: b } } }
    examples: [{ flagged: a, fixed: b, file: c }, { clean: d }]
  - id: t/b
    on: [alert, recording-rule]
    forbid: { labels.severity: { exists: true, length: { min: 1, max: 5 } }, label-names: { any: { or: [x, { contains: y }] } } }
    severity: info
    message: m
    help: h
    once: true
    fix: { display: { set: { labels.severity: warning }, remove: labels.sev } }
  - id: t/c
    on: query
    forbid: { promql.selectors: { any: { matchers: { none: { op: '=~' } }, reach: { max: 1d } } }, promql.cost: { min: 3 }, /a/b: { any: { /c: 1 } } }
    message: m
";

    /// The same rule without placeholders, of which a schema knows nothing.
    fn plain(value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(text.replace(['{', '}'], "")),
            Value::Array(items) => items.into_iter().map(plain).collect(),
            Value::Object(members) => members
                .into_iter()
                .map(|(key, one)| (key, plain(one)))
                .collect(),
            value => value,
        }
    }

    /// The same value with one thing in it changed, in every way.
    fn mutants(value: &Value) -> Vec<Value> {
        let odd = [
            json!(null),
            json!(true),
            json!(-1),
            json!(0.5),
            json!(""),
            json!("odd"),
            json!([]),
            json!({}),
            json!(["odd"]),
            json!({ "odd": 1 }),
        ];
        let mut all = odd.to_vec();
        match value {
            Value::Object(members) => {
                for (key, inner) in members {
                    let mut without = members.clone();
                    without.remove(key);
                    all.push(Value::Object(without.clone()));
                    without.insert(format!("{key}x"), inner.clone());
                    all.push(Value::Object(without));
                    all.extend(mutants(inner).into_iter().map(|mutant| {
                        let mut changed = members.clone();
                        changed.insert(key.clone(), mutant);
                        Value::Object(changed)
                    }));
                }
                let mut more = members.clone();
                more.insert("odd".to_owned(), json!(1));
                all.push(Value::Object(more));
            }
            Value::Array(items) => {
                for (at, inner) in items.iter().enumerate() {
                    all.extend(mutants(inner).into_iter().map(|mutant| {
                        let mut changed = items.clone();
                        changed[at] = mutant;
                        Value::Array(changed)
                    }));
                }
            }
            _ => {}
        }
        all
    }

    fn json_of(node: NodeRef<'_>) -> Value {
        match node.kind() {
            NodeKind::Object => {
                let members = node.members();
                let members =
                    members.map(|one| (one.key().unwrap_or_default().into_owned(), json_of(one)));
                Value::Object(members.collect())
            }
            NodeKind::Array => node.items().map(json_of).collect(),
            NodeKind::Bool => json!(node.as_bool()),
            NodeKind::Number => node
                .as_i64()
                .map_or_else(|| json!(node.as_f64()), Value::from),
            NodeKind::String => json!(node.as_str()),
            NodeKind::Null | NodeKind::Alias => Value::Null,
        }
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
