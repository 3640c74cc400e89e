//! What a finding says, and what it advises, beyond where it stands.
#![allow(clippy::unwrap_used)]

mod support;

use support::lint_named;

/// What is advised is what the fix does.
#[test]
fn an_undefined_name_is_advised_as_it_is_mended() {
    for (written, help, title) in [
        (
            "$accountID",
            "did you mean `account`?",
            "refer to `account`",
        ),
        ("$account_0", "write `${account}_0`", "write `${account}_0`"),
        (
            "$account_number",
            "write `${account}_number`",
            "write `${account}_number`",
        ),
        ("$accountNumber", "define `accountNumber`", ""),
        (
            "x$accountNumber",
            "write `${account}Number`",
            "write `${account}Number`",
        ),
        (
            "${accountID}",
            "did you mean `account`?",
            "refer to `account`",
        ),
    ] {
        let text = format!(
            r#"{{"title": "T", "schemaVersion": 39,
  "templating": {{"list": [{{"name": "account", "type": "custom", "query": "1"}}]}},
  "panels": [{{"id": 1, "type": "stat", "datasource": {{"type": "prometheus", "uid": "p"}},
    "targets": [{{"refId": "A", "expr": "up{{account=\"{written}\"}}"}}]}}]}}"#
        );
        let found = lint_named("a.json", &text);
        let one = found.iter().find(|one| one.rule == "undefined-variable");
        let one = one.unwrap_or_else(|| panic!("{written}: {found:?}"));
        let advice = one.help.as_deref().unwrap_or("");
        assert!(advice.contains(help), "{written}: {advice}");
        let fix = one.fix.as_ref().map_or("", |fix| &fix.title);
        assert_eq!(fix, title, "{written}");
    }
}

#[test]
fn a_threshold_of_another_type_says_what_the_panel_shows() {
    for (value, effect) in [
        (
            "\"\"",
            "Grafana reads 0, so the panel shows the color of this threshold from 0 on",
        ),
        (
            "\"many\"",
            "the panel never shows the color of this threshold, nor of those after it",
        ),
    ] {
        let text = format!(
            r#"{{"title": "T", "schemaVersion": 39, "panels": [{{"id": 1, "type": "stat",
  "fieldConfig": {{"defaults": {{"thresholds": {{"mode": "absolute",
    "steps": [{{"color": "green", "value": null}}, {{"color": "red", "value": {value}}}]}}}}}}}}]}}"#
        );
        let found = lint_named("a.json", &text);
        let one = found.iter().find(|one| one.rule == "wrong-type").unwrap();
        assert!(one.message.ends_with(effect), "{}", one.message);
        let help = "write a number there, or remove the threshold";
        assert_eq!(one.help.as_deref(), Some(help));
    }
}
