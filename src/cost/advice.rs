//! What makes a panel cheaper, and by how much.

use rustc_hash::FxHashMap;

use super::parts::{Part, parts};
use super::query::{Evaluation, Figures, Read};
use super::recording::{one_line, recording};
use super::survey::{Advice, PartCost, RecordingRule};
use super::{duration, in_words};
use crate::model::{Panel, Query};
use crate::promql::ast::ExprKind;
use crate::syntax::{Kind, NodeRef};

/// How many parts of a panel are named.
const MOST_PARTS: usize = 3;
/// How many characters of a sub-expression are shown.
const MOST_TEXT: usize = 300;
/// How many characters of sub-expressions are compared; of longer ones their length besides.
const MOST_COMPARED: usize = 4000;
/// What saves less of a panel's cost is not worth a word.
const LEAST_SAVING: f64 = 0.25;
/// Windows of so many samples weigh more than the steps.
const LONG_WINDOW: f64 = 250.0;
/// Subqueries of so many points are worth a word.
const MANY_POINTS: f64 = 500.0;
/// So many points of a subquery's window are plenty for a maximum or an average over it.
const ENOUGH_POINTS: f64 = 100.0;
/// The steps people write, in seconds.
const STEPS: &[f64] = &[60.0, 300.0, 900.0, 3600.0, 21_600.0, 86_400.0];
/// The step people see no difference to on a graph: the usual interval of dashboards' refresh.
const COARSE_STEP: f64 = 60.0;

/// A query with all that is known of its cost.
pub(super) struct Looked<'q, 't> {
    pub(super) query: &'q Query<'t>,
    pub(super) evaluation: Evaluation,
    pub(super) figures: Figures,
}

/// Equal parts of queries.
struct Dear<'l, 'q, 't> {
    looked: &'l Looked<'q, 't>,
    /// The dearest of them.
    part: Part,
    /// The sub-expression, on one line.
    text: String,
    times: usize,
    /// All of them together.
    work: f64,
}

/// The dearest parts of queries, and what would make them cheaper: what saves most first. `panel` is where they are shown,
/// nothing for rules; `whole` is what all of them cost once.
pub(super) fn explain(
    looked: &[Looked<'_, '_>],
    panel: Option<&Panel<'_>>,
    whole: f64,
) -> (Vec<PartCost>, Vec<Advice>) {
    let whole = whole.max(f64::MIN_POSITIVE);
    let mut dear = gather(looked);
    dear.sort_by(|a, b| b.work.total_cmp(&a.work));
    dear.truncate(MOST_PARTS);
    let mut advice = Vec::new();
    for dear in &dear {
        advice.extend(record(dear, whole, panel.is_some()));
        advice.extend(subquery(dear, whole));
        advice.extend(window(dear, whole, panel.is_some()));
    }
    if advice.is_empty() && panel.is_some() {
        advice.extend(fewer_points(looked, whole));
    }
    advice.sort_by(|a, b| b.saves.total_cmp(&a.saves));
    advice.dedup_by(|a, b| a.what == b.what && a.rule == b.rule);
    // What is done with one word comes first.
    let simplest = panel.and_then(|panel| at_once(looked, panel, whole));
    advice.splice(0..0, simplest);
    let parts = dear.iter().map(|dear| part_cost(dear, whole));
    (parts.collect(), advice)
}

/// The parts of all queries, equal ones together.
fn gather<'l, 'q, 't>(looked: &'l [Looked<'q, 't>]) -> Vec<Dear<'l, 'q, 't>> {
    let mut dear: Vec<Dear<'l, 'q, 't>> = Vec::new();
    let mut known: FxHashMap<(String, usize), usize> = FxHashMap::default();
    for looked in looked {
        let parsed = looked.query.parsed();
        for part in parts(parsed, &looked.figures) {
            let whole = parsed.slice(parsed.ast.expr(part.expr).span);
            let text = one_line(&clipped(whole, MOST_COMPARED));
            let key = (text.clone(), whole.len());
            match known.get(&key).and_then(|at| dear.get_mut(*at)) {
                Some(equal) => {
                    equal.times += 1;
                    equal.work += part.work;
                    if part.work > equal.part.work {
                        (equal.looked, equal.part) = (looked, part);
                    }
                }
                None => {
                    known.insert(key, dear.len());
                    dear.push(Dear {
                        looked,
                        work: part.work,
                        part,
                        text,
                        times: 1,
                    });
                }
            }
        }
    }
    dear
}

fn part_cost(dear: &Dear<'_, '_, '_>, whole: f64) -> PartCost {
    let dearest = dear.part.dearest();
    PartCost {
        query: dear.looked.query.ref_id.clone(),
        expr: clipped(&dear.text, MOST_TEXT),
        times: dear.times,
        share: dear.work / whole,
        series: dear.part.series(),
        steps: dearest.map_or(1.0, |read| read.steps),
        samples: dearest.map_or(0.0, |read| read.samples),
        mostly_read: dearest.and_then(Read::mostly_read),
        result: dear.looked.figures.lines(dear.part.expr),
    }
}

