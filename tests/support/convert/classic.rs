//! The way back: a dashboard of the second schema in the classic one.

use serde_json::{Value, json};

use super::{HIDE, REFRESH, SORT, list, object, without};

/// A v2 dashboard in the classic schema. Rows in rows become one; tabs have no place in it.
pub fn classic(resource: &Value) -> Value {
    let spec = &resource["spec"];
    let time = &spec["timeSettings"];
    let mut dashboard = object(&[
        ("uid", &resource["metadata"]["name"]),
        ("title", &spec["title"]),
        ("description", &spec["description"]),
        ("tags", &spec["tags"]),
        ("editable", &spec["editable"]),
        ("links", &spec["links"]),
        ("timezone", &time["timezone"]),
        ("refresh", &time["autoRefresh"]),
    ]);
    dashboard.insert("schemaVersion".into(), 42.into());
    let range = object(&[("from", &time["from"]), ("to", &time["to"])]);
    dashboard.insert("time".into(), range.into());
    let variables = list(spec, "variables").iter().map(classic_variable);
    let variables: Value = variables.collect();
    dashboard.insert("templating".into(), json!({ "list": variables }));
    let annotations = list(spec, "annotations").iter().map(|entry| {
        let spec = &entry["spec"];
        let mut annotation = without(spec, &["query", "legacyOptions", "builtIn"]);
        let (source, fields) = classic_query(&spec["query"]);
        annotation.insert("datasource".into(), source);
        annotation.insert("target".into(), fields);
        annotation.insert("builtIn".into(), i32::from(spec["builtIn"] == true).into());
        annotation.extend(without(&spec["legacyOptions"], &[]));
        Value::from(annotation)
    });
    let annotations: Value = annotations.collect();
    dashboard.insert("annotations".into(), json!({ "list": annotations }));
    let mut panels = Vec::new();
    let items = |layout: &Value| -> Vec<Value> {
        let mut items = Vec::new();
        let mut open = vec![layout];
        while let Some(layout) = open.pop() {
            let here = list(&layout["spec"], "items").iter();
            items.extend(here.map(|item| classic_panel(&item["spec"], &spec["elements"])));
            let rows = list(&layout["spec"], "rows").iter().rev();
            open.extend(rows.map(|row| &row["spec"]["layout"]));
        }
        items
    };
    if spec["layout"]["kind"] != "RowsLayout" {
        panels.extend(items(&spec["layout"]));
    }
    for row in list(&spec["layout"]["spec"], "rows") {
        let row = &row["spec"];
        let inner = items(&row["layout"]);
        let collapsed = row["collapse"] == true;
        let mut panel = object(&[
            ("title", &row["title"]),
            ("repeat", &row["repeat"]["value"]),
        ]);
        panel.insert("type".into(), "row".into());
        panel.insert("collapsed".into(), collapsed.into());
        if collapsed {
            panel.insert("panels".into(), inner.into());
            panels.push(panel.into());
        } else {
            panels.push(panel.into());
            panels.extend(inner);
        }
    }
    dashboard.insert("panels".into(), panels.into());
    dashboard.into()
}

/// The data source and the fields of a v2 query.
fn classic_query(query: &Value) -> (Value, Value) {
    let source = object(&[
        ("type", &query["group"]),
        ("uid", &query["datasource"]["name"]),
    ]);
    (source.into(), query["spec"].clone())
}

fn classic_variable(entry: &Value) -> Value {
    let spec = &entry["spec"];
    let mut variable = without(spec, &["query", "pluginId"]);
    for (key, words) in [("hide", HIDE), ("refresh", REFRESH), ("sort", SORT)] {
        if let Some(number) = words.iter().position(|word| spec[key] == *word) {
            variable.insert(key.into(), number.into());
        }
    }
    let kind = match entry["kind"].as_str().unwrap_or_default() {
        "QueryVariable" => {
            let (source, mut fields) = classic_query(&spec["query"]);
            if fields["__legacyStringValue"].is_string() {
                fields = fields["__legacyStringValue"].take();
            }
            variable.insert("datasource".into(), source);
            variable.insert("query".into(), fields);
            "query"
        }
        "DatasourceVariable" => {
            variable.insert("query".into(), spec["pluginId"].clone());
            "datasource"
        }
        kind => {
            variable.insert("query".into(), spec["query"].clone());
            match kind {
                "CustomVariable" => "custom",
                "IntervalVariable" => "interval",
                "TextVariable" => "textbox",
                _ => "constant",
            }
        }
    };
    variable.insert("type".into(), kind.into());
    variable.into()
}

fn classic_panel(item: &Value, elements: &Value) -> Value {
    let spec = &elements[item["element"]["name"].as_str().unwrap_or_default()]["spec"];
    let viz = &spec["vizConfig"];
    let mut panel = object(&[
        ("id", &spec["id"]),
        ("title", &spec["title"]),
        ("description", &spec["description"]),
        ("links", &spec["links"]),
        ("transparent", &spec["transparent"]),
        ("libraryPanel", &spec["libraryPanel"]),
        ("type", &viz["group"]),
        ("options", &viz["spec"]["options"]),
        ("fieldConfig", &viz["spec"]["fieldConfig"]),
        ("repeat", &item["repeat"]["value"]),
    ]);
    panel.extend(without(&spec["data"]["spec"]["queryOptions"], &[]));
    let place = object(&[
        ("x", &item["x"]),
        ("y", &item["y"]),
        ("w", &item["width"]),
        ("h", &item["height"]),
    ]);
    panel.insert("gridPos".into(), place.into());
    let targets = list(&spec["data"]["spec"], "queries").iter().map(|query| {
        let query = &query["spec"];
        let (source, fields) = classic_query(&query["query"]);
        let mut target = without(&fields, &[]);
        target.extend(object(&[
            ("refId", &query["refId"]),
            ("hide", &query["hidden"]),
        ]));
        target.insert("datasource".into(), source);
        Value::from(target)
    });
    panel.insert("targets".into(), targets.collect());
    let transformations = list(&spec["data"]["spec"], "transformations").iter();
    let transformations = transformations.map(|transformation| {
        let mut classic = without(&transformation["spec"], &[]);
        let id = match &transformation["group"] {
            Value::Null => &transformation["kind"],
            group => group,
        };
        classic.insert("id".into(), id.clone());
        Value::from(classic)
    });
    panel.insert("transformations".into(), transformations.collect());
    panel.into()
}
