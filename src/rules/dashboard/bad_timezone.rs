//! Time zones that there are not.

use super::catalog::{is_time_zone, near_time_zone};
use super::found::is_placeholder;
use crate::diagnostic::{Group, Severity};
use crate::model::Dashboard;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "bad-timezone",
    group: Group::Dashboard,
    severity: Severity::Warning,
    summary: "time zone that does not exist",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/dashboard/bad-timezone.md"),
    check: Check::Dashboard(check),
};

/// Words that mean what Grafana does without a time zone anyway.
const MEANT_NONE: [&str; 2] = ["default", "local"];

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let Some(node) = dashboard.timezone_node() else {
        return;
    };
    let Some(text) = node.as_str() else { return };
    if matches!(text.as_ref(), "" | "browser") || is_placeholder(&text) || is_time_zone(&text) {
        return;
    }
    let finding = cx.report(
        Place::value(node),
        format!("there is no time zone `{text}`: Grafana shows times in that of each viewer"),
    );
    if MEANT_NONE.contains(&text.as_ref()) {
        let _ = finding
            .lower(Severity::Info)
            .help("write an empty text for the viewer's preference, or `browser`");
        return;
    }
    let _ = match near_time_zone(&text) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding
            .help("write `utc`, `browser` or a name of the IANA database, such as `Europe/Berlin`"),
    };
}
