//! What makes Prometheus refuse a rule file, apart from its queries and templates.
//!
//! `RuleGroups.Validate` and `Rule.Validate` of prometheus/prometheus model/rulefmt/rulefmt.go, 3.5, and what go-yaml refuses
//! to decode into their structs. Prometheus and the other rulers load such a file not at all.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::fields::{FILE, Field, GROUP, RULE as RULE_FIELDS, Want};
use super::invalid_rule_name::{label_names, recorded_name};
use super::unknown_rule_field::{Unknown, misspelt_groups};
use crate::diagnostic::{Group, Severity};
use crate::model::{Language, Rule as RuleView, RuleFile, RuleGroup, RuleKind};
use crate::rules::{Check, Context, Place, Rule, Scope};
use crate::syntax::{Kind, NodeRef, ProblemKind};

pub(crate) const RULE: Rule = Rule {
    id: "invalid-rule",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "rule file that Prometheus refuses to load",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/invalid-rule.md"),
    check: Check::Document(check),
};

pub(crate) const DUPLICATE_GROUP: Rule = Rule {
    id: "duplicate-rule-group",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "two rule groups of the same name in one file",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/duplicate-rule-group.md"),
    check: Check::EmittedBy("invalid-rule"),
};

/// The fields of a rule that are looked at together, those at the end that only alerts have (`Rule.Validate`).
const LOOKED_AT: [&str; 7] = [
    "alert",
    "record",
    "expr",
    "labels",
    "annotations",
    "for",
    "keep_firing_for",
];
const ALERT: usize = 0;
const RECORD: usize = 1;
const EXPR: usize = 2;
const LABELS: usize = 3;
const ANNOTATIONS: usize = 4;
const ALERT_ONLY: usize = ANNOTATIONS;

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Rules(rules) = cx.scope else {
        return;
    };
    // What a broken text lacks may only be lost.
    let problems = rules.node.tree().problems();
    if problems
        .iter()
        .any(|problem| problem.kind == ProblemKind::Invalid)
    {
        return;
    }
    let mut queries = cx.queries().iter();
    let metricsql = queries.any(|query| query.language == Language::MetricsQl);
    let mut unknown = Unknown::new(metricsql);
    let file = rules.node;
    let lists_groups = file.get("groups").is_some();
    if lists_groups {
        // A resource's `spec` has fields of its own.
        let bare = file.parent().is_none();
        if bare {
            members(cx, file, FILE, "a rule file", &mut unknown);
        } else {
            if let Some(groups) = file.get("groups") {
                typed_value(cx, groups, "groups", Want::List, false);
            }
        }
        for group in file.get("groups").into_iter().flat_map(NodeRef::items) {
            if group.kind() != Kind::Object {
                let message = "a group of rules must be a map with `name` and `rules`";
                let _ = cx.report(Place::value(group), message);
            }
        }
        group_names(cx, rules);
    } else if file.parent().is_some() {
        misspelt_groups(cx, file);
    }
    for group in &rules.groups {
        if lists_groups {
            members(cx, group.node, GROUP, "a group", &mut unknown);
            label_names(cx, group.node.get("labels"), true);
        }
        for rule in group.node.get("rules").into_iter().flat_map(NodeRef::items) {
            if rule.kind() != Kind::Object {
                let message = "a rule must be a map with `alert` or `record`, and `expr`";
                let _ = cx.report(Place::value(rule), message);
            }
        }
    }
    for (index, rule) in rules.rules.iter().enumerate() {
        check_rule(cx, rules, index, rule, &mut unknown);
    }
    unknown.report(cx);
}

fn check_rule<'t>(
    cx: &mut Context<'_, 't>,
    rules: &RuleFile<'t>,
    index: usize,
    rule: &RuleView<'t>,
    unknown: &mut Unknown<'t>,
) {
    let node = rule.node;
    let steps = || Context::rule_steps(rules, index);
    members(cx, node, RULE_FIELDS, "a rule", unknown);
    let fields = node.pick(&LOOKED_AT);
    let field = |index| node.picked(&fields, index);
    let filled = |index| field(index).filter(|value| !is_empty(*value));
    let is_lost = |index: usize| field(index).is_some_and(is_lost);
    match (filled(ALERT), filled(RECORD)) {
        (Some(alert), Some(record)) => {
            let (first, second) = in_order(alert, record);
            let _ = cx
                .report(
                    Place::key(second),
                    "a rule has either `alert` or `record`, not both: Prometheus refuses the whole file",
                )
                .related(first, "the other one")
                .at(steps())
                .help("make two rules of it");
        }
        (None, None) if !is_lost(ALERT) && !is_lost(RECORD) => {
            let _ = cx
                .report(
                    start(node),
                    "the rule has neither `alert` nor `record`: Prometheus refuses the whole file",
                )
                .at(steps())
                .help("write `alert: NameOfTheAlert` or `record: name_of_the_metric`");
        }
        _ => {}
    }
    if filled(EXPR).is_none() && !is_lost(EXPR) {
        let place = field(EXPR).map_or_else(|| start(node), member);
        let _ = cx
            .report(
                place,
                "the rule has no `expr`: Prometheus refuses the whole file",
            )
            .at(steps())
            .help("write the query in `expr`");
    }
    if rule.kind == RuleKind::Record {
        for (index, key) in LOOKED_AT.iter().enumerate().skip(ALERT_ONLY) {
            let Some(value) = field(index).filter(|value| counts(*value)) else {
                continue;
            };
            let _ = cx
                .report(
                    Place::key(value),
                    format!("a recording rule has no `{key}`: Prometheus refuses the whole file"),
                )
                .at(steps())
                .help("delete it, or make an alert of the rule");
        }
        if let Some(record) = filled(RECORD) {
            recorded_name(cx, record);
        }
    }
    label_names(cx, field(LABELS), true);
    label_names(cx, field(ANNOTATIONS), false);
}

