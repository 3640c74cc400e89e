//! The last line of a run.

use std::time::Duration;

use super::Style;
use super::terminal::{Paint, paint};
use crate::diagnostic::Summary;

/// `3 errors, 12 warnings, 4 infos in 58 files (12 skipped) · 5 fixable with --fix · 41 ms`
pub fn summary_line(summary: &Summary, elapsed: Duration, style: &Style) -> String {
    let mut parts = vec![findings(summary, style)];
    let silenced = summary.suppressed.saturating_sub(summary.baseline);
    if silenced > 0 {
        parts.push(format!("{silenced} silenced"));
    }
    if summary.baseline > 0 {
        parts.push(format!(
            "{} in the baseline",
            plural(summary.baseline, "finding")
        ));
    }
    if summary.fixable > 0 {
        parts.push(format!("{} fixable with --fix", summary.fixable));
    }
    parts.push(duration(elapsed));
    parts.join(if style.unicode { " · " } else { " - " })
}

/// `3 errors, 12 warnings in 58 files`: the counts alone.
pub(super) fn summary_words(summary: &Summary) -> String {
    findings(summary, &Style::default())
}

fn findings(summary: &Summary, style: &Style) -> String {
    let severities = [
        (summary.errors, "error", Paint::Red),
        (summary.warnings, "warning", Paint::Yellow),
        (summary.infos, "info", Paint::Blue),
    ];
    let counts: Vec<String> = severities
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, word, color)| paint(style.color, color, &plural(count, word)).into_owned())
        .collect();
    let skipped = summary.skipped;
    if counts.is_empty() && summary.files == 0 {
        return match skipped {
            0 => "No files to lint".to_owned(),
            _ => format!("No files to lint ({skipped} skipped)"),
        };
    }
    let counts = if counts.is_empty() {
        paint(style.color, Paint::Green, "No findings").into_owned()
    } else {
        counts.join(", ")
    };
    let files = plural(summary.files, "file");
    match skipped {
        0 => format!("{counts} in {files}"),
        _ => format!("{counts} in {files} ({skipped} skipped)"),
    }
}

/// So many of what `word` names: `1 file`, `2 files`.
pub(crate) fn plural(count: usize, word: &str) -> String {
    plural_of(count, (word, &format!("{word}s")))
}

/// The same of a word with a plural of its own.
pub(crate) fn plural_of(count: usize, (one, several): (&str, &str)) -> String {
    let word = if count == 1 { one } else { several };
    format!("{count} {word}")
}

fn duration(elapsed: Duration) -> String {
    let millis = elapsed.as_millis();
    let seconds = elapsed.as_secs();
    match millis {
        0 => "under 1 ms".to_owned(),
        1..1_000 => format!("{millis} ms"),
        1_000..60_000 => format!("{:.1} s", elapsed.as_secs_f64()),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(summary: Summary, millis: u64) -> String {
        summary_line(&summary, Duration::from_millis(millis), &Style::default())
    }

    #[test]
    fn numbers_and_words_agree() {
        let mut summary = Summary {
            files: 58,
            skipped: 12,
            errors: 3,
            warnings: 12,
            infos: 4,
            suppressed: 0,
            baseline: 0,
            fixable: 5,
        };
        assert_eq!(
            line(summary, 41),
            "3 errors, 12 warnings, 4 infos in 58 files (12 skipped) · 5 fixable with --fix · 41 ms"
        );
        summary = Summary {
            files: 1,
            warnings: 1,
            suppressed: 2,
            ..Summary::default()
        };
        assert_eq!(
            line(summary, 1_250),
            "1 warning in 1 file · 2 silenced · 1.2 s"
        );
        summary.baseline = 1;
        assert_eq!(
            line(summary, 1_250),
            "1 warning in 1 file · 1 silenced · 1 finding in the baseline · 1.2 s"
        );
    }

    #[test]
    fn a_clean_run_sounds_like_one() {
        let mut summary = Summary {
            files: 58,
            skipped: 1,
            ..Summary::default()
        };
        assert_eq!(
            line(summary, 0),
            "No findings in 58 files (1 skipped) · under 1 ms"
        );
        summary.files = 0;
        assert_eq!(
            line(summary, 125_000),
            "No files to lint (1 skipped) · 2 min 5 s"
        );
    }
}
