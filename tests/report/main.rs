//! Reports, in every format, over good and over hostile findings.

mod anything;
mod excerpts;
mod fixtures;
mod foreign;
mod readers;
mod schema;

use dashlint::report::{Format, Style};
use fixtures::{files, findings, render};

#[test]
fn formats_know_whether_they_tell_fingerprints() {
    let mut others = findings();
    for finding in &mut others {
        finding.fingerprint.clear();
    }
    for format in Format::ALL {
        let without = render(&others, &files(), format, &Style::default());
        let tells = golden(format, &Style::default()) != without;
        assert_eq!(tells, format.tells_fingerprints(), "{format}");
    }
}

fn golden(format: Format, style: &Style) -> String {
    render(&findings(), &files(), format, style)
}

#[test]
fn pretty() {
    insta::assert_snapshot!(golden(Format::Pretty, &Style::default()));
}

#[test]
fn pretty_in_ascii() {
    let style = Style {
        unicode: false,
        ..Style::default()
    };
    insta::assert_snapshot!(golden(Format::Pretty, &style));
}

#[test]
fn pretty_in_color() {
    let style = Style {
        color: true,
        hyperlinks: true,
        ..Style::default()
    };
    let golden = golden(Format::Pretty, &style);
    // Only our own sequences: colours and links.
    insta::assert_snapshot!(golden.replace('\x1b', "␛"));
}

#[test]
fn concise() {
    insta::assert_snapshot!(golden(Format::Concise, &Style::default()));
}

#[test]
fn json() {
    insta::assert_snapshot!(golden(Format::Json, &Style::default()));
}

#[test]
fn jsonl() {
    insta::assert_snapshot!(golden(Format::Jsonl, &Style::default()));
}

#[test]
fn github() {
    insta::assert_snapshot!(golden(Format::Github, &Style::default()));
}

#[test]
fn sarif() {
    let report = golden(Format::Sarif, &Style::default());
    // The pages of rules change with the rules.
    let lines = report
        .lines()
        .map(|line| match line.split_once("\"markdown\": \"") {
            Some((indent, _)) => format!("{indent}\"markdown\": \"…\",\n"),
            None => format!("{line}\n"),
        });
    insta::assert_snapshot!(lines.collect::<String>());
}

#[test]
fn gitlab() {
    insta::assert_snapshot!(golden(Format::Gitlab, &Style::default()));
}

#[test]
fn junit() {
    insta::assert_snapshot!(golden(Format::Junit, &Style::default()));
}

#[test]
fn checkstyle() {
    insta::assert_snapshot!(golden(Format::Checkstyle, &Style::default()));
}

#[test]
fn rdjson() {
    insta::assert_snapshot!(golden(Format::Rdjson, &Style::default()));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(golden(Format::Markdown, &Style::default()));
}
