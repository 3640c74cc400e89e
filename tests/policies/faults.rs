//! Policy files that are not understood.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::tree::folder;
use crate::{DASHBOARD, FIXABLE, OWN_RULES, rule, run, support};

/// Every fault is told with its place, and the run exits with 2.
#[test]
fn faults_of_policies_are_told_with_their_places() {
    for (body, place, message) in [
        (
            "on: dashbord\nrequire: { title: x }",
            "dashbord",
            "rules cannot look at `dashbord`",
        ),
        (
            "on: panel\nrequire: { titel: x }",
            "titel",
            "a panel has no field `titel`",
        ),
        (
            "on: panel\nrequire: { title: { match: x } }",
            "match",
            "there is no operator `match`",
        ),
        (
            "on: panel\nrequire: { title: { matches: '(' } }",
            "'('",
            "no regular expression: unclosed group",
        ),
        (
            "on: dashboard\nrequire: { tags: { matches: x } }",
            "matches",
            "`tags` is a list of texts, which `matches` makes no sense of",
        ),
        (
            "on: panel\nrequire: { decimals: { max: x } }",
            "x",
            "`max` takes a number",
        ),
        (
            "on: alert\nrequire: { for: { max: soon } }",
            "soon",
            "`max` takes a duration, such as 5m",
        ),
        (
            "on: panel\nrequire: { title: { exists: 1 } }",
            "1",
            "`exists` is true or false, not a number",
        ),
        (
            "on: panel\nrequire: x",
            "x",
            "a condition is a mapping of fields of a panel, not a string",
        ),
        (
            "on: panel\nwher: {}\nrequire: { title: x }",
            "wher",
            "a rule has no key `wher`",
        ),
        (
            "on: panel\nseverity: fatal\nrequire: { title: x }",
            "fatal",
            "`fatal` is no severity: error, warning or info",
        ),
        (
            "on: panel\nhelp: 'of {titel}'\nrequire: { title: x }",
            "{titel}",
            "a panel has no field `titel`",
        ),
        (
            "on: panel",
            "t/r",
            "`t/r` neither requires nor forbids anything",
        ),
        (
            "on: panel\nrequire: { title: x }\nfix: { sure: { set: { unit: s } } }",
            "sure",
            "`sure` does not say how far the fix can be trusted",
        ),
        (
            "on: panel\nrequire: { title: x }\nfix: { safe: { set: { unit.name: s } } }",
            "unit.name",
            "`unit.name` follows from other fields and cannot be written",
        ),
        (
            "on: panel\nrequire: { title: x }\nexamples: [{ flaged: x }]",
            "flaged",
            "an example has no key `flaged`",
        ),
        (
            "on: panel\nrequire: {}",
            "{}",
            "nothing is asked of the panel: whatever it is would do",
        ),
        (
            "on: panel\nrequire: { title: {} }",
            "{}",
            "nothing is asked of `title`: whatever it is would do",
        ),
        (
            "on: panel\nrequire: { not: {} }",
            "{}",
            "nothing is asked of the panel: whatever it is would do",
        ),
        (
            "on: panel\nrequire: { and: [] }",
            "[]",
            "the list is empty: `and` of no conditions always holds",
        ),
        (
            "on: panel\nforbid: { or: [] }",
            "[]",
            "the list is empty: `or` of no conditions never holds",
        ),
        (
            "on: panel\nforbid: { title: { or: [] } }",
            "[]",
            "the list is empty: `or` of no tests never holds",
        ),
        (
            "on: panel\nforbid: { title: [] }",
            "[]",
            "the list is empty: `in` of no values never holds",
        ),
        (
            "on: dashboard\nforbid: { refresh: { min: 10s, max: 5s } }",
            "min",
            "nothing is at least 10s and at most 5s",
        ),
        (
            "on: dashboard\nrequire: { tags: { length: { max: -1 } } }",
            "{ max: -1 }",
            "nothing is as short as this",
        ),
        (
            "on: dashboard\nforbid: { tags: { length: { min: 0 } } }",
            "{ min: 0 }",
            "everything is as long as this",
        ),
        (
            "on: panel\nrequire: { title: { matches: '\\w{1,1000}' } }",
            "'\\w{1,1000}'",
            "the regular expression takes too much memory",
        ),
        (
            "on: panel\nrequire: { title: x }\nfix: { safe: { remove: dashboard.tags } }",
            "dashboard.tags",
            "`dashboard.tags` follows from other fields and cannot be written",
        ),
        (
            "on: panel\nrequire: { title: x }\nfix: { safe: { set: { title: 'not {value}' } } }",
            "'not {value}'",
            "a new value knows nothing of `{value}`",
        ),
    ] {
        let policy = rule(body);
        let folder = folder(&[("p.yaml", &policy), ("d.json", DASHBOARD)]);
        let args = [
            "--isolated",
            "--policy",
            "p.yaml",
            "--select",
            "policy,meta",
            "--format",
            "json",
            "d.json",
        ];
        let (code, out, _) = support::run::run(folder.path(), &args);
        assert_eq!(code, 2, "{body}");
        let report: Value = serde_json::from_str(&out).unwrap();
        let told: Vec<(&str, &str)> = report["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["file"] == "p.yaml")
            .map(|finding| {
                let offset = |end: &str| finding["range"][end]["offset"].as_u64().unwrap() as usize;
                (
                    &policy[offset("start")..offset("end")],
                    finding["message"].as_str().unwrap(),
                )
            })
            .collect();
        assert!(told.contains(&(place, message)), "{body}: {told:?}");
        for finding in report["diagnostics"].as_array().unwrap() {
            let helped = finding["help"]
                .as_str()
                .is_some_and(|help| !help.is_empty());
            assert!(helped || finding["file"] != "p.yaml", "{body}: {finding}");
        }
    }
}

#[test]
fn a_field_is_found_by_its_last_part() {
    for (body, help) in [
        (
            "on: query\nforbid: { functions: irate }",
            "did you mean `promql.functions`?",
        ),
        (
            "on: panel\nrequire: { uid: x }",
            "did you mean `dashboard.uid`?",
        ),
        ("on: panel\nrequire: { titel: x }", "did you mean `title`?"),
    ] {
        let folder = folder(&[("p.yaml", &rule(body)), ("d.json", DASHBOARD)]);
        let (told, code) = run(folder.path(), &["test", "p.yaml"]);
        assert_eq!(code, 2, "{told}");
        assert!(told.contains(help), "{told}");
    }
}

#[test]
fn what_is_no_policy_file_is_told() {
    for (text, message) in [
        ("", "a policy file is a mapping"),
        ("- a\n", "a policy file is a mapping"),
        (
            "rules: []\n",
            "the file does not say the version of the language",
        ),
        (
            "version: 2\nrules: []\n",
            "version 2 of the language is not known",
        ),
        ("version: 1\n", "the file has no `rules`"),
        (
            "version: 1\nrules:\n  - id: Acme\n    on: panel\n",
            "`Acme` is no name for a rule",
        ),
        ("version: 1\nrules: [", "version: 1"),
        (
            "version: 1\nrules: []\n---\nversion: 1\nrules: []\n",
            "what follows a second `---` is not read",
        ),
        (
            "version: 1\nversion: 1\nrules: []\n",
            "the key `version` is already in this object",
        ),
    ] {
        let folder = folder(&[("p.yaml", text), ("d.json", DASHBOARD)]);
        let (told, code) = run(
            folder.path(),
            &["--isolated", "--policy", "p.yaml", "d.json"],
        );
        assert_eq!(code, 2, "{text:?}: {told}");
        assert!(
            message == "version: 1" || told.contains(message),
            "{text:?}: {told}"
        );
    }
    let folder = folder(&[("d.json", DASHBOARD)]);
    let (told, code) = run(folder.path(), &["--policy", "gone.yaml", "d.json"]);
    assert_eq!(code, 2);
    assert!(told.contains("cannot read the policy"), "{told}");
    let (told, code) = run(
        folder.path(),
        &["--isolated", "--select", "acme/gone", "d.json"],
    );
    assert_eq!(code, 2);
    assert!(told.contains("there is no rule `acme/gone`"), "{told}");
    let (told, code) = run(folder.path(), &["--policy", "pack:gone", "d.json"]);
    assert_eq!(code, 2);
    assert!(told.contains("there is no pack `gone`"), "{told}");
}

#[test]
fn a_folder_stands_for_the_policies_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("policies/more")).unwrap();
    fs::write(
        root.join("d.json"),
        r#"{"title":"D","uid":"d","schemaVersion":39,"panels":[]}"#,
    )
    .unwrap();
    let run_all = || {
        run(
            root,
            &[
                "--isolated",
                "--select",
                "policy",
                "--policy",
                "policies",
                "d.json",
            ],
        )
    };
    let (told, code) = run_all();
    assert_eq!(code, 2, "{told}");
    assert!(
        told.contains("no policy file") && told.contains("policies"),
        "{told}"
    );
    let policy = |id: &str| {
        format!(
            "version: 1\nrules:\n  - id: acme/{id}\n    on: dashboard\n    forbid: {{ title: D }}\n    message: m\n"
        )
    };
    for (file, id) in [
        ("b.yaml", "b"),
        ("a.yml", "a"),
        ("more/c.yaml", "c"),
        ("notes.txt", "n"),
    ] {
        fs::write(root.join("policies").join(file), policy(id)).unwrap();
    }
    let (told, code) = run_all();
    assert_eq!(code, 1, "{told}");
    let has = |id: &str| told.contains(&format!("[acme/{id}]"));
    assert_eq!(
        ["a", "b", "c", "n"].map(has),
        [true, true, false, false],
        "{told}"
    );
    // Of two rules of one name the one of the file that comes later is told.
    fs::write(root.join("policies/b.yaml"), policy("a")).unwrap();
    let (told, _) = run_all();
    assert!(told.contains("b.yaml:3:"), "{told}");
}

