//! Provisioning files: a fault anywhere in one is found where it is, and Grafana's own files are judged as Grafana judges them.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::PathBuf;
use std::sync::Arc;

use dashlint::diagnostic::{Diagnostic, Severity};
use dashlint::lint::{Input, lint};
use dashlint::span::Span;
use dashlint::syntax::{Kind, NodeRef, parse_yaml};
use support::corpus::within;

/// A valid file of each kind, with every part of it.
const VALID: &[(&str, &str)] = &[
    (
        "provisioning/datasources/a.yaml",
        include_str!("../testdata/provisioning/datasources.yaml"),
    ),
    (
        "provisioning/dashboards/a.yaml",
        include_str!("../testdata/provisioning/dashboards.yaml"),
    ),
    (
        "provisioning/plugins/a.yaml",
        include_str!("../testdata/provisioning/plugins.yaml"),
    ),
    (
        "provisioning/notifiers/a.yaml",
        include_str!("../testdata/provisioning/notifiers.yaml"),
    ),
    (
        "provisioning/datasources/old.yaml",
        include_str!("../testdata/provisioning/old-datasources.yaml"),
    ),
    (
        "cluster/resource.yaml",
        include_str!("../testdata/provisioning/resource.yaml"),
    ),
];

/// What is found in a valid file nevertheless: the files of old are old.
const OLD: &[&str] = &["legacy-notifiers", "missing-api-version"];

/// Objects that hold what others read: a query, the settings of a plugin that is not Grafana's own.
const FREE: &[&str] = &[
    "/target/",
    "/apps/0/jsonData/",
    "/apps/0/secureJsonData/",
    "/notifiers/0/settings/",
    "/notifiers/0/secure_settings/",
];

/// Values that must be there.
const REQUIRED: &[(&str, &str)] = &[
    ("datasources", "/apiVersion"),
    ("datasources", "/datasources/0/name"),
    ("datasources", "/datasources/0/type"),
    ("datasources", "/deleteDatasources/0/name"),
    (
        "datasources",
        "/datasources/0/jsonData/exemplarTraceIdDestinations/0/name",
    ),
    ("datasources", "/datasources/0/correlations/0/config/field"),
    ("datasources", "/datasources/0/correlations/0/config/target"),
    (
        "datasources",
        "/datasources/0/correlations/0/config/transformations/0/type",
    ),
    (
        "datasources",
        "/datasources/1/jsonData/derivedFields/0/name",
    ),
    (
        "datasources",
        "/datasources/1/jsonData/derivedFields/0/matcherRegex",
    ),
    (
        "datasources",
        "/datasources/2/jsonData/tracesToLogsV2/tags/0/key",
    ),
    ("dashboards", "/apiVersion"),
    ("dashboards", "/providers"),
    ("dashboards", "/providers/0/options"),
    ("dashboards", "/providers/0/name"),
    ("dashboards", "/providers/0/options/path"),
    ("plugins", "/apps"),
    ("plugins", "/apps/0/type"),
    ("notifiers", "/notifiers/0/name"),
    ("notifiers", "/notifiers/0/type"),
    ("notifiers", "/notifiers/0/uid"),
    ("notifiers", "/notifiers/0/secure_settings"),
    ("notifiers", "/notifiers/0/secure_settings/url"),
    ("notifiers", "/delete_notifiers/0/name"),
    ("notifiers", "/delete_notifiers/0/uid"),
    ("old", "/datasources/0/name"),
    ("old", "/datasources/0/type"),
    ("old", "/delete_datasources/0/name"),
    ("resource", "/spec/datasource/name"),
    ("resource", "/spec/datasource/type"),
];

fn findings(name: &str, text: &str) -> Vec<Diagnostic> {
    let input = Input {
        path: PathBuf::from(name),
        display: Arc::from(name),
        target: true,
        provisioned: true,
        text: Some(Arc::from(text)),
    };
    lint(&[input], &support::everything(), &|| {}).diagnostics
}

/// A member of an object in a file.
struct Member {
    key: Span,
    value: Span,
    kind: Kind,
    word: String,
    pointer: String,
}

/// The members that Grafana reads.
fn members(text: &str) -> Vec<Member> {
    let mut found = all_members(text);
    found.retain(|member| !FREE.iter().any(|free| member.pointer.contains(free)));
    found
}

fn all_members(text: &str) -> Vec<Member> {
    let tree = parse_yaml(Arc::from(text));
    let mut open: Vec<NodeRef<'_>> = tree.root().into_iter().collect();
    let mut found = Vec::new();
    while let Some(node) = open.pop() {
        open.extend(node.children());
        if let (Some(key), Some(word)) = (node.key_span(), node.key()) {
            found.push(Member {
                key,
                value: node.span(),
                kind: node.kind(),
                word: word.into_owned(),
                pointer: node.pointer(),
            });
        }
    }
    // What a resource says of itself the operator reads.
    let resource = text.contains("\nkind:");
    let own = |member: &Member| !resource || member.pointer.starts_with("/spec/datasource/");
    found.retain(own);
    found
}

