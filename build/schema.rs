//! The tables of `src/rules/provisioning/schema`.

use crate::facts::{self, Table, Value, flag, get, text};

/// The Rust code for the files of `rules/facts/` that hold shapes, taken together.
pub(crate) fn generate(facts: &Table) -> Result<String, String> {
    let names: Vec<&str> = facts.iter().map(|(name, _)| name.as_str()).collect();
    let mut code = "static SHAPES: &[Shape] = &[\n".to_owned();
    for (name, _) in facts {
        code += &shape(name, facts, &names).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(code + "];\n")
}

fn shape(name: &str, facts: &Table, names: &[&str]) -> Result<String, String> {
    let own = table(facts, name)?;
    let default = match get(own, "@type") {
        Some(effect) => {
            let effect = effect.table()?;
            (text(effect, "level")?, text(effect, "effect")?)
        }
        None => (None, None),
    };
    let unknown = match text(own, "@unknown")?.ok_or("no `@unknown`")? {
        "open" => "Unknown::Open".to_owned(),
        "near" => "Unknown::Near".to_owned(),
        effect => format!("Unknown::Told({effect:?})"),
    };
    let mut keys: Vec<&str> = Vec::new();
    let mut fields = String::new();
    // What it has from others stands behind its own keys, which come first.
    let mut open = vec![name];
    while let Some(from) = open.pop() {
        let shape = table(facts, from)?;
        for (key, field) in shape.iter().filter(|(key, _)| !key.starts_with('@')) {
            if !keys.contains(&key.as_str()) {
                keys.push(key);
                fields += &self::field(key, field, default, names)
                    .map_err(|error| format!("{key}: {error}"))?;
            }
        }
        if let Some(with) = get(shape, "@with") {
            open.extend(with.texts()?);
        }
    }
    Ok(format!(
        "Shape {{ name: {name:?}, unknown: {unknown}, fields: &[\n{fields}] }},\n"
    ))
}

fn table<'t>(facts: &'t Table, name: &str) -> Result<&'t Table, String> {
    get(facts, name)
        .ok_or_else(|| format!("no shape `{name}`"))?
        .table()
}

fn field(
    key: &str,
    field: &Value,
    default: (Option<&str>, Option<&str>),
    names: &[&str],
) -> Result<String, String> {
    let plain;
    let field = match field {
        Value::Text(kind) => {
            plain = vec![("type".to_owned(), Value::Text(kind.clone()))];
            &plain
        }
        field => field.table()?,
    };
    let quoted = |key: &str| -> Result<String, String> {
        Ok(text(field, key)?.map_or("None".to_owned(), |text| format!("Some({text:?})")))
    };
    let list = |key: &str| -> Result<Vec<&str>, String> {
        get(field, key).map_or(Ok(Vec::new()), Value::texts)
    };
    let level = |default: Option<&str>| -> Result<&str, String> {
        match text(field, "level")?.or(default) {
            Some("error") => Ok("Severity::Error"),
            Some("warning") => Ok("Severity::Warning"),
            Some("info") => Ok("Severity::Info"),
            other => Err(format!("no level: {other:?}")),
        }
    };
    let required = match (flag(field, "required"), list("unless")?) {
        (true, unless) => format!("Some(&{unless:?})"),
        (false, unless) if unless.is_empty() => "None".to_owned(),
        (false, _) => return Err("`unless` without `required`".into()),
    };
    let effect = text(field, "effect")?.or(default.1).unwrap_or_default();
    let otherwise = match text(field, "otherwise")? {
        Some(effect) => format!("Some(({}, {effect:?}))", level(Some("warning"))?),
        None => "None".to_owned(),
    };
    let fate = match (text(field, "old")?, text(field, "gone")?) {
        (Some(new), None) => format!("Fate::Renamed({new:?})"),
        (None, Some(why)) => format!("Fate::Gone({}, {why:?})", level(Some("warning"))?),
        (None, None) => "Fate::Read".to_owned(),
        _ => return Err("both `old` and `gone`".into()),
    };
    let (stem, numbered) = match key.strip_suffix("<N>") {
        Some(stem) => (stem, true),
        None => (key, false),
    };
    Ok(format!(
        "Field {{ key: {stem:?}, numbered: {numbered}, accepts: {}, required: {required}, fault: ({}, {effect:?}), \
         values: &{:?}, folded: {}, typos: {}, otherwise: {otherwise}, fate: {fate}, blank: {}, secret: {} }},\n",
        alternatives(text(field, "type")?.unwrap_or("any"), names)?,
        level(default.0.or(Some("warning")))?,
        list("values")?,
        flag(field, "folded"),
        flag(field, "typos"),
        quoted("blank")?,
        flag(field, "secret"),
    ))
}

fn alternatives(kinds: &str, names: &[&str]) -> Result<String, String> {
    let parts: Result<Vec<_>, String> = facts::alternatives(kinds)
        .map(|kind| accepted(kind, names))
        .collect();
    Ok(format!("&[{}]", parts?.join(", ")))
}

fn accepted(kind: &str, names: &[&str]) -> Result<String, String> {
    let inner = |open: char, close: char| kind.strip_prefix(open)?.strip_suffix(close);
    if let Some(item) = inner('[', ']') {
        return Ok(format!("Accepts::ListOf({})", alternatives(item, names)?));
    }
    if let Some(value) = inner('{', '}') {
        return Ok(format!("Accepts::MapOf({})", alternatives(value, names)?));
    }
    let number = |name: &str| {
        let at = names.iter().position(|known| *known == name);
        at.ok_or_else(|| format!("no shape `{name}`"))
    };
    if let Some((name, key)) = kind.split_once('@') {
        let prefix = format!("{name}.");
        let cases = names
            .iter()
            .enumerate()
            .filter_map(|(at, known)| Some(format!("({:?}, {at})", known.strip_prefix(&prefix)?)));
        let cases: Vec<_> = cases.collect();
        return Ok(format!(
            "Accepts::By {{ key: {key:?}, cases: &[{}], other: {} }}",
            cases.join(", "),
            number(name)?,
        ));
    }
    Ok(match kind {
        "string" => "Accepts::String".to_owned(),
        "text" => "Accepts::Text".to_owned(),
        "int" => "Accepts::Int".to_owned(),
        "flag" => "Accepts::Flag".to_owned(),
        "number" => "Accepts::Number".to_owned(),
        "bool" => "Accepts::Bool".to_owned(),
        "duration" => "Accepts::Duration".to_owned(),
        "list" => "Accepts::List".to_owned(),
        "object" => "Accepts::Object".to_owned(),
        "any" => "Accepts::Any".to_owned(),
        name => format!("Accepts::Shape({})", number(name)?),
    })
}
