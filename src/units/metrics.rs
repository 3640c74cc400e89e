//! What a metric is, by its name.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::known::{KnownMetric, MetricType, Part};
use super::value::{Confidence, Dims, Kind, Observed, Value};
use crate::span::Span;

#[allow(clippy::unreadable_literal)]
mod tables {
    use super::{Dims, Fact, Kind};
    include!(concat!(env!("OUT_DIR"), "/metric_units.rs"));
}
use tables::{
    CONFLICTING, EXACT, LABELLED, PATTERNS, PREFIXED, SUFFIXES, SUSPICIOUS, TRUSTED, WORDS,
};

/// What the tables say of a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fact {
    /// That nothing can be said.
    Unknown,
    /// What it is.
    Known {
        /// Its dimensions.
        dims: Dims,
        /// Its scale.
        scale: Option<f64>,
        /// What is measured.
        kind: Kind,
        /// Many exporters mean something else.
        weak: bool,
    },
}

impl Fact {
    fn value(self) -> Option<Value> {
        match self {
            Fact::Unknown => None,
            Fact::Known {
                dims,
                scale,
                kind,
                weak,
            } => {
                let confidence = if weak {
                    Confidence::Weak
                } else {
                    Confidence::Strong
                };
                Some(Value {
                    scale,
                    ..Value::new(dims, kind, confidence)
                })
            }
        }
    }
}

/// Whether the names of the exporter a metric comes from were checked.
pub(crate) fn is_trusted(metric: &str) -> bool {
    TRUSTED.iter().any(|prefix| {
        metric
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    })
}

/// The unit a word of the naming conventions says, for certain: users write it where it is meant.
pub(super) fn unit_word(word: &str) -> Option<Fact> {
    let (_, fact) = find(SUFFIXES, word)?;
    Some(match fact {
        Fact::Unknown => Fact::Unknown,
        Fact::Known {
            dims, scale, kind, ..
        } => Fact::Known {
            dims,
            scale,
            kind,
            weak: false,
        },
    })
}

/// What a series is of whose metric users say something.
pub(super) fn said(name: &str, at: Span, known: KnownMetric, part: Part) -> Option<Value> {
    let (stem, end) = match part {
        Part::Whole => (name.strip_suffix("_total").unwrap_or(name), ""),
        Part::Bucket => (name.strip_suffix("_bucket")?, "_bucket"),
        Part::Sum => (name.strip_suffix("_sum")?, "_sum"),
        Part::Count => (name.strip_suffix("_count")?, "_count"),
    };
    let measured = match known.unit {
        Some(fact) => fact.value(),
        None => gauge(stem),
    };
    let base = Span::new(
        at.start as usize,
        (at.end as usize)
            .saturating_sub(end.len())
            .max(at.start as usize),
    );
    let mut value = match part {
        Part::Bucket => Value {
            observed: measured.map(|inner| observed(&inner, true)),
            ..Value::count()
        },
        Part::Count => Value {
            base: Some(base),
            ..Value::count()
        },
        Part::Sum => Value {
            base: Some(base),
            ..measured?
        },
        // What a counter without a unit counts are things.
        Part::Whole if known.unit.is_none() && known.of_type == Some(MetricType::Counter) => {
            measured
                .filter(|value| value.kind != Kind::Count)
                .or_else(|| counter(name, stem))?
        }
        Part::Whole => measured?,
    };
    value.plain = true;
    if part == Part::Whole && value.observed.is_none() && value.kind == Kind::Amount {
        value.observed = Some(observed(&value, false));
    }
    Some(value)
}

/// What a metric is. `label` answers what value a label has to have, where the query says it.
pub(super) fn of<'q>(
    name: &str,
    at: Span,
    label: &mut dyn FnMut(&str) -> Option<std::borrow::Cow<'q, str>>,
) -> Option<Value> {
    let plain_name;
    let name = match name.split_once(':') {
        None => name,
        Some((exporter, _)) if PREFIXED.contains(&exporter) => {
            plain_name = name.replace(':', "_");
            &plain_name
        }
        Some(_) => return recorded(name, at),
    };
    for (pattern, key, values, fact) in LABELLED {
        if matches(pattern, name)
            && label(key).is_some_and(|value| values.iter().any(|v| matches(v, &value)))
        {
            return fact.value();
        }
    }
    let mut value = plain(name, at)?;
    value.plain = true;
    if value.observed.is_none() && value.kind == Kind::Amount {
        value.observed = Some(observed(&value, false));
    }
    Some(value)
}

