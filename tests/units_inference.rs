//! What inference promises for any query.
#![allow(clippy::unwrap_used)]

use dashlint::promql::parse;
use dashlint::units::{Kind, Value, infer};
use proptest::prelude::*;

fn of(query: &str) -> Option<Value> {
    infer(&parse(query)).root()
}

fn metric() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("a_duration_seconds"),
        Just("a_used_bytes"),
        Just("a_requests_total"),
        Just("a_busy_ratio"),
        Just("a_temperature_celsius"),
        Just("up"),
        Just("a_thing"),
        Just("job:a_seconds:rate5m"),
    ]
    .prop_map(str::to_owned)
}

/// Queries with the variables `$v` and `$w` in some places.
fn query() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => metric(),
        1 => Just("$v".to_owned()),
        1 => Just("a_${w}_seconds".to_owned()),
        1 => Just("100".to_owned()),
        1 => Just("1e3".to_owned()),
        2 => metric().prop_map(|name| format!("rate({name}{{x=\"$v\"}}[$w])")),
        1 => metric().prop_map(|name| format!("increase({name}[1m])")),
        1 => Just("rate(a_seconds_bucket[5m])".to_owned()),
    ];
    leaf.prop_recursive(6, 40, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        let op = prop_oneof![
            Just("+"),
            Just("-"),
            Just("*"),
            Just("/"),
            Just("or"),
            Just("and"),
            Just(">"),
            Just("> bool"),
            Just("^"),
            Just("% "),
            Just("$v")
        ];
        prop_oneof![
            (pair, op).prop_map(|((a, b), op)| format!("({a}) {op} ({b})")),
            inner.clone().prop_map(|a| format!("sum by (x) ({a})")),
            inner.clone().prop_map(|a| format!("avg({a})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            inner
                .clone()
                .prop_map(|a| format!("max_over_time(({a})[5m:])")),
            inner
                .clone()
                .prop_map(|a| format!("histogram_quantile(0.9, {a})")),
            inner.prop_map(|a| format!("clamp_min({a}, 0)")),
        ]
    })
}

proptest! {
    #[test]
    fn inference_is_total(text in ".{0,200}") {
        let _ = infer(&parse(&text));
    }

    #[test]
    fn names_of_variables_say_nothing(query in query()) {
        let renamed = query.replace("$v", "$a_seconds").replace("${w}", "${bytes}").replace("$w", "$total");
        let (before, after) = (infer(&parse(&query)), infer(&parse(&renamed)));
        let bare = |value: Option<Value>| value.map(|v| (v.dims, v.scale, v.kind, v.confidence));
        prop_assert_eq!(bare(before.root()), bare(after.root()), "{} {}", query, renamed);
        prop_assert_eq!(before.contradictions.len(), after.contradictions.len());
    }

    #[test]
    fn there_and_back_is_the_same(query in query()) {
        let (Some(before), after) = (of(&query), of(&format!("({query}) * 1000 / 1000"))) else {
            return Ok(());
        };
        let after = after.unwrap();
        prop_assert_eq!(before.dims, after.dims);
        prop_assert_eq!(before.kind, after.kind);
        prop_assert_eq!(before.confidence, after.confidence);
        match (before.certain_scale(), after.certain_scale()) {
            (Some(a), Some(b)) => prop_assert!((a - b).abs() <= 1e-9 * a.abs(), "{} {}", a, b),
            (a, b) => prop_assert_eq!(a, b),
        }
    }

    #[test]
    fn a_hole_contradicts_nothing(query in query()) {
        for text in [format!("$v + ({query})"), format!("({query}) / $v"), format!("({query}) > $v")] {
            let alone = infer(&parse(&query)).contradictions.len();
            let with = infer(&parse(&text));
            prop_assert_eq!(with.contradictions.len(), alone, "{}", text);
            let strong = with.root().is_some_and(|value| value.is_strong());
            prop_assert!(!strong || text.contains('>'), "{}", text);
        }
    }
}

#[test]
fn a_hole_alone_is_unknown() {
    for query in [
        "$v",
        "rate($v[5m])",
        "a_${w}_seconds",
        "sum($v)",
        "$v * a_seconds",
        "a_seconds $v b_seconds",
    ] {
        assert_eq!(of(query), None, "{query}");
    }
}

#[test]
fn values_are_what_the_documentation_says() {
    let shown = |query: &str| {
        let value = of(query).unwrap();
        (value.dims.to_string(), value.certain_scale(), value.kind)
    };
    let is = |query: &str, dims: &str, scale: f64, kind: Kind| {
        assert_eq!(
            shown(query),
            (dims.to_owned(), Some(scale), kind),
            "{query}"
        );
    };
    is("a_seconds", "s", 1.0, Kind::Amount);
    is("rate(a_bytes_total[5m])", "B/s", 1.0, Kind::Amount);
    is("rate(a_bytes_total[5m]) * 8", "B/s", 0.125, Kind::Amount);
    is("rate(a_cpu_seconds_total[5m])", "1", 1.0, Kind::Share);
    is(
        "histogram_quantile(0.9, sum by (le) (rate(a_milliseconds_bucket[5m])))",
        "s",
        1e-3,
        Kind::Amount,
    );
    is(
        "time() - process_start_time_seconds",
        "s",
        1.0,
        Kind::Amount,
    );
    is("a_start_time_seconds * 1000", "s", 1e-3, Kind::Timestamp);
    is("a_used_bytes / b_size_bytes * 100", "1", 0.01, Kind::Ratio);
    is(
        "kube_pod_container_resource_requests{resource=\"memory\"}",
        "B",
        1.0,
        Kind::Amount,
    );
    is(
        "kube_pod_container_resource_requests{resource=\"cpu\"}",
        "1",
        1.0,
        Kind::Share,
    );
    is("DCGM_FI_DEV_FB_USED", "B", 1_048_576.0, Kind::Amount);
    is(
        "rate(a_bytes_sum[5m]) / rate(a_bytes_count[5m])",
        "B",
        1.0,
        Kind::Amount,
    );
    is("increase(a_seconds_total[1m]) / 60", "1", 1.0, Kind::Share);
}
