//! The colour rules: what Grafana itself does is never a warning, and repainting ends the matter.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::fs;

use dashlint::diagnostic::{Diagnostic, Group, Severity};
use support::corpus::corpus;
use support::{input, lint_named};

/// A dashboard with one panel.
fn dashboard(panel: &str) -> String {
    format!(r#"{{ "title": "T", "schemaVersion": 39, "panels": [{panel}] }}"#)
}

fn colors(name: &str, text: &str) -> Vec<Diagnostic> {
    let mut found = lint_named(name, text);
    found.retain(|finding| finding.group == Group::Accessibility);
    found
}

fn rules(text: &str) -> Vec<String> {
    let found = colors("d.json", text);
    found
        .into_iter()
        .map(|finding| finding.rule.into_owned())
        .collect()
}

#[test]
fn what_grafana_proposes_is_no_finding() {
    for kind in [
        "stat",
        "gauge",
        "bargauge",
        "timeseries",
        "table",
        "state-timeline",
    ] {
        for color in ["thresholds", "palette-classic", "palette-classic-by-name"] {
            let panel = format!(
                r##"{{ "id": 1, "type": "{kind}", "title": "P", "fieldConfig": {{ "overrides": [], "defaults": {{
                    "color": {{ "mode": "{color}" }},
                    "custom": {{ "cellOptions": {{ "type": "color-background" }}, "thresholdsStyle": {{ "mode": "area" }} }},
                    "thresholds": {{ "mode": "absolute", "steps": [ {{ "color": "green", "value": null }}, {{ "color": "red", "value": 80 }} ] }} }} }} }}"##
            );
            assert_eq!(rules(&dashboard(&panel)), [""; 0], "{kind} {color}");
        }
    }
}

#[test]
fn colors_that_paint_nothing_are_not_judged() {
    let steps = r##""thresholds": { "mode": "absolute", "steps": [ { "color": "#299c46", "value": null }, { "color": "#d44a3a", "value": 1 } ] }"##;
    let panel = |kind: &str, options: &str, more: &str| {
        let panel = format!(
            r#"{{ "id": 1, "type": "{kind}", "title": "P", "options": {{ {options} }}, "fieldConfig": {{ "overrides": [], "defaults": {{ {more} {steps} }} }} }}"#
        );
        rules(&dashboard(&panel))
    };
    let none: [&str; 0] = [];
    assert_eq!(panel("stat", r#""colorMode": "none""#, ""), none);
    assert_eq!(panel("table", "", ""), none);
    assert_eq!(
        panel(
            "timeseries",
            "",
            r#""custom": { "thresholdsStyle": { "mode": "off" } },"#
        ),
        none
    );
    assert_eq!(
        panel(
            "stat",
            "",
            r#""color": { "mode": "fixed", "fixedColor": "blue" },"#
        ),
        none
    );
    assert_eq!(panel("stat", "", ""), ["colors-indistinguishable"]);
    assert_eq!(
        panel("stat", r#""textMode": "name""#, ""),
        ["color-only-status"]
    );
}

#[test]
fn overrides_have_states_of_their_own() {
    let panel = r##"{ "id": 1, "type": "table", "title": "P", "fieldConfig": { "defaults": {}, "overrides": [
        { "matcher": { "id": "byName", "options": "state" }, "properties": [
            { "id": "custom.cellOptions", "value": { "type": "color-background" } },
            { "id": "thresholds", "value": { "mode": "absolute", "steps": [ { "color": "#299c46", "value": null }, { "color": "#d44a3a", "value": 1 } ] } } ] } ] } }"##;
    assert_eq!(rules(&dashboard(panel)), ["colors-indistinguishable"]);
    assert_eq!(
        rules(&dashboard(&panel.replace("color-background", "auto"))),
        [""; 0]
    );
}

#[test]
fn the_eyes_that_count_are_configured() {
    use dashlint::config::{Configs, Options};
    use dashlint::lint::lint;
    let folder = tempfile::tempdir().unwrap();
    let text = dashboard(
        r##"{ "id": 1, "type": "stat", "title": "P", "options": { "textMode": "name", "colorMode": "background" }, "fieldConfig": { "overrides": [],
        "defaults": { "thresholds": { "mode": "absolute", "steps": [ { "color": "green", "value": null }, { "color": "red", "value": 1 } ] } } } }"##,
    );
    let file = folder.path().join("d.json");
    let found = |config: &str| {
        fs::write(folder.path().join("dashlint.toml"), config).unwrap();
        let configs = Configs::new(Options::default()).unwrap();
        let found = lint(&[input(file.to_str().unwrap(), &text)], &configs, &|| {}).diagnostics;
        assert_eq!(configs.problems(), [], "{config}");
        found
            .iter()
            .filter(|finding| finding.rule == "color-only-status")
            .count()
    };
    assert_eq!(found(""), 1);
    assert_eq!(
        found("accessibility.deficiencies = [\"protan\", \"tritan\"]"),
        0
    );
    assert_eq!(found("accessibility.deficiencies = \"deutan\""), 1);
}

/// Real dashboards: few warnings, and after all fixes none of their findings is left and no other has come.
#[test]
fn repainting_ends_the_matter() {
    let Some(corpus) = corpus() else { return };
    let (mut dashboards, mut warned, mut repainted) = (0, 0, 0);
    for entry in walkdir::WalkDir::new(&corpus)
        .into_iter()
        .filter_map(Result::ok)
    {
        let Ok(text) = fs::read_to_string(entry.path()) else {
            continue;
        };
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".json") || !text.contains("\"panels\"") {
            continue;
        }
        dashboards += 1;
        let before = colors(&name, &text);
        warned += usize::from(
            before
                .iter()
                .any(|finding| finding.severity >= Severity::Warning),
        );
        let mut edits: Vec<_> = before
            .iter()
            .filter_map(|finding| finding.fix.as_ref())
            .flat_map(|fix| &fix.edits)
            .map(|edit| (edit.span, edit.replacement.as_str()))
            .collect();
        if edits.is_empty() {
            continue;
        }
        repainted += 1;
        edits.sort_unstable();
        edits.dedup();
        let mut after = text.clone();
        for (span, replacement) in edits.iter().rev() {
            after.replace_range(span.range(), replacement);
        }
        let key =
            |finding: &Diagnostic| (finding.rule.to_string(), finding.location.pointer.clone());
        let left: BTreeSet<_> = colors(&name, &after).iter().map(key).collect();
        let expected: BTreeSet<_> = before
            .iter()
            .filter(|finding| finding.fix.is_none())
            .map(key)
            .collect();
        let come: Vec<_> = left.difference(&expected).collect();
        assert!(come.is_empty(), "{}: {come:?}", entry.path().display());
    }
    assert!(repainted > 0);
    assert!(warned * 100 <= dashboards * 3, "{warned} of {dashboards}");
}
