//! Rules in a file's second document.

use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Place, Rule, Scope};
use crate::source::kind::DocKind;

pub(crate) const RULE: Rule = Rule {
    id: "unread-rule-document",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "rules that Prometheus does not read: only a file's first document counts",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/unread-rule-document.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let (Scope::Rules(rules), Some(document)) = (cx.scope, cx.document) else {
        return;
    };
    // Files of Mimir's and Loki's tools hold a namespace in each document (grafana/cortex-tools pkg/rules/parser.go).
    let namespaced = rules.node.get("namespace").is_some();
    let bare = document.kind == DocKind::PrometheusRules && rules.node.parent().is_none();
    if rules.node.document() == 0 || rules.rules.is_empty() || !bare || namespaced {
        return;
    }
    // model/rulefmt/rulefmt.go 3.14: further documents give a warning in the log. Before that not even one.
    let _ = cx
        .report(
            rules.groups.first().map_or(Place::head(rules.node), |group| Place::head(group.node)),
            "Prometheus reads only the first document of a rule file: these rules are never evaluated",
        )
        .help("put all groups into one document, or into files of their own");
}
