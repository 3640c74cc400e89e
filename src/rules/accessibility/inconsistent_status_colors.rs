//! The same state in another colour than everywhere else.

use super::colors::colored;
use crate::diagnostic::{Group, Severity};
use crate::model::{Mapping, Panel};
use crate::project::state;
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "inconsistent-status-colors",
    group: Group::Accessibility,
    severity: Severity::Info,
    summary: "state shown in another colour than everywhere else",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/accessibility/inconsistent-status-colors.md"),
    check: Check::Panel(check),
};

fn check<'t>(panel: &Panel<'t>, cx: &mut Context<'_, 't>) {
    let Some(config) = panel.field_config() else {
        return;
    };
    let mut mappings: Vec<Mapping<'t>> = config.mappings().collect();
    for rule in config.overrides() {
        let own = rule.properties("mappings").flat_map(NodeRef::items);
        mappings.extend(own.map(|node| Mapping { node }));
    }
    for result in mappings.iter().flat_map(Mapping::results) {
        let Some((word, shade)) = state(result) else {
            continue;
        };
        let Some((usual, count)) = cx.project.status_colors().usual(&word, shade) else {
            continue;
        };
        let Some(color) = result.get("color").and_then(colored) else {
            continue;
        };
        let _ = cx
            .report(
                Place::value(color.node),
                format!(
                    "\"{word}\" is {} here and {} in {count} other places of this project",
                    shade.name(),
                    usual.name()
                ),
            )
            .help("give a state one colour everywhere: people read the colour before the word");
    }
}
