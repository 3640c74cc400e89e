//! Labels taken over that are there already.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "useless-group-left",
    group: Group::Promql,
    severity: Severity::Info,
    summary: "group_left takes over a label that both sides share",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/useless-group-left.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |_, query, parsed, found| {
        for (_, _, binary) in parsed.binaries() {
            let Some(matching) = parsed.ast.matching(binary) else {
                continue;
            };
            let Some((group, list)) = matching.group.and_then(|g| Some((g, g.list?))) else {
                continue;
            };
            let by = matching.labels.filter(|labels| !labels.on);
            let ignored = by.map_or(&[][..], |labels| parsed.ast.labels(&labels.list));
            if matching.labels.is_some_and(|labels| labels.on)
                || ignored.iter().any(|label| !label.holes.is_empty())
            {
                continue;
            }
            let shared: Vec<_> = parsed
                .ast
                .labels(&list)
                .iter()
                .filter(|label| label.holes.is_empty() && parsed.label(label) != "__name__")
                .filter(|label| {
                    let name = parsed.label(label);
                    !ignored.iter().any(|other| parsed.label(other) == name)
                })
                .collect();
            let (Some(first), Some(last)) = (shared.first(), shared.last()) else {
                continue;
            };
            let names: Vec<_> = shared
                .iter()
                .map(|label| format!("`{}`", parsed.label(label)))
                .collect();
            let names = names.join(", ");
            let keyword = if group.left {
                "group_left"
            } else {
                "group_right"
            };
            found.push(Found::new(
                query,
                first.span.cover(last.span),
                format!("`{keyword}` takes over {names}, by which the sides are matched: the same stands on both"),
                format!("delete {names} from the list; or put into `ignoring (…)` what differs between the sides"),
            ));
        }
    });
}
