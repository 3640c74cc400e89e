//! Variables of one value where a regular expression is wanted.

use super::expression::each_in_matcher;
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Dashboard, Query, VariableKind};
use crate::promql::ast::MatchOp;
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "single-value-with-regex",
    group: Group::Variables,
    severity: Severity::Info,
    summary: "variable of one value matched with `=~` or `!~`, which Grafana does not escape",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/variables/single-value-with-regex.md"),
    check: Check::Dashboard(check),
};

/// How many further places a finding shows.
const MOST_RELATED: usize = 10;

struct Use<'d, 't> {
    query: &'d Query<'t>,
    matcher: Span,
    op: Span,
    written: &'static str,
    better: &'static str,
    label: String,
}

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let mut uses: Vec<(String, Vec<Use<'_, 't>>)> = Vec::new();
    each_in_matcher(dashboard, |query, variable, found| {
        // The author of any other kind writes its values, and may mean a pattern.
        let single =
            variable.kind == VariableKind::Query && !variable.is_multi() && !variable.has_all();
        if !single || !found.is_whole() || !found.is_plain() {
            return;
        }
        let (written, better) = match found.matcher.op {
            MatchOp::Regex => ("=~", "="),
            MatchOp::NotRegex => ("!~", "!="),
            _ => return,
        };
        let name = variable.name();
        let used = Use {
            query,
            matcher: found.matcher.span,
            op: found.matcher.op_span,
            written,
            better,
            label: found.label().into_owned(),
        };
        match uses.iter_mut().find(|(known, _)| *known == name) {
            Some((_, list)) => list.push(used),
            None => uses.push((name.into_owned(), vec![used])),
        }
    });
    for (name, list) in uses {
        report(&name, &list, cx);
    }
}

fn report<'t>(name: &str, uses: &[Use<'_, 't>], cx: &mut Context<'_, 't>) {
    let Some(first) = uses.first() else { return };
    let steps = Context::query_steps(cx.scope, first.query);
    let edits = uses
        .iter()
        .map(|used| used.query.text_node.encode_str(used.op, used.better))
        .collect();
    let mut finding = cx
        .report(
            Place::query(first.query, first.matcher),
            format!(
                "`{name}` has one value, which Grafana does not escape: in `{}{}` a dot in it stands for any character",
                first.label, first.written
            ),
        )
        .at(steps)
        .help(format!(
            "write `{}`, or let several values be chosen",
            first.better
        ));
    for other in uses.iter().skip(1).take(MOST_RELATED) {
        finding = finding.related(Place::query(other.query, other.matcher), "and here");
    }
    let _ = finding.fix(
        format!("compare with `{}`", first.better),
        Safety::Unsafe,
        edits,
    );
}
