//! The tables of `src/color/data.rs`.

use crate::facts::{Table, Value, flag, get, section, text};
use std::fmt::Write as _;

/// The Rust code for `rules/facts/colors.toml`.
pub(crate) fn generate(facts: &Table) -> Result<String, String> {
    let mut out = String::new();
    themed(&mut out, "NAMED", section(facts, "named")?)?;
    for (name, constant) in [
        ("text", "TEXT"),
        ("transparent", "TRANSPARENT"),
        ("panel-bg", "PANEL"),
    ] {
        single(&mut out, constant, section(facts, "special")?, name)?;
    }
    single(&mut out, "CANVAS", section(facts, "backgrounds")?, "canvas")?;
    single(
        &mut out,
        "SECONDARY",
        section(facts, "backgrounds")?,
        "secondary",
    )?;
    let background = get(section(facts, "backgrounds")?, "panel").ok_or("no panel background")?;
    let special = get(section(facts, "special")?, "panel-bg").ok_or("no `panel-bg`")?;
    if pair(background)? != pair(special)? {
        return Err("`panel-bg` is not the panel background".into());
    }
    let fallback = text(section(facts, "general")?, "fallback")?.ok_or("no fallback")?;
    line(
        &mut out,
        &format!("pub(crate) static FALLBACK: Rgba = {};", rgba(fallback)?),
    );
    plain(&mut out, "CSS", section(facts, "css")?)?;
    plain(&mut out, "CSS_PASSED", section(facts, "css_passed")?)?;
    let classic = get(section(facts, "classic")?, "colors")
        .ok_or("no classic colours")?
        .texts()?;
    line(
        &mut out,
        &format!("pub(crate) static CLASSIC: &[&str] = &{classic:?};"),
    );
    modes(&mut out, section(facts, "modes")?)?;
    heatmap(&mut out, section(facts, "heatmap")?)?;
    for (key, value) in section(facts, "defaults")? {
        let name = key.to_uppercase();
        line(
            &mut out,
            &match value {
                Value::List(_) => format!(
                    "pub(crate) static DEFAULT_{name}: &[&str] = &{:?};",
                    value.texts()?
                ),
                _ => format!(
                    "pub(crate) static DEFAULT_{name}: &str = {:?};",
                    value.text()?
                ),
            },
        );
    }
    for (key, value) in section(facts, "limits")? {
        line(
            &mut out,
            &format!(
                "pub(crate) const LIMIT_{}: f64 = {:?};",
                key.to_uppercase(),
                value.number()?
            ),
        );
    }
    palettes(&mut out, facts)?;
    Ok(out)
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

/// A hexadecimal colour as a Rust expression.
fn rgba(hex: &str) -> Result<String, String> {
    let bad = || format!("`{hex}` is not a colour");
    let digits = hex.strip_prefix('#').ok_or_else(bad)?;
    let number = u32::from_str_radix(digits, 16).map_err(|_| bad())?;
    let [r, g, b, a] = match digits.len() {
        6 => ((number << 8) | 0xff).to_be_bytes(),
        8 => number.to_be_bytes(),
        _ => return Err(bad()),
    };
    Ok(format!("Rgba {{ r: {r}, g: {g}, b: {b}, a: {a} }}"))
}

fn pair(value: &Value) -> Result<String, String> {
    let table = value.table()?;
    let dark = rgba(text(table, "dark")?.ok_or("no dark colour")?)?;
    let light = rgba(text(table, "light")?.ok_or("no light colour")?)?;
    Ok(format!("Themed {{ dark: {dark}, light: {light} }}"))
}

fn single(out: &mut String, constant: &str, table: &Table, key: &str) -> Result<(), String> {
    let value = get(table, key).ok_or_else(|| format!("no `{key}`"))?;
    line(
        out,
        &format!("pub(crate) static {constant}: Themed = {};", pair(value)?),
    );
    Ok(())
}

/// The rows of a table, sorted by key for a binary search.
fn sorted(table: &Table) -> Vec<&(String, Value)> {
    let mut rows: Vec<_> = table.iter().collect();
    rows.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    rows
}

fn themed(out: &mut String, constant: &str, table: &Table) -> Result<(), String> {
    line(
        out,
        &format!("pub(crate) static {constant}: &[(&str, Themed)] = &["),
    );
    for (key, value) in sorted(table) {
        line(out, &format!("({key:?}, {}),", pair(value)?));
    }
    line(out, "];");
    Ok(())
}

fn plain(out: &mut String, constant: &str, table: &Table) -> Result<(), String> {
    line(
        out,
        &format!("pub(crate) static {constant}: &[(&str, Rgba)] = &["),
    );
    for (key, value) in sorted(table) {
        line(out, &format!("({key:?}, {}),", rgba(value.text()?)?));
    }
    line(out, "];");
    Ok(())
}

fn modes(out: &mut String, table: &Table) -> Result<(), String> {
    line(out, "pub(crate) static MODES: &[ColorMode] = &[");
    for (id, value) in table {
        let mode = value.table()?;
        let kind = match text(mode, "kind")?.ok_or("no kind")? {
            "fixed" => "Fixed",
            "threshold" => "Threshold",
            "categorical" => "Categorical",
            "continuous" => "Continuous",
            "unregistered" => "Unregistered",
            other => return Err(format!("unknown kind of mode `{other}`")),
        };
        let colors = get(mode, "colors")
            .map(Value::texts)
            .transpose()?
            .unwrap_or_default();
        line(
            out,
            &format!(
                "ColorMode {{ id: {id:?}, kind: ModeKind::{kind}, by_value: {}, colors: &{colors:?}, accessible: {}, red_green: {}, since: {:?} }},",
                flag(mode, "by_value"),
                flag(mode, "accessible"),
                flag(mode, "red_green"),
                text(mode, "since")?,
            ),
        );
    }
    line(out, "];");
    Ok(())
}

fn heatmap(out: &mut String, table: &Table) -> Result<(), String> {
    line(out, "pub(crate) static HEATMAP: &[HeatmapScheme] = &[");
    for (name, value) in table {
        let scheme = value.table()?;
        let kind = match text(scheme, "kind")?.ok_or("no kind")? {
            "diverging" => "Diverging",
            "sequential" => "Sequential",
            "cyclical" => "Cyclical",
            other => return Err(format!("unknown kind of scheme `{other}`")),
        };
        let red_green = match text(scheme, "red_green")?.ok_or("no red_green")? {
            "yes" => "Yes",
            "partly" => "Partly",
            "no" => "No",
            other => return Err(format!("unknown answer `{other}`")),
        };
        line(
            out,
            &format!(
                "HeatmapScheme {{ name: {name:?}, kind: SchemeKind::{kind}, red_green: RedGreen::{red_green} }},"
            ),
        );
    }
    line(out, "];");
    Ok(())
}

fn palettes(out: &mut String, facts: &Table) -> Result<(), String> {
    line(out, "pub(crate) static PALETTES: &[Palette] = &[");
    for (id, value) in section(facts, "palettes")? {
        let palette = value.table()?;
        let family = match text(palette, "family")?.ok_or("no family")? {
            "keep-hue" => "KeepHue",
            "keep-hue-dark" => "KeepHueDark",
            "keep-hue-text" => "KeepHueText",
            "blue" => "Blue",
            other => return Err(format!("unknown family `{other}`")),
        };
        let colors = get(palette, "colors").ok_or("no colours")?.texts()?;
        let worst = get(palette, "worst").ok_or("no worst")?.list()?;
        let worst: Vec<f64> = worst.iter().map(Value::number).collect::<Result<_, _>>()?;
        line(
            out,
            &format!(
                "Palette {{ id: {id:?}, family: Family::{family}, colors: &{colors:?}, worst: {worst:?} }},"
            ),
        );
    }
    line(out, "];");
    line(
        out,
        "pub(crate) static SERIES_PALETTES: &[(&str, &[&str])] = &[",
    );
    for (id, value) in section(facts, "series_palettes")? {
        writeln!(out, "({id:?}, &{:?}),", value.texts()?).map_err(|e| e.to_string())?;
    }
    line(out, "];");
    Ok(())
}
