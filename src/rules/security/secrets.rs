//! Where secrets stand in provisioning files.

use std::borrow::Cow;

use super::settings::settings;
use crate::diagnostic::TrailStep;
use crate::model::{Alerting, string};
use crate::rules::provisioning::entry::Entry;
use crate::rules::trail::step;
use crate::rules::{Context, Scope};
use crate::source::kind::DocKind;
use crate::span::Span;
use crate::syntax::{Kind, NodeRef};

mod tables {
    include!(concat!(env!("OUT_DIR"), "/secrets.rs"));

    /// The secret settings of a receiver of this type.
    pub(super) fn of_receiver(kind: &str) -> &'static [&'static str] {
        let found = RECEIVERS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(kind));
        found.map_or(&[], |(_, settings)| settings)
    }
}

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

/// The passwords and keys among the settings of Grafana itself (Grafana documentation, "Configure Grafana").
fn of_settings_of_grafana<'t>(cx: &Context<'_, 't>, found: &mut Vec<Secret<'t>>) {
    let ends = ["_PASSWORD", "_SECRET", "_SECRET_KEY", "_TOKEN"];
    let secrets = settings(cx).into_iter();
    let secrets = secrets.filter(|setting| ends.iter().any(|end| setting.name.ends_with(end)));
    found.extend(secrets.map(|setting| Secret {
        node: setting.node,
        span: setting.span,
        key: setting.key.into(),
        owner: step("grafana", String::new()),
        in_url: false,
    }));
}

fn items<'t>(root: NodeRef<'t>, key: &str) -> impl Iterator<Item = NodeRef<'t>> {
    root.get(key).into_iter().flat_map(NodeRef::items)
}

fn text(node: NodeRef<'_>, key: &str) -> String {
    string(node, key).unwrap_or_default().into_owned()
}

/// Every member of an object that holds secrets, but for those that open nothing by themselves.
fn all<'t>(object: Option<NodeRef<'t>>, owner: &TrailStep) -> Vec<Secret<'t>> {
    let members = object.into_iter().flat_map(NodeRef::members);
    members
        .filter(|member| {
            let key = member.key().unwrap_or_default();
            !(key.ends_with("Cert") || key.to_ascii_lowercase().contains("user") || key == "<<")
        })
        .filter_map(|member| Secret::whole(member, owner))
        .collect()
}

fn of_data_source<'t>(entry: &Entry<'t>, found: &mut Vec<Secret<'t>>) {
    let owner = entry.step();
    for key in ["password", "basicAuthPassword", "basic_auth_password"] {
        found.extend(
            entry
                .node
                .get(key)
                .and_then(|node| Secret::whole(node, &owner)),
        );
    }
    let secrets = all(entry.secure(), &owner).into_iter();
    found.extend(secrets.filter(|secret| entry.is_secret_header(&secret.key)));
    if let Some((node, url)) = entry.text("url")
        && let Some(span) = in_url(&url)
    {
        found.push(Secret {
            node,
            span,
            key: Cow::Borrowed("url"),
            owner,
            in_url: true,
        });
    }
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
    for path in tables::of_receiver(&text(receiver, "type")) {
        let keys: Vec<&str> = path.split('.').collect();
        let secret = settings
            .path(&keys)
            .and_then(|node| Secret::whole(node, owner));
        found.extend(secret.filter(|secret| !is_bare_host(secret)));
    }
    // What is a secret as a whole needs no second word about a part of it.
    let whole: Vec<_> = found.iter().map(|secret| secret.node).collect();
    for node in settings.members().filter(|node| !whole.contains(node)) {
        let Some(text) = node.as_str() else { continue };
        if let Some(span) = in_url(&text) {
            found.push(Secret {
                node,
                span,
                key: node.key().unwrap_or_default(),
                owner: owner.clone(),
                in_url: true,
            });
        }
    }
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

/// Parameters of addresses that hold secrets.
const PARAMETERS: &[&str] = &[
    "token",
    "access_token",
    "api_key",
    "apikey",
    "password",
    "secret",
    "sig",
];

/// The password or token within an address: `https://user:password@host`, `?token=…`.
fn in_url(url: &str) -> Option<Span> {
    let host = url.find("://")? + 3;
    let rest = &url[host..];
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    if let Some(at) = rest[..end].rfind('@')
        && let Some(colon) = rest[..at].find(':')
        && colon + 1 < at
    {
        return Some(Span::new(host + colon + 1, host + at));
    }
    let mut from = host + rest.find('?')? + 1;
    for pair in url[from..].split(['&', '#']) {
        if let Some((name, value)) = pair.split_once('=')
            && PARAMETERS.contains(&name.to_ascii_lowercase().as_str())
            && !value.is_empty()
        {
            let start = from + name.len() + 1;
            return Some(Span::new(start, start + value.len()));
        }
        from += pair.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::in_url;

    #[test]
    fn secrets_in_addresses() {
        let found = |url: &str| in_url(url).map(|span| url[span.range()].to_owned());
        for (url, secret) in [
            ("https://me:hunter2@host/path", Some("hunter2")),
            ("http://host:9090/?token=abc&x=1", Some("abc")),
            ("http://host/?x=1&api_key=k#f", Some("k")),
            ("http://me@host", None),
            ("http://host:9090/a@b:c", None),
            ("http://me:@host", None),
            ("host:9090", None),
            ("http://host/?tokens=abc", None),
        ] {
            assert_eq!(found(url).as_deref(), secret, "{url}");
        }
    }
}
