//! References to groups that a pattern does not have.

use super::found::{Found, check_queries};
use crate::diagnostic::{Group, Severity};
use crate::promql::ast::ExprKind;
use crate::rules::{Check, Context, Rule};

pub(crate) const RULE: Rule = Rule {
    id: "unknown-capture-group",
    group: Group::Promql,
    severity: Severity::Warning,
    summary: "label_replace with a group its pattern does not have",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/promql/unknown-capture-group.md"),
    check: Check::Document(check),
};

fn check(cx: &mut Context<'_, '_>) {
    check_queries(cx, |_, query, parsed, found| {
        for (_, _, call) in parsed.calls() {
            if parsed.call_name(call) != "label_replace" {
                continue;
            }
            let args = parsed.ast.args(call);
            let literal = |at: usize| match &parsed.ast.expr(*args.get(at)?).kind {
                ExprKind::String(s) if s.quote != 0 && s.holes.is_empty() => Some(*s),
                _ => None,
            };
            let (Some(replacement), Some(pattern)) = (literal(2), literal(4)) else {
                continue;
            };
            let groups = Groups::of(&parsed.string(&pattern));
            for reference in references(&parsed.string(&replacement)) {
                if groups.has(&reference.name) {
                    continue;
                }
                let name = &reference.name;
                let help = match reference.meant() {
                    Some((number, rest)) if groups.has(number) => {
                        format!(
                            "write `${{{number}}}{rest}`: the name of a group goes on through letters, digits and underscores"
                        )
                    }
                    _ => format!("the pattern has {}", groups.words()),
                };
                found.push(
                    Found::new(
                        query,
                        replacement.span,
                        format!("the pattern has no group `{name}`: an empty text stands in the place of `${name}`"),
                        help,
                    )
                    .note(pattern.span, "the pattern"),
                );
            }
        }
    });
}

/// The groups of a pattern.
#[derive(Default)]
struct Groups {
    count: usize,
    names: Vec<String>,
}

impl Groups {
    fn of(pattern: &str) -> Self {
        let mut groups = Groups::default();
        let mut class = false;
        let mut chars = pattern.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => {
                    chars.next();
                }
                '[' if !class => {
                    class = true;
                    // `[]a]` and `[^]a]`: a bracket right after the first is one of the class.
                    let rest = chars.as_str();
                    let skip = usize::from(rest.starts_with('^'));
                    let first = rest.chars().nth(skip) == Some(']');
                    for _ in 0..skip + usize::from(first) {
                        chars.next();
                    }
                }
                ']' => class = false,
                '(' if !class => {
                    let rest = pattern.get(at + 1..).unwrap_or("");
                    let name = rest.strip_prefix("?P<").or_else(|| rest.strip_prefix("?<"));
                    if let Some((name, _)) = name.and_then(|rest| rest.split_once('>')) {
                        groups.names.push(name.to_owned());
                        groups.count += 1;
                    } else if !rest.starts_with('?') {
                        groups.count += 1;
                    }
                }
                _ => {}
            }
        }
        groups
    }

    fn has(&self, name: &str) -> bool {
        match name.parse::<usize>() {
            Ok(number) => number <= self.count,
            Err(_) => self.names.iter().any(|known| known == name),
        }
    }

    fn words(&self) -> String {
        match self.count {
            0 => "no groups; write `(…)` around what is to be kept".to_owned(),
            1 => "one group, `$1`".to_owned(),
            count => format!("{count} groups, `$1` to `${count}`"),
        }
    }
}

/// A reference in a replacement.
struct Reference {
    name: String,
    braces: bool,
}

impl Reference {
    /// `$1_total`: the number, and what was meant to follow it.
    fn meant(&self) -> Option<(&str, &str)> {
        let digits = self.name.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = self.name.strip_suffix(digits)?;
        (!self.braces && !digits.is_empty() && !number.is_empty()).then_some((number, digits))
    }
}

/// `$1`, `${1}` and `$name`, as Go's `Regexp.Expand` reads them: the longest run of letters, digits and underscores;
/// `$$` is a dollar sign.
fn references(replacement: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut rest = replacement;
    while let Some((_, after)) = rest.split_once('$') {
        if let Some(escaped) = after.strip_prefix('$') {
            rest = escaped;
            continue;
        }
        let (inner, braces) = match after.strip_prefix('{') {
            Some(inner) => (inner, true),
            None => (after, false),
        };
        let name: String = inner
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        rest = inner.get(name.len()..).unwrap_or("");
        if !name.is_empty() && (!braces || rest.starts_with('}')) {
            found.push(Reference { name, braces });
        }
    }
    found
}
