//! Mutates queries and files for some time and feeds them to every parser: no panic, no range out of the text or
//! inside a character, nothing that takes long.
//!
//! `cargo run --release --example fuzz -- SECONDS [SEED]`. Seeds are the examples of the rules' pages and, where they
//! are there, `../shared/promql/cases.jsonl` and files of `../shared/corpus`.
#![allow(clippy::print_stdout)]

use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dashlint::promql;
use dashlint::span::Span;

/// Anything slower than this on one small input is a fault; generous, for the machine may have other work.
const SLOW: Duration = Duration::from_secs(3);

const WORDS: &[&str] = &[
    "sum",
    "by",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "rate",
    "=~",
    "!~",
    "=",
    "!=",
    "\"",
    "'",
    "`",
    "5m",
    "$__rate_interval",
    "${x}",
    "[[y]]",
    "$",
    "offset",
    "@",
    "start()",
    "bool",
    "on",
    "ignoring",
    "group_left",
    "unless",
    "or",
    "and",
    "+",
    "-",
    "*",
    "/",
    "%",
    "^",
    "==",
    "<=",
    ">/",
    "</",
    "1e30",
    "0x1F",
    "NaN",
    "Inf",
    "-1",
    "#",
    "\n",
    "\\",
    "\\x",
    "\u{e9}",
    "\u{1f600}",
    "label_replace",
    "histogram_quantile",
    "anchored",
    "smoothed",
    "fill",
    ":",
    ",",
    "__name__",
    "{,}",
    ".*",
    "(?i)",
    "\\p{L}",
    "{1,1000}",
    "|=",
    "| json",
    "WITH",
    "default",
    "label_values(",
    "topk(",
    "[5m:1m]",
    "\0",
];

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

fn main() {
    let mut args = std::env::args().skip(1);
    let seconds = args.next().and_then(|text| text.parse().ok()).unwrap_or(60);
    let seed = args
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0x5eed_u64);
    let (queries, files) = seeds();
    println!(
        "{} queries, {} files as seeds, {seconds} s",
        queries.len(),
        files.len()
    );
    let mut random = Random(seed | 1);
    let start = Instant::now();
    let (mut count, mut slowest) = (0u64, (Duration::ZERO, String::new()));
    while start.elapsed() < Duration::from_secs(seconds) {
        let file = !files.is_empty() && random.below(64) == 0;
        let pool = if file { &files } else { &queries };
        let mut text = pool[random.below(pool.len())].clone();
        for _ in 0..1 + random.below(6) {
            text = mutate(&text, &queries, &mut random);
        }
        let before = Instant::now();
        if file {
            check_file(&text)
        } else {
            check_query(&text)
        }
        let took = before.elapsed();
        if took > slowest.0 {
            slowest = (took, text.chars().take(300).collect());
        }
        assert!(took < SLOW || text.len() > 1 << 20, "{took:?}: {text}");
        count += 1;
    }
    println!(
        "{count} inputs; the slowest took {:?}: {}",
        slowest.0, slowest.1
    );
}

fn seeds() -> (Vec<String>, Vec<String>) {
    let mut queries: Vec<String> = [
        "up",
        "sum by (a) (rate(x{b=~\"c|d\"}[5m]))",
        "label_values(up{a=\"$b\"}, c)",
    ]
    .map(String::from)
    .to_vec();
    let cases = fs::read_to_string("../shared/promql/cases.jsonl").unwrap_or_default();
    for line in cases.lines() {
        let case: Option<serde_json::Value> = serde_json::from_str(line).ok();
        queries.extend(case.and_then(|case| case["expr"].as_str().map(str::to_owned)));
    }
    let mut files: Vec<String> = dashlint::rules::RULES
        .iter()
        .flat_map(|rule| rule.page.split("```").skip(1).step_by(2))
        .map(|block| {
            block
                .split_once('\n')
                .map_or(block, |(_, text)| text)
                .replace(['⟦', '⟧'], "")
        })
        .collect();
    for entry in walkdir::WalkDir::new("../shared/corpus")
        .into_iter()
        .filter_map(Result::ok)
    {
        if entry
            .metadata()
            .is_ok_and(|metadata| metadata.is_file() && metadata.len() < 8192)
        {
            files.extend(fs::read_to_string(entry.path()));
        }
    }
    (queries, files)
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn mutate(text: &str, pool: &[String], random: &mut Random) -> String {
    let at = boundary(text, random.below(text.len() + 1));
    let to = boundary(text, (at + random.below(24)).min(text.len()).max(at));
    let (head, middle, tail) = (&text[..at], &text[at..to.max(at)], &text[to.max(at)..]);
    let word = WORDS[random.below(WORDS.len())];
    match random.below(8) {
        0 => format!("{head}{tail}"),
        1 => format!("{head}{middle}{middle}{tail}"),
        2 => format!("{head}{word}{tail}"),
        3 => format!("{head}{word}{middle}{tail}"),
        4 => format!("{head}{}{tail}", middle.chars().rev().collect::<String>()),
        5 => {
            let other = &pool[random.below(pool.len())];
            let cut = boundary(other, random.below(other.len() + 1));
            format!("{head}{}", &other[cut..])
        }
        6 => format!("{head}{}{tail}", word.repeat(1 + random.below(40))),
        _ => {
            let bytes: Vec<u8> = (0..random.below(8)).map(|_| random.next() as u8).collect();
            format!("{head}{}{middle}{tail}", String::from_utf8_lossy(&bytes))
        }
    }
}

fn inside(text: &str, span: Span) {
    assert!(
        text.get(span.range()).is_some(),
        "{span:?} is no range of {text:?}"
    );
}

fn check_query(text: &str) {
    let parsed = promql::parse(text);
    for (_, expr) in parsed.ast.exprs() {
        inside(text, expr.span);
    }
    for error in parsed.errors.iter().chain(&promql::check_regexes(&parsed)) {
        inside(text, error.span);
        for (span, _) in &error.related {
            inside(text, *span);
        }
        for (span, _) in error
            .suggestion
            .iter()
            .flat_map(|suggestion| &suggestion.replacements)
        {
            inside(text, *span);
        }
    }
    for hole in &parsed.holes {
        inside(text, hole.span);
    }
    if !parsed.errors.is_empty() {
        promql::referee::referee(&parsed);
        promql::metricsql::looks_like(&parsed);
    }
    for error in promql::variable_query::variable_query(text).all_errors() {
        inside(text, error.span);
    }
    for error in promql::logql::check(text) {
        inside(text, error.span);
    }
}

fn check_file(text: &str) {
    use dashlint::config::{Configs, Selection, Selector};
    use dashlint::lint::{Input, lint};
    let configs = Configs::isolated(Selection {
        select: vec![Selector::All],
        ..Selection::default()
    });
    for name in ["x.json", "x.yaml"] {
        let input = Input {
            path: name.into(),
            display: Arc::from(name),
            target: true,
            provisioned: true,
            text: Some(Arc::from(text)),
        };
        for finding in lint(&[input], &configs, &|| {}).diagnostics {
            inside(text, finding.location.span());
        }
    }
}
