//! The same dashboard in other forms, as Grafana 13 converts the classic schema (facts: dashboard_v2, `v1_mapping`).
//! Only what the classic schema of today says: Angular's panels have words that v2 has no place for.

pub mod classic;

use serde_json::{Map, Value, json};

/// The forms a classic dashboard can be put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// `{"dashboard": …, "meta": …}`.
    Api,
    /// A resource whose spec is the classic schema.
    Resource(&'static str),
    /// A resource of the second schema.
    V2(V2),
    /// The spec of the second schema without a resource.
    BareV2,
    /// `{"dashboard": …}` around the spec of the second schema.
    ApiV2,
}

/// The versions of the second schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum V2 {
    Alpha1,
    Beta1,
    Stable,
}

impl Target {
    /// Every form but the classic one.
    pub const ALL: &'static [Target] = &[
        Target::Api,
        Target::Resource("v0alpha1"),
        Target::Resource("v1beta1"),
        Target::V2(V2::Alpha1),
        Target::V2(V2::Beta1),
        Target::V2(V2::Stable),
        Target::BareV2,
        Target::ApiV2,
    ];

    /// Whether the second schema is in it.
    pub fn is_v2(self) -> bool {
        matches!(self, Target::V2(_) | Target::BareV2 | Target::ApiV2)
    }
}

/// The classic dashboard `dashboard` as `target` has it.
pub fn convert(dashboard: &Value, target: Target) -> Value {
    let resource = |version: &str, spec: Value| {
        let name = dashboard["uid"].as_str().unwrap_or("converted");
        json!({
            "apiVersion": format!("dashboard.grafana.app/{version}"),
            "kind": "Dashboard",
            "metadata": { "name": name },
            "spec": spec,
        })
    };
    match target {
        Target::Api => json!({ "dashboard": dashboard, "meta": { "slug": "converted" } }),
        Target::Resource(version) => resource(version, dashboard.clone()),
        Target::V2(V2::Alpha1) => resource("v2alpha1", spec(dashboard, V2::Alpha1)),
        Target::V2(V2::Beta1) => resource("v2beta1", spec(dashboard, V2::Beta1)),
        Target::V2(V2::Stable) => resource("v2", spec(dashboard, V2::Stable)),
        Target::BareV2 => spec(dashboard, V2::Stable),
        Target::ApiV2 => json!({ "dashboard": spec(dashboard, V2::Stable), "meta": {} }),
    }
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// An object of the members that are there.
fn object(members: &[(&str, &Value)]) -> Map<String, Value> {
    members
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| ((*key).to_owned(), (*value).clone()))
        .collect()
}

fn without(value: &Value, keys: &[&str]) -> Map<String, Value> {
    let mut rest = value.as_object().cloned().unwrap_or_default();
    rest.retain(|key, _| !keys.contains(&key.as_str()));
    rest
}

fn spec(dashboard: &Value, version: V2) -> Value {
    let mut elements = Map::new();
    let layout = layout(dashboard, version, &mut elements);
    let mut spec = object(&[
        ("title", &dashboard["title"]),
        ("description", &dashboard["description"]),
        ("tags", &dashboard["tags"]),
        ("editable", &dashboard["editable"]),
        ("links", &dashboard["links"]),
    ]);
    // Older files have `false` where no refresh is meant.
    let refresh = dashboard["refresh"].as_str().unwrap_or_default().into();
    let time = object(&[
        ("from", &dashboard["time"]["from"]),
        ("to", &dashboard["time"]["to"]),
        ("timezone", &dashboard["timezone"]),
        ("autoRefresh", &refresh),
        (
            "autoRefreshIntervals",
            &dashboard["timepicker"]["refresh_intervals"],
        ),
    ]);
    spec.insert("timeSettings".into(), time.into());
    spec.insert("cursorSync".into(), "Off".into());
    spec.insert("preload".into(), false.into());
    let annotations = list(&dashboard["annotations"], "list");
    let annotations = annotations.iter().map(|item| annotation(item, version));
    spec.insert("annotations".into(), annotations.collect());
    let variables = list(&dashboard["templating"], "list");
    let variables = variables.iter().map(|item| variable(item, version));
    spec.insert("variables".into(), variables.collect());
    spec.insert("elements".into(), elements.into());
    spec.insert("layout".into(), layout);
    for key in ["__inputs", "__requires"] {
        if !dashboard[key].is_null() {
            spec.insert(key.into(), dashboard[key].clone());
        }
    }
    spec.into()
}

/// The type and the uid of a classic reference; of a name the name.
fn reference(source: &Value) -> (String, Option<String>) {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match source {
        Value::String(name) => (String::new(), Some(name.clone())),
        _ => (
            text(&source["type"]).unwrap_or_default(),
            text(&source["uid"]),
        ),
    }
}

