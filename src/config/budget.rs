//! `[[budget]]`: what dashboards may cost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use globset::GlobSet;

use super::files::Base;
use crate::source::Source;
use crate::span::Span;

/// A limit, and where the configuration says it.
#[derive(Debug, Clone)]
pub struct Limit {
    /// The most there may be.
    pub most: f64,
    pub(crate) source: Arc<Source>,
    pub(crate) span: Span,
}

/// What a dashboard may cost at most, as far as that is said.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Work of one load.
    pub work: Option<Limit>,
    /// Samples one load reads.
    pub samples: Option<Limit>,
    /// Queries one load sends.
    pub queries: Option<Limit>,
    /// Queries a second of each open tab.
    pub queries_a_second: Option<Limit>,
    /// Work of one panel.
    pub panel_work: Option<Limit>,
}

impl Limits {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        let Limits {
            work,
            samples,
            queries,
            queries_a_second,
            panel_work,
        } = self;
        [work, samples, queries, queries_a_second, panel_work]
            .iter()
            .all(|limit| limit.is_none())
    }

    /// Takes over what `other` says.
    fn join(&mut self, other: &Limits) {
        let pairs = [
            (&mut self.work, &other.work),
            (&mut self.samples, &other.samples),
            (&mut self.queries, &other.queries),
            (&mut self.queries_a_second, &other.queries_a_second),
            (&mut self.panel_work, &other.panel_work),
        ];
        for (own, others) in pairs {
            if others.is_some() {
                own.clone_from(others);
            }
        }
    }
}

/// A `[[budget]]`.
#[derive(Debug)]
pub(crate) struct Budget {
    pub(crate) source: Arc<Source>,
    /// Its first line.
    pub(crate) span: Span,
    /// A dashboard was met that it is for.
    pub(crate) used: AtomicBool,
    pub(crate) base: Base,
    pub(crate) files: Option<GlobSet>,
    /// The uids of the dashboards it is for; `None`: all.
    pub(crate) dashboards: Option<Vec<String>>,
    pub(crate) limits: Limits,
}

impl Budget {
    fn concerns(&self, file: &str, uid: Option<&str>) -> bool {
        let named = self.dashboards.as_ref().is_none_or(|uids| {
            let is = |uid: &str| uids.iter().any(|own| own == uid);
            uid.is_some_and(is)
        });
        let concerns = named
            && self
                .files
                .as_ref()
                .is_none_or(|files| files.is_match(&*self.base.relative(file)));
        if concerns {
            self.used.store(true, Ordering::Relaxed);
        }
        concerns
    }
}

/// The limits for the dashboard `uid` in `file`: of several that are said the last one.
pub(crate) fn limits(budgets: &[Arc<Budget>], file: &str, uid: Option<&str>) -> Limits {
    let mut limits = Limits::default();
    for budget in budgets.iter().filter(|budget| budget.concerns(file, uid)) {
        limits.join(&budget.limits);
    }
    limits
}
