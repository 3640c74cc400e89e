//! The same dashboard in every form has the same findings.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dashlint::diagnostic::Diagnostic;
use rayon::prelude::*;
use serde_json::Value;

use crate::support::convert::{Target, convert};
use crate::support::{lint_named, lint_places};

/// A finding without its place: rule, trail and message.
pub(crate) fn essence(finding: &Diagnostic) -> String {
    let trail: Vec<String> = finding
        .trail
        .iter()
        .map(|step| {
            let id = step.id.map(|id| format!(" ({id})")).unwrap_or_default();
            format!("{} {:?}{id}", step.kind, step.name)
        })
        .collect();
    format!(
        "{}: {}: {}",
        finding.rule,
        trail.join(" > "),
        finding.message
    )
}

/// Rules about the form itself, or about what one form has no words for.
pub(crate) const OF_THE_FORM: &[(&str, &str)] = &[
    (
        "api-wrapper-in-provisioning",
        "only one form is the wrapper",
    ),
    ("data-source-by-name", "what v2 calls a name is the uid"),
    ("hard-coded-data-source", "what v2 calls a name is the uid"),
    ("panels-overlap", "rows of v2 have grids of their own"),
];

/// How often each finding is made.
pub(crate) fn findings(name: &str, text: &str) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for finding in lint_places(name, text) {
        if !OF_THE_FORM.iter().any(|(rule, _)| finding.rule == *rule) {
            *counted.entry(essence(&finding)).or_default() += 1;
        }
    }
    counted
}

/// What only one of the two has.
pub(crate) fn differences(a: &BTreeMap<String, usize>, b: &BTreeMap<String, usize>) -> Vec<String> {
    let mut all: Vec<&String> = a.keys().chain(b.keys()).collect();
    all.sort();
    all.dedup();
    all.into_iter()
        .filter_map(|finding| {
            let (left, right) = (a.get(finding).unwrap_or(&0), b.get(finding).unwrap_or(&0));
            (left != right).then(|| format!("{left} and {right} times: {finding}"))
        })
        .collect()
}

/// A dashboard written out by hand in each form.
#[test]
fn a_dashboard_has_the_same_findings_in_every_form() {
    let folder = Path::new("testdata/forms");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let classic = findings("classic.json", &read("classic.json"));
    assert!(classic.len() >= 15, "{classic:#?}");
    let mut others = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let found = findings(&name, &read(&name));
        let differ = differences(&classic, &found);
        assert!(differ.is_empty(), "{name}: {}", differ.join("\n"));
        others += 1;
    }
    assert!(others >= 10, "only {others} forms");
}

/// The trail names the document of every form alike: title and uid.
#[test]
fn the_trail_begins_with_the_same_dashboard_in_every_resource() {
    for name in [
        "classic.json",
        "api.json",
        "resource-v1.json",
        "resource-v2.json",
    ] {
        let text = fs::read_to_string(Path::new("testdata/forms").join(name)).unwrap();
        for finding in lint_named(name, &text) {
            let first = finding.trail.first().unwrap();
            assert_eq!(first.name, "Requests", "{name}");
            assert_eq!(first.uid.as_deref(), Some("requests"), "{name}");
        }
    }
}

/// Panels with words of Angular, which the second schema has no place for.
const ANGULAR: &[&str] = &[
    "graph",
    "singlestat",
    "table-old",
    "grafana-piechart-panel",
    "grafana-worldmap-panel",
];

fn panels<'v>(dashboard: &'v Value, found: &mut Vec<&'v Value>) {
    let list = dashboard["panels"].as_array();
    for panel in list.into_iter().flatten() {
        found.push(panel);
        panels(panel, found);
    }
}

/// Whether a converter has words for all of it.
fn converts(dashboard: &Value) -> bool {
    let mut all = Vec::new();
    panels(dashboard, &mut all);
    let modern = all.iter().all(|panel| {
        let kind = panel["type"].as_str().unwrap_or_default();
        // Panels in an open row are dropped by Grafana, and have no place in v2.
        let dropped = kind == "row" && panel["collapsed"] != true && panel["panels"][0].is_object();
        let old = ["aliasColors", "thresholds", "format", "yaxes"];
        let angular = ANGULAR.contains(&kind) || old.iter().any(|old| !panel[*old].is_null());
        !dropped && !angular
    });
    modern && !all.is_empty() && dashboard["rows"].is_null()
}

/// Leaves out what v2 has no place for: a panel's own data source where no target takes it.
fn without_idle_data_sources(holder: &mut Value) {
    let panels = holder["panels"].as_array_mut();
    for panel in panels.into_iter().flatten() {
        let targets = panel["targets"].as_array();
        let mut targets = targets.into_iter().flatten();
        if targets.all(|target| !target["datasource"].is_null())
            && let Some(panel) = panel.as_object_mut()
        {
            panel.remove("datasource");
        }
        without_idle_data_sources(panel);
    }
}

/// Every classic dashboard of the corpus that today's schema has all words for, in every other form.
#[test]
fn real_dashboards_have_the_same_findings_in_every_form() {
    let Some(files) = crate::corpus::files(&["dashboard-v1"]) else {
        return;
    };
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).ok()?;
        let value: Value = serde_json::from_str(&text).ok()?;
        let mut dashboard = match &value["dashboard"] {
            Value::Object(_) => value["dashboard"].clone(),
            _ => value,
        };
        without_idle_data_sources(&mut dashboard);
        converts(&dashboard).then(|| (path.clone(), dashboard))
    };
    let dashboards: Vec<(PathBuf, Value)> = files.iter().filter_map(read).collect();
    let faults: Vec<String> = dashboards
        .par_iter()
        .flat_map_iter(|(path, dashboard)| {
            let classic = findings("a.json", &dashboard.to_string());
            Target::ALL.iter().filter_map(move |&target| {
                let other = findings("a.json", &convert(dashboard, target).to_string());
                let differ = differences(&classic, &other);
                (!differ.is_empty())
                    .then(|| format!("{} as {target:?}:\n{}", path.display(), differ.join("\n")))
            })
        })
        .collect();
    eprintln!(
        "{} of {} classic dashboards, in {} other forms each",
        dashboards.len(),
        files.len(),
        Target::ALL.len()
    );
    assert!(dashboards.len() >= 100);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
