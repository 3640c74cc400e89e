//! LogQL, the language of Loki: enough of its structure to find what cannot work, and nothing that might.

use super::error::{ErrorKind, ParseError};
use super::scan::{self, Kind, Piece};
use crate::span::Span;
use crate::spelling::nearest;

/// Stages that stand alone or with optional arguments.
const STAGES: &[&str] = &[
    "json",
    "logfmt",
    "regexp",
    "pattern",
    "unpack",
    "unwrap",
    "line_format",
    "label_format",
    "decolorize",
    "drop",
    "keep",
    "distinct",
];

/// Stages that need a string.
const STRING_STAGES: &[&str] = &["regexp", "pattern", "line_format"];

/// Functions that need a range.
const RANGE_FUNCTIONS: &[&str] = &[
    "rate",
    "rate_counter",
    "count_over_time",
    "bytes_rate",
    "bytes_over_time",
    "avg_over_time",
    "sum_over_time",
    "min_over_time",
    "max_over_time",
    "stdvar_over_time",
    "stddev_over_time",
    "quantile_over_time",
    "first_over_time",
    "last_over_time",
    "absent_over_time",
];

/// Whether a text looks like LogQL rather than PromQL: a line filter or a pipeline behind braces, or a range
/// behind one.
pub fn looks_like(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !bytes.contains(&b'}') || memchr::memchr2(b'|', b'!', bytes).is_none() {
        return false;
    }
    let pieces = scan::pieces(text, true);
    let punct = |i: usize| match pieces.get(i).map(|p| p.kind) {
        Some(Kind::Punct(byte)) => byte,
        _ => 0,
    };
    (1..pieces.len()).any(|i| {
        let after_braces = punct(i - 1) == b'}';
        match punct(i) {
            b'|' => after_braces || (0..i).any(|j| punct(j) == b'}'),
            b'!' => {
                after_braces && matches!(pieces.get(i + 2).map(|p| p.kind), Some(Kind::Str(..)))
            }
            _ => false,
        }
    })
}

/// What cannot work in a LogQL query. Silent where a variable may stand for anything.
pub fn check(text: &str) -> Vec<ParseError> {
    let pieces = scan::pieces(text, false);
    let mut checker = Checker {
        text,
        pieces: &pieces,
        errors: Vec::new(),
    };
    if checker.strings() && checker.brackets() {
        checker.selector_present();
        checker.selectors();
        checker.stages();
        checker.ranges();
    }
    checker.errors
}

/// The ranges that are written out, as in `rate({app="api"}[5m])`: the word before the parenthesis and the duration.
pub fn fixed_ranges(text: &str) -> Vec<(Span, Span)> {
    let pieces = scan::pieces(text, false);
    let mut found = Vec::new();
    // For each open parenthesis the word before it.
    let mut calls: Vec<Option<Span>> = Vec::new();
    let mut before: Option<Piece> = None;
    for (at, piece) in pieces.iter().enumerate() {
        match piece.kind {
            Kind::Punct(b'(') => {
                calls.push(
                    before
                        .filter(|word| word.kind == Kind::Word)
                        .map(|word| word.span),
                );
            }
            Kind::Punct(b')') => {
                calls.pop();
            }
            Kind::Number => {
                let opens = before.is_some_and(|piece| piece.kind == Kind::Punct(b'['));
                let closes = pieces.get(at + 1).map(|piece| piece.kind) == Some(Kind::Punct(b']'));
                if let (true, true, Some(Some(word))) = (opens, closes, calls.last()) {
                    found.push((*word, piece.span));
                }
            }
            _ => {}
        }
        before = Some(*piece);
    }
    found
}

struct Checker<'a> {
    text: &'a str,
    pieces: &'a [Piece],
    errors: Vec<ParseError>,
}

