//! The table of telling keys, and the quick look for them.

use memchr::memmem;

use super::DocKind;
use super::shape::{
    has_provider, is_dashboard, is_grafana_alerting, is_list_of, is_panel_model, is_rule_groups,
    is_spec_v2, runs_grafana,
};
use crate::syntax::{Kind, NodeRef};

/// A key that tells what a document is.
pub(super) struct Telling {
    /// The key at the top of the document.
    pub(super) key: &'static str,
    /// Keys that stand in the document too, wherever.
    with: &'static [&'static str],
    /// With one of these as well it is nobody else's file.
    certain: &'static [&'static str],
    /// What it is then.
    pub(super) kind: DocKind,
    /// Why, in a few words.
    pub(super) why: &'static str,
    /// Whether the document, given its root, has the shape of that kind.
    pub(super) holds: fn(NodeRef<'_>) -> bool,
}

/// Keys that only dashboards have beside panels; translations of Grafana have `templating` as well.
const PANEL_KEYS: &[&str] = &["gridPos", "targets", "fieldConfig", "schemaVersion"];
const VERSION: &[&str] = &["apiVersion"];
const ALERTING: &str = "it has alerting resources";

/// Alerting resources of Grafana's provisioning (facts: alerting_provisioning), without the groups of rules.
const fn alerting(
    key: &'static str,
    with: &'static [&'static str],
    holds: fn(NodeRef<'_>) -> bool,
) -> Telling {
    Telling {
        key,
        with,
        certain: &[],
        kind: DocKind::GrafanaAlerting,
        why: ALERTING,
        holds,
    }
}

/// In order: the first that holds is what a document is taken for.
#[rustfmt::skip]
pub(super) const TELLING: &[Telling] = &[
    Telling {
        key: "dashboard", with: &[], certain: &[],
        kind: DocKind::ApiDashboard, why: "`dashboard` holds a dashboard",
        holds: |root| root.get("dashboard").is_some_and(is_dashboard),
    },
    Telling {
        key: "dashboard", with: &["elements", "layout"], certain: &["vizConfig", "timeSettings"],
        kind: DocKind::DashboardV2, why: "`dashboard` holds `elements` and `layout`",
        holds: |root| root.get("dashboard").is_some_and(is_spec_v2),
    },
    Telling {
        key: "result", with: &["model", "type"], certain: &["libraryElement"],
        kind: DocKind::LibraryPanel, why: "`result.model` holds a panel",
        holds: |root| root.path(&["result", "model"]).is_some_and(is_panel_model),
    },
    Telling {
        key: "model", with: &["type"], certain: &[],
        kind: DocKind::LibraryPanel, why: "`model` holds a panel",
        holds: |root| root.get("model").is_some_and(is_panel_model),
    },
    Telling {
        key: "panels", with: &[], certain: PANEL_KEYS,
        kind: DocKind::Dashboard, why: "it has panels",
        holds: is_dashboard,
    },
    Telling {
        key: "rows", with: &[], certain: PANEL_KEYS,
        kind: DocKind::Dashboard, why: "it has rows of panels",
        holds: is_dashboard,
    },
    Telling {
        key: "schemaVersion", with: &["title"], certain: &[],
        kind: DocKind::Dashboard, why: "it has a `schemaVersion` and a title",
        holds: is_dashboard,
    },
    Telling {
        key: "elements", with: &["layout"], certain: &["vizConfig", "timeSettings"],
        kind: DocKind::DashboardV2, why: "it has `elements` and `layout`",
        holds: is_spec_v2,
    },
    Telling {
        key: "groups", with: &["rules"], certain: &["datasourceUid", "relativeTimeRange"],
        kind: DocKind::GrafanaAlerting,
        why: "it has groups whose rules have `data` and `condition`, or an `apiVersion`",
        holds: |root| is_rule_groups(root) && is_grafana_alerting(root),
    },
    Telling {
        key: "groups", with: &["rules"], certain: &["expr"],
        kind: DocKind::PrometheusRules, why: "it has `groups` of rules",
        holds: is_prometheus_rules,
    },
    // A group may have no rules yet.
    Telling {
        key: "groups", with: &[], certain: &[],
        kind: DocKind::PrometheusRules, why: "it has `groups` and nothing else",
        holds: is_prometheus_rules,
    },
    alerting("contactPoints", &[], |root| provisions(root, "contactPoints", "receivers")),
    alerting("policies", &["receiver"], |root| provisions(root, "policies", "receiver")),
    alerting("muteTimes", &[], |root| provisions(root, "muteTimes", "time_intervals")),
    alerting("templates", VERSION, |root| provisions(root, "templates", "template")),
    alerting("deleteRules", &["uid"], |root| provisions(root, "deleteRules", "uid")),
    alerting("deleteContactPoints", &[], |root| provisions(root, "deleteContactPoints", "uid")),
    alerting("deleteMuteTimes", &[], |root| provisions(root, "deleteMuteTimes", "name")),
    alerting("deleteTemplates", VERSION, |root| provisions(root, "deleteTemplates", "name")),
    alerting("resetPolicies", VERSION, |root| {
        has_list(root, "resetPolicies") && root.get("apiVersion").is_some()
    }),
    Telling {
        key: "datasources", with: &[], certain: &[],
        kind: DocKind::DataSources, why: "it has a list of `datasources`",
        holds: |root| is_list_of(root, "datasources", &["type", "access", "url", "uid"]),
    },
    Telling {
        key: "deleteDatasources", with: &[], certain: &[],
        kind: DocKind::DataSources, why: "it has a list of `deleteDatasources`",
        holds: |root| has_list(root, "deleteDatasources"),
    },
    Telling {
        key: "providers", with: &[], certain: &[],
        kind: DocKind::DashboardProviders, why: "it has a list of `providers`",
        holds: |root| is_list_of(root, "providers", &["options", "folder", "type"])
            && (root.get("apiVersion").is_some() || has_provider(root)),
    },
    Telling {
        key: "notifiers", with: &[], certain: &[],
        kind: DocKind::Notifiers, why: "it has a list of `notifiers`",
        holds: |root| is_list_of(root, "notifiers", &["type", "settings"]),
    },
    Telling {
        key: "delete_notifiers", with: &[], certain: &[],
        kind: DocKind::Notifiers, why: "it has a list of `delete_notifiers`",
        holds: |root| has_list(root, "delete_notifiers"),
    },
    Telling {
        key: "alert", with: &["conditions", "executionErrorState"], certain: &[],
        kind: DocKind::LegacyAlert, why: "`alert` holds an alert of the old alerting",
        holds: |root| root.path(&["alert", "conditions"]).is_some_and(|list| list.kind() == Kind::Array),
    },
    Telling {
        key: "services", with: &["environment"], certain: &[],
        kind: DocKind::Compose, why: "a service is given settings of Grafana",
        holds: runs_grafana,
    },
    Telling {
        key: "apps", with: VERSION, certain: &[],
        kind: DocKind::Plugins, why: "it has a list of `apps`",
        holds: |root| is_list_of(root, "apps", &["type", "org_id", "jsonData"])
            && root.get("apiVersion").is_some(),
    },
];

