//! Variables of one value where a regular expression is wanted.

use std::borrow::Cow;

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

struct Use<'d, 't> {
    name: Cow<'t, str>,
    query: &'d Query<'t>,
    matcher: Span,
    op: Span,
    written: &'static str,
    better: &'static str,
    label: String,
}

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let mut uses: Vec<Use<'_, 't>> = Vec::new();
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
        uses.push(Use {
            name: variable.name(),
            query,
            matcher: found.matcher.span,
            op: found.matcher.op_span,
            written,
            better,
            label: found.label().into_owned(),
        });
    });
    for used in &uses {
        report(used, cx);
    }
}

fn report<'t>(used: &Use<'_, 't>, cx: &mut Context<'_, 't>) {
    let steps = Context::query_steps(cx.scope, used.query);
    let edit = used.query.text_node.encode_str(used.op, used.better);
    let _ = cx
        .report(
            Place::query(used.query, used.matcher),
            format!(
                "`{}` has one value, which Grafana does not escape: in `{}{}` a dot in it stands for any character",
                used.name, used.label, used.written
            ),
        )
        .at(steps)
        .help(format!(
            "write `{}`, or let several values be chosen",
            used.better
        ))
        .together_by(&used.name, "and here")
        .fix(
            format!("compare with `{}`", used.better),
            Safety::Unsafe,
            edit.map(|edit| vec![edit]),
        );
}
