//! References to variables that nothing defines.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use crate::diagnostic::{Group, Safety, Severity};
use crate::model::builtin;
use crate::model::{Dashboard, Language, Query, Reference, references};
use crate::rules::trail::step;
use crate::rules::{Check, Context, Place, Rule};
use crate::source::kind::DocKind;
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "undefined-variable",
    group: Group::Variables,
    severity: Severity::Error,
    summary: "reference to a template variable that the dashboard does not define",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/variables/undefined-variable.md"),
    check: Check::Dashboard(check),
};

/// How many undefined names are reported in one query or title.
const MOST_IN_A_TEXT: usize = 20;

/// What may be referred to.
struct Names<'t> {
    variables: Vec<Cow<'t, str>>,
    known: FxHashSet<String>,
}

impl Names<'_> {
    fn has(&self, name: &str) -> bool {
        self.known.contains(name)
    }
}

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    // A library panel takes its variables from whatever dashboard it is put into.
    if cx
        .document
        .is_some_and(|document| document.kind == DocKind::LibraryPanel)
    {
        return;
    }
    let variables: Vec<Cow<'t, str>> = dashboard
        .variables
        .iter()
        .map(|variable| variable.name())
        .collect();
    let inputs = dashboard.inputs.iter().map(|(name, _)| name.clone());
    let names = Names {
        known: variables
            .iter()
            .map(|name| name.to_string())
            .chain(inputs)
            .collect(),
        variables,
    };
    for query in &dashboard.queries {
        check_query(query, &names, cx);
    }
    for panel in &dashboard.panels {
        if let Some(title) = panel.node.get("title") {
            check_title(title, &names, Context::panel_steps(panel), cx);
        }
    }
    for row in &dashboard.rows {
        if let Some(title) = row.node.get("title") {
            let name = row.title().unwrap_or_default().into_owned();
            check_title(title, &names, vec![step("row", name)], cx);
        }
    }
}

fn check_query<'t>(query: &Query<'t>, names: &Names<'_>, cx: &mut Context<'_, 't>) {
    let prometheus = query.language.is_promql() || query.language == Language::PromVariable;
    // Other languages have macros and escapes of their own that look like variables.
    if !prometheus && query.language != Language::LogQl {
        return;
    }
    let mut seen: Vec<String> = Vec::new();
    let comments = if prometheus {
        query.parsed().comments.as_slice()
    } else {
        &[]
    };
    for reference in references(query.text()) {
        // Grafana replaces variables in comments and in replacements of label_replace too; one it does not know
        // stays what it is there: words, or a group of the regular expression.
        let before = comments.partition_point(|comment| comment.end <= reference.span.start);
        let commented = comments
            .get(before)
            .is_some_and(|comment| comment.encloses(reference.span));
        if commented || names.has(reference.name) || seen.iter().any(|name| name == reference.name)
        {
            continue;
        }
        let builtin = reference.name.starts_with("__");
        if builtin
            && (!prometheus
                || builtin::in_prometheus_queries(reference.name)
                || reference.name == "__searchFilter")
        {
            continue;
        }
        // One finding a name: mending it mends the others.
        seen.push(reference.name.to_owned());
        if seen.len() > MOST_IN_A_TEXT {
            return;
        }
        if is_group(query.text(), reference.name) {
            continue;
        }
        let near = if builtin {
            nearest(
                reference.name,
                builtin::IN_PROMETHEUS_QUERIES.iter().copied(),
            )
        } else {
            nearest(reference.name, names.variables.iter().map(AsRef::as_ref))
        };
        let steps = Context::query_steps(cx.scope, query);
        let fix = near.clone().map(|near| {
            let edits = references(query.text())
                .into_iter()
                .filter(|other| other.name == reference.name)
                .map(|other| query.text_node.encode_str(other.name_span, &near))
                .collect();
            (near, edits)
        });
        let message = if builtin {
            format!(
                "`${}` is no built-in variable of Prometheus queries: it is sent as it stands",
                reference.name
            )
        } else {
            format!(
                "the variable `{}` is not defined: `{}` is sent to the data source as it stands",
                reference.name,
                written(query.text(), &reference)
            )
        };
        let mut finding = cx
            .report(Place::query(query, reference.span), message)
            .at(steps)
            .label("not defined in this dashboard");
        finding = finding.help(help(&reference, near.as_deref(), names));
        if let Some((near, edits)) = fix {
            let _ = finding.fix(format!("refer to `{near}`"), Safety::Unsafe, edits);
        }
    }
}

