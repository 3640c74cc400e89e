//! Variables of several values where one is compared.

use super::expression::{expression, is_repeated};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Query, Variable};
use crate::promql::ast::MatchOp;
use crate::promql::{Matcher, Parsed};
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "multi-value-with-equals",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "variable of several values compared with `=` or `!=`",
    since: "0.1.0",
    fix: Some(Safety::Safe),
    options: &[],
    page: include_str!("../../../rules/variables/multi-value-with-equals.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    let Some(dashboard) = cx.dashboard() else {
        return;
    };
    if !query.text().contains(['$', '[']) {
        return;
    }
    let Some(parsed) = expression(query) else {
        return;
    };
    for (_, _, selector) in parsed.selectors() {
        for matcher in parsed.ast.matchers(selector) {
            if !matches!(matcher.op, MatchOp::Equal | MatchOp::NotEqual) {
                continue;
            }
            let several = parsed
                .holes_of(matcher.value.holes)
                .iter()
                .find_map(|hole| {
                    let variable = dashboard.variable(parsed.hole_name(hole))?;
                    // A format says that its author knows what is put in.
                    let plain = hole.format.is_none() && hole.field.is_none();
                    (plain && (variable.is_multi() || variable.has_all())).then_some(variable)
                });
            if let Some(variable) = several {
                report(query, &parsed, matcher, variable, cx);
            }
        }
    }
}

/// Grafana's Prometheus data source writes several values as `(a|b)` and escapes each for a regular expression, even
/// a single one, as soon as the variable is multi or includeAll (@grafana/prometheus 13.2.3, interpolateQueryExpr).
fn report<'t>(
    query: &Query<'t>,
    parsed: &Parsed,
    matcher: &Matcher,
    variable: &Variable<'t>,
    cx: &mut Context<'_, 't>,
) {
    let name = variable.name();
    let (op, better) = match matcher.op {
        MatchOp::Equal => ("=", "=~"),
        _ => ("!=", "!~"),
    };
    let label = parsed.label(&matcher.label).into_owned();
    let repeated = cx
        .dashboard()
        .is_some_and(|dashboard| is_repeated(dashboard, query, &name));
    let why = match (variable.is_multi(), variable.has_all()) {
        (true, _) => "takes several values",
        _ => "can be All",
    };
    let whole = parsed.slice(matcher.value.inner()).trim();
    let alone = parsed.holes_of(matcher.value.holes).len() == 1
        && parsed
            .holes_of(matcher.value.holes)
            .iter()
            .all(|hole| parsed.slice(hole.span) == whole);
    let message = if repeated {
        format!(
            "`{name}` {why}: `{label}{op}` fails for a value with a dot or bracket, which Grafana escapes"
        )
    } else if op == "=" {
        format!(
            "`{name}` {why}, and then `{label}=` compares with the text \"(a|b)\" and finds nothing"
        )
    } else {
        format!(
            "`{name}` {why}, and then `{label}!=` compares with the text \"(a|b)\" and leaves nothing out"
        )
    };
    let mut finding = cx
        .report(Place::query(query, matcher.span), message)
        .label(format!("write `{better}`"))
        .help(format!(
            "Grafana writes the values as a regular expression: match them with `{better}`"
        ));
    if repeated {
        // Each copy of the panel sees one value.
        finding = finding.lower(Severity::Info);
    }
    // With `!=` the old text showed all there is; with `!~` some of it goes.
    let safety = if alone && op == "=" {
        Safety::Safe
    } else {
        Safety::Unsafe
    };
    let edit = query.text_node.encode_str(matcher.op_span, better);
    let _ = finding.fix(
        format!("replace `{op}` by `{better}`"),
        safety,
        edit.map(|edit| vec![edit]),
    );
}
