//! Template variables as holes of the grammar, and the queries of variables.

use super::*;

#[test]
fn variables_are_holes_with_a_role() {
    use HoleRole as R;
    let one = |text: &str| roles(text).pop().expect("a hole");
    assert_eq!(
        one("rate(m[$__rate_interval])"),
        ("__rate_interval".into(), R::Range)
    );
    assert_eq!(one("rate(m[[[interval]]])"), ("interval".into(), R::Range));
    assert_eq!(one("m[5m:$step]"), ("step".into(), R::Duration));
    assert_eq!(one("m offset -${off:raw}"), ("off".into(), R::Duration));
    assert_eq!(one("topk($n, m)"), ("n".into(), R::Number));
    assert_eq!(one("quantile(0.$p, m)"), ("p".into(), R::Number));
    assert_eq!(one("m @ ${__to:date:seconds}"), ("__to".into(), R::Number));
    assert_eq!(one("m{$label=\"x\"}"), ("label".into(), R::LabelName));
    assert_eq!(one("sum by (a, $g) (m)"), ("g".into(), R::GroupingLabel));
    assert_eq!(one("m{$filters}"), ("filters".into(), R::MatcherList));
    assert_eq!(one("m{a=\"b\" $more}"), ("more".into(), R::MatcherList));
    assert_eq!(one("m{a=~\"^$x$\"}"), ("x".into(), R::MatcherValue));
    assert_eq!(one("m{a=$x}"), ("x".into(), R::MatcherValue));
    assert_eq!(one("$metric{a=\"b\"}"), ("metric".into(), R::MetricName));
    assert_eq!(one("rate(${p}_total[5m])"), ("p".into(), R::NamePart));
    assert_eq!(one("$f(m[5m])"), ("f".into(), R::Function));
    assert_eq!(one("$agg(m) by (a)"), ("agg".into(), R::Aggregation));
    assert_eq!(one("m $op 5"), ("op".into(), R::Operator));
    assert_eq!(one("m{a$op\"x\"}"), ("op".into(), R::Operator));
    assert_eq!(one("$query / 2"), ("query".into(), R::Expr));
    assert_eq!(one("sum $by (m)"), ("by".into(), R::Clause));
    assert_eq!(one("sum(m) $by"), ("by".into(), R::Clause));
    assert_eq!(
        one("label_replace(m, \"$dst\", \"$1-${2}\", \"a\", \"b\")"),
        ("dst".into(), R::InString)
    );
    let parsed = ok("m{a=\"${x.y:csv}\"}");
    let hole = parsed.holes[0];
    assert_eq!(parsed.slice(hole.span), "${x.y:csv}");
    assert_eq!(hole.field.map(|s| parsed.slice(s)), Some("y"));
    assert_eq!(hole.format.map(|s| parsed.slice(s)), Some("csv"));
}

#[test]
fn a_hole_never_causes_a_type_error() {
    for text in [
        "rate($x)",
        "sum($x)",
        "1 + $x > 2",
        "-$x",
        "histogram_quantile($x, $y)",
        "$x[5m:1m]",
        "$x offset 5m",
        "$x @ 5",
        "count_values($x, m)",
        "rate(metric_$x)",
        "topk($x, $y)",
        "a and on (b) $x",
        "round($x, $y) == bool $z",
        "sum(rate(m{$f}[$i])) by ($g) $op $t",
        "absent({__name__=~\"$x\"})",
        "{job=~\"$x\"}",
        "info(m, $x)",
        "vector($x)",
        "label_replace($a,$b,$c,$d,$e)",
    ] {
        ok(text);
    }
}

#[test]
fn variable_queries() {
    let text = " label_values(up{job=\"$job\", x=~\"a,b\"}, instance)";
    let query = variable_query(text);
    assert_eq!(query.kind, VariableQueryKind::LabelValues);
    assert_eq!(query.all_errors().count(), 0);
    assert_eq!(query.label.map(|s| &text[s.range()]), Some("instance"));
    let expr = query.expr.expect("a selector");
    assert_eq!(
        &text[expr.root().expect("root").span.range()],
        "up{job=\"$job\", x=~\"a,b\"}"
    );
    assert_eq!(&text[expr.holes[0].span.range()], "$job");
    for (text, kind) in [
        ("label_values(job)", VariableQueryKind::LabelValues),
        (
            "label_values($metric, $label)",
            VariableQueryKind::LabelValues,
        ),
        ("label_values({}, job)", VariableQueryKind::LabelValues),
        ("label_values()", VariableQueryKind::LabelValues),
        ("label_names()", VariableQueryKind::LabelNames),
        ("label_names(node.*)", VariableQueryKind::LabelNames),
        ("metrics(node.*)", VariableQueryKind::Metrics),
        (
            "query_result(sum by (a) (rate(x[$__range])))",
            VariableQueryKind::QueryResult,
        ),
        ("up{job=\"x\"}", VariableQueryKind::Series),
    ] {
        let query = variable_query(text);
        assert_eq!(query.kind, kind, "{text}");
        assert_eq!(query.all_errors().count(), 0, "{text}");
    }
    let wrong = |text: &str| -> String {
        let query = variable_query(text);
        let error = query
            .all_errors()
            .next()
            .unwrap_or_else(|| panic!("{text} is accepted"));
        text[error.span.range()].to_string()
    };
    assert_eq!(wrong("label_values(up{job==\"x\"}, a)"), "==");
    assert_eq!(wrong("label_values(up{job=\"x\"})"), "up{job=\"x\"}");
    assert_eq!(wrong("label_values(sum(up), a)"), "sum(up)");
    assert_eq!(wrong("label_values(up, a"), "(");
    assert_eq!(wrong("label_value(up, a)"), "label_value");
    assert_eq!(wrong("query_result(sum(up)"), "(");
}

