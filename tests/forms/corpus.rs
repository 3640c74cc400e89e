//! Real dashboards: what is seen in each against the manifest, and v2 dashboards against their classic twins.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dashlint::model::{Host, Language, Query};

use crate::twins::{differences, findings};
use crate::with_dashboard;

/// A line of the manifest: path, kind, panels, PromQL targets.
struct Line {
    path: PathBuf,
    kind: String,
    panels: usize,
    targets: usize,
}

fn manifest() -> Option<Vec<Line>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let Ok(manifest) = fs::read_to_string(corpus.join("MANIFEST.tsv")) else {
        eprintln!("skipped: ../shared/corpus is not here");
        return None;
    };
    let line = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        Some(Line {
            path: corpus.join(cells[0].replace('/', "__")).join(cells[3]),
            kind: cells[4].to_owned(),
            panels: cells[7].parse().ok()?,
            targets: cells[8].parse().ok()?,
        })
    };
    Some(manifest.lines().skip(1).filter_map(line).collect())
}

/// The files of these kinds.
pub(crate) fn files(kinds: &[&str]) -> Option<Vec<PathBuf>> {
    let lines = manifest()?.into_iter();
    Some(
        lines
            .filter(|line| kinds.contains(&line.kind.as_str()))
            .map(|line| line.path)
            .collect(),
    )
}

/// Where our count is another, and why.
const EXPLAINED: &[(&str, &str)] = &[];

#[test]
fn panels_and_targets_are_what_the_manifest_counts() {
    let Some(lines) = manifest() else { return };
    let mut agree = 0;
    let mut faults = Vec::new();
    for line in lines {
        if !["dashboard-v1", "dashboard-v2"].contains(&line.kind.as_str()) {
            continue;
        }
        let path = line.path.to_string_lossy();
        let Ok(text) = fs::read_to_string(&line.path) else {
            continue;
        };
        let found = with_dashboard(&path, &text, |dashboard| {
            // The manifest counts a row as a panel where it stands among the panels.
            let rows = dashboard.rows.iter().filter(|row| {
                let list = row.node.parent();
                list.is_some_and(|list| list.key().as_deref() == Some("panels"))
            });
            let of_panels = |query: &&Query<'_>| {
                matches!(query.host, Host::Panel(_))
                    && (query.language.is_promql() || query.language == Language::MetricsQl)
            };
            (
                dashboard.panels.len() + rows.count(),
                dashboard.queries.iter().filter(of_panels).count(),
            )
        })
        .unwrap_or_default();
        if found == (line.panels, line.targets) {
            agree += 1;
            continue;
        }
        let why = EXPLAINED.iter().find(|(end, _)| path.ends_with(end));
        let said = format!(
            "{path}: {} panels and {} targets, the manifest has {} and {}",
            found.0, found.1, line.panels, line.targets
        );
        match why {
            Some((_, why)) => eprintln!("{said}: {why}"),
            None => faults.push(said),
        }
    }
    eprintln!("{agree} dashboards agree");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_v2_dashboards_of_pgwatch_have_the_findings_of_their_classic_twins() {
    let Some(files) = files(&["dashboard-v2"]) else {
        return;
    };
    let mut twins = 0;
    let mut faults: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files {
        let name = path.to_string_lossy();
        if !name.contains("pgwatch") {
            continue;
        }
        let twin = name.replace("/v13/", "/v12/");
        let Ok(classic) = fs::read_to_string(&twin) else {
            faults.insert(name.into_owned(), vec!["no twin".to_owned()]);
            continue;
        };
        twins += 1;
        let v2 = fs::read_to_string(&path).unwrap();
        let differ = differences(&findings("a.json", &classic), &findings("a.json", &v2));
        if !differ.is_empty() {
            faults.insert(name.into_owned(), differ);
        }
    }
    eprintln!("{twins} twins");
    assert!(faults.is_empty(), "{faults:#?}");
}
