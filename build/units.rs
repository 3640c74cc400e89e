//! The table of `src/units/catalog.rs`.

use crate::facts::{Table, Value, flag, get, number, section, text};

/// The Rust code for `rules/facts/units.toml`.
pub(crate) fn generate(facts: &Table) -> Result<String, String> {
    let mut rows: Vec<(&str, String)> = Vec::new();
    for (order, (id, value)) in section(facts, "units")?.iter().enumerate() {
        rows.push((id, unit(order, id, value, section(facts, "traps")?)?));
    }
    let known = |id: &str| {
        rows.iter()
            .any(|(k, _)| *k == id)
            .then_some(())
            .ok_or_else(|| format!("`{id}` is not a unit"))
    };
    for (id, trap) in section(facts, "traps")? {
        known(id)?;
        get(trap.table()?, "instead")
            .ok_or("no instead")?
            .texts()?
            .into_iter()
            .try_for_each(known)?;
    }
    let mut confusions = Vec::new();
    for (written, ids) in section(facts, "confusions")? {
        let ids = ids.texts()?;
        ids.iter().copied().try_for_each(known)?;
        confusions.push((written.as_str(), format!("({written:?}, &{ids:?}),\n")));
    }
    let count = rows.len();
    rows.sort();
    confusions.sort();
    let units: String = rows.into_iter().map(|(_, code)| code).collect();
    let confusions: String = confusions.into_iter().map(|(_, code)| code).collect();
    Ok(format!(
        "pub(crate) static UNITS: [Unit; {count}] = [\n{units}];\n\
         pub(crate) static CONFUSIONS: &[(&str, &[&str])] = &[\n{confusions}];\n"
    ))
}

fn unit(order: usize, id: &str, value: &Value, traps: &Table) -> Result<String, String> {
    let unit = value.table()?;
    let required = |key: &str| text(unit, key)?.ok_or_else(|| format!("unit `{id}` has no {key}"));
    let suffix = text(unit, "suffix")?.unwrap_or("");
    let prescale = number(unit, "prescale")?.unwrap_or(0.0);
    let format = match required("format")? {
        "fixed" => format!("Format::Fixed {{ suffix: {suffix:?} }}"),
        "si" => format!("Format::Si {{ suffix: {suffix:?}, prescale: {prescale:.0} }}"),
        "iec" => format!("Format::Iec {{ suffix: {suffix:?}, prescale: {prescale:.0} }}"),
        "kmbt" => match text(unit, "symbol")? {
            Some(symbol) => {
                format!(
                    "Format::Currency {{ symbol: {symbol:?}, after: {} }}",
                    flag(unit, "symbol_after")
                )
            }
            None => format!("Format::Count {{ suffix: {suffix:?} }}"),
        },
        "percent" => "Format::Percent".into(),
        "short" => "Format::Short".into(),
        "text" => "Format::Text".into(),
        "hex" | "hex0x" => "Format::Hex".into(),
        "sci" => "Format::Scientific".into(),
        "locale" => "Format::Locale".into(),
        "time" => "Format::Time".into(),
        "words" => "Format::DurationWords".into(),
        "hms" => "Format::DurationClock".into(),
        "clock" => "Format::Clock".into(),
        "datetime" => "Format::DateTime".into(),
        "boolean" => "Format::Boolean".into(),
        other => return Err(format!("unit `{id}` has the unknown format `{other}`")),
    };
    let trap = match get(traps, id) {
        None => "None".to_owned(),
        Some(trap) => {
            let trap = trap.table()?;
            let means = text(trap, "means")?.ok_or("a trap without a meaning")?;
            let instead = get(trap, "instead").ok_or("no instead")?.texts()?;
            format!("Some(Trap {{ means: {means:?}, instead: &{instead:?} }})")
        }
    };
    Ok(format!(
        "Unit {{ id: {id:?}, label: {:?}, category: {:?}, dimension: {:?}, factor: {:?}, offset: {:?}, base: {:?}, \
         quantity: {:?}, format: {format}, since: {:?}, trap: {trap}, order: {order} }},\n",
        required("label")?,
        required("category")?,
        required("dimension")?,
        number(unit, "factor")?,
        number(unit, "offset")?.unwrap_or(0.0),
        text(unit, "base")?,
        text(unit, "quantity")?,
        text(unit, "since")?,
    ))
}
