//! The last line of `--fix` and `--diff`: what all the fixes come to, as a report counts.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Safety, Summary, gather};
use crate::fix::Outcome;
use crate::report::plural;

/// What was found in some files, as a report counts it: places of one finding are one.
struct Count {
    all: usize,
    fixable: usize,
}

impl Count {
    fn of<'f>(findings: impl Iterator<Item = &'f Diagnostic>, allowed: Safety) -> Self {
        let mut summary = Summary::default();
        for finding in gather(findings.cloned().collect()) {
            summary.count(&finding, Some(allowed));
        }
        Count {
            all: summary.errors + summary.warnings + summary.infos,
            fixable: summary.fixable,
        }
    }
}

/// The line, where anything was fixed. `found`: what there was to fix; `verb`: what was done with it.
pub(super) fn line(
    found: &[Diagnostic],
    outcome: &Outcome,
    allowed: Safety,
    verb: &str,
) -> Option<String> {
    let files: BTreeSet<&Arc<str>> = outcome.applied.iter().map(|fix| &fix.file).collect();
    let count = |findings: &[Diagnostic]| {
        let of_files = |finding: &&Diagnostic| files.contains(&finding.location.file);
        Count::of(findings.iter().filter(of_files), allowed)
    };
    let (before, after) = (count(found), count(&outcome.remaining));
    let fixed = before.fixable.saturating_sub(after.fixable);
    let places = outcome.applied.len();
    let what = match fixed {
        // Some places of a finding were fixed, or what came up in a later round.
        0 => plural(places, "place"),
        _ if fixed == places => plural(fixed, "finding"),
        _ => format!("{} ({})", plural(fixed, "finding"), plural(places, "place")),
    };
    let gone = before.all.saturating_sub(after.all).saturating_sub(fixed);
    let gone = match gone {
        0 => String::new(),
        gone => format!("; {gone} more gone with them"),
    };
    (places > 0).then(|| format!("{verb} {what} in {}{gone}", plural(files.len(), "file")))
}
