//! Recording rules whose name says a unit that their expression does not give.

use crate::diagnostic::{Group, Severity};
use crate::model::{Host, Query, RuleKind};
use crate::rules::{Check, Context, Place, Rule, Scope};
use crate::units::explain::words;
use crate::units::metrics::said_by_name;

pub(crate) const RULE: Rule = Rule {
    id: "misleading-record-name",
    group: Group::Units,
    severity: Severity::Info,
    summary: "recording rule whose name ends in a unit that its expression does not give",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/units/misleading-record-name.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    let (Host::Rule(index), Scope::Rules(rules)) = (query.host, cx.scope) else {
        return;
    };
    let Some(rule) = rules.rules.get(index) else {
        return;
    };
    if rule.kind != RuleKind::Record || !query.language.is_promql() || !query.parsed().is_valid() {
        return;
    }
    let (Some(name), Some(node)) = (rule.name(), rule.name_node()) else {
        return;
    };
    let inference = cx.project.units().of(query.parsed());
    if !inference.contradictions.is_empty() {
        return;
    }
    let (Some(said), Some(is)) = (said_by_name(&name), inference.root()) else {
        return;
    };
    let measured = !is.dims.is_none() || is.is_share();
    if !is.is_strong() || !said.is_strong() || !measured {
        return;
    }
    let other_scale = match (said.scale, is.certain_scale()) {
        (Some(a), Some(b)) => (a - b).abs() > 1e-9 * a,
        _ => false,
    };
    if said.dims == is.dims && !other_scale {
        return;
    }
    let _ = cx
        .report(
            Place::value(node),
            format!(
                "the name says {}, the expression gives {}: whoever uses the metric trusts its name",
                words(&said),
                words(&is)
            ),
        )
        .related(Place::value(query.text_node), "the expression")
        .help("name the metric after the unit it has, or convert the value");
}
