//! Layouts of v2 dashboards, and the place of a panel on the grid.

use std::borrow::Cow;

use super::once::Once;
use super::row::{Row, RowKind};
use crate::syntax::{Kind, NodeRef};

/// Layouts in rows and tabs in layouts: how deep they are followed. Grafana's editor makes three.
const NESTING: usize = 16;

/// An item of a layout: which element is shown where.
#[derive(Debug, Clone)]
pub(super) struct Item<'t> {
    /// The element's name.
    pub(super) element: Cow<'t, str>,
    /// The `spec` of the item.
    pub(super) spec: NodeRef<'t>,
    /// The innermost row or tab around it.
    pub(super) row: Option<Row<'t>>,
}

/// A layout read from top to bottom.
#[derive(Debug, Default)]
pub(super) struct Layout<'t> {
    /// Every row and tab, before what stands in it.
    pub(super) rows: Vec<Row<'t>>,
    /// Every item that names an element.
    pub(super) items: Vec<Item<'t>>,
}

impl<'t> Layout<'t> {
    /// Reads the layout of a dashboard's `spec`: a grid, an auto grid, rows or tabs, told apart by what they hold.
    pub(super) fn new(dashboard: NodeRef<'t>) -> Self {
        let mut read = Layout::default();
        let mut once = Once::default();
        let mut open = vec![(dashboard, None, 0)];
        while let Some((holder, row, depth)) = open.pop() {
            read.rows.extend(row);
            let Some(layout) = holder.get("layout") else {
                continue;
            };
            if depth > NESTING || !once.first(layout) {
                continue;
            }
            let list = |key: &str| {
                let list = layout.path(&["spec", key]);
                list.into_iter()
                    .flat_map(NodeRef::items)
                    .filter_map(|part| part.get("spec"))
            };
            for spec in list("items") {
                match spec.get("elements") {
                    Some(elements) => read.grid_row(spec, elements),
                    None => read.items.extend(Item::new(spec, row)),
                }
            }
            let rows = list("rows").map(|spec| Row::v2(spec, RowKind::Row));
            let tabs = list("tabs").map(|spec| Row::v2(spec, RowKind::Tab));
            let mut inner: Vec<Row<'t>> = rows.chain(tabs).collect();
            inner.retain(|row| once.first(row.node));
            // The first is read next, and all that stands in it before the second.
            open.extend(
                inner
                    .into_iter()
                    .rev()
                    .map(|row| (row.node, Some(row), depth + 1)),
            );
        }
        read
    }

    /// A row among the items of a grid, as the first v2alpha1 had them (GridLayoutRow, grafana/grafana of early 2025).
    fn grid_row(&mut self, spec: NodeRef<'t>, elements: NodeRef<'t>) {
        let row = Row::v2(spec, RowKind::Row);
        self.rows.push(row);
        let items = elements.items().filter_map(|item| item.get("spec"));
        self.items
            .extend(items.filter_map(|spec| Item::new(spec, Some(row))));
    }
}

impl<'t> Item<'t> {
    fn new(spec: NodeRef<'t>, row: Option<Row<'t>>) -> Option<Self> {
        let element = spec.path(&["element", "name"])?.as_str()?;
        Some(Item { element, spec, row })
    }
}

/// Where a panel stands on the grid of 24 columns.
#[derive(Debug, Clone, Copy)]
pub struct GridPosition<'t> {
    /// The object with the numbers: `gridPos`, or the `spec` of a v2 item.
    pub node: NodeRef<'t>,
    pub(super) v2: bool,
}

/// Columns and rows of the grid.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)] // Grafana's own names.
pub struct GridRect {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

impl<'t> GridPosition<'t> {
    /// Where the column stands it begins at.
    pub fn x_node(&self) -> Option<NodeRef<'t>> {
        self.node.get("x")
    }

    /// Where the line stands it begins at; in v2 counted from the top of its own row or tab.
    pub fn y_node(&self) -> Option<NodeRef<'t>> {
        self.node.get("y")
    }

    /// Where the number of columns stands: `w`, in v2 `width`.
    pub fn w_node(&self) -> Option<NodeRef<'t>> {
        self.node.get(if self.v2 { "width" } else { "w" })
    }

    /// Where the number of lines stands: `h`, in v2 `height`.
    pub fn h_node(&self) -> Option<NodeRef<'t>> {
        self.node.get(if self.v2 { "height" } else { "h" })
    }

    /// All four, where all four are numbers.
    pub fn rect(&self) -> Option<GridRect> {
        let keys = match self.v2 {
            true => ["x", "y", "width", "height"],
            false => ["x", "y", "w", "h"],
        };
        let picked = self.node.pick(&keys);
        let number = |index| self.node.picked(&picked, index)?.as_f64();
        Some(GridRect {
            x: number(0)?,
            y: number(1)?,
            w: number(2)?,
            h: number(3)?,
        })
    }

    /// The list it stands in with its neighbours: positions of two panels compare only where this is the same.
    pub fn list(&self) -> Option<NodeRef<'t>> {
        let panel = self.node.parent()?;
        panel.parent().filter(|list| list.kind() == Kind::Array)
    }
}