/// Conditions in conditions end somewhere, and so do aliases of aliases.
#[test]
fn hostile_policy_files_are_refused() {
    let deep = format!(
        "on: panel\nrequire: {}{}",
        "{ not: ".repeat(3000),
        "}".repeat(3000)
    );
    let mut wide = String::from("on: panel\nrequire: &a0 { title: x }\n");
    for level in 1..40 {
        wide.push_str(&format!(
            "x{level}: &a{level} {{ or: [{}] }}\n",
            vec![format!("*a{}", level - 1); 10].join(", ")
        ));
    }
    wide.push_str("forbid: *a39\n");
    for body in [deep, wide] {
        let folder = folder(&[("p.yaml", &rule(&body)), ("d.json", DASHBOARD)]);
        let (_, code) = run(
            folder.path(),
            &["--isolated", "--policy", "p.yaml", "d.json"],
        );
        assert_eq!(code, 2);
    }
}

/// Many regular expressions are no way around the limit of one.
#[test]
fn the_regular_expressions_of_a_file_have_a_limit_together() {
    let policy = |count: usize| {
        let parts: Vec<String> = (0..count)
            .map(|at| format!("{{ title: {{ matches: '\\w{{1,10}}x{at}' }} }}"))
            .collect();
        rule(&format!(
            "on: panel\nforbid: {{ or: [{}] }}",
            parts.join(", ")
        ))
    };
    for (count, code) in [(20, 0), (400, 2)] {
        let folder = folder(&[("p.yaml", &policy(count)), ("d.json", DASHBOARD)]);
        let (told, exit) = run(
            folder.path(),
            &[
                "--isolated",
                "--policy",
                "p.yaml",
                "--select",
                "policy",
                "d.json",
            ],
        );
        assert_eq!(exit, code, "{told}");
        let said =
            told.contains("the regular expressions of this file take too much memory together");
        assert_eq!(said, code == 2, "{told}");
    }
}

