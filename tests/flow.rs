//! Label flow against a small evaluator: what it says of a query's labels holds for whatever series there are.

use std::collections::BTreeMap;

use dashlint::promql::ast::{
    Aggregate, AggregateOp, Binary, BinaryOp, Call, ExprId, ExprKind, MatchOp,
};
use dashlint::promql::flow::{Definitions, Flow, Recorded, Returns};
use dashlint::promql::{Parsed, Selector, parse};
use proptest::prelude::*;

type Labels = BTreeMap<String, String>;
type Series = Vec<(Labels, f64)>;

/// Evaluates a query at one moment, over series whose values and label sets are given. `None`: an error of Prometheus, or
/// something this does not know.
struct Evaluator<'q> {
    parsed: &'q Parsed,
    data: &'q Series,
}

const NAME: &str = "__name__";

impl Evaluator<'_> {
    fn eval(&self, id: ExprId) -> Option<Series> {
        let ast = &self.parsed.ast;
        match &ast.expr(id).kind {
            ExprKind::Number(number) => Some(vec![(Labels::new(), number.value)]),
            ExprKind::Paren(inner) => self.eval(*inner),
            ExprKind::Selector(selector) => Some(self.select(selector)),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate),
            ExprKind::Call(call) => self.call(call),
            ExprKind::Binary(binary) => self.binary(binary),
            _ => None,
        }
    }

    fn select(&self, selector: &Selector) -> Series {
        let name = self.parsed.metric_name(selector).map(|(name, _)| name);
        let meets = |labels: &Labels| {
            self.parsed.ast.matchers(selector).iter().all(|matcher| {
                let has = labels.get(&*self.parsed.label(&matcher.label));
                let has = has.map_or("", String::as_str);
                let wants = self.parsed.string(&matcher.value);
                match matcher.op {
                    MatchOp::Equal => has == wants,
                    MatchOp::NotEqual => has != wants,
                    MatchOp::Regex => wants.split('|').any(|one| one == has),
                    _ => !wants.split('|').any(|one| one == has),
                }
            })
        };
        self.data
            .iter()
            .filter(|(labels, _)| labels.get(NAME).map(String::as_str) == name.as_deref())
            .filter(|(labels, _)| meets(labels))
            .cloned()
            .collect()
    }

    fn names(&self, list: &dashlint::promql::ast::LabelList) -> Vec<String> {
        let labels = self.parsed.ast.labels(list).iter();
        labels
            .map(|label| self.parsed.label(label).into_owned())
            .collect()
    }

    fn aggregate(&self, aggregate: &Aggregate) -> Option<Series> {
        let inner = self.eval(aggregate.expr?)?;
        if aggregate.op == AggregateOp::Topk {
            return Some(inner.into_iter().take(1).collect());
        }
        let mut groups: BTreeMap<Labels, f64> = BTreeMap::new();
        for (mut labels, value) in inner {
            let grouping = aggregate.grouping.as_ref();
            let listed = grouping.map_or(Vec::new(), |g| self.names(&g.list));
            let without = grouping.is_some_and(|g| g.without);
            labels.retain(|name, _| name != NAME && listed.contains(name) != without);
            if aggregate.op == AggregateOp::CountValues {
                labels.insert("value".to_owned(), value.to_string());
            }
            *groups.entry(labels).or_default() += value;
        }
        Some(groups.into_iter().collect())
    }

    fn call(&self, call: &Call) -> Option<Series> {
        let args = self.parsed.ast.args(call);
        let text = |at: usize| match &self.parsed.ast.expr(*args.get(at)?).kind {
            ExprKind::String(literal) => Some(self.parsed.string(literal).into_owned()),
            _ => None,
        };
        let inner = self.eval(*args.first()?)?;
        match self.parsed.call_name(call) {
            "vector" => Some(inner),
            "abs" => Some(unnamed(inner)),
            "absent" if !inner.is_empty() => Some(Vec::new()),
            "absent" => {
                let arg = self.parsed.ast.unparen(*args.first()?);
                let ExprKind::Selector(selector) = &self.parsed.ast.expr(arg).kind else {
                    return Some(vec![(Labels::new(), 1.0)]);
                };
                let mut labels = Labels::new();
                let mut seen = Vec::new();
                for matcher in self.parsed.ast.matchers(selector) {
                    let name = self.parsed.label(&matcher.label).into_owned();
                    if matcher.op == MatchOp::Equal && !seen.contains(&name) {
                        set(&mut labels, &name, &self.parsed.string(&matcher.value));
                        seen.push(name);
                    } else {
                        labels.remove(&name);
                    }
                }
                Some(vec![(labels, 1.0)])
            }
            "label_replace" => {
                let (target, value, source, pattern) = (text(1)?, text(2)?, text(3)?, text(4)?);
                let replace = |(mut labels, number): (Labels, f64)| {
                    let from = labels.get(&source).cloned().unwrap_or_default();
                    let hit = pattern == ".*" || pattern == "(.*)" || pattern == from;
                    if hit {
                        set(&mut labels, &target, &value.replace("$1", &from));
                    }
                    (labels, number)
                };
                distinct(inner.into_iter().map(replace).collect())
            }
            _ => None,
        }
    }

    fn binary(&self, binary: &Binary) -> Option<Series> {
        let (left, right) = (self.eval(binary.lhs)?, self.eval(binary.rhs)?);
        let scalar = |id| matches!(self.parsed.ast.expr(id).kind, ExprKind::Number(_));
        match (scalar(binary.lhs), scalar(binary.rhs)) {
            (true, true) => return None,
            (false, true) => {
                let limit = right.first()?.1;
                return Some(apply(binary.op, left, limit));
            }
            (true, false) => return None,
            (false, false) => {}
        }
        let matching = self.parsed.ast.matching(binary);
        let by = matching.and_then(|matching| matching.labels);
        let listed = by.map_or(Vec::new(), |by| self.names(&by.list));
        let on = by.is_some_and(|by| by.on);
        let signature = |labels: &Labels| -> Labels {
            let mut labels = labels.clone();
            labels.retain(|name, _| name != NAME && listed.contains(name) == on);
            labels
        };
        let has = |series: &Series, wanted: &Labels| {
            let mut series = series.iter();
            series.any(|(labels, _)| signature(labels) == *wanted)
        };
        match binary.op {
            BinaryOp::And => {
                let kept = left.into_iter();
                return Some(kept.filter(|(l, _)| has(&right, &signature(l))).collect());
            }
            BinaryOp::Unless => {
                let kept = left.into_iter();
                return Some(kept.filter(|(l, _)| !has(&right, &signature(l))).collect());
            }
            BinaryOp::Or => {
                let added: Series = right
                    .into_iter()
                    .filter(|(labels, _)| !has(&left, &signature(labels)))
                    .collect();
                return Some(left.into_iter().chain(added).collect());
            }
            _ => {}
        }
        let group = matching.and_then(|matching| matching.group);
        let (many, one) = match group {
            Some(group) if !group.left => (right, left),
            _ => (left, right),
        };
        let taken = group.and_then(|group| group.list);
        let taken = taken.map_or(Vec::new(), |list| self.names(&list));
        let mut out = Series::new();
        for (labels, value) in many {
            let wanted = signature(&labels);
            let partners: Vec<_> = one.iter().filter(|(l, _)| signature(l) == wanted).collect();
            let [(other, factor)] = partners.as_slice() else {
                if partners.is_empty() {
                    continue;
                }
                return None;
            };
            let mut result = labels;
            result.remove(NAME);
            if group.is_none() && by.is_some() {
                result.retain(|name, _| listed.contains(name) == on);
            }
            for name in &taken {
                set(
                    &mut result,
                    name,
                    other.get(name).map_or("", String::as_str),
                );
            }
            out.push((result, value * factor));
        }
        distinct(out)
    }
}

