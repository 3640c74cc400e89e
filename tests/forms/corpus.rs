//! Real dashboards: what is seen in each against the manifest, and v2 dashboards against their classic twins.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use dashlint::diagnostic::Diagnostic;
use dashlint::model::{Host, Language, Query};
use serde_json::Value;

use crate::dashboards;
use crate::support::convert::classic::classic;
use crate::support::corpus::manifest;
use crate::support::lint_places;
use crate::twins::{OF_THE_FORM, differences, essence, findings};

/// The files of these kinds.
pub(crate) fn files(kinds: &[&str]) -> Option<Vec<PathBuf>> {
    let files = manifest()?.into_iter();
    Some(
        files
            .filter(|file| kinds.contains(&file.kind.as_str()))
            .map(|file| file.path)
            .collect(),
    )
}

#[test]
fn panels_and_targets_are_what_the_manifest_counts() {
    let Some(files) = manifest() else { return };
    let mut agree = 0;
    let mut faults = Vec::new();
    for file in files {
        let kinds = ["dashboard-v1", "dashboard-v2", "dashboard-k8s", "configmap"];
        if !kinds.contains(&file.kind.as_str()) {
            continue;
        }
        let path = file.path.to_string_lossy();
        let Ok(text) = fs::read_to_string(&file.path) else {
            continue;
        };
        let found = dashboards(&path, &text, |dashboard| {
            // The manifest counts a row as a panel where it stands among the panels.
            let rows = dashboard.rows.iter().filter(|row| {
                let list = row.node.parent();
                list.is_some_and(|list| list.key().as_deref() == Some("panels"))
            });
            // Nor does it count the models an export brings along, and targets whose text is empty.
            let panels = dashboard.panels.iter();
            let panels = panels.filter(|panel| !panel.is_exported_model());
            let targets = dashboard.queries.iter().filter(|query: &&Query<'_>| {
                matches!(query.host, Host::Panel(_))
                    && (query.language.is_promql() || query.language == Language::MetricsQl)
                    && !query.text().is_empty()
            });
            (panels.count() + rows.count(), targets.count())
        })
        .into_iter()
        .fold((0, 0), |sum, found| (sum.0 + found.0, sum.1 + found.1));
        if found == (file.panels, file.targets) {
            agree += 1;
            continue;
        }
        faults.push(format!(
            "{path}: {} panels and {} targets, the manifest has {} and {}",
            found.0, found.1, file.panels, file.targets
        ));
    }
    eprintln!("{agree} dashboards agree");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// How often each finding is made, after a change to it.
fn below(name: &str, text: &str, change: impl Fn(&mut Diagnostic)) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for mut finding in lint_places(name, text) {
        if OF_THE_FORM.iter().any(|(rule, _)| finding.rule == *rule) {
            continue;
        }
        change(&mut finding);
        *counted.entry(essence(&finding)).or_default() += 1;
    }
    counted
}

/// The v2 dashboards of pgwatch were made from classic ones, of which the corpus has some. Where those had no rows, the new
/// ones have one around all ("Content"), and all have one more at the end for a text: the trail names rows in one
/// schema and not in the other. One has another title.
#[test]
fn v2_dashboards_of_pgwatch_have_the_findings_of_their_classic_twins() {
    let Some(files) = files(&["dashboard-v2"]) else {
        return;
    };
    let without_rows = |name: &str, text: &str| {
        below(name, text, |finding| {
            finding
                .trail
                .retain(|step| !["dashboard", "row"].contains(&step.kind.as_ref()));
        })
    };
    let mut twins = 0;
    let mut found = 0;
    let mut faults: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files {
        let name = path.to_string_lossy();
        let Ok(classic) = fs::read_to_string(name.replace("/v13/", "/v12/")) else {
            continue;
        };
        if !name.contains("/v13/") {
            continue;
        }
        twins += 1;
        let v2 = fs::read_to_string(&path).unwrap();
        let (classic, v2) = (
            without_rows("a.json", &classic),
            without_rows("a.json", &v2),
        );
        found += v2.values().sum::<usize>();
        let differ = differences(&classic, &v2);
        if !differ.is_empty() {
            faults.insert(name.into_owned(), differ);
        }
    }
    eprintln!("{twins} twins with {found} findings");
    assert!(twins >= 20, "only {twins} twins");
    assert!(faults.is_empty(), "{faults:#?}");
}

/// All of the v2 dashboards of pgwatch, put into the classic schema, which has no rows in rows: of those in v2 the trail
/// names one more.
#[test]
fn v2_dashboards_of_pgwatch_have_the_same_findings_in_the_classic_schema() {
    let Some(files) = files(&["dashboard-v2"]) else {
        return;
    };
    let mut found = 0;
    let mut seen = 0;
    let mut faults: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files {
        let name = path.to_string_lossy();
        if !name.contains("pgwatch") {
            continue;
        }
        seen += 1;
        let text = fs::read_to_string(&path).unwrap();
        let resource: Value = serde_json::from_str(&text).unwrap();
        let v2 = below("a.json", &text, |finding| {
            let mut rows = 0;
            finding.trail.retain(|step| {
                rows += usize::from(step.kind == "row");
                step.kind != "row" || rows == 1
            });
        });
        found += v2.values().sum::<usize>();
        let differ = differences(&findings("a.json", &classic(&resource).to_string()), &v2);
        if !differ.is_empty() {
            faults.insert(name.into_owned(), differ);
        }
    }
    eprintln!("{seen} v2 dashboards with {found} findings");
    assert_eq!(seen, 51);
    assert!(faults.is_empty(), "{faults:#?}");
}