#[test]
fn two_policies_may_not_share_a_rule() {
    let folder = folder(&[
        ("a.yaml", FIXABLE),
        ("b.yaml", FIXABLE),
        ("d.json", DASHBOARD),
    ]);
    let args = [
        "--isolated",
        "--policy",
        "a.yaml",
        "--policy",
        "b.yaml",
        "--select",
        "policy,meta",
        "d.json",
    ];
    let (told, code) = run(folder.path(), &args);
    assert_eq!(code, 2);
    assert!(
        told.contains("another policy has a rule `t/team`, too"),
        "{told}"
    );
}

/// All faults of a rule are told in one run, whatever is selected, and a rule with one does not run.
#[test]
fn all_faults_of_a_rule_are_told_whatever_is_selected() {
    let policy = "version: 1
rules:
  - id: t/r
    on: panel
    severity: fatal
    message: '{titel} is wrong'
    where: { titel: x }
    forbid: { title: { match: x, matches: '(' }, type: { equals: 3 }, unit: { matches: 12 } }
    help: '{typ}'
  - id: t/empty
    on: panel
    forbid: { title: { exists: true } }
    message: ''
";
    let folder = folder(&[("p.yaml", policy), ("d.json", DASHBOARD)]);
    for select in ["policy", "t/r", "units"] {
        let args = [
            "--isolated",
            "--policy",
            "p.yaml",
            "--select",
            select,
            "--format",
            "concise",
            "d.json",
        ];
        let (told, code) = run(folder.path(), &args);
        assert_eq!(code, 2, "{told}");
        for fault in [
            "`fatal` is no severity",
            "a panel has no field `titel`",
            "there is no operator `match`",
            "no regular expression: unclosed group",
            "`3` is no text",
            "`matches` is a text, not a number",
            "a panel has no field `typ`",
            "the message is empty",
        ] {
            assert!(told.contains(fault), "{fault}: {told}");
        }
        assert!(!told.contains("[t/"), "{told}");
    }
    let (told, code) = run(folder.path(), &["test", "p.yaml"]);
    assert_eq!(code, 2);
    assert!(!told.contains("all hold"), "{told}");
}