fn is_prometheus_rules(root: NodeRef<'_>) -> bool {
    has_list(root, "groups") && is_rule_groups(root)
}

fn has_list(root: NodeRef<'_>, key: &str) -> bool {
    root.get(key).is_some_and(|list| list.kind() == Kind::Array)
}

/// Whether the document provisions alerting resources. Grafana reads them without an `apiVersion` too (12.1,
/// provisioning/alerting/config_reader.go); then what is listed must look like them.
fn provisions(root: NodeRef<'_>, key: &str, field: &str) -> bool {
    let Some(list) = root.get(key).filter(|list| list.kind() == Kind::Array) else {
        return false;
    };
    root.get("apiVersion").is_some() || list.items().any(|item| item.get(field).is_some())
}

/// A resource of Kubernetes, or of Grafana in its manner.
pub(super) struct Resource {
    /// What its `apiVersion` begins with.
    pub(super) group: &'static str,
    /// Its `kind`; none is any.
    pub(super) kinds: &'static [&'static str],
    /// A member it must have.
    pub(super) member: &'static [&'static str],
    /// No other software has resources of that group or kind.
    certain: bool,
    /// What it is.
    pub(super) kind: DocKind,
    /// Why, in a few words.
    pub(super) why: &'static str,
}

/// In order: the first that fits is what a resource is taken for.
///
/// Sources: grafana/grafana, apps/folder; apps/dashboard (its API answers with the rights of who asks as `DashboardWithAccessInfo`);
/// grafana/grafana-operator 5, api/v1beta1, and 4, api/integreatly; Kubernetes 1.34, core/v1; prometheus-operator 0.93,
/// monitoring.coreos.com and OpenShift's monitoring.openshift.io; Loki operator, loki.grafana.com; VictoriaMetrics
/// operator; Managed Service for Prometheus, monitoring.googleapis.com.
#[rustfmt::skip]
pub(super) const RESOURCES: &[Resource] = &[
    Resource {
        group: "dashboard.grafana.app/v2", kinds: &["Dashboard", "DashboardWithAccessInfo"], member: &[], certain: true,
        kind: DocKind::DashboardV2, why: "its apiVersion is dashboard.grafana.app/v2…",
    },
    Resource {
        group: "dashboard.grafana.app/", kinds: &["Dashboard", "DashboardWithAccessInfo"], member: &[], certain: true,
        kind: DocKind::ResourceDashboard, why: "its apiVersion is dashboard.grafana.app/v0… or v1…",
    },
    // A folder, by its uid as its name.
    Resource {
        group: "folder.grafana.app/", kinds: &["Folder"], member: &[], certain: true,
        kind: DocKind::FolderResource, why: "its kind is a folder of Grafana",
    },
    // A panel of the library; its resource is young and goes by two names.
    Resource {
        group: "dashboard.grafana.app/", kinds: &["LibraryPanel", "LibraryElement"], member: &[], certain: true,
        kind: DocKind::LibraryPanel, why: "its kind is a library panel",
    },
    operator(&["GrafanaDashboard"], DocKind::OperatorDashboard, "a dashboard of the Grafana operator"),
    operator(&["GrafanaLibraryPanel"], DocKind::OperatorLibraryPanel, "a library panel of the Grafana operator"),
    // The second is how version 4 spelt it.
    operator(
        &["GrafanaDatasource", "GrafanaDataSource"],
        DocKind::OperatorDataSource, "a data source of the Grafana operator",
    ),
    operator(
        &[
            "GrafanaAlertRuleGroup", "GrafanaContactPoint", "GrafanaNotificationPolicy",
            "GrafanaNotificationPolicyRoute", "GrafanaMuteTiming", "GrafanaNotificationTemplate",
        ],
        DocKind::OperatorAlerting, "an alerting resource of the Grafana operator",
    ),
    operator(
        &["GrafanaPrometheusRuleGroup"],
        DocKind::RuleResource, "Prometheus rules as a resource of the Grafana operator",
    ),
    operator(&[], DocKind::OperatorResource, "a resource of the Grafana operator"),
    // Version 4 of the operator.
    Resource {
        group: "integreatly.org/", kinds: &["GrafanaDashboard"], member: &[], certain: true,
        kind: DocKind::OperatorDashboard, why: "a dashboard of the Grafana operator",
    },
    Resource {
        group: "integreatly.org/", kinds: &["GrafanaDataSource"], member: &[], certain: true,
        kind: DocKind::OperatorDataSource, why: "data sources of the Grafana operator",
    },
    Resource {
        group: "v1", kinds: &["ConfigMap"], member: &[], certain: false,
        kind: DocKind::ConfigMap, why: "a ConfigMap",
    },
    Resource {
        group: "v1", kinds: &["Secret"], member: &["stringData"], certain: false,
        kind: DocKind::ConfigMap, why: "a Secret with plain strings",
    },
    Resource {
        group: "v1", kinds: &["List", "ConfigMapList", "SecretList"], member: &["items"], certain: false,
        kind: DocKind::ResourceList, why: "a Kubernetes List",
    },
    Resource {
        group: "", kinds: &["PrometheusRule", "VMRule", "AlertingRule", "RecordingRule", "GlobalRules", "ClusterRules"],
        member: &["spec", "groups"], certain: false,
        kind: DocKind::RuleResource, why: "a resource with rule groups in its spec",
    },
    Resource {
        group: "monitoring.googleapis.com/", kinds: &["Rules"], member: &["spec", "groups"], certain: false,
        kind: DocKind::RuleResource, why: "a resource with rule groups in its spec",
    },
    // One that misspells `groups`.
    Resource {
        group: "", kinds: &["PrometheusRule", "VMRule"], member: &["spec"], certain: false,
        kind: DocKind::RuleResource, why: "a resource for rule groups",
    },
    Resource {
        group: "", kinds: &["PrometheusRuleList", "VMRuleList", "AlertingRuleList", "RecordingRuleList"],
        member: &["items"], certain: false,
        kind: DocKind::ResourceList, why: "a list of rule resources",
    },
];

