//! A value shown in a unit it does not have.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::percent_range::is_bounded;
use super::shown::{Shown as ShownQuery, shown_queries};
use super::{lesser, missing_unit, mixed_units_in_panel};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Dashboard, Host, Panel, Query};
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;
use crate::syntax::NodeRef;
use crate::units::compare::{Mismatch, Shown, mismatch, shown};
use crate::units::explain::{explain, words};
use crate::units::metrics::is_trusted;
use crate::units::suggest::right_unit;
use crate::units::{Inference, Value};

pub(crate) const RULE: Rule = Rule {
    id: "unit-mismatch",
    group: Group::Units,
    severity: Severity::Warning,
    summary: "values shown in a unit they do not have",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/units/unit-mismatch.md"),
    check: Check::Dashboard(check),
};

/// So many findings of one kind on metrics of one exporter say that its names lie, or that one mistake was copied.
const ONE_VOICE: usize = 4;

/// One unit that does not fit one query, or several of one panel in the same way.
struct Case<'s, 't> {
    panel: &'s Panel<'t>,
    unit: NodeRef<'t>,
    id: String,
    shown: Shown,
    mismatch: Mismatch,
    value: Value,
    queries: Vec<(&'s Query<'t>, Arc<Inference>)>,
    /// Every query of the panel that is shown in this unit is in `queries`.
    all: bool,
}

/// Looks at what every query of a dashboard is shown as, for this rule and those of its kin.
fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    cover(dashboard, cx);
    let queries = shown_queries(dashboard, cx);
    let kin: [(&Rule, Kin<'t>); 5] = [
        (&RULE, mismatches),
        (&missing_unit::RULE, missing_unit::check),
        (&mixed_units_in_panel::RULE, mixed_units_in_panel::check),
        (&lesser::LOSSY_RATE, lesser::lossy_rate),
        (&lesser::DECIMAL_VS_BINARY, lesser::decimal_vs_binary),
    ];
    for (rule, check) in kin {
        if cx.settings.level(rule, &cx.file.source.path).is_some() {
            check(&queries, cx);
        }
    }
}

/// A check of the queries of a dashboard whose unit is certain.
type Kin<'t> = fn(&[ShownQuery<'_, 't>], &mut Context<'_, 't>);

fn mismatches<'t>(queries: &[ShownQuery<'_, 't>], cx: &mut Context<'_, 't>) {
    let cases = cases(queries);
    let mut voices: BTreeMap<(Mismatch, i64, String), Vec<Case<'_, 't>>> = BTreeMap::new();
    for case in cases {
        let factor = case.value.certain_scale().unwrap_or(0.0) / case.shown.scale;
        let factor = (factor.abs().max(f64::MIN_POSITIVE).log10() * 1e3) as i64;
        let key = (case.mismatch, factor, exporter(&case));
        voices.entry(key).or_default().push(case);
    }
    for ((_, _, exporter), cases) in voices {
        if cases.len() >= ONE_VOICE && !exporter.is_empty() && !is_trusted(&exporter) {
            one_voice(&cases, &exporter, cx);
        } else {
            for case in &cases {
                report(case, cx);
            }
        }
    }
}

/// Counts how much of the dashboard is understood, for `--statistics`.
fn cover<'t>(dashboard: &Dashboard<'t>, cx: &Context<'_, 't>) {
    let mut panels: BTreeMap<usize, (bool, bool)> = BTreeMap::new();
    for query in &dashboard.queries {
        let Host::Panel(panel) = query.host else {
            continue;
        };
        if !query.language.is_promql() {
            continue;
        }
        let value = cx.project.units().of(query.parsed()).root();
        let (some, all) = panels.entry(panel).or_insert((false, true));
        *some |= value.is_some();
        *all &= value.is_some_and(|value| value.is_strong());
    }
    for (some, all) in panels.into_values() {
        cx.project.units().covered(some, all);
    }
}

fn cases<'s, 't>(queries: &[ShownQuery<'s, 't>]) -> Vec<Case<'s, 't>> {
    let mut cases: Vec<Case<'s, 't>> = Vec::new();
    // How many kinds of results are shown in the unit at a place.
    let mut kinds: FxHashMap<Span, usize> = FxHashMap::default();
    // The unit of a query stands in its panel, and the queries of a panel stand together.
    for of_panel in queries.chunk_by(|a, b| std::ptr::eq(a.panel, b.panel)) {
        let first = cases.len();
        for query in of_panel {
            let Some(unit) = query.unit else { continue };
            let id = query.id();
            let Some(in_unit) = shown(&id) else { continue };
            let found = query
                .certain()
                .and_then(|value| Some((mismatch(&value, in_unit)?, value)))
                .filter(|(mismatch, _)| {
                    !mismatch.is_lossy() && *mismatch != Mismatch::DecimalVsBinary
                });
            let Some((mismatch, value)) = found else {
                *kinds.entry(unit.span()).or_default() += 1;
                continue;
            };
            let same = cases.iter_mut().skip(first).rev().find(|case| {
                case.unit.span() == unit.span()
                    && case.mismatch == mismatch
                    && words(&case.value) == words(&value)
            });
            if let Some(case) = same {
                case.queries.push((query.query, query.inference.clone()));
                continue;
            }
            *kinds.entry(unit.span()).or_default() += 1;
            cases.push(Case {
                panel: query.panel,
                unit,
                id,
                shown: in_unit,
                mismatch,
                value,
                queries: vec![(query.query, query.inference.clone())],
                all: true,
            });
        }
    }
    for case in &mut cases {
        case.all = kinds.get(&case.unit.span()) == Some(&1);
    }
    cases
}

