//! What users say of the units of their metrics: patterns in the configuration, and what a server knows of its metrics.

use rustc_hash::FxHashMap;

use super::catalog::{UnitId, lookup};
use super::compare;
use super::metrics::{Fact, matches, unit_word};
use super::value::{Dims, Kind};
use crate::inventory::{Family, Inventory, MetricType};
use crate::promql::MetricKind;

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

/// What users say of their metrics: it takes the place of what names let one guess.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KnownMetrics {
    /// Of the configuration; the first that matches counts.
    patterns: Vec<(String, KnownMetric)>,
    /// Of servers.
    metrics: FxHashMap<String, KnownMetric>,
}

impl KnownMetrics {
    /// Takes what the files of `metadata` say.
    pub fn learn(&mut self, inventory: &Inventory) {
        let said = inventory
            .families()
            .filter(|(_, family)| *family != &Family::default());
        self.metrics.extend(said.map(|(metric, family)| {
            let known = KnownMetric {
                of_type: family.of_type,
                unit: family.unit.as_deref().and_then(unit_word),
            };
            (metric.to_owned(), known)
        }));
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
        self.patterns.push((pattern.to_owned(), known));
        Ok(())
    }

    /// Puts what a nearer configuration says before this.
    pub fn join(&mut self, nearer: &KnownMetrics) {
        self.patterns.splice(0..0, nearer.patterns.iter().cloned());
        let theirs = nearer.metrics.iter();
        self.metrics
            .extend(theirs.map(|(metric, known)| (metric.clone(), *known)));
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty() && self.metrics.is_empty()
    }

    /// Whether a metric counts up or goes up and down; nothing where nobody said it.
    pub fn kind(&self, name: &str) -> Option<MetricKind> {
        let (known, part) = self.find(name)?;
        match (known.of_type?, part) {
            (MetricType::Counter, _) | (_, Part::Bucket | Part::Sum | Part::Count) => {
                Some(MetricKind::Counter)
            }
            (MetricType::Gauge | MetricType::Summary, Part::Whole) => Some(MetricKind::Gauge),
            (MetricType::Histogram, Part::Whole) => None,
        }
    }

    /// What was said of a series' metric. OpenMetrics calls a counter without `_total`, and histograms and summaries
    /// without the ends of their series.
    pub(super) fn find(&self, name: &str) -> Option<(KnownMetric, Part)> {
        if self.is_empty() {
            return None;
        }
        let pattern = |name: &str| {
            let mut patterns = self.patterns.iter();
            let (_, known) = patterns.find(|(pattern, _)| matches(pattern, name))?;
            Some(*known)
        };
        let whole = || self.metrics.get(name).copied();
        if let Some(known) = pattern(name).or_else(whole) {
            return Some((known, Part::Whole));
        }
        let ends = [
            ("_total", Part::Whole),
            ("_bucket", Part::Bucket),
            ("_sum", Part::Sum),
            ("_count", Part::Count),
        ];
        let (stem, part) = ends
            .iter()
            .find_map(|(end, part)| Some((name.strip_suffix(end)?, *part)))?;
        let known = pattern(stem).or_else(|| self.metrics.get(stem).copied())?;
        let fits = match part {
            Part::Whole => known.of_type == Some(MetricType::Counter),
            Part::Bucket => known.of_type == Some(MetricType::Histogram),
            Part::Sum | Part::Count => matches!(
                known.of_type,
                Some(MetricType::Histogram | MetricType::Summary)
            ),
        };
        fits.then_some((known, part))
    }
}

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