/// A query and, in v2alpha1, the data source beside it.
fn query(source: &Value, fields: Value, version: V2) -> Map<String, Value> {
    let (group, uid) = reference(source);
    let mut outer = Map::new();
    if version == V2::Alpha1 {
        outer.insert("query".into(), json!({ "kind": group, "spec": fields }));
        let mut beside = Map::new();
        if !group.is_empty() {
            beside.insert("type".into(), group.into());
        }
        if let Some(uid) = uid {
            beside.insert("uid".into(), uid.into());
        }
        outer.insert("datasource".into(), beside.into());
        return outer;
    }
    let mut inner = json!({ "kind": "DataQuery", "group": group, "version": "v0", "spec": fields });
    if let Some(uid) = uid {
        inner["datasource"] = json!({ "name": uid });
    }
    outer.insert("query".into(), inner);
    outer
}

fn annotation(annotation: &Value, version: V2) -> Value {
    let fields = match &annotation["target"] {
        Value::Object(target) => Value::Object(target.clone()),
        _ => json!({}),
    };
    let mut spec = query(&annotation["datasource"], fields, version);
    spec.extend(object(&[
        ("name", &annotation["name"]),
        ("enable", &annotation["enable"]),
        ("hide", &annotation["hide"]),
        ("iconColor", &annotation["iconColor"]),
    ]));
    spec.insert("builtIn".into(), (annotation["builtIn"] == 1).into());
    let known = [
        "name",
        "enable",
        "hide",
        "iconColor",
        "builtIn",
        "datasource",
        "target",
        "filter",
    ];
    let rest = without(annotation, &known);
    spec.insert("legacyOptions".into(), rest.into());
    json!({ "kind": "AnnotationQuery", "spec": spec })
}

// The words for the numbers of a variable's fields (facts: variable_types).
const HIDE: &[&str] = &["dontHide", "hideLabel", "hideVariable", "inControlsMenu"];
const REFRESH: &[&str] = &["never", "onDashboardLoad", "onTimeRangeChanged"];
const SORT: &[&str] = &[
    "disabled",
    "alphabeticalAsc",
    "alphabeticalDesc",
    "numericalAsc",
    "numericalDesc",
    "alphabeticalCaseInsensitiveAsc",
    "alphabeticalCaseInsensitiveDesc",
    "naturalAsc",
    "naturalDesc",
];

fn variable(variable: &Value, version: V2) -> Value {
    let kind = match variable["type"].as_str().unwrap_or_default() {
        "query" => "QueryVariable",
        "custom" => "CustomVariable",
        "textbox" => "TextVariable",
        "constant" => "ConstantVariable",
        "datasource" => "DatasourceVariable",
        "interval" => "IntervalVariable",
        "adhoc" => "AdhocVariable",
        "groupby" => "GroupByVariable",
        "switch" => "SwitchVariable",
        other => other,
    };
    let mut spec = without(
        variable,
        &["type", "datasource", "query", "hide", "refresh"],
    );
    let words = |value: &Value, words: &[&str]| {
        let at = value.as_u64().unwrap_or_default() as usize;
        Value::from(*words.get(at).unwrap_or(&words[0]))
    };
    spec.insert("hide".into(), words(&variable["hide"], HIDE));
    let mut entry = Map::new();
    match kind {
        "QueryVariable" => {
            let fields = match &variable["query"] {
                Value::String(text) => json!({ "__legacyStringValue": text }),
                fields => fields.clone(),
            };
            spec.extend(query(&variable["datasource"], fields, version));
            spec.insert("refresh".into(), words(&variable["refresh"], REFRESH));
            spec.insert("sort".into(), words(&variable["sort"], SORT));
        }
        "DatasourceVariable" => {
            spec.insert("pluginId".into(), variable["query"].clone());
        }
        "AdhocVariable" | "GroupByVariable" if version == V2::Alpha1 => {
            spec.insert("datasource".into(), variable["datasource"].clone());
        }
        "AdhocVariable" | "GroupByVariable" => {
            let (group, uid) = reference(&variable["datasource"]);
            entry.insert("group".into(), group.into());
            entry.insert("datasource".into(), json!({ "name": uid }));
        }
        _ => {
            spec.insert("query".into(), variable["query"].clone());
        }
    }
    entry.insert("kind".into(), kind.into());
    entry.insert("spec".into(), spec.into());
    entry.into()
}

