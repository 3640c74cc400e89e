//! Which unit was meant by a text that is no id.

use super::catalog::{CONFUSIONS, Format, Suggestion, Unit, unit, units};

/// How many ids are proposed at most.
const MOST: usize = 3;

/// The longest text an id is looked for.
const LONGEST: usize = 64;

/// The keys of the forms with a colon.
const KEYS: [&str; 7] = [
    "prefix", "suffix", "time", "si", "count", "currency", "bool",
];

/// Ids that were perhaps meant by `text`, the likeliest first, and a sentence for where no id is the answer.
pub(super) fn suggest(text: &str) -> Suggestion {
    if text.len() > LONGEST {
        return Suggestion {
            near: Vec::new(),
            hint: None,
        };
    }
    let written = text.trim();
    let lower = written.to_lowercase();
    let hint = hint(written, &lower);
    let near = confused(written)
        .or_else(|| {
            if written == text {
                None
            } else {
                unit(written).map(|u| vec![u.id])
            }
        })
        .or_else(|| confused(&lower))
        .or_else(|| labelled(|part| part == written))
        .or_else(|| only_case(&lower))
        .or_else(|| labelled(|part| part.to_lowercase() == lower))
        .or_else(|| currency(written))
        .or_else(|| mistyped(&lower))
        .or_else(|| counted(&lower))
        .unwrap_or_default();
    Suggestion { near, hint }
}

/// By the table of what people write.
fn confused(text: &str) -> Option<Vec<&'static str>> {
    let at = CONFUSIONS
        .binary_search_by(|(written, _)| (*written).cmp(text))
        .ok()?;
    Some(CONFUSIONS[at].1.to_vec())
}

/// By what the unit picker or the panel shows: the label, the label before or within its brackets, the suffix, the symbol.
fn labelled(same: impl Fn(&str) -> bool) -> Option<Vec<&'static str>> {
    let shown = |unit: &Unit| {
        let (stem, bracket) = match unit.label.rsplit_once('(') {
            Some((stem, rest)) => (stem.trim_end(), rest.trim_end_matches(')')),
            None => (unit.label, ""),
        };
        let suffix = match unit.format {
            Format::Fixed { suffix } | Format::Count { suffix } => suffix,
            Format::Si {
                suffix,
                prescale: 0,
            }
            | Format::Iec {
                suffix,
                prescale: 0,
            } => suffix,
            Format::Currency { symbol, .. } => symbol,
            _ => "",
        };
        [unit.label, stem, bracket, suffix]
            .into_iter()
            .any(|part| !part.is_empty() && same(part))
    };
    pick(units().iter().filter(|unit| shown(unit)))
}

/// By the id in another case, as `MS`; there may be several, as `bps` and `Bps`.
fn only_case(lower: &str) -> Option<Vec<&'static str>> {
    pick(
        units()
            .iter()
            .filter(|unit| unit.id.to_lowercase() == lower),
    )
}

/// By the code of a currency.
fn currency(written: &str) -> Option<Vec<&'static str>> {
    let code = written.to_uppercase();
    let found = units()
        .iter()
        .filter(|unit| unit.id.strip_prefix("currency") == Some(code.as_str()));
    pick(found)
}

/// By the fewest typing errors: one in a short id, two in a longer one.
fn mistyped(lower: &str) -> Option<Vec<&'static str>> {
    let length = lower.chars().count();
    let most = match length {
        0..=3 => return None,
        4..=6 => 1,
        _ => 2,
    };
    let mut found: Vec<(usize, &Unit)> = units()
        .iter()
        .filter(|unit| unit.id.len().abs_diff(lower.len()) <= 2 * most && unit.id.len() > 3)
        .map(|unit| (strsim::osa_distance(lower, &unit.id.to_lowercase()), unit))
        .filter(|(distance, _)| *distance <= most)
        .collect();
    found.sort_by_key(|(distance, unit)| (*distance, unit.order));
    let ids: Vec<_> = found
        .into_iter()
        .map(|(_, unit)| unit.id)
        .take(MOST)
        .collect();
    (!ids.is_empty()).then_some(ids)
}

/// By its end: things per second or per minute are counts, unless the things are a unit themselves, as in `ms/s`.
fn counted(lower: &str) -> Option<Vec<&'static str>> {
    let (things, per) = lower.split_once('/')?;
    let word = things.len() > 2 && things.chars().all(|c| c.is_alphabetic());
    if !word
        || unit(things).is_some()
        || confused(things).is_some_and(|ids| ids != ["short", "none"])
    {
        return None;
    }
    match per {
        "s" | "sec" | "second" => Some(vec!["cps"]),
        "m" | "min" | "minute" => Some(vec!["cpm"]),
        _ => None,
    }
}

/// The first few in Grafana's order.
fn pick<'u>(found: impl Iterator<Item = &'u Unit>) -> Option<Vec<&'static str>> {
    let mut found: Vec<&Unit> = found.collect();
    found.sort_by_key(|unit| unit.order);
    let ids: Vec<_> = found.into_iter().map(|unit| unit.id).take(MOST).collect();
    (!ids.is_empty()).then_some(ids)
}

/// A sentence for where no id is the answer.
fn hint(written: &str, lower: &str) -> Option<String> {
    if let Some((key, rest)) = written.split_once(':') {
        let key = key.trim();
        let meant = KEYS.iter().find(|k| {
            let typo = key.len() > 3 && strsim::osa_distance(k, &key.to_lowercase()) <= 1;
            k.eq_ignore_ascii_case(key) || typo
        })?;
        return Some(format!("write `{meant}:{}`", rest.trim_start()));
    }
    if matches!(
        written,
        "Kb" | "Mb" | "Gb" | "Tb" | "Kbit" | "Mbit" | "Gbit" | "Tbit"
    ) {
        return Some(
            "no unit takes an amount in that size; give the value in bits with `decbits`".into(),
        );
    }
    match lower {
        "week" | "weeks" | "w" | "month" | "months" | "year" | "years" => {
            Some("there is no unit for it; give the value in seconds with the unit `s`, which scales by itself".into())
        }
        "khz" | "mhz" | "ghz" => Some("give the value in hertz with `hertz`, which scales by itself".into()),
        "date" | "time" | "datetime" | "timestamp" | "epoch" | "unix" => {
            Some("date units take milliseconds since 1970; multiply a timestamp in seconds by 1000".into())
        }
        _ => None,
    }
}
