//! Rows of every era, and the tabs of a v2 layout.

use std::borrow::Cow;

use super::panel::repeat_over;
use crate::syntax::NodeRef;

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A row: in the list of panels, of the rows era, or of a v2 layout.
    Row,
    /// A tab of a v2 layout.
    Tab,
}

impl RowKind {
    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self {
            RowKind::Row => "row",
            RowKind::Tab => "tab",
        }
    }
}

/// A row of either era, or a row or tab of a v2 layout.
#[derive(Debug, Clone, Copy)]
pub struct Row<'t> {
    /// Its object: of a v2 row its `spec`.
    pub node: NodeRef<'t>,
    /// Row or tab.
    pub kind: RowKind,
    v2: bool,
}

impl<'t> Row<'t> {
    /// A row of a classic dashboard, of either era.
    pub(super) fn classic(node: NodeRef<'t>) -> Self {
        Row {
            node,
            kind: RowKind::Row,
            v2: false,
        }
    }

    /// A row or tab of a v2 layout, given its `spec`.
    pub(super) fn v2(spec: NodeRef<'t>, kind: RowKind) -> Self {
        Row {
            node: spec,
            kind,
            v2: true,
        }
    }

    /// Its title.
    pub fn title(&self) -> Option<Cow<'t, str>> {
        super::string(self.node, "title")
    }

    /// Where the name of the variable stands that it is repeated over.
    pub fn repeat_node(&self) -> Option<NodeRef<'t>> {
        repeat_over(self.node)
    }

    /// The variable it is repeated over.
    pub fn repeat(&self) -> Option<Cow<'t, str>> {
        self.repeat_node()?.as_str().filter(|name| !name.is_empty())
    }

    /// It opens folded: `collapsed`, in the rows era and in v2 `collapse`.
    pub fn is_collapsed(&self) -> bool {
        ["collapsed", "collapse"]
            .iter()
            .any(|key| self.node.get(key).and_then(NodeRef::as_bool) == Some(true))
    }

    /// The row or tab of a v2 layout it stands in.
    pub fn outer(&self) -> Option<Row<'t>> {
        if !self.v2 {
            return None;
        }
        // Up through the row, the list of rows, the layout's spec and the layout to the spec that has this layout.
        let spec = self.node.parent()?.parent()?.parent()?.parent()?.parent()?;
        let kind = match spec.parent()?.parent()?.key().as_deref() {
            Some("rows") => RowKind::Row,
            Some("tabs") => RowKind::Tab,
            _ => return None,
        };
        Some(Row::v2(spec, kind))
    }

    /// When a v2 row or tab is shown at all.
    pub fn conditional_rendering(&self) -> Option<NodeRef<'t>> {
        self.node.get("conditionalRendering").filter(|_| self.v2)
    }
}
