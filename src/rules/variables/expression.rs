//! What several rules about variables ask of the queries of a dashboard.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::model::{Dashboard, Query, Variable};
use crate::promql::ast::RangeSelector;
use crate::promql::{ExprId, ExprKind, Hole, Matcher, Parsed, parse};

/// A variable in the value of a matcher.
pub(super) struct InMatcher<'a> {
    pub(super) parsed: &'a Parsed,
    pub(super) matcher: &'a Matcher,
    pub(super) hole: &'a Hole,
}

impl InMatcher<'_> {
    /// The reference is the whole value.
    pub(super) fn is_whole(&self) -> bool {
        self.hole.span == self.matcher.value.inner()
    }

    /// It is written without a format and a field: the data source says how its values are put in.
    pub(super) fn is_plain(&self) -> bool {
        self.hole.format.is_none() && self.hole.field.is_none()
    }

    /// The label that is matched.
    pub(super) fn label(&self) -> Cow<'_, str> {
        self.parsed.label(&self.matcher.label)
    }
}

/// Visits every variable of the dashboard where it stands in the value of a PromQL matcher.
pub(super) fn each_in_matcher<'d, 't>(
    dashboard: &'d Dashboard<'t>,
    mut visit: impl FnMut(&'d Query<'t>, &'d Variable<'t>, &InMatcher<'_>),
) {
    let names: FxHashMap<Cow<'t, str>, &Variable<'t>> = dashboard
        .variables
        .iter()
        .rev()
        .map(|variable| (variable.name(), variable))
        .collect();
    if names.is_empty() {
        return;
    }
    for query in &dashboard.queries {
        if memchr::memchr2(b'$', b'[', query.text().as_bytes()).is_none() {
            continue;
        }
        let Some(parsed) = query.expression() else {
            continue;
        };
        for (_, matcher) in parsed.matchers() {
            for hole in parsed.holes_of(matcher.value.holes) {
                if let Some(variable) = names.get(parsed.hole_name(hole)) {
                    let found = InMatcher {
                        parsed,
                        matcher,
                        hole,
                    };
                    visit(query, variable, &found);
                }
            }
        }
    }
}

/// Whether the panel of `query`, or its row, is repeated over the variable, so that each copy sees one value.
pub(super) fn is_repeated(dashboard: &Dashboard<'_>, query: &Query<'_>, name: &str) -> bool {
    dashboard.panel_of(query).is_some_and(|panel| {
        let row = panel.row.and_then(|row| row.repeat());
        [panel.repeat(), row]
            .into_iter()
            .flatten()
            .any(|over| over == name)
    })
}

/// The ranges of selectors that stand directly under one of `functions`, each with the function.
pub(super) fn ranges_under<'q>(
    parsed: &'q Parsed,
    functions: &'static [&'static str],
) -> impl Iterator<Item = (ExprId, &'static str, &'q RangeSelector)> {
    parsed.calls().filter_map(move |(id, _, call)| {
        let function = call.function?;
        let name = functions.iter().find(|name| **name == function.name)?;
        let arg = parsed.ast.args(call).get(function.range_arg()?)?;
        match &parsed.ast.expr(parsed.ast.unparen(*arg)).kind {
            ExprKind::Selector(selector) => Some((id, *name, selector.range.as_ref()?)),
            _ => None,
        }
    })
}

/// How many seconds a duration has, if Prometheus takes it for one.
pub(super) fn seconds(duration: &str) -> Option<f64> {
    let parsed = parse(&format!("x[{duration}]"));
    if !parsed.is_valid() || !parsed.holes.is_empty() {
        return None;
    }
    parsed.ranges().next()?.duration.seconds
}
