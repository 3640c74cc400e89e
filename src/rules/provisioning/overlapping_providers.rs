//! Providers that read the same dashboards.

use rustc_hash::FxHashSet;

use super::{PROVIDERS, lists};
use crate::diagnostic::{Group, Severity};
use crate::model::{Provider, is_expanded};
use crate::rules::trail::Whole;
use crate::rules::{Check, Context, Place, Rule, location};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "overlapping-providers",
    group: Group::Provisioning,
    severity: Severity::Warning,
    summary: "two providers of dashboards that read the same folder",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/provisioning/overlapping-providers.md"),
    check: Check::Document(check),
};

const EFFECT: &str =
    "so the dashboards in it go back and forth between the two and neither may change them";
const HELP: &str = "give each provider a folder of its own, with none inside another";

fn check(cx: &mut Context<'_, '_>) {
    let told = by_path(cx);
    by_instance(cx, &told);
}

/// What the whole Grafana is given: providers of other files, and folders that are mounted at several paths.
fn by_instance(cx: &mut Context<'_, '_>, told: &FxHashSet<u32>) {
    for provider in lists(cx, PROVIDERS) {
        let node = Provider { node: provider }.path_node();
        let Some(node) = node.filter(|node| !told.contains(&node.id())) else {
            continue;
        };
        let here = location(cx.file, Place::value(node));
        let Some(other) = cx.project.overlapping_provider(&here).cloned() else {
            continue;
        };
        let words = folder(&node.as_str().unwrap_or_default());
        let _ = cx
            .report(
                node,
                format!("another provider reads this folder too, {EFFECT}"),
            )
            .known_in(Whole::Project, words)
            .related_at(other, "the other provider")
            .help(HELP);
    }
}

/// What the paths in one file say. The places that are told.
fn by_path(cx: &mut Context<'_, '_>) -> FxHashSet<u32> {
    let mut told = FxHashSet::default();
    let mut paths: Vec<(String, NodeRef<'_>)> = Vec::new();
    for provider in lists(cx, PROVIDERS) {
        let Some(options) = provider.get("options") else {
            continue;
        };
        let Some(node) = options.get("path").or_else(|| options.get("folder")) else {
            continue;
        };
        let Some(path) = node.as_str().filter(|path| !is_expanded(path)) else {
            continue;
        };
        let org = provider.get("orgId").and_then(NodeRef::as_i64).unwrap_or(1);
        paths.push((format!("{}/{}", org.max(1), folder(&path)), node));
    }
    // Sorted, what lies within a folder comes right behind it.
    paths.sort_by(|(a, left), (b, right)| (a, left.span().start).cmp(&(b, right.span().start)));
    let mut outer: Option<(String, NodeRef<'_>)> = None;
    for (path, node) in paths {
        let Some((around, before)) = outer
            .as_ref()
            .filter(|(outer, _)| path.starts_with(outer.as_str()))
        else {
            outer = Some((path, node));
            continue;
        };
        let what = match *around == path {
            true => "another provider reads this folder too",
            false => {
                "another provider reads this folder too, as it reads all folders below its own"
            }
        };
        told.insert(node.id());
        let _ = cx
            .report(node, format!("{what}, {EFFECT}"))
            .known_by(path)
            .related(*before, "the other provider")
            .help(HELP);
    }
    told
}

/// A path as a folder, so that one that begins with another lies in it.
fn folder(path: &str) -> String {
    let parts: Vec<_> = path
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    let mut folder = if path.starts_with('/') {
        "/".to_owned()
    } else {
        String::new()
    };
    for part in parts {
        folder.push_str(part);
        folder.push('/');
    }
    folder
}
