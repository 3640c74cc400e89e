//! The validators of promruval for expressions, each said with the facts of a query, and the same of pint's checks that are configured.

use dashlint::promql::facts::{Facts, LabelRole, RecordName};
use dashlint::promql::flow::{Flow, Has, Returns};
use dashlint::promql::{MetricKind, kind_by_name, parse};

/// Whether something holds of a query.
fn holds(query: &str, policy: impl Fn(Facts<'_>) -> bool) -> bool {
    let parsed = parse(query);
    assert!(parsed.is_valid(), "{query}: {:?}", parsed.errors);
    let flow = Flow::new(&parsed);
    policy(Facts::new(&parsed, &flow))
}

#[test]
fn metrics_it_must_not_use() {
    let policy = |facts: Facts<'_>| {
        let metrics = facts.selections().into_iter().filter_map(|one| one.metric);
        metrics.into_iter().all(|name| !name.starts_with("legacy_"))
    };
    assert!(holds("sum(rate(requests_total[5m]))", policy));
    assert!(!holds("up * legacy_info", policy));
    assert!(!holds("{__name__=\"legacy_info\"}", policy));
}

#[test]
fn every_selector_names_a_metric() {
    let policy = |facts: Facts<'_>| facts.selections().iter().all(|one| one.metric.is_some());
    assert!(holds("up + {\"my.metric\"}", policy));
    assert!(!holds("up + {job=\"web\"}", policy));
}

#[test]
fn labels_it_must_not_use() {
    let policy = |facts: Facts<'_>| facts.labels().iter().all(|label| label.name != "pod");
    assert!(holds("sum by (job) (up)", policy));
    for query in [
        "up{pod=\"a\"}",
        "sum by (pod) (up)",
        "sum without (pod) (up)",
        "a * on (pod) b",
        "a * on (job) group_left (pod) b",
    ] {
        assert!(!holds(query, policy), "{query}");
    }
}

/// Labels for some metrics only, wherever around the metric they are named.
#[test]
fn labels_allowed_for_a_metric() {
    let policy = |facts: Facts<'_>| {
        let selections = facts.selections();
        let mut of_metric = selections.iter().filter(|one| {
            one.metric
                .as_deref()
                .is_some_and(|name| name.starts_with("http_"))
        });
        of_metric.all(|one| {
            let mut labels = one.labels.iter();
            labels.all(|label| matches!(&*label.name, "job" | "code"))
        })
    };
    assert!(holds(
        "sum by (job) (http_requests{code=\"500\"}) / on (job) sum by (job) (x)",
        policy
    ));
    assert!(holds("sum by (pod) (up)", policy));
    assert!(!holds("sum by (pod) (http_requests)", policy));
    assert!(!holds("up * on (pod) rate(http_requests[5m])", policy));
}

#[test]
fn values_allowed_for_a_label() {
    let policy = |facts: Facts<'_>| {
        facts.selections().iter().all(|one| {
            let mut matchers = one.matchers.iter().filter(|m| m.label == "env");
            matchers.all(|m| m.value.as_deref().is_none_or(|value| value == "prod"))
        })
    };
    assert!(holds("up{env=\"prod\"} + up{env=\"$env\"}", policy));
    assert!(!holds("up{env=\"prd\"}", policy));
}

/// Ranges, subqueries and offsets together.
#[test]
fn how_old_data_may_be() {
    let reach = |query: &str| {
        let parsed = parse(query);
        let flow = Flow::new(&parsed);
        let selections = Facts::new(&parsed, &flow).selections();
        selections
            .iter()
            .map(|one| (one.reach, one.open))
            .collect::<Vec<_>>()
    };
    let hour = 3600.0;
    assert_eq!(reach("up"), [(0.0, false)]);
    assert_eq!(reach("rate(x[1h] offset 1d)"), [(25.0 * hour, false)]);
    assert_eq!(
        reach("max_over_time(rate(x[1h])[1d:5m] offset 1h)"),
        [(26.0 * hour, false)]
    );
    assert_eq!(
        reach("rate(x[$__range] offset 1h) - y"),
        [(hour, true), (0.0, false)]
    );
}

#[test]
fn how_short_ranges_may_be() {
    let policy = |facts: Facts<'_>| {
        let mut ranges = facts.ranges();
        ranges.all(|(seconds, _)| seconds.is_none_or(|seconds| seconds >= 120.0))
    };
    assert!(holds("rate(x[5m]) + rate(x[$__rate_interval])", policy));
    assert!(!holds("rate(x[1m])", policy));
    assert!(!holds("max_over_time(x[1m:10s])", policy));
}

