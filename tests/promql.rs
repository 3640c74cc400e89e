//! The PromQL front end as its users see it.

#![allow(clippy::print_stderr)] // what was slow or skipped is said

use dashlint::promql::ast::{AggregateOp, AtTime, BinaryOp, Extended, FillSide};
use dashlint::promql::{
    self, ErrorKind, ExprKind, Feature, HoleRole, KNOWN_LAX, OutputLabels, ParseError, Parsed,
    ValueType, VariableQueryKind, Verdict, check_regexes, logql, metricsql, parse, referee,
    regex_check, variable_query,
};
use dashlint::span::Span;
use proptest::prelude::*;

fn ok(text: &str) -> Parsed {
    let parsed = parse(text);
    assert!(parsed.errors.is_empty(), "{text}: {:?}", parsed.errors);
    parsed
}

fn first(text: &str) -> ParseError {
    parse(text)
        .errors
        .into_iter()
        .next()
        .unwrap_or_else(|| panic!("{text} is accepted"))
}

/// The error's place, its message and what its suggestion makes of the query.
fn says(text: &str, at: &str, message: &str) -> ParseError {
    let error = first(text);
    assert_eq!(&text[error.span.range()], at, "{text}: {error:?}");
    assert!(error.message.contains(message), "{text}: {error:?}");
    error
}

fn repaired(text: &str) -> String {
    let error = first(text);
    let suggestion = error
        .suggestion
        .unwrap_or_else(|| panic!("{text}: no suggestion in {:?}", error.message));
    let mut out = text.to_string();
    for (span, replacement) in suggestion.with_range("[5m]").iter().rev() {
        out.replace_range(span.range(), replacement);
    }
    out
}

fn roles(text: &str) -> Vec<(String, HoleRole)> {
    let parsed = ok(text);
    parsed
        .holes
        .iter()
        .map(|hole| (parsed.hole_name(hole).to_string(), hole.role))
        .collect()
}

