//! What a file is by the folder it lies in.

use std::ffi::OsStr;
use std::path::{Component, Path};

use super::DocKind;

const WHY: &str = "Grafana reads it as such, because of its folder";

/// The folders right below `provisioning` that Grafana reads, and what it takes the files in them for (Grafana 12,
/// pkg/services/provisioning: each reader goes into no folder below its own).
const FOLDERS: [(&str, DocKind); 5] = [
    ("datasources", DocKind::DataSources),
    ("dashboards", DocKind::DashboardProviders),
    ("plugins", DocKind::Plugins),
    ("notifiers", DocKind::Notifiers),
    ("alerting", DocKind::GrafanaAlerting),
];

/// The folder below `provisioning` that Grafana reads files of this kind from.
pub fn folder_of(kind: DocKind) -> Option<&'static str> {
    let (folder, _) = FOLDERS.iter().find(|(_, of)| *of == kind)?;
    Some(folder)
}

fn kind_of(folder: &OsStr) -> Option<DocKind> {
    let (_, kind) = FOLDERS.iter().find(|(of, _)| *of == folder)?;
    Some(*kind)
}

/// The suffixes of the files that the reader of this kind takes (Grafana 12, pkg/services/provisioning: YAML, and in the folder of
/// alerting JSON as well).
pub fn suffixes_of(kind: DocKind) -> &'static [&'static str] {
    match kind {
        DocKind::GrafanaAlerting => &["yaml", "yml", "json"],
        _ => &["yaml", "yml"],
    }
}

/// What Grafana takes a file for that lies right in `provisioning/<folder>`.
pub fn by_folder(path: &Path) -> Option<(DocKind, &'static str)> {
    let suffix = path.extension()?.to_str()?;
    let mut parts = path.components().rev().map(Component::as_os_str).skip(1);
    let (folder, above) = (parts.next()?, parts.next()?);
    if above != "provisioning" {
        return None;
    }
    let kind = kind_of(folder)?;
    suffixes_of(kind).contains(&suffix).then_some((kind, WHY))
}

/// Whether a file lies in a folder Grafana provisions from, however deep: `…/provisioning/<folder>/…`.
pub fn is_provisioned(path: &Path) -> bool {
    let parts: Vec<_> = path.components().map(Component::as_os_str).collect();
    parts
        .windows(2)
        .any(|pair| pair[0] == "provisioning" && kind_of(pair[1]).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_grafana_reads() {
        let kind = |path: &str| by_folder(Path::new(path)).map(|(kind, _)| kind);
        assert_eq!(
            kind("x/provisioning/datasources/a.yaml"),
            Some(DocKind::DataSources)
        );
        assert_eq!(
            kind("provisioning/alerting/a.json"),
            Some(DocKind::GrafanaAlerting)
        );
        for path in [
            "provisioning/dashboards/a.json",
            "provisioning/datasources/more/a.yaml",
            "datasources/a.yaml",
            "provisioning/datasources/a.txt",
            "provisioning/other/a.yaml",
        ] {
            assert_eq!(kind(path), None, "{path}");
        }
    }
}
