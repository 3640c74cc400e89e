//! Two colours, measured once.

use super::distance::{Linear, ciede2000, contrast, from_linear, to_lab, to_linear};
use super::simulate::{Deficiency, Model, simulate_linear};
use super::{Rgba, Theme};
use rustc_hash::FxHashMap;
use std::sync::{Mutex, PoisonError};

/// What is known about two colours on a panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairReport {
    /// The first colour as painted: opaque, over the panel.
    pub a: Rgba,
    /// The second one.
    pub b: Rgba,
    /// CIEDE2000 to people with typical vision.
    pub normal: f64,
    /// The contrast ratio of WCAG 2 between the two, from 1 to 21.
    pub contrast: f64,
    /// The same pair to others, in the order of [`Deficiency::ALL`].
    pub seen: [Seen; 4],
}

/// Two colours as seen with a deficiency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Whose eyes.
    pub deficiency: Deficiency,
    /// CIEDE2000: the larger one of the two models, so that a pair is alike only if both say so.
    pub distance: f64,
    /// CIEDE2000 after Machado 2009.
    pub machado: f64,
    /// CIEDE2000 after Brettel 1997.
    pub brettel: f64,
    /// What the first colour becomes, by the model that `distance` comes from.
    pub a: Rgba,
    /// What the second one becomes.
    pub b: Rgba,
}

impl PairReport {
    /// The pair as seen with a deficiency.
    pub fn seen_by(&self, deficiency: Deficiency) -> &Seen {
        &self.seen[deficiency.index()]
    }

    /// Of the given deficiencies, the one with the smallest distance.
    pub fn worst(&self, deficiencies: &[Deficiency]) -> Option<&Seen> {
        deficiencies
            .iter()
            .map(|d| self.seen_by(*d))
            .min_by(|x, y| x.distance.total_cmp(&y.distance))
    }

    fn swapped(mut self) -> Self {
        std::mem::swap(&mut self.a, &mut self.b);
        for seen in &mut self.seen {
            std::mem::swap(&mut seen.a, &mut seen.b);
        }
        self
    }
}

/// Measures two colours as they are painted on a panel. Takes a few microseconds; swapping the colours swaps the report and
/// changes no number. [`PairCache`] remembers.
pub fn pair(a: Rgba, b: Rgba, theme: Theme) -> PairReport {
    let (a, b) = (a.on_panel(theme), b.on_panel(theme));
    if a <= b {
        measure(a, b)
    } else {
        measure(b, a).swapped()
    }
}

fn measure(a: Rgba, b: Rgba) -> PairReport {
    let (light_a, light_b) = (to_linear(a), to_linear(b));
    let after = |deficiency, model| {
        let a = simulate_linear(light_a, deficiency, model);
        let b = simulate_linear(light_b, deficiency, model);
        (difference(a, b), a, b)
    };
    let seen = Deficiency::ALL.map(|deficiency| {
        let machado = after(deficiency, Model::Machado);
        let brettel = if deficiency == Deficiency::Grey {
            machado
        } else {
            after(deficiency, Model::Brettel)
        };
        let (distance, seen_a, seen_b) = if machado.0 >= brettel.0 {
            machado
        } else {
            brettel
        };
        Seen {
            deficiency,
            distance,
            machado: machado.0,
            brettel: brettel.0,
            a: from_linear(seen_a),
            b: from_linear(seen_b),
        }
    });
    PairReport {
        a,
        b,
        normal: difference(light_a, light_b),
        contrast: contrast(a, b),
        seen,
    }
}

fn difference(a: Linear, b: Linear) -> f64 {
    ciede2000(to_lab(a), to_lab(b))
}

const SHARDS: usize = 16;

/// Reports of pairs already measured, for one run and any number of threads. Each distinct pair is measured once.
#[derive(Debug, Default)]
pub struct PairCache {
    shards: [Mutex<FxHashMap<(Rgba, Rgba), PairReport>>; SHARDS],
}

impl PairCache {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// The report of [`pair()`].
    pub fn pair(&self, a: Rgba, b: Rgba, theme: Theme) -> PairReport {
        let (a, b) = (a.on_panel(theme), b.on_panel(theme));
        let (first, second) = if a <= b { (a, b) } else { (b, a) };
        let mix = [first.r, first.g, first.b, second.r, second.g, second.b];
        let shard = mix.iter().fold(0usize, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(usize::from(*byte))
        });
        let mut known = self.shards[shard % SHARDS]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let report = *known
            .entry((first, second))
            .or_insert_with(|| measure(first, second));
        if a <= b { report } else { report.swapped() }
    }

    /// How many pairs were measured.
    pub fn len(&self) -> usize {
        self.shards
            .iter()
            .map(|s| s.lock().unwrap_or_else(PoisonError::into_inner).len())
            .sum()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
