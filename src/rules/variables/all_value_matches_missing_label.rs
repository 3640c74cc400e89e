//! All as `.*`, which series without the label match too.

use rustc_hash::FxHashSet;

use super::expression::each_in_matcher;
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Dashboard, VariableKind};
use crate::promql::ast::MatchOp;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "all-value-matches-missing-label",
    group: Group::Variables,
    severity: Severity::Info,
    summary: "`allValue` of `.*`, which takes in series without the label",
    since: "0.1.0",
    fix: Some(Safety::Display),
    options: &[],
    page: include_str!("../../../rules/variables/all-value-matches-missing-label.md"),
    check: Check::Dashboard(check),
};

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    let mut found = Vec::new();
    each_in_matcher(dashboard, |query, variable, used| {
        // The values of a custom variable need not be a label's.
        let matches_all = variable.kind == VariableKind::Query
            && variable.has_all()
            && variable.all_value().as_deref() == Some(".*");
        if matches_all
            && used.matcher.op == MatchOp::Regex
            && used.is_whole()
            && used.is_plain()
            && seen.insert(variable.node.id())
        {
            let label = used.label().into_owned();
            found.push((variable, query, used.matcher.span, label));
        }
    });
    for (variable, query, matcher, label) in found {
        let Some(node) = variable.node.get("allValue") else {
            continue;
        };
        let text = node.text().map_or(0, |text| text.value.len());
        let edit = node.encode_str(crate::span::Span::new(0, text), ".+");
        let _ = cx
            .report(
                Place::value(node),
                format!(
                    "All of `{}` takes in series without the label `{label}` too, which none of its values shows",
                    variable.name()
                ),
            )
            .at(Context::variable_steps(variable))
            .related(Place::query(query, matcher), "it is put in here")
            .help("write `.+`, unless series without the label are meant")
            .fix("write `.+`", Safety::Display, edit.map(|edit| vec![edit]));
    }
}
