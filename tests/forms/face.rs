//! What a dashboard answers, in every form and of every era.

use std::fs;
use std::path::Path;

use dashlint::model::{
    Dashboard, DataSourceRef, NoDataSources, Panel, ThresholdForm, VariableHide, VariableRefresh,
    Wrapper,
};
use dashlint::syntax::NodeRef;

use crate::dashboards;

fn value(node: Option<NodeRef<'_>>) -> String {
    node.map_or("-".to_owned(), |node| node.raw().to_owned())
}

/// All a panel answers, a line each.
fn panel_face(dashboard: &Dashboard<'_>, panel: &Panel<'_>) -> Vec<String> {
    let mut lines = vec![
        format!(
            "panel {:?} {:?} {:?}",
            panel.id(),
            panel.title(),
            panel.kind()
        ),
        format!(
            "description {:?}",
            panel.description().filter(|text| !text.is_empty())
        ),
        format!("transparent {}", panel.is_transparent()),
        format!("unit {:?}", panel.unit()),
        format!("range {:?} to {:?}", panel.min(), panel.max()),
        format!(
            "repeat {:?} {}",
            panel.repeat(),
            value(panel.repeat_direction_node())
        ),
        format!(
            "interval {:?} {:?}",
            panel.min_interval(),
            panel.max_data_points()
        ),
        format!(
            "library {:?}",
            panel.library().map(|library| (library.uid, library.name))
        ),
        format!("left out {}", panel.is_left_out()),
    ];
    let row = panel
        .row
        .map(|row| (row.title(), row.is_collapsed(), row.repeat()));
    lines.push(format!("row {row:?}"));
    // The lines of a v2 row are counted from its own top.
    let place = panel.grid_position().and_then(|place| place.rect());
    lines.push(format!(
        "place {:?}",
        place.map(|rect| (rect.x, rect.w, rect.h))
    ));
    for thresholds in panel.thresholds() {
        let steps = thresholds.steps();
        let steps = steps.iter().map(|step| (step.value, step.color()));
        lines.push(format!("thresholds {:?}", steps.collect::<Vec<_>>()));
    }
    for rule in panel.overrides() {
        let unit: Vec<String> = rule
            .properties("unit")
            .map(|unit| value(Some(unit)))
            .collect();
        lines.push(format!("override {unit:?}"));
    }
    for transformation in panel.each_transformation() {
        let calcs = transformation
            .options()
            .and_then(|options| options.get("reducers"));
        lines.push(format!(
            "transformation {:?} {}",
            transformation.id(),
            calcs.is_some()
        ));
    }
    for link in panel.links() {
        lines.push(format!("link {:?} {:?}", link.title(), link.url()));
    }
    for target in panel.targets() {
        lines.push(format!(
            "target {} {} {} {:?}",
            target.ref_id(),
            target.is_hidden(),
            target.data_source_node().is_some(),
            dashboard.data_source_type(panel, &target, &NoDataSources)
        ));
    }
    lines
}

/// All a dashboard answers, a line each, but for what its form is called.
fn face(dashboard: &Dashboard<'_>) -> Vec<String> {
    let tags: Vec<String> = dashboard.tags().map(|tag| value(Some(tag))).collect();
    let mut lines = vec![
        format!("title {:?}", dashboard.title()),
        format!("description {:?}", dashboard.description()),
        format!("tags {tags:?}"),
        format!("from {}", value(dashboard.time_from_node())),
        format!("to {}", value(dashboard.time_to_node())),
        format!("refresh {}", value(dashboard.refresh_node())),
        format!("timezone {}", value(dashboard.timezone_node())),
        format!("week {}", value(dashboard.week_start_node())),
        format!("editable {}", dashboard.is_editable()),
    ];
    let intervals = dashboard.refresh_intervals_node();
    let intervals = intervals.into_iter().flat_map(NodeRef::items);
    lines.push(format!("intervals {}", intervals.count()));
    for link in dashboard.links() {
        lines.push(format!("link {:?} {}", link.title(), link.by_tags()));
    }
    for row in &dashboard.rows {
        lines.push(format!("row {:?} {:?}", row.title(), row.repeat()));
    }
    for variable in &dashboard.variables {
        lines.push(format!(
            "variable {} {:?} {:?} {} {} {:?} {:?}",
            variable.name(),
            variable.kind,
            variable.hide(),
            variable.is_multi(),
            variable.has_all(),
            variable.plugin(),
            dashboard.resolve(&variable.data_source(), &NoDataSources),
        ));
        if variable.data_source() != DataSourceRef::Default {
            assert!(variable.data_source_node().is_some());
            lines.push(format!("    {:?}", variable.refresh()));
        }
    }
    for annotation in &dashboard.annotations {
        lines.push(format!(
            "annotation {} {:?} {} {} {} {:?} {:?}",
            annotation.data_source_node().is_some(),
            annotation.name(),
            annotation.is_enabled(),
            annotation.is_hidden(),
            annotation.is_built_in(),
            annotation.data_source(),
            value(annotation.query().get("expr")),
        ));
    }
    for query in &dashboard.queries {
        lines.push(format!(
            "query {} {:?} {}",
            query.text(),
            query.language,
            query.hidden
        ));
    }
    for panel in &dashboard.panels {
        lines.extend(panel_face(dashboard, panel));
    }
    lines
}

