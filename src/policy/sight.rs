//! The document that policies look at, and what is worked out of it once for all of them.

use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::Settings;
use crate::cost::{Effort, Evaluation, evaluation, query_cost, time_range};
use crate::model::{
    Alerting, Dashboard, Document, DocumentInfo, Host, Panel, ParsedFile, Query, RuleFile,
    ThresholdStep,
};
use crate::project::{Project, Reach};
use crate::promql::facts::{Aggregation, Facts, LabelFact, Selection};
use crate::rules::Scope;
use crate::syntax::{Dialect, NodeRef};

use super::condition::Condition;
use super::eval::Answer;
use super::fields;
use super::value::{Spot, Subject};

/// Answers about what is around several things that are kept.
const MOST_ANSWERS: usize = 1 << 16;

/// What is worked out of a query at the first question.
#[derive(Default)]
struct Looked<'v> {
    selections: OnceCell<Vec<Selection<'v>>>,
    aggregations: OnceCell<Vec<Aggregation<'v>>>,
    labels: OnceCell<Vec<LabelFact<'v>>>,
}

/// What holds queries, in the order in which a document has them: its sort and its number.
type Place = (u8, usize);

/// So many queries that follow each other.
type Page<'v> = OnceCell<Box<[Looked<'v>]>>;

/// The queries of a page.
const PAGE: usize = 64;

/// What is worked out of the queries of a document, by their numbers.
#[derive(Default)]
pub(super) struct Cache<'v, 't> {
    /// In pages, each made at the first question about one of its queries.
    queries: OnceCell<Vec<Page<'v>>>,
    /// What was last asked for its queries, and which these are: all rules look at one thing before they go on to the next.
    asked: Cell<Option<(Place, (usize, usize))>>,
    /// The steps of the thresholds of each panel.
    thresholds: OnceCell<Vec<OnceCell<Vec<ThresholdStep<'t>>>>>,
    /// The time range of the dashboard, in seconds.
    time_range: OnceCell<f64>,
    /// What conditions say of what is around several things: by the condition and the number of what is around.
    around: RefCell<FxHashMap<(usize, usize), Answer<Spot<'v, 't>>>>,
    /// What aliases of the document's tree stand for.
    shared: OnceCell<FxHashSet<u32>>,
}

/// A document and all that belongs to it.
#[derive(Clone, Copy)]
pub(super) struct Sight<'v, 't> {
    pub(super) file: &'t ParsedFile,
    pub(super) info: &'v DocumentInfo,
    pub(super) document: &'v Document<'t>,
    pub(super) project: &'v Project,
    pub(super) reach: &'v Reach<'v>,
    pub(super) settings: &'v Settings,
    pub(super) cache: &'v Cache<'v, 't>,
}

impl<'v, 't> Sight<'v, 't> {
    pub(super) fn dashboard(&self) -> Option<&'v Dashboard<'t>> {
        match self.document {
            Document::Dashboard(dashboard) => Some(dashboard),
            _ => None,
        }
    }

    /// The document as trails name it.
    pub(super) fn scope(&self) -> Scope<'v, 't> {
        match self.document {
            Document::Dashboard(dashboard) => Scope::Dashboard(dashboard),
            Document::Rules(rules) => Scope::Rules(rules),
            Document::Alerting(alerting) => Scope::Alerting(alerting),
            _ => Scope::File,
        }
    }

    fn rules(&self) -> Option<&'v RuleFile<'t>> {
        match self.document {
            Document::Rules(rules) => Some(rules),
            _ => None,
        }
    }

    pub(super) fn alerting(&self) -> Option<&'v Alerting<'t>> {
        match self.document {
            Document::Alerting(alerting) => Some(alerting),
            _ => None,
        }
    }

