//! Findings of the parsers: what a file is written wrongly.

use super::{Check, Context, OptionSpec, Place, Rule};
use crate::diagnostic::{Group, Safety, Severity};
use crate::model::ParsedFile;
use crate::span::Span;
use crate::syntax::{Dialect, Problem, ProblemKind, Tree};

const NO_OPTIONS: &[OptionSpec] = &[];

pub(crate) const INVALID_SYNTAX: Rule = Rule {
    id: "invalid-syntax",
    group: Group::Syntax,
    severity: Severity::Error,
    summary: "text that is no JSON or YAML",
    since: "0.1.0",
    fix: None,
    options: NO_OPTIONS,
    page: include_str!("../../../rules/syntax/invalid-syntax.md"),
    check: Check::Emitted,
};

pub(crate) const UNREADABLE_FILE: Rule = Rule {
    id: "unreadable-file",
    group: Group::Syntax,
    severity: Severity::Error,
    summary: "file that cannot be read",
    since: "0.1.0",
    fix: None,
    options: NO_OPTIONS,
    page: include_str!("../../../rules/syntax/unreadable-file.md"),
    check: Check::Emitted,
};

pub(crate) const JSON_COMMENT: Rule = Rule {
    id: "json-comment",
    group: Group::Syntax,
    severity: Severity::Error,
    summary: "comment in JSON",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: NO_OPTIONS,
    page: include_str!("../../../rules/syntax/json-comment.md"),
    check: Check::Emitted,
};

pub(crate) const TRAILING_COMMA: Rule = Rule {
    id: "trailing-comma",
    group: Group::Syntax,
    severity: Severity::Error,
    summary: "comma before a closing bracket",
    since: "0.1.0",
    fix: Some(Safety::Safe),
    options: NO_OPTIONS,
    page: include_str!("../../../rules/syntax/trailing-comma.md"),
    check: Check::Emitted,
};

pub(crate) const DUPLICATE_KEY: Rule = Rule {
    id: "duplicate-key",
    group: Group::Syntax,
    severity: Severity::Error,
    summary: "key that stands twice in one object",
    since: "0.1.0",
    fix: None,
    options: NO_OPTIONS,
    page: include_str!("../../../rules/syntax/duplicate-key.md"),
    check: Check::Emitted,
};

pub(crate) const BYTE_ORDER_MARK: Rule = Rule {
    id: "byte-order-mark",
    group: Group::Syntax,
    severity: Severity::Error,
    summary: "JSON that starts with a byte order mark",
    since: "0.1.0",
    fix: Some(Safety::Safe),
    options: NO_OPTIONS,
    page: include_str!("../../../rules/syntax/byte-order-mark.md"),
    check: Check::Emitted,
};

pub(crate) const LONE_SURROGATE: Rule = Rule {
    id: "lone-surrogate",
    group: Group::Syntax,
    severity: Severity::Info,
    summary: "half of a surrogate pair in a string",
    since: "0.1.0",
    fix: None,
    options: NO_OPTIONS,
    page: include_str!("../../../rules/syntax/lone-surrogate.md"),
    check: Check::Emitted,
};

/// Reports what the parsers noted.
pub(crate) fn report<'t>(file: &'t ParsedFile, cx: &mut Context<'_, 't>) {
    let ours = file.certain
        || file
            .documents
            .iter()
            .any(|document| document.kind.is_linted());
    if !ours {
        return;
    }
    for tree in &file.trees {
        let mut counts = [0usize; KINDS];
        for problem in tree.problems() {
            let count = &mut counts[problem.kind as usize % KINDS];
            *count += 1;
            // The thousandth comma too many tells nobody anything new.
            if *count <= MOST_OF_A_KIND {
                report_problem(tree, problem, cx);
            }
        }
    }
}

/// Number of kinds of problems.
const KINDS: usize = 16;
/// How many problems of one kind are reported in one text.
const MOST_OF_A_KIND: usize = 200;

fn report_problem<'t>(tree: &'t Tree, problem: &'t Problem, cx: &mut Context<'_, 't>) {
    let place = Place::in_tree(tree, problem.span);
    let (rule, help) = match problem.kind {
        ProblemKind::Invalid
        | ProblemKind::TrailingData
        | ProblemKind::TooDeep
        | ProblemKind::UnknownAlias => (&INVALID_SYNTAX, None),
        ProblemKind::Empty => (
            &INVALID_SYNTAX,
            Some("Grafana and Prometheus refuse an empty file: fill it or delete it"),
        ),
        ProblemKind::Comment => (
            &JSON_COMMENT,
            Some("JSON has no comments: move the words to a `description`, or delete them"),
        ),
        ProblemKind::TrailingComma => (&TRAILING_COMMA, Some("delete the comma")),
        ProblemKind::DuplicateKey => (&DUPLICATE_KEY, Some("delete one of the two, or rename it")),
        ProblemKind::LoneSurrogate => (&LONE_SURROGATE, None),
        ProblemKind::ByteOrderMark => (
            &BYTE_ORDER_MARK,
            Some("save the file as UTF-8 without a byte order mark"),
        ),
    };
    let repair = problem.repair.as_ref().and_then(|(span, text)| {
        let span = match problem.kind {
            ProblemKind::Comment => with_its_line(tree.text(), *span),
            _ => *span,
        };
        let (span, text) = tree.encode(span, text)?;
        Some(vec![(span, text)])
    });
    let mut finding = cx.report_as(rule, place, problem.message.clone());
    if let Some(help) = help {
        finding = finding.help(help);
    }
    if let Some((span, message)) = &problem.related {
        finding = finding.related(Place::in_tree(tree, *span), message.clone());
    }
    match problem.kind {
        // Go's JSON decoder takes the last of two equal keys; its YAML decoder refuses the file.
        ProblemKind::DuplicateKey if tree.dialect() == Dialect::Json => {
            let _ = finding.lower(Severity::Warning);
        }
        ProblemKind::Comment => {
            let _ = finding.fix("delete the comment", Safety::Unsafe, repair);
        }
        ProblemKind::TrailingComma => {
            let _ = finding.fix("delete the comma", Safety::Safe, repair);
        }
        ProblemKind::ByteOrderMark => {
            let _ = finding.fix("delete the byte order mark", Safety::Safe, repair);
        }
        _ => {}
    }
}

/// The range with the white space before it; with the whole line, where nothing else stands on it.
fn with_its_line(text: &str, span: Span) -> Span {
    let before = &text[..span.start as usize];
    let start = before.trim_end_matches([' ', '\t']).len();
    let rest = &text[span.end as usize..];
    let after = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
    let alone = start == 0 || before[..start].ends_with('\n');
    let end = span.end as usize + after;
    match rest.as_bytes().get(after) {
        Some(b'\n') if alone => Span::new(start, end + 1),
        Some(b'\n') | None => Span::new(start, span.end as usize),
        _ => span,
    }
}