/// Whether a finding, or a further place of one, lies in a part of the text.
fn is_found(findings: &[Diagnostic], part: Span) -> bool {
    let within = |span: Span| part.start <= span.start && span.start <= part.end;
    findings.iter().any(|finding| {
        let related = finding
            .related
            .iter()
            .map(|related| related.location.span());
        within(finding.location.span()) || related.into_iter().any(within)
    })
}

fn replaced(text: &str, part: Span, new: &str) -> String {
    let mut changed = text.to_owned();
    changed.replace_range(part.range(), new);
    changed
}

#[test]
fn valid_files_are_clean() {
    for (name, text) in VALID {
        let mut found = findings(name, text);
        found.retain(|finding| !OLD.contains(&finding.rule.as_ref()));
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
}

#[test]
fn every_misspelt_key_is_found() {
    for (name, text) in VALID {
        for Member { key, word, .. } in members(text) {
            let at = key.start as usize + word.len() / 2;
            let text = replaced(text, Span::new(at, at), "q");
            let part = Span::new(key.start as usize, key.end as usize + 1);
            let found = findings(name, &text);
            assert!(
                is_found(&found, part),
                "{name}: {word} in\n{text}\n{found:#?}"
            );
        }
    }
}

#[test]
fn every_value_of_another_type_is_found() {
    for (name, text) in VALID {
        for Member {
            key,
            value,
            kind,
            word,
            ..
        } in members(text)
        {
            // Nobody looks at that of plugins and notification channels.
            if word == "apiVersion" && (name.contains("plugins") || name.contains("notifiers")) {
                continue;
            }
            let new = match kind {
                Kind::Object | Kind::Array => " 17",
                _ => "{seventeen: 17}",
            };
            let text = replaced(text, value, new);
            let part = Span::new(key.start as usize, value.start as usize + new.len());
            let found = findings(name, &text);
            assert!(
                is_found(&found, part),
                "{name}: {word} in\n{text}\n{found:#?}"
            );
        }
    }
}

/// Deleting a key is a fault where the key is needed, and none where it is not.
#[test]
fn every_missing_key_that_is_needed_is_found_and_no_other() {
    let mut needed = std::collections::BTreeSet::<&(&str, &str)>::new();
    let mut wrong = Vec::new();
    for (name, text) in VALID {
        let mut kinds = REQUIRED.iter().map(|(kind, _)| kind);
        let kind = kinds.rfind(|kind| name.contains(**kind)).unwrap();
        for member in all_members(text) {
            let pointer = without_numbers(&member.pointer);
            let required = REQUIRED
                .iter()
                .find(|(of, key)| of == kind && without_numbers(key) == pointer);
            needed.extend(required);
            let required = required.is_some();
            if !required && FREE.iter().any(|free| member.pointer.contains(free)) {
                continue;
            }
            // A key that nobody reads, and of which nothing is said.
            let text = replaced(text, member.key, "x-gone");
            let found = findings(name, &text);
            let told = |finding: &&Diagnostic| {
                let old = *kind == "old" && OLD.contains(&finding.rule.as_ref());
                finding.message.contains("is missing")
                    || finding.rule == "missing-api-version" && !old
            };
            let told: Vec<_> = found.iter().filter(told).collect();
            if told.is_empty() == required {
                wrong.push(format!("{name}: {} needed: {required}", member.pointer));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(needed.len(), REQUIRED.len());
}

/// A pointer to the members of whichever items.
fn without_numbers(pointer: &str) -> String {
    let parts = pointer.split('/').map(|part| match part.parse::<u32>() {
        Ok(_) => "N",
        Err(_) => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// What is found in each of Grafana's own files: the rule and the line.
const GRAFANA: &[(&str, &[(&str, u32)])] = &[
    (
        "datasources/testdata/all-properties/all-properties.yaml",
        &[],
    ),
    ("datasources/testdata/broken-yaml/commented.yaml", &[]),
    (
        "datasources/testdata/insert-two-delete-two/one-datasources.yaml",
        &[],
    ),
    (
        "datasources/testdata/invalid-access/invalid-access.yaml",
        &[("wrong-provisioning-value", 6)],
    ),
    (
        "datasources/testdata/multiple-org-default/config.yaml",
        &[("unknown-provisioning-key", 14)],
    ),
    (
        "datasources/testdata/one-datasource-two-correlations/one-datasource-two-correlations.yaml",
        &[],
    ),
    ("datasources/testdata/version-0/version-0.yaml", &[]),
    ("dashboards/test-configs/broken-configs/commented.yaml", &[]),
    (
        "dashboards/testdata/test-configs/dashboards-from-disk/dev-dashboards.yaml",
        &[("unknown-provisioning-key", 9)],
    ),
    (
        "dashboards/testdata/test-configs/version-0/version-0.yaml",
        &[],
    ),
    (
        "plugins/testdata/test-configs/correct-properties/correct-properties.yaml",
        &[],
    ),
    (
        "plugins/testdata/test-configs/incorrect-settings/incorrect-settings.yaml",
        &[("missing-provisioning-key", 2)],
    ),
    (
        "plugins/testdata/test-configs/unknown-app/unknown-app.yaml",
        &[],
    ),
    (
        "notifiers/testdata/test-configs/correct-properties/correct-properties.yaml",
        &[],
    ),
    (
        "notifiers/testdata/test-configs/broken-yaml/broken.yaml",
        &[("invalid-syntax", 3)],
    ),
    (
        "notifiers/testdata/test-configs/incorrect-settings/incorrect-settings.yaml",
        &[("missing-provisioning-key", 8)],
    ),
    (
        "notifiers/testdata/test-configs/no-required-fields/no-required-fields.yaml",
        &[
            ("missing-provisioning-key", 2),
            ("missing-provisioning-key", 10),
        ],
    ),
    (
        "notifiers/testdata/test-configs/unknown-notifier/notification.yaml",
        &[("wrong-provisioning-value", 3)],
    ),
    ("notifiers/test-configs/double-default/default-2.yaml", &[]),
];

/// Faults of the values in them, which Grafana's tests do not look at.
const BESIDE: &[&str] = &[
    "plain-text-secret",
    "placeholder-secret",
    "legacy-notifiers",
];

#[test]
fn grafanas_own_files_are_judged_as_grafana_does() {
    let Some(folder) = within("grafana__grafana/pkg/services/provisioning") else {
        return;
    };
    let mut faults = Vec::new();
    for (name, expected) in GRAFANA {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        let kind = name.split('/').next().unwrap();
        let found: Vec<_> = findings(&format!("provisioning/{kind}/a.yaml"), &text)
            .into_iter()
            .filter(|finding| {
                finding.severity > Severity::Info && !BESIDE.contains(&finding.rule.as_ref())
            })
            .map(|finding| (finding.rule.into_owned(), finding.location.range.start.line))
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(rule, line)| ((*rule).to_owned(), *line))
            .collect();
        if found != expected {
            faults.push(format!("{name}: {found:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn files_that_grafana_does_not_read_are_told() {
    let sources = "apiVersion: 1\ndatasources:\n  - {name: M, type: loki, url: 'http://loki'}\n";
    let points = "{\"apiVersion\": 1, \"contactPoints\": []}";
    for (name, text, level) in [
        ("provisioning/datasources/a.yaml", sources, None),
        (
            "provisioning/datasources/a.rules",
            sources,
            Some(Severity::Warning),
        ),
        (
            "provisioning/datasources/more/a.yaml",
            sources,
            Some(Severity::Info),
        ),
        ("elsewhere/datasources/a.rules", sources, None),
        ("provisioning/alerting/a.json", points, None),
        (
            "provisioning/alerting/a.rules",
            points,
            Some(Severity::Warning),
        ),
    ] {
        let found = findings(name, text);
        let found = found
            .iter()
            .find(|finding| finding.rule == "unread-provisioning-file");
        assert_eq!(found.map(|finding| finding.severity), level, "{name}");
    }
}

#[test]
fn files_of_one_folder_are_judged_together() {
    let source = |name: &str| {
        format!(
            "apiVersion: 1\ndatasources:\n  - {{name: {name}, uid: m, type: loki, url: 'http://loki', isDefault: true}}\n"
        )
    };
    let input = |path: &str, text: String| Input {
        path: PathBuf::from(path),
        display: Arc::from(path),
        target: true,
        provisioned: true,
        text: Some(Arc::from(text)),
    };
    let inputs = [
        input("/a/provisioning/datasources/a.yaml", source("A")),
        input("/a/provisioning/datasources/b.yaml", source("B")),
        input("/b/provisioning/datasources/b.yaml", source("C")),
        input("/a/provisioning/datasources/more/c.yaml", source("D")),
    ];
    let found = lint(&inputs, &support::everything(), &|| {}).diagnostics;
    let told: Vec<_> = found
        .iter()
        .filter(|finding| finding.severity > Severity::Info)
        .map(|finding| {
            (
                finding.location.file.as_ref(),
                finding.rule.as_ref(),
                finding.related[0].location.file.as_ref(),
            )
        })
        .collect();
    let (first, second) = (
        "/a/provisioning/datasources/a.yaml",
        "/a/provisioning/datasources/b.yaml",
    );
    assert_eq!(
        told,
        [
            (second, "duplicate-data-source", first),
            (second, "several-default-data-sources", first)
        ]
    );
}
