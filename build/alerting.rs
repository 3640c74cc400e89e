//! The tables of `src/rules/alerting/grafana/facts.rs`.

use crate::facts::{Table, get, section};

/// The Rust code for `rules/facts/alerting.toml`.
pub(crate) fn generate(facts: &Table) -> Result<String, String> {
    let mut code = String::new();
    for (table, name) in [
        ("no_data_states", "NO_DATA_STATES"),
        ("error_states", "ERROR_STATES"),
        ("reserved_labels", "RESERVED_LABELS"),
        ("weekdays", "WEEKDAYS"),
        ("months", "MONTHS"),
        ("templated_settings", "TEMPLATED_SETTINGS"),
    ] {
        let ids = get(section(facts, table)?, "ids")
            .ok_or("no ids")?
            .texts()?;
        code += &format!("pub(crate) static {name}: &[&str] = &{ids:?};\n");
    }
    for (limit, name, kind) in [
        ("uid", "LONGEST_UID", "usize"),
        ("name", "LONGEST_NAME", "usize"),
        ("interval", "BASE_INTERVAL", "u32"),
    ] {
        let limits = section(facts, "limits")?;
        let number = get(limits, limit).ok_or("no limit")?.number()?;
        code += &format!("pub(crate) const {name}: {kind} = {number:.0};\n");
    }
    Ok(code)
}
