//! Prometheus' own verdicts, when they lie next to the repository (`../shared/promql`).

#![allow(clippy::print_stderr)] // figures, and what was skipped

use dashlint::promql::{self, ExprKind, Parsed};
use serde_json::Value;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};

fn data(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/promql")
        .join(name);
    if !path.exists() {
        eprintln!("skipped: {} does not exist", path.display());
        return None;
    }
    if name.ends_with(".gz") {
        let child = Command::new("gzip")
            .arg("-dc")
            .arg(&path)
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut child) = child else {
            eprintln!("skipped: no gzip");
            return None;
        };
        let mut text = String::new();
        child.stdout.take()?.read_to_string(&mut text).ok()?;
        child.wait().ok()?;
        return Some(text);
    }
    std::fs::read_to_string(path).ok()
}

fn records(text: &str) -> impl Iterator<Item = Value> + '_ {
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a JSON line"))
}

/// Prometheus compiles the patterns of matchers when it parses, those of `label_replace` only when it evaluates.
fn verdict(parsed: &Parsed) -> bool {
    parsed.is_valid()
        && promql::regex_uses(parsed)
            .iter()
            .all(|regex| regex.label_replace || promql::regex_check(&regex.pattern).is_ok())
}

fn verdict_with_holes(parsed: &Parsed) -> bool {
    parsed.is_valid() && promql::check_regexes(parsed).is_empty()
}

fn node_ranges(parsed: &Parsed) -> Vec<(String, u64, u64)> {
    let mut nodes = Vec::new();
    for (_, expr) in parsed.ast.exprs() {
        let mut add = |name: &str, span: dashlint::span::Span| {
            nodes.push((name.to_string(), u64::from(span.start), u64::from(span.end)));
        };
        match &expr.kind {
            ExprKind::Number(_) => add("NumberLiteral", expr.span),
            ExprKind::String(_) => add("StringLiteral", expr.span),
            ExprKind::Selector(selector) => {
                if selector.range.is_some() {
                    add("MatrixSelector", expr.span);
                }
                add("VectorSelector", selector.vector);
            }
            ExprKind::Subquery(_) => add("SubqueryExpr", expr.span),
            ExprKind::Call(_) => add("Call", expr.span),
            ExprKind::Aggregate(_) => add("AggregateExpr", expr.span),
            ExprKind::Binary(_) => add("BinaryExpr", expr.span),
            ExprKind::Unary { .. } => add("UnaryExpr", expr.span),
            ExprKind::Paren(_) => add("ParenExpr", expr.span),
            ExprKind::Hole(_) => add("Hole", expr.span),
        }
    }
    nodes.sort();
    nodes
}

fn show(limit: usize, shown: &mut usize, text: String) {
    *shown += 1;
    if *shown <= limit {
        eprintln!("{text}");
    }
}

#[test]
fn cases_agree_with_prometheus() {
    let Some(text) = data("cases.jsonl") else {
        return;
    };
    let (mut total, mut right, mut valid, mut ranges, mut flags) = (0, 0, 0, 0, 0);
    let (mut shown, mut hits, mut invalid) = (0, 0, 0);
    for record in records(&text) {
        let expr = record["expr"].as_str().expect("expr");
        let expected = record["valid"].as_bool().expect("valid");
        let parsed = promql::parse(expr);
        total += 1;
        if verdict(&parsed) == expected {
            right += 1;
        } else {
            show(
                60,
                &mut shown,
                format!(
                    "{} {expr:?}: expected {expected}, {:?}",
                    record["id"],
                    parsed.errors.first()
                ),
            );
        }
        if expected {
            valid += 1;
            let mut nodes: Vec<_> = record["nodes"]
                .as_array()
                .expect("nodes")
                .iter()
                .map(|node| {
                    let number = |key: &str| node[key].as_u64().expect("offset");
                    (
                        node["node"].as_str().expect("name").to_string(),
                        number("start"),
                        number("end"),
                    )
                })
                .collect();
            nodes.sort();
            let ours = node_ranges(&parsed);
            if nodes == ours {
                ranges += 1;
            } else {
                show(
                    60,
                    &mut shown,
                    format!("{expr:?}: nodes\n  {nodes:?}\n  {ours:?}"),
                );
            }
            let plain = record["valid_without_feature_flags"]
                .as_bool()
                .expect("flag");
            // The verdicts are of a parser in which duration expressions were still off.
            let needs_flag = |used: &promql::FeatureUse| {
                used.feature.flag().is_some()
                    || matches!(used.feature, promql::Feature::DurationExpression)
            };
            if plain != parsed.features.iter().any(needs_flag) {
                flags += 1;
            } else {
                show(
                    60,
                    &mut shown,
                    format!("{expr:?}: without flags {plain}, {:?}", parsed.features),
                );
            }
        } else if !verdict(&parsed) {
            invalid += 1;
            if located(&parsed, &record) {
                hits += 1;
            } else {
                show(
                    60,
                    &mut shown,
                    format!(
                        "{expr:?}: {} but {:?}",
                        record["errors"][0],
                        parsed.errors.first()
                    ),
                );
            }
        }
    }
    eprintln!(
        "cases: {right}/{total} right, {ranges}/{valid} node ranges, {flags}/{valid} flags, {hits}/{invalid} located"
    );
    assert!(right * 1000 >= total * 995, "{right} of {total}");
    assert!(ranges * 1000 >= valid * 999, "{ranges} of {valid}");
    assert!(flags * 1000 >= valid * 999, "{flags} of {valid}");
}

