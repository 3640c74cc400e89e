//! The table of `src/rules/alerting/grafana/receivers.rs`.

use crate::facts::{Table, Value, flag, get, number, text};

/// The Rust code for `rules/facts/receivers.toml`.
pub(crate) fn generate(facts: &Table) -> Result<String, String> {
    let names: Vec<_> = facts.iter().map(|(name, _)| name.as_str()).collect();
    let mut code = "static SHAPES: &[Shape] = &[\n".to_owned();
    for (name, shape) in facts {
        let shape = shape.table()?;
        let mut settings = String::new();
        for (key, setting) in shape {
            if !matches!(key.as_str(), "any" | "gone" | "never" | "together") {
                let row = setting_code(key, setting, &names);
                settings += &row.map_err(|error| format!("{name}.{key}: {error}"))?;
            }
        }
        let object = matches!(
            name.as_str(),
            "Common" | "Responder" | "Tls" | "Payload" | "Hmac" | "SigV4"
        );
        code += &format!(
            "Shape {{ name: {name:?}, receiver: {}, gone: {:?}, any: &[{}], never: &[{}], together: &[{}], \
             settings: &[\n{settings}] }},\n",
            !object,
            text(shape, "gone")?,
            groups(shape, "any")?,
            groups(shape, "never")?,
            groups(shape, "together")?,
        );
    }
    Ok(code + "];\n")
}

/// Lists of settings.
fn groups(shape: &Table, key: &str) -> Result<String, String> {
    let mut groups = Vec::new();
    if let Some(lists) = get(shape, key) {
        for group in lists.list()? {
            groups.push(format!("&{:?}", group.texts()?));
        }
    }
    Ok(groups.join(", "))
}

fn setting_code(key: &str, setting: &Value, names: &[&str]) -> Result<String, String> {
    let plain = Table::new();
    let (said, more) = match setting {
        Value::Text(said) => (said.as_str(), &plain),
        setting => {
            let setting = setting.table()?;
            (text(setting, "type")?.ok_or("no type")?, setting)
        }
    };
    let options = get(more, "options").map_or(Ok(Vec::new()), Value::texts)?;
    let folded = flag(more, "folded");
    let length = number(more, "length")?.map(|length| length as usize);
    let begins = text(more, "begins")?.unwrap_or_default();
    let when = text(more, "when")?.map(|when| when.split_once('=').ok_or("a `when` without ="));
    let when = when.transpose()?;
    let (kind, need) = said.split_once(' ').unwrap_or((said, ""));
    let need = match need {
        "" => "None",
        "required" => "Some(Severity::Error)",
        "wanted" => "Some(Severity::Warning)",
        other => return Err(format!("`{other}` is no need")),
    };
    let place = |name: &str| {
        let at = names.iter().position(|known| *known == name);
        at.ok_or_else(|| format!("there is no `{name}`"))
    };
    let kind = match kind {
        "text" => "Holds::Text".to_owned(),
        "number" => "Holds::Number".to_owned(),
        "flag" => "Holds::Flag".to_owned(),
        "list" => "Holds::List".to_owned(),
        "map" => "Holds::Map".to_owned(),
        "any" => "Holds::Any".to_owned(),
        name => match name
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'))
        {
            Some(name) => format!("Holds::ListOf({})", place(name)?),
            None => format!("Holds::Object({})", place(name)?),
        },
    };
    Ok(format!(
        "Setting {{ key: {key:?}, holds: {kind}, need: {need}, options: &{options:?}, folded: {folded}, \
         length: {length:?}, begins: {begins:?}, when: {when:?} }},\n"
    ))
}