#[test]
fn functions_it_must_not_use() {
    let policy = |facts: Facts<'_>| facts.functions().all(|(name, _)| name != "irate");
    assert!(holds("rate(x[5m])", policy));
    assert!(!holds("sum(irate(x[5m]))", policy));
}

/// `rate` and `increase` only of counters, and before the aggregation.
#[test]
fn functions_on_counters_and_their_order() {
    let on_counters = |facts: Facts<'_>| {
        facts.selections().iter().all(|one| {
            let rate = matches!(one.around.first(), Some(&("rate" | "increase")));
            let counter = one.metric.as_deref().and_then(kind_by_name) == Some(MetricKind::Counter);
            !rate || counter
        })
    };
    assert!(holds("sum(rate(http_requests_total[5m]))", on_counters));
    assert!(!holds("rate(temperature[5m])", on_counters));
    let before = |facts: Facts<'_>| {
        facts.selections().iter().all(|one| {
            let at = |names: &[&str]| one.around.iter().position(|name| names.contains(name));
            match (at(&["rate", "increase"]), at(&["sum", "avg"])) {
                (Some(rate), Some(sum)) => rate < sum,
                _ => true,
            }
        })
    };
    assert!(holds("sum(rate(http_requests_total[5m]))", before));
    assert!(!holds("rate(sum(http_requests_total)[5m:])", before));
}

#[test]
fn large_numbers_have_underscores() {
    let policy = |facts: Facts<'_>| {
        facts.numbers().all(|number| {
            let digits = number.text.trim_start_matches('-');
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            number.value.abs() < 1000.0 || !plain
        })
    };
    assert!(holds("x > 10_000 and y > 1e6 and z > 5m", policy));
    assert!(!holds("x > 10000", policy));
}

/// pint's `promql/aggregate` and promruval's `hasLabels` with `searchInExpr`.
#[test]
fn labels_kept_and_stripped() {
    let keeps = |facts: Facts<'_>| facts.aggregations().all(|one| one.keeps("job"));
    assert!(holds(
        "sum by (job) (up) + sum without (instance) (up)",
        keeps
    ));
    assert!(!holds("sum(up)", keeps));
    assert!(!holds("max by (job) (sum by (pod) (up))", keeps));
    let strips = |facts: Facts<'_>| facts.aggregations().any(|one| one.strips("instance"));
    assert!(holds("sum by (job) (up)", strips));
    assert!(!holds("topk(3, up)", strips));
    assert!(holds("sum by (job) (up{job=\"a\"})", |facts| {
        facts.result_has("job") == Has::Must && facts.result_has("pod") == Has::Cannot
    }));
    assert!(holds("up", |facts| facts.result_has("job") == Has::May));
    assert!(holds("sum by (job, env) (up)", |facts| {
        facts.result_labels() == Some(vec!["job", "env"])
    }));
    assert!(holds("vector(1) > 2", |facts| facts.returns() == Returns::Never));
}

/// pint's `promql/selector`.
#[test]
fn labels_that_selectors_need() {
    let policy = |facts: Facts<'_>| {
        facts.selections().iter().all(|one| {
            let mut matchers = one.labels.iter().filter(|l| l.role == LabelRole::Matcher);
            matchers.any(|label| label.name == "job")
        })
    };
    assert!(holds("up{job=\"a\"} / up{job=~\"b.*\"}", policy));
    assert!(!holds("up{job=\"a\"} * on (job) up", policy));
}

/// No arithmetic on the buckets of classic histograms.
#[test]
fn buckets_are_for_quantiles() {
    let policy = |facts: Facts<'_>| {
        facts.selections().iter().all(|one| {
            let bucket = one
                .metric
                .as_deref()
                .is_some_and(|name| name.ends_with("_bucket"));
            !bucket || one.around.contains(&"histogram_quantile")
        })
    };
    assert!(holds(
        "histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))",
        policy
    ));
    assert!(!holds(
        "sum(rate(x_bucket{le=\"1\"}[5m])) / sum(rate(x_count[5m]))",
        policy
    ));
}

#[test]
fn names_of_recording_rules() {
    let parts = RecordName::parse("job_instance:requests:rate5m");
    let parts = parts.map(|name| (name.level, name.metric, name.operations));
    assert_eq!(parts, Some(("job_instance", "requests", "rate5m")));
    let two = RecordName::parse("cluster:cpu").map(|name| name.operations);
    assert_eq!(two, Some(""));
    assert_eq!(RecordName::parse("requests_total"), None);
    assert_eq!(RecordName::parse("a:b:c:d"), None);
}
