//! For people at a terminal: what, where, the text itself with a caret, why, what to do.
//!
//! miette draws the excerpts, through our [`Window`]; the frame around them is ours, because one finding may speak of
//! several files and of queries decoded from them.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::sync::Arc;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles,
};

use super::terminal::{self, Paint, clip, sanitize};
use super::window::{Shape, Window};
use super::{Report, Style, rule_url};
use crate::color::Rgba;
use crate::color::swatch::{mentioned, patch};
use crate::diagnostic::{
    Diagnostic, Fix, Group, Location, Safety, Severity, Silencer, Suppression,
};

/// Places besides the first that are shown with their text.
const MAX_RELATED: usize = 4;
/// Places drawn into the excerpt of the first one.
const MAX_TOGETHER: usize = 3;
/// Characters of a message, a help text.
const MAX_TEXT: usize = 1000;
/// Characters of a label.
const MAX_LABEL: usize = 200;
/// Characters of a name in the trail.
const MAX_NAME: usize = 60;
/// Columns of an excerpt: about 60 around the caret.
const MAX_COLUMNS: usize = 124;

/// Writes every finding, a blank line after each.
pub(super) fn write(report: &Report<'_>, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut pen = Pen::new(report, style);
    let mut buffer = String::new();
    for diagnostic in report.diagnostics {
        buffer.clear();
        pen.finding(diagnostic, &mut buffer);
        buffer.push('\n');
        out.write_all(buffer.as_bytes())?;
    }
    Ok(())
}

/// The colour of a severity.
pub(super) fn severity_paint(severity: Severity) -> Paint {
    match severity {
        Severity::Error => Paint::Red,
        Severity::Warning => Paint::Yellow,
        Severity::Info => Paint::Blue,
    }
}

/// A text asked for last, or that it could not be had.
type Kept = Option<(Arc<str>, Option<Arc<str>>)>;

struct Pen<'a> {
    report: &'a Report<'a>,
    style: &'a Style,
    chars: ThemeCharacters,
    shape: Shape,
    /// The file of the findings, and the file of a related place.
    kept: [Kept; 2],
}

