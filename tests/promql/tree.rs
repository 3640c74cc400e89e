//! The tree, its places, and what is asked of it.

use super::*;

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
    assert_eq!(flags("x[5m+1m]"), [""; 0]);
    assert_eq!(flags("x[5m] anchored"), ["promql-extended-range-selectors"]);
    assert_eq!(flags("a + fill(0) b"), ["promql-binop-fill-modifiers"]);
    let parsed = ok("first_over_time(x[5m])");
    assert!(
        matches!(parsed.features[..], [used] if used.feature.availability().since == Some((3, 7)) && matches!(used.feature, Feature::Function(_)))
    );
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