#[test]
fn the_tree_has_all_parts_with_their_places() {
    let text = r#"sum by (job, "my.label") (rate(http_requests_total{code=~"5..", env!='x'}[5m] offset 1h @ end()))"#;
    let parsed = ok(text);
    let (_, expr, aggregate) = parsed.aggregations().next().expect("an aggregation");
    assert_eq!(expr.span, Span::new(0, text.len()));
    assert_eq!(aggregate.op, AggregateOp::Sum);
    let grouping = aggregate.grouping.expect("grouping");
    assert_eq!(parsed.slice(grouping.list.span), r#"(job, "my.label")"#);
    let labels: Vec<_> = parsed
        .ast
        .labels(&grouping.list)
        .iter()
        .map(|l| parsed.label(l))
        .collect();
    assert_eq!(labels, ["job", "my.label"]);
    let (_, expr, call) = parsed.calls().next().expect("a call");
    assert_eq!(parsed.call_name(call), "rate");
    assert!(parsed.slice(expr.span).ends_with("end())"));
    let (_, expr, selector) = parsed.selectors().next().expect("a selector");
    assert_eq!(expr.ty, ValueType::Matrix);
    assert_eq!(
        parsed.slice(selector.vector),
        r#"http_requests_total{code=~"5..", env!='x'}"#
    );
    assert_eq!(
        parsed.metric_name(selector).expect("a name").0,
        "http_requests_total"
    );
    let matchers: Vec<_> = parsed
        .ast
        .matchers(selector)
        .iter()
        .map(|m| {
            (
                parsed.slice(m.span),
                parsed.label(&m.label),
                parsed.slice(m.op_span),
                parsed.string(&m.value),
            )
        })
        .collect();
    assert_eq!(
        matchers[0],
        (r#"code=~"5..""#, "code".into(), "=~", "5..".into())
    );
    assert_eq!(matchers[1], ("env!='x'", "env".into(), "!=", "x".into()));
    let range = parsed.ranges().next().expect("a range");
    assert_eq!(
        (parsed.slice(range.brackets), range.duration.seconds),
        ("[5m]", Some(300.0))
    );
    let offset = selector.shift.offset.expect("offset");
    assert_eq!(
        (parsed.slice(offset.span), offset.duration.seconds),
        ("offset 1h", Some(3600.0))
    );
    assert_eq!(selector.shift.at.expect("@").time, AtTime::End);
}

#[test]
fn operators_bind_as_in_prometheus() {
    let shape = |text: &str| {
        let parsed = ok(text);
        let mut out = vec![String::new(); parsed.ast.exprs().len()];
        for (id, expr) in parsed.ast.exprs() {
            out[id.index()] = match &expr.kind {
                ExprKind::Binary(b) => {
                    format!(
                        "({}{}{})",
                        out[b.lhs.index()],
                        b.op.as_str(),
                        out[b.rhs.index()]
                    )
                }
                ExprKind::Unary { expr, .. } => format!("(-{})", out[expr.index()]),
                _ => parsed.slice(expr.span).to_string(),
            };
        }
        out.pop().unwrap_or_default()
    };
    assert_eq!(shape("a+b*c^d^e"), "(a+(b*(c^(d^e))))");
    assert_eq!(shape("-a^b"), "(-(a^b))");
    assert_eq!(shape("a - b - c"), "((a-b)-c)");
    assert_eq!(shape("a or b and c == d"), "(aor(band(c==d)))");
    assert_eq!(shape("a ^ -b * c"), "((a^(-b))*c)");
    assert_eq!(shape("-1"), "-1");
}

#[test]
fn binary_modifiers_are_kept() {
    let parsed = ok("a > bool on (x) group_left (y, z) fill_left (0) fill_right (-1) b");
    let (_, _, binary) = parsed.binaries().next().expect("a binary");
    assert_eq!(binary.op, BinaryOp::Gt);
    assert!(binary.bool_span.is_some());
    let matching = parsed.ast.matching(binary).expect("matching");
    assert!(matching.labels.expect("on").on);
    let group = matching.group.expect("group");
    assert!(group.left);
    assert_eq!(parsed.ast.labels(&group.list.expect("labels")).len(), 2);
    let fills: Vec<_> = matching.fills.iter().map(|f| (f.side, f.value)).collect();
    assert_eq!(fills, [(FillSide::Left, 0.0), (FillSide::Right, -1.0)]);
}

#[test]
fn prometheus_3_is_understood() {
    for text in [
        r#"{"my.metric", "a.b"="c"}"#,
        r#"sum by ("a.b") ({"x.y"})"#,
        "h </ 5",
        "h >/ 0",
        "foo[5m + 1m]",
        "foo[step()]",
        "foo offset -(5)",
        "foo[max_of(step(), 5s)]",
        "rate(m[5m] anchored)",
        "rate(m[5m] smoothed)",
        "anchored{a=\"b\"}",
        "sum by (smoothed) (x)",
        "info(m, {data=~\".*\"})",
        "foo{a=~`\\d+`}",
        "foo{a=`C:\\`}",
        "1_000 + 0x1F + 1e3 + .5 + Inf + NaN + 5m",
        "foo offset 0s",
        "foo[5m # a comment\n]",
        "foo{or =\"a\"}",
        "sum by (a:b) (x)",
        "limitk(1, x)",
        "a + on(b) group_left fill(-23) c",
    ] {
        ok(text);
    }
    let parsed = ok("rate(m[5m] anchored)");
    let (_, _, selector) = parsed.selectors().next().expect("a selector");
    assert_eq!(selector.extended.map(|(e, _)| e), Some(Extended::Anchored));
}

#[test]
fn features_carry_their_flag() {
    let flags = |text: &str| -> Vec<&'static str> {
        ok(text)
            .features
            .iter()
            .filter_map(|f| f.feature.flag())
            .collect()
    };
    assert_eq!(
        flags("mad_over_time(x[5m])"),
        ["promql-experimental-functions"]
    );
    assert_eq!(flags("limitk(1, x)"), ["promql-experimental-functions"]);
    assert_eq!(flags("x[5m+1m]"), ["promql-duration-expr"]);
    assert_eq!(flags("x[5m] anchored"), ["promql-extended-range-selectors"]);
    assert_eq!(flags("a + fill(0) b"), ["promql-binop-fill-modifiers"]);
    let parsed = ok("first_over_time(x[5m])");
    assert!(
        matches!(parsed.features[..], [used] if used.feature.since() == Some((3, 7)) && matches!(used.feature, Feature::Function(_)))
    );
}

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
fn messages_say_what_to_do() {
    says(
        "av_over_time(x[5m])",
        "av_over_time",
        "no function is called",
    );
    assert_eq!(repaired("av_over_time(x[5m])"), "avg_over_time(x[5m])");
    assert_eq!(repaired("RATE(x[5m])"), "rate(x[5m])");
    assert_eq!(
        repaired("holt_winters(x[5m], 0.1, 0.1)"),
        "double_exponential_smoothing(x[5m], 0.1, 0.1)"
    );
    says(
        "rate(http_requests_total)",
        "http_requests_total",
        "needs a range",
    );
    assert_eq!(
        repaired("rate(x{a=\"b\"} offset 5m)"),
        "rate(x{a=\"b\"}[5m] offset 5m)"
    );
    assert_eq!(repaired("sum(x) by le"), "sum(x) by (le)");
    assert_eq!(repaired("x = 5"), "x == 5");
    assert_eq!(repaired("x{a==\"b\"}"), "x{a=\"b\"}");
    assert_eq!(repaired("x{a=b}"), "x{a=\"b\"}");
    assert_eq!(repaired("x{a~\"b\"}"), "x{a=~\"b\"}");
    assert_eq!(repaired("x{a=\"b\" c=\"d\"}"), "x{a=\"b\", c=\"d\"}");
    assert_eq!(repaired("x{a=“b”}"), "x{a=\"b\"}");
    assert_eq!(repaired("x <> 5"), "x != 5");
    assert_eq!(repaired("1 > 2"), "1 > bool 2");
    assert_eq!(repaired("x or 0"), "x or vector(0)");
    assert_eq!(repaired("x\u{a0}+ y"), "x + y");
    assert_eq!(repaired("x offset 5m [1m]"), "x[1m] offset 5m");
    assert_eq!(repaired("sum(x)[5m]"), "sum(x)[5m:]");
    assert_eq!(repaired("rate(x[5M])"), "rate(x[5m])");
    assert_eq!(repaired("rate(x[\"5m\"])"), "rate(x[5m])");
    assert_eq!(repaired("rate(x[5m],)"), "rate(x[5m])");
    assert_eq!(repaired("x{a=~\"\\.b\"}"), "x{a=~\"\\\\.b\"}");
    assert_eq!(repaired("x unles y"), "x unless y");
    says("topk(x)", "topk(x)", "needs a parameter");
    says("sum(x[5m])", "x[5m]", "needs an instant vector");
    says("{}", "{}", "every series");
    says("x{__name__=\"y\"}", "__name__=\"y\"", "twice");
    says("x[1.5h]", "1.5h", "whole numbers");
    says("x[30s5m]", "30s5m", "no duration");
    says("x and on (a) group_left y", "group_left", "no group");
    says("x keep_metric_names", "keep_metric_names", "unexpected");
    assert!(
        first("x keep_metric_names")
            .help
            .is_some_and(|h| h.contains("MetricsQL"))
    );
    says("", "", "empty");
}

#[test]
fn unbalanced_brackets_point_at_the_opening_one() {
    let error = says("sum(rate(x[5m])", "(", "never closed");
    assert_eq!(error.span.start, 3);
    assert_eq!(error.related[0].0, Span::new(15, 15));
    let error = says("x{a=\"b\"", "{", "never closed");
    assert_eq!(error.span.start, 1);
    says("x[", "[", "never closed");
    says("(x))", ")", "no `(` is open");
    says("x]", "]", "no `[` is open");
    says("x{a=\"b\"}}", "}", "no `{` is open");
    says("x{a=\"b}", "\"b}", "no closing");
}

#[test]
fn independent_errors_are_reported_together() {
    let parsed = parse("rate(x{a=b, c==\"d\"}) + av_over_time(y[5m])");
    let kinds: Vec<_> = parsed.errors.iter().map(|e| e.kind).collect();
    assert_eq!(
        kinds,
        [
            ErrorKind::Syntax,
            ErrorKind::Syntax,
            ErrorKind::UnknownFunction,
            ErrorKind::Type
        ]
    );
}

#[test]
fn strings_map_back_to_the_query() {
    let text = r#"x{a=~"\"é\\d[z-a]"}"#;
    let parsed = ok(text);
    let (_, matcher) = parsed.matchers().next().expect("a matcher");
    assert_eq!(parsed.string(&matcher.value), "\"é\\d[z-a]");
    let errors = check_regexes(&parsed);
    assert_eq!(errors.len(), 1);
    assert_eq!(&text[errors[0].span.range()], "z-a");
    let text = r#"x{a=~"\u0028"}"#;
    let errors = check_regexes(&ok(text));
    assert_eq!(&text[errors[0].span.range()], "\\u0028");
}

#[test]
fn regexes_are_checked_in_the_dialect_of_re2() {
    for pattern in [
        "a{,2}",
        "\\Qa(b\\E",
        "\\07",
        "[[]",
        "[a[b]",
        "[\\d-z]",
        "{{x}}",
        "(?P<a>x)(?P<a>y)",
        "(\\p{L}{1,50}){1,20}",
        "(?i)a",
        "[]a]",
        "a{",
        "^*",
        "(?U)a+",
        "\\z",
        "\\-",
        "[[:^alpha:]]",
        "(?i:a)",
        "",
        "a|",
        "(?s-i:a)",
        "[^\\n]+?",
    ] {
        assert_eq!(regex_check(pattern), Ok(()), "{pattern}");
    }
    for (pattern, at) in [
        ("(?x)a", "(?x"),
        ("(?u)a", "(?u"),
        ("a**", "**"),
        ("a{2}{3}", "{2}{3}"),
        ("a{1001}", "{1001}"),
        ("(a{100}){100}", "{100}"),
        ("\\u0041", "\\u"),
        ("[a--b]", "a--"),
        ("[[:foo:]]", "[:foo:]"),
        ("a)b", ")"),
        ("(a", "("),
        ("[a", "["),
        ("*a", "*"),
        ("a|*", "*"),
        ("(?=a)", "(?="),
        ("\\1", "\\1"),
        ("a\\", "\\"),
        ("\\p{Foo}", "\\p{Foo}"),
        ("[z-a]", "z-a"),
        ("(?<n", "(?<"),
        ("\\x{110000}", "\\x{110000}"),
    ] {
        let error = regex_check(pattern).expect_err(pattern);
        assert_eq!(&pattern[error.span.range()], at, "{pattern}");
    }
    // Variables are harmless, whatever they stand for.
    for text in [
        "x{a=~\"$a\"}",
        "x{a=~\"(${a:pipe})\"}",
        "x{a=~\"[z-$a]\"}",
        "x{a=~\".*{$n}\"}",
        "x{a=~\"\\\\$a\"}",
        "x{a=~\"[[a]]*\"}",
    ] {
        assert_eq!(check_regexes(&ok(text)), [], "{text}");
    }
    let text = "x{a=~\"($a\"}";
    assert_eq!(
        check_regexes(&ok(text)).len(),
        0,
        "next to a variable the benefit of the doubt"
    );
    let text = "x{a=~\"(foo|$a\"}";
    assert_eq!(check_regexes(&ok(text)).len(), 1);
    let text = "label_replace(x, \"a\", \"$1\", \"b\", \"(.*\")";
    let errors = check_regexes(&ok(text));
    assert_eq!(&text[errors[0].span.range()], "(");
}

#[test]
fn output_labels_follow_the_outermost_aggregation() {
    let labels = |text: &str| -> Option<Vec<String>> {
        let parsed = ok(text);
        match parsed.output_labels(parsed.root.expect("a root")) {
            OutputLabels::Exact(names) => Some(names.iter().map(ToString::to_string).collect()),
            _ => None,
        }
    };
    let exact = |names: &[&str]| Some(names.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(labels("sum by (a, b) (x)"), exact(&["a", "b"]));
    assert_eq!(labels("100 * (sum(rate(x[5m])) by (a))"), exact(&["a"]));
    assert_eq!(
        labels("histogram_quantile(0.9, sum by (le, a) (rate(x[5m])))"),
        exact(&["a"])
    );
    assert_eq!(labels("round(sum(x))"), exact(&[]));
    assert_eq!(labels("time() - 5"), exact(&[]));
    assert_eq!(labels("x"), None);
    assert_eq!(labels("topk(5, sum by (a) (x))"), None);
    assert_eq!(labels("sum by ($a) (x)"), None);
    assert_eq!(
        labels("label_replace(sum by (a) (x), \"b\", \"c\", \"\", \"\")"),
        None
    );
}

#[test]
fn parents_and_descendants() {
    let parsed = ok("sum(rate(a[5m]) / b)");
    let parents = parsed.ast.parents();
    let (id, _, _) = parsed.selectors().next().expect("a selector");
    let kinds: Vec<_> = parents
        .ancestors(id)
        .map(|id| parsed.slice(parsed.ast.expr(id).span))
        .collect();
    assert_eq!(
        kinds,
        ["rate(a[5m])", "rate(a[5m]) / b", "sum(rate(a[5m]) / b)"]
    );
    let all = parsed.ast.descendants(parsed.root.expect("a root"));
    assert_eq!(all.len(), parsed.ast.exprs().len());
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

#[test]
fn a_range_behind_the_function_is_one_mistake() {
    let text = "sum(increase(x{a=\"b\"})[$__interval])";
    assert_eq!(parse(text).errors.len(), 1);
    says(text, "[$__interval]", "belongs inside");
    let mended = repaired(text);
    assert_eq!(mended, "sum(increase(x{a=\"b\"}[$__interval]))");
    ok(&mended);
    // Without a function that wants a range it may be meant as a subquery.
    assert_eq!(repaired("sum(x)[5m]"), "sum(x)[5m:]");
}