/// One excerpt for miette.
#[derive(Debug)]
struct Excerpt {
    window: Window,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Excerpt {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Excerpt {}

impl miette::Diagnostic for Excerpt {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.window)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl<'a> Pen<'a> {
    fn new(report: &'a Report<'a>, style: &'a Style) -> Self {
        let (chars, ellipsis) = if style.unicode {
            (ThemeCharacters::unicode(), "…")
        } else {
            (ThemeCharacters::ascii(), "...")
        };
        Pen {
            report,
            style,
            chars,
            shape: Shape {
                columns: style.width.saturating_sub(8).clamp(32, MAX_COLUMNS),
                context: 0,
                ellipsis,
            },
            kept: [None, None],
        }
    }

    fn finding(&mut self, diagnostic: &Diagnostic, out: &mut String) {
        let color = severity_paint(diagnostic.severity);
        self.headline(diagnostic, color, out);
        self.place(self.chars.ltop, &diagnostic.location, out);
        if self.style.show_trail && !diagnostic.trail.is_empty() {
            out.push(' ');
            out.push_str(&self.trail(diagnostic));
        }
        out.push('\n');

        let (window, drawn) = self.excerpt(diagnostic);
        let mut labels = vec![(diagnostic.label.as_deref(), color)];
        labels.extend(
            drawn
                .iter()
                .map(|&at| (Some(diagnostic.related[at].message.as_str()), Paint::Cyan)),
        );
        self.body(window, &labels, out);

        let apart = || (0..diagnostic.related.len()).filter(|at| !drawn.contains(at));
        for related in apart().take(MAX_RELATED).map(|at| &diagnostic.related[at]) {
            self.place(self.chars.lcross, &related.location, out);
            out.push('\n');
            let window = self.text(&related.location).map(|text| {
                Window::new(
                    &text,
                    self.mark(&related.location),
                    self.shape_of(&related.location),
                )
            });
            self.body(window, &[(Some(&related.message), Paint::Cyan)], out);
        }
        let rest = apart().count().saturating_sub(MAX_RELATED);
        if rest > 0 {
            let places = if rest == 1 { "place" } else { "places" };
            let words = format!(
                "{} and {rest} more {places} (--format json lists them)",
                self.shape.ellipsis
            );
            let (corner, bar) = (self.chars.lcross, self.chars.hbar);
            out.push_str(&self.frame(&format!("{corner}{bar} ")));
            out.push_str(&words);
            out.push('\n');
        }
        self.swatches(diagnostic, out);
        self.notes(diagnostic, out);
    }

    /// The colours a finding speaks of, and below them how they are seen, where the terminal can show them.
    fn swatches(&self, diagnostic: &Diagnostic, out: &mut String) {
        if !self.style.true_color || diagnostic.group != Group::Accessibility {
            return;
        }
        let related = diagnostic.related.iter().map(|related| &related.message);
        let seen: Vec<Rgba> = related
            .chain(&diagnostic.label)
            .flat_map(|text| mentioned(text))
            .collect();
        let bar = self.frame(&self.chars.vbar.to_string());
        for (what, colors) in [("", mentioned(&diagnostic.message)), ("seen as ", seen)] {
            if colors.is_empty() {
                continue;
            }
            let patches: Vec<String> = colors.iter().map(|color| patch(*color, true)).collect();
            out.push_str(&format!("{bar} {what:8}{}\n", patches.join("  ")));
        }
    }

    /// `warning[rule]: message`
    fn headline(&self, diagnostic: &Diagnostic, color: Paint, out: &mut String) {
        let mut what = format!("{}[{}]", diagnostic.severity, sanitize(&diagnostic.rule));
        if self.style.color {
            what = terminal::paint(true, color, &what).into_owned();
            if self.style.hyperlinks
                && let Some(url) = rule_url(diagnostic)
            {
                what = terminal::link(&what, &url);
            }
        }
        let message = self.words(&diagnostic.message, MAX_TEXT);
        out.push_str(&what);
        out.push_str(": ");
        out.push_str(&self.paint(Paint::Bold, &message));
        out.push('\n');
    }

    /// `╭─[file:line:column]`
    fn place(&self, corner: char, location: &Location, out: &mut String) {
        let start = location.range.start;
        let place = format!(
            "{}:{}:{}",
            sanitize(&location.file),
            start.line,
            start.column
        );
        let bar = self.chars.hbar;
        out.push_str(&self.frame(&format!("{corner}{bar}[")));
        out.push_str(&self.paint(Paint::Cyan, &place));
        out.push_str(&self.paint(Paint::Dim, "]"));
    }

    /// `dashboard "API" › panel "P99 latency" (id 12) › query A`
    fn trail(&self, diagnostic: &Diagnostic) -> String {
        let steps: Vec<String> = diagnostic
            .trail
            .iter()
            .map(|step| {
                let mut step = step.clone();
                step.name = clip(&step.name, MAX_NAME, self.shape.ellipsis).into_owned();
                sanitize(&step.to_string()).into_owned()
            })
            .collect();
        steps.join(if self.style.unicode { " › " } else { " > " })
    }

    /// The excerpt around a finding, and which of its related places could be drawn into it.
    fn excerpt(&mut self, diagnostic: &Diagnostic) -> (Option<Window>, Vec<usize>) {
        let location = &diagnostic.location;
        let Some(text) = self.text(location) else {
            return (None, Vec::new());
        };
        let shape = self.shape_of(location);
        let mut marks = vec![self.mark(location)];
        let mut drawn = Vec::new();
        let mut window = Window::new(&text, marks[0], shape);
        for (at, related) in diagnostic.related.iter().enumerate() {
            let other = &related.location;
            if drawn.len() == MAX_TOGETHER
                || other.file != location.file
                || !same_text(location, other)
            {
                continue;
            }
            marks.push(self.mark(other));
            match Window::together(&text, &marks, shape) {
                Some(both) => {
                    window = both;
                    drawn.push(at);
                }
                None => {
                    marks.pop();
                }
            }
        }
        (Some(window), drawn)
    }

    /// Draws an excerpt inside the frame; without one, the labels stand alone.
    fn body(&self, window: Option<Window>, labels: &[(Option<&str>, Paint)], out: &mut String) {
        let lines = window.and_then(|window| self.draw(window, labels));
        let lines = lines.unwrap_or_else(|| {
            labels
                .iter()
                .filter_map(|(label, _)| {
                    label.map(|label| self.words(label, MAX_LABEL).into_owned())
                })
                .collect()
        });
        let bar = self.frame(&self.chars.vbar.to_string());
        for line in lines {
            out.push_str(&bar);
            if !line.is_empty() {
                out.push(' ');
                out.push_str(&line);
            }
            out.push('\n');
        }
    }

    /// Has miette draw the lines of the window with their carets and labels.
    fn draw(&self, window: Window, labels: &[(Option<&str>, Paint)]) -> Option<Vec<String>> {
        let spans = window.marks().iter().zip(labels);
        let mut spans: Vec<(LabeledSpan, Paint)> = spans
            .map(|(mark, (label, paint))| {
                let label = label.map(|label| self.label(label, window.middle(mark)));
                (LabeledSpan::new(label, mark.start, mark.len()), *paint)
            })
            .collect();
        // The order in which miette gives them the colours of the theme.
        spans.sort_by_key(|(span, _)| span.offset());
        let mut styles = ThemeStyles::none();
        if self.style.color {
            let plain = styles.linum;
            styles.highlights = spans
                .iter()
                .map(|(_, paint)| match paint {
                    Paint::Red => plain.red().bold(),
                    Paint::Yellow => plain.yellow().bold(),
                    Paint::Blue => plain.blue().bold(),
                    _ => plain.cyan(),
                })
                .collect();
        }
        let excerpt = Excerpt {
            window,
            labels: spans.into_iter().map(|(span, _)| span).collect(),
        };
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme {
            characters: self.chars.clone(),
            styles,
        })
        .with_urls(false)
        .with_wrap_lines(false)
        .with_context_lines(0)
        .without_cause_chain()
        .without_syntax_highlighting();
        let mut drawn = String::new();
        handler.render_report(&mut drawn, &excerpt).ok()?;

        // Above the excerpt stand miette's own (empty) message and the top of its frame, below it the bottom.
        let mut lines: Vec<&str> = drawn.lines().skip(2).collect();
        lines.pop();
        Some(lines.into_iter().map(unframe).collect())
    }

    /// A label, broken into lines if it would run far out to the right of its caret.
    fn label(&self, label: &str, caret: usize) -> String {
        let label = self.words(label, MAX_LABEL);
        // The frame, the caret's column, and the hook that leads to the label.
        let room = self.style.width.saturating_sub(caret + 10).max(36);
        terminal::wrap(&label, room).join("\n")
    }

    /// Help, fix and where to read more, below the excerpts.
    fn notes(&self, diagnostic: &Diagnostic, out: &mut String) {
        let mut notes: Vec<(&str, String)> = Vec::new();
        if let Some(suppression) = &diagnostic.suppressed {
            notes.push(("note", silenced(suppression)));
        }
        if let Some(help) = &diagnostic.help {
            notes.push(("help", help.clone()));
        }
        if let Some(fix) = &diagnostic.fix {
            notes.push(("fix", fix_hint(fix)));
        }
        notes.push(("more", format!("dashlint explain {}", diagnostic.rule)));

        let titles = notes
            .iter()
            .map(|(title, _)| title.len())
            .max()
            .unwrap_or(0)
            + 2;
        let indent = 6 + titles;
        let room = self.style.width.saturating_sub(indent).max(40);
        for (number, (title, text)) in notes.iter().enumerate() {
            if number == 0 {
                let (corner, bar) = (self.chars.lbot, self.chars.hbar);
                out.push_str(&self.frame(&format!("{corner}{bar} ")));
            } else {
                out.push_str("      ");
            }
            let color = match *title {
                "fix" => Paint::Green,
                "more" => Paint::Dim,
                _ => Paint::Cyan,
            };
            out.push_str(&self.paint(color, &format!("{title}:")));
            out.push_str(&" ".repeat(titles - title.len() - 1));
            let text: Vec<Cow<'_, str>> = text
                .lines()
                .map(|line| self.words(line, MAX_TEXT))
                .collect();
            let lines = text.iter().flat_map(|line| terminal::wrap(line, room));
            for (number, line) in lines.enumerate() {
                if number > 0 {
                    out.push('\n');
                    out.push_str(&" ".repeat(indent));
                }
                if *title == "more" {
                    out.push_str(&self.paint(Paint::Dim, line));
                } else {
                    out.push_str(line);
                }
            }
            out.push('\n');
        }
    }

    /// Words out of a file or about one: harmless, and not endless.
    fn words<'t>(&self, text: &'t str, max: usize) -> Cow<'t, str> {
        match sanitize(text) {
            Cow::Borrowed(text) => clip(text, max, self.shape.ellipsis),
            Cow::Owned(text) => Cow::Owned(clip(&text, max, self.shape.ellipsis).into_owned()),
        }
    }

    fn paint<'t>(&self, paint: Paint, text: &'t str) -> Cow<'t, str> {
        terminal::paint(self.style.color, paint, text)
    }

    /// A piece of the frame, at the start of a line.
    fn frame(&self, piece: &str) -> String {
        format!("   {}", self.paint(Paint::Dim, piece))
    }

    fn mark(&self, location: &Location) -> crate::span::Span {
        match &location.snippet {
            Some(snippet) => snippet.span,
            None => location.span(),
        }
    }

    /// A line of a query is understood by its neighbours; a line of JSON, by the trail.
    fn shape_of(&self, location: &Location) -> Shape {
        Shape {
            context: if location.snippet.is_some() { 2 } else { 0 },
            ..self.shape
        }
    }

    /// The text a location's mark lies in: the decoded query, else the file.
    fn text(&mut self, location: &Location) -> Option<Arc<str>> {
        if let Some(snippet) = &location.snippet {
            return Some(snippet.text.clone());
        }
        for kept in self.kept.iter().flatten() {
            if kept.0 == location.file {
                return kept.1.clone();
            }
        }
        let text = self.report.sources.text(&location.file);
        self.kept.swap(0, 1);
        self.kept[0] = Some((location.file.clone(), text.clone()));
        text
    }
}

