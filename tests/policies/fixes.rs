//! Repairs, and places that stand beside one finding.

use std::fs;

use crate::support::run::report;
use crate::support::tree::folder;
use crate::{FIXABLE, OWN_RULES, rule, run};

#[test]
fn fixes_change_what_they_say_and_nothing_else() {
    let before = r#"{
  "title": "Checkout",
  "gnetId": 12,
  "schemaVersion": 39,
  "tags": ["prod"],
  "refresh": "5s",
  "panels": [
    { "id": 1, "type": "timeseries", "title": "A", "options": { "legend": { "showLegend": false } } },
    { "id": 2, "type": "timeseries", "title": "B" }
  ]
}
"#;
    let safe = r#"{
  "title": "Checkout",
  "schemaVersion": 39,
  "tags": ["prod"],
  "refresh": "1m",
  "panels": [
    { "id": 1, "type": "timeseries", "title": "A", "options": { "legend": { "showLegend": true } } },
    { "id": 2, "type": "timeseries", "title": "B", "options": {"legend": {"showLegend": true}} }
  ]
}
"#;
    let folder = folder(&[("p.yaml", FIXABLE), ("d.json", before)]);
    let args = [&OWN_RULES[..], &["--fix", "d.json"]].concat();
    run(folder.path(), &args);
    assert_eq!(
        fs::read_to_string(folder.path().join("d.json")).unwrap(),
        safe
    );
    let more = [&args[..], &["--unsafe-fixes"]].concat();
    let (told, code) = run(folder.path(), &more);
    assert_eq!(code, 0, "{told}");
    let now = fs::read_to_string(folder.path().join("d.json")).unwrap();
    assert_eq!(
        now,
        safe.replace("[\"prod\"]", "[\"prod\", \"team:Checkout\"]")
    );
    let (_, code) = run(folder.path(), &more);
    assert_eq!(code, 0);
    assert_eq!(
        fs::read_to_string(folder.path().join("d.json")).unwrap(),
        now
    );
}

#[test]
fn fixes_write_yaml_as_the_file_has_it() {
    let policy = "version: 1
rules:
  - id: t/runbook
    on: alert
    require: { annotations.runbook_url: { exists: true } }
    message: no runbook
    fix: { unsafe: { set: { annotations.runbook_url: 'https://runbooks.acme/{alertname}' } } }
  - id: t/sev
    on: alert
    forbid: { labels.sev: { exists: true } }
    message: sev
    fix: { safe: { rename: { labels.sev: severity } } }
  - id: t/for
    on: alert
    require: { for: { min: 1m } }
    message: at once
    fix: { unsafe: { set: { for: 5m } } }
";
    let rules = "groups:
  - name: g
    rules:
      - alert: Down # sometimes
        expr: up == 0
        labels: { sev: critical }
        annotations:
          summary: down
";
    let folder = folder(&[("p.yaml", policy), ("r.yaml", rules)]);
    let args = [&OWN_RULES[..], &["--fix", "--unsafe-fixes", "r.yaml"]].concat();
    let (told, code) = run(folder.path(), &args);
    assert_eq!(code, 0, "{told}");
    assert_eq!(
        fs::read_to_string(folder.path().join("r.yaml")).unwrap(),
        "groups:
  - name: g
    rules:
      - alert: Down # sometimes
        expr: up == 0
        labels: { severity: critical }
        annotations:
          summary: down
          runbook_url: \"https://runbooks.acme/Down\"
        for: 5m
"
    );
}

/// One cause, one finding: the other places stand beside it, and are mended with it.
#[test]
fn what_repeats_is_told_once() {
    let policy = "version: 1
rules:
  - id: t/legend
    on: panel
    require: { /options/legend/showLegend: true }
    once: true
    message: 'the legend of {title} is hidden'
    fix: { safe: { set: { /options/legend/showLegend: true } } }
";
    let panel = |title: &str| {
        format!(
            r#"{{"title": "{title}", "type": "timeseries", "options": {{"legend": {{"showLegend": false}}}}}}"#
        )
    };
    let text = format!(
        r#"{{"title": "x", "schemaVersion": 39, "panels": [{}, {}, {}]}}"#,
        panel("A"),
        panel("B"),
        panel("C")
    );
    let folder = folder(&[("p.yaml", policy), ("d.json", &text)]);
    let args = [&OWN_RULES[..], &["d.json"]].concat();
    let report = report(folder.path(), &args);
    let findings = report["diagnostics"].as_array().unwrap();
    assert_eq!(findings.len(), 1);
    let message = "the legend of A is hidden (and 2 more here)";
    assert_eq!(findings[0]["message"], message);
    let related = findings[0]["related"].as_array().unwrap();
    let messages: Vec<&str> = related
        .iter()
        .map(|one| one["message"].as_str().unwrap())
        .collect();
    assert_eq!(
        messages,
        ["the legend of B is hidden", "the legend of C is hidden"]
    );
    let fix = [&args[..], &["--fix"]].concat();
    let (_, code) = run(folder.path(), &fix);
    assert_eq!(code, 0);
    let now = fs::read_to_string(folder.path().join("d.json")).unwrap();
    assert_eq!(now, text.replace("false", "true"));
}

