//! The tables of `src/secret`.

use crate::facts::{Table, Value, get, section};

/// The Rust code for `rules/facts/secrets.toml`.
pub(crate) fn generate(facts: &Table) -> Result<String, String> {
    let mut code = String::new();
    let names = section(facts, "names")?;
    for (table, key) in [
        ("SECRET", "secret"),
        ("ABOUT", "about"),
        ("SECTIONS", "section"),
        ("PARAMETERS", "parameter"),
        ("PREFIXES", "prefix"),
        ("COMMON", "common"),
    ] {
        let list = get(names, key).map(Value::texts);
        let list = list.ok_or_else(|| format!("no `{key}` in `names`"))??;
        code += &format!("pub(crate) static {table}: &[&str] = &{list:?};\n");
    }
    code += "static RECEIVERS: &[(&str, &[&str])] = &[\n";
    for (name, settings) in section(facts, "receivers")? {
        code += &format!("({name:?}, &{:?}),\n", settings.texts()?);
    }
    Ok(code + "];\n")
}
