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

/// Longer patterns are not looked at: nobody writes them, and compiling one takes memory.
const LONGEST: usize = 512;
/// Neither are patterns with more classes of Unicode than this, which take thousands of ranges each.
const MOST_CLASSES: usize = 4;

fn check<'t>(variable: &Variable<'t>, cx: &mut Context<'_, 't>) {
    let Some(node) = variable.node.get("regex") else {
        return;
    };
    let Some(text) = node.text() else { return };
    let value = text.value.as_ref();
    let costly =
        value.len() > LONGEST || value.to_ascii_lowercase().matches("\\p").count() > MOST_CLASSES;
    // What a variable in it puts there is not known here.
    if value.is_empty() || costly || !references(value).is_empty() {
        return;
    }
    let (pattern, fault) = match parts(value) {
        Some((pattern, flags)) => match regress::Regex::with_flags(pattern, flags.as_str()) {
            Ok(_) => return,
            Err(error) => (pattern, error.text),
        },
        None => (
            value,
            "it begins with a slash and does not end with `/` and flags of `gimy`".to_owned(),
        ),
    };
    let start = value.find(pattern).unwrap_or(0);
    let _ = cx
        .report(
            Place::text(node, Span::new(start, start + pattern.len())),
            format!(
                "Grafana refuses this regular expression ({fault}): the variable has no values"
            ),
        )
        .help("variables are filtered in the browser: write it as JavaScript does");
}

/// Pattern and flags, as `stringToJsRegex` of @grafana/data takes them apart: a bare pattern, or `/pattern/` with some of
/// the flags `gimy` in this order. `None` for what begins with a slash and is none.
fn parts(text: &str) -> Option<(&str, String)> {
    let Some(rest) = text.strip_prefix('/') else {
        return Some((text, String::new()));
    };
    // The shortest pattern that leaves nothing but flags.
    let (end, flags) = rest
        .match_indices('/')
        .map(|(end, _)| (end, &rest[end + 1..]))
        .find(|(_, flags)| {
            let mut left = "gimy".chars();
            flags.chars().all(|flag| left.any(|known| known == flag))
        })?;
    // `g` and `y` say how often to search, not how to read the pattern.
    Some((&rest[..end], flags.replace(['g', 'y'], "")))
}
