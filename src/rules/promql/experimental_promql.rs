//! Features that not every Prometheus has.

use crate::diagnostic::{Group, Severity};
use crate::model::Query;
use crate::promql::FeatureUse;
use crate::rules::{Check, Context, Place, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "experimental-promql",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "PromQL that Prometheus refuses without a feature flag, or in the configured version",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/experimental-promql.md"),
    check: Check::Query(check),
};

fn check<'t>(query: &Query<'t>, cx: &mut Context<'_, 't>) {
    if !query.language.is_promql() {
        return;
    }
    let parsed = query.parsed();
    if parsed.features.is_empty() || !parsed.errors.is_empty() {
        return;
    }
    let configured = cx.settings.prometheus;
    for FeatureUse { span, feature } in &parsed.features {
        let shown = query.text().get(span.range()).unwrap_or("").to_owned();
        let too_new = feature
            .since()
            .zip(configured)
            .filter(|((major, minor), version)| {
                (version.major, version.minor) < (u32::from(*major), u32::from(*minor))
            });
        if let Some(((major, minor), version)) = too_new {
            let _ = cx
                .report(
                    Place::query(query, *span),
                    format!("`{shown}` came with Prometheus {major}.{minor}; the configuration says {}.{}", version.major, version.minor),
                )
                .help("write it without, or raise `prometheus` in dashlint.toml");
        } else if let Some(flag) = feature.flag() {
            let _ = cx
                .report(
                    Place::query(query, *span),
                    format!("Prometheus refuses `{shown}` unless it is started with --enable-feature={flag}"),
                )
                .help("where the server has the flag, switch this rule off for these files");
        }
    }
}
