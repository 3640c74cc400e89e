//! Keys and values that are not as Grafana reads them.

use super::roots;
use super::schema::{Fault, FaultKind, faults};
use crate::diagnostic::{Group, Safety, Severity};
use crate::fix::edit;
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::{Kind, NodeRef};

pub(crate) const UNKNOWN_KEY: Rule = Rule {
    id: "unknown-provisioning-key",
    group: Group::Provisioning,
    severity: Severity::Warning,
    summary: "key of a provisioning file that Grafana ignores without a word",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/provisioning/unknown-provisioning-key.md"),
    check: Check::Document(check),
};

pub(crate) const WRONG_TYPE: Rule = Rule {
    id: "wrong-provisioning-type",
    group: Group::Provisioning,
    severity: Severity::Error,
    summary: "value of a provisioning file that has another type than Grafana reads",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/provisioning/wrong-provisioning-type.md"),
    check: Check::EmittedBy(UNKNOWN_KEY.id),
};

pub(crate) const WRONG_VALUE: Rule = Rule {
    id: "wrong-provisioning-value",
    group: Group::Provisioning,
    severity: Severity::Error,
    summary: "value of a provisioning file that is none of those Grafana knows",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/provisioning/wrong-provisioning-value.md"),
    check: Check::EmittedBy(UNKNOWN_KEY.id),
};

pub(crate) const MISSING_KEY: Rule = Rule {
    id: "missing-provisioning-key",
    group: Group::Provisioning,
    severity: Severity::Error,
    summary: "provisioning file without a key that Grafana needs",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/provisioning/missing-provisioning-key.md"),
    check: Check::EmittedBy(UNKNOWN_KEY.id),
};

pub(crate) const EMPTY_DURATION: Rule = Rule {
    id: "empty-duration",
    group: Group::Provisioning,
    severity: Severity::Info,
    summary: "duration of a data source that is an empty string",
    since: "0.1.0",
    fix: Some(Safety::Safe),
    options: &[],
    page: include_str!("../../../rules/provisioning/empty-duration.md"),
    check: Check::EmittedBy(UNKNOWN_KEY.id),
};

/// One cause, one finding: whoever misspells a key in one data source does so in the others too.
fn check(cx: &mut Context<'_, '_>) {
    for (root, shape) in roots(cx) {
        for fault in faults(root, shape) {
            report(cx, &fault);
        }
    }
}

fn report<'t>(cx: &mut Context<'_, 't>, fault: &Fault<'t>) {
    let said = say(fault);
    let finding = cx
        .report_as(said.rule, place(fault), said.message)
        .lower(fault.severity)
        .help(said.help)
        .together("here too");
    let node = fault.node;
    let edits = match &fault.kind {
        FaultKind::UnknownKey {
            near: Some(new), ..
        } if *new != DEFAULT => rename(node, new),
        FaultKind::OldKey { new, .. } if *new != DEFAULT => rename(node, new),
        FaultKind::Misspelt { key, .. } => rename(node, key),
        FaultKind::WrongValue {
            near: Some(new), ..
        } => edit::replace_value(node, &format!("{new:?}")),
        FaultKind::Blank(_) => edit::remove_member(node),
        _ => return,
    };
    let safety = said.rule.fix.unwrap_or(Safety::Unsafe);
    let _ = finding.fix_in(node, said.fix, safety, edits);
}

/// A second data source with this key keeps Grafana from starting: whether it is meant is for people to say.
const DEFAULT: &str = "isDefault";

/// Gives a member another key, which is not taken.
fn rename(node: NodeRef<'_>, new: &str) -> Option<edit::Edits> {
    let free = node.parent()?.get(new).is_none();
    edit::rename_key(node, new).filter(|_| free)
}

fn place<'p, 't: 'p>(fault: &Fault<'t>) -> Place<'p, 't> {
    let node = fault.node;
    match fault.kind {
        FaultKind::Missing { .. } => Place::head(node),
        FaultKind::UnknownKey { .. }
        | FaultKind::OldKey { .. }
        | FaultKind::GoneKey(_)
        | FaultKind::Misspelt { .. } => Place::key(node),
        _ if matches!(node.kind(), Kind::Object | Kind::Array) => Place::head(node),
        _ => Place::value(node),
    }
}

/// What is said about a fault.
struct Said {
    rule: &'static Rule,
    message: String,
    help: String,
    fix: String,
}

fn say(fault: &Fault<'_>) -> Said {
    let key = fault.node.key().unwrap_or_default();
    let key = match key.is_empty() {
        true => fault
            .node
            .parent()
            .and_then(NodeRef::key)
            .unwrap_or_default(),
        false => key,
    };
    let (rule, message, help, fix) = match &fault.kind {
        FaultKind::UnknownKey {
            effect,
            near,
            belongs,
        } => (
            &UNKNOWN_KEY,
            format!("`{key}` is no key that is read here: {effect}"),
            match (near, belongs) {
                (Some(near), _) => format!("did you mean `{near}`?"),
                (None, Some(place)) => format!("it belongs into `{place}`"),
                (None, None) => {
                    "remove it, or see the documentation for the key that does it".to_owned()
                }
            },
            near.as_ref()
                .map_or(String::new(), |near| format!("call it `{near}`")),
        ),
        FaultKind::OldKey { effect, new } => (
            &UNKNOWN_KEY,
            format!("`{key}` is no key that is read here, it is called `{new}`: {effect}"),
            format!("write `{new}`"),
            format!("call it `{new}`"),
        ),
        FaultKind::GoneKey(why) => (
            &UNKNOWN_KEY,
            format!("`{key}` is not read: {why}"),
            "remove it".to_owned(),
            String::new(),
        ),
        FaultKind::WrongType { wanted, effect } => (
            &WRONG_TYPE,
            format!(
                "`{key}` is {} where {wanted} belongs: {effect}",
                kind_word(fault.node)
            ),
            format!("write {wanted} there"),
            String::new(),
        ),
        FaultKind::WrongValue {
            values,
            near,
            effect,
        } => (
            &WRONG_VALUE,
            format!("`{key}` holds a value that Grafana does not know: {effect}"),
            match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of {}", quoted(values)),
            },
            near.map_or(String::new(), |near| format!("write `{near}`")),
        ),
        FaultKind::Missing { key, effect } => (
            &MISSING_KEY,
            format!("`{key}` is missing: {effect}"),
            format!("add `{key}`"),
            String::new(),
        ),
        FaultKind::Misspelt { key: meant, effect } => (
            &MISSING_KEY,
            format!("`{meant}` is missing, and `{key}` is not read in its place: {effect}"),
            format!("write `{meant}`"),
            format!("call it `{meant}`"),
        ),
        FaultKind::Blank(effect) => (
            &EMPTY_DURATION,
            format!("`{key}` is empty, which is no duration: {effect}"),
            "remove the key, or write a duration such as `15s`".to_owned(),
            format!("remove `{key}`"),
        ),
    };
    Said {
        rule,
        message,
        help,
        fix,
    }
}

fn quoted(values: &[&str]) -> String {
    let values: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
    values.join(", ")
}

fn kind_word(node: NodeRef<'_>) -> &'static str {
    match node.kind() {
        Kind::String => "a text",
        Kind::Number => "a number",
        Kind::Bool => "a boolean",
        Kind::Array => "a list",
        Kind::Object => "an object",
        Kind::Null | Kind::Alias => "null",
    }
}
