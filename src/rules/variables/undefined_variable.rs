//! References to variables that nothing defines.

use std::borrow::Cow;
use std::cell::Cell;

use rustc_hash::{FxHashMap, FxHashSet};

use super::near::nearest;
use super::places::{Spot, Text, texts};
use crate::diagnostic::{Group, Safety, Severity, TrailStep};
use crate::model::builtin;
use crate::model::{Dashboard, Language, Query, Reference, Variable, references};
use crate::rules::{Check, Context, Place, Rule};
use crate::source::kind::DocKind;
use crate::span::Span;
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

/// How many undefined names of one query or text are looked at.
const MOST_IN_A_TEXT: usize = 20;
/// How many uses of one undefined name are kept.
const MOST_USES: usize = 500;

/// How many names are compared with each other before none is suggested any more.
const MOST_COMPARISONS: usize = 100_000;

/// What may be referred to.
struct Names {
    variables: FxHashSet<String>,
    inputs: FxHashSet<String>,
    /// The length of the longest name of a variable.
    longest: usize,
    compared: Cell<usize>,
}

impl Names {
    fn of(dashboard: &Dashboard<'_>) -> Self {
        let names = dashboard.variables.iter().map(Variable::name);
        let inputs = dashboard.inputs.iter().map(|(name, _)| name.clone());
        Names {
            longest: names.clone().map(|name| name.len()).max().unwrap_or(0),
            variables: names.map(Cow::into_owned).collect(),
            inputs: inputs.collect(),
            compared: Cell::new(0),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.variables.contains(name) || self.inputs.contains(name)
    }

    fn near(&self, name: &str) -> Option<String> {
        let compared = self.compared.get() + self.variables.len();
        self.compared.set(compared);
        if compared > MOST_COMPARISONS {
            return None;
        }
        nearest(name, self.variables.iter().map(String::as_str))
    }
}

/// One reference that leads nowhere.
struct Use<'d, 't> {
    host: Host<'d, 't>,
    /// In bytes of the decoded text.
    span: Span,
    name_span: Span,
    /// `$name`, without braces.
    bare: bool,
    /// All there is between two quotes: the value of a matcher, an argument.
    whole: bool,
    written: String,
}

#[derive(Clone, Copy)]
enum Host<'d, 't> {
    Query(&'d Query<'t>),
    Text(&'d Text<'t>),
}

impl<'d, 't> Use<'d, 't> {
    fn new(host: Host<'d, 't>, text: &str, reference: &Reference<'_>) -> Self {
        let quotes = ['"', '\'', '`'];
        let (start, end) = (reference.span.start as usize, reference.span.end as usize);
        let opened = text
            .get(..start)
            .is_some_and(|before| before.ends_with(quotes));
        let closed = text
            .get(end..)
            .is_some_and(|after| after.starts_with(quotes));
        Use {
            whole: opened && closed,
            host,
            span: reference.span,
            name_span: reference.name_span,
            bare: reference.span.len() == reference.name.len() + 1,
            written: text
                .get(reference.span.range())
                .unwrap_or_default()
                .to_owned(),
        }
    }

    fn node(&self) -> NodeRef<'t> {
        match self.host {
            Host::Query(query) => query.text_node,
            Host::Text(text) => text.node,
        }
    }

    fn place(&self) -> Place<'d, 't> {
        match self.host {
            Host::Query(query) => Place::query(query, self.span),
            Host::Text(text) => Place::text(text.node, self.span),
        }
    }

    fn steps(&self, dashboard: &Dashboard<'t>, cx: &Context<'_, 't>) -> Vec<TrailStep> {
        match self.host {
            Host::Query(query) => Context::query_steps(cx.scope, query),
            Host::Text(text) => text.steps(dashboard),
        }
    }

    fn severity(&self) -> Severity {
        match self.host {
            Host::Query(_) => Severity::Error,
            Host::Text(text) if text.spot == Spot::DataSource => Severity::Error,
            Host::Text(text) if text.spot == Spot::Repeat => Severity::Info,
            Host::Text(_) => Severity::Warning,
        }
    }
}

