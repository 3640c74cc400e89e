//! What a check is given besides the thing it looks at, and how it reports.

use std::borrow::Cow;
use std::path::Path;

use super::{OptionValue, Rule};
use crate::config::Settings;
use crate::diagnostic::{
    Diagnostic, Edit, Fix, Location, Range, Related, Safety, Severity, Snippet, TrailStep,
    fingerprint,
};
use crate::model::{
    Alerting, Dashboard, DocumentInfo, Host, Panel, ParsedFile, Query, RuleFile, RuleKind, Variable,
};
use crate::project::Project;
use crate::span::Span;
use crate::syntax::{NodeRef, Tree};

/// Bytes of a tree that a finding is about.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p, 't> {
    tree: &'t Tree,
    node: Option<NodeRef<'t>>,
    span: Span,
    snippet: Option<(&'p Query<'t>, Span)>,
}

impl<'p, 't> Place<'p, 't> {
    /// The value's bytes.
    pub(crate) fn value(node: NodeRef<'t>) -> Self {
        Place::bytes(node, node.span())
    }

    /// Some bytes of a tree's text: the innermost value around them gives the pointer.
    pub(crate) fn in_tree(tree: &'t Tree, span: Span) -> Self {
        Place {
            tree,
            node: tree.innermost(span.start as usize),
            span,
            snippet: None,
        }
    }

    /// The start of an object or array: a finding on the whole of it, without underlining pages.
    pub(crate) fn head(node: NodeRef<'t>) -> Self {
        let named = ["title", "name", "alert", "record", "id", "refId"]
            .iter()
            .find_map(|key| node.get(key));
        match named {
            Some(named) => Place::value(named),
            None => Place {
                span: Span::new(node.span().start as usize, node.span().start as usize + 1),
                ..Place::value(node)
            },
        }
    }

    /// Some bytes of the tree's text, at `node`.
    pub(crate) fn bytes(node: NodeRef<'t>, span: Span) -> Self {
        Place {
            tree: node.tree(),
            node: Some(node),
            span,
            snippet: None,
        }
    }

    /// A part of a query, given in bytes of its decoded text.
    pub(crate) fn query(query: &'p Query<'t>, span: Span) -> Self {
        Place {
            snippet: Some((query, span)),
            ..Place::bytes(query.text_node, query.source(span))
        }
    }

    /// A part of a string, given in bytes of its decoded text.
    pub(crate) fn text(node: NodeRef<'t>, span: Span) -> Self {
        let span = node.as_text().map_or(node.span(), |text| text.source(span));
        Place::bytes(node, span)
    }
}

impl<'t> From<NodeRef<'t>> for Place<'_, 't> {
    fn from(node: NodeRef<'t>) -> Self {
        Place::value(node)
    }
}

/// The document a check runs on.
#[derive(Clone, Copy)]
pub(crate) enum Scope<'s, 't> {
    /// Only the file.
    File,
    /// A dashboard.
    Dashboard(&'s Dashboard<'t>),
    /// Prometheus rules.
    Rules(&'s RuleFile<'t>),
    /// Grafana alerting.
    Alerting(&'s Alerting<'t>),
}

/// The thing a check looks at: what the trail below the document is made from, once there is a finding.
#[derive(Clone, Copy)]
pub(crate) enum Focus<'s, 't> {
    /// The document itself.
    None,
    /// A panel.
    Panel(&'s Panel<'t>),
    /// A variable.
    Variable(&'s Variable<'t>),
    /// A query.
    Query(&'s Query<'t>),
    /// The Prometheus rule of this number.
    Rule(usize),
    /// The Grafana alert rule of this number.
    Alert(usize),
}

/// What a check is given.
pub(crate) struct Context<'s, 't> {
    /// The file.
    pub(crate) file: &'t ParsedFile,
    /// The document's kind and number.
    pub(crate) document: Option<&'s DocumentInfo>,
    /// What the whole project knows.
    pub(crate) project: &'s Project,
    /// Configuration: severities, options, target versions.
    pub(crate) settings: &'s Settings,
    pub(crate) scope: Scope<'s, 't>,
    pub(crate) rule: &'static Rule,
    /// What is being looked at.
    pub(crate) focus: Focus<'s, 't>,
    pub(crate) findings: Vec<Diagnostic>,
}

impl<'s, 't> Context<'s, 't> {
    /// The dashboard, when there is one.
    pub(crate) fn dashboard(&self) -> Option<&'s Dashboard<'t>> {
        match self.scope {
            Scope::Dashboard(dashboard) => Some(dashboard),
            _ => None,
        }
    }

