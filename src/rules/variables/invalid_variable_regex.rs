//! The `regex` of a variable, which a browser reads.

use crate::diagnostic::{Group, Severity};
use crate::model::{Variable, references};
use crate::rules::{Check, Context, Place, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "invalid-variable-regex",
    group: Group::Variables,
    severity: Severity::Error,
    summary: "regular expression of a variable that JavaScript refuses",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/variables/invalid-variable-regex.md"),
    check: Check::Variable(check),
};

/// Longer patterns are not looked at: nobody writes them, and compiling takes memory.
const LONGEST: usize = 4096;

fn check<'t>(variable: &Variable<'t>, cx: &mut Context<'_, 't>) {
    let Some(node) = variable.node.get("regex") else {
        return;
    };
    let Some(text) = node.text() else { return };
    let value = text.value.as_ref();
    // What a variable in it puts there is not known here.
    if value.is_empty() || value.len() > LONGEST || !references(value).is_empty() {
        return;
    }
    let (pattern, flags) = parts(value);
    let Err(error) = regress::Regex::with_flags(pattern, flags) else {
        return;
    };
    let start = value.find(pattern).unwrap_or(0);
    let _ = cx
        .report(
            Place::text(node, Span::new(start, start + pattern.len())),
            format!(
                "the browser refuses this regular expression ({}): the variable has no values",
                error.text
            ),
        )
        .help("variables are filtered in the browser: write it as JavaScript does");
}

/// Pattern and flags, as Grafana's `stringToJsRegex` takes them apart: `/pattern/flags`, or a bare pattern.
fn parts(text: &str) -> (&str, &str) {
    let Some(rest) = text.strip_prefix('/') else {
        return (text, "");
    };
    match rest.rfind('/') {
        Some(end) if rest[end + 1..].chars().all(|c| "gimsuy".contains(c)) => {
            // `g` and `y` say how often to search, not how to read the pattern.
            let flags = &rest[end + 1..];
            (&rest[..end], flags.trim_matches(['g', 'y']))
        }
        _ => (text, ""),
    }
}
