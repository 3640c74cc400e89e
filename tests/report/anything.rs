//! Any finding over any text can be reported, in every format.

use std::sync::Arc;

use dashlint::diagnostic::{
    Diagnostic, Edit, Fix, Group, Location, Quotes, Range, Related, Safety, Severity, Silencer,
    Snippet, Suppression, TrailStep,
};
use dashlint::report::{Format, Style};
use dashlint::source::Position;
use dashlint::span::Span;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::fixtures::{Files, render};
use crate::readers;
use crate::schema::check;

/// Text with everything that has ever broken a terminal or an index.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z\"{}:, ]{0,20}",
        1 => Just("\n".to_owned()),
        1 => Just("\r\n".to_owned()),
        1 => Just("\r".to_owned()),
        1 => Just("\t".to_owned()),
        1 => Just("\u{feff}".to_owned()),
        1 => Just("\u{1b}[31m\u{9b}2J\u{0}".to_owned()),
        1 => Just("\u{202e}e\u{301}\u{200d}".to_owned()),
        1 => Just("界🦀👩‍🚀".to_owned()),
        1 => "\\PC{0,5}",
        1 => any::<char>().prop_map(String::from),
        1 => "[a-z界]{200,300}",
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![
        8 => (0u32..120, 0u32..60).prop_map(|(start, len)| Span { start, end: start + len }),
        1 => (0u32..900, 0u32..900).prop_map(|(start, len)| Span { start, end: start + len }),
        1 => any::<(u32, u32)>().prop_map(|(a, b)| Span { start: a.min(b), end: a.max(b) }),
        // Upside down: no constructor makes one, but the fields are public.
        1 => any::<(u32, u32)>().prop_map(|(start, end)| Span { start, end }),
    ]
}

fn location() -> impl Strategy<Value = Location> {
    let path = prop_oneof![Just("a.json".to_owned()), Just("b.yml".to_owned()), text()];
    let snippet = option::of((text(), span()));
    (
        path,
        span(),
        any::<[u32; 4]>(),
        text(),
        option::of(text()),
        snippet,
    )
        .prop_map(
            |(file, span, [a, b, c, d], pointer, inner, snippet)| Location {
                file: file.into(),
                range: Range {
                    start: Position {
                        line: a,
                        column: b,
                        offset: span.start,
                    },
                    end: Position {
                        line: c,
                        column: d,
                        offset: span.end,
                    },
                },
                document: 0,
                pointer,
                inner,
                snippet: snippet.map(|(text, span)| Snippet {
                    text: text.into(),
                    span,
                }),
            },
        )
}

/// A place and others in the very same text, so that they are drawn together.
fn places() -> impl Strategy<Value = (Location, Vec<Location>)> {
    (
        location(),
        vec(location(), 0..7),
        vec(option::of(span()), 7),
    )
        .prop_map(|(first, mut others, near)| {
            for (other, near) in others.iter_mut().zip(near) {
                let Some(span) = near else { continue };
                *other = first.clone();
                other.range.start.offset = span.start;
                other.range.end.offset = span.end;
                if let Some(snippet) = &mut other.snippet {
                    snippet.span = span;
                }
            }
            (first, others)
        })
}

fn diagnostic() -> impl Strategy<Value = Diagnostic> {
    let trail = vec(
        (text(), text(), option::of(text()), option::of(any::<i64>())),
        0..4,
    );
    let fix = option::of((text(), 0usize..3, vec((text(), span(), text()), 0..3)));
    let words = (text(), text(), option::of(text()), option::of(text()));
    let suppressed = option::of((option::of(text()), option::of(text())));
    let kind = (0..Group::ALL.len(), 0..Severity::ALL.len());
    (words, kind, places(), trail, fix, suppressed).prop_map(
        |(
            (rule, message, label, help),
            (group, severity),
            (location, others),
            trail,
            fix,
            suppressed,
        )| {
            Diagnostic {
                rule: rule.into(),
                group: Group::ALL[group],
                severity: Severity::ALL[severity],
                quotes: Quotes::Names,
                message,
                label,
                help,
                location,
                trail: trail
                    .into_iter()
                    .map(|(kind, name, uid, id)| TrailStep {
                        kind: kind.into(),
                        name,
                        uid,
                        id,
                    })
                    .collect(),
                related: others
                    .into_iter()
                    .map(|location| Related {
                        message: location.pointer.clone(),
                        location,
                    })
                    .collect(),
                fix: fix.map(|(title, safety, edits)| Fix {
                    title,
                    safety: [Safety::Display, Safety::Unsafe, Safety::Safe][safety],
                    edits: edits
                        .into_iter()
                        .map(|(file, span, replacement)| Edit {
                            file: file.into(),
                            span,
                            replacement,
                        })
                        .collect(),
                }),
                cause: None,
                measure: None,
                suppressed: suppressed.map(|(reason, until)| Suppression {
                    by: Silencer::Comment,
                    reason,
                    until,
                }),
                fingerprint: String::new(),
                by_title: None,
            }
        },
    )
}

/// Whether a terminal would obey a character of `report`, other than the line breaks that are ours.
fn harmless(report: &str) -> bool {
    !report.chars().any(|c| c.is_control() && c != '\n')
        && !report.contains(['\u{202e}', '\u{2028}'])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn renders(
        diagnostics in vec(diagnostic(), 0..3),
        texts in [text(), text()],
        width in 0usize..200,
        unicode in any::<bool>(),
    ) {
        let [a, b] = texts.map(Arc::from);
        let files: Files = [("a.json".to_owned(), a), ("b.yml".to_owned(), b)].into_iter().collect();
        let style = Style { width, unicode, ..Style::default() };
        let lines = |report: &str| report.lines().count();
        let spoken = diagnostics.iter().filter(|d| d.suppressed.is_none()).count();
        for format in Format::ALL {
            let report = render(&diagnostics, &files, format, &style);
            prop_assert!(harmless(&report), "{format}: {report:?}");
            match format {
                Format::Json => {
                    let document = serde_json::from_str(&report).expect("a report is JSON");
                    prop_assert_eq!(check(&document), Ok(()));
                }
                Format::Concise => prop_assert_eq!(lines(&report), diagnostics.len()),
                Format::Jsonl => {
                    prop_assert_eq!(lines(&report), diagnostics.len());
                    for line in report.lines() {
                        prop_assert!(serde_json::from_str::<serde_json::Value>(line).is_ok());
                    }
                }
                Format::Github => {
                    prop_assert_eq!(lines(&report), spoken);
                    prop_assert!(report.lines().all(|line| line.starts_with("::")));
                }
                Format::Pretty => {
                    // Every line is ours: a headline, a frame, a note.
                    let ours = |line: &str| {
                        line.is_empty() || line.starts_with("   ") || Severity::ALL
                            .iter()
                            .any(|severity| line.starts_with(severity.name()))
                    };
                    prop_assert!(report.lines().all(ours), "{report}");
                }
                Format::Markdown => {
                    // A row a finding, and no row is broken by what stands in it.
                    let rows = report.lines().filter(|line| line.starts_with("| ")).count();
                    prop_assert_eq!(rows, spoken + usize::from(spoken > 0), "{}", report);
                }
                _ => readers::read(format, &report, &diagnostics)?,
            }
            let colored = Style { color: true, hyperlinks: true, ..style };
            render(&diagnostics, &files, format, &colored);
        }
    }
}