    /// The panel that holds `query`.
    pub(crate) fn panel_of(&self, query: &Query<'t>) -> Option<&'s Panel<'t>> {
        self.dashboard()?.panel_of(query)
    }

    /// The value of the running rule's option.
    pub(crate) fn option(&self, name: &str) -> OptionValue {
        self.settings.option(self.rule, name)
    }

    /// Reports a finding of the running rule.
    pub(crate) fn report<'p>(
        &mut self,
        place: impl Into<Place<'p, 't>>,
        message: impl Into<String>,
    ) -> Finding<'_, 't>
    where
        't: 'p,
    {
        self.report_as(self.rule, place, message)
    }

    /// Reports a finding of another rule, which the running check owns too.
    pub(crate) fn report_as<'p>(
        &mut self,
        rule: &'static Rule,
        place: impl Into<Place<'p, 't>>,
        message: impl Into<String>,
    ) -> Finding<'_, 't>
    where
        't: 'p,
    {
        let place = place.into();
        let severity = self.settings.level(rule, &self.file.source.path);
        let mut trail = self.document_steps();
        trail.extend(self.focus_steps());
        let diagnostic = Diagnostic {
            rule: Cow::Borrowed(rule.id),
            group: rule.group,
            severity: severity.unwrap_or(rule.severity),
            message: message.into(),
            label: None,
            help: None,
            location: location(self.file, place),
            trail,
            related: Vec::new(),
            fix: None,
            suppressed: None,
            fingerprint: String::new(),
        };
        self.findings.push(diagnostic);
        let at = self.findings.len() - 1;
        Finding {
            file: self.file,
            findings: &mut self.findings,
            at,
            dropped: severity.is_none(),
            marker: std::marker::PhantomData,
        }
    }

    fn focus_steps(&self) -> Vec<TrailStep> {
        match (self.focus, self.scope) {
            (Focus::Panel(panel), _) => Self::panel_steps(panel),
            (Focus::Variable(variable), _) => Self::variable_steps(variable),
            (Focus::Query(query), scope) => Self::query_steps(scope, query),
            (Focus::Rule(index), Scope::Rules(rules)) => Self::rule_steps(rules, index),
            (Focus::Alert(index), Scope::Alerting(alerting)) => Self::alert_steps(alerting, index),
            _ => Vec::new(),
        }
    }

    fn document_steps(&self) -> Vec<TrailStep> {
        match self.scope {
            Scope::Dashboard(dashboard) => vec![TrailStep {
                kind: Cow::Borrowed("dashboard"),
                name: dashboard.title().unwrap_or_default().into_owned(),
                uid: dashboard.uid().map(Cow::into_owned),
                id: None,
            }],
            _ => Vec::new(),
        }
    }

    /// The steps down to a panel.
    pub(crate) fn panel_steps(panel: &Panel<'_>) -> Vec<TrailStep> {
        let mut steps = Vec::new();
        if let Some(title) = panel.row.and_then(|row| row.title()) {
            steps.push(step("row", title.into_owned()));
        }
        steps.push(TrailStep {
            kind: Cow::Borrowed("panel"),
            name: panel.title().unwrap_or_else(|| panel.kind()).into_owned(),
            uid: None,
            id: panel.id(),
        });
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
                    vec![step(
                        "annotation",
                        annotation.name().unwrap_or_default().into_owned(),
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

    /// Gives every finding from `first` on its fingerprint.
    pub(crate) fn seal(&mut self, first: usize) {
        let kind = self
            .document
            .map_or("file", |document| document.kind.name());
        let fallback = Path::new(self.file.source.path.as_ref())
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let text: &str = &self.file.source.text;
        let mut seen: rustc_hash::FxHashMap<String, usize> = rustc_hash::FxHashMap::default();
        for finding in &mut self.findings[first..] {
            let mut parts = vec![finding.rule.to_string(), kind.to_owned()];
            let mut named = false;
            for step in &finding.trail {
                let identity = match (&step.uid, step.id) {
                    (Some(uid), _) => uid.clone(),
                    (None, Some(id)) => id.to_string(),
                    (None, None) => step.name.clone(),
                };
                named |= !identity.is_empty();
                parts.push(format!("{}={identity}", step.kind));
            }
            if !named {
                parts.push(fallback.clone());
            }
            if finding.group != crate::diagnostic::Group::Security {
                let snippet = text.get(finding.location.span().range()).unwrap_or("");
                let words: Vec<&str> = snippet.split_whitespace().take(64).collect();
                parts.push(words.join(" "));
            }
            let base = fingerprint(parts.iter().map(String::as_str));
            let count = seen.entry(base.clone()).or_insert(0);
            *count += 1;
            finding.fingerprint = match *count {
                1 => base,
                nth => fingerprint([base.as_str(), &nth.to_string()]),
            };
        }
    }
}

/// A step of a trail.
pub(crate) fn step(kind: &'static str, name: String) -> TrailStep {
    TrailStep {
        kind: Cow::Borrowed(kind),
        name,
        uid: None,
        id: None,
    }
}

/// The place in the file.
fn location(file: &ParsedFile, place: Place<'_, '_>) -> Location {
    let span = place.tree.file_span(place.span);
    let pointer = place.node.map(NodeRef::pointer).unwrap_or_default();
    let (document, pointer, inner) = match place.tree.carrier() {
        Some(carrier) => (carrier.document, carrier.pointer.clone(), Some(pointer)),
        None => (place.node.map_or(0, NodeRef::document), pointer, None),
    };
    Location {
        file: file.source.path.clone(),
        range: Range {
            start: file.source.position(span.start),
            end: file.source.position(span.end),
        },
        document,
        pointer,
        inner,
        snippet: place.snippet.map(|(query, span)| Snippet {
            text: query.shared_text(),
            span,
        }),
    }
}

/// A finding being written.
pub(crate) struct Finding<'f, 't> {
    file: &'t ParsedFile,
    findings: &'f mut Vec<Diagnostic>,
    at: usize,
    dropped: bool,
    marker: std::marker::PhantomData<&'t ()>,
}

impl<'t> Finding<'_, 't> {
    fn diagnostic(&mut self) -> &mut Diagnostic {
        &mut self.findings[self.at]
    }

    /// The word at the place itself.
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.diagnostic().label = Some(label.into());
        self
    }

    /// What to do.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.diagnostic().help = Some(help.into());
        self
    }

    /// Lowers the severity; never raises it.
    pub(crate) fn lower(mut self, to: Severity) -> Self {
        let severity = self.diagnostic().severity;
        self.diagnostic().severity = severity.min(to);
        self
    }

    /// A second place.
    pub(crate) fn related<'p>(
        mut self,
        place: impl Into<Place<'p, 't>>,
        message: impl Into<String>,
    ) -> Self
    where
        't: 'p,
    {
        let location = location(self.file, place.into());
        self.diagnostic().related.push(Related {
            location,
            message: message.into(),
        });
        self
    }

    /// The way to the finding below the document, where the running check looks at more than one thing.
    pub(crate) fn at(mut self, steps: Vec<TrailStep>) -> Self {
        let diagnostic = self.diagnostic();
        diagnostic.trail.truncate(usize::from(
            diagnostic
                .trail
                .first()
                .is_some_and(|step| step.kind == "dashboard"),
        ));
        diagnostic.trail.extend(steps);
        self
    }

    /// A repair: replacements of bytes of the text that `node` stands in, encoded for whatever carries it.
    pub(crate) fn fix_in(
        self,
        node: NodeRef<'t>,
        title: impl Into<String>,
        safety: Safety,
        edits: Option<Vec<(Span, String)>>,
    ) -> Self {
        let encoded = edits.and_then(|edits| {
            edits
                .iter()
                .map(|(span, replacement)| node.tree().encode(*span, replacement))
                .collect()
        });
        self.fix(title, safety, encoded)
    }

    /// A repair: replacements of bytes of the file. `None` (an edit that cannot be written in this carrier) leaves
    /// the finding without one.
    pub(crate) fn fix(
        mut self,
        title: impl Into<String>,
        safety: Safety,
        edits: Option<Vec<(Span, String)>>,
    ) -> Self {
        let file = self.file.source.path.clone();
        if let Some(edits) = edits.filter(|edits| !edits.is_empty()) {
            self.diagnostic().fix = Some(Fix {
                title: title.into(),
                safety,
                edits: edits
                    .into_iter()
                    .map(|(span, replacement)| Edit {
                        file: file.clone(),
                        span,
                        replacement,
                    })
                    .collect(),
            });
        }
        self
    }
}

impl Drop for Finding<'_, '_> {
    fn drop(&mut self) {
        if self.dropped {
            self.findings.remove(self.at);
        }
    }
}
