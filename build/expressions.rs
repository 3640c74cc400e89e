//! The tables of `src/expression`.

use crate::facts::{Table, get, number, section};

/// The Rust code for `rules/facts/expressions.toml`.
pub(crate) fn generate(facts: &Table) -> Result<String, String> {
    let mut code = String::new();
    for (table, name) in [
        ("kinds", "KINDS"),
        ("reducers", "REDUCERS"),
        ("upsamplers", "UPSAMPLERS"),
        ("reduce_modes", "REDUCE_MODES"),
        ("classic_reducers", "CLASSIC_REDUCERS"),
        ("classic_operators", "CLASSIC_OPERATORS"),
        ("operators", "OPERATORS"),
    ] {
        let ids = get(section(facts, table)?, "ids")
            .ok_or("no ids")?
            .texts()?;
        code += &format!("pub(crate) static {name}: &[&str] = &{ids:?};\n");
    }
    for (table, name) in [("evaluators", "EVALUATORS"), ("functions", "FUNCTIONS")] {
        let mut rows = Vec::new();
        for (id, entry) in section(facts, table)? {
            let params = number(entry.table()?, "params")?.ok_or("no params")?;
            rows.push(format!("({id:?}, {params})"));
        }
        code += &format!(
            "pub(crate) static {name}: &[(&str, usize)] = &[{}];\n",
            rows.join(", ")
        );
    }
    Ok(code)
}