impl Checker<'_> {
    fn kind(&self, i: usize) -> Option<Kind> {
        self.pieces.get(i).map(|p| p.kind)
    }

    fn word(&self, i: usize) -> &str {
        self.pieces
            .get(i)
            .map_or("", |p| &self.text[p.span.range()])
    }

    fn is(&self, i: usize, byte: u8) -> bool {
        self.kind(i) == Some(Kind::Punct(byte))
    }

    fn strings(&mut self) -> bool {
        for piece in self.pieces {
            if let Kind::Str(quote, false) = piece.kind {
                let message = format!("this string has no closing `{}`", quote as char);
                self.errors
                    .push(ParseError::new(ErrorKind::String, piece.span, message));
                return false;
            }
        }
        true
    }

    fn brackets(&mut self) -> bool {
        let mut open: Vec<(u8, Span)> = Vec::new();
        for piece in self.pieces {
            let Kind::Punct(byte) = piece.kind else {
                continue;
            };
            match byte {
                b'(' | b'[' | b'{' => open.push((byte, piece.span)),
                b')' | b']' | b'}' => {
                    let wanted = match byte {
                        b')' => b'(',
                        b']' => b'[',
                        _ => b'{',
                    };
                    match open.pop() {
                        Some((found, _)) if found == wanted => {}
                        Some((found, span)) => {
                            let message = format!(
                                "unexpected `{}`: the `{}` before it is not closed",
                                byte as char, found as char
                            );
                            let error = ParseError::new(ErrorKind::Syntax, piece.span, message)
                                .related(span, "opened here");
                            self.errors.push(error);
                            return false;
                        }
                        None => {
                            let message = format!(
                                "unexpected `{}`: no `{}` is open here",
                                byte as char, wanted as char
                            );
                            self.errors.push(ParseError::new(
                                ErrorKind::Syntax,
                                piece.span,
                                message,
                            ));
                            return false;
                        }
                    }
                }
                _ => {}
            }
        }
        if let Some((byte, span)) = open.first() {
            let message = format!("this `{}` is never closed", *byte as char);
            let end = Span::new(self.text.len(), self.text.len());
            let error = ParseError::new(ErrorKind::Syntax, *span, message)
                .related(end, "the query ends here");
            self.errors.push(error);
            return false;
        }
        true
    }

    fn selector_present(&mut self) {
        let opaque = self
            .pieces
            .iter()
            .any(|p| matches!(p.kind, Kind::Hole | Kind::Punct(b'{')));
        // `vector(0)` and plain arithmetic select nothing and are fine.
        let selects = self.pieces.iter().any(|p| {
            p.kind == Kind::Word && !self.text[p.span.range()].eq_ignore_ascii_case("vector")
        });
        if !opaque && selects {
            let span = Span::new(0, self.text.len());
            let error = ParseError::new(
                ErrorKind::Syntax,
                span,
                "a LogQL query needs a stream selector in braces",
            )
            .help("start with the streams to read: `{app=\"api\"} |= \"error\"`");
            self.errors.push(error);
        }
    }

    /// `{label="value", …}`. Braces in LogQL only occur there.
    fn selectors(&mut self) {
        let mut i = 0;
        while i < self.pieces.len() {
            if !self.is(i, b'{') {
                i += 1;
                continue;
            }
            let open = self.pieces[i].span;
            if self.is(i + 1, b'}') {
                let span = open.cover(self.pieces[i + 1].span);
                let error =
                    ParseError::new(ErrorKind::Selector, span, "the stream selector is empty")
                        .help(
                            "Loki needs at least one matcher that an absent label does not satisfy",
                        );
                self.errors.push(error);
            }
            i = self.matchers(i + 1);
        }
    }

    fn matchers(&mut self, mut i: usize) -> usize {
        while i < self.pieces.len() && !self.is(i, b'}') {
            if matches!(self.kind(i), Some(Kind::Hole)) {
                // A variable may be a label, several matchers, anything.
                while i < self.pieces.len() && !self.is(i, b'}') && !self.is(i, b',') {
                    i += 1;
                }
            } else if matches!(self.kind(i), Some(Kind::Word | Kind::Str(..))) {
                let label = self.pieces[i].span;
                let (op, after) = self.match_op(i + 1);
                let adjacent_hole = matches!(self.kind(i + 1), Some(Kind::Hole));
                if adjacent_hole {
                    while i < self.pieces.len() && !self.is(i, b'}') && !self.is(i, b',') {
                        i += 1;
                    }
                } else if !op {
                    let error = ParseError::new(
                        ErrorKind::Syntax,
                        label,
                        format!("the label `{}` has no matcher", &self.text[label.range()]),
                    )
                    .help("expected `=`, `!=`, `=~` or `!~` and a string");
                    self.errors.push(error);
                    return self.end_of_braces(i);
                } else if !matches!(self.kind(after), Some(Kind::Str(..) | Kind::Hole)) {
                    let span = self.pieces.get(after).map_or(label, |p| p.span);
                    let error = ParseError::new(
                        ErrorKind::Syntax,
                        span,
                        "the value of a matcher is a string in quotes",
                    );
                    self.errors.push(error);
                    return self.end_of_braces(i);
                } else {
                    i = after + 1;
                }
            } else {
                let span = self.pieces[i].span;
                let message = format!(
                    "unexpected `{}` in a stream selector",
                    &self.text[span.range()]
                );
                self.errors
                    .push(ParseError::new(ErrorKind::Syntax, span, message));
                return self.end_of_braces(i);
            }
            if self.is(i, b',') {
                i += 1;
            } else if !self.is(i, b'}') && !matches!(self.kind(i), Some(Kind::Hole)) {
                let span = self
                    .pieces
                    .get(i)
                    .map_or(Span::new(self.text.len(), self.text.len()), |p| p.span);
                let message = format!(
                    "unexpected `{}`, expected `,` or `}}`",
                    &self.text[span.range()]
                );
                self.errors
                    .push(ParseError::new(ErrorKind::Syntax, span, message));
                return self.end_of_braces(i);
            }
        }
        i
    }

    fn end_of_braces(&self, mut i: usize) -> usize {
        while i < self.pieces.len() && !self.is(i, b'}') {
            i += 1;
        }
        i
    }

    /// Whether an operator stands at `i`, and what follows it.
    fn match_op(&self, i: usize) -> (bool, usize) {
        match (self.kind(i), self.kind(i + 1)) {
            (Some(Kind::Punct(b'=')), Some(Kind::Punct(b'~'))) => (true, i + 2),
            (Some(Kind::Punct(b'!')), Some(Kind::Punct(b'=' | b'~'))) => (true, i + 2),
            (Some(Kind::Punct(b'=')), _) => (true, i + 1),
            _ => (false, i),
        }
    }

    /// What follows each `|`.
    fn stages(&mut self) {
        for i in 0..self.pieces.len() {
            if !self.is(i, b'|') {
                continue;
            }
            let pipe = self.pieces[i].span;
            match self.kind(i + 1) {
                // `|=`, `|~`, `|>` and their string.
                Some(Kind::Punct(op @ (b'=' | b'~' | b'>'))) => {
                    let value = self.kind(i + 2);
                    let word = matches!(value, Some(Kind::Word)) && self.word(i + 2) == "ip";
                    if !word && !matches!(value, Some(Kind::Str(..) | Kind::Hole)) {
                        let span = pipe.cover(self.pieces[i + 1].span);
                        let message = format!("the line filter `|{}` needs a string", op as char);
                        self.errors
                            .push(ParseError::new(ErrorKind::Syntax, span, message));
                    }
                }
                Some(Kind::Word) => self.stage(i + 1),
                Some(Kind::Hole | Kind::Punct(b'(') | Kind::Str(..)) => {}
                Some(_) => {
                    let span = self.pieces[i + 1].span;
                    let message = format!(
                        "unexpected `{}`, expected a pipeline stage",
                        &self.text[span.range()]
                    );
                    self.errors.push(
                        ParseError::new(ErrorKind::Syntax, span, message)
                            .related(pipe, "after this `|`"),
                    );
                }
                None => {
                    let error = ParseError::new(
                        ErrorKind::Syntax,
                        pipe,
                        "a pipeline stage is missing after this `|`",
                    );
                    self.errors.push(error);
                }
            }
        }
    }

    fn stage(&mut self, i: usize) {
        let span = self.pieces[i].span;
        let name = self.word(i).to_ascii_lowercase();
        let next = self.kind(i + 1);
        // A flag, as in `logfmt --strict`, is no reason to complain.
        if STRING_STAGES.contains(&name.as_str()) {
            let compares = matches!(next, Some(Kind::Punct(b'=' | b'!' | b'<' | b'>')));
            if !compares && !matches!(next, Some(Kind::Str(..) | Kind::Hole)) {
                let message = format!("the stage `{name}` needs a string");
                self.errors
                    .push(ParseError::new(ErrorKind::Syntax, span, message));
            }
            return;
        }
        if STAGES.contains(&name.as_str()) {
            return;
        }
        // Anything else is a label filter and goes on with a comparison; a name glued to a variable may be both.
        let alone = matches!(next, None | Some(Kind::Punct(b'|' | b')' | b'[')));
        if alone {
            let mut error = ParseError::new(
                ErrorKind::Syntax,
                span,
                format!("no pipeline stage is called `{name}`"),
            )
            .help("a label filter is a comparison: `| level=\"error\"`");
            if let Some(near) = nearest(&name, STAGES.iter().copied()) {
                error = error.help(format!("did you mean `{near}`?")).suggest(
                    format!("replace with `{near}`"),
                    vec![(span, near.to_string())],
                );
            }
            self.errors.push(error);
        }
    }

    /// `rate({…})` without a range.
    fn ranges(&mut self) {
        for i in 0..self.pieces.len() {
            if self.kind(i) != Some(Kind::Word)
                || !self.is(i + 1, b'(')
                || self.is(i.wrapping_sub(1), b'|')
            {
                continue;
            }
            if !RANGE_FUNCTIONS.contains(&self.word(i)) {
                continue;
            }
            let (mut depth, mut braces) = (0usize, 0usize);
            let (mut selector, mut range, mut variable) = (false, false, false);
            for piece in &self.pieces[i + 1..] {
                match piece.kind {
                    Kind::Punct(b'(') => depth += 1,
                    Kind::Punct(b')') => {
                        depth -= 1;
                        if depth == 0 {
                            break;
                        }
                    }
                    Kind::Punct(b'{') => {
                        selector = true;
                        braces += 1;
                    }
                    Kind::Punct(b'}') => braces = braces.saturating_sub(1),
                    Kind::Punct(b'[') => range = true,
                    Kind::Hole if braces == 0 => variable = true,
                    _ => {}
                }
            }
            if selector && !range && !variable {
                let span = self.pieces[i].span;
                let name = self.word(i);
                let error = ParseError::new(
                    ErrorKind::Type,
                    span,
                    format!("`{name}` needs a range: `[…]` is missing behind its log query"),
                )
                .help("write `[$__auto]` in Grafana, or a fixed range such as `[5m]`");
                self.errors.push(error);
            }
        }
    }
}
