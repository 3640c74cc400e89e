use super::{Flow, RemovedBy, Returns};
use crate::promql::parse;

fn root(query: &str, check: impl Fn(&dyn Fn(&str) -> &'static str, Returns)) {
    let parsed = parse(query);
    assert!(parsed.errors.is_empty(), "{query}: {:?}", parsed.errors);
    let flow = Flow::new(&parsed);
    let id = parsed.root.expect("a root");
    check(
        &|label| match (flow.must(id, label), flow.can(id, label)) {
            (true, true) => "must",
            (false, true) => "may",
            (false, false) => "cannot",
            (true, false) => "contradiction",
        },
        flow.returns(id),
    );
}

/// `query`, a label and what is known of it.
#[test]
fn labels_of_results() {
    for (query, label, want) in [
        ("up", "job", "may"),
        ("up{job=\"a\"}", "job", "must"),
        ("up{job=\"\"}", "job", "cannot"),
        ("up{job!=\"\"}", "job", "must"),
        ("up{job=~\"a|b\"}", "job", "must"),
        ("up{job=~\"a|\"}", "job", "may"),
        ("up{job=~\"a*\"}", "job", "may"),
        ("up{job=\"$job\"}", "job", "may"),
        ("sum(up)", "job", "cannot"),
        ("sum by (job) (up)", "job", "may"),
        ("sum by (job) (up{job=\"a\"})", "job", "must"),
        ("sum by (job) (up)", "other", "cannot"),
        ("sum by ($x) (up)", "job", "may"),
        ("sum without (job) (up)", "job", "cannot"),
        ("sum without (job) (up)", "other", "may"),
        ("topk by (job) (3, up)", "other", "may"),
        ("count_values by (job) (\"version\", x)", "version", "must"),
        ("count_values(\"$v\", x)", "version", "may"),
        ("vector(1)", "job", "cannot"),
        ("absent(up{job=\"a\"})", "job", "must"),
        ("absent(up{job=~\"a\"})", "job", "cannot"),
        ("absent(sum(up{job=\"a\"}))", "job", "cannot"),
        ("a + on (x) b", "y", "cannot"),
        ("a + on (x) b", "x", "may"),
        ("a + on ($x) b", "y", "may"),
        ("a + ignoring (x) b", "x", "cannot"),
        ("a + on (x) group_left (y) b", "y", "may"),
        ("a + on (x) group_left (y) b{y=\"1\"}", "y", "must"),
        ("a + on (x) group_left (y) sum by (x) (b)", "y", "cannot"),
        ("a + on (x) group_left () sum by (x) (b)", "z", "may"),
        ("sum by (x) (a) * on (x) group_right () b", "z", "may"),
        ("a and on (x) b{x=\"1\"}", "x", "must"),
        ("a and on (x) sum(b)", "y", "may"),
        ("a unless on (x) b{x=\"1\"}", "x", "may"),
        ("sum(a) or b", "x", "may"),
        ("sum(a) or sum(b)", "x", "cannot"),
        ("sum(a) * b", "x", "cannot"),
        ("2 * sum by (x) (a)", "x", "may"),
        ("$a * sum(a)", "x", "may"),
        (
            "label_replace(sum(a), \"x\", \"v\", \"\", \"\")",
            "x",
            "may",
        ),
        (
            "label_replace(sum(a), \"x\", \"v\", \"y\", \".*\")",
            "x",
            "must",
        ),
        (
            "label_replace(a, \"x\", \"\", \"y\", \".*\")",
            "x",
            "cannot",
        ),
        (
            "label_replace(sum(a), \"$x\", \"v\", \"y\", \".*\")",
            "z",
            "may",
        ),
        (
            "label_join(a{y=\"1\"}, \"x\", \"-\", \"y\", \"z\")",
            "x",
            "must",
        ),
        ("histogram_quantile(0.9, a{le!=\"\"})", "le", "cannot"),
        ("rate(a{x=\"1\"}[5m])", "x", "must"),
        ("max_over_time(sum by (x) (a)[5m:1m])", "y", "cannot"),
        ("hour()", "x", "cannot"),
        ("info(sum(a))", "version", "may"),
        ("sum by (__name__) (a)", "__name__", "may"),
        ("sum(a) + on (x) fill (0) b", "x", "may"),
    ] {
        root(query, |of, _| {
            assert_eq!(of(label), want, "{label} of {query}")
        });
    }
}

#[test]
fn whether_there_is_a_result() {
    use Returns::{Always, Never, Sometimes};
    for (query, want) in [
        ("1", Always),
        ("up", Sometimes),
        ("vector(1)", Always),
        ("vector(1) > 0", Always),
        ("vector(1) > 2", Never),
        ("vector(1) > bool 2", Always),
        ("vector($x) > 2", Sometimes),
        ("up or vector(0)", Always),
        ("up > 1 or vector(0) > 1", Sometimes),
        ("up unless vector(0)", Sometimes),
        ("up unless on () vector(0)", Never),
        ("sum(up) unless vector(0)", Never),
        ("sum(up) unless on ($x) vector(0)", Never),
        ("vector(1) unless up", Sometimes),
        ("up{job=\"a\"} * sum(up)", Never),
        ("up{job=\"a\"} * on () sum(up)", Sometimes),
        ("up{job=\"a\"} * on ($x) sum(up)", Sometimes),
        ("up{job=\"a\"} and sum(up)", Never),
        ("up{job=\"a\", job=\"\"}", Never),
        ("absent(vector(1))", Never),
        ("sum(vector(1)) + vector(2)", Always),
        ("vector(1) + vector(2) > 2", Always),
        ("vector(1) + vector(2) > 3", Never),
        ("time() - 5", Always),
        ("$a", Sometimes),
    ] {
        root(query, |_, returns| assert_eq!(returns, want, "{query}"));
    }
}

#[test]
fn the_place_where_a_label_got_lost() {
    for (query, label, place, by) in [
        (
            "rate(sum by (b) (a)[5m:])",
            "x",
            "by (b)",
            RemovedBy::Aggregation,
        ),
        ("(sum(a))", "x", "sum", RemovedBy::Aggregation),
        (
            "sum by (x) (sum without (x) (a))",
            "x",
            "without (x)",
            RemovedBy::Aggregation,
        ),
        ("-(a / on (b) c)", "x", "on (b)", RemovedBy::Matching),
        ("a{x=\"\"} * 2", "x", "x=\"\"", RemovedBy::Matcher),
        ("a * sum(b)", "x", "sum", RemovedBy::Aggregation),
        ("vector(1)", "x", "vector", RemovedBy::Function),
        ("absent(a{y=\"1\"})", "x", "absent", RemovedBy::Function),
    ] {
        let parsed = parse(query);
        let flow = Flow::new(&parsed);
        let found = flow.why_not(&parsed, parsed.root.expect("a root"), label);
        let found = found.map(|removal| (parsed.slice(removal.span), removal.by));
        assert_eq!(found, Some((place, by)), "{label} of {query}");
    }
}

/// More names than are told apart: the answers become vague, never wrong.
#[test]
fn many_names() {
    let list: Vec<String> = (0..100).map(|at| format!("l{at}")).collect();
    let query = format!("sum by ({}) (a)", list.join(", "));
    root(&query, |of, _| {
        for name in &list {
            assert_eq!(of(name), "may");
        }
    });
}