const fn operator(kinds: &'static [&'static str], kind: DocKind, why: &'static str) -> Resource {
    Resource {
        group: "grafana.integreatly.org/",
        kinds,
        member: &[],
        certain: true,
        kind,
        why,
    }
}

/// The outcome of the quick look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniff {
    /// No telling key stands in it: not parsed.
    Skip,
    /// Worth parsing; `certain` when it is clearly one of ours, so that a syntax error may be reported.
    Parse {
        /// See above.
        certain: bool,
    },
}

/// Looks for telling keys in a JSON or YAML text, which need not be whole.
pub fn sniff(text: &[u8]) -> Sniff {
    let has = |key: &&str| has_key(text, key);
    let tells = |row: &&Telling| has(&row.key) && row.with.iter().all(has);
    let (certain, other): (Vec<_>, Vec<_>) =
        TELLING.iter().partition(|row| !row.certain.is_empty());
    // Each key that is not there is a walk over all of the text.
    let (probable, rare): (Vec<_>, Vec<_>) =
        certain.iter().partition(|row| PROBABLE.contains(&row.key));
    let mut telling = false;
    for row in probable.into_iter().chain(rare) {
        if tells(row) {
            if row.certain.iter().any(has) {
                return Sniff::Parse { certain: true };
            }
            telling = true;
        }
    }
    telling = telling || other.iter().any(tells);
    if has(&"apiVersion") {
        let word = |word: &str| memmem::find(text, word.as_bytes()).is_some();
        for resource in RESOURCES {
            if resource.certain {
                if word(resource.group) {
                    return Sniff::Parse { certain: true };
                }
            } else if !telling {
                telling =
                    resource.kinds.iter().any(|kind| word(kind)) && resource.member.iter().all(has);
            }
        }
    }
    if telling {
        Sniff::Parse { certain: false }
    } else {
        Sniff::Skip
    }
}