/// The fields of an object: unknown ones are noted, the others have to have their types.
fn members<'t>(
    cx: &mut Context<'_, 't>,
    object: NodeRef<'t>,
    fields: &'static [Field],
    what: &'static str,
    unknown: &mut Unknown<'t>,
) {
    for value in object.members() {
        let Some(key) = value.key() else { continue };
        match fields.iter().find(|(name, _)| *name == key) {
            Some((name, want)) => typed_value(cx, value, name, *want, unknown.metricsql),
            // Anchors are kept under keys of their own by nobody: go-yaml refuses those too.
            None if key == "<<" => {}
            None => unknown.note(value, key, what, fields),
        }
    }
}

fn typed_value<'t>(
    cx: &mut Context<'_, 't>,
    value: NodeRef<'t>,
    name: &str,
    want: Want,
    metricsql: bool,
) {
    let kind = value.kind();
    if kind == Kind::Null {
        return;
    }
    let scalar = !matches!(kind, Kind::Object | Kind::Array);
    let wanted = match want {
        Want::Any => return,
        Want::Text if !scalar => "a text",
        Want::Duration if !scalar => "a duration such as `5m`",
        Want::Duration if !metricsql && !is_duration(value) => {
            let raw = value.as_text().map(|text| text.value).unwrap_or_default();
            let _ = cx
                .report(
                    value,
                    format!("`{name}` is no duration: Prometheus does not understand `{raw}`"),
                )
                .help("write whole numbers with units, the larger first: `1h30m`, `90s`");
            return;
        }
        Want::Whole if value.as_i64().is_none() => "a whole number",
        Want::List if kind != Kind::Array => "a list",
        Want::Texts if kind != Kind::Object => "a map of texts",
        Want::Texts => {
            for inner in value.members() {
                if matches!(inner.kind(), Kind::Object | Kind::Array) {
                    let key = inner.key().unwrap_or_default();
                    let message = format!("`{key}` in `{name}` must be a text");
                    let _ = cx.report(inner, message);
                }
            }
            return;
        }
        _ => return,
    };
    let _ = cx.report(value, format!("`{name}` must be {wanted}"));
}

/// `ParseDuration` of prometheus/common model/time.go; vmalert takes more forms.
fn is_duration(value: NodeRef<'_>) -> bool {
    let text = value.as_text();
    text.is_some_and(|text| crate::promql::duration(&text.value).is_some())
}

fn group_names<'t>(cx: &mut Context<'_, 't>, rules: &RuleFile<'t>) {
    let mut seen: FxHashMap<Cow<'t, str>, NodeRef<'t>> = FxHashMap::default();
    for RuleGroup { node } in &rules.groups {
        let name = node.get("name");
        let text = name.and_then(NodeRef::as_text);
        let Some((place, text)) = name.zip(text).filter(|(_, text)| !text.value.is_empty()) else {
            // What is no scalar has been told already.
            if name.is_none_or(|name| !matches!(name.kind(), Kind::Object | Kind::Array)) {
                let place = name.map_or_else(|| start(*node), Place::value);
                let _ = cx
                    .report(
                        place,
                        "the group has no name: Prometheus refuses the whole file",
                    )
                    .help("write `name: …`, unlike that of any other group in the file");
            }
            continue;
        };
        if let Some(first) = seen.get(&text.value) {
            let _ = cx
                .report_as(
                    &DUPLICATE_GROUP,
                    place,
                    format!(
                        "a second group is called `{}`: Prometheus refuses the whole file",
                        text.value
                    ),
                )
                .related(*first, "the first one")
                .help("rename it, or put its rules into the first one");
        } else {
            seen.insert(text.value, place);
        }
    }
}

/// Whether a value is nothing to Go: null, or an empty text.
fn is_empty(value: NodeRef<'_>) -> bool {
    value.is_null() || value.as_text().is_some_and(|text| text.value.is_empty())
}

/// Whether an alias stands here that leads nowhere: that is told as it is, and nobody knows what was meant.
fn is_lost(value: NodeRef<'_>) -> bool {
    value.is_alias() && value.resolve().is_alias()
}

/// Whether a field of a recording rule is more than Go's zero value.
fn counts(value: NodeRef<'_>) -> bool {
    match value.kind() {
        Kind::Object => value.members().next().is_some(),
        Kind::Null | Kind::Array => false,
        _ => {
            value
                .as_text()
                .and_then(|text| crate::promql::duration(&text.value))
                != Some(0.0)
        }
    }
}

fn in_order<'t>(a: NodeRef<'t>, b: NodeRef<'t>) -> (NodeRef<'t>, NodeRef<'t>) {
    if a.span().start < b.span().start {
        (a, b)
    } else {
        (b, a)
    }
}

/// The key of an object's first member, or its beginning.
fn start<'p, 't: 'p>(node: NodeRef<'t>) -> Place<'p, 't> {
    match node.members().next() {
        Some(first) => Place::key(first),
        None => Place::head(node),
    }
}

fn member<'p, 't: 'p>(node: NodeRef<'t>) -> Place<'p, 't> {
    Place::bytes(node, node.member_span())
}