/// Whether the start of Prometheus' first error lies in the primary or a related span of ours.
fn located(parsed: &Parsed, record: &Value) -> bool {
    let start = record["errors"][0]["start"].as_u64().expect("start") as usize;
    let mut errors = parsed.errors.clone();
    errors.extend(promql::check_regexes(parsed));
    let Some(first) = errors.first() else {
        return false;
    };
    std::iter::once(first.span)
        .chain(first.related.iter().map(|(span, _)| *span))
        .any(|span| span.start as usize == start || span.contains(start))
}

#[test]
fn dashboards_agree_with_prometheus() {
    let Some(text) = data("dashboards.jsonl") else {
        return;
    };
    let (mut total, mut right, mut shown) = (0, 0, 0);
    for record in records(&text) {
        let expr = record["expr"].as_str().expect("expr");
        let expected = record["valid"].as_bool().expect("valid");
        let parsed = promql::parse(expr);
        total += 1;
        if verdict_with_holes(&parsed) == expected {
            right += 1;
        } else {
            show(
                40,
                &mut shown,
                format!(
                    "{expr:?}: expected {expected}, {:?} {:?}",
                    parsed.errors.first(),
                    promql::check_regexes(&parsed)
                ),
            );
        }
    }
    eprintln!("dashboards: {right}/{total}");
    assert_eq!(right, total);
}

#[test]
fn variables_agree_with_their_verdicts() {
    let Some(text) = data("variables.jsonl") else {
        return;
    };
    let (mut total, mut right, mut shown) = (0, 0, 0);
    for record in records(&text) {
        let expr = record["expr"].as_str().expect("expr");
        let expected = record["valid"].as_bool().expect("valid");
        let parsed = promql::parse(expr);
        total += 1;
        if verdict_with_holes(&parsed) == expected {
            right += 1;
        } else {
            show(
                40,
                &mut shown,
                format!("{expr:?}: expected {expected}, {:?}", parsed.errors.first()),
            );
        }
    }
    eprintln!("variables: {right}/{total}");
    assert!(right + 1 >= total, "{right} of {total}");
}

#[test]
fn mutations_agree_with_prometheus() {
    let Some(text) = data("mutations.jsonl.gz") else {
        return;
    };
    let (mut total, mut right, mut invalid, mut hits, mut shown) = (0, 0, 0, 0, 0);
    let verbose = std::env::var_os("SHOW_MISSES").is_some();
    for record in records(&text) {
        let expr = record["expr"].as_str().expect("expr");
        let expected = record["valid"].as_bool().expect("valid");
        let parsed = promql::parse(expr);
        total += 1;
        if verdict(&parsed) == expected {
            right += 1;
        } else {
            show(
                60,
                &mut shown,
                format!(
                    "{expr:?}: expected {expected}, {:?} {}",
                    parsed.errors.first(),
                    record["errors"][0]
                ),
            );
        }
        if !expected && !verdict(&parsed) {
            invalid += 1;
            if located(&parsed, &record) {
                hits += 1;
            } else if verbose {
                show(
                    usize::MAX,
                    &mut shown,
                    format!(
                        "MISS {expr:?}: {} but {:?}",
                        record["errors"][0],
                        parsed.errors.first()
                    ),
                );
            }
        }
    }
    eprintln!("mutations: {right}/{total} right, {hits}/{invalid} located");
    assert!(right * 1000 >= total * 999, "{right} of {total}");
    assert!(hits * 100 >= invalid * 75, "{hits} of {invalid}");
}

