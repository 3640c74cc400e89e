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

/// How many further places a finding shows.
const MOST_RELATED: usize = 10;

/// The matchers of one variable for which the same is to be said and done.
struct Matchers<'d, 't> {
    variable: &'d Variable<'t>,
    equal: bool,
    repeated: bool,
    safety: Safety,
    label: String,
    places: Vec<(&'d Query<'t>, Span, Span)>,
}

/// Grafana's Prometheus data source writes several values as `(a|b)` and escapes each for a regular expression, even
/// a single one, as soon as the variable is multi or includeAll (@grafana/prometheus 13.2.3, interpolateQueryExpr).
fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let mut groups: Vec<Matchers<'_, 't>> = Vec::new();
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
        let repeated = is_repeated(dashboard, query, &variable.name());
        let safety = safety(equal, found);
        let place = (query, found.matcher.span, found.matcher.op_span);
        let same = groups.iter_mut().find(|group| {
            group.variable.node == variable.node
                && (group.equal, group.repeated, group.safety) == (equal, repeated, safety)
        });
        match same {
            // The variable may stand in one value twice.
            Some(group)
                if group.places.last().is_some_and(|last| {
                    last.1 == place.1 && last.0.text_node == query.text_node
                }) => {}
            Some(group) => group.places.push(place),
            None => groups.push(Matchers {
                variable,
                equal,
                repeated,
                safety,
                label: found.label().into_owned(),
                places: vec![place],
            }),
        }
    });
    for group in groups {
        report(&group, cx);
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

fn report<'t>(group: &Matchers<'_, 't>, cx: &mut Context<'_, 't>) {
    let Some(((query, span, _), others)) = group.places.split_first() else {
        return;
    };
    let (op, better) = if group.equal {
        ("=", "=~")
    } else {
        ("!=", "!~")
    };
    let steps = Context::query_steps(cx.scope, query);
    let edits = group
        .places
        .iter()
        .map(|(query, _, op)| query.text_node.encode_str(*op, better))
        .collect();
    let mut finding = cx
        .report(Place::query(query, *span), message(group, op))
        .at(steps)
        .label(format!("write `{better}`"))
        .help(format!(
            "Grafana writes the values as a regular expression: match them with `{better}`"
        ));
    for (query, span, _) in others.iter().take(MOST_RELATED) {
        finding = finding.related(Place::query(query, *span), "and here");
    }
    if group.repeated {
        // Each copy of the panel sees one value.
        finding = finding.lower(Severity::Info);
    }
    let _ = finding.fix(format!("replace `{op}` by `{better}`"), group.safety, edits);
}

fn message(group: &Matchers<'_, '_>, op: &str) -> String {
    let (name, label) = (group.variable.name(), &group.label);
    let (why, text) = match (group.variable.is_multi(), group.variable.all_value()) {
        (true, _) => ("takes several values", "(a|b)".into()),
        (false, None) => ("can be All", "(a|b)".into()),
        (false, Some(all)) => ("can be All", all),
    };
    if group.repeated {
        return format!(
            "`{name}` {why}: `{label}{op}` fails for a value with a dot or bracket, which Grafana escapes"
        );
    }
    let what = if group.equal {
        "finds nothing"
    } else {
        "leaves nothing out"
    };
    format!("`{name}` {why}, and then `{label}{op}` compares with the text \"{text}\" and {what}")
}
