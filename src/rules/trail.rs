//! The way to a finding, and the identity that follows from it.

use std::borrow::Cow;
use std::path::Path;

use rustc_hash::FxHashMap;

use super::context::{Context, Scope};
use crate::diagnostic::{Diagnostic, Group, Identity, TrailStep, without_repeats};
use crate::model::{Alerting, Host, Panel, Query, Row, RuleFile, RuleKind, Variable};
use crate::secret::Names;

/// How many rows and tabs around a panel are named.
const DEEPEST: usize = 8;

/// What has one finding, told at one of the places that would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whole {
    /// The dashboard, or the group.
    Document,
    /// The file: two of its groups are compared.
    File,
    /// The project: two of its files are compared.
    Project,
}

impl Whole {
    /// No name or query begins with these.
    const MARKS: [(char, Whole); 2] = [('\u{1}', Whole::File), ('\u{2}', Whole::Project)];

    /// The words that a finding is known by, until it is sealed.
    pub(super) fn marked(self, words: String) -> String {
        let mark = Whole::MARKS.iter().find(|(_, whole)| *whole == self);
        match mark {
            Some((mark, _)) => format!("{mark}{words}"),
            None => words,
        }
    }

    fn of(marked: &str) -> (Whole, &str) {
        let mut marks = Whole::MARKS.iter();
        marks
            .find_map(|(mark, whole)| Some((*whole, marked.strip_prefix(*mark)?)))
            .unwrap_or((Whole::Document, marked))
    }
}

impl Context<'_, '_> {
    /// The steps down to a panel.
    pub(crate) fn panel_steps(panel: &Panel<'_>) -> Vec<TrailStep> {
        let mut steps = panel.row.map(Self::row_steps).unwrap_or_default();
        steps.push(TrailStep {
            kind: Cow::Borrowed("panel"),
            name: clipped(&panel.title().unwrap_or_else(|| panel.kind())),
            uid: None,
            id: panel.id(),
        });
        steps
    }

    /// The step down to an annotation query.
    pub(crate) fn annotation_step(name: &str) -> TrailStep {
        step("annotation", name.to_owned())
    }

    /// The steps down to a row or tab: the titles of those around it, and its own. A row without a title is not seen.
    pub(crate) fn row_steps(row: Row<'_>) -> Vec<TrailStep> {
        let around = std::iter::successors(Some(row), Row::outer);
        let mut steps: Vec<TrailStep> = around
            .filter_map(|row| {
                let title = row.title().filter(|title| !title.is_empty())?;
                Some(step(row.kind.name(), title.into_owned()))
            })
            .take(DEEPEST)
            .collect();
        steps.reverse();
        steps
    }

    /// The steps down to a variable.
    pub(crate) fn variable_steps(variable: &Variable<'_>) -> Vec<TrailStep> {
        vec![step("variable", variable.name().into_owned())]
    }

    /// The steps down to a query.
    pub(crate) fn query_steps(scope: Scope<'_, '_>, query: &Query<'_>) -> Vec<TrailStep> {
        let mut steps = match (scope, query.host) {
            (Scope::Dashboard(dashboard), Host::Panel(index)) => dashboard
                .panels
                .get(index)
                .map(Self::panel_steps)
                .unwrap_or_default(),
            (Scope::Dashboard(dashboard), Host::Annotation(index)) => dashboard
                .annotations
                .get(index)
                .map(|annotation| {
                    vec![Self::annotation_step(
                        &annotation.name().unwrap_or_default(),
                    )]
                })
                .unwrap_or_default(),
            (Scope::Dashboard(dashboard), Host::Variable(index)) => dashboard
                .variables
                .get(index)
                .map(Self::variable_steps)
                .unwrap_or_default(),
            (Scope::Rules(rules), Host::Rule(index)) => Self::rule_steps(rules, index),
            (Scope::Alerting(alerting), Host::AlertRule(index)) => {
                Self::alert_steps(alerting, index)
            }
            _ => Vec::new(),
        };
        if !query.ref_id.is_empty() && !matches!(query.host, Host::Variable(_)) {
            steps.push(step("query", query.ref_id.clone()));
        }
        steps
    }

