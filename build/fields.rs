//! The table of `src/rules/dashboard/fields.rs`.

use crate::facts::{self, Table, Value, section, text};

/// Shapes of the second schema begin with this.
const V2: &str = "v2.";

/// The Rust code for `rules/facts/dashboard_fields.toml`.
pub(crate) fn generate(facts: &Table) -> Result<String, String> {
    let names: Vec<&str> = facts
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| *name != "v2")
        .collect();
    let v2 = section(facts, "v2")?;
    let default = (text(v2, "level")?, text(v2, "effect")?);
    let mut shapes = String::new();
    for (name, shape) in facts.iter().filter(|(name, _)| name != "v2") {
        let space = if name.starts_with(V2) { V2 } else { "" };
        let default = if space == V2 { default } else { (None, None) };
        let mut when = "None".to_owned();
        let mut needs = "None".to_owned();
        let mut fields = String::new();
        for (key, field) in shape.table()? {
            if key == "when" {
                let (key, value) = field.text()?.split_once('=').ok_or("a `when` without =")?;
                when = format!("Some(({key:?}, {value:?}))");
                continue;
            }
            if key == "needs" {
                needs = format!("Some({:?})", field.text()?);
                continue;
            }
            let code = code(key, field, default, space, &names);
            fields += &code.map_err(|e| format!("{name}.{key}: {e}"))?;
        }
        shapes += &format!(
            "Shape {{ name: {name:?}, when: {when}, needs: {needs}, fields: &[\n{fields}] }},\n"
        );
    }
    let number = |name: &str| {
        let at = names.iter().position(|known| *known == name);
        at.ok_or_else(|| format!("no shape `{name}`"))
    };
    Ok(format!(
        "static SHAPES: &[Shape] = &[\n{shapes}];\n\
         const CLASSIC: usize = {};\nconst PANEL: usize = {};\nconst V2: usize = {};\n",
        number("Dashboard")?,
        number("Panel")?,
        number("v2.Spec")?,
    ))
}

fn code(
    key: &str,
    field: &Value,
    default: (Option<&str>, Option<&str>),
    space: &str,
    names: &[&str],
) -> Result<String, String> {
    let (kind, tolerated, level, effect, blank, remove) = match field {
        Value::Text(kind) => (kind.as_str(), None, default.0, default.1, None, None),
        field => {
            let field = field.table()?;
            let kind = text(field, "type")?.ok_or("no type")?;
            let tolerated = text(field, "tolerates")?;
            (
                kind,
                tolerated,
                text(field, "level")?,
                text(field, "effect")?,
                text(field, "blank")?,
                text(field, "remove")?,
            )
        }
    };
    let remove = remove.unwrap_or("the field");
    let fault = match (level, effect) {
        (Some("error"), Some(effect)) => format!("Some((Severity::Error, {effect:?}))"),
        (Some("warning"), Some(effect)) => format!("Some((Severity::Warning, {effect:?}))"),
        (None, None) => "None".to_owned(),
        _ => return Err("a level and an effect go together".into()),
    };
    let accepts = alternatives(kind, space, names)?;
    let tolerates = match tolerated {
        Some(kinds) => alternatives(kinds, space, names)?,
        None => "&[]".to_owned(),
    };
    Ok(format!(
        "Field {{ key: {key:?}, accepts: {accepts}, tolerates: {tolerates}, fault: {fault}, blank: {blank:?}, \
         remove: {remove:?} }},\n"
    ))
}

fn alternatives(kinds: &str, space: &str, names: &[&str]) -> Result<String, String> {
    let parts: Result<Vec<_>, String> = facts::alternatives(kinds)
        .map(|part| accepted(part, space, names))
        .collect();
    let parts = parts?;
    Ok(format!("&[{}]", parts.join(", ")))
}

fn accepted(kind: &str, space: &str, names: &[&str]) -> Result<String, String> {
    let inner = |open: char, close: char| kind.strip_prefix(open)?.strip_suffix(close);
    if let Some(item) = inner('[', ']') {
        return Ok(format!(
            "Accepts::ListOf({})",
            alternatives(item, space, names)?
        ));
    }
    if let Some(value) = inner('{', '}') {
        return Ok(format!(
            "Accepts::MapOf({})",
            alternatives(value, space, names)?
        ));
    }
    let plain = match kind {
        "string" => "String",
        "number" => "Number",
        "numeric" => "Numeric",
        "boolean" => "Bool",
        "object" => "Object",
        "array" => "Array",
        "blank" => "Blank",
        "empty" => "Empty",
        shape => {
            let name = format!("{space}{shape}");
            let at = names.iter().position(|known| *known == name);
            return at
                .map(|at| format!("Accepts::Shape({at})"))
                .ok_or_else(|| format!("no shape `{name}`"));
        }
    };
    Ok(format!("Accepts::{plain}"))
}
