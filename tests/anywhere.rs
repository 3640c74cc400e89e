//! Reports of any size, from any folder, over names in any script.
#![allow(clippy::unwrap_used)]

mod support;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use dashlint::report::Format;
use serde_json::Value;
use support::run::program as dashlint;

/// The reports of one run in every format: on standard output and in files at once.
fn reports(folder: &Path, code: i32) -> Vec<(Format, String)> {
    let out = tempfile::tempdir().unwrap();
    let mut command = dashlint(folder);
    command.args(["--quiet", "--format", "concise"]);
    for format in Format::ALL {
        let file = out.path().join("made/on/the/way").join(format.name());
        command
            .arg("--output")
            .arg(format!("{format}={}", file.display()));
    }
    let output = command.output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{err}");
    assert_eq!(err, "");
    let shown = String::from_utf8(output.stdout).unwrap();
    Format::ALL
        .into_iter()
        .map(|format| {
            let file = out.path().join("made/on/the/way").join(format.name());
            let text = fs::read_to_string(file).unwrap();
            if format == Format::Concise {
                assert_eq!(text, shown, "a file says what standard output says");
            }
            (format, text)
        })
        .collect()
}

/// How many findings a report holds.
fn count(format: Format, report: &str) -> usize {
    let json = || serde_json::from_str::<Value>(report).unwrap();
    let list = |value: &Value| value.as_array().unwrap().len();
    match format {
        Format::Json | Format::Rdjson => list(&json()["diagnostics"]),
        Format::Sarif => list(&json()["runs"][0]["results"]),
        Format::Gitlab => list(&json()),
        Format::Junit => {
            report.matches("<testcase ").count() - report.matches("no findings").count()
        }
        Format::Checkstyle => report.matches("<error ").count(),
        Format::Markdown => report
            .lines()
            .filter(|line| line.starts_with("| "))
            .count()
            .saturating_sub(1),
        Format::Pretty => report.matches("more: dashlint explain").count(),
        _ => report.lines().count(),
    }
}

#[test]
fn without_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rules.yml"), "groups: []\n").unwrap();
    for (format, report) in reports(folder.path(), 0) {
        assert_eq!(count(format, &report), 0, "{format}: {report}");
    }
    let empty = tempfile::tempdir().unwrap();
    for (format, report) in reports(empty.path(), 0) {
        assert_eq!(count(format, &report), 0, "{format}: {report}");
    }
}

#[test]
fn with_ten_thousand() {
    let folder = tempfile::tempdir().unwrap();
    let mut rules = String::from("groups:\n  - name: a\n    rules:\n");
    for number in 0..10_000 {
        let _ = writeln!(
            rules,
            "      - record: a:b{number}\n        expr: rate(x_total)"
        );
    }
    fs::write(folder.path().join("rules.yml"), rules).unwrap();
    let reports = reports(folder.path(), 1);
    let all = reports
        .iter()
        .find(|(format, _)| *format == Format::Jsonl)
        .map(|(format, report)| count(*format, report))
        .unwrap();
    assert!(all >= 10_000, "{all}");
    for (format, report) in &reports {
        let found = count(*format, report);
        if *format == Format::Markdown {
            assert!(found < all && report.len() < 65_536, "{found}");
        } else {
            assert_eq!(found, all, "{format}");
        }
    }
    let output = dashlint(folder.path())
        .args(["--max-findings", "3", "--format", "jsonl"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 3);
    let err = String::from_utf8(output.stderr).unwrap();
    let rest = format!("{} more findings not shown (--max-findings)\n", all - 3);
    assert!(err.starts_with(&rest), "{err}");
    assert!(
        err.contains("10000 errors"),
        "the counts are those of all: {err}"
    );
}

/// The most severe are shown, in the order of the files.
#[test]
fn the_worst_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let dashboard =
        r#"{ "title": "A", "schemaVersion": 39, "panels": [ { "type": "stat", "title": "" } ] }"#;
    fs::write(folder.path().join("a.json"), dashboard).unwrap();
    fs::write(folder.path().join("z.json"), format!("{dashboard} x")).unwrap();
    let output = dashlint(folder.path())
        .args(["--max-findings", "1", "--format", "concise"])
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(
        out.starts_with("z.json:1:") && out.contains(" error["),
        "{out}"
    );
}