/// All references by the same name: mending it mends them all.
#[derive(Default)]
struct ByName<'d, 't> {
    order: Vec<(String, Vec<Use<'d, 't>>)>,
    index: FxHashMap<String, usize>,
}

impl<'d, 't> ByName<'d, 't> {
    fn add(&mut self, name: &str, used: Use<'d, 't>) {
        let at = *self.index.entry(name.to_owned()).or_insert_with(|| {
            self.order.push((name.to_owned(), Vec::new()));
            self.order.len() - 1
        });
        if let Some((_, uses)) = self.order.get_mut(at)
            && uses.len() <= MOST_USES
        {
            uses.push(used);
        }
    }
}

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    // A library panel takes its variables from whatever dashboard it is put into.
    if cx
        .document
        .is_some_and(|document| document.kind == DocKind::LibraryPanel)
        || dashboard.node.tree().is_cut_short()
    {
        return;
    }
    let names = Names::of(dashboard);
    let texts = texts(dashboard);
    let mut undefined = ByName::default();
    for query in &dashboard.queries {
        collect_query(query, &names, &mut undefined, cx);
    }
    for text in &texts {
        collect_text(text, &names, &mut undefined);
    }
    for (name, uses) in undefined.order {
        report(dashboard, &name, &uses, &names, cx);
    }
}

fn collect_query<'d, 't>(
    query: &'d Query<'t>,
    names: &Names,
    undefined: &mut ByName<'d, 't>,
    cx: &mut Context<'_, 't>,
) {
    let prometheus = query.language.is_promql() || query.language == Language::PromVariable;
    // Other languages have macros and escapes of their own that look like variables.
    if !prometheus && query.language != Language::LogQl {
        return;
    }
    let comments = if prometheus {
        query.parsed().comments.as_slice()
    } else {
        &[]
    };
    let mut strange: FxHashSet<&str> = FxHashSet::default();
    let groups = Groups::of(query.text());
    for reference in references(query.text()) {
        let name = reference.name;
        // Grafana replaces variables in comments and in replacements of label_replace too; one it does not know
        // stays what it is there: words, or a group of the regular expression.
        let before = comments.partition_point(|comment| comment.end <= reference.span.start);
        let commented = comments
            .get(before)
            .is_some_and(|comment| comment.encloses(reference.span));
        if commented || names.has(name) {
            continue;
        }
        if name.starts_with("__") {
            if prometheus
                && strange.insert(name)
                && let Some(message) = strange_builtin(query, &reference)
            {
                report_builtin(query, &reference, message, cx);
            }
            continue;
        }
        if groups.has(name) {
            continue;
        }
        undefined.add(name, Use::new(Host::Query(query), query.text(), &reference));
        if undefined.order.len() > MOST_IN_A_TEXT {
            return;
        }
    }
}

/// Why this built-in is not replaced in this query.
fn strange_builtin(query: &Query<'_>, reference: &Reference<'_>) -> Option<String> {
    let name = reference.name;
    let variable = query.language == Language::PromVariable;
    if name == "__searchFilter" {
        return None;
    }
    let rate = builtin::RATE_INTERVALS.contains(&name);
    if rate && variable {
        return Some(format!(
            "`${name}` does not exist in queries of variables: it is sent as it stands and the variable has no values"
        ));
    }
    if !builtin::in_prometheus_queries(name) {
        return Some(format!(
            "`${name}` is no built-in variable of Prometheus queries: it is sent as it stands"
        ));
    }
    let bracketed = query.text().get(reference.span.range())?.starts_with('[');
    (rate && (bracketed || reference.format.is_some())).then(|| {
        format!("Grafana replaces `${name}` and `${{{name}}}` only: this form of it is sent as it stands")
    })
}

