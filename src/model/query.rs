//! Queries: of panels, annotations, variables, rules and alerts.

use std::cell::OnceCell;
use std::sync::Arc;

use super::TypeEvidence;
use crate::cost::Effort;
use crate::promql::flow::{Definitions, Flow};
use crate::promql::{self, Parsed};
use crate::span::Span;
use crate::syntax::{NodeRef, Text};

/// The language a query is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// PromQL: its data source is Prometheus or speaks its language.
    PromQl,
    /// Nothing says what its data source is, but it has the shape of PromQL.
    ProbablyPromQl,
    /// MetricsQL, the language of VictoriaMetrics.
    MetricsQl,
    /// Loki's.
    LogQl,
    /// A Prometheus variable query: `label_values(…)` and its kin.
    PromVariable,
    /// A server-side expression.
    Expression,
    /// Anything else: left alone.
    Other,
}

impl Language {
    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Language::PromQl => "PromQL",
            Language::ProbablyPromQl => "PromQL (by its shape)",
            Language::MetricsQl => "MetricsQL",
            Language::LogQl => "LogQL",
            Language::PromVariable => "Prometheus variable",
            Language::Expression => "expression",
            Language::Other => "other",
        }
    }

    /// Whether the PromQL front end reads it.
    pub fn is_promql(self) -> bool {
        matches!(self, Language::PromQl | Language::ProbablyPromQl)
    }
}

/// Whether a data source plugin takes PromQL, by its id.
///
/// `prometheus` and Grafana's own siblings of it (Amazon and Azure managed Prometheus), which share its code.
pub fn is_promql_type(plugin: &str) -> bool {
    matches!(
        plugin,
        "prometheus" | "grafana-amazonprometheus-datasource" | "grafana-azureprometheus-datasource"
    )
}

/// What holds a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Host {
    /// The panel of this number in the dashboard.
    Panel(usize),
    /// The annotation of this number.
    Annotation(usize),
    /// The variable of this number.
    Variable(usize),
    /// The recording or alerting rule of this number in the file's Prometheus rules.
    Rule(usize),
    /// The rule of this number in the file's Grafana alerting.
    AlertRule(usize),
}

/// A query: the object that holds it and the string it is written in.
#[derive(Debug)]
pub struct Query<'t> {
    /// The target, annotation, variable or rule: its other fields stand here.
    pub node: NodeRef<'t>,
    /// The string (or scalar) itself.
    pub text_node: NodeRef<'t>,
    /// What holds it.
    pub host: Host,
    /// Its language.
    pub language: Language,
    /// The name results and expressions know it by (refId); empty where there is none.
    pub ref_id: String,
    /// It is switched off in the panel (Grafana runs it all the same where an expression uses it).
    pub hidden: bool,
    text: Text<'t>,
    // Boxed, since most questions are asked of queries that nobody parses.
    parsed: OnceCell<Box<Parsed>>,
    in_variable: OnceCell<Option<Box<Parsed>>>,
    flow: OnceCell<Box<Flow>>,
    effort: OnceCell<Effort>,
    shared: OnceCell<Arc<str>>,
}

impl<'t> Query<'t> {
    /// A query from its parts; `None` where `text_node` is no scalar with a text.
    pub fn new(
        node: NodeRef<'t>,
        text_node: NodeRef<'t>,
        host: Host,
        language: Language,
    ) -> Option<Self> {
        let text = text_node.as_text()?;
        let hidden = ["hide", "hidden"]
            .iter()
            .any(|key| node.get(key).and_then(NodeRef::as_bool) == Some(true));
        Some(Query {
            node,
            text_node,
            host,
            language,
            ref_id: super::string(node, "refId")
                .unwrap_or_default()
                .into_owned(),
            hidden,
            text,
            parsed: OnceCell::new(),
            in_variable: OnceCell::new(),
            flow: OnceCell::new(),
            effort: OnceCell::new(),
            shared: OnceCell::new(),
        })
    }

    /// The query, decoded.
    pub fn text(&self) -> &str {
        &self.text.value
    }

    /// The query, decoded, to be kept by findings.
    pub fn shared_text(&self) -> Arc<str> {
        self.shared.get_or_init(|| Arc::from(self.text())).clone()
    }

    /// The PromQL in it, with spans of its text: the query itself, or the selector or expression in the query of a variable.
    pub fn expression(&self) -> Option<&Parsed> {
        if self.language.is_promql() {
            return Some(self.parsed());
        }
        if self.language != Language::PromVariable {
            return None;
        }
        let read = || promql::variable_query(self.text()).expr.map(Box::new);
        self.in_variable.get_or_init(read).as_deref()
    }

    /// The PromQL tree; parsed at the first call.
    pub fn parsed(&self) -> &Parsed {
        self.parsed
            .get_or_init(|| Box::new(promql::parse(&self.text.value)))
    }

    /// The labels of everything in the query; worked out at the first call, with what the project's recording rules
    /// say. A file belongs to one project, so whoever asks asks with the same definitions.
    pub fn flow(&self, definitions: &dyn Definitions) -> &Flow {
        self.flow
            .get_or_init(|| Box::new(Flow::with(self.parsed(), definitions)))
    }

    /// What it costs where it stands; worked out by whoever asks first, with the numbers of series that the file's settings give.
    pub(crate) fn effort(&self, work_out: impl FnOnce() -> Effort) -> Effort {
        *self.effort.get_or_init(work_out)
    }

    /// Where bytes of the decoded query stand in the tree's text.
    pub fn source(&self, span: Span) -> Span {
        self.text.source(span)
    }

    /// It is evaluated once, at the end of the time range (`instant`, or a table that asks for it), not along it.
    pub fn is_instant(&self) -> bool {
        let flag = |key: &str| self.node.get(key).and_then(NodeRef::as_bool);
        flag("instant") == Some(true) && flag("range") != Some(true)
    }
}

/// The language of a query text whose data source is of type `evidence`.
pub(crate) fn language(evidence: &TypeEvidence, text: &str) -> Language {
    match evidence {
        TypeEvidence::Said(plugin) | TypeEvidence::Provisioned(plugin) => match plugin.as_str() {
            plugin if is_promql_type(plugin) => Language::PromQl,
            "victoriametrics-datasource" | "victoriametrics-metrics-datasource" => {
                Language::MetricsQl
            }
            "loki" => Language::LogQl,
            "__expr__" => Language::Expression,
            _ => Language::Other,
        },
        TypeEvidence::Unknown if promql::logql::looks_like(text) => Language::LogQl,
        TypeEvidence::Unknown => Language::ProbablyPromQl,
        TypeEvidence::None => Language::Other,
    }
}
