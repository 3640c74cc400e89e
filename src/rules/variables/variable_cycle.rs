//! Variables that wait for each other.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Variable, VariableKind, references};
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "variable-cycle",
    group: Group::Variables,
    severity: Severity::Error,
    summary: "template variables whose values depend on each other in a circle",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/variable-cycle.md"),
    check: Check::Dashboard(check),
};

/// A reference from one variable to another.
struct Edge<'t> {
    to: usize,
    node: NodeRef<'t>,
    span: Span,
}

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let names: FxHashMap<_, usize> = dashboard
        .variables
        .iter()
        .enumerate()
        .rev()
        .map(|(at, variable)| (variable.name(), at))
        .collect();
    let edges: Vec<Vec<Edge<'t>>> = dashboard
        .variables
        .iter()
        .map(|variable| {
            let mut edges = Vec::new();
            for node in texts(variable) {
                let Some(text) = node.as_str() else { continue };
                for reference in references(&text) {
                    if let Some(&to) = names.get(reference.name) {
                        let span = reference.span;
                        edges.push(Edge { to, node, span });
                    }
                }
            }
            edges
        })
        .collect();
    let mut left = in_circles(&edges);
    for start in 0..edges.len() {
        if left.get(start) != Some(&true) {
            continue;
        }
        let circle = follow(start, &edges, &left);
        for &(at, _) in &circle {
            if let Some(left) = left.get_mut(at) {
                *left = false;
            }
        }
        report(dashboard, &circle, cx);
    }
}

/// The strings whose variables Grafana puts in before it asks for a variable's values (@grafana/scenes 9.2.2: the state
/// paths of `QueryVariable`, `CustomVariable` and `DataSourceVariable`).
fn texts<'t>(variable: &Variable<'t>) -> Vec<NodeRef<'t>> {
    let keys: &[&str] = match variable.kind {
        VariableKind::Query => &["query", "regex", "datasource"],
        VariableKind::Custom => &["query"],
        VariableKind::DataSource => &["regex"],
        _ => &[],
    };
    let mut open: Vec<NodeRef<'t>> = keys
        .iter()
        .rev()
        .filter_map(|key| variable.node.get(key))
        .collect();
    let mut found = Vec::new();
    while let Some(node) = open.pop() {
        // What an alias stands for is looked at where it stands.
        if node.is_alias() {
            continue;
        }
        match node.kind() {
            Kind::String => found.push(node),
            Kind::Object => open.extend(node.members()),
            Kind::Array => open.extend(node.items()),
            _ => {}
        }
    }
    found
}

/// Which variables are in a circle, or on a way between two: those left when all that wait for nothing, and all that
/// nothing waits for, are taken away again and again.
fn in_circles(edges: &[Vec<Edge<'_>>]) -> Vec<bool> {
    let mut left = vec![true; edges.len()];
    let mut forth: Vec<Vec<usize>> = edges
        .iter()
        .map(|list| list.iter().map(|edge| edge.to).collect())
        .collect();
    for _ in 0..2 {
        let mut back: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
        for (from, list) in forth.iter().enumerate() {
            for &to in list {
                if let Some(back) = back.get_mut(to) {
                    back.push(from);
                }
            }
        }
        let mut waits: Vec<usize> = forth
            .iter()
            .map(|list| {
                list.iter()
                    .filter(|&&to| left.get(to) == Some(&true))
                    .count()
            })
            .collect();
        let mut free: Vec<usize> = (0..edges.len())
            .filter(|&at| left.get(at) == Some(&true) && waits.get(at) == Some(&0))
            .collect();
        while let Some(at) = free.pop() {
            if let Some(left) = left.get_mut(at) {
                *left = false;
            }
            for &from in back.get(at).into_iter().flatten() {
                let Some(count) = waits.get_mut(from) else {
                    continue;
                };
                *count = count.saturating_sub(1);
                if *count == 0 && left.get(from) == Some(&true) {
                    free.push(from);
                }
            }
        }
        forth = back;
    }
    left
}

/// The circle that the first references lead into, each variable with its reference to the next.
fn follow<'e, 't>(
    start: usize,
    edges: &'e [Vec<Edge<'t>>],
    left: &[bool],
) -> Vec<(usize, &'e Edge<'t>)> {
    let mut way: Vec<(usize, &Edge<'t>)> = Vec::new();
    let mut seen: FxHashMap<usize, usize> = FxHashMap::default();
    let mut at = start;
    loop {
        if let Some(&from) = seen.get(&at) {
            return way.split_off(from);
        }
        let next = edges
            .get(at)
            .into_iter()
            .flatten()
            .find(|edge| left.get(edge.to) == Some(&true));
        let Some(edge) = next else {
            return Vec::new();
        };
        seen.insert(at, way.len());
        way.push((at, edge));
        at = edge.to;
    }
}

fn report<'t>(dashboard: &Dashboard<'t>, circle: &[(usize, &Edge<'t>)], cx: &mut Context<'_, 't>) {
    let Some(((first, edge), others)) = circle.split_first() else {
        return;
    };
    let Some(variable) = dashboard.variables.get(*first) else {
        return;
    };
    let name = variable.name();
    let message = if others.is_empty() {
        format!("`{name}` waits for its own value: the panels that use it load for ever")
    } else {
        let way: Vec<String> = others
            .iter()
            .filter_map(|(at, _)| dashboard.variables.get(*at))
            .map(|variable| format!("`{}`", variable.name()))
            .collect();
        format!(
            "`{name}` waits for {}, which waits for `{name}`: the panels that use them load for ever",
            way.join(", which waits for ")
        )
    };
    let mut finding = cx
        .report(Place::text(edge.node, edge.span), message)
        .at(Context::variable_steps(variable))
        .help("take one of the references out");
    for (_, edge) in others.iter().take(10) {
        finding = finding.related(Place::text(edge.node, edge.span), "and waits here");
    }
}
