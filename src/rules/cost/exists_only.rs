//! Selectors that only ask for a label to be there.

use super::repeated::{self, Hit};
use crate::diagnostic::{Group, Severity};
use crate::model::{Host, Query};
use crate::promql::ast::MatchOp;
use crate::promql::{Matcher, Parsed};
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "exists-only",
    group: Group::Cost,
    severity: Severity::Info,
    summary: "selector that only asks for a label to be there",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/cost/exists-only.md"),
    check: Check::Document(check),
};

/// Labels that tell the series of containers from those of the cgroups around them, which cAdvisor exports under the same
/// names (google/cadvisor, docs/storage/prometheus.md), so that asking for them is a choice.
const TELLING: &[&str] = &[
    "container",
    "container_name",
    "id",
    "image",
    "name",
    "pod",
    "pod_name",
];

fn check(cx: &mut Context<'_, '_>) {
    let mut hits = Vec::new();
    for query in cx.queries() {
        let panel = matches!(query.host, Host::Panel(_));
        if panel && query.language.is_promql() && query.text().contains(['!', '~']) {
            find(query, &mut hits);
        }
    }
    let help = "choose by a label that says which series are meant, such as `job`";
    repeated::report(&hits, help, "here too", cx);
}

fn find<'q, 't>(query: &'q Query<'t>, hits: &mut Vec<Hit<'q, 't>>) {
    let parsed = query.parsed();
    if !parsed.errors.is_empty() {
        return;
    }
    for (_, _, selector) in parsed.selectors() {
        let [matcher] = parsed.ast.matchers(selector) else {
            continue;
        };
        // A selector without a name is `no-metric-name`'s.
        let Some((metric, _)) = parsed.metric_name(selector).filter(|_| !selector.open) else {
            continue;
        };
        let label = parsed.label(&matcher.label);
        // Metrics like `kube_pod_info` have few series, and are there to be joined.
        let information = metric.ends_with("_info");
        if information || !asks_for_being(parsed, matcher) || TELLING.contains(&label.as_ref()) {
            continue;
        }
        hits.push(Hit {
            query,
            span: matcher.span,
            message: format!(
                "`{}` is all that chooses: the query reads every series of `{metric}` that has the label, of every job",
                parsed.slice(matcher.span)
            ),
        });
    }
}

/// `x!=""` and `x=~".+"`.
fn asks_for_being(parsed: &Parsed, matcher: &Matcher) -> bool {
    !matcher.metric_name
        && match matcher.op {
            MatchOp::NotEqual => matcher.value.inner().is_empty(),
            MatchOp::Regex => parsed.string(&matcher.value) == ".+",
            _ => false,
        }
}