    /// The steps down to a Prometheus rule.
    pub(crate) fn rule_steps(rules: &RuleFile<'_>, index: usize) -> Vec<TrailStep> {
        let Some(rule) = rules.rules.get(index) else {
            return Vec::new();
        };
        let group = rules.groups.get(rule.group).and_then(|group| group.name());
        let kind = match rule.kind {
            RuleKind::Record => "recording rule",
            _ => "alert",
        };
        vec![
            step("group", group.unwrap_or_default().into_owned()),
            step(kind, rule.name().unwrap_or_default().into_owned()),
        ]
    }

    /// The steps down to a Grafana alert rule.
    pub(crate) fn alert_steps(alerting: &Alerting<'_>, index: usize) -> Vec<TrailStep> {
        let Some(rule) = alerting.rules.get(index) else {
            return Vec::new();
        };
        let group = alerting
            .groups
            .get(rule.group)
            .and_then(|group| group.name());
        vec![
            step("group", group.unwrap_or_default().into_owned()),
            step("alert", rule.title().unwrap_or_default().into_owned()),
        ]
    }

    /// Of findings from `first` on, what is told twice is told once; and each gets its fingerprint, where anybody reads it:
    /// `seen` counts equal ones of the file.
    pub(crate) fn seal(&mut self, first: usize, seen: Option<&mut FxHashMap<String, usize>>) {
        without_repeats(&mut self.findings, first);
        let findings = &mut self.findings[first..];
        let Some(seen) = seen else {
            findings
                .iter_mut()
                .for_each(|finding| finding.fingerprint.clear());
            return;
        };
        let text: &str = &self.file.source.text;
        let mut names = Names::default();
        for finding in findings {
            let own = std::mem::take(&mut finding.fingerprint);
            let words = words(finding, text, &mut names).filter(|_| own.is_empty());
            let identity = |panels: Panels| {
                let mut identity = identity(finding, &self.file.source.path, &own, panels);
                if let Some(snippet) = &words {
                    // A panel that is called otherwise is the same panel.
                    let name = finding.trail.last().map_or("", |step| &step.name);
                    identity.words(snippet, name);
                }
                identity
            };
            let numbered = |step: &TrailStep| step.kind == "panel" && step.id.is_some();
            let in_panel = own.is_empty() && finding.trail.iter().any(numbered);
            let by_title = in_panel.then(|| identity(Panels::ByTitle).whole());
            let fingerprint = identity(Panels::ById).fingerprint(seen);
            finding.by_title = by_title;
            finding.fingerprint = fingerprint;
        }
    }
}

/// What panels are known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Panels {
    /// Their ids, which stay where somebody else moves or retitles them.
    ById,
    /// Their titles, which stay where a program numbers them anew.
    ByTitle,
}

/// What a finding is known by, but for its words. `own`: what the rule says it is known by, wherever in the document, the file or
/// the project it stands.
fn identity(finding: &Diagnostic, file: &str, own: &str, panels: Panels) -> Identity {
    let mut identity = Identity::default();
    identity.what.push(finding.rule.to_string());
    let (whole, own) = Whole::of(own);
    if !own.is_empty() {
        identity.what.push(own.to_owned());
    }
    if whole == Whole::Project {
        return identity;
    }
    let last = finding.trail.len().saturating_sub(1);
    let mut named = false;
    for (at, step) in finding.trail.iter().enumerate() {
        let name: Cow<'_, str> = match (&step.uid, step.id) {
            (Some(uid), _) => uid.into(),
            (None, Some(id)) if panels == Panels::ById => id.to_string().into(),
            (None, _) => (&step.name).into(),
        };
        let part = [&*step.kind, "=", &name].concat();
        match &*step.kind {
            "dashboard" | "group" if whole == Whole::File => continue,
            "dashboard" | "group" => identity.whose.push(part),
            // A panel is the same in another row.
            "row" | "tab" if at < last => continue,
            _ if !own.is_empty() => continue,
            _ => identity.what.push(part),
        }
        named |= !name.is_empty();
    }
    if !named || identity.whose.is_empty() {
        let name = Path::new(file).file_name();
        let name = name.map(|name| name.to_string_lossy().into_owned());
        identity.whose.extend(name);
    }
    identity
}

