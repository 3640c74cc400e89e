//! Formats of variables that do not fit the place they stand in.

use super::expression::{InMatcher, each_in_matcher, is_repeated};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{Dashboard, Query, Variable, builtin};
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "wrong-variable-format",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "format of a variable that does not fit its place in the query",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/variables/wrong-variable-format.md"),
    check: Check::Dashboard(check),
};

/// What is wrong with a reference.
struct Fault {
    message: String,
    help: String,
    /// What the reference becomes.
    better: Option<String>,
}

/// A reference with a fault.
struct Faulty<'d, 't> {
    variable: u32,
    fault: Fault,
    query: &'d Query<'t>,
    hole: Span,
}

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    let mut faults: Vec<Faulty<'_, 't>> = Vec::new();
    each_in_matcher(dashboard, |query, variable, found| {
        let Some(format) = found.hole.format else {
            return;
        };
        let format = found.parsed.slice(format);
        let repeated = is_repeated(dashboard, query, &variable.name());
        let Some(fault) = fault(variable, found, format, repeated) else {
            return;
        };
        faults.push(Faulty {
            variable: variable.node.id(),
            fault,
            query,
            hole: found.hole.span,
        });
    });
    for faulty in faults {
        report(faulty, cx);
    }
}

fn report<'t>(faulty: Faulty<'_, 't>, cx: &mut Context<'_, 't>) {
    let Faulty {
        fault, query, hole, ..
    } = faulty;
    let steps = Context::query_steps(cx.scope, query);
    let key = (faulty.variable, fault.message.clone());
    let finding = cx
        .report(Place::query(query, hole), fault.message)
        .at(steps)
        .help(fault.help)
        .together_by(&key, "and here");
    if let Some(better) = fault.better {
        let edit = query.text_node.encode_str(hole, &better);
        let edits = edit.map(|edit| vec![edit]);
        let _ = finding.fix(format!("write `{better}`"), Safety::Unsafe, edits);
    }
}

fn fault(
    variable: &Variable<'_>,
    found: &InMatcher<'_>,
    format: &str,
    repeated: bool,
) -> Option<Fault> {
    let id = format.split(':').next().unwrap_or(format);
    let name = variable.name();
    let plain = format!("${{{name}}}");
    if !builtin::FORMATS.contains(&id) {
        return Some(Fault {
            message: format!(
                "Grafana knows no format `{id}` and writes several values as `{{a,b}}`, which the matcher takes as text"
            ),
            help: format!("write `{plain}`: the data source puts the values in as they are needed"),
            better: (!repeated).then_some(plain),
        });
    }
    // All stands for its own value, whatever the format.
    let several = variable.is_multi() || (variable.has_all() && variable.all_value().is_none());
    let several = several && !repeated;
    let label = found.label();
    if !found.matcher.op.is_regex() {
        return match id {
            "regex" | "pipe" if several => Some(Fault {
                message: format!(
                    "`:{id}` writes several values as a pattern, which `{label}{}` takes as text and no series has",
                    found.matcher.op.as_str()
                ),
                help: "match them with `=~` and without the format".to_owned(),
                better: None,
            }),
            "regex" => Some(Fault {
                message: format!(
                    "`:regex` puts a backslash before each dot, and `{label}{}` compares with that text",
                    found.matcher.op.as_str()
                ),
                help: format!("write `{plain}`"),
                better: Some(plain),
            }),
            _ => None,
        };
    }
    let lists = [
        "csv",
        "raw",
        "glob",
        "json",
        "singlequote",
        "doublequote",
        "sqlstring",
        "lucene",
        "text",
    ];
    if several && lists.contains(&id) {
        return Some(Fault {
            message: format!(
                "`:{id}` does not write several values as a regular expression: with two of them `{label}{}` finds nothing",
                found.matcher.op.as_str()
            ),
            help: format!("write `{plain}`: the data source writes `(a|b)`"),
            better: Some(plain),
        });
    }
    if id == "pipe" && several && spills(found) {
        return Some(Fault {
            message: "`:pipe` writes `a|b` without parentheses: what stands before it belongs to the first value only, what stands after it to the last".to_owned(),
            help: format!("write `{plain}`: the data source writes `(a|b)`"),
            better: Some(plain),
        });
    }
    // In PromQL a backslash in such a string must be doubled; a format of one's own passes the data source by, which does it.
    if id == "regex" && found.matcher.value.quote != b'`' {
        return Some(Fault {
            message: "`:regex` puts one backslash before each dot, and Prometheus refuses `\\.` in a string: the query fails for a value with a dot or slash".to_owned(),
            help: format!("write `{plain}`: the data source escapes the values of a variable that is multi or has All"),
            better: (variable.is_multi() || variable.has_all()).then_some(plain),
        });
    }
    None
}

/// Something else stands in the pattern, and no parenthesis keeps the alternatives together.
fn spills(found: &InMatcher<'_>) -> bool {
    let inner = found.matcher.value.inner();
    let hole = found.hole.span;
    let before = found
        .parsed
        .slice(Span::new(inner.start as usize, hole.start as usize));
    let after = found
        .parsed
        .slice(Span::new(hole.end as usize, inner.end as usize));
    let opens = before.trim_start_matches('^').is_empty() && after.trim_end_matches('$').is_empty();
    let kept = (before.ends_with('(')
        || before.ends_with("(?:")
        || before.ends_with('|')
        || before.is_empty())
        && (after.starts_with(')') || after.starts_with('|') || after.is_empty());
    !opens && !kept
}
