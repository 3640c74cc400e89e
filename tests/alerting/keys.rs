//! Each key of each valid file, once missing, once misspelt, once with a value of another type.

use dashlint::diagnostic::{Diagnostic, Severity};
use serde_json::{Value, json};

use super::support::lint_named;
use super::valid::files;

/// What a file may leave out, by the end of its pointer. Everything else is needed.
const OPTIONAL: &[&str] = &[
    // Lists of a file, and what has a default.
    "apiVersion",
    "orgId",
    "groups",
    "deleteRules",
    "contactPoints",
    "deleteContactPoints",
    "policies",
    "resetPolicies",
    "muteTimes",
    "deleteMuteTimes",
    "templates",
    "deleteTemplates",
    // Of rules.
    "dashboardUid",
    "panelId",
    "0/noDataState",
    "0/execErrState",
    "0/for",
    "keepFiringFor",
    "missing_series_evals_to_resolve",
    "annotations",
    "labels",
    "isPaused",
    "notification_settings",
    "notificationSettings",
    "targetDatasourceUid",
    "queryType",
    "relativeTimeRange/to",
    // Of expressions; what joins the first of classic conditions to those before it has nothing to join.
    "model/refId",
    "model/settings",
    "model/format",
    "settings/mode",
    "unloadEvaluator",
    "0/operator",
    "operator/type",
    // Of contact points.
    "disableResolveMessage",
    "singleEmail",
    "subject",
    "httpMethod",
    "maxAlerts",
    "payload",
    "tlsConfig",
    "insecureSkipVerify",
    "username",
    // Of policies and mute timings. A policy below another has that one's contact point.
    "routes/0/receiver",
    "group_by",
    "group_wait",
    "group_interval",
    "repeat_interval",
    "routes",
    "matchers",
    "object_matchers",
    "match",
    "match_re",
    "continue",
    "mute_time_intervals",
    "active_time_intervals",
    "times",
    "weekdays",
    "days_of_month",
    "months",
    "years",
    "location",
    // Of resources.
    "resyncPeriod",
    "allowCrossNamespaceImport",
    "editable",
    "isEqual",
    "matchers/0/name",
    "routeSelector",
    "folderRef",
    "spec/name",
    "spec/receivers/0/uid",
];

/// What may stand in a file and is read by nobody.
const UNREAD: &[&str] = &["conditions/0/type", "reducer/params"];

/// Keys whose names are the user's, and what others than Grafana's alerting read.
const FOREIGN: &[&str] = &[
    "annotations",
    "labels",
    "match",
    "match_re",
    "metadata",
    "instanceSelector",
    "routeSelector",
    "valueFrom",
    "headers",
];

/// A key: the way to the object it stands in, and its name.
#[derive(Debug, Clone)]
struct Key {
    object: String,
    name: String,
}

impl Key {
    fn pointer(&self) -> String {
        format!("{}/{}", self.object, self.name)
    }

    fn is_one_of(&self, ends: &[&str]) -> bool {
        let pointer = self.pointer();
        ends.iter().any(|end| pointer.ends_with(&format!("/{end}")))
    }
}

/// Every key of a file that is Grafana's.
fn keys(file: &Value) -> Vec<Key> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), file)];
    while let Some((pointer, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                // A query is its data source's business.
                if pointer.ends_with("/model") && members.contains_key("expr") {
                    continue;
                }
                for (name, value) in members {
                    found.push(Key {
                        object: pointer.clone(),
                        name: name.clone(),
                    });
                    if !FOREIGN.contains(&name.as_str()) {
                        open.push((format!("{pointer}/{name}"), value));
                    }
                }
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                open.extend(items.map(|(at, item)| (format!("{pointer}/{at}"), item)));
            }
            _ => {}
        }
    }
    // What a resource is, its own keys say.
    found.retain(|key| {
        let resource = file.get("spec").is_some() && key.object.is_empty();
        !resource
            && !key.is_one_of(UNREAD)
            && !FOREIGN
                .iter()
                .any(|name| key.object.ends_with(&format!("/{name}")))
    });
    found
}

fn findings(file: &Value) -> Vec<Diagnostic> {
    let text = serde_json::to_string_pretty(file).unwrap();
    let mut all = lint_named("alerting.json", &text);
    all.retain(|finding| finding.rule != "missing-runbook");
    all
}

fn object<'f>(file: &'f mut Value, key: &Key) -> &'f mut serde_json::Map<String, Value> {
    file.pointer_mut(&key.object)
        .unwrap()
        .as_object_mut()
        .unwrap()
}

/// Whether there is a finding at `pointer` or within it.
fn found_at(all: &[Diagnostic], pointer: &str) -> bool {
    all.iter().any(|finding| {
        let at = &finding.location.pointer;
        let related = finding
            .related
            .iter()
            .map(|related| &related.location.pointer);
        std::iter::once(at).chain(related).any(|at| {
            at.strip_prefix(pointer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    })
}

#[test]
fn valid_files_are_clean() {
    for (name, file) in files() {
        let mut all = findings(&file);
        all.retain(|finding| finding.severity > Severity::Info);
        let said: Vec<_> = all
            .iter()
            .map(|finding| {
                format!(
                    "{}: {} {}",
                    finding.location.pointer, finding.rule, finding.message
                )
            })
            .collect();
        assert!(said.is_empty(), "{name}: {said:#?}");
    }
}

#[test]
fn a_key_that_is_misspelt_is_found_there() {
    let mut missed = Vec::new();
    for (name, file) in files() {
        for key in keys(&file) {
            let mut broken = file.clone();
            let members = object(&mut broken, &key);
            let value = members.remove(&key.name).unwrap();
            let wrong = misspelt(&key.name);
            members.insert(wrong.clone(), value);
            let pointer = format!("{}/{wrong}", key.object);
            let all = findings(&broken);
            // Nobody can tell what a word of two letters was to be: then it is told what is missing.
            let short = key.name.len() <= 2 && found_at(&all, &key.object);
            if !found_at(&all, &pointer) && !short {
                missed.push(format!("{name}: {pointer}"));
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

/// Two letters change places, or one is doubled.
fn misspelt(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let last = letters.len() - 1;
    match letters.len() {
        0..=2 => letters.push(letters[last]),
        _ if letters[last - 1] != letters[last] => letters.swap(last - 1, last),
        _ => letters.push('s'),
    }
    letters.into_iter().collect()
}

#[test]
fn a_value_of_another_type_is_found_there() {
    let mut missed = Vec::new();
    for (name, file) in files() {
        for key in keys(&file) {
            let mut broken = file.clone();
            let value = &mut object(&mut broken, &key)[&key.name];
            *value = match value {
                Value::Object(_) | Value::Array(_) => json!(7),
                _ => json!({ "a": 1 }),
            };
            if !found_at(&findings(&broken), &key.pointer()) {
                missed.push(format!("{name}: {}", key.pointer()));
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn a_key_that_is_needed_and_missing_is_found_where_it_is_missing() {
    let mut missed = Vec::new();
    let mut needed = 0;
    for (name, file) in files() {
        for key in keys(&file) {
            let resource = file.get("spec").is_some();
            let state = ["noDataState", "execErrState", "for"].contains(&key.name.as_str());
            if key.is_one_of(OPTIONAL) && !(resource && state) {
                continue;
            }
            needed += 1;
            let mut broken = file.clone();
            object(&mut broken, &key).remove(&key.name);
            if !found_at(&findings(&broken), &key.object) {
                missed.push(format!("{name}: {}", key.pointer()));
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
    assert!(needed > 100, "only {needed} keys are needed");
}
