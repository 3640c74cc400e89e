//! `--statistics`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::diagnostic::{Diagnostic, Severity};
use crate::project::Project;
use crate::report::Format;

/// Findings by rule, the most frequent first: as lines, or as a JSON array.
pub(super) fn write(
    shown: &[Diagnostic],
    projects: &[Project],
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut counts: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
    for finding in shown {
        *counts.entry((&finding.rule, finding.severity)).or_default() += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    if format == Format::Json {
        let rows: Vec<_> = rows
            .into_iter()
            .map(|((rule, severity), count)| {
                serde_json::json!({ "rule": rule, "severity": severity.name(), "count": count })
            })
            .collect();
        serde_json::to_writer_pretty(&mut *out, &rows)?;
        return writeln!(out);
    }
    for ((rule, severity), count) in rows {
        writeln!(out, "{count:>7}  {severity:<8} {rule}")?;
    }
    coverage(projects, out)
}

/// In how many panels the units of the queries are known.
fn coverage(projects: &[Project], out: &mut dyn Write) -> io::Result<()> {
    let (mut panels, mut some, mut every) = (0, 0, 0);
    for project in projects {
        let coverage = project.units().coverage();
        panels += coverage.panels;
        some += coverage.some;
        every += coverage.all;
    }
    if panels == 0 {
        return Ok(());
    }
    let share = |part: usize| part as f64 * 100.0 / panels as f64;
    writeln!(
        out,
        "units known in {:.0} % of {panels} panels with PromQL, certain for all queries in {:.0} %",
        share(some),
        share(every)
    )
}
