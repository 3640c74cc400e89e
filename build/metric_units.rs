//! The tables of `src/units/metrics.rs`.

use crate::facts::{Table, Value, flag, get, number, section, text};

/// The base units, in the order of `Dims`.
const BASES: [&str; 10] = ["s", "B", "J", "A", "V", "m", "g", "degC", "degF", "K"];

/// The Rust code for `rules/facts/metric_units.toml`.
pub(crate) fn generate(facts: &Table) -> Result<String, String> {
    let general = section(facts, "general")?;
    let words = |key: &str| -> Result<String, String> {
        let list = get(general, key)
            .ok_or_else(|| format!("no {key}"))?
            .texts()?;
        Ok(format!("&{list:?}"))
    };
    let mut exact = Vec::new();
    let mut patterns = String::new();
    for (key, value) in section(facts, "metrics")? {
        let fact = fact(key, value.table()?)?;
        for name in expand(key)? {
            if name.contains('*') {
                patterns += &format!("({name:?}, {fact}),\n");
            } else {
                exact.push((name, fact.clone()));
            }
        }
    }
    exact.sort_by(|a, b| a.0.cmp(&b.0));
    if let Some(twice) = exact.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(format!("`{}` is given twice", twice[0].0));
    }
    let mut labelled = String::new();
    for (key, value) in section(facts, "labelled")? {
        for entry in value.list()? {
            let entry = entry.table()?;
            let label = text(entry, "label")?.ok_or("an entry without a label")?;
            let values = get(entry, "values")
                .ok_or("an entry without values")?
                .texts()?;
            let fact = fact(key, entry)?;
            for name in expand(key)? {
                labelled += &format!("({name:?}, {label:?}, &{values:?}, {fact}),\n");
            }
        }
    }
    Ok(format!(
        "pub(super) static SUFFIXES: &[(&str, Fact)] = &[\n{}];\n\
         pub(super) static WORDS: &[(&str, Fact)] = &[\n{}];\n\
         pub(super) static EXACT: &[(&str, Fact)] = &[\n{}];\n\
         pub(super) static PATTERNS: &[(&str, Fact)] = &[\n{patterns}];\n\
         pub(super) static LABELLED: &[(&str, &str, &[&str], Fact)] = &[\n{labelled}];\n\
         pub(super) static SUSPICIOUS: &[&str] = {};\n\
         pub(super) static CONFLICTING: &[&str] = {};\n\
         pub(super) static TRUSTED: &[&str] = {};\n\
         pub(super) static PREFIXED: &[&str] = {};\n",
        sorted(section(facts, "suffixes")?)?,
        sorted(section(facts, "words")?)?,
        exact
            .iter()
            .map(|(name, fact)| format!("({name:?}, {fact}),\n"))
            .collect::<String>(),
        words("suspicious")?,
        words("conflicting")?,
        words("trusted")?,
        words("prefixed")?,
    ))
}

fn sorted(table: &Table) -> Result<String, String> {
    let mut rows = Vec::new();
    for (key, value) in table {
        rows.push(format!("({key:?}, {}),\n", fact(key, value.table()?)?));
    }
    rows.sort();
    Ok(rows.concat())
}

fn fact(name: &str, entry: &Table) -> Result<String, String> {
    if text(entry, "source")?.is_none() {
        return Err(format!("`{name}` has no source"));
    }
    let kind = match text(entry, "kind")?.unwrap_or("amount") {
        "unknown" => return Ok("Fact::Unknown".into()),
        "amount" => "Amount",
        "count" => "Count",
        "ratio" => "Ratio",
        "util" => "Share",
        "bool" => "Bool",
        "info" => "Info",
        "timestamp" => "Timestamp",
        other => return Err(format!("`{name}` has the unknown kind `{other}`")),
    };
    let dims = dims(text(entry, "dims")?.ok_or_else(|| format!("`{name}` has no dims"))?)?;
    let scale = match get(entry, "scaled") {
        Some(Value::Bool(false)) => None,
        _ => Some(number(entry, "scale")?.unwrap_or(1.0)),
    };
    Ok(format!(
        "Fact::Known {{ dims: Dims({dims:?}), scale: {scale:?}, kind: Kind::{kind}, weak: {} }}",
        flag(entry, "weak")
    ))
}

/// `B/s` as exponents.
fn dims(text: &str) -> Result<[i8; BASES.len()], String> {
    let mut exponents = [0; BASES.len()];
    for (word, exponent) in text.split('/').zip([1, -1]) {
        if word == "1" {
            continue;
        }
        // A logarithm is no amount of anything.
        let at = BASES
            .iter()
            .position(|base| *base == word)
            .ok_or_else(|| format!("`{word}` is no base unit"))?;
        exponents[at] = exponent;
    }
    Ok(exponents)
}

/// `(a|b)c` as `ac` and `bc`; groups may hold groups.
fn expand(pattern: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    for alternative in split(pattern)? {
        let Some(open) = alternative.find('(') else {
            out.push(alternative.to_owned());
            continue;
        };
        let close = closing(alternative, open)?;
        for inner in split(&alternative[open + 1..close])? {
            let whole = format!(
                "{}{inner}{}",
                &alternative[..open],
                &alternative[close + 1..]
            );
            out.extend(expand(&whole)?);
        }
    }
    out.sort();
    out.dedup();
    Ok(out)
}

fn closing(text: &str, open: usize) -> Result<usize, String> {
    let mut depth = 0;
    for (at, c) in text.char_indices().skip(open) {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return Ok(at),
            ')' => depth -= 1,
            _ => {}
        }
    }
    Err(format!("`{text}` has an open group"))
}

/// The alternatives outside groups.
fn split(text: &str) -> Result<Vec<&str>, String> {
    let mut depth = 0;
    let mut start = 0;
    let mut out = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Err(format!("`{text}` closes a group it did not open")),
            ')' => depth -= 1,
            '|' if depth == 0 => {
                out.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(&text[start..]);
    Ok(out)
}
