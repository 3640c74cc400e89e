//! Carets stand below what they point at, whatever the text.

use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dashlint::diagnostic::{Related, Severity, Snippet};
use dashlint::report::{Format, Style, terminal};
use dashlint::source::LineIndex;
use dashlint::span::Span;

use crate::fixtures::{Files, at, find, finding, render};

/// What `pretty` shows for one finding at `span` of `text`, without headline and notes.
fn excerpt(text: &str, span: Span, style: &Style) -> Vec<String> {
    let place = at("a.json", text, span, "");
    let diagnostics = [finding("a-rule", Severity::Info, "m", place)];
    let files: Files = [("a.json".to_owned(), Arc::from(text))]
        .into_iter()
        .collect();
    let report = render(&diagnostics, &files, Format::Pretty, style);
    let lines = report.lines().filter_map(|line| line.strip_prefix("   │"));
    lines
        .map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned())
        .collect()
}

/// The part of a shown line above the caret of the line below it.
fn above<'l>(shown: &'l str, caret: &str) -> &'l str {
    let from = caret.chars().take_while(|c| *c == ' ').count();
    let to = terminal::width(caret);
    let mut column = 0;
    let (mut start, mut end) = (shown.len(), shown.len());
    for (byte, c) in shown.char_indices() {
        if column == from {
            start = start.min(byte);
        }
        if column == to {
            end = end.min(byte);
        }
        column += terminal::char_width(c);
    }
    &shown[start.min(end)..end]
}

#[test]
fn the_caret_is_below_its_word() {
    let long = "x".repeat(500);
    let texts = [
        "{\"a\": WORD}".to_owned(),
        "\u{feff}WORD".to_owned(),
        "日本語 \"größe\": WORD, 文字".to_owned(),
        "a\r\n\t\tkey: WORD\r\nb".to_owned(),
        "\u{1b}[31m\u{0} WORD\u{7f}".to_owned(),
        format!("{long} WORD {long}"),
        format!("{long} WORD"),
        format!("WORD{long}"),
        format!("{0} WORD {0}", "界".repeat(300)),
        "WORD".to_owned(),
        "\n\nWORD\n".to_owned(),
        "  \n      - WORD\r".to_owned(),
    ];
    for text in texts {
        for width in [0, 40, 100, 1000] {
            let style = Style {
                width,
                ..Style::default()
            };
            let start = text.find("WORD").expect("it is there");
            let shown = excerpt(&text, Span::new(start, start + 4), &style);
            assert_eq!(shown.len(), 2, "{shown:#?}");
            assert_eq!(above(&shown[0], &shown[1]), "WORD", "{shown:#?}");
            assert!(
                terminal::width(&shown[0]) <= width.clamp(40, 132),
                "{shown:#?}"
            );
        }
    }
}

#[test]
fn an_empty_place_has_a_caret() {
    let style = Style::default();
    for (text, offset) in [
        ("", 0),
        ("\u{feff}", 0),
        ("a", 1),
        ("a\n", 2),
        ("a\r\nb", 2),
        ("ab", 1),
    ] {
        let shown = excerpt(text, Span::at(offset), &style);
        assert_eq!(shown.len(), 2, "{text:?} {shown:#?}");
        assert_eq!(shown[1].trim_start(), "▲", "{text:?} {shown:#?}");
    }
    assert_eq!(excerpt("ab", Span::at(1), &style), ["ab", " ▲"]);
    assert_eq!(excerpt("a\r\nb", Span::at(2), &style), ["a", " ▲"]);
}

#[test]
fn a_long_mark_is_cut_and_says_so() {
    let text = format!("{{\"a\": \"{}\"}}", "y".repeat(9000));
    let shown = excerpt(&text, Span::new(6, 9008), &Style::default());
    assert!(
        shown[0].starts_with("{\"a\": \"yyy") && shown[0].ends_with("yy…"),
        "{shown:#?}"
    );
    assert_eq!(terminal::width(&shown[0]), terminal::width(&shown[1]));
}

#[test]
fn a_mark_of_many_lines_shows_its_ends() {
    let text = "k:\n  - a\n  - b\n  - c\n  - d\n  - e\n  - f\nz: 1\n";
    let shown = excerpt(
        text,
        Span::new(5, text.find("z:").expect("it is there")),
        &Style::default(),
    );
    assert_eq!(shown, ["╭─▶ - a", "│   - b", "│   …", "╰─▶ - f"]);
    let whole = excerpt(text, Span::new(5, 15), &Style::default());
    assert_eq!(whole, ["╭─▶ - a", "╰─▶ - b"]);
}

