//! The place of an `[[ignore]]`: `panel:12`, `query:12/A`, `/json/pointer`, `finding:5e1f…` …

use std::str::FromStr;

use crate::diagnostic::{Diagnostic, TrailStep};

/// A panel, by id or by title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PanelName {
    /// `12`
    Id(i64),
    /// `"Load"`
    Title(String),
}

/// A place inside a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// `panel:12`, `panel:"Load"`: the panel and all that is in it.
    Panel(PanelName),
    /// `query:12/A`
    Query(PanelName, String),
    /// `variable:job`
    Variable(String),
    /// `alert:Name`
    Alert(String),
    /// `finding:5e1f…`: the one with this fingerprint.
    Finding(String),
    /// `/json/pointer`, or `/data/node.json#/panels/3`: the value and all that is in it. A `#` may stand before it.
    Pointer {
        /// In the file's document.
        outer: String,
        /// In the text that is carried there.
        inner: Option<String>,
    },
}

impl FromStr for At {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(pointer) = text.strip_prefix('#') {
            let (outer, inner) = match pointer.split_once("#") {
                Some((outer, inner)) => (outer, Some(inner)),
                None => (pointer, None),
            };
            for part in [Some(outer), inner].into_iter().flatten() {
                if !part.is_empty() && !part.starts_with('/') {
                    return Err(format!("`{part}` is no JSON pointer: it begins with `/`"));
                }
            }
            return Ok(At::Pointer {
                outer: outer.to_owned(),
                inner: inner.map(str::to_owned),
            });
        }
        // As a report names it in `pointer`, where a key may hold a `#`.
        if text.starts_with('/') {
            let inner = text.find("#/").and_then(|at| text.split_at_checked(at));
            return Ok(At::Pointer {
                outer: inner.map_or(text, |(outer, _)| outer).to_owned(),
                inner: inner.map(|(_, inner)| inner.trim_start_matches('#').to_owned()),
            });
        }
        let unknown = || format!("`{text}` is no place");
        let (kind, name) = text.split_once(':').ok_or_else(unknown)?;
        let name = name.trim();
        match kind {
            "finding" if name.len() < 16 || name.bytes().any(|byte| !byte.is_ascii_hexdigit()) => {
                Err(format!(
                    "`{name}` is no fingerprint, as --format json has it"
                ))
            }
            "finding" => Ok(At::Finding(name.to_owned())),
            "panel" => panel(name).map(At::Panel),
            "query" => {
                let (panel_name, query) = name
                    .rsplit_once('/')
                    .filter(|(_, query)| !query.is_empty())
                    .ok_or_else(|| format!("`{text}` lacks the query: query:12/A"))?;
                Ok(At::Query(panel(panel_name)?, unquote(query).to_owned()))
            }
            "variable" | "alert" if unquote(name).is_empty() => {
                Err(format!("`{text}` lacks a name"))
            }
            "variable" => Ok(At::Variable(
                unquote(name).trim_start_matches('$').to_owned(),
            )),
            "alert" => Ok(At::Alert(unquote(name).to_owned())),
            _ => Err(unknown()),
        }
    }
}

fn unquote(name: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = name
            .strip_prefix(quote)
            .and_then(|name| name.strip_suffix(quote))
        {
            return inner;
        }
    }
    name
}

fn panel(name: &str) -> Result<PanelName, String> {
    if name.is_empty() {
        return Err("a panel is named by its id or its quoted title".to_owned());
    }
    let title = unquote(name);
    if title.len() != name.len() {
        return Ok(PanelName::Title(title.to_owned()));
    }
    name.parse()
        .map(PanelName::Id)
        .map_err(|_| format!("`{name}` is no panel id; a title is quoted: panel:\"{name}\""))
}

impl PanelName {
    fn is(&self, step: &TrailStep) -> bool {
        step.kind == "panel"
            && match self {
                PanelName::Id(id) => step.id == Some(*id),
                PanelName::Title(title) => step.name == *title,
            }
    }
}

impl At {
    /// Whether the finding lies there.
    pub fn matches(&self, finding: &Diagnostic) -> bool {
        let named = |kind: &str, name: &str| {
            finding
                .trail
                .iter()
                .any(|step| step.kind == kind && step.name == name)
        };
        match self {
            At::Panel(panel) => finding.trail.iter().any(|step| panel.is(step)),
            At::Query(panel, query) => {
                finding.trail.iter().any(|step| panel.is(step)) && named("query", query)
            }
            At::Variable(name) => named("variable", name),
            At::Alert(name) => named("alert", name),
            At::Finding(fingerprint) => finding.fingerprint == *fingerprint,
            At::Pointer { outer, inner } => match inner {
                None => below(&finding.location.pointer, outer),
                Some(inner) => {
                    finding.location.pointer == *outer
                        && finding
                            .location
                            .inner
                            .as_deref()
                            .is_some_and(|there| below(there, inner))
                }
            },
        }
    }
}

/// Whether `pointer` is `top` or leads to something in it.
fn below(pointer: &str, top: &str) -> bool {
    let top = top.strip_suffix('/').unwrap_or(top);
    pointer
        .strip_prefix(top)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
