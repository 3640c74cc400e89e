//! The tables of `src/rules/dashboard/catalog.rs`: what Grafana knows by its id or name.

use crate::facts::{Table, Value, flag, get, section, text};

/// The Rust code for `rules/facts/panels.toml`.
pub(crate) fn panels(facts: &Table) -> Result<String, String> {
    let core = rows(section(facts, "core")?, |id, panel| {
        let name = text(panel, "name")?.ok_or_else(|| format!("panel `{id}` has no name"))?;
        Ok(format!("CorePanel {{ id: {id:?}, name: {name:?} }}"))
    })?;
    let known = |id: &str| section(facts, "core").is_ok_and(|core| get(core, id).is_some());
    let gone = rows(section(facts, "gone")?, |id, panel| {
        let shown_as = text(panel, "shown_as")?.unwrap_or_default();
        if !known(shown_as) || known(id) {
            return Err(format!("`{id}` is shown as `{shown_as}`"));
        }
        let since = version(text(panel, "since")?.unwrap_or_default())?;
        let angular = flag(panel, "angular");
        Ok(format!(
            "GonePanel {{ id: {id:?}, shown_as: {shown_as:?}, since: {since}, angular: {angular} }}"
        ))
    })?;
    let angular = rows(section(facts, "angular")?, |id, panel| {
        let instead = get(panel, "instead").ok_or("no instead")?.texts()?;
        Ok(format!(
            "AngularPanel {{ id: {id:?}, instead: &{instead:?} }}"
        ))
    })?;
    Ok(format!(
        "pub(crate) static CORE: &[CorePanel] = &[{core}];\n\
         pub(crate) static GONE: &[GonePanel] = &[{gone}];\n\
         pub(crate) static ANGULAR: &[AngularPanel] = &[{angular}];\n"
    ))
}

/// The Rust code for `rules/facts/registries.toml`.
pub(crate) fn registries(facts: &Table) -> Result<String, String> {
    let transformations = rows(section(facts, "transformations")?, |id, transformation| {
        let missing_in = match text(transformation, "missing_in")? {
            Some(text) => format!("Some({})", version(text)?),
            None => "None".to_owned(),
        };
        Ok(format!(
            "Transformation {{ id: {id:?}, missing_in: {missing_in} }}"
        ))
    })?;
    let ids = |name: &str| -> Result<String, String> {
        let table = section(facts, name)?;
        let mut ids = get(table, "ids").ok_or("no ids")?.texts()?;
        ids.sort_unstable();
        Ok(format!("&{ids:?}"))
    };
    let mut versions = Vec::new();
    for (grafana, schema) in section(facts, "schema_versions")? {
        versions.push(format!("({}, {:.0})", version(grafana)?, schema.number()?));
    }
    Ok(format!(
        "pub(crate) static TRANSFORMATIONS: &[Transformation] = &[{transformations}];\n\
         pub(crate) static OVERRIDE_PROPERTIES: &[&str] = {};\n\
         pub(crate) static FIELD_MATCHERS: &[&str] = {};\n\
         pub(crate) static REDUCERS: &[&str] = {};\n\
         pub(crate) static SCHEMA_VERSIONS: &[(Version, i64)] = &[{}];\n",
        ids("override_properties")?,
        ids("field_matchers")?,
        ids("reducers")?,
        versions.join(", ")
    ))
}

/// The Rust code for `rules/facts/timezones.toml`: every name, and beside it the same in lower case, sorted by that.
pub(crate) fn timezones(facts: &Table) -> Result<String, String> {
    let mut names = Vec::new();
    for (area, places) in section(facts, "zones")? {
        for place in places.texts()? {
            let name = match area.as_str() {
                "" => place.to_owned(),
                area => format!("{area}/{place}"),
            };
            names.push((name.to_ascii_lowercase(), name));
        }
    }
    names.sort();
    Ok(format!(
        "pub(crate) static TIME_ZONES: &[(&str, &str)] = &{names:?};\n"
    ))
}

/// One row of code for each entry, sorted by id.
fn rows(
    table: &Table,
    row: impl Fn(&str, &Table) -> Result<String, String>,
) -> Result<String, String> {
    let mut entries: Vec<&(String, Value)> = table.iter().collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    let rows: Result<Vec<_>, String> = entries
        .into_iter()
        .map(|(id, entry)| row(id, entry.table()?))
        .collect();
    Ok(rows?.join(",\n"))
}

/// `12.1` as code.
fn version(text: &str) -> Result<String, String> {
    let numbers = text
        .split_once('.')
        .and_then(|(major, minor)| Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?)));
    let (major, minor) = numbers.ok_or_else(|| format!("`{text}` is no version"))?;
    Ok(format!("Version {{ major: {major}, minor: {minor} }}"))
}