fn apply(op: BinaryOp, series: Series, limit: f64) -> Series {
    match op {
        BinaryOp::Gt => series.into_iter().filter(|(_, v)| *v > limit).collect(),
        _ => {
            let scaled = series.into_iter().map(|(l, value)| (l, value * limit));
            unnamed(scaled.collect())
        }
    }
}

fn unnamed(mut series: Series) -> Series {
    for (labels, _) in &mut series {
        labels.remove(NAME);
    }
    series
}

fn set(labels: &mut Labels, name: &str, value: &str) {
    if value.is_empty() {
        labels.remove(name);
    } else {
        labels.insert(name.to_owned(), value.to_owned());
    }
}

/// Prometheus refuses a result with two series of the same labels.
fn distinct(series: Series) -> Option<Series> {
    let mut seen: Vec<&Labels> = series.iter().map(|(labels, _)| labels).collect();
    seen.sort();
    let all = seen.len();
    seen.dedup();
    (seen.len() == all).then_some(series)
}

fn label() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["x", "y", "z"][..])
}

fn list() -> impl Strategy<Value = String> {
    prop::collection::vec(label(), 0..3).prop_map(|mut labels| {
        labels.sort_unstable();
        labels.dedup();
        labels.join(", ")
    })
}

fn selector(metrics: &'static [&'static str]) -> impl Strategy<Value = String> {
    let matcher = (
        label(),
        prop::sample::select(&["=", "!=", "=~", "!~"][..]),
        prop::sample::select(&["", "1", "2", "1|2"][..]),
    );
    let matchers = prop::collection::vec(matcher, 0..3);
    (prop::sample::select(metrics), matchers).prop_map(|(name, matchers)| {
        let matchers: Vec<_> = matchers
            .iter()
            // Without the pattern that an equality would not understand.
            .map(|(label, op, value)| {
                let value = if op.contains('~') {
                    value
                } else {
                    value.split('|').next().unwrap_or("")
                };
                format!("{label}{op}\"{value}\"")
            })
            .collect();
        format!("{name}{{{}}}", matchers.join(", "))
    })
}