/// What is told once is known and silenced place by place: a new one is not taken for an old one.
#[test]
fn what_is_told_once_is_known_place_by_place() {
    let policy = "version: 1
rules:
  - id: t/unit
    on: panel
    require: { unit: { exists: true } }
    once: true
    message: '{title} has no unit'
";
    let dashboard = |titles: &[&str]| {
        let panels: Vec<String> = titles
            .iter()
            .map(|title| format!("{{\"title\": \"{title}\", \"type\": \"stat\"}}"))
            .collect();
        let panels = panels.join(",\n");
        format!(
            "{{\"title\": \"x\", \"uid\": \"x\", \"schemaVersion\": 39, \"panels\": [\n{panels}\n]}}"
        )
    };
    let folder = folder(&[("p.yaml", policy), ("d.json", &dashboard(&["A", "B"]))]);
    let told = |more: &[&str]| {
        let mut args = vec![
            "--policy", "p.yaml", "--select", "t/unit", "--format", "concise",
        ];
        args.extend(more);
        args.push("d.json");
        run(folder.path(), &args).0
    };
    assert!(told(&[]).contains("A has no unit (and 1 more here)"));
    told(&["--baseline", "b.json", "--update-baseline"]);
    let quiet = told(&["--baseline", "b.json"]);
    assert!(!quiet.contains("has no unit"), "{quiet}");
    fs::write(folder.path().join("d.json"), dashboard(&["A", "B", "C"])).unwrap();
    let new = told(&["--baseline", "b.json"]);
    assert!(
        new.contains("C has no unit") && !new.contains("A has no unit"),
        "{new}"
    );
    let ignore = "[[ignore]]\nrules = [\"t/unit\"]\nat = \"#/panels/0\"\nreason = \"known\"\n";
    fs::write(folder.path().join("dashlint.toml"), ignore).unwrap();
    let left = told(&[]);
    assert!(left.contains("B has no unit (and 1 more here)"), "{left}");
}

/// What one run writes, with all fixes that are made unattended.
fn fixed(policy: &str, name: &str, text: &str) -> String {
    let folder = folder(&[("p.yaml", policy), (name, text)]);
    let args = [&OWN_RULES[..], &["--fix", "--unsafe-fixes", name]].concat();
    run(folder.path(), &args);
    fs::read_to_string(folder.path().join(name)).unwrap()
}

/// A fix is offered where it cures its finding: what does not would be made again in every round.
#[test]
fn what_cures_nothing_is_not_offered() {
    let text =
        r#"{ "schemaVersion": 39, "title": "X", "tags": ["a"], "refresh": "5s", "panels": [] }"#;
    for (require, fix, wanted) in [
        (
            "{ tags: { any: { matches: '^team:[a-z]+$' } } }",
            "{ append: { tags: 'team:Unknown' } }",
            text.to_owned(),
        ),
        (
            "{ tags: { any: { matches: '^team:[a-z]+$' } } }",
            "{ append: { tags: 'team:unknown' } }",
            text.replace("[\"a\"]", "[\"a\", \"team:unknown\"]"),
        ),
        (
            "{ tags: { length: { min: 3 } } }",
            "{ append: { tags: b } }",
            text.to_owned(),
        ),
        (
            "{ refresh: { min: 30s } }",
            "{ set: { refresh: 10s } }",
            text.to_owned(),
        ),
        (
            "{ refresh: { min: 30s } }",
            "{ set: { /refresh: 1m } }",
            text.replace("5s", "1m"),
        ),
        (
            "{ refresh: { min: 30s } }",
            "{ set: { title: Y } }",
            text.to_owned(),
        ),
        (
            "{ or: [{ title: Y }, { refresh: { min: 30s } }] }",
            "{ set: { title: Y } }",
            text.replace("\"X\"", "\"Y\""),
        ),
        (
            "{ not: { refresh: { exists: true } } }",
            "{ remove: refresh }",
            text.replace(" \"refresh\": \"5s\",", ""),
        ),
    ] {
        let policy = rule(&format!(
            "on: dashboard\nrequire: {require}\nfix: {{ unsafe: {fix} }}"
        ));
        assert_eq!(fixed(&policy, "d.json", text), wanted, "{require} {fix}");
    }
}

/// Where nobody can tell before, a fix is made once, taken back and told; the others of the file are made all the same.
#[test]
fn what_cures_nothing_is_taken_back() {
    let policy = "version: 1
rules:
  - id: t/vain
    on: panel
    require: { queries: { none: { promql.functions: { contains: irate } } } }
    message: irate
    fix: { unsafe: { append: { /links: x } } }
  - id: t/title
    on: panel
    forbid: { title: A }
    message: title
    fix: { safe: { set: { title: B } } }
";
    let text = |title: &str| {
        format!(
            r#"{{"schemaVersion": 39, "title": "x", "panels": [{{"id": 1, "type": "timeseries", "title": "{title}", "targets": [{{"refId": "A", "expr": "irate(x[5m])", "datasource": {{"type": "prometheus"}}}}]}}]}}"#
        )
    };
    let folder = folder(&[("p.yaml", policy), ("d.json", &text("A"))]);
    let args = [&OWN_RULES[..], &["--fix", "--unsafe-fixes", "d.json"]].concat();
    let (told, _) = run(folder.path(), &args);
    assert!(
        told.contains("[t/vain] as it is: what it is to mend is found again afterwards"),
        "{told}"
    );
    let now = fs::read_to_string(folder.path().join("d.json")).unwrap();
    assert_eq!(now, text("B"));
}

