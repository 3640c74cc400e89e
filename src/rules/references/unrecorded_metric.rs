//! Metrics that look recorded and are not.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Group, Severity};
use crate::rules::promql::found::{Found, check_queries};
use crate::rules::{Check, Context, Rule};
use crate::spelling::nearest;

pub(crate) const RULE: Rule = Rule {
    id: "unrecorded-metric",
    group: Group::References,
    severity: Severity::Warning,
    summary: "metric that looks like a recording rule of the project and is none",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/references/unrecorded-metric.md"),
    check: Check::Document(check),
};

/// How many recorded metrics a name is compared with.
const MOST_COMPARED: usize = 1_000;

fn check(cx: &mut Context<'_, '_>) {
    if !cx.project.has_recordings() {
        return;
    }
    // A dashboard asks for the same few metrics again and again.
    let meant: RefCell<FxHashMap<String, Option<String>>> = RefCell::default();
    check_queries(cx, |cx, query, parsed, found| {
        for (_, _, selector) in parsed.selectors() {
            let Some((name, span)) = parsed.metric_name(selector) else {
                continue;
            };
            let Some((level, _)) = name.split_once(':') else {
                continue;
            };
            if cx.project.records(&name) || cx.settings.inventory.has(&name) {
                continue;
            }
            let known = cx.project.recorded_at(level);
            if known.is_empty() {
                continue;
            }
            let near = meant
                .borrow_mut()
                .entry(name.clone().into_owned())
                .or_insert_with(|| {
                    let names = known.iter().take(MOST_COMPARED).map(String::as_str);
                    nearest(&name, names).map(str::to_owned)
                })
                .clone();
            let message = format!(
                "no rule of the project records `{name}`: unless one elsewhere does, there is nothing to see"
            );
            let help = match &near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "record it, or ask the metric it was made of".to_owned(),
            };
            let one = Found::new(query, span, message, help);
            found.push(match near {
                Some(_) => one,
                None => one.lower(Severity::Info),
            });
        }
    });
}
