//! What a file is by the folder it lies in.

use std::path::{Component, Path};

use super::DocKind;

const WHY: &str = "Grafana reads it as such, because of its folder";

/// What Grafana takes a file for that lies right in `provisioning/<kind>` (Grafana 12, pkg/services/provisioning: each reader takes the
/// YAML files of its folder, that of alerting JSON as well, and goes into no folder below).
pub fn by_folder(path: &Path) -> Option<(DocKind, &'static str)> {
    let extension = path.extension()?.to_str()?;
    let mut parts = path.components().rev().map(Component::as_os_str).skip(1);
    let (folder, above) = (parts.next()?, parts.next()?);
    if above != "provisioning" {
        return None;
    }
    let kind = match folder.to_str()? {
        "datasources" => DocKind::DataSources,
        "dashboards" => DocKind::DashboardProviders,
        "plugins" => DocKind::Plugins,
        "notifiers" => DocKind::Notifiers,
        "alerting" => DocKind::GrafanaAlerting,
        _ => return None,
    };
    let read = matches!(extension, "yaml" | "yml")
        || extension == "json" && kind == DocKind::GrafanaAlerting;
    read.then_some((kind, WHY))
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
