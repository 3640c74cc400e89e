//! Where secrets stand in provisioning files.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::settings::settings;
use crate::diagnostic::TrailStep;
use crate::model::{Alerting, string};
use crate::rules::provisioning::entry::{Entry, Headers};
use crate::rules::trail::step;
use crate::rules::{Context, Scope};
use crate::secret::{Held, held, in_address, is_secret_name, of_receiver};
use crate::source::kind::DocKind;
use crate::span::Span;
use crate::syntax::{Kind, NodeRef};

/// A secret, or what stands in its place.
pub(super) struct Secret<'t> {
    /// The string that holds it.
    pub(super) node: NodeRef<'t>,
    /// Its bytes in the decoded string.
    pub(super) span: Span,
    /// The key it stands at.
    pub(super) key: Cow<'t, str>,
    /// Whose it is.
    pub(super) owner: TrailStep,
    /// It stands in the middle of an address.
    pub(super) in_url: bool,
}

impl<'t> Secret<'t> {
    fn whole(node: NodeRef<'t>, owner: &TrailStep) -> Option<Self> {
        let text = node.as_text()?;
        Some(Secret {
            node,
            span: Span::new(0, text.value.len()),
            key: node.key().unwrap_or_default(),
            owner: owner.clone(),
            in_url: false,
        })
    }

    fn held(held: &Held<'t>, owner: &TrailStep) -> Option<Self> {
        let key = held.member.key().unwrap_or_default();
        Some(Secret {
            key,
            ..Self::whole(held.node, owner)?
        })
    }

    /// The part of an address that lets in.
    fn in_address(node: NodeRef<'t>, owner: &TrailStep) -> Option<Self> {
        let whole = Self::whole(node, owner)?;
        let span = in_address(&node.as_str()?)?;
        Some(Secret {
            span,
            in_url: true,
            ..whole
        })
    }

    /// The way to it.
    pub(super) fn trail(&self) -> Vec<TrailStep> {
        let named = !self.owner.name.is_empty();
        named.then(|| self.owner.clone()).into_iter().collect()
    }

    /// Its text.
    pub(super) fn text(&self) -> Option<String> {
        let text = self.node.as_text()?.value;
        text.get(self.span.range()).map(str::to_owned)
    }
}

/// Every secret of the running document.
pub(super) fn secrets<'t>(cx: &Context<'_, 't>) -> Vec<Secret<'t>> {
    let mut found = Vec::new();
    if let Scope::Alerting(alerting) = cx.scope {
        of_contact_points(alerting, &mut found);
        return found;
    }
    let Some((kind, root)) = cx
        .document
        .and_then(|info| Some((info.kind, cx.file.root(info)?)))
    else {
        return found;
    };
    match kind {
        DocKind::DataSources | DocKind::OperatorDataSource => {
            for entry in Entry::all(cx) {
                of_data_source(&entry, &mut found);
            }
        }
        DocKind::Plugins => {
            for app in items(root, "apps") {
                let owner = step("plugin", text(app, "type"));
                found.extend(all(app.get("secureJsonData"), &owner));
            }
        }
        DocKind::Notifiers => {
            for channel in items(root, "notifiers") {
                let owner = step("notification channel", text(channel, "name"));
                found.extend(all(channel.get("secure_settings"), &owner));
                of_settings(channel, &owner, &mut found);
            }
        }
        _ => of_settings_of_grafana(cx, &mut found),
    }
    found
}

/// The passwords and keys among the settings of Grafana itself, and those in its addresses (Grafana documentation, "Configure Grafana").
fn of_settings_of_grafana<'t>(cx: &Context<'_, 't>, found: &mut Vec<Secret<'t>>) {
    for setting in settings(cx) {
        let text = setting.value().unwrap_or_default();
        let part = match is_secret_name(&setting.name) {
            true => Some(Span::new(0, text.len())),
            false => in_address(&text),
        };
        let start = setting.span.start as usize;
        found.extend(part.map(|part| Secret {
            node: setting.node,
            span: part.shift(start),
            in_url: part.len() < text.len(),
            key: setting.key.into(),
            owner: step("grafana", String::new()),
        }));
    }
}

