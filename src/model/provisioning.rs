//! Provisioned data sources and dashboard providers.

use std::borrow::Cow;

use crate::syntax::{Kind, NodeRef};

/// A provisioned data source.
#[derive(Debug, Clone, Copy)]
pub struct DataSource<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
}

impl<'t> DataSource<'t> {
    /// Its name.
    pub fn name(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "name")
    }

    /// Its uid, where it is set. The operator takes the one beside `datasource` (grafana-operator 5,
    /// grafanadatasource_types.go).
    pub fn uid(&self) -> Option<Cow<'t, str>> {
        let filled = |node| super::string(node, "uid").filter(|uid| !uid.is_empty());
        let beside = || {
            let operators = self.node.key().as_deref() == Some("datasource");
            self.node.parent().filter(|_| operators).and_then(filled)
        };
        filled(self.node).or_else(beside)
    }

    /// Its plugin id.
    pub fn kind(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "type")
    }

    /// It is the default one.
    pub fn is_default(&self) -> bool {
        self.node
            .get("isDefault")
            .and_then(NodeRef::as_bool)
            .unwrap_or(false)
    }
}

/// A provider of dashboard files.
#[derive(Debug, Clone, Copy)]
pub struct Provider<'t> {
    /// Its object.
    pub node: NodeRef<'t>,
}

impl<'t> Provider<'t> {
    /// Its name.
    pub fn name(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "name")
    }

    /// The folder it reads, in its container (Grafana 12, file_reader.go: `path`, of old `folder`).
    pub fn path(&self) -> Option<Cow<'t, str>> {
        self.path_node()?.as_str()
    }

    /// Where that stands.
    pub fn path_node(&self) -> Option<NodeRef<'t>> {
        let options = self.node.get("options")?;
        let text = |key| options.get(key).filter(|node| node.as_str().is_some());
        text("path").or_else(|| text("folder"))
    }

    /// The organisation it writes to.
    pub fn org(&self) -> i64 {
        let id = self.node.get("orgId").or_else(|| self.node.get("org_id"));
        // 0 stands for the main one (Grafana 12, config_reader.go).
        id.and_then(NodeRef::as_i64).unwrap_or(1).max(1)
    }

    /// The title of the folder it writes to.
    pub fn folder(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "folder")
    }

    /// The uid of that folder.
    pub fn folder_uid(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "folderUid")
    }

    /// It writes to folders called like those it reads.
    pub fn folders_from_files(&self) -> bool {
        let said = self.node.path(&["options", "foldersFromFilesStructure"]);
        said.and_then(NodeRef::as_bool).unwrap_or(false)
    }
}

/// The data sources of a provisioning document, of a bare list of them (kube-prometheus-stack's `additionalDataSources`),
/// or of the `spec` of the Grafana operator's resource, which has one in `datasource` (version 5) or a list (version 4).
pub fn data_sources<'t>(root: NodeRef<'t>) -> impl Iterator<Item = DataSource<'t>> + 't {
    let one = root.get("datasource").into_iter();
    objects(root, "datasources")
        .chain(root.items().chain(one).filter(is_object))
        .map(|node| DataSource { node })
}

/// The providers of a provisioning document.
pub fn providers<'t>(root: NodeRef<'t>) -> impl Iterator<Item = Provider<'t>> + 't {
    objects(root, "providers").map(|node| Provider { node })
}

/// Whether a text of a provisioning file becomes another one before Grafana looks at it: by variables of the environment, or by
/// a template.
pub fn is_expanded(text: &str) -> bool {
    text.contains("{{") || text.contains('$') && text.replace("$$", "").contains('$')
}

fn objects<'t>(root: NodeRef<'t>, key: &str) -> impl Iterator<Item = NodeRef<'t>> + 't {
    root.get(key)
        .into_iter()
        .flat_map(NodeRef::items)
        .filter(is_object)
}

fn is_object(node: &NodeRef<'_>) -> bool {
    node.kind() == Kind::Object
}