fn query() -> impl Strategy<Value = String> {
    query_over(&["a", "b"])
}

fn query_over(metrics: &'static [&'static str]) -> impl Strategy<Value = String> {
    let leaf = prop_oneof![4 => selector(metrics), 1 => Just("vector(1)".to_owned())];
    leaf.prop_recursive(4, 16, 2, |inner| {
        let set = prop::sample::select(&["and", "or", "unless"][..]);
        let by = (prop::sample::select(&["", "on", "ignoring"][..]), list());
        let by = by.prop_map(|(word, list)| match word {
            "" => String::new(),
            _ => format!("{word} ({list})"),
        });
        let by = by.boxed();
        let group = prop::sample::select(&["group_left", "group_right"][..]);
        let aggregated = prop::sample::select(&["sum", "count", "max"][..]);
        let clause = prop::sample::select(&["by", "without"][..]);
        prop_oneof![
            (aggregated, clause, list(), inner.clone())
                .prop_map(|(op, clause, list, q)| format!("{op} {clause} ({list}) ({q})")),
            inner.clone().prop_map(|q| format!("sum({q})")),
            inner.clone().prop_map(|q| format!("topk(1, {q})")),
            (list(), inner.clone())
                .prop_map(|(list, q)| format!("count_values by ({list}) (\"value\", {q})")),
            inner.clone().prop_map(|q| format!("absent({q})")),
            inner.clone().prop_map(|q| format!("abs({q})")),
            inner.clone().prop_map(|q| format!("(({q}) > 1)")),
            inner.clone().prop_map(|q| format!("(({q}) * 2)")),
            (inner.clone(), set, by.clone(), inner.clone())
                .prop_map(|(l, op, by, r)| format!("(({l}) {op} {by} ({r}))")),
            (inner.clone(), by, inner.clone())
                .prop_map(|(l, by, r)| format!("(({l}) * {by} ({r}))")),
            (inner.clone(), list(), group, label(), inner.clone()).prop_map(
                |(l, list, group, taken, r)| {
                    // A label cannot be both matched by and taken over.
                    let list: Vec<_> = list.split(", ").filter(|name| *name != taken).collect();
                    format!("(({l}) * on ({}) {group} ({taken}) ({r}))", list.join(", "))
                }
            ),
            (
                inner,
                label(),
                prop::sample::select(&["", "1", "$1"][..]),
                label(),
                prop::sample::select(&[".*", "(.*)", "1"][..])
            )
                .prop_map(|(q, to, value, from, pattern)| format!(
                    "label_replace({q}, \"{to}\", \"{value}\", \"{from}\", \"{pattern}\")"
                )),
        ]
    })
}

