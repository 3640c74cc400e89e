//! The few lines around a finding, harmless and narrow enough to show, as a source that miette can draw.
//!
//! A dashboard may be one line of two megabytes: nothing here looks further than a few kilobytes from the marks.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::terminal;
use crate::span::Span;

/// Bytes looked at in each direction for the end of a line.
const REACH: usize = 4096;
/// Lines of a mark shown whole; of a longer one, the first two and the last.
const WHOLE: usize = 5;
/// Columns of a tab.
const TAB: &str = "    ";

/// How a window is cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// Columns of a line.
    pub(super) columns: usize,
    /// Lines of context before and after.
    pub(super) context: usize,
    /// What stands for the text left out.
    pub(super) ellipsis: &'static str,
}

/// Lines cut out of a text, and where the marks are in them.
#[derive(Debug)]
pub(super) struct Window {
    text: String,
    marks: Vec<Range<usize>>,
}

/// A line of the text, as far as it was looked at.
#[derive(Debug, Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
    /// It begins before `start`.
    more_before: bool,
    /// It goes on after `end`.
    more_after: bool,
}

/// What a window is drawn from.
enum Item {
    Line(Line),
    Gap,
}

impl Window {
    /// The lines around one mark, which is clamped to the text.
    pub(super) fn new(text: &str, mark: Span, shape: Shape) -> Window {
        let mark = clamp(text, mark);
        let items = layout(text, &mark, shape);
        draw(text, &items, &[mark], shape)
    }

    /// The lines around several marks, if they lie close together, apart from each other, and nothing need be cut.
    pub(super) fn together(text: &str, marks: &[Span], shape: Shape) -> Option<Window> {
        let marks: Vec<Range<usize>> = marks.iter().map(|&mark| clamp(text, mark)).collect();
        let mut sorted = marks.clone();
        sorted.sort_by_key(|mark| (mark.start, mark.end));
        let apart = sorted
            .windows(2)
            .all(|pair| pair[0].end.max(pair[0].start + 1) <= pair[1].start);
        let single = sorted
            .iter()
            .all(|mark| memchr::memchr(b'\n', &text.as_bytes()[mark.clone()]).is_none());
        let all = sorted.first()?.start..sorted.last()?.end;
        if !apart || !single || all.len() > REACH {
            return None;
        }
        let lines = memchr::memchr_iter(b'\n', &text.as_bytes()[all.clone()]).count() + 1;
        let items = layout(text, &all, shape);
        let fits = |item: &Item| match item {
            Item::Line(line) => {
                !line.more_before
                    && !line.more_after
                    && text[line.start..line.end]
                        .trim_start()
                        .chars()
                        .map(columns)
                        .sum::<usize>()
                        <= shape.columns
            }
            Item::Gap => true,
        };
        (lines <= WHOLE && items.iter().all(fits)).then(|| draw(text, &items, &marks, shape))
    }

    /// The bytes of the window that each mark became.
    pub(super) fn marks(&self) -> &[Range<usize>] {
        &self.marks
    }

    /// The column, from 0, in the middle of a mark on its last line.
    pub(super) fn middle(&self, mark: &Range<usize>) -> usize {
        let line = self.text[..mark.end].rfind('\n').map_or(0, |at| at + 1);
        let start = mark.start.max(line);
        terminal::width(&self.text[line..start]) + terminal::width(&self.text[start..mark.end]) / 2
    }
}

impl SourceCode for Window {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let lines = self.text.split('\n').count();
        let all = SourceSpan::from(0..self.text.len());
        Ok(Box::new(MietteSpanContents::new(
            self.text.as_bytes(),
            all,
            0,
            0,
            lines,
        )))
    }
}