/// Errors of the configuration are told although other rules are selected or its own group is off.
#[test]
fn errors_of_the_configuration_are_told_whatever_is_selected() {
    let config = "[rules]\nmeta = \"off\"\nmising-unit = \"off\"\n";
    let folder = folder(&[("dashlint.toml", config), ("d.json", DASHBOARD)]);
    for args in [&["d.json"][..], &["--select", "policy", "d.json"]] {
        let (told, _) = run(folder.path(), args);
        assert!(
            told.contains("there is no rule or group `mising-unit`"),
            "{told}"
        );
    }
}

/// Names of policies' rules on the command line are looked up as native ones are.
#[test]
fn misspelt_rules_on_the_command_line_are_told() {
    let folder = folder(&[("p.yaml", FIXABLE), ("d.json", DASHBOARD)]);
    for (flag, name, hint) in [
        ("--select", "t/refrsh", "did you mean `t/refresh`?"),
        ("--ignore", "t/refrsh", "did you mean `t/refresh`?"),
        ("--extend-select", "acme/nope", "`dashlint rules` lists all"),
        (
            "--select",
            "ownership/missing-owner",
            "`--policy pack:ownership` brings the pack",
        ),
    ] {
        let args = ["--isolated", "--policy", "p.yaml", flag, name, "d.json"];
        let (told, code) = run(folder.path(), &args);
        assert_eq!(code, 2, "{told}");
        let message = format!("there is no rule `{name}`; {hint}");
        assert!(told.contains(&message), "{told}");
    }
}

/// What is around many things is asked once, and many rules are read one by one: time grows with the input, not with its square,
/// which would take minutes.
#[test]
fn large_inputs_take_no_longer_than_they_must() {
    let panels = vec![r#"{"type": "text", "title": "p"}"#; 20_000].join(",");
    let tags: Vec<String> = (0..20_000).map(|at| format!("\"t{at}\"")).collect();
    let dashboard = format!(
        r#"{{"schemaVersion": 39, "title": "x", "tags": [{}], "panels": [{panels}]}}"#,
        tags.join(",")
    );
    let rules: Vec<String> = (0..20_000)
        .map(|at| format!("  - {{id: t/r{at}, on: alert, message: m, forbid: {{title: a{at}}}}}"))
        .collect();
    let many = format!("version: 1\nrules:\n{}\n", rules.join("\n"));
    let one = rule("on: panel\nforbid: { dashboard.tags: { any: { matches: 'zzz$' } } }");
    for policy in [one, many] {
        let folder = folder(&[("p.yaml", &policy), ("d.json", &dashboard)]);
        let start = Instant::now();
        let (told, code) = run(folder.path(), &[&OWN_RULES[..], &["d.json"]].concat());
        assert_eq!(code, 0, "{told}");
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{:?}",
            start.elapsed()
        );
    }
}
