//! Links to runbooks of this very repository whose file or heading is not there.

use std::path::Path;

use super::runbook::{Link, links};
use crate::diagnostic::{Group, Safety, Severity};
use crate::project::Repository;
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "runbook-file-missing",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "runbook link into this repository, to a file or heading that is not there",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/alerting/runbook-file-missing.md"),
    check: Check::Document(check),
};

/// Endings of files that are meant where a link has no host.
const PAGES: [&str; 6] = ["md", "markdown", "mdx", "adoc", "rst", "html"];

/// The path and fragment of a link that has no host and leads to a file: not `go/…`, and nothing with a template.
pub(super) fn relative(url: &str) -> Option<(&str, Option<&str>)> {
    if url.contains("://")
        || url.contains("{{")
        || url.contains('$')
        || url.contains(char::is_whitespace)
    {
        return None;
    }
    let (path, fragment) = match url.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (url, None),
    };
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    PAGES.contains(&ending).then_some((path, fragment))
}

/// Whether `url` leads to a file of this very repository that is not there.
pub(super) fn leads_nowhere(cx: &Context<'_, '_>, url: &str) -> bool {
    if url.contains("{{") {
        return false;
    }
    let file = cx.settings.absolute(&cx.file.source.path);
    let repository = cx.project.repository(&file, cx.settings.folder());
    match relative(url) {
        Some((path, _)) => repository
            .find(&file, path)
            .is_some_and(|(_, exists)| !exists),
        None => {
            url.starts_with("http")
                && repository
                    .own_path(url)
                    .is_some_and(|path| !repository.has(path))
        }
    }
}

fn check(cx: &mut Context<'_, '_>) {
    for link in links(cx) {
        look(cx, &link);
    }
}

fn look<'t>(cx: &mut Context<'_, 't>, link: &Link<'t>) {
    let url = link.url();
    if url.contains("{{") {
        return;
    }
    let local = relative(url);
    if local.is_none() && !url.starts_with("http") {
        return;
    }
    let file = cx.settings.absolute(&cx.file.source.path);
    let repository = cx.project.repository(&file, cx.settings.folder());
    let fragment = url.split_once('#').map(|(_, fragment)| fragment);
    let (path, exists, start) = match local {
        Some((path, _)) => match repository.find(&file, path) {
            Some((found, exists)) => (found, exists, 0),
            None => return,
        },
        None => match repository.own_path(url) {
            Some(path) => {
                let start = url.find(path).unwrap_or(0);
                (path.to_owned(), repository.has(path), start)
            }
            None => return,
        },
    };
    if !exists {
        let len = url.get(start..).and_then(|rest| rest.find(['#', '?']));
        let end = len.map_or(url.len(), |len| start + len);
        missing_file(cx, link, &repository, &path, Span::new(start, end), &file);
        return;
    }
    if let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) {
        missing_heading(cx, link, &repository, &path, fragment);
    }
}

fn missing_file<'t>(
    cx: &mut Context<'_, 't>,
    link: &Link<'t>,
    repository: &Repository,
    path: &str,
    written: Span,
    file: &Path,
) {
    let span = written.shift(link.span.start as usize);
    let mut finding = cx
        .report(
            Place::text(link.node, span),
            format!("the runbook is not there: this repository has no `{path}`"),
        )
        .at(link.steps.clone());
    let Some(moved) = repository.moved(path) else {
        let _ = finding.help("write the page, or link to the one that is meant");
        return;
    };
    finding = finding.help(format!("was it moved to `{moved}`?"));
    // A path from the root stays one; one from the file's folder is written anew only where both are the same.
    let url = link.url();
    let beside = relative(url).is_some_and(|(path, _)| path.starts_with('.'));
    let from_root = file
        .parent()
        .is_some_and(|folder| repository.is_root(folder));
    if beside && !from_root {
        return;
    }
    let slash = if url.starts_with('/') { "/" } else { "" };
    let edit = link.node.encode_str(span, &format!("{slash}{moved}"));
    let _ = finding.fix(
        "link to the file where it is now",
        Safety::Unsafe,
        edit.map(|edit| vec![edit]),
    );
}

fn missing_heading<'t>(
    cx: &mut Context<'_, 't>,
    link: &Link<'t>,
    repository: &Repository,
    path: &str,
    fragment: &str,
) {
    let Some(headings) = repository.headings(path) else {
        return;
    };
    if headings.has(fragment) {
        return;
    }
    let end = link.span.end as usize;
    let span = Span::new(end - fragment.len(), end);
    let finding = cx
        .report(
            Place::text(link.node, span),
            format!("`{path}` has no heading `#{fragment}`: the link opens the page at its top"),
        )
        .lower(Severity::Warning)
        .at(link.steps.clone());
    match headings.near(fragment) {
        Some(near) => {
            let edit = link.node.encode_str(span, near);
            let _ = finding.help(format!("was it renamed to `#{near}`?")).fix(
                "link to the heading as it is now",
                Safety::Unsafe,
                edit.map(|edit| vec![edit]),
            );
        }
        None => {
            let _ = finding.help("link to a heading that is there");
        }
    }
}
