//! What contact points, mute timings, folders and library panels are called.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::facts::Home;
use crate::model::{Document, DocumentInfo, Language, NoDataSources, ParsedFile};
use crate::source::kind::DocKind;
use crate::syntax::NodeRef;
use crate::template::{Dialect, Template};

/// A kind of things that other files name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// A contact point of Grafana alerting.
    ContactPoint,
    /// A mute timing of Grafana alerting.
    MuteTiming,
    /// A template for notifications, whichever of a file's it is.
    NotificationTemplate,
    /// A folder of the Grafana operator, by the name of its resource.
    FolderResource,
    /// A folder of Grafana, by its uid.
    Folder,
    /// A library panel, by its uid.
    LibraryPanel,
}

/// A thing of such a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameFact {
    /// What it is.
    pub kind: NameKind,
    /// What it is called.
    pub name: String,
    /// How it stands in its file.
    pub home: Home,
}

/// What a document gives names to.
pub(super) fn names(file: &ParsedFile, info: &DocumentInfo) -> Vec<NameFact> {
    let Some(root) = file.root(info) else {
        return Vec::new();
    };
    let found: Vec<(NameKind, Cow<'_, str>)> = match info.kind {
        DocKind::GrafanaAlerting => {
            let points = entries(root, "contactPoints").map(|name| (NameKind::ContactPoint, name));
            let timings = entries(root, "muteTimes").map(|name| (NameKind::MuteTiming, name));
            let templates = root.get("templates").into_iter();
            let templates = templates.flat_map(NodeRef::items).flat_map(defined);
            points.chain(timings).chain(templates).collect()
        }
        DocKind::OperatorAlerting | DocKind::OperatorResource => {
            let uid = folder_uid(root).map(|uid| (NameKind::Folder, uid));
            let template = said(root, "kind").as_deref() == Some("GrafanaNotificationTemplate");
            let spec = root.get("spec").filter(|_| template).into_iter();
            let own = of_operator(root).into_iter();
            own.chain(uid).chain(spec.flat_map(defined)).collect()
        }
        DocKind::FolderResource => {
            let uid = root.get("metadata").and_then(|data| said(data, "name"));
            uid.map(|uid| (NameKind::Folder, uid)).into_iter().collect()
        }
        DocKind::LibraryPanel | DocKind::OperatorLibraryPanel => {
            let library = match file.document(info, &NoDataSources, Language::PromQl) {
                Some(Document::Dashboard(dashboard)) => dashboard.library().and_then(|one| one.uid),
                _ => None,
            };
            let operators = || root.path(&["spec", "uid"]).and_then(NodeRef::as_str);
            let uid = library.or_else(operators);
            uid.map(|uid| (NameKind::LibraryPanel, uid))
                .into_iter()
                .collect()
        }
        _ => return Vec::new(),
    };
    let home = Home::of(file, info);
    let fact = |(kind, name): (NameKind, Cow<'_, str>)| NameFact {
        kind,
        name: name.into_owned(),
        home: home.clone(),
    };
    found.into_iter().map(fact).collect()
}

/// What an entry with a text of templates defines. A text without `define` is the template of the entry's name (Grafana 12.1,
/// pkg/services/ngalert/api/tooling/definitions, `NotificationTemplate`).
fn defined(entry: NodeRef<'_>) -> Vec<(NameKind, Cow<'_, str>)> {
    let own = said(entry, "name");
    let text = entry.get("template").and_then(NodeRef::as_str);
    let text = text.unwrap_or_default();
    let template = Template::parse(&text, &Dialect::GRAFANA_NOTIFICATION);
    let defined = template.defined.into_iter();
    let defined = defined.map(|one| Cow::Owned(one.name.into_owned()));
    let all = own.into_iter().chain(defined);
    all.map(|name| (NameKind::NotificationTemplate, name))
        .collect()
}

/// The names in a list.
fn entries<'t>(root: NodeRef<'t>, list: &str) -> impl Iterator<Item = Cow<'t, str>> {
    let list = root.get(list).into_iter();
    list.flat_map(NodeRef::items)
        .filter_map(|entry| said(entry, "name"))
}

/// A resource of the operator: it takes the resource's name for what `spec` gives none (grafana-operator 5,
/// grafanacontactpoint_types.go and grafanamutetiming_types.go). Folders are referred to by the resource's name.
fn of_operator(root: NodeRef<'_>) -> Option<(NameKind, Cow<'_, str>)> {
    let kind = match said(root, "kind")?.as_ref() {
        "GrafanaContactPoint" => NameKind::ContactPoint,
        "GrafanaMuteTiming" => NameKind::MuteTiming,
        "GrafanaFolder" => NameKind::FolderResource,
        _ => return None,
    };
    let own = root
        .get("spec")
        .filter(|_| kind != NameKind::FolderResource)
        .and_then(|spec| said(spec, "name"));
    let name = own.or_else(|| said(root.get("metadata")?, "name"))?;
    Some((kind, name))
}

/// The uid that a GrafanaFolder gives its folder; without one the operator takes the resource's own (grafana-operator 5,
/// grafanafolder_types.go: `CustomUIDOrUID`), which nobody can know here.
fn folder_uid(root: NodeRef<'_>) -> Option<Cow<'_, str>> {
    let folder = said(root, "kind")? == "GrafanaFolder";
    root.get("spec")
        .filter(|_| folder)
        .and_then(|spec| said(spec, "uid"))
}

fn said<'t>(node: NodeRef<'t>, key: &str) -> Option<Cow<'t, str>> {
    node.get(key)?.as_str().filter(|text| !text.is_empty())
}

/// The names of a project, in all its files (`None`) and in each instance.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: FxHashMap<(Option<usize>, NameKind), FxHashSet<String>>,
    /// Where the environment says what one of them is called: it may be anything.
    open: FxHashSet<(Option<usize>, NameKind)>,
}

impl Names {
    pub(super) fn add(&mut self, fact: &NameFact, instances: &[usize]) {
        for instance in instances.iter().copied().map(Some).chain([None]) {
            let names = self.known.entry((instance, fact.kind)).or_default();
            names.insert(fact.name.clone());
            if fact.name.contains('$') {
                self.open.insert((instance, fact.kind));
            }
        }
    }

    pub(super) fn any(&self, instance: Option<usize>, kind: NameKind) -> bool {
        self.known.contains_key(&(instance, kind))
    }

    /// Whether something of this kind has, or may have, this name.
    pub(super) fn has(&self, instance: Option<usize>, kind: NameKind, name: &str) -> bool {
        let key = (instance, kind);
        let names = self.known.get(&key);
        self.open.contains(&key) || names.is_some_and(|names| names.contains(name))
    }

    pub(super) fn all(
        &self,
        instance: Option<usize>,
        kind: NameKind,
    ) -> impl Iterator<Item = &str> {
        let names = self.known.get(&(instance, kind));
        names.into_iter().flatten().map(String::as_str)
    }
}
