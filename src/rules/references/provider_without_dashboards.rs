//! Providers whose path leads to a folder without dashboards.

use std::env;

use crate::diagnostic::{Group, Severity};
use crate::model::providers;
use crate::rules::{Check, Context, Place, Rule};
use crate::source::kind::DocKind;
use crate::source::walk::display_path;

pub(crate) const RULE: Rule = Rule {
    id: "provider-without-dashboards",
    group: Group::References,
    severity: Severity::Info,
    summary: "provider whose path leads to a folder without dashboards",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/references/provider-without-dashboards.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    let Some(info) = cx
        .document
        .filter(|info| info.kind == DocKind::DashboardProviders)
    else {
        return;
    };
    let Some(root) = cx.file.root(info) else {
        return;
    };
    for provider in providers(root) {
        let (Some(node), Some(path)) = (provider.path_node(), provider.path()) else {
            continue;
        };
        let Some(known) = cx.reach.provider(&path).filter(|known| !known.dashboards) else {
            continue;
        };
        let Some(folder) = known.folders.first() else {
            continue;
        };
        let here = env::current_dir().unwrap_or_default();
        let _ = cx
            .report(
                Place::value(node),
                format!("this path is `{}` of the project, where no dashboard lies: unless something else puts some there, Grafana shows none", display_path(folder, &here)),
            )
            .help("let the path, or the mount that leads there, name the folder of the dashboards");
    }
}