/// Whether two places of one file lie in the same text: the file, or one query of it.
fn same_text(one: &Location, other: &Location) -> bool {
    match (&one.snippet, &other.snippet) {
        (None, None) => true,
        (Some(a), Some(b)) => {
            (one.document, &one.pointer, &one.inner)
                == (other.document, &other.pointer, &other.inner)
                && a.text == b.text
        }
        _ => false,
    }
}

/// A line of miette's without the line number and the bar before it.
fn unframe(line: &str) -> String {
    let rest = line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
    let mut chars = rest.chars();
    chars.next();
    let rest = chars.as_str();
    rest.strip_prefix(' ').unwrap_or(rest).trim_end().to_owned()
}

fn fix_hint(fix: &Fix) -> String {
    let how = match fix.safety {
        Safety::Safe => "dashlint --fix",
        Safety::Unsafe => "dashlint --fix --unsafe-fixes",
        Safety::Display => "by hand",
    };
    match fix.title.as_str() {
        "" => how.to_owned(),
        title => format!("{title} ({how})"),
    }
}

fn silenced(suppression: &Suppression) -> String {
    let mut words = String::from(match suppression.by {
        Silencer::Comment => "silenced by a comment",
        Silencer::Config => "silenced by the configuration",
        Silencer::Baseline => "silenced by the baseline",
        Silencer::Pint => "silenced by a pint comment",
        Silencer::Lint => "silenced by a .lint file",
    });
    if let Some(until) = &suppression.until {
        words.push_str(" until ");
        words.push_str(until);
    }
    if let Some(reason) = &suppression.reason {
        words.push_str(": ");
        words.push_str(reason);
    }
    words
}
