//! The same fault in many places of a dashboard.

use std::collections::BTreeMap;

use crate::diagnostic::Safety;
use crate::model::{Dashboard, Panel};
use crate::rules::context::Finding;
use crate::rules::{Context, Place};
use crate::span::Span;
use crate::spelling::is_same_but_case;
use crate::syntax::NodeRef;

/// A place with a fault, and the panel it is in.
#[derive(Clone, Copy)]
pub(super) struct Found<'d, 't> {
    pub(super) node: NodeRef<'t>,
    pub(super) panel: Option<&'d Panel<'t>>,
}

/// Strings in panels, by what they say. What a template engine has yet to fill in is left out.
pub(super) fn by_text<'d, 't, I>(
    dashboard: &'d Dashboard<'t>,
    places: impl Fn(&Panel<'t>) -> I,
) -> BTreeMap<String, Vec<Found<'d, 't>>>
where
    I: IntoIterator<Item = NodeRef<'t>>,
{
    let mut groups: BTreeMap<String, Vec<Found<'d, 't>>> = BTreeMap::new();
    for panel in &dashboard.panels {
        for node in places(panel) {
            let Some(text) = node.as_str() else { continue };
            if text.is_empty() || is_placeholder(&text) {
                continue;
            }
            groups.entry(text.into_owned()).or_default().push(Found {
                node,
                panel: Some(panel),
            });
        }
    }
    groups
}

/// Whether a text is filled in before Grafana sees it: by a variable, Helm, Jinja, jsonnet.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.contains('$') || text.contains("{{") || text.contains("[[")
}

/// Reports one fault in all these places; `more` says what else there is to say of each.
pub(super) fn report_all<'t>(
    cx: &mut Context<'_, 't>,
    found: &[Found<'_, 't>],
    message: &str,
    more: impl for<'f> Fn(Finding<'f, 't>, NodeRef<'t>) -> Finding<'f, 't>,
) {
    for one in found {
        let mut finding = cx.report(place(one.node), message);
        if let Some(panel) = one.panel {
            finding = finding.at(Context::panel_steps(panel));
        }
        let _ = more(finding, one.node).together("and here");
    }
}

/// Reports an id that Grafana does not know, with what was perhaps meant. Where only case or separators differ, the fix
/// writes the right id.
pub(super) fn report_unknown<'t>(
    cx: &mut Context<'_, 't>,
    id: &str,
    found: &[Found<'_, 't>],
    message: &str,
    near: Option<&'static str>,
    otherwise: &str,
) {
    report_all(cx, found, message, |finding, node| {
        let Some(near) = near else {
            return finding.help(otherwise);
        };
        let finding = finding.help(format!("did you mean `{near}`?"));
        if !is_same_but_case(id, near) {
            return finding;
        }
        let whole = Span::new(0, id.len());
        let edit = node.encode_str(whole, near).map(|edit| vec![edit]);
        finding.fix(format!("write `{near}`"), Safety::Unsafe, edit)
    });
}

/// A scalar, or the start of an object or array.
fn place(node: NodeRef<'_>) -> Place<'_, '_> {
    let span = node.span();
    match node.children().next() {
        Some(_) => {
            let start = span.start as usize;
            Place::bytes(node, Span::new(start, start + 1))
        }
        None => Place::value(node),
    }
}

/// A list of ids for a sentence: `a`, `b` or `c`.
pub(super) fn list(ids: &[&str], last: &str) -> String {
    let quoted: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    match quoted.split_last() {
        Some((end, [])) => end.clone(),
        Some((end, others)) => format!("{} {last} {end}", others.join(", ")),
        None => String::new(),
    }
}
