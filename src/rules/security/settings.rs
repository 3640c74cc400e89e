//! Settings of Grafana itself, in whatever form a repository gives them.

use crate::rules::Context;
use crate::source::kind::DocKind;
use crate::span::Span;
use crate::syntax::{Kind, NodeRef};

/// A setting and its value.
pub(super) struct Setting<'t> {
    /// Section and key as the environment writes them: `AUTH_ANONYMOUS_ENABLED`.
    pub(super) name: String,
    /// Its key as it is written.
    pub(super) key: String,
    /// The scalar that holds the value.
    pub(super) node: NodeRef<'t>,
    /// The value's bytes in its decoded text.
    pub(super) span: Span,
}

impl Setting<'_> {
    /// Its value.
    pub(super) fn value(&self) -> Option<String> {
        let text = self.node.as_text()?.value;
        text.get(self.span.range()).map(str::to_owned)
    }
}

/// The settings that the running document gives to a Grafana: the `grafana.ini` of the Helm chart's values, `spec.config` of the
/// operator's `Grafana`, variables of a Compose file's services (Grafana documentation, "Configure Grafana: Override configuration with
/// environment variables": `GF_<SECTION>_<KEY>`).
pub(super) fn settings<'t>(cx: &Context<'_, 't>) -> Vec<Setting<'t>> {
    let found = cx
        .document
        .and_then(|info| Some((info.kind, cx.file.root(info)?)));
    let Some((kind, root)) = found else {
        return Vec::new();
    };
    match kind {
        DocKind::OperatorResource => {
            let own = root.get("kind").and_then(NodeRef::as_str).as_deref() == Some("Grafana");
            let config = root.path(&["spec", "config"]).filter(|_| own);
            config.map_or(Vec::new(), sections)
        }
        DocKind::HelmValues => {
            let ini = root
                .get("grafana.ini")
                .or_else(|| root.path(&["grafana", "grafana.ini"]));
            ini.map_or(Vec::new(), sections)
        }
        DocKind::Compose => {
            let services = root.get("services").into_iter().flat_map(NodeRef::members);
            let variables = services.filter_map(|service| service.get("environment"));
            variables
                .flat_map(NodeRef::children)
                .filter_map(variable)
                .collect()
        }
        _ => Vec::new(),
    }
}

fn sections(config: NodeRef<'_>) -> Vec<Setting<'_>> {
    let mut found = Vec::new();
    for section in config.members() {
        for member in section.members() {
            let (Some(name), Some(key), Some(text)) =
                (section.key(), member.key(), member.as_text())
            else {
                continue;
            };
            found.push(Setting {
                name: in_environment(&format!("{name}_{key}")),
                key: key.into_owned(),
                node: member,
                span: Span::new(0, text.value.len()),
            });
        }
    }
    found
}

fn in_environment(name: &str) -> String {
    let letters = name.chars().map(|char| match char {
        '.' | '-' => '_',
        char => char.to_ascii_uppercase(),
    });
    letters.collect()
}

/// `GF_X: value` in a map, `GF_X=value` in a list.
fn variable(node: NodeRef<'_>) -> Option<Setting<'_>> {
    let text = node.as_text()?.value;
    let in_list = node.parent()?.kind() == Kind::Array;
    let (name, from) = match in_list {
        true => text
            .split_once('=')
            .map(|(name, _)| (name.to_owned(), name.len() + 1))?,
        false => (node.key()?.into_owned(), 0),
    };
    Some(Setting {
        name: name.strip_prefix("GF_")?.to_owned(),
        key: name,
        span: Span::new(from, text.len()),
        node,
    })
}