#[test]
fn logql_structure() {
    for text in [
        "{job=\"a\"}",
        "{job=\"a\"} |= \"x\" != \"y\" |~ `z` | json | level=\"error\" | line_format \"{{.msg}}\"",
        "sum by (a) (count_over_time({job=\"a\"} | logfmt | unwrap d | __error__=\"\" [$__auto])) or vector(0)",
        "rate({job=\"a\"}[5m] offset 1h)",
        "$query",
        "sum(rate($query [5m]))",
        "rate({job=\"a\"} $range)",
        "{$filters, a=~\"$x\"} | $stage",
        "{job=\"a\"} | foo != \"x\" | drop a, b | label_format x=y | (a=\"b\" or c>5)",
        "vector(1)",
        "{job=\"a\"} # it's a comment\n|= \"b\"",
        "{job=\"a\"} | a=~\"b\" | addr = ip(\"1.2.3.4\") |= ip(\"x\")",
        "{a=\"b\"} |> `<_>x`",
        "{job=\"a\"} | json msg=\"a[0]\" | logfmt --strict",
    ] {
        assert_eq!(logql::check(text), [], "{text}");
    }
    let wrong = |text: &str| {
        let errors = logql::check(text);
        assert_eq!(errors.len(), 1, "{text}: {errors:?}");
        text[errors[0].span.range()].to_string()
    };
    assert_eq!(wrong("{job=\"a\"} |= "), "|=");
    assert_eq!(wrong("{job=\"a\"} |"), "|");
    assert_eq!(wrong("{job=\"a\"} | jsn"), "jsn");
    assert_eq!(wrong("{job=\"a\"} |= \"x"), "\"x");
    assert_eq!(wrong("{job=\"a\""), "{");
    assert_eq!(wrong("{job=a}"), "a");
    assert_eq!(wrong("{job}"), "job");
    assert_eq!(wrong("{}"), "{}");
    assert_eq!(wrong("count_over_time({job=\"a\"})"), "count_over_time");
    assert_eq!(wrong("{job=\"a\"} | regexp"), "regexp");
    assert_eq!(wrong("error level=warn"), "error level=warn");
    assert_eq!(wrong("sum(rate({a=\"b\"}[5m])"), "(");
    assert!(logql::looks_like(
        "sum(count_over_time({a=\"b\"} |= \"x\" [5m]))"
    ));
    assert!(logql::looks_like("{a=\"b\"} != \"x\""));
    assert!(!logql::looks_like("sum(rate(x{a=\"b\"}[5m])) != 0"));
    assert!(!logql::looks_like("x{a=~\"b|c\"}"));
    assert!(!logql::looks_like("(x{a=~'b.*|c'}) * 100"));
}

#[test]
fn metricsql_is_recognised() {
    let found = |text: &str| -> Vec<String> {
        metricsql::looks_like(&parse(text))
            .unwrap_or_default()
            .into_iter()
            .map(|(span, _)| text[span.range()].to_string())
            .collect()
    };
    assert_eq!(found("sum(a) default 0"), ["default"]);
    assert_eq!(found("a if b"), ["if"]);
    assert_eq!(found("abs(a) keep_metric_names"), ["keep_metric_names"]);
    assert_eq!(found("WITH (x = a) x"), ["WITH"]);
    assert_eq!(found("range_last(a[5m])"), ["range_last"]);
    assert_eq!(found("topk_max(3, rate(a))"), ["topk_max", "a"]);
    assert_eq!(found("a{b=\"c\" or d=\"e\"}"), ["or"]);
    assert_eq!(found("sum(a) limit 5"), ["limit"]);
    assert_eq!(found("a > 5Mi"), ["5Mi"]);
    assert_eq!(found("a[1i]"), ["1i"]);
    assert!(found("rate(a)").is_empty());
    assert_eq!(
        metricsql::weak_signs(&parse("rate(a) + sum(b, c)")).len(),
        2
    );
    assert!(found("sum(a) by le").is_empty());
    assert!(found("limit{default=\"if\"} + default").is_empty());
}

#[test]
fn the_referee_is_asked_with_care() {
    assert!(matches!(referee(&parse("sum(")), Verdict::Refuses(_)));
    assert!(matches!(
        referee(&parse("rate($x foo)")),
        Verdict::NotAsked(_)
    ));
    assert!(matches!(referee(&parse("foo[1e30]")), Verdict::NotAsked(_)));
    assert!(matches!(
        referee(&parse(&"(".repeat(5000))),
        Verdict::NotAsked(_)
    ));
    assert!(matches!(
        referee(&parse(&"1+".repeat(5000))),
        Verdict::NotAsked(_)
    ));
    assert!(matches!(
        referee(&parse(&" ".repeat(100_000))),
        Verdict::NotAsked(_)
    ));
    for lax in KNOWN_LAX {
        let mut parsed = parse(lax.example);
        parsed.errors.extend(check_regexes(&parsed));
        assert!(!parsed.errors.is_empty(), "{}", lax.name);
        assert!(
            !matches!(referee(&parsed), Verdict::Accepts),
            "{}: {:?}",
            lax.name,
            referee(&parsed)
        );
    }
    // Nothing is printed and nothing escapes when it panics; the guard aside.
    let deep = format!("{}1{}", "(".repeat(150), ")".repeat(150));
    assert!(parse(&deep).is_valid());
}

#[test]
fn comments_are_kept() {
    let parsed = ok("# first\nfoo # second $x\n");
    let comments: Vec<_> = parsed.comments.iter().map(|s| parsed.slice(*s)).collect();
    assert_eq!(comments, ["# first", "# second $x"]);
    assert!(parsed.holes.is_empty());
}
