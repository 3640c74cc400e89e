//! One entry of a rule's `data`: a query to a data source, or an expression over others.

use std::borrow::Cow;

use crate::expression;
use crate::model::{DataSourceRef, DataSourceTypes, TypeEvidence, string};
use crate::span::Span;
use crate::syntax::NodeRef;

/// How many conditions of an expression are looked at, and how long a formula may be: aliases can repeat both.
const MOST_CONDITIONS: usize = 100;
const LONGEST_FORMULA: usize = 10_000;

/// One entry of a rule's `data`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertQuery<'t> {
    /// Its object: `refId`, `datasourceUid`, `relativeTimeRange`, `model`.
    pub node: NodeRef<'t>,
}

/// Where an expression names another entry.
#[derive(Debug, Clone)]
pub struct Input<'t> {
    /// The refId it names.
    pub name: Cow<'t, str>,
    /// The string it stands in.
    pub node: NodeRef<'t>,
    /// Its bytes in that string's text.
    pub span: Span,
}

/// What an expression does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpressionKind {
    /// Arithmetic.
    Math,
    /// One number from each series.
    Reduce,
    /// The same series with points at other times.
    Resample,
    /// 1 or 0, by comparing with a bound.
    Threshold,
    /// One number for all series, as alerts before Grafana 8 had it.
    Classic,
    /// SQL over the other entries.
    Sql,
    /// No type Grafana knows.
    Unknown,
}

impl<'t> AlertQuery<'t> {
    /// Its refId.
    pub fn ref_id(&self) -> Option<Cow<'t, str>> {
        self.ref_id_node()?.as_text().map(|text| text.value)
    }

    /// Where that stands.
    pub fn ref_id_node(&self) -> Option<NodeRef<'t>> {
        self.node.get("refId")
    }

    /// The query itself.
    pub fn model(&self) -> Option<NodeRef<'t>> {
        self.node.get("model")
    }

    /// Whether it is an expression: those have a data source of their own (grafana/grafana, pkg/expr, `IsDataSource`).
    pub fn is_expression(&self) -> bool {
        string(self.node, "datasourceUid").is_some_and(|uid| uid == "__expr__" || uid == "-100")
    }

    /// The type of its data source: that of the uid beside it, with the type its model names.
    pub fn data_source_type(&self, types: &dyn DataSourceTypes) -> TypeEvidence {
        if self.is_expression() {
            return TypeEvidence::Said("__expr__".to_owned());
        }
        let named = DataSourceRef::classic(self.model().and_then(|model| model.get("datasource")));
        match named.resolve(&|_| None, types) {
            TypeEvidence::Unknown => {}
            known if named != DataSourceRef::Default => return known,
            _ => {}
        }
        DataSourceRef::classic(self.node.get("datasourceUid")).resolve(&|_| None, types)
    }

    /// What it does, if it is an expression; `None` for a query and an expression that says no type.
    pub fn expression(&self) -> Option<ExpressionKind> {
        let kind = self.model().filter(|_| self.is_expression())?.get("type")?;
        Some(match kind.as_str()?.as_ref() {
            "math" => ExpressionKind::Math,
            "reduce" => ExpressionKind::Reduce,
            "resample" => ExpressionKind::Resample,
            "threshold" => ExpressionKind::Threshold,
            "classic_conditions" => ExpressionKind::Classic,
            "sql" => ExpressionKind::Sql,
            _ => ExpressionKind::Unknown,
        })
    }

    /// The conditions of a `threshold` or of `classic_conditions`.
    pub fn conditions(&self) -> impl Iterator<Item = NodeRef<'t>> + use<'t> {
        let list = self.model().and_then(|model| model.get("conditions"));
        list.into_iter().flat_map(NodeRef::items)
    }

    /// The entries that its expression reads, in order; those of SQL are its tables.
    pub fn inputs(&self) -> Vec<Input<'t>> {
        let (Some(kind), Some(model)) = (self.expression(), self.model()) else {
            return Vec::new();
        };
        let said = model.get("expression");
        match kind {
            ExpressionKind::Math => {
                let read = |text: &str| expression::parse(text).variables;
                said.map(|node| variables(node, read)).unwrap_or_default()
            }
            ExpressionKind::Sql => {
                let read = |text: &str| expression::tables(text).tables;
                said.map(|node| variables(node, read)).unwrap_or_default()
            }
            ExpressionKind::Reduce | ExpressionKind::Resample | ExpressionKind::Threshold => {
                said.and_then(reference).into_iter().collect()
            }
            ExpressionKind::Classic => {
                let named = |condition: NodeRef<'t>| {
                    let params = condition.path(&["query", "params"])?;
                    whole(params.items().next()?)
                };
                let conditions = self.conditions().take(MOST_CONDITIONS);
                conditions.filter_map(named).collect()
            }
            ExpressionKind::Unknown => Vec::new(),
        }
    }
}

/// `A` or `$A`.
fn reference(node: NodeRef<'_>) -> Option<Input<'_>> {
    let input = whole(node)?;
    match input.name.strip_prefix('$') {
        Some(name) if !name.is_empty() => Some(Input {
            name: Cow::Owned(name.to_owned()),
            ..input
        }),
        _ => Some(input),
    }
}

fn whole(node: NodeRef<'_>) -> Option<Input<'_>> {
    let name = node.as_text()?.value;
    (!name.is_empty()).then(|| Input {
        span: Span::new(0, name.len()),
        name,
        node,
    })
}

fn variables(
    node: NodeRef<'_>,
    read: impl Fn(&str) -> Vec<expression::Variable>,
) -> Vec<Input<'_>> {
    let Some(text) = node.as_str().filter(|text| text.len() <= LONGEST_FORMULA) else {
        return Vec::new();
    };
    let variables = read(&text).into_iter();
    variables
        .map(|variable| Input {
            name: Cow::Owned(variable.name),
            node,
            span: variable.span,
        })
        .collect()
}