fn report_builtin<'t>(
    query: &Query<'t>,
    reference: &Reference<'_>,
    message: String,
    cx: &mut Context<'_, 't>,
) {
    let name = reference.name;
    let rate = builtin::RATE_INTERVALS.contains(&name);
    let better = if rate && query.language == Language::PromVariable {
        None
    } else if rate {
        Some(format!("${{{name}}}"))
    } else {
        let known = builtin::IN_PROMETHEUS_QUERIES.iter().copied();
        nearest(name, known).map(|near| format!("${{{near}}}"))
    };
    let steps = Context::query_steps(cx.scope, query);
    let help = match &better {
        Some(better) => format!("did you mean `{better}`?"),
        None if rate => "write a fixed range, or `$__range`".to_owned(),
        None => "see Grafana's documentation of global variables for those that exist".to_owned(),
    };
    let finding = cx
        .report(Place::query(query, reference.span), message)
        .at(steps)
        .label("not replaced by a value")
        .help(help);
    if let Some(better) = better {
        let edits = references(query.text())
            .into_iter()
            .filter(|other| other.name == name)
            .map(|other| query.text_node.encode_str(other.span, &better))
            .collect();
        let _ = finding.fix(format!("write `{better}`"), Safety::Unsafe, edits);
    }
}

/// A text shows an undefined reference as it is written. `$USD` in a title is most likely money and `$state` in an
/// address a part of it, so only what is certainly a reference, or near a variable's name, is taken for one.
fn collect_text<'d, 't>(text: &'d Text<'t>, names: &Names, undefined: &mut ByName<'d, 't>) {
    let Some(value) = text.node.as_str() else {
        return;
    };
    if text.spot == Spot::Repeat {
        let name: &str = value.trim_start_matches('$');
        if !name.is_empty() && !names.has(name) {
            let span = Span::new(value.len() - name.len(), value.len());
            let used = Use {
                host: Host::Text(text),
                span,
                name_span: span,
                bare: false,
                whole: true,
                written: name.to_owned(),
            };
            undefined.add(name, used);
        }
        return;
    }
    for reference in references(&value).into_iter().take(MOST_IN_A_TEXT) {
        let name = reference.name;
        if names.has(name) {
            continue;
        }
        // Grafana takes the name of a data source for a reference only as a whole (Grafana 12, datasource_srv.ts).
        if text.spot == Spot::DataSource && reference.span.len() != value.len() {
            return;
        }
        let used = Use::new(Host::Text(text), &value, &reference);
        let before = value.get(..reference.span.start as usize).unwrap_or("");
        let sure = match text.spot {
            Spot::Legend | Spot::Option | Spot::DataSource => true,
            Spot::Link => !used.bare || before.ends_with('='),
            // A pattern ends in `$`, and a replacement may be code.
            Spot::Variable | Spot::Transformation => false,
            _ => !used.bare,
        };
        let misplaced = match text.spot {
            Spot::Title | Spot::Description => builtin::OF_DATA.contains(&name),
            Spot::Legend => builtin::OF_DATA.contains(&name),
            _ => false,
        };
        let meant = if name.starts_with("__") {
            misplaced && !used.bare
        } else {
            sure || names.near(name).is_some()
        };
        if meant {
            undefined.add(name, used);
        }
    }
}

fn report<'t>(
    dashboard: &Dashboard<'t>,
    name: &str,
    uses: &[Use<'_, 't>],
    names: &Names,
    cx: &mut Context<'_, 't>,
) {
    let near = names.near(name).filter(|_| !name.starts_with("__"));
    let prefix = prefix_of(name, names);
    for used in uses {
        let meant = Meant::of(used, near.as_deref(), prefix);
        let steps = used.steps(dashboard, cx);
        let finding = cx
            .report(used.place(), message(name, used))
            .at(steps)
            .lower(used.severity())
            .label("not defined in this dashboard")
            .help(help(name, meant))
            .together_by(name, "and here");
        let edit = |span: Span, text: &str| {
            let edit = used.node().encode_str(span, text);
            edit.map(|edit| vec![edit])
        };
        let _ = match meant {
            Meant::Near(near) => {
                let edit = edit(used.name_span, near);
                finding.fix(format!("refer to `{near}`"), Safety::Unsafe, edit)
            }
            Meant::Before(prefix, rest) => {
                let better = format!("${{{prefix}}}{rest}");
                let edit = edit(used.span, &better);
                finding.fix(format!("write `{better}`"), Safety::Unsafe, edit)
            }
            Meant::Unknown => finding,
        };
    }
}