    /// Every query of the document.
    pub(super) fn queries(&self) -> &'v [Query<'t>] {
        match self.document {
            Document::Dashboard(dashboard) => &dashboard.queries,
            Document::Rules(rules) => &rules.queries,
            Document::Alerting(alerting) => &alerting.queries,
            _ => &[],
        }
    }

    pub(super) fn query(&self, at: usize) -> Option<&'v Query<'t>> {
        self.queries().get(at)
    }

    /// The object of a rule of either engine.
    pub(super) fn rule(&self, at: usize) -> Option<NodeRef<'t>> {
        let prometheus = self
            .rules()
            .and_then(|rules| Some(rules.rules.get(at)?.node));
        prometheus.or_else(|| Some(self.alerting()?.rules.get(at)?.node))
    }

    /// The object of a group of rules of either engine.
    pub(super) fn group(&self, at: usize) -> Option<NodeRef<'t>> {
        let prometheus = self
            .rules()
            .and_then(|rules| Some(rules.groups.get(at)?.node));
        prometheus.or_else(|| Some(self.alerting()?.groups.get(at)?.node))
    }

    /// The panel that is looked at or that a query belongs to.
    pub(super) fn panel_of(&self, subject: Subject<'v, 't>) -> Option<&'v Panel<'t>> {
        let at = match subject {
            Subject::Panel(at) => at,
            Subject::Query(at) => match self.query(at)?.host {
                Host::Panel(at) => at,
                _ => return None,
            },
            _ => return None,
        };
        self.dashboard()?.panels.get(at)
    }

    /// The number of the rule that is looked at or that a query belongs to.
    pub(super) fn rule_of(&self, subject: Subject<'v, 't>) -> Option<usize> {
        match subject {
            Subject::Rule(at) => Some(at),
            Subject::Query(at) => match self.query(at)?.host {
                Host::Rule(at) | Host::AlertRule(at) => Some(at),
                _ => None,
            },
            _ => None,
        }
    }

    /// The group that is looked at or that a rule belongs to.
    pub(super) fn group_of(&self, subject: Subject<'v, 't>) -> Option<NodeRef<'t>> {
        if let Subject::Group(at) = subject {
            return self.group(at);
        }
        let at = self.rule_of(subject)?;
        let prometheus = self
            .rules()
            .and_then(|rules| Some(rules.rules.get(at)?.group));
        let group = prometheus.or_else(|| Some(self.alerting()?.rules.get(at)?.group))?;
        self.group(group)
    }

    /// The numbers of the queries that belong to what is looked at: a document has its queries in the order of what
    /// holds them.
    pub(super) fn queries_of(&self, subject: Subject<'v, 't>) -> Range<usize> {
        let wanted: Place = match subject {
            Subject::Query(at) => return at..at + 1,
            Subject::Dashboard => return 0..self.queries().len(),
            Subject::Panel(at) | Subject::Rule(at) => (0, at),
            Subject::Annotation(at) => (1, at),
            Subject::Variable(at) => (2, at),
            _ => return 0..0,
        };
        let place = |query: &Query<'t>| -> Place {
            match query.host {
                Host::Panel(at) | Host::Rule(at) | Host::AlertRule(at) => (0, at),
                Host::Annotation(at) => (1, at),
                Host::Variable(at) => (2, at),
            }
        };
        if let Some((known, range)) = self.cache.asked.get()
            && known == wanted
        {
            return range.0..range.1;
        }
        let queries = self.queries();
        let start = queries.partition_point(|query| place(query) < wanted);
        let end = queries.partition_point(|query| place(query) <= wanted);
        self.cache.asked.set(Some((wanted, (start, end))));
        start..end
    }

    /// The object with the fields of what is looked at.
    pub(super) fn node(&self, subject: Subject<'v, 't>) -> Option<NodeRef<'t>> {
        match subject {
            Subject::Dashboard => Some(self.dashboard()?.node),
            Subject::Row(at) => Some(self.dashboard()?.rows.get(at)?.node),
            Subject::Panel(at) => Some(self.dashboard()?.panels.get(at)?.node),
            Subject::Query(at) => Some(self.query(at)?.node),
            Subject::Variable(at) => Some(self.dashboard()?.variables.get(at)?.node),
            Subject::Annotation(at) => Some(self.dashboard()?.annotations.get(at)?.node),
            Subject::Rule(at) => self.rule(at),
            Subject::Group(at) => self.group(at),
            Subject::Object(_, node) => Some(node),
            Subject::Threshold(step) => Some(step.node),
            Subject::Selector(_, query)
            | Subject::Matcher(_, query)
            | Subject::Aggregation(_, query) => Some(query.text_node),
        }
    }

    /// Where what is looked at stands as a whole.
    pub(super) fn head(&self, subject: Subject<'v, 't>) -> Spot<'v, 't> {
        match subject {
            Subject::Query(at) => match self.query(at) {
                Some(query) => Spot::Node(query.text_node),
                None => Spot::None,
            },
            Subject::Selector(selection, query) => Spot::Query(query, selection.span),
            Subject::Matcher(matcher, query) => Spot::Query(query, matcher.span),
            Subject::Aggregation(aggregation, query) => Spot::Query(query, aggregation.span),
            subject => self.node(subject).map_or(Spot::None, Spot::Head),
        }
    }

    /// The value that a JSON pointer leads to, as its steps. What a panel of the second schema keeps in other objects is
    /// found where the classic schema has it.
    pub(super) fn find(&self, subject: Subject<'v, 't>, steps: &[String]) -> Option<NodeRef<'t>> {
        let (from, steps) = self.base(subject, steps)?;
        steps
            .iter()
            .try_fold(from, |node, step| match step.parse() {
                Ok(index) if node.items().next().is_some() => node.items().nth(index),
                _ => node.get(step),
            })
    }

    /// The object a pointer begins at, and what is left of it there.
    pub(super) fn base<'p>(
        &self,
        subject: Subject<'v, 't>,
        steps: &'p [String],
    ) -> Option<(NodeRef<'t>, &'p [String])> {
        if let (Subject::Panel(at), Some((first, rest))) = (subject, steps.split_first()) {
            let panel = self.dashboard()?.panels.get(at)?;
            let moved = match first.as_str() {
                "options" => panel.options(),
                "fieldConfig" => panel.field_config().map(|config| config.node),
                _ => None,
            };
            if let Some(node) = moved {
                return Some((node, rest));
            }
        }
        Some((self.node(subject)?, steps))
    }

    /// Whether a value stands in the text of what is looked at, and not where an alias, a merge or a group leads to.
    pub(super) fn is_own(&self, subject: Subject<'v, 't>, node: NodeRef<'t>) -> bool {
        let whole = match subject {
            // A resource has the uid of its dashboard beside it.
            Subject::Dashboard => self.dashboard().map(|dashboard| dashboard.root),
            subject => self.node(subject),
        };
        let mut around = std::iter::successors(Some(node), |node| node.parent());
        whole.is_some_and(|whole| around.any(|node| node == whole))
    }

    /// Whether an alias stands for a value, or for something around it: others have it, too.
    pub(super) fn is_shared(&self, node: NodeRef<'t>) -> bool {
        let tree = node.tree();
        if tree.dialect() == Dialect::Json {
            return false;
        }
        let targets = self.cache.shared.get_or_init(|| tree.alias_targets());
        let mut around = std::iter::successors(Some(node), |node| node.parent());
        !targets.is_empty() && around.any(|node| targets.contains(&node.id()))
    }

    fn looked(&self, at: usize) -> Option<&'v Looked<'v>> {
        let pages = self.cache.queries.get_or_init(|| {
            let pages = self.queries().chunks(PAGE).map(|_| OnceCell::new());
            pages.collect()
        });
        let fresh = || (0..PAGE).map(|_| Looked::default()).collect();
        pages.get(at / PAGE)?.get_or_init(fresh).get(at % PAGE)
    }

    /// The steps of the thresholds of a panel, of overrides too.
    pub(super) fn thresholds(&self, panel: usize) -> &'v [ThresholdStep<'t>] {
        let panels = self.dashboard().map_or(&[][..], |one| &one.panels);
        let steps = || {
            let thresholds = panels.get(panel).map(Panel::thresholds);
            let lists = thresholds.into_iter().flatten();
            lists.flat_map(|one| one.steps()).collect()
        };
        let fresh = || panels.iter().map(|_| OnceCell::new()).collect();
        let of_panel = self.cache.thresholds.get_or_init(fresh).get(panel);
        of_panel.map_or(&[], |known| known.get_or_init(steps))
    }

    /// What can be asked of a query in PromQL.
    pub(super) fn facts(&self, at: usize) -> Option<Facts<'v>> {
        let query = self.query(at).filter(|query| query.language.is_promql())?;
        Some(Facts::new(
            query.parsed(),
            query.flow(self.project.definitions()),
        ))
    }

    /// What is worked out of a query in PromQL at the first question.
    fn known<T>(
        &self,
        at: usize,
        part: fn(&'v Looked<'v>) -> &'v OnceCell<Vec<T>>,
        work_out: fn(Facts<'v>) -> Vec<T>,
    ) -> &'v [T] {
        let fresh = || self.facts(at).map_or_else(Vec::new, work_out);
        self.looked(at)
            .map_or(&[], |looked| part(looked).get_or_init(fresh))
    }

    pub(super) fn selections(&self, at: usize) -> &'v [Selection<'v>] {
        self.known(at, |looked| &looked.selections, |facts| facts.selections())
    }

    pub(super) fn aggregations(&self, at: usize) -> &'v [Aggregation<'v>] {
        let work_out = |facts: Facts<'v>| facts.aggregations().collect();
        self.known(at, |looked| &looked.aggregations, work_out)
    }

    /// The labels that a query names.
    pub(super) fn labels(&self, at: usize) -> &'v [LabelFact<'v>] {
        self.known(at, |looked| &looked.labels, |facts| facts.labels())
    }

    /// The number of what is around `subject` that a field in `scope` is about; nothing where that is `subject` alone.
    pub(super) fn around(&self, scope: fields::Scope, subject: Subject<'v, 't>) -> Option<usize> {
        match (scope, subject) {
            (fields::Scope::Own, _) => None,
            (fields::Scope::Document, _) => Some(0),
            (fields::Scope::Panel, Subject::Query(at)) => {
                match self.query(at).map(|query| query.host) {
                    Some(Host::Panel(panel)) => Some(panel),
                    _ => None,
                }
            }
            (fields::Scope::Panel, _) => None,
            (fields::Scope::Group, subject) => {
                self.group_of(subject).map(|group| group.id() as usize)
            }
        }
    }

    /// What `condition` says of a field of what is [around](Sight::around), worked out once for all that have it around them.
    pub(super) fn once(
        &self,
        condition: &Condition,
        around: usize,
        work_out: impl FnOnce() -> Answer<Spot<'v, 't>>,
    ) -> Answer<Spot<'v, 't>> {
        let key = (std::ptr::from_ref(condition) as usize, around);
        if let Some(known) = self.cache.around.borrow().get(&key) {
            return *known;
        }
        let answer = work_out();
        let mut known = self.cache.around.borrow_mut();
        // Things come in the order of what is around them: what is forgotten is seldom asked again.
        if known.len() >= MOST_ANSWERS {
            known.clear();
        }
        known.insert(key, answer);
        answer
    }

    /// What a query costs: of a panel along the dashboard's time range, of a rule at one moment.
    pub(super) fn effort(&self, at: usize) -> Option<Effort> {
        let query = self.query(at).filter(|query| query.language.is_promql())?;
        if !query.parsed().errors.is_empty() {
            return None;
        }
        Some(query.effort(|| {
            let panel = self.panel_of(Subject::Query(at));
            let moments = match (self.dashboard(), panel) {
                (Some(dashboard), Some(panel)) => {
                    let range = self.cache.time_range.get_or_init(|| time_range(dashboard));
                    evaluation(panel, query, *range)
                }
                _ => Evaluation::INSTANT,
            };
            query_cost(query.parsed(), &moments, &self.settings.series).effort()
        }))
    }
}
