//! What the values of a template are.

/// What is known of a value: which fields it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Shape {
    /// Nothing is known.
    #[default]
    Any,
    /// A text, or something else without fields.
    Text,
    /// A number.
    Number,
    /// The value of an alert of Prometheus, a number; also of a variable that is set to it.
    AlertValue,
    /// What Grafana says of all values of an alert rule in one text: `[ var='A' labels={…} value=1 ]`.
    Sentence,
    /// What Prometheus gives to an alert's template: `AlertTemplateData` of its `template/template.go`, 3.5.
    PrometheusAlert,
    /// What Grafana gives to an alert rule's template: `Data` of pkg/services/ngalert/state/template/template.go, 12.1.
    GrafanaAlert,
    /// The same of a rule with several queries.
    GrafanaAlertOfSeveral,
    /// The labels of an alert in its own templates: any key, missing ones are empty.
    Labels,
    /// The external labels of a Prometheus.
    ExternalLabels,
    /// Values of a Grafana alert's queries and expressions, by refId.
    Values,
    /// One of them.
    Value,
    /// What a notification's template is given: `ExtendedData` of grafana/alerting templates/template_data.go, 2026.
    Notification,
    /// Alerts of a notification.
    Alerts,
    /// One of them: `ExtendedAlert` there.
    Alert,
    /// Labels or annotations of notifications: `KV` of prometheus/alertmanager template/template.go, 0.28.
    Pairs,
    /// Numbers by refId.
    Numbers,
    /// A list of [`Shape::Pair`].
    PairList,
    /// A name and a value.
    Pair,
    /// A list of texts.
    Texts,
}

impl Shape {
    /// Whether any key may be looked up in it.
    pub fn is_map(self) -> bool {
        matches!(
            self,
            Shape::Labels | Shape::ExternalLabels | Shape::Values | Shape::Pairs | Shape::Numbers
        )
    }

    /// What a field of it is; `None` where it has no such field.
    pub fn field(self, name: &str) -> Option<Shape> {
        if let Some(value) = self.element_by_key(name) {
            return Some(value);
        }
        if self == Shape::Any {
            // Whatever a `define` is handed: nothing but a notification has these.
            return Some(match name {
                "Alerts" => Shape::Alerts,
                _ => Shape::Any,
            });
        }
        self.fields()
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, shape)| *shape)
    }

    /// What a key of a map leads to. Methods of a map come first, as in Go.
    fn element_by_key(self, key: &str) -> Option<Shape> {
        match self {
            Shape::Labels | Shape::ExternalLabels => Some(Shape::Text),
            Shape::Values => Some(Shape::Value),
            Shape::Numbers => Some(Shape::Number),
            Shape::Pairs => Some(match key {
                "SortedPairs" => Shape::PairList,
                "Names" | "Values" => Shape::Texts,
                "Remove" => Shape::Pairs,
                _ => Shape::Text,
            }),
            _ => None,
        }
    }

    /// What `range` sets the dot to.
    pub fn element(self) -> Shape {
        match self {
            Shape::Alerts => Shape::Alert,
            Shape::PairList => Shape::Pair,
            Shape::Labels | Shape::ExternalLabels | Shape::Pairs | Shape::Texts => Shape::Text,
            Shape::Values => Shape::Value,
            Shape::Numbers => Shape::Number,
            _ => Shape::Any,
        }
    }

    /// Its fields by name; nothing for maps, which have any.
    pub fn fields(self) -> &'static [(&'static str, Shape)] {
        match self {
            Shape::PrometheusAlert => &[
                ("Labels", Shape::Labels),
                ("ExternalLabels", Shape::ExternalLabels),
                ("ExternalURL", Shape::Text),
                ("Value", Shape::AlertValue),
            ],
            Shape::GrafanaAlert => &[
                ("Labels", Shape::Labels),
                ("Values", Shape::Values),
                ("Value", Shape::Text),
            ],
            Shape::GrafanaAlertOfSeveral => &[
                ("Labels", Shape::Labels),
                ("Values", Shape::Values),
                ("Value", Shape::Sentence),
            ],
            Shape::Value => &[("Labels", Shape::Labels), ("Value", Shape::Number)],
            Shape::Notification => &[
                ("Receiver", Shape::Text),
                ("Status", Shape::Text),
                ("Alerts", Shape::Alerts),
                ("GroupLabels", Shape::Pairs),
                ("CommonLabels", Shape::Pairs),
                ("CommonAnnotations", Shape::Pairs),
                ("ExternalURL", Shape::Text),
                ("GroupKey", Shape::Text),
                ("TruncatedAlerts", Shape::Any),
                ("Vars", Shape::Any),
                ("AppVersion", Shape::Text),
            ],
            Shape::Alerts => &[("Firing", Shape::Alerts), ("Resolved", Shape::Alerts)],
            Shape::Alert => &[
                ("Status", Shape::Text),
                ("Labels", Shape::Pairs),
                ("Annotations", Shape::Pairs),
                ("StartsAt", Shape::Any),
                ("EndsAt", Shape::Any),
                ("GeneratorURL", Shape::Text),
                ("Fingerprint", Shape::Text),
                ("SilenceURL", Shape::Text),
                ("DashboardURL", Shape::Text),
                ("PanelURL", Shape::Text),
                ("Values", Shape::Numbers),
                ("ValueString", Shape::Text),
                ("ImageURL", Shape::Text),
                ("EmbeddedImage", Shape::Text),
                ("OrgID", Shape::Any),
            ],
            Shape::Pair => &[("Name", Shape::Text), ("Value", Shape::Text)],
            _ => &[],
        }
    }

    /// What it is called in a sentence.
    pub(super) fn words(self) -> &'static str {
        match self {
            Shape::Any => "the value",
            Shape::Text => "a text",
            Shape::Sentence => "`$value`",
            Shape::Number | Shape::AlertValue => "a number",
            Shape::PrometheusAlert | Shape::GrafanaAlert | Shape::GrafanaAlertOfSeveral => {
                "the data of an alert"
            }
            Shape::Labels | Shape::ExternalLabels => "labels",
            Shape::Values => "`$values`",
            Shape::Value => "a value of `$values`",
            Shape::Notification => "the data of a notification",
            Shape::Alerts => "the list of alerts",
            Shape::Alert => "an alert",
            Shape::Pairs => "labels or annotations",
            Shape::Numbers => "values",
            Shape::PairList | Shape::Texts => "a list",
            Shape::Pair => "a pair",
        }
    }
}
