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
    let configured = cx
        .settings
        .prometheus
        .map(|version| (version.major, version.minor));
    for FeatureUse { span, feature } in &parsed.features {
        let availability = feature.availability();
        let too_new = availability
            .since
            .map(|(major, minor)| (u32::from(major), u32::from(minor)))
            .zip(configured)
            .filter(|(since, configured)| configured < since);
        let flag = availability.flag_in(configured);
        if too_new.is_none() && flag.is_none() {
            continue;
        }
        let shown = query.text().get(span.range()).unwrap_or("").to_owned();
        if let Some((since, configured)) = too_new {
            let _ = cx
                .report(
                    Place::query(query, *span),
                    format!(
                        "`{shown}` came with Prometheus {}.{}, and the configuration says {}.{}: it refuses the query",
                        since.0, since.1, configured.0, configured.1
                    ),
                )
                .help("write it without, or raise `prometheus` in dashlint.toml");
        } else if let Some(flag) = flag {
            let _ = cx
                .report(
                    Place::query(query, *span),
                    format!("Prometheus refuses `{shown}` unless it is started with --enable-feature={flag}"),
                )
                .help("where the server has the flag, switch this rule off for these files");
        }
    }
}
