//! At which values the alerts of a project fire.

use rustc_hash::FxHashMap;

use crate::diagnostic::Location;
use crate::model::{
    AlertRule, Alerting, ExpressionKind, Host, ParsedFile, Query, RuleFile, RuleKind, string,
};
use crate::promql::ast::{BinaryOp, ExprKind};
use crate::promql::shape::measured;
use crate::promql::{ExprId, Parsed};
use crate::rules::{Place, location};

/// An alert that compares what it measures with a number.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertBound {
    /// The fingerprint of what it measures.
    query: u64,
    /// Its name.
    pub name: Box<str>,
    /// The number.
    pub bound: f64,
    /// It fires above the number, else below.
    pub above: bool,
    /// It fires at the number too.
    pub inclusive: bool,
    /// Where the alert stands.
    pub location: Location,
}

/// The alerts of a rule file that compare with a number.
pub(super) fn of(file: &ParsedFile, rules: &RuleFile<'_>) -> Vec<AlertBound> {
    let bound = |query: &Query<'_>| {
        let Host::Rule(rule) = query.host else {
            return None;
        };
        let rule = rules.rules.get(rule)?;
        if rule.kind != RuleKind::Alert || !query.language.is_promql() {
            return None;
        }
        let name = rule.name_node()?;
        // Most of what is no comparison need not be parsed.
        if !query.text().contains(['<', '>']) {
            return None;
        }
        let parsed = query.parsed();
        let (side, op, bound) = comparison(parsed)?;
        Some(AlertBound {
            query: measured(parsed, side)?,
            name: name.as_str()?.into(),
            bound,
            above: matches!(op, BinaryOp::Gt | BinaryOp::Ge),
            inclusive: matches!(op, BinaryOp::Ge | BinaryOp::Le),
            location: location(file, Place::value(name)),
        })
    };
    rules.queries.iter().filter_map(bound).collect()
}

/// The alerts of Grafana whose condition compares a query, or one number of each of its series, with a number.
pub(super) fn of_grafana(file: &ParsedFile, alerting: &Alerting<'_>) -> Vec<AlertBound> {
    let mut found = Vec::new();
    // The queries of a rule stand together.
    for queries in alerting.queries.chunk_by(|a, b| a.host == b.host) {
        let Some(Host::AlertRule(rule)) = queries.first().map(|query| query.host) else {
            continue;
        };
        let rule = alerting.rules.get(rule);
        found.extend(rule.and_then(|rule| of_grafana_rule(file, rule, queries)));
    }
    found
}

fn of_grafana_rule(
    file: &ParsedFile,
    rule: &AlertRule<'_>,
    queries: &[Query<'_>],
) -> Option<AlertBound> {
    let title = rule.node.get("title")?;
    let entry = |name: &str| {
        rule.data()
            .find(|entry| entry.ref_id().as_deref() == Some(name))
    };
    let condition = entry(&string(rule.node, "condition")?)?;
    if condition.expression() != Some(ExpressionKind::Threshold) {
        return None;
    }
    let evaluator = condition.conditions().next()?.get("evaluator")?;
    let above = match string(evaluator, "type")?.as_ref() {
        "gt" => true,
        "lt" => false,
        _ => return None,
    };
    let bound = evaluator.get("params")?.items().next()?.as_f64()?;
    let mut read = entry(&condition.inputs().first()?.name)?;
    if read.expression() == Some(ExpressionKind::Reduce) {
        read = entry(&read.inputs().first()?.name)?;
    }
    let ref_id = read.ref_id()?;
    let query = queries
        .iter()
        .find(|query| query.ref_id == *ref_id && query.language.is_promql())?;
    let parsed = query.parsed();
    let root = parsed.root.filter(|_| parsed.is_valid())?;
    Some(AlertBound {
        query: measured(parsed, root)?,
        name: title.as_str()?.into(),
        bound,
        above,
        inclusive: false,
        location: location(file, Place::value(title)),
    })
}

/// What a query compares with which number, if it does nothing else in the end.
fn comparison(parsed: &Parsed) -> Option<(ExprId, BinaryOp, f64)> {
    let root = parsed.root.filter(|_| parsed.is_valid())?;
    let ExprKind::Binary(binary) = &parsed.ast.expr(parsed.ast.unparen(root)).kind else {
        return None;
    };
    if binary.bool_span.is_some() {
        return None;
    }
    let (side, op, bound) = match (number(parsed, binary.lhs), number(parsed, binary.rhs)) {
        (None, Some(bound)) => (binary.lhs, binary.op, bound),
        (Some(bound), None) => (binary.rhs, binary.op.mirrored(), bound),
        _ => return None,
    };
    let ordered = matches!(
        op,
        BinaryOp::Gt | BinaryOp::Ge | BinaryOp::Lt | BinaryOp::Le
    );
    ordered.then_some((side, op, bound))
}

fn number(parsed: &Parsed, id: ExprId) -> Option<f64> {
    match &parsed.ast.expr(parsed.ast.unparen(id)).kind {
        ExprKind::Number(number) if number.holes.is_empty() => Some(number.value),
        _ => None,
    }
}

/// The alerts of a project by what they measure.
#[derive(Debug, Default)]
pub struct AlertBounds(FxHashMap<u64, Vec<AlertBound>>);

impl AlertBounds {
    pub(super) fn new<'f>(alerts: impl Iterator<Item = &'f AlertBound>) -> Self {
        let mut found: FxHashMap<u64, Vec<AlertBound>> = FxHashMap::default();
        for alert in alerts {
            found.entry(alert.query).or_default().push(alert.clone());
        }
        for alerts in found.values_mut() {
            alerts.sort_by(|a, b| {
                let place = |alert: &AlertBound| alert.location.range.start.offset;
                (&a.location.file, place(a)).cmp(&(&b.location.file, place(b)))
            });
        }
        AlertBounds(found)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that measure what a query of this fingerprint does.
    pub(crate) fn of(&self, query: u64) -> &[AlertBound] {
        self.0.get(&query).map_or(&[], Vec::as_slice)
    }
}