fn observed(value: &Value, classic: bool) -> Observed {
    Observed {
        dims: value.dims,
        scale: value.scale,
        kind: value.kind,
        confidence: value.confidence,
        classic,
    }
}

fn plain(name: &str, at: Span) -> Option<Value> {
    if let Some(fact) = exception(name) {
        return fact.value();
    }
    let base = |suffix: &str| {
        let end = (at.end as usize).saturating_sub(suffix.len());
        Some(Span::new((at.start as usize).min(end), end))
    };
    if let Some(stem) = name.strip_suffix("_total") {
        return counter(name, stem);
    }
    if let Some(stem) = name.strip_suffix("_bucket") {
        let mut value = Value::count();
        value.observed = gauge(stem).map(|inner| observed(&inner, true));
        return Some(value);
    }
    if let Some(stem) = name.strip_suffix("_sum") {
        let mut value = gauge(stem)?;
        value.base = base("_sum");
        return Some(value);
    }
    if let Some(stem) = name.strip_suffix("_count") {
        let mut value = Value::count();
        // For some exporters an amount of bytes, for histograms the number of observations.
        if stem.ends_with("_bytes") {
            value.confidence = Confidence::Weak;
        }
        value.base = base("_count");
        return Some(value);
    }
    if name.ends_with("_info") {
        return Some(Value::new(Dims::NONE, Kind::Info, Confidence::Strong));
    }
    if name.ends_with("_created") {
        return Some(Value::new(Dims::TIME, Kind::Timestamp, Confidence::Strong));
    }
    gauge(name)
}

/// The unit the last part of a recorded metric's name says.
pub(crate) fn said_by_name(record: &str) -> Option<Value> {
    let last = record.rsplit(':').next()?;
    longest_suffix(last)?.1.value()
}

fn longest_suffix(name: &str) -> Option<(&'static str, Fact)> {
    name.rmatch_indices('_')
        .take(3)
        .map(|(at, _)| &name[at + 1..])
        .chain([name])
        .filter_map(|words| find(SUFFIXES, words))
        .last()
}

fn exception(name: &str) -> Option<Fact> {
    if let Ok(at) = EXACT.binary_search_by(|(known, _)| (*known).cmp(name)) {
        return EXACT.get(at).map(|(_, fact)| *fact);
    }
    let (head, tail) = (head(name), tail(name));
    let glob = GLOBS.iter().find(|glob| {
        head & glob.head_mask == glob.head
            && tail & glob.tail_mask == glob.tail
            && matches(glob.pattern, name)
    });
    glob.map(|glob| glob.fact)
}

/// The first eight bytes of a text, the first one lowest.
fn head(text: &str) -> u64 {
    let mut head = [0; 8];
    head.iter_mut()
        .zip(text.bytes())
        .for_each(|(to, byte)| *to = byte);
    u64::from_le_bytes(head)
}

/// The last eight bytes of a text, the last one lowest.
fn tail(text: &str) -> u64 {
    let mut tail = [0; 8];
    tail.iter_mut()
        .zip(text.bytes().rev())
        .for_each(|(to, byte)| *to = byte);
    u64::from_le_bytes(tail)
}

/// A pattern, and what its ends say: nearly all are told from a name by up to eight bytes of each.
struct Glob {
    pattern: &'static str,
    fact: Fact,
    /// What stands before the first asterisk.
    head: u64,
    head_mask: u64,
    /// What stands behind the last one.
    tail: u64,
    tail_mask: u64,
}

/// The patterns, in order.
static GLOBS: LazyLock<Vec<Glob>> = LazyLock::new(|| {
    let mask = |bytes: usize| match bytes {
        0..8 => (1 << (8 * bytes)) - 1,
        _ => u64::MAX,
    };
    let globs = PATTERNS.iter().map(|(pattern, fact)| {
        let start = pattern.split('*').next().unwrap_or_default();
        let end = pattern.rsplit('*').next().unwrap_or_default();
        Glob {
            pattern,
            fact: *fact,
            head: head(start),
            head_mask: mask(start.len()),
            tail: tail(end),
            tail_mask: mask(end.len()),
        }
    });
    globs.collect()
});

