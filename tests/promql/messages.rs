//! What an error says, where it points and what it suggests.

use super::*;

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
