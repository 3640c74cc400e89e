//! What a dashboard says of itself as a whole, in either schema.

use std::borrow::Cow;

use super::link::Link;
use super::{Dashboard, Form};
use crate::syntax::NodeRef;

/// What a dashboard stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrapper {
    /// Nothing: it is the document, as file provisioning wants it.
    None,
    /// `dashboard` beside `meta`, `folderUid` … as the HTTP API gives and takes it.
    Api,
    /// `spec` of a resource.
    Resource,
}

impl<'t> Dashboard<'t> {
    /// A field by its path in the classic and in the second schema.
    fn setting(&self, classic: &[&str], v2: &[&str]) -> Option<NodeRef<'t>> {
        match self.form {
            Form::V2 => self.node.path(v2),
            Form::Classic | Form::LibraryPanel => self.node.path(classic),
        }
    }

    /// What it stands in.
    pub fn wrapper(&self) -> Wrapper {
        if self.root == self.node {
            Wrapper::None
        } else if self.root.get("apiVersion").is_some() {
            Wrapper::Resource
        } else {
            Wrapper::Api
        }
    }

    /// The version of the API a resource is written for: `dashboard.grafana.app/v2beta1` …
    pub fn api_version(&self) -> Option<Cow<'t, str>> {
        self.root.get("apiVersion")?.as_str()
    }

    /// Its title.
    pub fn title(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "title").filter(|title| !title.is_empty())
    }

    /// Where its uid stands: the classic field; of a resource its name, which Grafana takes for it.
    pub fn uid_node(&self) -> Option<NodeRef<'t>> {
        let own = self.node.get("uid");
        match (self.wrapper(), self.form) {
            (Wrapper::Resource, _) => self.root.path(&["metadata", "name"]).or(own),
            (_, Form::LibraryPanel) => self.library()?.node.get("uid"),
            _ => own,
        }
    }

    /// Its uid; empty or missing is `None`.
    pub fn uid(&self) -> Option<Cow<'t, str>> {
        self.uid_node()?.as_str().filter(|uid| !uid.is_empty())
    }

    /// What its author says about it.
    pub fn description(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "description")
    }

    /// Its tags, where each stands.
    pub fn tags(&self) -> impl Iterator<Item = NodeRef<'t>> + use<'t> {
        self.node.get("tags").into_iter().flat_map(NodeRef::items)
    }

    /// Where the beginning of its time range stands.
    pub fn time_from_node(&self) -> Option<NodeRef<'t>> {
        self.setting(&["time", "from"], &["timeSettings", "from"])
    }

    /// Where the end of its time range stands.
    pub fn time_to_node(&self) -> Option<NodeRef<'t>> {
        self.setting(&["time", "to"], &["timeSettings", "to"])
    }

    /// Where its refresh interval stands: a string, in files before schema 40 sometimes `false`.
    pub fn refresh_node(&self) -> Option<NodeRef<'t>> {
        self.setting(&["refresh"], &["timeSettings", "autoRefresh"])
    }

    /// Where the refresh intervals stand that people can choose.
    pub fn refresh_intervals_node(&self) -> Option<NodeRef<'t>> {
        self.setting(
            &["timepicker", "refresh_intervals"],
            &["timeSettings", "autoRefreshIntervals"],
        )
    }

    /// Where its time zone stands.
    pub fn timezone_node(&self) -> Option<NodeRef<'t>> {
        self.setting(&["timezone"], &["timeSettings", "timezone"])
    }

    /// Where the first day of its weeks stands.
    pub fn week_start_node(&self) -> Option<NodeRef<'t>> {
        self.setting(&["weekStart"], &["timeSettings", "weekStart"])
    }

    /// Where it says whether people may change it.
    pub fn editable_node(&self) -> Option<NodeRef<'t>> {
        self.node.get("editable")
    }

    /// People may change it, unless it says otherwise.
    pub fn is_editable(&self) -> bool {
        self.editable_node().and_then(NodeRef::as_bool) != Some(false)
    }

    /// Where it says whether panels share the crosshair and the tooltip: `graphTooltip`, in v2 `cursorSync`.
    pub fn cursor_sync_node(&self) -> Option<NodeRef<'t>> {
        self.setting(&["graphTooltip"], &["cursorSync"])
    }

    /// The version of the classic schema; `None` in v2, whose version is the resource's.
    pub fn schema_version(&self) -> Option<i64> {
        self.schema_version_node()?.as_i64()
    }

    /// Where that stands.
    pub fn schema_version_node(&self) -> Option<NodeRef<'t>> {
        self.node
            .get("schemaVersion")
            .filter(|_| self.form == Form::Classic)
    }

    /// Its links.
    pub fn links(&self) -> impl Iterator<Item = Link<'t>> + use<'t> {
        Link::list(self.node.get("links"))
    }
}