fn data() -> impl Strategy<Value = Series> {
    let value = || prop::sample::select(&["", "1", "2"][..]);
    let one = (
        prop::sample::select(&["a", "b"][..]),
        value(),
        value(),
        value(),
        prop::sample::select(&[1.0, 2.0][..]),
    );
    prop::collection::vec(one, 0..6).prop_map(|rows| {
        let mut series = BTreeMap::new();
        for (name, x, y, z, value) in rows {
            let mut labels = Labels::new();
            for (label, value) in [(NAME, name), ("x", x), ("y", y), ("z", z)] {
                set(&mut labels, label, value);
            }
            series.insert(labels, value);
        }
        series.into_iter().collect()
    })
}

/// What the flow says of every part of a query holds for these series.
fn holds(parsed: &Parsed, flow: &Flow, data: &Series) -> Result<(), TestCaseError> {
    let evaluator = Evaluator { parsed, data };
    for (id, expr) in parsed.ast.exprs() {
        let Some(series) = evaluator.eval(id) else {
            continue;
        };
        let part = parsed.slice(expr.span);
        match flow.returns(id) {
            Returns::Always => prop_assert!(!series.is_empty(), "always: {}", part),
            Returns::Never => prop_assert!(series.is_empty(), "never: {}", part),
            Returns::Sometimes => {}
        }
        for (labels, _) in &series {
            for name in labels.keys() {
                prop_assert!(flow.can(id, name), "cannot {}: {}", name, part);
            }
            for name in flow.guaranteed(id) {
                prop_assert!(labels.contains_key(name), "must {}: {}", name, part);
            }
        }
        for name in ["x", "y", "z"] {
            // A label that is not there got lost somewhere, or the question is answered by "may".
            let lost = flow.why_not(parsed, id, name);
            prop_assert!(lost.is_none() || !flow.can(id, name));
        }
    }
    Ok(())
}

/// One recorded metric.
struct One(Recorded);

const RECORDED: &str = "r:d";

impl Definitions for One {
    fn recorded(&self, metric: &str) -> Option<&Recorded> {
        (metric == RECORDED).then_some(&self.0)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn flow_is_never_wrong(query in query(), data in data()) {
        let parsed = parse(&query);
        prop_assert!(parsed.errors.is_empty(), "{}: {:?}", query, parsed.errors);
        holds(&parsed, &Flow::new(&parsed), &data)?;
    }

    /// The same where a metric is recorded by a rule that sets labels, or by two rules.
    #[test]
    fn definitions_are_followed_rightly(
        definitions in prop::collection::vec(query(), 1..3),
        query in query_over(&["a", RECORDED]),
        set in label(),
        value in prop::sample::select(&["", "7"][..]),
        mut data in data(),
    ) {
        let scraped = data.clone();
        let mut known: Option<Recorded> = None;
        for definition in &definitions {
            let parsed = parse(definition);
            let root = parsed.root.expect("a root");
            let evaluator = Evaluator { parsed: &parsed, data: &scraped };
            let Some(result) = evaluator.eval(root) else { return Ok(()) };
            for (mut labels, number) in result {
                self::set(&mut labels, NAME, RECORDED);
                self::set(&mut labels, set, value);
                if data.iter().all(|(known, _)| *known != labels) {
                    data.push((labels, number));
                }
            }
            let one = Recorded::new(&parsed, &Flow::new(&parsed), [(set, !value.is_empty())]);
            let one = one.expect("a root");
            match &mut known {
                None => known = Some(one),
                Some(all) => all.join(&one),
            }
        }
        let definitions = One(known.expect("one at least"));
        let parsed = parse(&query);
        prop_assert!(parsed.errors.is_empty(), "{}: {:?}", query, parsed.errors);
        holds(&parsed, &Flow::with(&parsed, &definitions), &data)?;
    }

    /// Whatever the text, there is an answer.
    #[test]
    fn flow_is_total(text in "[a-c$ (){}=~\"0-9,+*/.\\[\\]:|]{0,60}|(sum|by|on|or|unless|group_left|vector|absent|[a-c(){}=\"$,]| ){0,40}") {
        let parsed = parse(&text);
        let flow = Flow::new(&parsed);
        for (id, _) in parsed.ast.exprs() {
            let _ = (flow.returns(id), flow.value(id), flow.why_not(&parsed, id, "a"));
        }
    }
}
