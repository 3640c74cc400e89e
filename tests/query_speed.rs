//! How long a query takes: the parser, the units, the cost and the label flow together. Prints figures and asserts none, so it is
//! no test to be run by default:
//!
//! `cargo test --release --test query_speed -- --ignored --nocapture`

#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use dashlint::cost::{Evaluation, SeriesCounts, query_cost};
use dashlint::promql::flow::Flow;
use dashlint::promql::parse;
use dashlint::units::infer;
use serde_json::Value;

/// Where no real queries are there.
const QUERIES: &[&str] = &[
    "up",
    "sum by (job) (rate(http_requests_total{job=~\"$job\", code!~\"5..\"}[$__rate_interval]))",
    "histogram_quantile(0.99, sum by (le, path) (rate(latency_seconds_bucket{cluster=\"$cluster\"}[5m])))",
    "100 * (1 - avg by (instance) (rate(node_cpu_seconds_total{mode=\"idle\"}[5m])))",
    "sum(kube_pod_info * on (pod) group_left (node) kube_pod_owner) by (node) or vector(0)",
];

fn queries() -> Vec<String> {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/promql/dashboards.jsonl");
    let Ok(text) = fs::read_to_string(real) else {
        return QUERIES.iter().map(|query| (*query).to_owned()).collect();
    };
    let lines = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines
        .filter_map(|line| Some(line.get("expr")?.as_str()?.to_owned()))
        .collect()
}

#[test]
#[ignore = "prints times"]
fn mean_time_of_a_query() {
    const ROUNDS: u32 = 5;
    let queries = queries();
    let (mut parsing, mut units, mut cost, mut flow) = (
        Duration::ZERO,
        Duration::ZERO,
        Duration::ZERO,
        Duration::ZERO,
    );
    let counts = SeriesCounts::default();
    for _ in 0..ROUNDS {
        for query in &queries {
            let start = Instant::now();
            let parsed = black_box(parse(query));
            let at = Instant::now();
            parsing += at - start;
            black_box(infer(&parsed));
            let then = Instant::now();
            units += then - at;
            black_box(query_cost(&parsed, &Evaluation::INSTANT, &counts));
            let at = Instant::now();
            cost += at - then;
            black_box(Flow::new(&parsed));
            flow += at.elapsed();
        }
    }
    let mean = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(ROUNDS) / queries.len() as f64;
    eprintln!("{} queries, mean of {ROUNDS} rounds, in µs:", queries.len());
    for (name, time) in [
        ("parse", parsing),
        ("units", units),
        ("cost", cost),
        ("flow", flow),
        ("all", parsing + units + cost + flow),
    ] {
        eprintln!("{name:>8} {:8.2}", mean(time));
    }
}