/// The first word of the metrics' names, if they share it.
fn exporter(case: &Case<'_, '_>) -> String {
    let mut first: Option<String> = None;
    for (query, _) in &case.queries {
        let parsed = query.parsed();
        for (_, _, selector) in parsed.selectors() {
            let Some((name, _)) = parsed.metric_name(selector) else {
                continue;
            };
            let word = name.split(['_', ':']).next().unwrap_or_default().to_owned();
            match &first {
                None => first = Some(word),
                Some(known) if *known == word => {}
                Some(_) => return String::new(),
            }
        }
    }
    first.unwrap_or_default()
}

fn one_voice<'t>(cases: &[Case<'_, 't>], exporter: &str, cx: &mut Context<'_, 't>) {
    let Some((first, rest)) = cases.split_first() else {
        return;
    };
    let message = format!(
        "by their names the metrics of `{exporter}` are {}, and {} panels show them as `{}`: either the names lie or every panel does",
        words(&first.value),
        cases.len(),
        first.id,
    );
    let id = cases.iter().map(|case| &*case.id).min().unwrap_or_default();
    let mut finding = cx
        .report(Place::value(first.unit), message)
        .lower(Severity::Info)
        .known_by(format!("{exporter} {id}"))
        .at(Context::panel_steps(first.panel))
        .help("compare one value with what the exporter's documentation says; then change the unit, or say what the metric is in the configuration");
    for case in rest {
        finding = finding.related(Place::value(case.unit), "and here");
    }
    drop(finding);
}

fn report<'t>(case: &Case<'_, 't>, cx: &mut Context<'_, 't>) {
    let Some(((query, inference), others)) = case.queries.split_first() else {
        return;
    };
    let parsed = query.parsed();
    let mut because = explain(parsed, inference).join("; ");
    if because.is_empty() {
        because = format!("the query gives {}", words(&case.value));
    }
    let whole = Span::new(0, query.text().len());
    let mut finding = cx
        .report(
            Place::value(case.unit),
            format!(
                "{because}; the panel's unit is `{}`, {}",
                case.id,
                consequence(case)
            ),
        )
        .at(Context::panel_steps(case.panel))
        .related(Place::query(query, whole), "the query");
    for (other, _) in others {
        let whole = Span::new(0, other.text().len());
        finding = finding.related(Place::query(other, whole), "and this one");
    }
    if !is_warning(case.mismatch) {
        finding = finding.lower(Severity::Info);
    }
    let right = right_unit(&case.value, &case.id);
    finding = finding.help(help(case, right));
    if let (Some(right), true) = (
        right,
        case.all && case.value.window.is_none() && !is_bounded(case.panel),
    ) {
        let edit = case
            .unit
            .text()
            .and_then(|text| case.unit.encode_str(Span::new(0, text.value.len()), right));
        finding = finding.fix(
            format!("use the unit `{right}`"),
            Safety::Unsafe,
            edit.map(|edit| vec![edit]),
        );
    }
    drop(finding);
}

/// The kinds that are right nineteen times out of twenty on public dashboards.
fn is_warning(mismatch: Mismatch) -> bool {
    matches!(
        mismatch,
        Mismatch::Scale
            | Mismatch::RatioScale
            | Mismatch::Dims
            | Mismatch::NumberAsTime
            | Mismatch::NumberAsBytes
            | Mismatch::TimestampNotMs
            | Mismatch::TimeRateAsTimeScale
            | Mismatch::RateAsPercent
    )
}

fn consequence(case: &Case<'_, '_>) -> String {
    match case.mismatch {
        Mismatch::RatioScale if case.shown.scale < 1.0 => "so 45 % shows as 0.45 %".into(),
        Mismatch::RatioScale => "so 45 % shows as 4500 %".into(),
        Mismatch::Scale | Mismatch::TimeRateAsTimeScale => {
            let off = case
                .value
                .certain_scale()
                .map(|scale| case.shown.scale / scale);
            match off {
                Some(off) if off > 1.0 => format!("so it shows {} times too much", round(off)),
                Some(off) => format!("so it shows {} times too little", round(1.0 / off)),
                None => "which is another scale".into(),
            }
        }
        Mismatch::TimestampNotMs => {
            "which takes milliseconds, so it shows a day in January 1970".into()
        }
        Mismatch::TimestampAsDuration => "a duration, so it shows more than fifty years".into(),
        Mismatch::CountAsRate | Mismatch::RatioAsRate | Mismatch::AmountAsRate => {
            "a rate, so the number is read as one per time".into()
        }
        _ => "which measures something else".into(),
    }
}

fn round(factor: f64) -> String {
    let rounded = factor.round();
    if (factor - rounded).abs() < 1e-6 * factor {
        format!("{rounded}")
    } else {
        format!("{factor:.3}")
    }
}

fn help(case: &Case<'_, '_>, right: Option<&str>) -> String {
    match (case.mismatch, right) {
        (Mismatch::CountAsRate | Mismatch::AmountAsRate, _) => {
            "take the `rate()` of a counter, or choose a unit without \"per second\"".into()
        }
        (Mismatch::TimestampNotMs, _) => "multiply by 1000".into(),
        (Mismatch::TimestampAsDuration, _) => {
            "subtract it from `time()`, or choose a date for a unit and multiply by 1000".into()
        }
        (_, Some(right)) => format!("the unit of these values is `{right}`"),
        (_, None) => "choose the unit of the values, or change the query".into(),
    }
}