/// What Prometheus takes and `promql-parser` 0.11.1 does not: a name and a sign of it in the text.
fn known_strict(text: &str, parsed: &Parsed) -> bool {
    let flagged = parsed.features.iter().any(|used| {
        matches!(
            used.feature,
            promql::Feature::DurationExpression
                | promql::Feature::Anchored
                | promql::Feature::Smoothed
                | promql::Feature::HistogramTrim
                | promql::Feature::Function(_)
        )
    });
    let regexes = promql::regex_uses(parsed);
    let dialect = regexes
        .iter()
        .any(|regex| regex::Regex::new(&regex.pattern).is_err());
    flagged
        || dialect
        || text.contains("anchored")
        || text.contains("smoothed")
        || (text.contains('`') && text.contains('\\'))
        || text.contains('_') && text.contains(|c: char| c.is_ascii_digit()) && text.contains("1_")
        || ["offset (", "offset +", "offset -(", "offset -", "offset 0", "OFFSET"].iter().any(|s| text.contains(s))
        || ["0s", "0m", "0ms", "[.", "[+", "[-", "#", "or =", "a:b", "foo:bar", "07", "08", "01e", "0x", "NaN"]
            .iter()
            .any(|s| text.contains(s))
        // `by (x:y)` takes any metric name.
        || text.contains(':')
}

#[test]
fn the_referee_agrees() {
    let (mut asked, mut lax, mut strict, mut wrong) = (0, 0, 0, Vec::new());
    for name in ["cases.jsonl", "dashboards.jsonl", "mutations.jsonl.gz"] {
        let Some(text) = data(name) else { return };
        for record in records(&text) {
            let expr = record["expr"].as_str().expect("expr");
            let mut parsed = promql::parse(expr);
            if !parsed.holes.is_empty() {
                continue;
            }
            let regexes = promql::check_regexes(&parsed);
            parsed.errors.extend(
                regexes
                    .into_iter()
                    .filter(|e| e.related.iter().all(|r| !r.1.contains("call"))),
            );
            let valid = parsed.is_valid();
            match (valid, promql::referee(&parsed)) {
                (_, promql::Verdict::NotAsked(_)) => {}
                (false, promql::Verdict::Refuses(_)) | (true, promql::Verdict::Accepts) => {
                    asked += 1
                }
                (false, promql::Verdict::KnownLax(_)) => lax += 1,
                (true, promql::Verdict::Refuses(_)) if known_strict(expr, &parsed) => strict += 1,
                (_, verdict) => wrong.push(format!(
                    "{expr:?}: ours {valid}, {verdict:?} {:?}",
                    parsed.errors.first()
                )),
            }
        }
    }
    for line in wrong.iter().take(40) {
        eprintln!("{line}");
    }
    eprintln!(
        "referee: {asked} agree, {lax} known lax, {strict} known strict, {} wrong",
        wrong.len()
    );
    assert!(wrong.is_empty());
}

/// The median cost of parsing a real query: `cargo test --release --test promql_conformance -- --ignored --nocapture`.
#[test]
#[ignore = "measures time; wants a release build"]
fn mean_time() {
    let mut texts: Vec<String> = Vec::new();
    for name in ["cases.jsonl", "dashboards.jsonl"] {
        let Some(text) = data(name) else { return };
        for record in records(&text) {
            let real = name == "dashboards.jsonl"
                || record["id"]
                    .as_str()
                    .is_some_and(|id| id.starts_with("rules"));
            if real && record["valid"] == true {
                texts.push(record["expr"].as_str().unwrap_or_default().to_string());
            }
        }
    }
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut best = f64::MAX;
    for _ in 0..15 {
        let start = std::time::Instant::now();
        let mut nodes = 0;
        for text in &texts {
            nodes += std::hint::black_box(promql::parse(text)).ast.exprs().len();
        }
        let each = start.elapsed().as_secs_f64() * 1e6 / texts.len() as f64;
        best = best.min(each);
        std::hint::black_box(nodes);
    }
    let start = std::time::Instant::now();
    let mut accepted = 0;
    for text in texts.iter().filter(|t| !t.contains('$')) {
        accepted += usize::from(promql_parser::parser::parse(text).is_ok());
    }
    let plain = texts.iter().filter(|t| !t.contains('$')).count();
    let other = start.elapsed().as_secs_f64() * 1e6 / plain as f64;
    eprintln!(
        "{} queries, {} bytes each: {best:.2} µs each; promql-parser {other:.2} µs on {plain} without variables ({accepted} accepted)",
        texts.len(),
        bytes / texts.len()
    );
}