/// Keys that most of our files have: looked for first.
const PROBABLE: &[&str] = &["panels", "groups"];

/// How many blanks may stand between a key and its colon for the quick look to see it.
const BLANKS: usize = 16;

/// Whether `key` stands somewhere as a key: a whole word, in quotes (escaped or not) or without, and a colon behind it.
fn has_key(text: &[u8], key: &str) -> bool {
    memmem::find_iter(text, key.as_bytes()).any(|at| {
        let before = at.checked_sub(1).map(|at| text[at]);
        let starts = before.is_none_or(|byte| {
            !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'$'))
        });
        let mut rest = &text[at + key.len()..];
        rest = rest.strip_prefix(b"\\").unwrap_or(rest);
        rest = rest
            .strip_prefix(b"\"")
            .or_else(|| rest.strip_prefix(b"'"))
            .unwrap_or(rest);
        let blanks = rest.iter().take(BLANKS);
        let blanks = blanks.take_while(|byte| byte.is_ascii_whitespace()).count();
        starts && rest.get(blanks) == Some(&b':')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_whole_words() {
        for text in [
            "groups:",
            "groups :",
            "a: 1\ngroups:\n",
            "- groups: []",
            "{\"groups\" : []}",
            "{'groups': 1}",
            "{\"a\": \"{\\\"groups\\\": []}\"}",
            "{a: 1,groups: []}",
            "\u{feff}groups:",
        ] {
            assert!(has_key(text.as_bytes(), "groups"), "{text}");
        }
        for text in [
            "apiGroups:",
            "groups",
            "groups: ".trim_end_matches([':', ' ']),
            "my-groups:",
            "groupsOf:",
        ] {
            assert!(!has_key(text.as_bytes(), "groups"), "{text}");
        }
    }

    #[test]
    fn the_quick_look_finds_what_the_careful_one_knows() {
        for row in TELLING {
            let keys = row.with.iter().map(|key| format!("{key}: 1\n"));
            let text = format!("{}: 1\n{}", row.key, keys.collect::<String>());
            assert_ne!(sniff(text.as_bytes()), Sniff::Skip, "{text}");
        }
        for resource in RESOURCES {
            let kind = resource.kinds.first().copied().unwrap_or("Any");
            let members = resource.member.join(":\n  ");
            let text = format!(
                "apiVersion: {}v1\nkind: {kind}\n{members}:\n",
                resource.group
            );
            assert_ne!(sniff(text.as_bytes()), Sniff::Skip, "{text}");
        }
    }
}