/// The words a finding is about; none where they may be a secret. Of a query those without what stands in brackets: who mends a
/// matcher or a range in an expression has the same expression.
fn words<'f>(finding: &'f Diagnostic, text: &'f str, names: &mut Names) -> Option<Cow<'f, str>> {
    let location = &finding.location;
    // What carries a text is called as somebody likes: what stands in the text says more.
    let pointer = location.inner.as_deref().unwrap_or(&location.pointer);
    if finding.group == Group::Security || names.is_secret_pointer(pointer) {
        return None;
    }
    match &location.snippet {
        Some(snippet) => snippet.text.get(snippet.span.range()).map(outside_brackets),
        None => text.get(location.span().range()).map(Cow::Borrowed),
    }
}

/// A part of a query without its matchers and ranges; whole where it begins with them.
fn outside_brackets(part: &str) -> Cow<'_, str> {
    if part.starts_with(['{', '[']) || !part.contains(['{', '[']) {
        return Cow::Borrowed(part);
    }
    let mut kept = String::with_capacity(part.len());
    // What ends the bracket and the string that are open.
    let (mut bracket, mut quote) = (None, None);
    let (mut before, mut escaped) = (' ', false);
    for c in part.chars() {
        let outside = bracket.is_none();
        match (quote, c) {
            (Some(end), _) => {
                if c == end && !escaped {
                    quote = None;
                }
                escaped = c == '\\' && end != '`' && !escaped;
            }
            (None, '"' | '\'' | '`') => quote = Some(c),
            // A template variable is a name: `${job}`.
            (None, '{') if outside && before != '$' => bracket = Some('}'),
            (None, '[') if outside => bracket = Some(']'),
            (None, _) if bracket == Some(c) => {
                bracket = None;
                continue;
            }
            (None, _) => {}
        }
        if outside && bracket.is_none() {
            kept.push(c);
        }
        before = c;
    }
    Cow::Owned(kept)
}

/// A name in a trail: no title is read to its end there, and each finding holds a copy.
pub(super) fn clipped(name: &str) -> String {
    const MOST: usize = 200;
    if name.len() <= MOST {
        return name.to_owned();
    }
    match name.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// A step of a trail.
pub(crate) fn step(kind: &'static str, name: String) -> TrailStep {
    TrailStep {
        kind: Cow::Borrowed(kind),
        name: clipped(&name),
        uid: None,
        id: None,
    }
}

#[cfg(test)]
mod tests {
    use super::outside_brackets;

    #[test]
    fn brackets_go_with_what_is_in_them() {
        for (part, kept) in [
            ("topk(5, up{job=\"a\"})", "topk(5, up)"),
            ("rate(x{a=~\"}\\\"]\", b='{'}[5m:])", "rate(x)"),
            ("up{job=\"$job\"} offset 5m", "up offset 5m"),
            ("x${job}_total{a=\"${b}\"}", "x${job}_total"),
            ("rate(x[${range}])", "rate(x)"),
            ("{job=\"a\"}", "{job=\"a\"}"),
            ("[5m]", "[5m]"),
            ("a{", "a"),
            ("job=\"a\"", "job=\"a\""),
            (
                "f(x{a='1'}, \"b{\\\"[\", `\\`, y[5m])",
                "f(x, \"b{\\\"[\", `\\`, y)",
            ),
        ] {
            assert_eq!(outside_brackets(part), kept);
        }
    }
}
