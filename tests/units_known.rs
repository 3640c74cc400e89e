//! What users say of their metrics takes the place of what names let one guess.
#![allow(clippy::unwrap_used)]

use dashlint::inventory::Inventory;
use dashlint::promql::{MetricKind, parse};
use dashlint::units::{Dims, Kind, KnownMetrics, Value, infer, infer_with};

fn of(query: &str, known: &KnownMetrics) -> Option<Value> {
    infer_with(&parse(query), known).root()
}

fn said(pattern: &str, words: &str) -> KnownMetrics {
    let mut known = KnownMetrics::default();
    known.say(pattern, words).unwrap();
    known
}

fn listed(text: &str) -> KnownMetrics {
    KnownMetrics::default().with_inventory(Inventory::parse(text).unwrap())
}

const PAGE: &str = "\
# HELP wait How long.
# TYPE wait histogram
# UNIT wait milliseconds
wait_bucket{le=\"1\"} 3
# TYPE jobs counter
jobs_total 3
# TYPE things_total gauge
things_total 4
";

const API: &str = r#"{"status": "success", "data": {
    "wait": [{"type": "histogram", "help": "", "unit": "milliseconds"}],
    "jobs": [{"type": "counter", "help": "", "unit": ""}],
    "things_total": [{"type": "gauge", "help": "", "unit": ""}, {"type": "gauge", "help": "other", "unit": ""}],
    "torn": [{"type": "gauge", "unit": ""}, {"type": "counter", "unit": ""}]
}}"#;

#[test]
fn a_pattern_of_the_configuration_decides() {
    let query = "app_disk_wait";
    assert_eq!(infer(&parse(query)).root(), None);
    let value = of(query, &said("app_*_wait", "ms")).unwrap();
    assert!(value.is_strong());
    assert_eq!((value.dims, value.scale), (Dims::TIME, Some(1e-3)));
    let share = of("app_busy", &said("app_busy", "percent")).unwrap();
    assert_eq!((share.kind, share.scale), (Kind::Ratio, Some(0.01)));
    let rate = of("app_flow", &said("app_flow", "Bps")).unwrap();
    assert_eq!(rate.dims, Dims::DATA_RATE);
    assert_eq!(of("lying_seconds", &said("lying_*", "unknown")), None);
}

#[test]
fn a_word_that_is_no_unit_is_refused() {
    let mut known = KnownMetrics::default();
    assert!(known.say("x", "parsecs-per-fortnight").is_err());
    assert!(known.is_empty());
}

#[test]
fn pages_and_the_api_say_the_same() {
    for text in [PAGE, API] {
        let known = listed(text);
        let quantile = of("histogram_quantile(0.9, rate(wait_bucket[5m]))", &known).unwrap();
        assert!(quantile.is_strong());
        assert_eq!((quantile.dims, quantile.scale), (Dims::TIME, Some(1e-3)));
        let mean = of("rate(wait_sum[5m]) / rate(wait_count[5m])", &known).unwrap();
        assert_eq!((mean.dims, mean.scale), (Dims::TIME, Some(1e-3)));
        assert_eq!(known.kind("jobs_total"), Some(MetricKind::Counter));
        assert_eq!(known.kind("wait_bucket"), Some(MetricKind::Counter));
        assert_eq!(known.kind("things_total"), Some(MetricKind::Gauge));
        assert_eq!(known.kind("other"), None);
    }
    let plain = listed("# TYPE call_seconds histogram\n# TYPE disk_bytes_read counter\n");
    let sum = of("call_seconds_sum", &plain).unwrap();
    assert_eq!((sum.dims, sum.is_strong()), (Dims::TIME, true));
    assert_eq!(
        of("disk_bytes_read", &plain),
        of("disk_bytes_read", &KnownMetrics::default())
    );
    let torn = listed(API);
    assert_eq!(
        torn.kind("torn"),
        None,
        "jobs that contradict each other say nothing"
    );
}
