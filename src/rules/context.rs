//! What a check is given besides the thing it looks at, and how it reports.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::place::{Place, location};
use super::trail::Whole;
use super::{OptionValue, Rule};
use crate::config::Settings;
use crate::diagnostic::{
    Cause, Diagnostic, Edit, Fix, Group, Location, Quotes, Related, Safety, Severity, TrailStep,
};
use crate::model::{
    Alerting, Dashboard, DocumentInfo, Panel, ParsedFile, Query, RuleFile, Variable,
};
use crate::project::{Project, Reach};
use crate::span::Span;
use crate::syntax::NodeRef;

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
    /// How far the document's references reach.
    pub(crate) reach: &'s Reach<'s>,
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

    /// Every query of the document.
    pub(crate) fn queries(&self) -> &'s [Query<'t>] {
        match self.scope {
            Scope::Dashboard(dashboard) => &dashboard.queries,
            Scope::Rules(rules) => &rules.queries,
            Scope::Alerting(alerting) => &alerting.queries,
            Scope::File => &[],
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
        let severity = self.settings.level(rule, &self.file.source.path);
        self.report_named(Cow::Borrowed(rule.id), rule.group, severity, place, message)
    }

    /// Reports a finding of any rule, native or not, that is given its severity here; without one it is dropped.
    pub(crate) fn report_named<'p>(
        &mut self,
        id: Cow<'static, str>,
        group: Group,
        severity: Option<Severity>,
        place: impl Into<Place<'p, 't>>,
        message: impl Into<String>,
    ) -> Finding<'_, 't>
    where
        't: 'p,
    {
        let place = place.into();
        // The document, a row and a panel or a group and a rule, a query: few findings have more.
        let mut trail = Vec::with_capacity(3);
        trail.extend(self.document_step());
        trail.extend(self.focus_steps());
        let diagnostic = Diagnostic {
            rule: id,
            group,
            severity: severity.unwrap_or(Severity::Info),
            message: message.into(),
            label: None,
            help: None,
            quotes: self.quotes(group),
            location: location(self.file, place),
            trail,
            related: Vec::new(),
            fix: None,
            cause: None,
            measure: None,
            suppressed: None,
            fingerprint: String::new(),
            by_title: None,
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

    /// Dashboards and rules hold no secrets, as a rule: their findings name what is in them. In other files these stand beside
    /// whatever a finding says, also of a text that cannot be read.
    fn quotes(&self, group: Group) -> Quotes {
        match (self.scope, group) {
            (_, Group::Security | Group::Provisioning) => Quotes::Anything,
            (Scope::Dashboard(_) | Scope::Rules(_), _) => Quotes::Names,
            (Scope::File | Scope::Alerting(_), _) => Quotes::Anything,
        }
    }

    fn document_step(&self) -> Option<TrailStep> {
        match self.scope {
            Scope::Dashboard(dashboard) => Some(TrailStep {
                kind: Cow::Borrowed("dashboard"),
                name: super::trail::clipped(&dashboard.title().unwrap_or_default()),
                uid: dashboard.uid().map(Cow::into_owned),
                id: None,
            }),
            _ => None,
        }
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

    /// Its words may be any value of the file.
    pub(crate) fn quotes_anything(mut self) -> Self {
        self.diagnostic().quotes = Quotes::Anything;
        self
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

    /// A second place, in any file of the project.
    pub(crate) fn related_at(mut self, location: Location, message: impl Into<String>) -> Self {
        self.diagnostic().related.push(Related {
            location,
            message: message.into(),
        });
        self
    }

    /// What the finding is known by when files are written anew, where its place is but one of several that would do: these
    /// words, and not where it stands in its document.
    pub(crate) fn known_by(self, words: impl Into<String>) -> Self {
        self.known_in(Whole::Document, words)
    }

    /// The same, where places of more than the document would do: these words, wherever in the file or the project it stands.
    pub(crate) fn known_in(mut self, whole: Whole, words: impl Into<String>) -> Self {
        self.diagnostic().fingerprint = whole.marked(words.into());
        self
    }

    /// Says how much something is of which there is too much.
    pub(crate) fn measured(mut self, value: f64) -> Self {
        self.diagnostic().measure = Some((value * 1000.0) as u64);
        self
    }

    /// Makes it one of many places with the same fault: what the rule says in the same words in one document is one finding to
    /// the reader, and the others of its places say `also`.
    pub(crate) fn together(self, also: impl Into<Cow<'static, str>>) -> Self {
        let diagnostic = &self.findings[self.at];
        let words = diagnostic.message.clone();
        self.together_by(&words, also)
    }

    /// The same, where not the words but `key` says which places belong together.
    pub(crate) fn together_by(
        mut self,
        key: &(impl Hash + ?Sized),
        also: impl Into<Cow<'static, str>>,
    ) -> Self {
        let mut hasher = FxHasher::default();
        key.hash(&mut hasher);
        let also = also.into();
        self.diagnostic().cause = Some(Cause {
            key: hasher.finish(),
            also,
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
