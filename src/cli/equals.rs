//! Which of several equal findings were there before.

use rustc_hash::FxHashMap;

use super::hunks::Hunk;

/// Where a line is that a change did not touch, or which part of the change it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    /// On this line of the text before.
    Line(u32),
    /// In the lines of this hunk.
    Hunk(usize),
}

/// Chooses `known` of the findings on the lines `now` that were on the lines `then`: those whose lines are what they were, then
/// those in lines that were changed where there was one, then the first.
pub(super) fn choose(now: &[u32], then: &[u32], known: usize, hunks: &[Hunk]) -> Vec<bool> {
    let mut open: FxHashMap<Place, usize> = FxHashMap::default();
    for line in then {
        *open.entry(before(*line, hunks)).or_default() += 1;
    }
    let mut left = known;
    let mut chosen: Vec<bool> = now
        .iter()
        .map(|line| {
            let here = open
                .get_mut(&after(*line, hunks))
                .filter(|count| **count > 0);
            let Some(count) = here.filter(|_| left > 0) else {
                return false;
            };
            *count -= 1;
            left -= 1;
            true
        })
        .collect();
    for one in chosen.iter_mut().filter(|one| !**one).take(left) {
        *one = true;
    }
    chosen
}

/// The first line of a side, and the first one after it.
fn lines((start, count): (u32, u32)) -> (u32, u32) {
    match count {
        // Behind the line that is named.
        0 => (start + 1, start + 1),
        _ => (start, start.saturating_add(count)),
    }
}

fn before(line: u32, hunks: &[Hunk]) -> Place {
    let at = hunks.partition_point(|hunk| lines(hunk.before).1 <= line);
    match hunks.get(at) {
        Some(hunk) if lines(hunk.before).0 <= line => Place::Hunk(at),
        _ => Place::Line(line),
    }
}

fn after(line: u32, hunks: &[Hunk]) -> Place {
    let at = hunks.partition_point(|hunk| lines(hunk.after).1 <= line);
    if hunks
        .get(at)
        .is_some_and(|hunk| lines(hunk.after).0 <= line)
    {
        return Place::Hunk(at);
    }
    let last = at.checked_sub(1).and_then(|at| hunks.get(at));
    Place::Line(last.map_or(line, |hunk| {
        let (before, after) = (lines(hunk.before).1, lines(hunk.after).1);
        (line - after).saturating_add(before)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hunk(before: (u32, u32), after: (u32, u32)) -> Hunk {
        Hunk { before, after }
    }

    #[test]
    fn unchanged_lines_hold_what_was_there() {
        // A line before the known one got the same fault.
        let changed = [hunk((2, 1), (2, 1))];
        assert_eq!(choose(&[2, 3], &[3], 1, &changed), [false, true]);
        // Two lines came before it, one went after it.
        let moved = [hunk((0, 0), (1, 2)), hunk((5, 1), (6, 0))];
        assert_eq!(choose(&[1, 5, 6], &[3], 1, &moved), [false, true, false]);
        assert_eq!(choose(&[5, 7], &[6], 1, &moved), [false, true]);
    }

    #[test]
    fn changed_lines_hold_what_was_in_them() {
        let changed = [hunk((1, 1), (1, 1)), hunk((4, 1), (4, 2))];
        assert_eq!(choose(&[1, 5], &[4], 1, &changed), [false, true]);
        // All on one line: the first are the old ones.
        assert_eq!(choose(&[1, 1], &[1], 1, &changed), [true, false]);
        // Elsewhere in the file.
        assert_eq!(choose(&[7, 9], &[4], 1, &changed), [true, false]);
    }
}