/// What was most likely meant by an undefined name.
#[derive(Clone, Copy)]
enum Meant<'n> {
    /// The variable with this name, which is written much the same.
    Near(&'n str),
    /// The variable with the first name, and then the second as text.
    Before(&'n str, &'n str),
    Unknown,
}

impl<'n> Meant<'n> {
    /// `$job_total` is the variable `job_total`, not `job` and a suffix. But a matcher of `"$accountID"` alone asks for a
    /// variable, not for one whose values all lack an `ID` at their end.
    fn of(used: &Use<'_, '_>, near: Option<&'n str>, prefix: Option<(&'n str, &'n str)>) -> Self {
        let before = prefix.filter(|(prefix, rest)| {
            let parted = rest.starts_with('_');
            used.bare
                && (parted || !used.whole)
                && near.is_none_or(|near| parted && near == *prefix)
        });
        match (before, near) {
            (Some((prefix, rest)), _) => Meant::Before(prefix, rest),
            (None, Some(near)) => Meant::Near(near),
            (None, None) => Meant::Unknown,
        }
    }
}

fn message(name: &str, used: &Use<'_, '_>) -> String {
    let written = &used.written;
    let what = match used.host {
        Host::Query(_) => {
            return format!(
                "the variable `{name}` is not defined: `{written}` is sent to the data source as it stands"
            );
        }
        Host::Text(text) => match text.spot {
            Spot::Repeat => {
                return format!("the variable `{name}` is not defined: nothing is repeated");
            }
            Spot::DataSource => {
                return format!(
                    "the variable `{name}` is not defined: Grafana finds no data source called `{written}`"
                );
            }
            _ if name.starts_with("__") => {
                return format!(
                    "`{written}` belongs to links and names of fields: here it is shown as it stands"
                );
            }
            Spot::Title => "the title shows",
            Spot::Description => "the description shows",
            Spot::Link => "the link holds",
            Spot::Legend => "the legend shows",
            Spot::Override => "the override takes",
            Spot::Transformation => "the transformation takes",
            Spot::Option => "the panel takes",
            Spot::Variable => "the other variable takes",
        },
    };
    format!("the variable `{name}` is not defined: {what} `{written}` as it stands")
}

fn help(name: &str, meant: Meant<'_>) -> String {
    match meant {
        Meant::Before(prefix, rest) => format!(
            "`$name` takes all letters, digits and underscores: to put the variable `{prefix}` before `{rest}`, write `${{{prefix}}}{rest}`"
        ),
        Meant::Near(near) => format!("did you mean `{near}`?"),
        // The names that an export for sharing gives data sources (Grafana 12, DashboardExporter.ts: `DS_` + name).
        _ if name.starts_with("DS_") => format!(
            "exports name data sources so and list them in `__inputs`, which is missing here: add it, or a data source variable `{name}`"
        ),
        _ if name.starts_with("__") => {
            "name the field or label in a query's legend instead".to_owned()
        }
        _ => format!("define `{name}` under templating, or correct the reference"),
    }
}

/// The longest variable whose name `name` begins with, and the rest.
fn prefix_of<'n>(name: &'n str, names: &Names) -> Option<(&'n str, &'n str)> {
    let longest = names.longest.min(name.len().saturating_sub(1));
    (1..=longest)
        .rev()
        .filter_map(|at| name.split_at_checked(at))
        .find(|(prefix, _)| names.variables.contains(*prefix))
}

/// The named groups of regular expressions in a text, to which `$name` in a replacement refers: `(?P<name>` and `(?<name>`.
struct Groups<'q>(FxHashSet<&'q str>);

impl<'q> Groups<'q> {
    fn of(text: &'q str) -> Self {
        let named = text.split("(?").skip(1).filter_map(|rest| {
            let rest = rest.strip_prefix('P').unwrap_or(rest).strip_prefix('<')?;
            rest.split_once('>').map(|(name, _)| name)
        });
        Groups(named.collect())
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}