/// The mark inside the text, on character boundaries, without a byte order mark before it or line breaks after it.
fn clamp(text: &str, mark: Span) -> Range<usize> {
    let mut start = (mark.start as usize).min(text.len());
    let mut end = (mark.end as usize).clamp(start, text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    if start == 0 && text.starts_with('\u{feff}') {
        start = '\u{feff}'.len_utf8();
        end = end.max(start);
    }
    let kept = text[start..end].trim_end_matches(['\n', '\r']).len();
    end = start + kept;
    if text[..start].ends_with('\r') && text[start..].starts_with('\n') {
        // Between the two halves of a line break is still the end of the line.
        start -= 1;
        end = if kept == 0 { start } else { end };
    }
    start..end
}

/// The line around byte `at`, as far as the reach goes.
fn line_at(text: &str, at: usize) -> Line {
    let mut from = at.saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let mut to = (at + REACH).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    let (mut start, more_before) = match memchr::memrchr(b'\n', &text.as_bytes()[from..at]) {
        Some(newline) => (from + newline + 1, false),
        None => (from, from > 0),
    };
    let (mut end, more_after) = match memchr::memchr(b'\n', &text.as_bytes()[at..to]) {
        Some(newline) => (at + newline, false),
        None => (to, to < text.len()),
    };
    if start == 0 && text.starts_with('\u{feff}') {
        start = '\u{feff}'.len_utf8().min(at.max(3));
    }
    if !more_after && end > start && text[..end].ends_with('\r') {
        end -= 1;
    }
    Line {
        start,
        end: end.max(start),
        more_before,
        more_after,
    }
}

/// The lines to show for `mark`, with their context.
fn layout(text: &str, mark: &Range<usize>, shape: Shape) -> Vec<Item> {
    let bytes = text.as_bytes();
    let first = line_at(text, mark.start);
    let mut lines = vec![first];
    let mut starts = memchr::memchr_iter(b'\n', &bytes[mark.clone()]).map(|at| mark.start + at + 1);
    lines.extend(starts.by_ref().take(WHOLE - 1).map(|at| line_at(text, at)));
    let longer = starts.next().is_some();
    let mut last = *lines.last().unwrap_or(&first);

    let mut items: Vec<Item> = Vec::new();
    let mut top = first;
    for _ in 0..shape.context {
        if !text[..top.start].ends_with('\n') {
            break;
        }
        top = line_at(text, top.start - 1);
        items.insert(0, Item::Line(top));
    }
    if shape.context > 0 && text[..top.start].ends_with('\n') {
        items.insert(0, Item::Gap);
    }
    if longer {
        last = line_at(text, mark.end);
        items.extend(lines.into_iter().take(2).map(Item::Line));
        items.extend([Item::Gap, Item::Line(last)]);
    } else {
        items.extend(lines.into_iter().map(Item::Line));
    }
    for _ in 0..shape.context {
        match next_line(text, &last) {
            Some(line) => last = line,
            None => break,
        }
        items.push(Item::Line(last));
    }
    if shape.context > 0 && next_line(text, &last).is_some() {
        items.push(Item::Gap);
    }
    items
}

/// The line after `line`, if there is one and it is not the nothing after a last line break.
fn next_line(text: &str, line: &Line) -> Option<Line> {
    let rest = &text[line.end..];
    let start = line.end + if rest.starts_with("\r\n") { 2 } else { 1 };
    (!line.more_after && start < text.len()).then(|| line_at(text, start))
}

/// Columns a character takes in a window.
fn columns(c: char) -> usize {
    if c == '\t' {
        return TAB.len();
    }
    if c.is_ascii_graphic() || c == ' ' {
        return 1;
    }
    let mut buffer = [0; 4];
    terminal::width(&terminal::sanitize(c.encode_utf8(&mut buffer))).max(1)
}

/// Bytes of white space at the start of a line.
fn indent(text: &str, line: &Line) -> usize {
    let line = &text[line.start..line.end];
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// Writes the lines, each cut to the width around its marks.
fn draw(text: &str, items: &[Item], marks: &[Range<usize>], shape: Shape) -> Window {
    let shown = || {
        items.iter().filter_map(|item| match item {
            Item::Line(line) => Some(line),
            Item::Gap => None,
        })
    };
    let dedent = shown()
        .filter(|line| !line.more_before && indent(text, line) < line.end - line.start)
        .map(|line| indent(text, line))
        .min()
        .unwrap_or(0);

    // miette draws a gutter beside marks of several lines.
    let gutter = marks.iter().any(|mark| text[mark.clone()].contains('\n'));
    let room = shape.columns - if gutter { 4 } else { 0 };
    let mut out = String::new();
    // Where each mark ends so far: its true end may be too far off to be shown.
    let mut tails = vec![0; marks.len()];
    // Start and end of every mark in the window, as they come to be known.
    let mut places: Vec<[Option<usize>; 2]> = vec![[None, None]; marks.len()];
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let Item::Line(line) = item else {
            out.push_str(shape.ellipsis);
            continue;
        };
        // A mark's points on this line; what lies above or below it is another line's.
        let here = |at: usize| line.start <= at && at <= line.end;
        let mut points: Vec<(usize, usize, usize)> = Vec::new();
        for (mark, range) in marks.iter().enumerate() {
            for (side, at) in [range.start, range.end].into_iter().enumerate() {
                if here(at) && places[mark][side].is_none() {
                    points.push((at, mark, side));
                }
            }
        }
        points.sort_unstable();
        let focus = marks
            .iter()
            .find(|mark| mark.start <= line.end && mark.end >= line.start)
            .map(|mark| mark.start.max(line.start)..mark.end.min(line.end));
        let first_point = points.first().map_or(line.end, |point| point.0);
        let from = (line.start + dedent.min(indent(text, line))).min(first_point);
        let cut = cut(text, line, from, focus.unwrap_or(from..from), room);

        if cut.start > from || line.more_before {
            out.push_str(shape.ellipsis);
        }
        let mut waiting = points.iter().peekable();
        for (at, c) in text[cut.clone()].char_indices() {
            while let Some(&&(_, mark, side)) = waiting.peek().filter(|p| p.0 <= cut.start + at) {
                places[mark][side] = Some(out.len());
                waiting.next();
            }
            match c {
                '\t' => out.push_str(TAB),
                c => terminal::push_char(&mut out, c),
            }
        }
        if cut.end < line.end || line.more_after {
            // A mark that ends exactly at the cut does not cover what was left out.
            while let Some(&&(_, mark, side)) = waiting.peek().filter(|p| p.0 <= cut.end) {
                places[mark][side] = Some(out.len());
                waiting.next();
            }
            out.push_str(shape.ellipsis);
        }
        for &(_, mark, side) in waiting {
            places[mark][side] = Some(out.len());
        }
        for ((tail, mark), [_, end]) in tails.iter_mut().zip(marks).zip(&places) {
            if end.is_none() && mark.start <= line.end {
                *tail = out.len();
            }
        }
        // Room for a caret behind the last character.
        out.push(' ');
    }
    let marks = places
        .into_iter()
        .zip(tails)
        .map(|([start, end], tail)| {
            let start = start.unwrap_or(0);
            start..end.unwrap_or(tail).max(start)
        })
        .collect();
    Window { text: out, marks }
}

/// The part of `from..line.end` that fits in `room` columns and shows `focus`, or the start of it.
fn cut(text: &str, line: &Line, from: usize, focus: Range<usize>, room: usize) -> Range<usize> {
    let focus = focus.start.max(from)..focus.end.max(from);
    let (inner, used) = take(text[focus.clone()].chars(), room);
    if inner < focus.len() {
        // Longer than a line: its start, and a little of what stands before it.
        let (before, taken) = take(text[from..focus.start].chars().rev(), room / 4);
        let (inner, _) = take(text[focus.clone()].chars(), room - taken);
        return focus.start - before..focus.start + inner;
    }
    let rest = room - used;
    let (before, left) = take(text[from..focus.start].chars().rev(), rest);
    let (after, right) = take(text[focus.end..line.end].chars(), rest);
    if left + right <= rest {
        return focus.start - before..focus.end + after;
    }
    let (before, left) = take(
        text[from..focus.start].chars().rev(),
        (rest / 2).max(rest - right),
    );
    let (after, _) = take(text[focus.end..line.end].chars(), rest - left);
    let start = focus.start - before;
    let blank = text[start..focus.start].len() - text[start..focus.start].trim_start().len();
    let blank = if start > from { blank } else { 0 };
    start + blank..focus.end + after
}

/// How many bytes of the first characters fit in `room` columns, and the columns they take.
fn take(chars: impl Iterator<Item = char>, room: usize) -> (usize, usize) {
    let (mut bytes, mut used) = (0, 0);
    for c in chars {
        let wide = columns(c);
        if used + wide > room {
            break;
        }
        used += wide;
        bytes += c.len_utf8();
    }
    (bytes, used)
}
