//! The tables of `src/cost/data.rs`.

use crate::facts::{Table, Value, get, number, section};

/// The Rust code for `rules/facts/cost.toml`.
pub(crate) fn generate(facts: &Table) -> Result<String, String> {
    let mut code = String::new();
    for (key, value) in section(facts, "model")? {
        let value = value.number()?;
        code += &format!(
            "pub(crate) const {}: f64 = {value:?};\n",
            key.to_uppercase()
        );
    }
    for (name, section_name) in [
        ("SERIES_BY_PREFIX", "series"),
        ("VALUES_BY_LABEL", "values"),
    ] {
        let mut rows: Vec<(&str, f64)> = Vec::new();
        for (key, value) in section(facts, section_name)? {
            rows.push((key, value.number()?));
        }
        rows.sort_by(|a, b| a.0.cmp(b.0));
        code += &format!("pub(crate) static {name}: &[(&str, f64)] = &{rows:?};\n");
    }
    for (key, value) in section(facts, "unbounded")? {
        let mut names = value.texts()?;
        names.sort_unstable();
        code += &format!(
            "pub(crate) static UNBOUNDED_{}: &[&str] = &{names:?};\n",
            key.to_uppercase()
        );
    }
    for (key, value) in section(facts, "limits")? {
        code += &format!(
            "pub(crate) const LIMIT_{}: Limit = {};\n",
            key.to_uppercase(),
            limit(value)?
        );
    }
    Ok(code)
}

fn limit(value: &Value) -> Result<String, String> {
    let table = value.table()?;
    let info = number(table, "info")?.ok_or("a limit without info")?;
    let warning = match get(table, "warning") {
        Some(value) => format!("{:?}", value.number()?),
        None => "f64::INFINITY".to_owned(),
    };
    Ok(format!("Limit {{ info: {info:?}, warning: {warning} }}"))
}