#[test]
fn every_form_answers_the_same() {
    let folder = Path::new("testdata/forms");
    let read = |name: &str| {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        dashboards(name, &text, face).remove(0)
    };
    let classic = read("classic.json");
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert_eq!(classic.join("\n"), read(&name).join("\n"), "{name}");
    }
}

/// Looks at one dashboard written here.
fn look<T>(text: &str, look: impl Fn(&Dashboard<'_>) -> T) -> T {
    let mut found = dashboards("a.json", text, look);
    assert_eq!(found.len(), 1, "{text}");
    found.remove(0)
}

#[test]
fn the_wrapper_and_the_uid_are_known() {
    for (name, wrapper, uid) in [
        ("classic.json", Wrapper::None, Some("requests")),
        ("api.json", Wrapper::Api, Some("requests")),
        ("resource-v1.json", Wrapper::Resource, Some("requests")),
        ("resource-v2.json", Wrapper::Resource, Some("requests")),
        ("answer-v2.json", Wrapper::Resource, Some("requests")),
        ("api-v2.json", Wrapper::Api, None),
        ("bare-v2.json", Wrapper::None, None),
    ] {
        let text = fs::read_to_string(Path::new("testdata/forms").join(name)).unwrap();
        look(&text, |dashboard| {
            assert_eq!(dashboard.wrapper(), wrapper, "{name}");
            assert_eq!(dashboard.uid().as_deref(), uid, "{name}");
        });
    }
}

/// A dashboard of the rows era around one panel.
fn of_old(panel: &str) -> String {
    format!(
        r#"{{"title":"Old","schemaVersion":14,"templating":{{"list":[]}},"rows":[{{"title":"First","repeat":"host","collapse":true,"panels":[{panel}]}}]}}"#
    )
}

#[test]
fn a_graph_has_the_unit_and_range_of_its_left_axis() {
    let text = of_old(
        r#"{"type":"graph","title":"Load","span":6,"fieldConfig":{"defaults":{"unit":"none","max":7}},"yaxes":[{"format":"percent","min":"0","max":null,"decimals":2},{"format":"s"}],"seriesOverrides":[{"alias":"a","yaxis":2}],"thresholds":[{"value":90,"colorMode":"critical","op":"gt"},{"value":"50","colorMode":"custom","fillColor":"blue"}],"targets":[{"expr":"up","refId":"A"}]}"#,
    );
    look(&text, |dashboard| {
        let panel = &dashboard.panels[0];
        assert_eq!(panel.unit().as_deref(), Some("percent"));
        assert_eq!(panel.min(), Some(0.0));
        // Its axis has none, so that of the field configuration holds.
        assert_eq!(panel.max(), Some(7.0));
        assert_eq!(value(panel.decimals_node()), "2");
        assert_eq!(panel.y_axes().count(), 2);
        assert_eq!(panel.series_overrides().count(), 1);
        let thresholds = panel.thresholds();
        assert_eq!(thresholds[0].form, ThresholdForm::Graph);
        let steps = thresholds[0].steps();
        assert_eq!(steps[0].value, Some(90.0));
        assert_eq!(steps[0].color().as_deref(), Some("red"));
        assert_eq!(steps[1].value, Some(50.0));
        assert_eq!(steps[1].color().as_deref(), Some("blue"));
        assert_eq!(value(panel.span_node()), "6");
        assert!(panel.grid_position().is_none());
        let row = panel.row.unwrap();
        assert_eq!(row.repeat().as_deref(), Some("host"));
        assert!(row.is_collapsed());
    });
}

#[test]
fn singlestat_says_in_strings_what_others_say_in_steps() {
    let text = of_old(
        r#"{"type":"singlestat","title":"Share","format":"percent","decimals":1,"thresholds":"70, 90","colors":["green","orange","red"],"colorBackground":true,"gauge":{"show":true,"minValue":0,"maxValue":100},"mappingType":2,"valueMaps":[{"op":"=","text":"N/A","value":"null"}],"rangeMaps":[{"from":"0","to":"1","text":"low"},{"from":"1","to":"2","text":"high"}],"targets":[]}"#,
    );
    look(&text, |dashboard| {
        let panel = &dashboard.panels[0];
        assert_eq!(panel.unit().as_deref(), Some("percent"));
        assert_eq!((panel.min(), panel.max()), (Some(0.0), Some(100.0)));
        let thresholds = panel.thresholds();
        assert_eq!(thresholds[0].form, ThresholdForm::Singlestat);
        let steps = thresholds[0].steps();
        let steps = steps.iter().map(|step| (step.value, step.color().unwrap()));
        assert_eq!(
            steps.collect::<Vec<_>>(),
            [
                (None, "green".into()),
                (Some(70.0), "orange".into()),
                (Some(90.0), "red".into())
            ]
        );
        let mappings = panel.mappings();
        assert_eq!(mappings.len(), 2);
        assert_eq!(mappings[0].kind(), "range");
        assert_eq!(value(mappings[1].results()[0].get("text")), "\"high\"");
    });
    // Without a gauge its range means nothing; without a type the list that is not empty counts.
    let text = of_old(
        r#"{"type":"singlestat","gauge":{"show":false,"maxValue":100},"thresholds":"","valueMaps":[{"op":"=","text":"N/A","value":"null"}]}"#,
    );
    look(&text, |dashboard| {
        let panel = &dashboard.panels[0];
        assert_eq!(panel.max(), None);
        assert!(panel.thresholds().is_empty());
        assert_eq!(panel.mappings()[0].kind(), "value");
    });
}

#[test]
fn gauges_of_grafana_6_have_a_field_configuration_in_their_options() {
    let text = r#"{"title":"Six","schemaVersion":18,"panels":[{"type":"gauge","options":{"fieldOptions":{"defaults":{"unit":"bytes","max":9},"thresholds":[{"index":0,"color":"green","value":null},{"index":1,"color":"red","value":5}],"mappings":[{"id":1,"type":1,"value":"1","text":"up"}]}}}]}"#;
    look(text, |dashboard| {
        let panel = &dashboard.panels[0];
        assert_eq!(panel.unit().as_deref(), Some("bytes"));
        assert_eq!(panel.max(), Some(9.0));
        assert_eq!(panel.thresholds()[0].steps()[1].value, Some(5.0));
        assert_eq!(panel.mappings()[0].kind(), "value");
    });
}

#[test]
fn variables_of_every_era_say_when_they_are_read_and_shown() {
    let text = r#"{"title":"A","schemaVersion":5,"panels":[],"annotations":{},"templating":{"list":[{"name":"a","query":"label_values(x)","refresh":true,"hideLabel":true},{"name":"b","type":"custom","refresh":0,"hide":2}]}}"#;
    look(text, |dashboard| {
        let [a, b] = dashboard.variables.as_slice() else {
            panic!("{:?}", dashboard.variables)
        };
        assert_eq!(a.kind, dashlint::model::VariableKind::Query);
        assert_eq!(a.refresh(), Some(VariableRefresh::OnDashboardLoad));
        assert_eq!(a.hide(), VariableHide::Label);
        assert_eq!(b.refresh(), Some(VariableRefresh::Never));
        assert_eq!(b.hide(), VariableHide::Variable);
    });
}

#[test]
fn a_target_goes_to_its_own_data_source_then_the_panels_then_the_default() {
    let text = r#"{"title":"A","schemaVersion":39,"tags":[],"panels":[
        {"type":"stat","datasource":"-- Mixed --","targets":[{"refId":"A","datasource":"logs"},{"refId":"B"}]},
        {"type":"stat","datasource":{"type":"loki","uid":"x"},"targets":[{"refId":"A"},{"refId":"B","datasource":{"type":"prometheus"}}]},
        {"type":"stat","datasource":null,"targets":[{"refId":"A"}]}]}"#;
    look(text, |dashboard| {
        let sources: Vec<String> = dashboard
            .panels
            .iter()
            .flat_map(|panel| {
                let targets = panel.targets();
                let source = |target| format!("{:?}", dashboard.data_source_of(panel, &target));
                targets.into_iter().map(source).collect::<Vec<_>>()
            })
            .collect();
        assert!(sources[0].contains("\"logs\""), "{sources:?}");
        assert_eq!(sources[1], "Default");
        assert!(sources[2].contains("loki"), "{sources:?}");
        assert!(sources[3].contains("prometheus"), "{sources:?}");
        assert_eq!(sources[4], "Default");
    });
}

