//! Where a panel's colours stand.

use crate::model::{FieldConfig, Mapping, Panel};
use crate::syntax::NodeRef;

/// A colour as it is written, and where.
#[derive(Clone)]
pub(super) struct Colored<'t> {
    pub(super) text: String,
    pub(super) node: NodeRef<'t>,
}

/// The colour that a non-empty string is.
pub(super) fn colored(node: NodeRef<'_>) -> Option<Colored<'_>> {
    let text = node.as_str()?.into_owned();
    (!text.is_empty()).then_some(Colored { text, node })
}

/// The colours of the default thresholds' steps.
pub(super) fn threshold_colors<'t>(config: &FieldConfig<'t>) -> Vec<Colored<'t>> {
    let steps = config
        .thresholds()
        .map(|thresholds| thresholds.steps())
        .unwrap_or_default();
    steps
        .iter()
        .filter_map(|step| colored(step.color_node()?))
        .collect()
}

/// The colours of value mappings, each with the text it is shown with (`None`: the value itself is shown).
pub(super) fn mapping_colors<'t>(
    mappings: impl Iterator<Item = Mapping<'t>>,
) -> Vec<(Colored<'t>, Option<String>)> {
    mappings
        .flat_map(|mapping| mapping.results())
        .filter_map(|result| {
            let color = colored(result.get("color")?)?;
            let text = result.get("text").and_then(NodeRef::as_str);
            Some((color, text.map(std::borrow::Cow::into_owned)))
        })
        .collect()
}

/// Every colour a panel names: threshold steps, mappings, fixed colours, of the defaults and of overrides, and the
/// colours of series, values and columns of old panels.
pub(super) fn all_colors<'t>(panel: &Panel<'t>) -> Vec<Colored<'t>> {
    let mut found = Vec::new();
    if let Some(config) = panel.field_config() {
        for thresholds in config.all_thresholds() {
            found.extend(
                thresholds
                    .steps()
                    .iter()
                    .filter_map(|step| colored(step.color_node()?)),
            );
        }
        found.extend(
            mapping_colors(config.mappings())
                .into_iter()
                .map(|(color, _)| color),
        );
        found.extend(config.default(&["color", "fixedColor"]).and_then(colored));
        for rule in config.overrides() {
            found.extend(
                rule.properties("color")
                    .filter_map(|color| colored(color.get("fixedColor")?)),
            );
            for mappings in rule.properties("mappings") {
                let mappings = mappings.items().map(|node| Mapping { node });
                found.extend(mapping_colors(mappings).into_iter().map(|(color, _)| color));
            }
        }
    }
    let list = |key: &str| panel.node.get(key).into_iter().flat_map(NodeRef::items);
    let aliases = panel.node.get("aliasColors");
    found.extend(
        aliases
            .into_iter()
            .flat_map(NodeRef::members)
            .filter_map(colored),
    );
    found.extend(list("seriesOverrides").filter_map(|series| colored(series.get("color")?)));
    found.extend(list("colors").filter_map(colored));
    let columns = list("styles").flat_map(|style| style.get("colors"));
    found.extend(columns.flat_map(NodeRef::items).filter_map(colored));
    found
}