fn clipped(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A panel that shows the last value of queries along the whole time.
fn at_once(looked: &[Looked<'_, '_>], panel: &Panel<'_>, whole: f64) -> Option<Advice> {
    if !shows_last_value(panel) {
        return None;
    }
    let saved: f64 = looked
        .iter()
        .filter(|looked| !looked.query.is_instant())
        .flat_map(|looked| &looked.figures.cost.reads)
        .map(|read| read.work() - once(read).work())
        .sum();
    worth(saved / whole, || {
        "it shows the last value only: make its queries instant".to_owned()
    })
}

/// What a selector reads of an instant query.
fn once(read: &Read) -> Read {
    Read {
        steps: 1.0,
        along: 0.0,
        ..*read
    }
}

/// Whether nothing but the last value of each series is seen.
fn shows_last_value(panel: &Panel<'_>) -> bool {
    let reduce = panel.option(&["reduceOptions"]);
    let last = |node: NodeRef<'_>| {
        let mut calcs = node.items().filter_map(NodeRef::as_str);
        calcs.all(|calc| matches!(calc.as_ref(), "last" | "lastNotNull"))
    };
    let reduced = reduce.is_some_and(|reduce| {
        reduce.get("values").and_then(NodeRef::as_bool) != Some(true)
            && reduce
                .get("calcs")
                .is_some_and(|calcs| calcs.kind() == Kind::Array && last(calcs))
    });
    let transformed = panel.each_transformation().next().is_some();
    match panel.kind().as_ref() {
        "gauge" | "bargauge" | "piechart" => reduced && !transformed,
        "stat" => {
            let spark = panel.option(&["graphMode"]).and_then(NodeRef::as_str);
            reduced && !transformed && spark.is_some_and(|mode| mode == "none")
        }
        _ => false,
    }
}

/// A recording rule in place of a part.
fn record(dear: &Dear<'_, '_, '_>, whole: f64, panel: bool) -> Option<Advice> {
    let (looked, part) = (dear.looked, &dear.part);
    let rule = recording(looked.query.parsed(), part)?;
    // What a rule reads, another rule that keeps it for all of them reads too.
    let kept: f64 = match panel {
        true => 0.0,
        false => part.reads.iter().map(|read| once(read).work()).sum(),
    };
    let saves = (dear.work - kept) / whole * (1.0 - rule.work / part.work);
    let mut advice = worth(saves, || {
        format!(
            "record it: {} series in place of {}",
            in_words(rule.series),
            in_words(part.series())
        )
    })?;
    advice.rule = Some(RecordingRule {
        record: rule.name,
        expr: rule.expr,
        instead: rule.instead,
    });
    Some(advice)
}

/// A coarser subquery.
fn subquery(dear: &Dear<'_, '_, '_>, whole: f64) -> Option<Advice> {
    let parsed = dear.looked.query.parsed();
    let read = dear.part.dearest()?;
    let (_, _, subquery) = parsed
        .subqueries()
        .find(|(_, expr, _)| expr.span.encloses(read.span))?;
    if read.steps < MANY_POINTS {
        return None;
    }
    let range = subquery.range.seconds?;
    let coarse = STEPS.iter().rfind(|step| **step <= range / ENOUGH_POINTS)?;
    let points = ((dear.looked.evaluation.range + range) / coarse).max(1.0);
    let brackets = parsed.slice(subquery.brackets);
    let coarser = Read {
        steps: points,
        ..*read
    };
    worth(
        dear.work / whole * (1.0 - coarser.work() / read.work()),
        || {
            format!(
                "`{brackets}` evaluates it {} times: a step of {} evaluates it {} times",
                in_words(read.steps),
                duration(*coarse),
                in_words(points)
            )
        },
    )
}

/// A window that is read again at every step.
fn window(dear: &Dear<'_, '_, '_>, whole: f64, panel: bool) -> Option<Advice> {
    let parsed = dear.looked.query.parsed();
    let read = dear.part.dearest()?;
    if read.samples < LONG_WINDOW {
        return None;
    }
    let ExprKind::Selector(selector) = &parsed.ast.expr(read.selector).kind else {
        return None;
    };
    let brackets = parsed.slice(selector.range?.span);
    let samples = in_words(read.samples);
    if panel && read.steps > 1.0 {
        return worth(
            dear.work / whole * (1.0 - once(read).work() / read.work()),
            || {
                format!(
                    "`{brackets}` reads {samples} samples of each series again at every step: where one value is enough, make the query instant"
                )
            },
        );
    }
    // What half the window would save.
    worth(dear.work / whole * 0.5, || {
        format!(
            "`{brackets}` reads {samples} samples of each series each time: shorten it, or evaluate the group less often"
        )
    })
}

/// A graph of fewer points.
fn fewer_points(looked: &[Looked<'_, '_>], whole: f64) -> Option<Advice> {
    let dearest = looked.iter().max_by(|a, b| {
        let work = |looked: &Looked<'_, '_>| looked.figures.cost.work();
        work(a).total_cmp(&work(b))
    })?;
    let evaluation = dearest.evaluation;
    if evaluation.range <= 0.0 || evaluation.step >= COARSE_STEP {
        return None;
    }
    let coarse = Evaluation {
        step: COARSE_STEP,
        ..evaluation
    };
    let fewer: f64 = dearest
        .figures
        .cost
        .reads
        .iter()
        .filter(|read| read.steps == evaluation.steps())
        .map(|read| {
            let steps = coarse.steps();
            read.work() - Read { steps, ..*read }.work()
        })
        .sum();
    let saves = fewer / whole;
    worth(saves, || {
        format!(
            "draw fewer points: a least interval of 1m makes {} of {}",
            in_words(coarse.steps()),
            in_words(evaluation.steps())
        )
    })
}

fn worth(saves: f64, what: impl FnOnce() -> String) -> Option<Advice> {
    (saves >= LEAST_SAVING).then(|| Advice {
        what: what(),
        saves: saves.min(1.0),
        rule: None,
    })
}