/// What a name says without the suffixes of Prometheus.
fn gauge(stem: &str) -> Option<Value> {
    match exception(stem) {
        Some(fact) => fact.value(),
        None => suffix(stem),
    }
}

fn counter(name: &str, stem: &str) -> Option<Value> {
    // That a plural counts things is weak of a gauge, and certain of a counter.
    match exception(stem) {
        Some(Fact::Known {
            weak: true,
            kind: Kind::Count,
            ..
        })
        | None => {}
        Some(fact) => return fact.value(),
    }
    if let Some(value) = suffix(stem) {
        return Some(value);
    }
    // "message" is no age.
    let name = name.to_ascii_lowercase().replace("message", "");
    let suspicious = has_any(&SUSPICIOUS_WORDS, &name)
        || has_any(&CONFLICTING_WORDS, &name)
        || stem.ends_with("ms");
    (!suspicious).then(Value::count)
}

static SUSPICIOUS_WORDS: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(SUSPICIOUS).ok());
static CONFLICTING_WORDS: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(CONFLICTING).ok());

fn has_any(words: &LazyLock<Option<AhoCorasick>>, name: &str) -> bool {
    words.as_ref().is_some_and(|words| words.is_match(name))
}

/// The unit at the end of a name, the longest one first; then one in the middle.
fn suffix(stem: &str) -> Option<Value> {
    let longest = longest_suffix(stem);
    let conflicting = || has_any(&CONFLICTING_WORDS, stem) || stem.ends_with("_rate");
    match longest {
        Some((words, fact)) if words.contains("per_second") || !conflicting() => fact.value(),
        Some(_) => None,
        None if conflicting() => None,
        None => stem
            .split('_')
            .find_map(|word| find(WORDS, word))
            .and_then(|(_, fact)| fact.value()),
    }
}

fn find(table: &'static [(&'static str, Fact)], key: &str) -> Option<(&'static str, Fact)> {
    let at = table
        .binary_search_by(|(known, _)| (*known).cmp(key))
        .ok()?;
    table.get(at).copied()
}

/// A recording rule, `level:metric:operations`: the metric, then what was done to it. Never certain, but for what buckets observe.
fn recorded(name: &str, at: Span) -> Option<Value> {
    let mut parts = name.split(':');
    let (metric, operations) = match (parts.next(), parts.next(), parts.next()) {
        (Some(_), Some(metric), Some(operations)) => (metric, operations),
        (Some(metric), Some(operations), None) => (metric, operations),
        _ => return None,
    };
    if operations == "relabel" || operations.contains("kube_pod_owner") {
        return Some(Value::new(Dims::NONE, Kind::Info, Confidence::Strong));
    }
    if operations.contains("ratio") {
        return Some(Value::new(Dims::NONE, Kind::Ratio, Confidence::Weak));
    }
    let mut value = plain(metric, at)?;
    value.base = None;
    if operations.contains("quantile") {
        let observed = value.observed?;
        value = Value {
            scale: observed.scale,
            ..Value::new(observed.dims, observed.kind, observed.confidence)
        };
    } else if operations.contains("rate") {
        value = super::infer::per_second(value);
    } else if operations.contains("count") {
        value = Value::count();
    }
    Some(value.at_most(Confidence::Weak))
}

/// Whether `*` for any text makes the pattern the name.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    // Most patterns are told from the name by their first or last letter.
    let differs =
        |pattern: Option<&u8>, name: Option<&u8>| pattern != Some(&b'*') && pattern != name;
    let (pattern_bytes, name_bytes) = (pattern.as_bytes(), name.as_bytes());
    if differs(pattern_bytes.first(), name_bytes.first())
        || differs(pattern_bytes.last(), name_bytes.last())
    {
        return false;
    }
    let mut parts = pattern.split('*');
    let Some(first) = parts.next() else {
        return false;
    };
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}
