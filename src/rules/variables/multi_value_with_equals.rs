//! Variables of several values where one is compared.

use super::expression::{InMatcher, each_in_matcher, is_repeated};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Dashboard, Query, Variable};
use crate::promql::ast::MatchOp;
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "multi-value-with-equals",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "variable of several values compared with `=` or `!=`",
    since: "0.1.0",
    fix: Some(Safety::Safe),
    options: &[],
    page: include_str!("../../../rules/variables/multi-value-with-equals.md"),
    check: Check::Dashboard(check),
};

/// A matcher with a variable, and what is to be said and done of it.
struct Matched<'d, 't> {
    variable: &'d Variable<'t>,
    query: &'d Query<'t>,
    matcher: Span,
    op: Span,
    equal: bool,
    repeated: bool,
    safety: Safety,
    label: String,
}

/// Grafana's Prometheus data source writes several values as `(a|b)` and escapes each for a regular expression, even
/// a single one, as soon as the variable is multi or includeAll (@grafana/prometheus 13.2.3, interpolateQueryExpr).
fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let mut all: Vec<Matched<'_, 't>> = Vec::new();
    each_in_matcher(dashboard, |query, variable, found| {
        let equal = match found.matcher.op {
            MatchOp::Equal => true,
            MatchOp::NotEqual => false,
            _ => return,
        };
        // A format says that its author knows what is put in.
        if !found.is_plain() || !(variable.is_multi() || variable.has_all()) {
            return;
        }
        // The variable may stand in one value twice.
        let again = all.last().is_some_and(|last| {
            last.matcher == found.matcher.span && last.query.text_node == query.text_node
        });
        if again {
            return;
        }
        all.push(Matched {
            variable,
            query,
            matcher: found.matcher.span,
            op: found.matcher.op_span,
            equal,
            repeated: is_repeated(dashboard, query, &variable.name()),
            safety: safety(equal, found),
            label: found.label().into_owned(),
        });
    });
    for matched in all {
        report(&matched, cx);
    }
}

/// With `!=` the old text showed all there is, and with `!~` some of it goes; beside other text it is not certain what is meant.
fn safety(equal: bool, found: &InMatcher<'_>) -> Safety {
    if equal && found.is_whole() {
        Safety::Safe
    } else {
        Safety::Unsafe
    }
}

fn report<'t>(matched: &Matched<'_, 't>, cx: &mut Context<'_, 't>) {
    let (op, better) = if matched.equal {
        ("=", "=~")
    } else {
        ("!=", "!~")
    };
    let query = matched.query;
    let steps = Context::query_steps(cx.scope, query);
    let edit = query.text_node.encode_str(matched.op, better);
    let alike = (
        matched.variable.node.id(),
        matched.equal,
        matched.repeated,
        matched.safety,
    );
    let mut finding = cx
        .report(Place::query(query, matched.matcher), message(matched, op))
        .at(steps)
        .label(format!("write `{better}`"))
        .help(format!(
            "Grafana writes the values as a regular expression: match them with `{better}`"
        ))
        .together_by(&alike, "and here");
    if matched.repeated {
        // Each copy of the panel sees one value.
        finding = finding.lower(Severity::Info);
    }
    let _ = finding.fix(
        format!("replace `{op}` by `{better}`"),
        matched.safety,
        edit.map(|edit| vec![edit]),
    );
}

fn message(matched: &Matched<'_, '_>, op: &str) -> String {
    let (name, label) = (matched.variable.name(), &matched.label);
    let (why, text) = match (matched.variable.is_multi(), matched.variable.all_value()) {
        (true, _) => ("takes several values", "(a|b)".into()),
        (false, None) => ("can be All", "(a|b)".into()),
        (false, Some(all)) => ("can be All", all),
    };
    if matched.repeated {
        return format!(
            "`{name}` {why}: `{label}{op}` fails for a value with a dot or bracket, which Grafana escapes"
        );
    }
    let what = if matched.equal {
        "finds nothing"
    } else {
        "leaves nothing out"
    };
    format!("`{name}` {why}, and then `{label}{op}` compares with the text \"{text}\" and {what}")
}