/// Tabs in rows in tabs, a panel twice, a panel that is nowhere, an auto grid with a condition.
#[test]
fn a_layout_is_read_from_top_to_bottom() {
    let panel = |id: u32| {
        format!(
            r#""p{id}":{{"kind":"Panel","spec":{{"id":{id},"title":"{id}","data":{{"kind":"QueryGroup","spec":{{"queries":[]}}}},"vizConfig":{{"kind":"VizConfig","group":"stat","spec":{{}}}}}}}}"#
        )
    };
    let item = |name: &str| {
        format!(
            r#"{{"kind":"AutoGridLayoutItem","spec":{{"element":{{"kind":"ElementReference","name":"{name}"}},"repeat":{{"mode":"variable","value":"v"}},"conditionalRendering":{{"kind":"ConditionalRenderingGroup","spec":{{}}}}}}}}"#
        )
    };
    let grid = |items: &str| format!(r#"{{"kind":"AutoGridLayout","spec":{{"items":[{items}]}}}}"#);
    let row = |title: &str, layout: &str| {
        format!(r#"{{"kind":"RowsLayoutRow","spec":{{"title":"{title}","layout":{layout}}}}}"#)
    };
    let tab = |title: &str, layout: &str| {
        format!(
            r#"{{"kind":"TabsLayoutTab","spec":{{"title":"{title}","layout":{layout},"variables":[{{"kind":"CustomVariable","spec":{{"name":"{title}"}}}}]}}}}"#
        )
    };
    let rows = |rows: &str| format!(r#"{{"kind":"RowsLayout","spec":{{"rows":[{rows}]}}}}"#);
    let tabs = |tabs: &str| format!(r#"{{"kind":"TabsLayout","spec":{{"tabs":[{tabs}]}}}}"#);
    let inner = tabs(&tab("inner", &grid(&item("p3"))));
    let first = rows(&[row("one", &inner), row("two", &grid(&item("p1")))].join(","));
    let second = grid(&[item("p3"), item("gone"), item("p2")].join(","));
    let layout = tabs(&[tab("first", &first), tab("second", &second)].join(","));
    let elements = [panel(1), panel(2), panel(3), panel(4)].join(",");
    let text = format!(
        r#"{{"title":"A","timeSettings":{{}},"elements":{{{elements}}},"layout":{layout}}}"#
    );
    look(&text, |dashboard| {
        let ids: Vec<_> = dashboard.panels.iter().filter_map(Panel::id).collect();
        assert_eq!(ids, [3, 1, 2, 4]);
        let titles: Vec<_> = dashboard
            .rows
            .iter()
            .filter_map(|row| row.title())
            .collect();
        assert_eq!(titles, ["first", "one", "inner", "two", "second"]);
        let names: Vec<_> = dashboard
            .variables
            .iter()
            .map(|variable| variable.name())
            .collect();
        assert_eq!(names, ["first", "inner", "second"]);
        let around = std::iter::successors(dashboard.panels[0].row, |row| row.outer());
        let around: Vec<_> = around
            .map(|row| (row.kind.name(), row.title().unwrap()))
            .collect();
        assert_eq!(
            around,
            [
                ("tab", "inner".into()),
                ("row", "one".into()),
                ("tab", "first".into())
            ]
        );
        let panel = &dashboard.panels[1];
        assert_eq!(panel.repeat().as_deref(), Some("v"));
        assert!(panel.conditional_rendering().is_some());
        assert!(panel.grid_position().is_none());
        assert!(dashboard.panels[3].is_left_out());
    });
}

/// A row among the items of a grid, which v2alpha1 began with.
#[test]
fn a_row_in_a_grid_holds_its_elements() {
    let text = r#"{"title":"A","timeSettings":{},"elements":{"p":{"kind":"Panel","spec":{"id":1,"vizConfig":{"kind":"stat","spec":{}}}}},
        "layout":{"kind":"GridLayout","spec":{"items":[{"kind":"GridLayoutRow","spec":{"y":1,"collapsed":true,"title":"Row",
        "elements":[{"kind":"GridLayoutItem","spec":{"x":0,"y":0,"width":4,"height":4,"element":{"name":"p"}}}]}}]}}}"#;
    look(text, |dashboard| {
        let row = dashboard.panels[0].row.unwrap();
        assert_eq!(row.title().as_deref(), Some("Row"));
        assert!(row.is_collapsed() && row.outer().is_none());
        assert!(dashboard.panels[0].grid_position().is_some());
    });
}

#[test]
fn a_library_panel_is_known_in_every_form() {
    let model = r#""type":"stat","title":"Revenue","libraryPanel":{"uid":"r","name":"Revenue"},"targets":[{"refId":"A","expr":"up"}]"#;
    for text in [
        format!(r#"{{"uid":"r","name":"Revenue","kind":1,"model":{{{model}}}}}"#),
        format!(r#"{{"result":{{"uid":"r","name":"Revenue","kind":1,"model":{{{model}}}}}}}"#),
        format!(
            r#"{{"apiVersion":"dashboard.grafana.app/v0alpha1","kind":"LibraryPanel","metadata":{{"name":"r"}},"spec":{{{model}}}}}"#
        ),
    ] {
        look(&text, |dashboard| {
            let library = dashboard.library().unwrap();
            assert_eq!(library.uid.as_deref(), Some("r"), "{text}");
            assert_eq!(library.name.as_deref(), Some("Revenue"), "{text}");
            assert_eq!(dashboard.uid().as_deref(), Some("r"), "{text}");
            assert_eq!(dashboard.queries.len(), 1, "{text}");
            assert!(dashboard.panels[0].library().is_none(), "{text}");
        });
    }
    let export = format!(
        r#"{{"title":"A","schemaVersion":39,"__inputs":[{{"name":"DS","type":"datasource","pluginId":"prometheus"}}],"__requires":[],
        "__elements":{{"r":{{"uid":"r","name":"Revenue","kind":1,"model":{{"id":9,{model}}}}}}},
        "panels":[{{"id":1,"gridPos":{{"x":0,"y":0,"w":1,"h":1}},"libraryPanel":{{"uid":"r","name":"Revenue"}}}}]}}"#
    );
    look(&export, |dashboard| {
        let [shown, model] = dashboard.panels.as_slice() else {
            panic!("{:?}", dashboard.panels)
        };
        assert_eq!(shown.library().unwrap().uid.as_deref(), Some("r"));
        assert_eq!(shown.title().as_deref(), Some("Revenue"));
        assert_eq!(shown.kind(), "");
        assert!(model.is_exported_model());
        assert_eq!(model.id(), None);
        assert_eq!(model.kind(), "stat");
        assert_eq!(dashboard.queries.len(), 1);
        assert_eq!(
            dashboard.inputs,
            [("DS".to_owned(), "prometheus".to_owned())]
        );
        assert!(dashboard.requires_node().is_some());
    });
}
