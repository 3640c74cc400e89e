//! The last day on which a comment counts.

use crate::span::Span;

/// `until 2027-01-31` in a reason, in bytes of it.
pub(super) struct Until {
    /// Where the word begins.
    pub(super) word: usize,
    /// The day, or what is meant for one.
    pub(super) day: Span,
    /// Where all of it ends.
    pub(super) end: usize,
}

/// The first `until DATE` of a reason; also `until: DATE`, `until=DATE` and a date with a time.
pub(super) fn until(reason: &str) -> Option<Until> {
    let mut from = 0;
    let words: Vec<(usize, &str)> = reason
        .split(char::is_whitespace)
        .map(|word| {
            let at = from;
            from += word.len();
            from += reason
                .get(from..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8);
            (at, word)
        })
        .filter(|(_, word)| !word.is_empty())
        .collect();
    (0..words.len()).find_map(|at| {
        let mut ahead = words.get(at..)?.iter();
        let &(word, text) = ahead.next()?;
        let rest = after_until(text)?;
        // Where what follows the word ends, and what of it is left to read: a mark stands at the word, at the date or between.
        let mut end = word + text.len();
        let mut left = rest.strip_prefix(MARKS).unwrap_or(rest);
        let mut marked = left.len() < rest.len();
        while left.is_empty() {
            let &(start, next) = ahead.next()?;
            end = start + next.len();
            left = match next.strip_prefix(MARKS).filter(|_| !marked) {
                Some(unmarked) => {
                    marked = true;
                    unmarked
                }
                None => next,
            };
        }
        let date = left.trim_start_matches(QUOTES);
        let start = end - date.len();
        Some(Until {
            word,
            day: Span::new(start, start + day(date)?),
            end,
        })
    })
}

const MARKS: [char; 2] = [':', '='];
const QUOTES: [char; 3] = ['"', '\'', '`'];

/// What follows `until` in a word that is it, alone or with a mark.
fn after_until(word: &str) -> Option<&str> {
    let bare = word.trim_start_matches('(');
    let (head, rest) = bare.split_at_checked("until".len())?;
    let is_marked = rest.is_empty() || rest.starts_with(MARKS);
    (head.eq_ignore_ascii_case("until") && is_marked).then_some(rest)
}

/// How many bytes of a word are a day, if it is certainly meant for one: a version and a number are not.
fn day(word: &str) -> Option<usize> {
    let word = match word.split_once(['T', 't']) {
        // The time of the day.
        Some((day, time)) if time.starts_with(|c: char| c.is_ascii_digit()) => day,
        _ => word.trim_end_matches(|c: char| QUOTES.contains(&c) || ".,;:)".contains(c)),
    };
    let parts: Vec<&str> = word.splitn(4, ['-', '.', '/']).collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !parts.iter().all(is_number) {
        return None;
    }
    let is_meant = match parts[..] {
        [all] if all.len() == 8 && is_of_now(all) => {
            // A number of series is no day.
            all.get(4..6).is_some_and(|month| within(month, 12))
                && all.get(6..).is_some_and(|day| within(day, 31))
        }
        // `2027.3.1` is a version.
        [year, month, day] if is_year(year) && word.contains('.') => {
            month.len() == 2 && day.len() == 2
        }
        [year, month, day] if is_year(year) => is_short(month) && is_short(day),
        // So is `10.0.2004`.
        [one, other, year] => is_year(year) && within(one, 31) && within(other, 31),
        _ => false,
    };
    is_meant.then_some(word.len())
}

fn is_of_now(digits: &str) -> bool {
    digits.starts_with("19") || digits.starts_with("20")
}

fn is_year(part: &str) -> bool {
    part.len() == 4 && is_of_now(part)
}

fn is_short(part: &str) -> bool {
    matches!(part.len(), 1 | 2)
}

/// Whether these one or two digits are a number from 1 to `most`.
fn within(part: &str, most: u8) -> bool {
    let number = part.parse().unwrap_or(0);
    is_short(part) && (1..=most).contains(&number)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::diagnostic::suppress::{Directive, parse_comment};

    fn one(text: &str) -> Directive {
        parse_comment(text).into_iter().next().expect(text)
    }

    #[test]
    fn a_reason_may_speak_of_any_time() {
        for reason in [
            "slow until 2027",
            "off until 8.x is out",
            "until noon",
            "until v1.2.3",
            "until 10.4.1 is deployed",
            "until 1.0",
            "until 12/31",
            "until 31.12.",
            "until 2027-03",
            "until 2027.3.1 is deployed",
            "until 10.0.1904 is deployed",
            "until 10.4.20.24 answers",
            "until 20000000 series",
            "until 2027-03-31-rc1",
            "until=x",
            "until:",
            "until = 5",
            "untilnow 2027-01-31",
            "until the day after 2027-01-31",
        ] {
            let directive = one(&format!("# dashlint: ignore[a] {reason}"));
            assert_eq!(directive.fault, None, "{reason}");
            assert_eq!(directive.reason.as_deref(), Some(reason));
        }
    }

    /// However the day is written that is certainly one.
    #[test]
    fn a_day_is_read_as_it_is_written() {
        for text in [
            "why until 2027-01-31",
            "why until: 2027-01-31",
            "why until:2027-01-31.",
            "why Until=2027-01-31",
            "why until = 2027-01-31",
            "why until =2027-01-31",
            "until = \"2027-01-31\" why",
            "why (until 2027-01-31)",
            "why (until: 2027-01-31)",
            "why until 2027-01-31T00:00:00Z",
            "why until: 2027-01-31T23:59:59+02:00",
            "why until 20270131",
            "why  until\t2027-01-31",
        ] {
            let directive = one(&format!("# dashlint: ignore[a] {text}"));
            assert_eq!(directive.fault, None, "{text}");
            assert_eq!(directive.until, Some(date(2027, 1, 31)), "{text}");
            assert_eq!(directive.reason.as_deref(), Some("why"), "{text}");
        }
        let text = "# dashlint: ignore[a] ä 2027-02-30 until 2027-02-30";
        let directive = one(text);
        let (span, _) = directive.fault.expect(text);
        assert_eq!(span.start as usize, text.len() - "2027-02-30".len());
        assert!(directive.example.ends_with("until 2027-03-31"));
    }
}
