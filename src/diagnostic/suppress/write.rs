//! Writing comments that silence findings.

use std::collections::{BTreeMap, BTreeSet};

use super::directive::directive_words;
use crate::diagnostic::Diagnostic;
use crate::fix::edit::{Edits, Place, insert_member};
use crate::model::{Document, Language, NoDataSources, ParsedFile};
use crate::span::Span;
use crate::syntax::{Dialect, NodeRef, Tree};

/// How many panels around a finding are looked at: a row holds panels, a panel none.
const DEEPEST: usize = 64;

/// Comments to be written into a file.
#[derive(Debug, Default)]
pub struct Comments {
    /// The replacements of bytes of the file, in order.
    pub edits: Edits,
    /// How many comments there are.
    pub count: usize,
}

/// Where a comment is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    /// On a line of its own before the line that starts here; it speaks for these bytes.
    Line(usize, Span),
    /// In the description of the panel of this number.
    Panel(usize),
}

/// The comments that silence these findings of a file, and none of `others`: in YAML on the line before, in a panel's description
/// elsewhere. What has no such place is left out.
pub fn comments(
    file: &ParsedFile,
    findings: &[&Diagnostic],
    others: &[&Diagnostic],
    reason: &str,
) -> Comments {
    let panels = panels(file);
    let others = Starts::of(others);
    let mut targets: BTreeMap<Target, BTreeSet<&str>> = BTreeMap::new();
    for finding in findings {
        let start = finding.location.range.start.offset;
        let target = match file.trees.first() {
            Some(tree) if finding.location.inner.is_none() && tree.dialect() == Dialect::Yaml => {
                line(tree, start).map(|(line, span)| Target::Line(line, span))
            }
            _ => around(&panels, start).map(Target::Panel),
        };
        let spoken_for = target.and_then(|target| match target {
            Target::Line(_, span) => Some(span),
            Target::Panel(number) => panels.get(number).map(|(span, _)| *span),
        });
        let is_alone = spoken_for.is_some_and(|span| !others.any(&finding.rule, span));
        if let Some(target) = target.filter(|_| is_alone) {
            targets.entry(target).or_default().insert(&finding.rule);
        }
    }
    let mut comments = Comments::default();
    for (target, rules) in targets {
        let rules: Vec<&str> = rules.into_iter().collect();
        let words = directive_words(&rules, reason);
        let edits = match target {
            Target::Line(start, _) => Some(vec![on_line(&file.source.text, start, &words)]),
            Target::Panel(number) => panels
                .get(number)
                .and_then(|(_, node)| in_description(*node, &words)),
        };
        if let Some(edits) = edits {
            comments.edits.extend(edits);
            comments.count += 1;
        }
    }
    comments.edits.sort();
    comments
}

/// Where findings start, by rule.
struct Starts<'f> {
    of_rule: BTreeMap<&'f str, Vec<u32>>,
}

impl<'f> Starts<'f> {
    fn of(findings: &[&'f Diagnostic]) -> Self {
        let mut of_rule: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for finding in findings {
            let starts = of_rule.entry(&finding.rule).or_default();
            starts.push(finding.location.range.start.offset);
        }
        of_rule
            .values_mut()
            .for_each(|starts| starts.sort_unstable());
        Starts { of_rule }
    }

    /// Whether one of a rule starts there.
    fn any(&self, rule: &str, span: Span) -> bool {
        self.of_rule.get(rule).is_some_and(|starts| {
            let first = starts.partition_point(|start| *start < span.start);
            starts.get(first).is_some_and(|start| *start <= span.end)
        })
    }
}

/// The panels of all dashboards of a file, by their bytes.
fn panels(file: &ParsedFile) -> Vec<(Span, NodeRef<'_>)> {
    let mut panels = Vec::new();
    for info in &file.documents {
        let document = file.document(info, &NoDataSources, Language::PromQl);
        if let Some(Document::Dashboard(dashboard)) = document {
            let nodes = dashboard.panels.iter().map(|panel| panel.node);
            panels.extend(nodes.map(|node| (node.file_span(), node)));
        }
    }
    panels.sort_by_key(|(span, _)| *span);
    panels
}

/// The innermost panel around a place.
fn around(panels: &[(Span, NodeRef<'_>)], at: u32) -> Option<usize> {
    let before = panels.partition_point(|(span, _)| span.start <= at);
    let near = (0..before).rev().take(DEEPEST);
    near.into_iter()
        .find(|number| panels.get(*number).is_some_and(|(span, _)| at < span.end))
}

/// The line on which the innermost value around a place begins that begins a line, and the bytes of the outermost value that
/// begins there: a comment before the line speaks for all of it.
fn line(tree: &Tree, at: u32) -> Option<(usize, Span)> {
    let text = tree.text();
    let innermost = tree.innermost(at as usize)?;
    let mut found: Option<(usize, Span)> = None;
    for node in std::iter::successors(Some(innermost), |node| node.parent()) {
        if node.parent().is_none() {
            break;
        }
        let span = node.member_span();
        let start = span.start as usize;
        let Some(before) = text.get(..start) else {
            continue;
        };
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let indent = before.get(line..)?.trim_start_matches('\u{feff}');
        let first = indent.bytes().all(|byte| matches!(byte, b' ' | b'-'));
        match &mut found {
            None if first => found = Some((start - indent.len(), span)),
            Some((line, outer)) if first && start - indent.len() == *line => {
                *outer = outer.cover(span);
            }
            Some(_) => break,
            None => {}
        }
    }
    found
}

fn on_line(text: &str, start: usize, words: &str) -> (Span, String) {
    let rest = text.get(start..).unwrap_or("");
    let indent: String = rest.chars().take_while(|c| *c == ' ').collect();
    let line = rest.split_inclusive('\n').next().unwrap_or("");
    let end = if line.ends_with("\r\n") { "\r\n" } else { "\n" };
    (Span::at(start), format!("{indent}# {words}{end}"))
}

/// Adds a comment to the description of a panel.
fn in_description(panel: NodeRef<'_>, words: &str) -> Option<Edits> {
    let comment = format!("<!-- {words} -->");
    let Some(description) = panel.get("description") else {
        let json = serde_json::Value::from(comment).to_string();
        let edits = insert_member(panel, Place::Last, "description", &json)?;
        let tree = panel.tree();
        return edits
            .iter()
            .map(|(span, text)| tree.encode(*span, text))
            .collect();
    };
    let text = description.as_text()?;
    let end = text.value.len();
    let gap = if text.value.trim().is_empty() {
        ""
    } else {
        " "
    };
    let edit = description.encode_str(Span::at(end), &format!("{gap}{comment}"))?;
    Some(vec![edit])
}
