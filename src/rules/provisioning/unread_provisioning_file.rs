//! Files that lie where Grafana does not look.

use std::path::{Component, Path};

use crate::config::Version;
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Place, Rule};
use crate::source::kind::{DocKind, folder_of, suffixes_of};

pub(crate) const RULE: Rule = Rule {
    id: "unread-provisioning-file",
    group: Group::Provisioning,
    severity: Severity::Error,
    summary: "file in a provisioning folder that Grafana passes over for its suffix or its place",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/provisioning/unread-provisioning-file.md"),
    check: Check::Document(check),
};

/// From here on Grafana passes over files of another suffix in the folder of alerting; before, it did not start (pull request 55573 of
/// grafana/grafana, which 9.1 got too).
const SKIPPED: Version = Version { major: 9, minor: 1 };

fn check(cx: &mut Context<'_, '_>) {
    let Some(info) = cx.document else { return };
    let Some(folder) = folder_of(info.kind) else {
        return;
    };
    let path = Path::new(cx.file.source.path.as_ref());
    let path = cx.file.source.location.as_deref().unwrap_or(path);
    let root = cx.file.root(info).filter(|root| root.parent().is_none());
    let Some((root, depth)) = root.and_then(|root| Some((root, depth(path, folder)?))) else {
        return;
    };
    let first = root.members().next().unwrap_or(root);
    let place = Place::key(first);
    let suffix = path
        .extension()
        .and_then(|suffix| suffix.to_str())
        .unwrap_or_default();
    let wanted = suffixes_of(info.kind);
    if !wanted.contains(&suffix) {
        let old = info.kind == DocKind::GrafanaAlerting
            && cx.settings.grafana.is_some_and(|grafana| grafana < SKIPPED);
        let effect = match old {
            true => "Grafana does not start because of a file with this suffix in its folder",
            false => {
                "Grafana passes over a file with this suffix, and nothing in it is provisioned"
            }
        };
        let severity = if old {
            Severity::Error
        } else {
            Severity::Warning
        };
        let _ = cx
            .report(place, effect)
            .lower(severity)
            .help(format!("call it `….{}`", wanted.join("` or `….")));
    } else if depth > 0 {
        let _ = cx
            .report(place, format!("Grafana does not look into folders below `{folder}`, so nothing in this file is provisioned unless it is mounted elsewhere"))
            .lower(Severity::Info)
            .help(format!("move it into `{folder}`"));
    }
}

/// How many folders lie between `provisioning/<folder>` and the file.
fn depth(path: &Path, folder: &str) -> Option<usize> {
    let parts: Vec<_> = path.components().map(Component::as_os_str).collect();
    let at = parts
        .windows(2)
        .rposition(|pair| pair[0] == "provisioning" && pair[1] == folder)?;
    parts.len().checked_sub(at + 3)
}