fn items<'t>(root: NodeRef<'t>, key: &str) -> impl Iterator<Item = NodeRef<'t>> {
    root.get(key).into_iter().flat_map(NodeRef::items)
}

fn text(node: NodeRef<'_>, key: &str) -> String {
    string(node, key).unwrap_or_default().into_owned()
}

/// Every value in an object that holds secrets, but for those that open nothing by themselves.
fn all<'t>(object: Option<NodeRef<'t>>, owner: &TrailStep) -> Vec<Secret<'t>> {
    let values = object.into_iter().flat_map(held);
    values
        .filter(|held| {
            let key = held.member.key().unwrap_or_default();
            !(key.ends_with("Cert") || key.to_ascii_lowercase().contains("user"))
        })
        .filter_map(|held| Secret::held(&held, owner))
        .collect()
}

fn of_data_source<'t>(entry: &Entry<'t>, found: &mut Vec<Secret<'t>>) {
    let owner = entry.step();
    let headers = Headers::of(entry);
    for member in entry.node.members() {
        match member.key().unwrap_or_default().as_ref() {
            "secureJsonData" | "secure_json_data" => {
                let secrets = all(Some(member), &owner).into_iter();
                found.extend(secrets.filter(|secret| headers.lets_in(&secret.key)));
            }
            // What is secret there, another rule tells.
            "jsonData" | "json_data" => {}
            _ => found.extend(all(Some(member), &owner)),
        }
    }
    let addresses = entry.node.get("url").into_iter();
    let addresses = addresses.chain(entry.json_data().into_iter().flat_map(NodeRef::members));
    found.extend(addresses.filter_map(|node| Secret::in_address(node, &owner)));
}

fn of_contact_points<'t>(alerting: &Alerting<'t>, found: &mut Vec<Secret<'t>>) {
    for point in alerting.contact_points() {
        let owner = step("contact point", text(point, "name"));
        let listed = point.get("receivers");
        let own = listed.is_none().then_some(point);
        for receiver in listed.into_iter().flat_map(NodeRef::items).chain(own) {
            of_settings(receiver, &owner, found);
        }
    }
}

/// The secret settings of a receiver or of an old notification channel, and those in its addresses.
fn of_settings<'t>(receiver: NodeRef<'t>, owner: &TrailStep, found: &mut Vec<Secret<'t>>) {
    let Some(settings) = receiver
        .get("settings")
        .filter(|node| node.kind() == Kind::Object)
    else {
        return;
    };
    // What is a secret as a whole needs no second word about a part of it.
    let mut whole = FxHashSet::default();
    for path in of_receiver(&text(receiver, "type")) {
        let keys: Vec<&str> = path.split('.').collect();
        let secret = settings
            .path(&keys)
            .and_then(|node| Secret::whole(node, owner));
        whole.extend(secret.iter().map(|secret| secret.node.resolve().id()));
        found.extend(secret.filter(|secret| !is_bare_host(secret)));
    }
    for secret in all(Some(settings), owner) {
        if whole.insert(secret.node.id()) && !is_bare_host(&secret) {
            found.push(secret);
        }
    }
    let rest = settings.members();
    let rest = rest.filter(|node| !whole.contains(&node.resolve().id()));
    found.extend(rest.filter_map(|node| Secret::in_address(node, owner)));
}

/// An address without a path, which lets nobody in.
fn is_bare_host(secret: &Secret<'_>) -> bool {
    let text = secret.text().unwrap_or_default();
    let rest = text.split_once("://").map(|(_, rest)| rest);
    rest.is_some_and(|rest| {
        rest.split_once(['/', '?'])
            .is_none_or(|(_, path)| path.is_empty())
    })
}
