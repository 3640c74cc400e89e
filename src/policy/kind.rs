//! What policies look at.

/// What a rule is about (`on:`), or what an item of one of its lists is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The names are the documentation.
pub enum Kind {
    Dashboard,
    Row,
    Panel,
    Query,
    Variable,
    Annotation,
    Alert,
    RecordingRule,
    Group,
    DataSource,
    Provider,
    ContactPoint,
    Policy,
    /// An item of a list: a link of a dashboard or a panel.
    Link,
    /// A step of a panel's thresholds.
    Threshold,
    /// A selector of a query.
    Selector,
    /// A matcher of a selector.
    Matcher,
    /// An aggregation of a query.
    Aggregation,
    /// An entry of a contact point.
    Receiver,
    /// Any value of the document.
    Value,
}

impl Kind {
    /// What `on:` may choose, in the order documentation lists it.
    pub const CHOSEN: [Kind; 13] = [
        Kind::Dashboard,
        Kind::Row,
        Kind::Panel,
        Kind::Query,
        Kind::Variable,
        Kind::Annotation,
        Kind::Alert,
        Kind::RecordingRule,
        Kind::Group,
        Kind::DataSource,
        Kind::Provider,
        Kind::ContactPoint,
        Kind::Policy,
    ];

    /// What only items of lists are.
    pub const ITEMS: [Kind; 7] = [
        Kind::Link,
        Kind::Threshold,
        Kind::Selector,
        Kind::Matcher,
        Kind::Aggregation,
        Kind::Receiver,
        Kind::Value,
    ];

    /// The word users write and read.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Dashboard => "dashboard",
            Kind::Row => "row",
            Kind::Panel => "panel",
            Kind::Query => "query",
            Kind::Variable => "variable",
            Kind::Annotation => "annotation",
            Kind::Alert => "alert",
            Kind::RecordingRule => "recording-rule",
            Kind::Group => "group",
            Kind::DataSource => "data-source",
            Kind::Provider => "provider",
            Kind::ContactPoint => "contact-point",
            Kind::Policy => "policy",
            Kind::Link => "link",
            Kind::Threshold => "threshold",
            Kind::Selector => "selector",
            Kind::Matcher => "matcher",
            Kind::Aggregation => "aggregation",
            Kind::Receiver => "receiver",
            Kind::Value => "value",
        }
    }

    /// What it is, in one line of documentation.
    pub fn doc(self) -> &'static str {
        match self {
            Kind::Dashboard => "a dashboard of either schema, whatever it stands in",
            Kind::Row => "a row, or a tab of the second schema",
            Kind::Panel => "a panel that is no row, library panels too",
            Kind::Query => {
                "a query of a panel, an annotation, a variable, a rule or an alert that has a text in `expr`"
            }
            Kind::Variable => "a template variable",
            Kind::Annotation => "an annotation query of a dashboard",
            Kind::Alert => "an alert of Prometheus or of Grafana",
            Kind::RecordingRule => "a recording rule of Prometheus or of Grafana",
            Kind::Group => "a group of rules, of either engine",
            Kind::DataSource => "a provisioned data source",
            Kind::Provider => "a provider of dashboards",
            Kind::ContactPoint => "a contact point",
            Kind::Policy => "a notification policy, at any depth of its tree",
            Kind::Link => "a link of a dashboard or of a panel",
            Kind::Threshold => "a step of a panel's thresholds",
            Kind::Selector => "a selector of a query, with what is around it",
            Kind::Matcher => "a matcher of a selector",
            Kind::Aggregation => "an aggregation of a query",
            Kind::Receiver => "an entry of a contact point",
            Kind::Value => "any value of the file: its fields are JSON pointers",
        }
    }

    /// What `on:` calls so.
    pub fn named(word: &str) -> Option<Kind> {
        Kind::CHOSEN.into_iter().find(|kind| kind.name() == word)
    }
}

impl Kind {
    /// Several of them.
    pub fn plural(self) -> String {
        match self {
            Kind::Query => "queries".to_owned(),
            Kind::Policy => "policies".to_owned(),
            kind => format!("{}s", kind.name()),
        }
    }

    /// One of them.
    pub fn with_article(self) -> String {
        let name = self.name();
        let article = match name.starts_with(['a', 'e', 'i', 'o', 'u']) {
            true => "an",
            false => "a",
        };
        format!("{article} {name}")
    }
}
