//! Groups with more rules than their ruler takes.

use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, OptionDefault, OptionSpec, OptionValue, Place, Rule, Scope};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "too-many-rules",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "group with more rules than its ruler takes",
    since: "0.1.0",
    fix: None,
    options: &[
        OptionSpec {
            name: "max-rules",
            default: OptionDefault::Int(0),
            doc: "The most rules a group may have. 0: any number, but 20 in files for Mimir.",
        },
        OptionSpec {
            name: "max-groups",
            default: OptionDefault::Int(0),
            doc: "The most groups a file may have. 0: any number.",
        },
    ],
    page: include_str!("../../../rules/alerting/too-many-rules.md"),
    check: Check::Document(check),
};

/// `ruler_max_rules_per_rule_group`: Grafana Mimir 2.16, configuration parameters, limits.
const MIMIRS: usize = 20;

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Rules(rules) = cx.scope else {
        return;
    };
    let limit = |cx: &Context<'_, '_>, name: &str| match cx.option(name) {
        OptionValue::Int(most) => usize::try_from(most).unwrap_or(0),
        _ => 0,
    };
    let most_groups = limit(cx, "max-groups");
    if most_groups > 0
        && let Some(group) = rules.groups.get(most_groups)
    {
        let count = rules.groups.len();
        let message = format!("the file has {count} groups, and {most_groups} are the limit here");
        let _ = cx
            .report(Place::head(group.node), message)
            .help("put some of them into a file of their own");
    }
    let mimir = rules.node.get("namespace").is_some();
    let most = match limit(cx, "max-rules") {
        0 if mimir => MIMIRS,
        most => most,
    };
    if most == 0 {
        return;
    }
    for group in &rules.groups {
        let count = group
            .node
            .get("rules")
            .into_iter()
            .flat_map(NodeRef::items)
            .count();
        if count <= most {
            continue;
        }
        let message =
            format!("the group has {count} rules: a ruler whose limit is {most} refuses it");
        let mut finding = cx
            .report(Place::head(group.node), message)
            .help("make several groups of it, or raise the limit (`max-rules` here)");
        if mimir {
            // The limit is a tenant's, and this one is only the default.
            finding = finding.lower(Severity::Info);
        }
        drop(finding);
    }
}
