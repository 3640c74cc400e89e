//! What users say of their metrics: patterns in the configuration, and what a server knows of its metrics.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::catalog::{UnitId, lookup};
use super::compare;
use super::metrics::{Fact, matches, unit_word};
use super::value::{Dims, Kind};
use crate::inventory::Inventory;
use crate::promql::MetricKind;

/// What type a metric has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricType {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// Observations in buckets.
    Histogram,
    /// Observations with quantiles.
    Summary,
}

impl MetricType {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "counter" => Some(MetricType::Counter),
            "gauge" => Some(MetricType::Gauge),
            "histogram" => Some(MetricType::Histogram),
            "summary" => Some(MetricType::Summary),
            _ => None,
        }
    }
}

/// What is known of one metric.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct KnownMetric {
    pub(super) of_type: Option<MetricType>,
    pub(super) unit: Option<Fact>,
}

/// Which series of a metric a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The metric itself.
    Whole,
    /// A bucket of a histogram.
    Bucket,
    /// What was observed, added up.
    Sum,
    /// How often something was observed.
    Count,
}

/// What is said of the metrics with certain names.
#[derive(Debug, Clone)]
struct Pattern {
    names: String,
    known: KnownMetric,
    /// It has met a metric, here or in a copy.
    used: Arc<AtomicBool>,
}

/// What users say of their metrics: it takes the place of what names let one guess.
#[derive(Debug, Clone, Default)]
pub struct KnownMetrics {
    /// Of the configuration; the first that matches counts.
    patterns: Vec<Pattern>,
    /// Of servers.
    inventory: Inventory,
}

impl KnownMetrics {
    /// With the metrics that servers have.
    #[must_use]
    pub fn with_inventory(mut self, inventory: Inventory) -> Self {
        self.inventory = inventory;
        self
    }

    /// Says of all metrics that a pattern matches what they are: a unit (`seconds`, an id of Grafana, `count`, `unknown`), a
    /// type, or both with a space between. A message where a word is none of them.
    pub fn say(&mut self, pattern: &str, words: &str) -> Result<(), String> {
        let mut known = KnownMetric::default();
        for word in words.split_whitespace() {
            if let Some(of_type) = MetricType::parse(word) {
                known.of_type = Some(of_type);
            } else if let Some(unit) = unit(word) {
                known.unit = Some(unit);
            } else {
                return Err(format!(
                    "`{word}` is neither a unit, such as `seconds` or an id of Grafana, nor `counter`, `gauge`, `histogram` or `summary`"
                ));
            }
        }
        self.patterns.push(Pattern {
            names: pattern.to_owned(),
            known,
            used: Arc::default(),
        });
        Ok(())
    }

    /// Puts the patterns of a nearer configuration before these.
    pub fn join(&mut self, nearer: &KnownMetrics) {
        self.patterns.splice(0..0, nearer.patterns.iter().cloned());
    }

    /// The patterns that no metric has met yet.
    pub fn unused(&self) -> impl Iterator<Item = &str> {
        let unused = |pattern: &&Pattern| !pattern.used.load(Ordering::Relaxed);
        self.patterns
            .iter()
            .filter(unused)
            .map(|pattern| pattern.names.as_str())
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty() && self.inventory.is_empty()
    }

    /// Whether a metric counts up or goes up and down; nothing where nobody said it.
    pub fn kind(&self, name: &str) -> Option<MetricKind> {
        let (known, part) = self.find(name)?;
        if part != Part::Whole {
            return Some(MetricKind::Counter);
        }
        match known.of_type? {
            MetricType::Counter => Some(MetricKind::Counter),
            MetricType::Gauge | MetricType::Summary => Some(MetricKind::Gauge),
            MetricType::Histogram => None,
        }
    }

    /// What was said of a series' metric: of the series itself, else of the histogram or summary that it is a part of.
    pub(super) fn find(&self, name: &str) -> Option<(KnownMetric, Part)> {
        if self.is_empty() {
            return None;
        }
        if let Some(known) = self.pattern(name) {
            return Some((known, Part::Whole));
        }
        let stem_and_part = ENDS
            .iter()
            .find_map(|(end, part)| Some((name.strip_suffix(end)?, *part)));
        if let Some((stem, part)) = stem_and_part {
            let of_pattern = self.pattern(stem).filter(|known| {
                matches!(
                    known.of_type,
                    Some(MetricType::Histogram | MetricType::Summary)
                )
            });
            // The inventory has the series of a family beside the family.
            let of_family = || {
                let counts = self.inventory.of(name)?.kind == Some(MetricKind::Counter);
                let family = self.inventory.of(stem)?.kind != Some(MetricKind::Counter);
                (counts && family).then(|| self.listed(stem).unwrap_or_default())
            };
            if let Some(known) = of_pattern.or_else(of_family) {
                return Some((known, part));
            }
        }
        Some((self.listed(name)?, Part::Whole))
    }

    fn pattern(&self, name: &str) -> Option<KnownMetric> {
        let mut patterns = self.patterns.iter();
        let pattern = patterns.find(|pattern| matches(&pattern.names, name))?;
        pattern.used.store(true, Ordering::Relaxed);
        Some(pattern.known)
    }

    /// What the inventory says; nothing where it has no more than the name.
    fn listed(&self, name: &str) -> Option<KnownMetric> {
        let fact = self.inventory.of(name)?;
        let known = KnownMetric {
            of_type: fact.kind.map(|kind| match kind {
                MetricKind::Counter => MetricType::Counter,
                MetricKind::Gauge => MetricType::Gauge,
            }),
            unit: fact.unit.as_deref().and_then(unit_word),
        };
        (known != KnownMetric::default()).then_some(known)
    }
}

/// The ends of the series of histograms and summaries.
const ENDS: [(&str, Part); 3] = [
    ("_bucket", Part::Bucket),
    ("_sum", Part::Sum),
    ("_count", Part::Count),
];

/// A unit as the configuration calls it.
fn unit(word: &str) -> Option<Fact> {
    let known = |dims, scale, kind| {
        Some(Fact::Known {
            dims,
            scale: Some(scale),
            kind,
            weak: false,
        })
    };
    match word {
        "unknown" => return Some(Fact::Unknown),
        "count" | "none" | "short" => return known(Dims::NONE, 1.0, Kind::Count),
        "timestamp" => return known(Dims::TIME, 1.0, Kind::Timestamp),
        _ => {}
    }
    if let Some(fact) = unit_word(word) {
        return Some(fact);
    }
    let UnitId::Known(_) = lookup(word) else {
        return None;
    };
    let shown = compare::shown(word)?;
    let kind = match (shown.moment, shown.share) {
        (true, _) => Kind::Timestamp,
        (false, true) => Kind::Ratio,
        (false, false) => Kind::Amount,
    };
    known(shown.dims, shown.scale, kind)
}
