//! What a policy may ask of panels.

use std::borrow::Cow;

use super::dashboard::{flag, source, source_type};
use super::{Read, Scope, Table, Type, field, key, objects};
use crate::model::{GridRect, Panel};
use crate::policy::kind::Kind;
use crate::policy::value::{Spot, Value};
use crate::units::catalog::{Unit, UnitId, lookup};

/// A panel.
pub(super) static PANEL: Table = Table {
    title: "a panel",
    scope: Scope::Own,
    fields: &[
        field(
            "title",
            Type::Text,
            Read::Panel(|panel, _| {
                Value::node(panel.node.get("title")).or(|| match panel.title() {
                    Some(name) => Value::Text(name, Spot::Head(panel.node)),
                    None => Value::Missing,
                })
            }),
            "its title; of one that shows a library panel that panel's name",
        )
        .written(&["title"]),
        super::DESCRIPTION,
        key("id", Type::Number, &["id"], "its id"),
        field(
            "type",
            Type::Text,
            Read::Panel(|panel, _| Value::node(panel.kind_node())),
            "the plugin: `timeseries`, `stat` …",
        ),
        key(
            "transparent",
            Type::Flag,
            &["transparent"],
            "it has no background of its own",
        ),
        field(
            "library",
            Type::Flag,
            Read::Panel(|panel, _| {
                let library = panel.library();
                flag(library.is_some(), library.map(|library| library.node))
            }),
            "it shows a library panel",
        ),
        field(
            "row",
            Type::Text,
            Read::Panel(|panel, _| Value::node(panel.row.and_then(|row| row.node.get("title")))),
            "the title of the row or tab it stands in",
        ),
        field(
            "repeat",
            Type::Text,
            Read::Panel(|panel, _| Value::node(panel.repeat_node())),
            "the variable it is repeated over",
        ),
        field(
            "datasource",
            Type::Text,
            Read::Panel(|panel, _| source(panel.data_source_node())),
            "the uid or name of its own data source",
        ),
        field(
            "datasource-type",
            Type::Text,
            Read::Panel(|panel, sight| {
                source_type(&panel.data_source(), panel.data_source_node(), sight)
            }),
            "the plugin of its own data source, where that is known",
        ),
        field(
            "interval",
            Type::Duration,
            Read::Panel(|panel, _| Value::node(panel.query_option("interval"))),
            "the least step of its queries",
        )
        .classic(&["interval"]),
        field(
            "max-data-points",
            Type::Number,
            Read::Panel(|panel, _| Value::node(panel.query_option("maxDataPoints"))),
            "the most points a series may have",
        )
        .classic(&["maxDataPoints"]),
        field(
            "width",
            Type::Number,
            Read::Panel(|panel, _| at_grid(panel, ["w", "width"], |rect| rect.w)),
            "its columns of the 24 of the grid",
        ),
        field(
            "height",
            Type::Number,
            Read::Panel(|panel, _| at_grid(panel, ["h", "height"], |rect| rect.h)),
            "its lines of the grid",
        ),
        field(
            "decimals",
            Type::Number,
            Read::Panel(|panel, _| Value::node(panel.decimals_node())),
            "how many decimals its values have",
        )
        .written(&["fieldConfig", "defaults", "decimals"]),
        field(
            "min",
            Type::Number,
            Read::Panel(|panel, _| Value::node(panel.min_node())),
            "the smallest value it is made for",
        )
        .written(&["fieldConfig", "defaults", "min"]),
        field(
            "max",
            Type::Number,
            Read::Panel(|panel, _| Value::node(panel.max_node())),
            "the largest value it is made for",
        )
        .written(&["fieldConfig", "defaults", "max"]),
        field(
            "no-value",
            Type::Text,
            Read::Panel(|panel, _| {
                let config = panel.field_config();
                Value::node(config.and_then(|config| config.default(&["noValue"])))
            }),
            "what it shows where there is no data",
        )
        .written(&["fieldConfig", "defaults", "noValue"]),
        field(
            "thresholds",
            Type::Things(Kind::Threshold),
            Read::Thresholds,
            "the steps of its thresholds, of overrides too",
        ),
        field(
            "links",
            Type::Things(Kind::Link),
            Read::Panel(|panel, _| objects(Kind::Link, panel.node.get("links"))),
            "its links",
        ),
        field(
            "transformations",
            Type::Texts,
            Read::Panel(|panel, _| {
                let ids = panel.each_transformation().filter_map(|one| one.id_node());
                Value::some(ids.map(Value::Node))
            }),
            "the ids of its transformations",
        ),
        field(
            "targets",
            Type::Any,
            Read::Panel(|panel, _| Value::node(panel.targets_node())),
            "what it asks, of any data source, as the file has it",
        ),
        field(
            "queries",
            Type::Things(Kind::Query),
            Read::Queries,
            "its queries that have a text in `expr`",
        ),
    ],
};