#[test]
fn names_in_any_script() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("приборы/計器盤 и [x] {y}");
    fs::create_dir_all(&inner).unwrap();
    let dashboard = r#"{ "title": "Größe|`日本`<b>@all #1", "schemaVersion": 39, "panels": [ { "id": 1, "type": "stat",
        "title": "שלום 🦀", "targets": [ { "refId": "Ä", "datasource": { "type": "prometheus", "uid": "x" }, "expr": "räte(x" } ] } ] }"#;
    fs::write(inner.join("größe #1 100%.json"), dashboard).unwrap();
    let reports = reports(folder.path(), 1);
    let of = |wanted: Format| {
        let (_, report) = reports
            .iter()
            .find(|(format, _)| *format == wanted)
            .unwrap();
        report
    };
    let all = count(Format::Jsonl, of(Format::Jsonl));
    assert!(all > 0);
    for (format, report) in &reports {
        assert_eq!(count(*format, report), all, "{format}: {report}");
    }
    let uri = "%D0%BF%D1%80%D0%B8%D0%B1%D0%BE%D1%80%D1%8B/%E8%A8%88%E5%99%A8%E7%9B%A4%20%D0%B8%20%5Bx%5D%20%7By%7D/gr%C3%B6%C3%9Fe%20%231%20100%25.json";
    assert!(of(Format::Sarif).contains(uri));
    assert!(of(Format::Concise).contains("приборы/計器盤 и [x] {y}/größe #1 100%.json:"));
    assert!(!of(Format::Markdown).contains("<b>") && !of(Format::Markdown).contains("@all"));
}

/// A file in UTF-16 is told, and costs a report nothing but its excerpt.
#[test]
fn a_file_that_is_no_utf_8() {
    let folder = tempfile::tempdir().unwrap();
    let text = r#"{ "title": "Größe", "schemaVersion": 39, "panels": [] }"#;
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    fs::write(folder.path().join("wide.json"), bytes).unwrap();
    for (format, report) in reports(folder.path(), 1) {
        assert_eq!(count(format, &report), 1, "{format}: {report}");
        assert!(
            report.contains("UTF-16") || report.contains("UTF&#45;16"),
            "{format}: {report}"
        );
    }
}

/// Without git: the folder itself is the project, and the same is found.
#[test]
fn in_a_git_checkout_and_outside() {
    let dashboard = r#"{ "title": "A", "schemaVersion": 39, "panels": [ { "id": 1, "type": "stat", "targets":
        [ { "refId": "A", "datasource": { "type": "prometheus", "uid": "x" }, "expr": "rate(x" } ] } ] }"#;
    let found = |marked: bool| {
        let folder = tempfile::tempdir().unwrap();
        if marked {
            fs::create_dir(folder.path().join(".git")).unwrap();
        }
        fs::create_dir(folder.path().join("sub")).unwrap();
        fs::write(folder.path().join("sub/a.json"), dashboard).unwrap();
        let mut reports = reports(folder.path(), 1);
        // The only thing that differs is how long it took.
        reports.retain(|(format, _)| *format != Format::Junit);
        reports
    };
    assert_eq!(found(false), found(true));
}

#[test]
fn completions_the_man_page_and_the_version() {
    let folder = tempfile::tempdir().unwrap();
    let out = |args: &[&str]| {
        let output = dashlint(folder.path()).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = out(&["completions", shell]);
        assert!(script.contains("max-findings"), "{shell}");
        // The other two complete options, not what stands behind them.
        let values = matches!(shell, "bash" | "zsh" | "fish");
        assert!(!values || script.contains("sarif"), "{shell}");
    }
    let page = out(&["man"]);
    assert!(
        page.contains(".TH dashlint 1") && page.contains("\\-\\-max\\-findings"),
        "{page:.300}"
    );
    let version = out(&["--version"]);
    assert!(
        version.starts_with(concat!("dashlint ", env!("CARGO_PKG_VERSION"), " (")),
        "{version}"
    );
    let short = out(&["-V"]);
    assert_eq!(
        short.trim(),
        concat!("dashlint ", env!("CARGO_PKG_VERSION"))
    );
}
