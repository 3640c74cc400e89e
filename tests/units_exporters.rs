//! What metrics of well-known exporters are: some of our own, and, where it is there, the table of `../shared/facts`.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::path::Path;

use dashlint::promql::parse;
use dashlint::units::{Dims, Kind, Value, infer};

fn of(query: &str) -> Option<Value> {
    infer(&parse(query)).root()
}

/// The dimensions, the scale and the kind of a metric that is certain.
fn certain(query: &str) -> (Dims, Option<f64>, Kind) {
    let value = of(query).unwrap_or_else(|| panic!("nothing is known of {query}"));
    assert!(value.is_strong(), "{query} is not certain");
    (value.dims, value.scale, value.kind)
}

#[test]
fn metrics_are_what_their_exporters_document() {
    let amount = |dims, scale| (dims, Some(scale), Kind::Amount);
    let ratio = |scale| (Dims::NONE, Some(scale), Kind::Ratio);
    let count = (Dims::NONE, Some(1.0), Kind::Count);
    for (query, want) in [
        ("node_cpu_seconds_total", amount(Dims::TIME, 1.0)),
        ("node_network_speed_bytes", amount(Dims::DATA_RATE, 1.0)),
        (
            "container_memory_working_set_bytes",
            amount(Dims::DATA, 1.0),
        ),
        ("kube_deployment_status_replicas", count),
        ("DCGM_FI_DEV_FB_USED", amount(Dims::DATA, 1048576.0)),
        ("DCGM_FI_DEV_GPU_UTIL", ratio(0.01)),
        ("vllm:kv_cache_usage_perc", ratio(1.0)),
        ("vllm:num_requests_waiting", count),
        ("vllm:prompt_tokens_total", count),
        (
            "vllm:time_to_first_token_seconds_sum",
            amount(Dims::TIME, 1.0),
        ),
        (
            "histogram_quantile(0.9, rate(vllm:e2e_request_latency_seconds_bucket[5m]))",
            amount(Dims::TIME, 1.0),
        ),
        ("nv_inference_request_duration_us", amount(Dims::TIME, 1e-6)),
        ("nv_gpu_utilization", ratio(1.0)),
        ("nv_gpu_memory_used_bytes", amount(Dims::DATA, 1.0)),
        ("request_predict_seconds_sum", amount(Dims::TIME, 1.0)),
        ("ray_node_gram_used", amount(Dims::DATA, 1048576.0)),
        ("ray_node_cpu_utilization", ratio(0.01)),
        (
            "ray_node_network_receive_speed",
            amount(Dims::DATA_RATE, 1.0),
        ),
        ("nvidia_smi_utilization_gpu_ratio", ratio(1.0)),
        ("jvm_memory_used_bytes", amount(Dims::DATA, 1.0)),
        ("go_goroutines", count),
        ("windows_cpu_time_total", amount(Dims::TIME, 1.0)),
        (
            "mysql_global_status_bytes_received",
            amount(Dims::DATA, 1.0),
        ),
        ("pg_database_size_bytes", amount(Dims::DATA, 1.0)),
        ("redis_memory_used_bytes", amount(Dims::DATA, 1.0)),
        ("nginx_connections_active", count),
        (
            "kafka_server_brokertopicmetrics_bytesin_total",
            amount(Dims::DATA, 1.0),
        ),
    ] {
        assert_eq!(certain(query), want, "{query}");
    }
}

#[test]
fn a_colon_of_a_recording_rule_is_still_one() {
    assert!(
        !of("job:request_duration_seconds:rate5m")
            .unwrap()
            .is_strong()
    );
}

/// Every name that a simple regular expression of names matches, with `x` for what may be anything.
fn names(pattern: &str) -> Vec<String> {
    let alternatives = split_at_top(pattern, b'|');
    if alternatives.len() > 1 {
        return alternatives.into_iter().flat_map(names).collect();
    }
    let Some(open) = pattern.find('(') else {
        return vec![plain(pattern)];
    };
    let close = open + closing(&pattern[open..]);
    let (inner, mut rest) = (&pattern[open + 1..close], &pattern[close + 1..]);
    let mut middles = names(inner);
    if let Some(after) = rest.strip_prefix('?') {
        rest = after;
        middles.push(String::new());
    }
    let start = plain(&pattern[..open]);
    let ends = names(rest);
    let joined = |middle: &String| -> Vec<String> {
        let whole = |end: &String| format!("{start}{middle}{end}");
        ends.iter().map(whole).collect()
    };
    middles.iter().flat_map(joined).collect()
}

/// The place of the bracket that closes the first one.
fn closing(text: &str) -> usize {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 1 => return at,
            b')' => depth -= 1,
            _ => {}
        }
    }
    panic!("{text} has no closing bracket");
}

fn split_at_top(text: &str, separator: u8) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ if byte == separator && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// A text without groups: `.*` and sets stand for `x`, a letter before `?` stays.
fn plain(text: &str) -> String {
    text.replace(".*", "x")
        .replace("[a-z_]*", "x_")
        .replace(['?', '$'], "")
}

#[test]
fn the_table_of_facts_agrees() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/facts/metric_units.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: ../shared/facts is not here");
        return;
    };
    let table: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut checked = 0;
    let mut wrong = Vec::new();
    for entry in table["exceptions"].as_array().unwrap() {
        // What depends on a label has tests of its own.
        if entry.get("labels").is_some() {
            continue;
        }
        let pattern = entry["name"].as_str().unwrap();
        let samples = match entry["match"].as_str() {
            Some("exact") => vec![pattern.to_owned()],
            _ => names(pattern),
        };
        for name in samples {
            checked += 1;
            if let Some(difference) = difference(&name, entry) {
                wrong.push(format!("{name} ({pattern}): {difference}"));
            }
        }
    }
    eprintln!("{checked} names, {} not as the table says", wrong.len());
    assert!(checked > 200);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How what we say of a metric differs from the table's entry.
fn difference(name: &str, entry: &serde_json::Value) -> Option<String> {
    let value = of(name);
    let kind = entry["kind"].as_str().unwrap();
    if kind == "unknown" {
        return value.map(|value| format!("known as {:?}", value.kind));
    }
    let Some(value) = value else {
        return Some("unknown".into());
    };
    let exponents: Vec<i64> = ["s", "B", "J", "A", "V", "m", "g", "degC", "degF", "K"]
        .iter()
        .map(|base| {
            entry["dims"]
                .get(base)
                .and_then(serde_json::Value::as_i64)
                .unwrap_or(0)
        })
        .collect();
    let ours: Vec<i64> = value
        .dims
        .0
        .iter()
        .map(|exponent| i64::from(*exponent))
        .collect();
    let kinds = match value.kind {
        Kind::Amount => "amount",
        Kind::Count => "count",
        Kind::Ratio => "ratio",
        Kind::Share => "util",
        Kind::Bool => "bool",
        Kind::Info => "info",
        Kind::Timestamp => "timestamp",
        Kind::Literal => "literal",
    };
    let strong = entry["confidence"].as_str() == Some("strong");
    let scale = entry["scale"].as_f64();
    (ours != exponents || value.scale != scale || kinds != kind || value.is_strong() != strong)
        .then(|| {
            format!(
                "{ours:?} {:?} {kinds} strong: {}",
                value.scale,
                value.is_strong()
            )
        })
}