/// The unit of a panel.
pub(super) static UNIT: Table = Table {
    title: "its unit",
    scope: Scope::Own,
    fields: &[
        field(
            "unit",
            Type::Text,
            Read::Panel(|panel, _| Value::node(panel.unit_node())),
            "the id of the unit its values have unless an override says otherwise: `s`, `Bps` …",
        )
        .written(&["fieldConfig", "defaults", "unit"]),
        field(
            "unit.known",
            Type::Flag,
            Read::Panel(|panel, _| match panel.unit() {
                Some(unit) => {
                    let known = !matches!(lookup(&unit), UnitId::Unknown { .. });
                    flag(known, panel.unit_node())
                }
                None => Value::Missing,
            }),
            "Grafana has a unit of this id, or it is a custom one",
        ),
        field(
            "unit.name",
            Type::Text,
            Read::Panel(|panel, _| unit(panel, |unit| unit.label)),
            "as Grafana's picker shows it: `seconds (s)`",
        ),
        field(
            "unit.category",
            Type::Text,
            Read::Panel(|panel, _| unit(panel, |unit| unit.category)),
            "Grafana's group of it: `Time`, `Data rate` …",
        ),
        field(
            "unit.dimension",
            Type::Text,
            Read::Panel(|panel, _| unit(panel, |unit| unit.dimension)),
            "what is measured: `time`, `data`, `data-rate`, `ratio` …",
        ),
    ],
};

/// The panel around a query.
pub(super) static AROUND: Table = Table {
    title: "the panel around it",
    scope: Scope::Panel,
    fields: &[
        field(
            "panel.title",
            Type::Text,
            Read::Panel(|panel, _| Value::node(panel.node.get("title"))),
            "the title of its panel",
        ),
        field(
            "panel.type",
            Type::Text,
            Read::Panel(|panel, _| Value::node(panel.kind_node())),
            "the plugin of its panel",
        ),
        field(
            "panel.unit",
            Type::Text,
            Read::Panel(|panel, _| Value::node(panel.unit_node())),
            "the unit of its panel",
        ),
    ],
};

fn unit<'v, 't>(panel: &'v Panel<'t>, say: fn(&'static Unit) -> &'static str) -> Value<'v, 't> {
    let known = panel.unit().and_then(|id| lookup(&id).known());
    let spot = panel.unit_node().map_or(Spot::None, Spot::Node);
    known.map_or(Value::Missing, |unit| {
        Value::Text(Cow::Borrowed(say(unit)), spot)
    })
}

/// A side of a panel, which either schema keeps under one of these keys.
fn at_grid<'v, 't>(
    panel: &'v Panel<'t>,
    keys: [&str; 2],
    side: fn(GridRect) -> f64,
) -> Value<'v, 't> {
    let position = panel.grid_position();
    match position.and_then(|position| Some((position.rect()?, position.node))) {
        Some((rect, node)) => {
            let said = keys.iter().find_map(|key| node.get(key));
            Value::Number(side(rect), Spot::Node(said.unwrap_or(node)))
        }
        None => Value::Missing,
    }
}