#[test]
fn a_query_shows_its_neighbourhood() {
    let query: String = (1..=9).fold(String::new(), |mut query, line| {
        let _ = writeln!(
            query,
            "  line {line} {}",
            "z".repeat(if line == 4 { 200 } else { 2 })
        );
        query
    });
    let mut place = at("a.json", "{}", Span::new(0, 2), "");
    let start = query.find("line 5").expect("it is there");
    place.snippet = Some(Snippet {
        text: query.into(),
        span: Span::new(start, start + 4),
    });
    let diagnostics = [finding("a-rule", Severity::Error, "m", place)];
    let style = Style {
        width: 40,
        ..Style::default()
    };
    insta::assert_snapshot!(render(&diagnostics, &Files::new(), Format::Pretty, &style));
}

#[test]
fn a_file_that_is_gone_costs_only_the_excerpt() {
    let text = "{\"a\": 1}";
    let mut diagnostic = finding(
        "a-rule",
        Severity::Error,
        "m",
        find("a.json", text, "1", "/a"),
    );
    diagnostic.label = Some("one".to_owned());
    diagnostic.related = vec![Related {
        location: find("b.json", text, "\"a\"", "/a"),
        message: "and here".to_owned(),
    }];
    let files: Files = [("b.json".to_owned(), Arc::from("short"))]
        .into_iter()
        .collect();
    insta::assert_snapshot!(render(
        &[diagnostic],
        &files,
        Format::Pretty,
        &Style::default()
    ));
}

#[test]
fn many_related_places_are_counted() {
    let text = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
    let mut diagnostic = finding(
        "a-rule",
        Severity::Error,
        "m",
        find("a.yml", text, "one", ""),
    );
    for word in text.split_whitespace().skip(1) {
        diagnostic.related.push(Related {
            location: find("b.yml", text, word, ""),
            message:
                "a label so long that it cannot stand beside its caret without running out of the \
                      terminal of the person who reads it"
                    .to_owned(),
        });
    }
    let files: Files = ["a.yml", "b.yml"]
        .into_iter()
        .map(|path| (path.to_owned(), Arc::from(text)))
        .collect();
    insta::assert_snapshot!(render(
        &[diagnostic],
        &files,
        Format::Pretty,
        &Style::default()
    ));
}

#[test]
fn two_megabytes_on_one_line_are_no_trouble() {
    let mut text = String::from("{\"panels\":[");
    let mut spans = Vec::new();
    while text.len() < 2 << 20 {
        let start = text.len();
        let _ = write!(text, "{{\"title\":\"größe {start}\",\"unit\":\"ms\"}},");
        spans.push(Span::new(text.len() - 6, text.len() - 2));
    }
    text.push_str("0]}");
    let index = LineIndex::new(&text);
    let files: Files = [("big.json".to_owned(), Arc::from(text.as_str()))]
        .into_iter()
        .collect();
    let step = spans.len() / 300;
    let diagnostics: Vec<_> = spans
        .into_iter()
        .step_by(step)
        .take(300)
        .map(|span| {
            let mut place = at("big.json", "", Span::default(), "/panels");
            place.range.start = index.position("", 0);
            place.range.start.offset = span.start;
            place.range.start.column = span.start + 1;
            place.range.end = place.range.start;
            place.range.end.offset = span.end;
            let mut diagnostic = finding("a-rule", Severity::Warning, "milliseconds", place);
            diagnostic.label = Some("here".to_owned());
            diagnostic
        })
        .collect();
    assert_eq!(diagnostics.len(), 300);
    let since = Instant::now();
    let report = render(&diagnostics, &files, Format::Pretty, &Style::default());
    let took = since.elapsed();
    assert!(report.lines().all(|line| terminal::width(line) <= 100));
    assert_eq!(
        report.matches("\"ms\"},").count() / 300,
        2,
        "the word and its neighbour"
    );
    // Milliseconds when optimised; this only guards against work that grows with the file.
    assert!(took < Duration::from_secs(2), "{took:?}");
}
