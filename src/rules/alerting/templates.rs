//! Templates in the labels and annotations of alerts: each is parsed once for all rules about them.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::face::{Seen, alerts};
use super::{label_not_in_result, template_query, unreadable_value, value_in_label};
use crate::diagnostic::{Group, Severity};
use crate::rules::{Alert, Check, Context, Place, Rule};
use crate::source::kind::DocKind;
use crate::syntax::{NodeRef, Text};
use crate::template::{Fault, Shape, Template};

pub(crate) const RULE: Rule = Rule {
    id: "invalid-alert-template",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "template of a label or annotation that does not parse",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/invalid-alert-template.md"),
    check: Check::Document(check),
};

pub(crate) const FAILING: Rule = Rule {
    id: "failing-alert-template",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "template of a label or annotation that fails when the alert fires",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/failing-alert-template.md"),
    check: Check::EmittedBy("invalid-alert-template"),
};

/// Digits that the number of a classic condition's result has at most.
const MOST_DIGITS: usize = 6;

/// A template of an alert.
pub(super) struct Expanded<'a, 's, 't> {
    pub(super) seen: &'a Seen<'s, 't>,
    /// The label or annotation.
    pub(super) node: NodeRef<'t>,
    /// Whether it is a label.
    pub(super) label: bool,
    pub(super) template: &'a Template<'a>,
}

fn check(cx: &mut Context<'_, '_>) {
    // What YAML's aliases and merges repeat stands in the file once.
    let mut known = FxHashSet::default();
    let mut raw = Vec::new();
    for seen in alerts(cx) {
        let mut ref_ids = None;
        let labels = seen.labels().map(|node| (node, true));
        let annotations = seen.annotations().map(|node| (node, false));
        for (node, label) in labels.chain(annotations) {
            let Some(text) = node.as_text() else { continue };
            if Template::is_template(&text.value) && known.insert(node.resolve().id()) {
                look(cx, &seen, node, label, &text, &mut raw, &mut ref_ids);
            }
        }
    }
    unreadable_value::report(cx, raw);
}

fn look<'s, 't>(
    cx: &mut Context<'s, 't>,
    seen: &Seen<'s, 't>,
    node: NodeRef<'t>,
    label: bool,
    text: &Text<'t>,
    raw: &mut Vec<unreadable_value::Raw<'t>>,
    ref_ids: &mut Option<FxHashSet<String>>,
) {
    // In labels Grafana makes one sign of two before it reads the template (`unescaped-dollar`); a blank keeps all places.
    let doubled = label
        && cx
            .document
            .is_some_and(|info| info.kind == DocKind::GrafanaAlerting);
    let written = match doubled && text.value.contains("$$") {
        true => Cow::Owned(text.value.replace("$$", " $")),
        false => Cow::Borrowed(&*text.value),
    };
    let template = Template::parse(&written, &seen.templates(cx));
    for fault in &template.faults {
        report(cx, seen, node, label, fault);
    }
    let expanded = Expanded {
        seen,
        node,
        label,
        template: &template,
    };
    value_in_label::look(cx, &expanded);
    label_not_in_result::look(cx, &expanded);
    template_query::look(cx, &expanded);
    unreadable_value::look(cx, &expanded, raw);
    unknown_ref_ids(cx, &expanded, ref_ids);
}

/// `$values.X` where no query or expression of the rule is called `X`. `known` are those it has, once they have been asked for.
fn unknown_ref_ids<'s, 't>(
    cx: &mut Context<'s, 't>,
    expanded: &Expanded<'_, 's, 't>,
    known: &mut Option<FxHashSet<String>>,
) {
    let Alert::Grafana(rule) = expanded.seen.alert else {
        return;
    };
    for lookup in expanded.template.lookups() {
        if lookup.map != Shape::Values {
            continue;
        }
        let known = known.get_or_insert_with(|| {
            let names = rule
                .data()
                .filter_map(|entry| entry.node.get("refId")?.as_str());
            names.map(Cow::into_owned).collect()
        });
        // The results of classic conditions are numbered: `B0`, `B1` (Grafana 12.1, pkg/services/ngalert/eval/eval.go).
        let digits = |digit: char| digit.is_ascii_digit();
        let (key, bare) = (&lookup.key, lookup.key.trim_end_matches(digits));
        let first = bare.len().max(key.len().saturating_sub(MOST_DIGITS));
        let mut names = (first..=key.len()).filter_map(|end| key.get(..end));
        if names.any(|name| known.contains(name)) {
            continue;
        }
        let message = format!(
            "no query or expression of the rule is called `{}`: the text says [no value]",
            lookup.key
        );
        let _ = cx
            .report_as(&FAILING, Place::text(expanded.node, lookup.span), message)
            .at(expanded.seen.steps())
            .help("name the `refId` of a query that is reduced to a number, or of an expression");
    }
}

fn report<'s, 't>(
    cx: &mut Context<'s, 't>,
    seen: &Seen<'s, 't>,
    node: NodeRef<'t>,
    label: bool,
    fault: &Fault,
) {
    let what = if label { "label" } else { "annotation" };
    let grafana = matches!(seen.alert, Alert::Grafana(_));
    let rule = if fault.kind.is_refused() {
        &RULE
    } else {
        &FAILING
    };
    // Grafana 12.1, pkg/services/ngalert/state/cache.go `expand`: what fails is shown as it was written.
    // Prometheus 3.5, rules/alerting.go: `<error expanding template: …>`.
    let effect = match (grafana, fault.kind.is_refused()) {
        (true, _) => format!("Grafana shows the {what} as it is written here"),
        (false, true) => "Prometheus refuses the whole file".to_owned(),
        (false, false) => format!("the {what} shows the error in its place"),
    };
    let mut finding = cx
        .report_as(
            rule,
            Place::text(node, fault.span),
            format!("{}: {effect}", fault.message),
        )
        .at(seen.steps());
    if grafana {
        finding = finding.lower(Severity::Warning);
    }
    if let Some(help) = &fault.help {
        let _ = finding.help(help.as_str());
    }
}
