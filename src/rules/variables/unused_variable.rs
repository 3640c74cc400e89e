//! Variables that nothing refers to.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::near::nearest;
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Variable, VariableKind, references};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::Kind;

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

/// What counts as a use of the variables, gathered in one walk.
struct Uses<'n> {
    /// The variables by name.
    names: FxHashMap<&'n str, usize>,
    used: Vec<bool>,
    /// How many of them nothing refers to yet.
    open: usize,
    /// `${__all_variables}`, a link that carries all variables, or a library panel whose text is elsewhere.
    all: bool,
    longest: usize,
    /// The [`length`]s of the names.
    lengths: u64,
    /// Names that no variable has, some of them.
    unknown: FxHashSet<String>,
}

/// How long a text is, as one bit of many: texts of another length than any name's need not be looked up.
fn length(text: &str) -> u64 {
    1 << text.len().min(63)
}

/// So many names that no variable has are remembered.
const MOST_UNKNOWN: usize = 50;

impl Uses<'_> {
    /// Notes the references in a text that stands in the definition of the variable `inside`, if in any.
    fn text(&mut self, text: &str, inside: Option<usize>) {
        for reference in references(text) {
            self.all |= reference.name == "__all_variables";
            match self.names.get(reference.name) {
                // What a variable's own definition says of itself (its cached value) is no use.
                Some(&at) if inside != Some(at) => self.uses(at),
                None if self.unknown.len() < MOST_UNKNOWN && !reference.name.starts_with("__") => {
                    self.unknown.insert(reference.name.to_owned());
                }
                _ => {}
            }
        }
    }

    fn uses(&mut self, at: usize) {
        let known = std::mem::replace(&mut self.used[at], true);
        self.open -= usize::from(!known);
    }
}

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    if dashboard.variables.is_empty() || dashboard.node.tree().is_cut_short() {
        return;
    }
    let names: Vec<Cow<'t, str>> = dashboard.variables.iter().map(Variable::name).collect();
    let mut uses = Uses {
        names: names
            .iter()
            .enumerate()
            .map(|(at, name)| (name.as_ref(), at))
            .collect(),
        used: names
            .iter()
            .zip(&dashboard.variables)
            .map(needs_no_use)
            .collect(),
        open: 0,
        all: false,
        longest: names
            .iter()
            .map(|name| name.len())
            .max()
            .unwrap_or_default(),
        unknown: FxHashSet::default(),
        lengths: names.iter().fold(0, |all, name| all | length(name)),
    };
    uses.open = uses.names.values().filter(|&&at| !uses.used[at]).count();
    gather(dashboard, &mut uses);
    if uses.all || uses.open == 0 {
        return;
    }
    for (name, variable) in names.iter().zip(&dashboard.variables) {
        let used = uses
            .names
            .get(name.as_ref())
            .is_none_or(|&at| uses.used[at]);
        if used || needs_no_use((name, variable)) {
            continue;
        }
        // It is used, and written wrong: that is what `undefined-variable` says.
        let unknown = uses.unknown.iter().map(String::as_str);
        if nearest(name, unknown).is_some() {
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

/// Filters and groupings apply by themselves; a runtime variable is Grafana's.
fn needs_no_use((name, variable): (&Cow<'_, str>, &Variable<'_>)) -> bool {
    let applies = matches!(
        variable.kind,
        VariableKind::AdHoc
            | VariableKind::GroupBy
            | VariableKind::Runtime
            | VariableKind::Snapshot
    );
    applies || name.is_empty()
}

/// Whether a string, as it is written, can hold a reference or a name of `longest` bytes: most need not be decoded.
fn may_refer(raw: &str, longest: usize) -> bool {
    // `\u0024`, the longest way to write a byte.
    const ESCAPE: usize = 6;
    raw.len() <= longest * ESCAPE + 2
        || memchr::memchr3(b'$', b'[', b'\\', raw.as_bytes()).is_some()
}

fn gather(dashboard: &Dashboard<'_>, uses: &mut Uses<'_>) {
    let own: FxHashMap<u32, usize> = dashboard
        .variables
        .iter()
        .enumerate()
        .map(|(at, variable)| (variable.node.id(), at))
        .collect();
    let mut open = vec![(dashboard.node, None)];
    while let Some((node, inside)) = open.pop() {
        if uses.open == 0 {
            return;
        }
        // What an alias stands for is looked at where it stands.
        if node.is_alias() {
            continue;
        }
        match node.kind() {
            Kind::Object => {
                let inside = inside.or_else(|| own.get(&node.id()).copied());
                for member in node.members() {
                    let key = member.key().unwrap_or_default();
                    uses.all |= match &*key {
                        "libraryPanel" => true,
                        "includeVars" => member.as_bool() == Some(true),
                        // A v2 element that is a library panel, whose text is elsewhere.
                        "kind" => member.as_str().as_deref() == Some("LibraryPanel"),
                        // A transformation renames fields by its keys.
                        key if key.bytes().any(|byte| matches!(byte, b'$' | b'[')) => {
                            uses.text(key, inside);
                            false
                        }
                        _ => false,
                    };
                    open.push((member, inside));
                }
            }
            Kind::Array => open.extend(node.items().map(|item| (item, inside))),
            Kind::String => {
                if !may_refer(node.raw(), uses.longest) {
                    continue;
                }
                let Some(text) = node.as_str() else { continue };
                uses.text(&text, inside);
                // `repeat`, a v2 repeat's `value`, a plugin's option name a variable without a `$`.
                let named = inside.is_none() && uses.lengths & length(&text) != 0;
                if let Some(&at) = uses.names.get(text.as_ref()).filter(|_| named) {
                    uses.uses(at);
                }
            }
            _ => {}
        }
    }
}