/// A title shows an undefined reference as it is written. `$USD` in a title is most likely money, so only what is
/// certainly a reference, or near a variable's name, is reported.
fn check_title<'t>(
    title: NodeRef<'t>,
    names: &Names<'_>,
    steps: Vec<crate::diagnostic::TrailStep>,
    cx: &mut Context<'_, 't>,
) {
    let Some(text) = title.text() else { return };
    let mut seen: Vec<&str> = Vec::new();
    for reference in references(&text.value) {
        if names.has(reference.name)
            || reference.name.starts_with("__")
            || seen.contains(&reference.name)
        {
            continue;
        }
        seen.push(reference.name);
        if seen.len() > MOST_IN_A_TEXT {
            return;
        }
        let near = nearest(reference.name, names.variables.iter().map(AsRef::as_ref));
        let plain = reference.span.len() == reference.name.len() + 1;
        if plain && near.is_none() {
            continue;
        }
        let shown = written(&text.value, &reference).to_owned();
        let finding = cx
            .report(
                Place::text(title, reference.span),
                format!(
                    "the variable `{}` is not defined: the title shows `{shown}` as it stands",
                    reference.name
                ),
            )
            .at(steps.clone())
            .lower(Severity::Warning);
        let _ = finding.help(help(&reference, near.as_deref(), names));
    }
}

fn written<'q>(text: &'q str, reference: &Reference<'_>) -> &'q str {
    text.get(reference.span.range()).unwrap_or("")
}

fn help(reference: &Reference<'_>, near: Option<&str>, names: &Names<'_>) -> String {
    // `$job_total` is the variable `job_total`, not `job` and a suffix.
    let longest = names
        .variables
        .iter()
        .filter(|name| !name.is_empty() && reference.name.starts_with(name.as_ref()))
        .max_by_key(|name| name.len());
    match (longest, near) {
        (Some(name), _) if reference.span.len() == reference.name.len() + 1 => format!(
            "`$name` takes all letters, digits and underscores: to put the variable `{name}` before `{}`, write `${{{name}}}{}`",
            &reference.name[name.len()..],
            &reference.name[name.len()..]
        ),
        (_, Some(near)) => format!("did you mean `{near}`?"),
        _ => format!(
            "define `{}` under templating, or correct the reference",
            reference.name
        ),
    }
}

/// The most alike of `names`, if it is alike enough to be meant.
fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    // A distance costs the product of the lengths, and names are short.
    if wanted.len() > LONGEST_NAME {
        return None;
    }
    names
        .filter(|name| !name.is_empty() && name.len().abs_diff(wanted.len()) <= 3)
        .map(|name| (strsim::damerau_levenshtein(wanted, name), name))
        .filter(|(distance, name)| *distance <= (name.len().min(wanted.len()) / 3).clamp(1, 3))
        .filter(|(distance, name)| *distance < name.len())
        .min()
        .map(|(_, name)| name.to_owned())
}

/// Names longer than this are not compared with others.
const LONGEST_NAME: usize = 64;

/// Whether a regular expression in the query has a group of this name: `(?P<name>…)`.
fn is_group(text: &str, name: &str) -> bool {
    text.contains("(?")
        && (text.contains(&format!("(?P<{name}>")) || text.contains(&format!("(?<{name}>")))
}
