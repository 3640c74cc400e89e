//! Recording rules that would make a query cheap.

use std::fmt::Write;

use super::data::WINDOW;
use super::parts::Part;
use super::query::Read;
use super::series::{share, values_together};
use crate::promql::ast::{Aggregate, AggregateOp, BinaryOp, ExprKind, Matcher, Selector};
use crate::promql::{ExprId, Parsed};
use crate::span::Span;

/// A recording rule that keeps an aggregation, and what a query reads in its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recording {
    /// What the rule records: `level:metric:operations`.
    pub(super) name: String,
    /// Its expression.
    pub(super) expr: String,
    /// What stands in the query in place of the aggregation.
    pub(super) instead: String,
    /// Series the query reads of it.
    pub(super) series: f64,
    /// The query's work in place of the aggregation's.
    pub(super) work: f64,
}

/// The rule for a part of a query; `None` where it cannot be written from the text alone.
///
/// Template variables cannot stand in a rule. A matcher with one goes, and its label is kept instead, so that the query can
/// choose by it; a window that is a variable becomes the usual one.
pub(super) fn recording(parsed: &Parsed, part: &Part) -> Option<Recording> {
    let ExprKind::Aggregate(aggregate) = &parsed.ast.expr(part.expr).kind else {
        return None;
    };
    let [read] = part.reads.as_slice() else {
        return None;
    };
    let ExprKind::Selector(selector) = &parsed.ast.expr(read.selector).kind else {
        return None;
    };
    let (metric, _) = parsed.metric_name(selector)?;
    selector.name.filter(|name| name.quote.is_none())?;
    let outer = outer(aggregate.op)?;
    if selector.open || selector.shift != Default::default() || metric.contains(':') {
        return None;
    }
    let (open, fixed): (Vec<&Matcher>, Vec<&Matcher>) = parsed
        .ast
        .matchers(selector)
        .iter()
        .partition(|matcher| !parsed.holes_of(matcher.value.holes).is_empty());
    let mut labels = kept(parsed, aggregate)?;
    let own = labels.len();
    for matcher in &open {
        if !matcher.label.holes.is_empty() {
            return None;
        }
        let label = parsed.label(&matcher.label).into_owned();
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let added = labels.len() > own;
    if added && outer.is_empty() {
        return None;
    }
    let (inner, operations) = inner(parsed, aggregate.expr?, selector, &fixed)?;
    let by = match labels.is_empty() {
        true => String::new(),
        false => format!(" by ({})", labels.join(", ")),
    };
    let record = record(&labels, &metric, aggregate.op, &operations);
    let mut instead = record.clone();
    if !open.is_empty() {
        let matchers: Vec<&str> = open
            .iter()
            .map(|matcher| parsed.slice(matcher.span))
            .collect();
        let _ = write!(instead, "{{{}}}", matchers.join(", "));
    }
    if added {
        let by = match own {
            0 => String::new(),
            own => format!(" by ({})", labels[..own].join(", ")),
        };
        instead = format!("{outer}{by} ({instead})");
    }
    let chosen: f64 = open.iter().map(|matcher| share(parsed, matcher)).product();
    // Without the matchers that go, the rule reads more.
    let read_by_rule = read.series / chosen.max(f64::MIN_POSITIVE);
    let stored = values_together(labels.iter().map(String::as_str)).min(read_by_rule);
    let recorded = Read {
        series: (stored * chosen).max(1.0),
        samples: 0.0,
        ..*read
    };
    Some(Recording {
        expr: format!("{}{by} ({inner})", aggregate.op.as_str()),
        name: record,
        instead,
        series: recorded.series,
        work: recorded.work(),
    })
}

/// The aggregation that puts groups of an aggregation's results together; nothing for those whose results say too little, `None`
/// where there is nothing to record.
fn outer(op: AggregateOp) -> Option<&'static str> {
    match op {
        AggregateOp::Sum | AggregateOp::Count => Some("sum"),
        AggregateOp::Min => Some("min"),
        AggregateOp::Max => Some("max"),
        AggregateOp::Avg | AggregateOp::Group => Some(""),
        _ => None,
    }
}