/// The layout, with the panels put among the elements.
fn layout(dashboard: &Value, version: V2, elements: &mut Map<String, Value>) -> Value {
    let panels = list(dashboard, "panels");
    let is_row = |panel: &Value| panel["type"] == "row";
    // Panels, with the row they stand in; what stands before the first row or after a folded one has none.
    let mut rows: Vec<(Option<&Value>, Vec<&Value>)> = Vec::new();
    for panel in panels {
        if is_row(panel) {
            let inner = list(panel, "panels").iter().collect();
            rows.push((Some(panel), inner));
            continue;
        }
        match rows.last_mut() {
            Some((row, items)) if row.is_none_or(|row| row["collapsed"] != true) => {
                items.push(panel);
            }
            _ => rows.push((None, vec![panel])),
        }
    }
    let mut grid = |items: &[&Value]| {
        let items: Vec<Value> = items
            .iter()
            .map(|panel| item(panel, version, elements))
            .collect();
        json!({ "kind": "GridLayout", "spec": { "items": items } })
    };
    if !panels.iter().any(is_row) {
        let all: Vec<&Value> = panels.iter().collect();
        return grid(&all);
    }
    let rows: Vec<Value> = rows
        .iter()
        .map(|(row, items)| {
            let mut spec = Map::new();
            match row {
                Some(row) => {
                    spec.extend(object(&[("title", &row["title"])]));
                    spec.insert("collapse".into(), (row["collapsed"] == true).into());
                    if let Some(over) = row["repeat"].as_str() {
                        let repeat = json!({ "mode": "variable", "value": over });
                        spec.insert("repeat".into(), repeat);
                    }
                }
                None => {
                    spec.insert("title".into(), "".into());
                    spec.insert("hideHeader".into(), true.into());
                }
            }
            spec.insert("layout".into(), grid(items));
            json!({ "kind": "RowsLayoutRow", "spec": spec })
        })
        .collect();
    json!({ "kind": "RowsLayout", "spec": { "rows": rows } })
}

/// An item of a grid, with its panel put among the elements.
fn item(panel: &Value, version: V2, elements: &mut Map<String, Value>) -> Value {
    let name = format!("panel-{}", elements.len());
    let place = &panel["gridPos"];
    let mut spec = object(&[
        ("x", &place["x"]),
        ("y", &place["y"]),
        ("width", &place["w"]),
        ("height", &place["h"]),
    ]);
    spec.insert(
        "element".into(),
        json!({ "kind": "ElementReference", "name": name }),
    );
    if let Some(over) = panel["repeat"].as_str() {
        let mut repeat = object(&[
            ("direction", &panel["repeatDirection"]),
            ("maxPerRow", &panel["maxPerRow"]),
        ]);
        repeat.insert("mode".into(), "variable".into());
        repeat.insert("value".into(), over.into());
        spec.insert("repeat".into(), repeat.into());
    }
    elements.insert(name, element(panel, version));
    json!({ "kind": "GridLayoutItem", "spec": spec })
}

fn element(panel: &Value, version: V2) -> Value {
    let mut spec = object(&[
        ("id", &panel["id"]),
        ("title", &panel["title"]),
        ("description", &panel["description"]),
        ("links", &panel["links"]),
        ("transparent", &panel["transparent"]),
    ]);
    if panel["libraryPanel"].is_object() {
        spec.insert("libraryPanel".into(), panel["libraryPanel"].clone());
        return json!({ "kind": "LibraryPanel", "spec": spec });
    }
    let queries: Vec<Value> = list(panel, "targets")
        .iter()
        .map(|target| {
            let mixed = reference(&panel["datasource"]).1.as_deref() == Some("-- Mixed --");
            let source = match &target["datasource"] {
                Value::Null if mixed => &Value::Null,
                Value::Null => &panel["datasource"],
                own => own,
            };
            let fields = without(target, &["refId", "hide", "datasource"]);
            let mut spec = query(source, fields.into(), version);
            spec.extend(object(&[
                ("refId", &target["refId"]),
                ("hidden", &target["hide"]),
            ]));
            json!({ "kind": "PanelQuery", "spec": spec })
        })
        .collect();
    let transformations: Vec<Value> = list(panel, "transformations")
        .iter()
        .map(|transformation| {
            let id = &transformation["id"];
            match version {
                V2::Stable => {
                    json!({ "kind": "Transformation", "group": id, "spec": without(transformation, &["id"]) })
                }
                _ => json!({ "kind": id, "spec": transformation }),
            }
        })
        .collect();
    let options = object(&[
        ("interval", &panel["interval"]),
        ("maxDataPoints", &panel["maxDataPoints"]),
        ("timeFrom", &panel["timeFrom"]),
        ("timeShift", &panel["timeShift"]),
    ]);
    let data =
        json!({ "queries": queries, "transformations": transformations, "queryOptions": options });
    spec.insert("data".into(), json!({ "kind": "QueryGroup", "spec": data }));
    let viz = object(&[
        ("options", &panel["options"]),
        ("fieldConfig", &panel["fieldConfig"]),
    ]);
    let viz = match version {
        V2::Alpha1 => json!({ "kind": panel["type"], "spec": viz }),
        _ => {
            json!({ "kind": "VizConfig", "group": panel["type"], "version": "13.2.3", "spec": viz })
        }
    };
    spec.insert("vizConfig".into(), viz);
    json!({ "kind": "Panel", "spec": spec })
}
