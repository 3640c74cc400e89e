//! Where the bytes of a text went when parts of it were replaced.

use crate::span::Span;

/// Replacements in a text, in what came out, and so on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moves {
    rounds: Vec<Vec<Step>>,
}

/// A replacement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    replaced: Span,
    /// How far what follows it has moved.
    shift: i64,
}

/// Where something stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Its bytes, or what stands in their place.
    pub span: Span,
    /// Its first and its last byte are what they were.
    pub is_whole: bool,
}

impl Moves {
    /// Notes what was replaced in the text of now: in order, and without overlaps.
    pub fn add(&mut self, edits: &[(Span, String)]) {
        let mut shift = 0;
        let steps = edits.iter().map(|(replaced, replacement)| {
            shift += replacement.len() as i64 - replaced.len() as i64;
            let replaced = *replaced;
            Step { replaced, shift }
        });
        self.rounds.push(steps.collect());
    }

    /// Where bytes of the first text are in the last one.
    pub fn of(&self, span: Span) -> Moved {
        let mut moved = Moved {
            span,
            is_whole: true,
        };
        for steps in &self.rounds {
            moved = after(steps, moved);
        }
        moved
    }
}

/// The same after one round.
fn after(steps: &[Step], was: Moved) -> Moved {
    let span = was.span;
    let before = steps.partition_point(|step| step.replaced.end <= span.start);
    let shift = |number: usize| {
        let last = number.checked_sub(1).and_then(|at| steps.get(at));
        last.map_or(0, |step| step.shift)
    };
    let first = steps
        .get(before)
        .filter(|step| step.replaced.start <= span.start && !step.replaced.is_empty());
    let start = first.map_or(span.start, |step| step.replaced.start);
    let start = moved_by(start, shift(before));
    if span.is_empty() {
        return Moved {
            span: Span { start, end: start },
            is_whole: was.is_whole && first.is_none(),
        };
    }
    let until = steps.partition_point(|step| step.replaced.start < span.end);
    let last = until
        .checked_sub(1)
        .and_then(|at| steps.get(at))
        .filter(|step| step.replaced.end >= span.end);
    let end = last.map_or(span.end, |step| step.replaced.end);
    let end = moved_by(end, shift(until)).max(start);
    Moved {
        span: Span { start, end },
        is_whole: was.is_whole && first.is_none() && last.is_none(),
    }
}

fn moved_by(offset: u32, shift: i64) -> u32 {
    u32::try_from(i64::from(offset) + shift).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fix::apply;

    const TEXT: &str = "one two three four";

    /// What the bytes of `part` became, and whether both ends are still theirs.
    fn moved(rounds: &[&[(&str, &str)]], part: &str) -> (String, bool) {
        let span_in = |text: &str, part: &str| {
            let start = text.find(part).expect("it is there");
            Span::new(start, start + part.len())
        };
        let (mut text, mut moves) = (TEXT.to_owned(), Moves::default());
        for round in rounds {
            let edits: Vec<(Span, String)> = round
                .iter()
                .map(|(old, new)| (span_in(&text, old), (*new).to_owned()))
                .collect();
            moves.add(&edits);
            text = apply(&text, &edits).expect("they fit");
        }
        let moved = moves.of(span_in(TEXT, part));
        (text[moved.span.range()].to_owned(), moved.is_whole)
    }

    #[test]
    fn what_was_not_touched_is_what_it_was() {
        let rounds: [&[(&str, &str)]; 2] =
            [&[("one ", ""), ("four", "fourteen")], &[("two", "22")]];
        assert_eq!(moved(&rounds, "three"), ("three".to_owned(), true));
        assert_eq!(moved(&rounds, " three "), (" three ".to_owned(), true));
    }

    #[test]
    fn what_was_changed_within_keeps_its_ends() {
        assert_eq!(
            moved(&[&[("two", "2")]], "one two three"),
            ("one 2 three".to_owned(), true)
        );
    }

    #[test]
    fn what_was_replaced_is_what_stands_there_now() {
        assert_eq!(moved(&[&[("two", "2")]], "two"), ("2".to_owned(), false));
        assert_eq!(
            moved(&[&[("two three", "2")]], "three four"),
            ("2 four".to_owned(), false)
        );
        assert_eq!(moved(&[&[("one two", "")]], "two"), (String::new(), false));
        assert_eq!(
            moved(&[&[("one two three", "1")]], "two"),
            ("1".to_owned(), false)
        );
    }
}
