//! The table of `src/rules/security/secrets.rs`.

use crate::facts::{Table, section};

/// The Rust code for `rules/facts/secrets.toml`.
pub(crate) fn generate(facts: &Table) -> Result<String, String> {
    let mut code = "static RECEIVERS: &[(&str, &[&str])] = &[\n".to_owned();
    for (name, settings) in section(facts, "receivers")? {
        code += &format!("({name:?}, &{:?}),\n", settings.texts()?);
    }
    Ok(code + "];\n")
}