/// A new value is written whole, and not where a part of it is missing.
#[test]
fn new_values_are_whole() {
    let title = "word ".repeat(40) + "end";
    let text = |tail: &str| {
        format!(r#"{{ "schemaVersion": 39, "title": "{title}", "panels": []{tail} }}"#)
    };
    let policy = rule(
        "on: dashboard\nrequire: { description: { exists: true } }\nfix: { safe: { set: { description: 'of {title}' } } }",
    );
    assert_eq!(
        fixed(&policy, "d.json", &text("")),
        text(&format!(r#", "description": "of {title}""#))
    );
    let policy = policy.replace("{title}", "{uid}");
    assert_eq!(fixed(&policy, "d.json", &text("")), text(""));
}

/// Others share what an alias, a merge or a group gives: none of them is changed with the one that is found.
#[test]
fn what_others_share_stays() {
    let policy = rule(
        "on: alert\nwhere: { name: Found }\nforbid: { labels.sev: a }\nfix: { safe: { set: { labels.sev: b } } }",
    );
    let rules = |labels: &str, found: &str| {
        format!(
            "groups:
- name: g
{labels}  rules:
  - alert: Other
    expr: up == 0
    labels: &l
      sev: a
  - alert: Found
    expr: up == 0
{found}"
        )
    };
    for (labels, found, wanted) in [
        ("", "    labels: *l\n", "    labels: *l\n"),
        (
            "",
            "    labels:\n      <<: *l\n      team: x\n",
            "    labels:\n      <<: *l\n      team: x\n      sev: b\n",
        ),
        (
            "  labels: { sev: a }\n",
            "    labels:\n      team: x\n",
            "    labels:\n      team: x\n      sev: b\n",
        ),
        (
            "",
            "    labels: &m\n      sev: a\n  - alert: Third\n    expr: up == 1\n    labels: *m\n",
            "    labels: &m\n      sev: a\n  - alert: Third\n    expr: up == 1\n    labels: *m\n",
        ),
        (
            "",
            "    labels: { sev: a }\n    annotations: *l\n",
            "    labels: { sev: \"b\" }\n    annotations: *l\n",
        ),
    ] {
        let before = rules(labels, found);
        let after = fixed(&policy, "r.yaml", &before);
        assert_eq!(after, rules(labels, wanted), "{before}");
    }
    let folder = folder(&[
        ("p.yaml", &policy),
        ("r.yaml", &rules("", "    labels: *l\n")),
    ]);
    let args = [&OWN_RULES[..], &["r.yaml"]].concat();
    let report = report(folder.path(), &args);
    let fix = &report["diagnostics"][0]["fix"];
    assert_eq!(fix["safety"], "display", "{fix}");
    assert_eq!(
        fix["title"],
        "set `labels.sev` to \"b\", in a text that others share"
    );
}

#[test]
fn several_fields_of_one_object_are_added_at_once() {
    let policy = "version: 1
rules:
  - id: acme/annotated
    on: alert
    message: m
    require: { annotations.summary: { exists: true }, labels.team: { exists: true } }
    fix: { safe: { set: { annotations.summary: a, annotations.description: b, labels.team: t, labels.tier: '1' } } }
";
    let before = "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up == 0\n    labels:\n      severity: page\n";
    let folder = folder(&[("p.yaml", policy), ("r.yml", before)]);
    let (told, code) = run(
        folder.path(),
        &[&OWN_RULES[..], &["--fix", "r.yml"]].concat(),
    );
    assert_eq!(code, 0, "{told}");
    assert_eq!(
        fs::read_to_string(folder.path().join("r.yml")).unwrap(),
        format!(
            "{before}      team: t\n      tier: \"1\"\n    annotations: {{\"summary\": \"a\", \"description\": \"b\"}}\n"
        )
    );
}

/// What is silenced in a description stays silenced.
#[test]
fn a_new_description_keeps_the_comments_of_the_old_one() {
    let policy = rule(
        "on: panel\nrequire: { description: { exists: true } }\nfix: { safe: { set: { description: Ask SRE } } }",
    );
    let comment = "<!-- dashlint: ignore[rate-on-gauge] it is none -->";
    let text = |said: &str| {
        format!(
            r#"{{ "title": "T", "uid": "t", "schemaVersion": 39, "panels": [ {{ "id": 1, "type": "stat", "title": "P", "description": "{said}" }} ] }}"#
        )
    };
    assert_eq!(
        fixed(&policy, "d.json", &text(comment)),
        text(&format!("Ask SRE {comment}"))
    );
    assert_eq!(fixed(&policy, "d.json", &text("")), text("Ask SRE"));
}
