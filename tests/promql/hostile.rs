//! Nothing makes it panic, abort or take long.

use super::*;

/// On a 2 MiB stack, in time proportional to the length.
#[test]
fn hostile_inputs() {
    let worker = || {
        let n = 1_000_000;
        let chain = 40_000;
        let cases = [
            "(".repeat(n),
            format!("{}1{}", "(".repeat(n), ")".repeat(n)),
            "abs(".repeat(n),
            "scalar(vector(".repeat(n / 2),
            "sum(".repeat(n),
            "topk(1,".repeat(n),
            "exp(".repeat(n / 2),
            "-".repeat(n),
            "foo[".repeat(n),
            "{".repeat(n),
            "foo{a=\"b\",".repeat(n / 10),
            format!("foo[{}5m", "(".repeat(n)),
            format!("foo[{}5m", "-".repeat(n)),
            format!("foo offset {}5m", "(".repeat(n)),
            vec!["1"; chain].join("+"),
            vec!["1"; chain].join("^"),
            vec!["foo"; chain].join(" or "),
            vec!["5m"; chain].join("*").replace("5m*", "foo[5m*"),
            format!("foo{}", "[5m:1m]".repeat(chain)),
            format!("foo{}", " offset 5m".repeat(chain)),
            format!("foo[{}]", vec!["5m"; chain].join("+")),
            format!("sum({})", vec!["1"; chain].join(",")),
            format!("sum by ({}) (x)", vec!["a"; chain].join(",")),
            format!("x{{{}}}", vec!["a=\"b\""; chain].join(",")),
            format!("x{{{}}}", vec!["a=b"; chain].join(",")),
            format!("x{{a=~\"{}\"}}", "(".repeat(n)),
            format!("x{{a=~\"{}\"}}", "(a{1,30}){1,30}".repeat(n / 20)),
            format!("x{{a=~\"{}\"}}", "\\\\p{L}".repeat(2_000)),
            "$x".repeat(n / 2),
            "[[x]]".repeat(n / 5),
            "${x".repeat(n / 3),
            "[[x:".repeat(n / 4),
            "${x[".repeat(n / 4),
            "${x:".repeat(n / 4),
            "${x.".repeat(n / 4),
            format!("\"{}\"", "${x:".repeat(n / 4)),
            "\"\\u12".repeat(n / 5),
            "\"".repeat(n),
            "#".repeat(n),
            "1".repeat(n),
            "a".repeat(n),
            " ".repeat(n),
            "é".repeat(n / 2),
            "info(x,{}) + ".repeat(900),
            vec!["info(x,{})"; 5000].join(","),
        ];
        for text in &cases {
            let start = std::time::Instant::now();
            let parsed = parse(text);
            let _ = check_regexes(&parsed);
            let _ = metricsql::looks_like(&parsed);
            let _ = logql::check(text);
            let _ = logql::looks_like(text);
            let _ = variable_query(text);
            let _ = referee(&parsed);
            if let Some(root) = parsed.root {
                let _ = parsed.output_labels(root);
                let _ = parsed.ast.descendants(root);
            }
            let took = start.elapsed();
            assert!(
                took.as_secs() < 5,
                "{:?}… took {took:?}",
                &text.chars().take(20).collect::<String>()
            );
            if took.as_millis() > 500 {
                eprintln!(
                    "{:?}… took {took:?}",
                    &text.chars().take(20).collect::<String>()
                );
            }
        }
        for text in [
            "foo[1e30]",
            "1[1e30:]",
            "foo[5m:1e30]",
            "foo offset 1e30",
            "foo offset NaN",
            "foo @ 1e30",
        ] {
            let _ = referee(&parse(text));
        }
    };
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(worker)
        .expect("a thread")
        .join()
        .expect("no panic");
}

#[test]
fn as_deep_as_allowed() {
    let worker = || {
        for text in [
            format!("{}1{}", "(".repeat(190), ")".repeat(190)),
            format!("{}x{}", "abs(".repeat(190), ")".repeat(190)),
            format!("{}x{}", "sum by (a) (".repeat(190), ")".repeat(190)),
            format!("{}x", "- ".repeat(190)),
            format!("x[{}5m{}]", "(".repeat(190), ")".repeat(190)),
            vec!["x"; 900].join(" + "),
        ] {
            let parsed = parse(&text);
            assert!(parsed.is_valid(), "{:?}", parsed.errors);
        }
    };
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(worker)
        .expect("a thread")
        .join()
        .expect("no panic");
}

fn sound(text: &str) {
    let parsed = parse(text);
    let mut errors = parsed.errors.clone();
    errors.extend(check_regexes(&parsed));
    errors.extend(logql::check(text));
    let query = variable_query(text);
    errors.extend(query.all_errors().cloned());
    if let Some(expr) = &query.expr {
        errors.extend(check_regexes(expr));
    }
    for error in &errors {
        let suggested = error
            .suggestion
            .iter()
            .flat_map(|s| s.replacements.iter().map(|(span, _)| *span));
        let related = error.related.iter().map(|(span, _)| *span);
        for span in std::iter::once(error.span).chain(related).chain(suggested) {
            assert!(
                text.get(span.range()).is_some(),
                "{text:?}: {span:?} of {error:?}"
            );
        }
    }
    for (_, expr) in parsed.ast.exprs() {
        assert!(
            text.get(expr.span.range()).is_some(),
            "{text:?}: {:?}",
            expr.span
        );
    }
    for hole in &parsed.holes {
        assert!(text.get(hole.span.range()).is_some() && text.get(hole.name.range()).is_some());
    }
    for (_, matcher) in parsed.matchers() {
        let _ = parsed.string(&matcher.value);
    }
    let _ = metricsql::looks_like(&parsed);
    let _ = promql::find_holes(text);
    let _ = parsed.ast.parents();
}

const PARTS: &[&str] = &[
    "foo",
    "sum",
    "rate",
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "offset",
    "@",
    "bool",
    "and",
    "or",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "=",
    "==",
    "=~",
    "!~",
    "!=",
    "<",
    ">",
    "+",
    "-",
    "*",
    "/",
    "^",
    "</",
    "5m",
    "1",
    "0x",
    "1e",
    "\"a\"",
    "'b'",
    "`c\\`",
    "\"\\x41\"",
    "\"",
    "$x",
    "${x:csv}",
    "[[x]]",
    "$",
    "${",
    "[[",
    "#",
    "\n",
    " ",
    "é",
    "“",
    "start()",
    "step",
    "fill",
    "anchored",
    "\"(\"",
    "\"$x(\"",
    "\\",
    "|",
    "|=",
    "label_values(",
    "info",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_survived(text in "\\PC{0,60}") {
        sound(&text);
    }

    #[test]
    fn any_soup_of_tokens_is_survived(parts in prop::collection::vec(prop::sample::select(PARTS), 0..25)) {
        sound(&parts.concat());
        sound(&parts.join(" "));
    }

    #[test]
    fn any_pattern_is_survived(pattern in "[a-c\\\\(){}|*+?\\[\\]^$.:0-9,<>PpQEx=!iéd-]{0,20}") {
        if let Err(error) = regex_check(&pattern) {
            prop_assert!(pattern.get(error.span.range()).is_some(), "{:?} {:?}", pattern, error);
        }
    }
}
