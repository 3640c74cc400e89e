//! Variables that nothing refers to.

use rustc_hash::FxHashSet;

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, VariableKind, references};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "unused-variable",
    group: Group::Variables,
    severity: Severity::Info,
    summary: "template variable that nothing in the dashboard refers to",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/unused-variable.md"),
    check: Check::Dashboard(check),
};

/// Everything that counts as a use, gathered in one walk.
#[derive(Default)]
struct Uses {
    names: FxHashSet<String>,
    /// Whole strings: a plugin's option, `repeat`, a v2 repeat's `value` name a variable without a `$`.
    words: FxHashSet<String>,
    /// `${__all_variables}`, a link that carries all variables, or a library panel whose text is elsewhere.
    all: bool,
}

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    if dashboard.variables.is_empty() {
        return;
    }
    let mut uses = Uses::default();
    gather(dashboard.node, dashboard, &mut uses);
    if uses.all {
        return;
    }
    for variable in &dashboard.variables {
        // Filters and groupings apply by themselves; a runtime variable is Grafana's.
        if matches!(
            variable.kind,
            VariableKind::AdHoc
                | VariableKind::GroupBy
                | VariableKind::Runtime
                | VariableKind::Snapshot
        ) {
            continue;
        }
        let name = variable.name();
        if name.is_empty()
            || uses.names.contains(name.as_ref())
            || uses.words.contains(name.as_ref())
        {
            continue;
        }
        let _ = cx
            .report(
                Place::value(variable.name_node()),
                format!("nothing in the dashboard refers to the variable `{name}`"),
            )
            .at(Context::variable_steps(variable))
            .help("delete it, or use it in a query: choosing a value changes nothing");
    }
}

fn gather(root: NodeRef<'_>, dashboard: &Dashboard<'_>, uses: &mut Uses) {
    let mut open = vec![(root, None)];
    while let Some((node, inside)) = open.pop() {
        let inside = inside.or_else(|| {
            dashboard
                .variables
                .iter()
                .position(|variable| variable.node == node)
        });
        match node.kind() {
            Kind::Object => {
                if node.get("libraryPanel").is_some()
                    || node.get("includeVars").and_then(NodeRef::as_bool) == Some(true)
                {
                    uses.all = true;
                }
                open.extend(node.members().map(|member| (member, inside)));
            }
            Kind::Array => open.extend(node.items().map(|item| (item, inside))),
            Kind::String => {
                let Some(text) = node.as_str() else { continue };
                // What a variable's own definition says of itself (its cached value, its name) is no use.
                let own = inside
                    .and_then(|index| dashboard.variables.get(index))
                    .map(|variable| variable.name());
                for reference in references(&text) {
                    uses.all |= reference.name == "__all_variables";
                    if own.as_deref() != Some(reference.name) {
                        uses.names.insert(reference.name.to_owned());
                    }
                }
                if inside.is_none() && text.len() <= 64 {
                    uses.words.insert(text.into_owned());
                }
            }
            _ => {}
        }
    }
    if dashboard.node.get("elements").is_some() {
        // A v2 element may be a library panel, whose text is elsewhere.
        uses.all |= dashboard
            .node
            .get("elements")
            .into_iter()
            .flat_map(NodeRef::members)
            .any(|element| {
                element.get("kind").and_then(NodeRef::as_str).as_deref() == Some("LibraryPanel")
            });
    }
}
