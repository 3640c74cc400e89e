//! What the data sources of a document say, as Grafana reads it.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::{DATA_SOURCES, is_old, lists_of, schema};
use crate::diagnostic::{Location, TrailStep};
use crate::model::{DocumentInfo, ParsedFile};
use crate::project::{Claimed, shared_folder};
use crate::rules::Context;
use crate::rules::trail::step;
use crate::secret::is_secret_name;
use crate::syntax::NodeRef;

/// A data source with the keys of either format.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'t> {
    /// Its object.
    pub(crate) node: NodeRef<'t>,
    /// It has the keys of files without an `apiVersion`.
    old: bool,
}

impl<'t> Entry<'t> {
    /// The data sources of the running document.
    pub(crate) fn all(cx: &Context<'_, 't>) -> Vec<Entry<'t>> {
        cx.document
            .map_or(Vec::new(), |info| Entry::of_document(cx.file, info))
    }

    /// The data sources of a document.
    pub(crate) fn of_document(file: &'t ParsedFile, info: &DocumentInfo) -> Vec<Entry<'t>> {
        let root = file.root(info);
        let old = root.is_some_and(|root| root.get("datasources").is_some() && is_old(root));
        let nodes = lists_of(file, info, DATA_SOURCES).into_iter();
        nodes.map(|node| Entry { node, old }).collect()
    }

    fn get(&self, new: &str, old: &str) -> Option<NodeRef<'t>> {
        self.node.get(if self.old { old } else { new })
    }

    /// A text that is not empty, and where it stands.
    pub(crate) fn text(&self, key: &str) -> Option<(NodeRef<'t>, Cow<'t, str>)> {
        let node = self.node.get(key)?;
        let text = node.as_text()?.value;
        (!text.is_empty()).then_some((node, text))
    }

    /// Its organization; `None` where a variable or a name says it.
    pub(crate) fn organization(&self) -> Option<i64> {
        if self
            .get("orgName", "org_name")
            .is_some_and(|name| !name.is_null())
        {
            return None;
        }
        let Some(id) = self.get("orgId", "org_id").filter(|id| !id.is_null()) else {
            return Some(1);
        };
        let id: i64 = id.as_text()?.value.parse().ok()?;
        Some(if id == 0 { 1 } else { id })
    }

    /// Where it says that it is the default one.
    pub(crate) fn default(&self) -> Option<NodeRef<'t>> {
        let node = self.get("isDefault", "is_default")?;
        let text = node.as_text()?.value;
        matches!(text.as_ref(), "1" | "t" | "T" | "TRUE" | "true" | "True").then_some(node)
    }

    /// What it holds for the plugin, in plain text.
    pub(crate) fn json_data(&self) -> Option<NodeRef<'t>> {
        self.get("jsonData", "json_data")
    }
}

impl<'t> Entry<'t> {
    /// The way to a finding in it.
    pub(crate) fn step(&self) -> TrailStep {
        let name = self.text("name").map(|(_, name)| name.into_owned());
        step("data source", name.unwrap_or_default())
    }
}

/// Which headers of a data source are harmless: all that is sent in them is in the name.
#[derive(Debug)]
pub(crate) struct Headers<'t> {
    entry: Entry<'t>,
    /// The numbers of those that let in.
    letting_in: FxHashSet<String>,
}

impl<'t> Headers<'t> {
    /// Those of a data source.
    pub(crate) fn of(entry: &Entry<'t>) -> Self {
        let members = entry.json_data().into_iter().flat_map(NodeRef::members);
        let letting_in = members.filter_map(|member| {
            let key = member.key()?;
            let number = key.strip_prefix("httpHeaderName")?;
            let name = member.as_str()?.to_lowercase();
            let words = ["auth", "token", "key", "secret", "cookie", "password"];
            let lets_in = words.iter().any(|word| name.contains(word));
            lets_in.then(|| number.to_owned())
        });
        Headers {
            entry: *entry,
            letting_in: letting_in.collect(),
        }
    }

    /// Whether `key` is a secret: one that `secureJsonData` has, or one by its name.
    pub(crate) fn is_secret(&self, key: &str) -> bool {
        let shape = schema::shape("DataSource");
        // Both formats have the same secrets.
        let secure = shape.and_then(|shape| shape.below("secureJsonData", self.entry.node));
        let field = secure.and_then(|secure| secure.field(key));
        let known = field.is_some_and(|field| field.secret);
        (known || is_secret_name(key)) && self.lets_in(key)
    }

    /// Whether a header is one that lets in; any other key is.
    pub(crate) fn lets_in(&self, key: &str) -> bool {
        let number = key.strip_prefix("httpHeaderValue");
        number.is_none_or(|number| self.letting_in.contains(number))
    }
}

/// Where another file of the running document's folder claimed something before it did: that file and this one are read by one Grafana.
pub(crate) fn claimed_before<'s>(
    cx: &Context<'s, '_>,
    org: i64,
    claimed: &Claimed,
) -> Option<&'s Location> {
    let folder = shared_folder(cx.file.source.location.as_deref())?;
    let first = cx.project.first_claim(folder, org, claimed)?;
    (first.file != cx.file.source.path).then_some(first)
}