/// The labels an aggregation keeps; `None` where it does not list them.
fn kept(parsed: &Parsed, aggregate: &Aggregate) -> Option<Vec<String>> {
    let Some(grouping) = &aggregate.grouping else {
        return Some(Vec::new());
    };
    if grouping.without || !grouping.complete {
        return None;
    }
    let labels = parsed.ast.labels(&grouping.list).iter();
    Some(
        labels
            .map(|label| parsed.label(label).into_owned())
            .collect(),
    )
}

/// What is aggregated, without variables, and the operations in it, the inner ones first; `None` where a variable stays.
fn inner(
    parsed: &Parsed,
    root: ExprId,
    selector: &Selector,
    fixed: &[&Matcher],
) -> Option<(String, Vec<String>)> {
    let mut edits: Vec<(Span, String)> = Vec::new();
    let mut operations = Vec::new();
    let metric = selector.name?;
    let fixed: Vec<&str> = fixed
        .iter()
        .map(|matcher| parsed.slice(matcher.span))
        .collect();
    let mut plain = parsed.slice(metric.span).to_owned();
    if !fixed.is_empty() {
        let _ = write!(plain, "{{{}}}", fixed.join(", "));
    }
    edits.push((selector.vector, plain));
    for id in parsed.ast.descendants(root) {
        match &parsed.ast.expr(id).kind {
            ExprKind::Selector(_) | ExprKind::Paren(_) | ExprKind::Unary { .. } => {}
            ExprKind::Number(number) if number.holes.is_empty() => {}
            // A factor, not a condition, which the name would have to say.
            ExprKind::Binary(binary)
                if factor(binary.op) && parsed.ast.matching(binary).is_none() => {}
            ExprKind::Call(call) => {
                let function = call.function?;
                // These make labels of their own.
                if matches!(function.name, "label_replace" | "label_join" | "info") {
                    return None;
                }
                operations.push(function.name.to_owned());
            }
            _ => return None,
        }
    }
    if let Some(range) = &selector.range {
        if range.duration.dynamic {
            return None;
        }
        if !range.duration.holes.is_empty() {
            edits.push((range.duration.span, minutes(WINDOW)));
        }
        let window = match range.duration.holes.is_empty() {
            true => parsed.slice(range.duration.span).to_owned(),
            false => minutes(WINDOW),
        };
        if let Some(innermost) = operations.last_mut() {
            *innermost += &window;
        }
    }
    operations.reverse();
    let span = parsed.ast.expr(root).span;
    let mut text = String::new();
    let mut at = span.start as usize;
    for (edit, new) in &edits {
        text.push_str(parsed.text.get(at..edit.start as usize)?);
        text.push_str(new);
        at = edit.end as usize;
    }
    text.push_str(parsed.text.get(at..span.end as usize)?);
    Some((one_line(&text), operations))
}

/// The name by the convention `level:metric:operations` (Prometheus documentation, "Recording rules"): `_total` goes where a
/// rate was taken, `sum` where there is another operation, and the newest operation comes first.
fn record(labels: &[String], metric: &str, op: AggregateOp, operations: &[String]) -> String {
    let rated = |operation: &String| {
        ["rate", "irate", "increase"]
            .iter()
            .any(|rate| operation.starts_with(rate))
    };
    let metric = match operations.iter().any(rated) {
        true => metric.strip_suffix("_total").unwrap_or(metric),
        false => metric,
    };
    let mut newest: Vec<&str> = operations.iter().rev().map(String::as_str).collect();
    if op != AggregateOp::Sum || newest.is_empty() {
        newest.insert(0, op.as_str());
    }
    format!("{}:{metric}:{}", labels.join("_"), newest.join("_"))
}

/// Seconds as PromQL writes minutes.
fn minutes(seconds: f64) -> String {
    format!("{:.0}m", seconds / 60.0)
}

/// A text with runs of white space as one space.
pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// Whether an operation makes other values of the same series.
fn factor(op: BinaryOp) -> bool {
    !op.is_comparison() && !op.is_set() && op != BinaryOp::Hole
}
