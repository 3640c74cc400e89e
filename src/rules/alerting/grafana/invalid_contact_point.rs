//! Receivers of contact points that Grafana refuses, and settings it does not read.

use rustc_hash::{FxHashMap, FxHashSet};

use super::receivers::{Holds, Setting, Shape, object, receiver, receivers};
use crate::diagnostic::{Group, Severity};
use crate::model::Receiver;
use crate::rules::{Check, Context, Place, Rule, Scope, trail};
use crate::spelling::misspelt;
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "invalid-contact-point",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "contact point whose type or settings Grafana refuses",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/invalid-contact-point.md"),
    check: Check::Document(check),
};

pub(crate) const UNKNOWN_SETTING: Rule = Rule {
    id: "unknown-receiver-setting",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "setting of a receiver that Grafana does not read",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/unknown-receiver-setting.md"),
    check: Check::EmittedBy("invalid-contact-point"),
};

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Alerting(alerting) = cx.scope else {
        return;
    };
    // What YAML's aliases repeat stands in the file once.
    let mut met = FxHashSet::default();
    for receiver in alerting.receivers() {
        let settings = receiver.settings();
        if settings.is_none_or(|settings| met.insert(settings.resolve().id())) {
            receiver_of(&receiver, cx);
        }
    }
}

fn receiver_of<'t>(found: &Receiver<'t>, cx: &mut Context<'_, 't>) {
    let Some(node) = found.type_node() else {
        return;
    };
    let Some(name) = node.as_str().filter(|name| is_plain(name)) else {
        return;
    };
    let Some(shape) = receiver(name.trim()) else {
        let message =
            format!("the contact point is refused: there is no type of receiver `{name}`");
        let finding = steps(cx.report(node, message), found);
        let _ = match misspelt(&name, receivers().map(|shape| shape.name)) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => {
                let names: Vec<_> = receivers().map(|shape| shape.name).collect();
                finding.help(format!("write one of {}", names.join(", ")))
            }
        };
        return;
    };
    if let Some(why) = shape.gone {
        let message = format!("nobody is told anything by this receiver: {why}");
        let _ = steps(cx.report(node, message), found)
            .lower(Severity::Warning)
            .help("send to a receiver of another type");
    }
    let Some(settings) = found.settings() else {
        return;
    };
    if settings.kind() == Kind::Object {
        shape_of(settings, shape, "", found, cx);
    }
}

/// An object of settings; `path` leads to it from the settings themselves.
fn shape_of<'t>(
    node: NodeRef<'t>,
    shape: &'static Shape,
    path: &str,
    found: &Receiver<'t>,
    cx: &mut Context<'_, 't>,
) {
    let lacks = |setting: &Setting| {
        let applies = setting.when.is_none_or(|(key, value)| {
            let said = key_of(node, key).and_then(NodeRef::as_str);
            said.as_deref() == Some(value)
        });
        let need = setting.need.filter(|_| applies);
        need.filter(|_| !is_given(node, setting.key, path, found))
    };
    let lacking: FxHashMap<&str, Severity> = shape
        .settings()
        .filter_map(|setting| Some((setting.key, lacks(setting)?)))
        .collect();
    // What stands in the place of a needed setting: a misspelt key and the missing one are one fault.
    let mut instead = FxHashMap::default();
    for member in node.members() {
        let Some(key) = member.key().filter(|key| key != "<<") else {
            continue;
        };
        if let Some(setting) = shape.setting(&key) {
            value(member, setting, path, found, cx);
            continue;
        }
        let keys: Vec<_> = shape.settings().map(|setting| setting.key).collect();
        let near = misspelt(&key, keys.into_iter());
        match near.and_then(|near| shape.setting(near)) {
            Some(meant) if lacking.contains_key(meant.key) => {
                instead.entry(meant.key).or_insert(member);
            }
            _ => unknown(member, &key, near, kind_of(shape, found), found, cx),
        }
    }
    for setting in shape.settings() {
        let Some(&severity) = lacking.get(setting.key) else {
            continue;
        };
        let effect = match severity {
            Severity::Error => "the contact point is refused",
            _ => "nothing can be delivered",
        };
        let misspelt = instead.get(setting.key).copied();
        let said = misspelt.or_else(|| key_of(node, setting.key));
        let message = format!(
            "{effect}: {} needs `{path}{}`",
            kind_of(shape, found),
            setting.key
        );
        let finding = steps(cx.report(place(said, node), message), found).lower(severity);
        if misspelt.is_some() {
            let _ = finding.help(format!("did you mean `{}`?", setting.key));
        }
    }
    groups(node, shape, path, found, cx);
}

/// Reports settings that exclude or need one another.
fn groups<'t>(
    node: NodeRef<'t>,
    shape: &'static Shape,
    path: &str,
    found: &Receiver<'t>,
    cx: &mut Context<'_, 't>,
) {
    let given = |key: &str| is_given(node, key, path, found);
    let kind = kind_of(shape, found);
    let mut refuse = |message: String| {
        let message = format!("the contact point is refused: {message}");
        let _ = steps(cx.report(place(None, node), message), found);
    };
    let complete = |group: &&[&str]| group.iter().all(|key| given(key));
    if !shape.any.is_empty() && !shape.any.iter().any(complete) {
        let ways: Vec<_> = shape.any.iter().map(|group| quoted(group)).collect();
        refuse(format!("{kind} needs {}", ways.join(", or ")));
    }
    for group in shape.never.iter().filter(|group| complete(group)) {
        refuse(format!("{kind} cannot have {} at once", quoted(group)));
    }
    for group in shape.together {
        let there = group.iter().filter(|key| given(key)).count();
        if there > 0 && there < group.len() {
            refuse(format!("{kind} needs {} together", quoted(group)));
        }
    }
}

/// `a receiver of type `slack``.
fn kind_of(shape: &Shape, found: &Receiver<'_>) -> String {
    let kind = found.type_node().and_then(NodeRef::as_str);
    match kind {
        Some(kind) if receiver(kind.trim()).is_some_and(|of| of.name == shape.name) => {
            format!("a receiver of type `{}`", shape.name)
        }
        _ => "this".to_owned(),
    }
}

/// Where to say that something is missing: at its key, where that stands with nothing in it, else at the settings' key.
fn place<'t>(said: Option<NodeRef<'t>>, settings: NodeRef<'t>) -> Place<'t, 't> {
    if let Some(span) = said.and_then(NodeRef::key_span) {
        return Place::bytes(said.unwrap_or(settings), span);
    }
    match settings.key_span() {
        Some(span) => Place::bytes(settings, span),
        None => Place::head(settings),
    }
}

/// The value that is read as `key`, whatever its case.
fn key_of<'t>(node: NodeRef<'t>, key: &str) -> Option<NodeRef<'t>> {
    node.get(key).or_else(|| {
        let mut members = node.members();
        members.find(|member| {
            member
                .key()
                .is_some_and(|said| said.eq_ignore_ascii_case(key))
        })
    })
}

/// Whether there is something for `key`, or will be.
fn is_given(node: NodeRef<'_>, key: &str, path: &str, found: &Receiver<'_>) -> bool {
    let full = format!("{path}{key}");
    if found.filled_in().any(|target| target == full) {
        return true;
    }
    key_of(node, key)
        .is_some_and(|value| !value.is_null() && value.as_str().is_none_or(|text| !text.is_empty()))
        || found.node.path(&["secureSettings", &full]).is_some()
}

fn value<'t>(
    node: NodeRef<'t>,
    setting: &'static Setting,
    path: &str,
    found: &Receiver<'t>,
    cx: &mut Context<'_, 't>,
) {
    if node.is_null() || node.as_str().is_some_and(|text| !is_plain(&text)) {
        return;
    }
    let wanted = match (setting.holds, node.kind()) {
        (Holds::Text, Kind::String)
        | (Holds::Number, Kind::String | Kind::Number)
        | (Holds::List | Holds::ListOf(_), Kind::Array)
        | (Holds::Map | Holds::Object(_), Kind::Object)
        | (Holds::Any, _) => None,
        (Holds::Flag, _) if node.kind() == Kind::Bool => None,
        (Holds::Text, _) => Some("a text, in quotes,"),
        (Holds::Number, _) => Some("a number"),
        (Holds::Flag, _) => Some("`true` or `false`"),
        (Holds::List | Holds::ListOf(_), _) => Some("a list"),
        (Holds::Map | Holds::Object(_), _) => Some("an object"),
    };
    if let Some(wanted) = wanted {
        let key = setting.key;
        let message = format!("the contact point is refused: {wanted} belongs into `{path}{key}`");
        let place = match node.children().next() {
            Some(_) => place(Some(node), node),
            None => Place::value(node),
        };
        let _ = steps(cx.report(place, message), found);
        return;
    }
    match setting.holds {
        Holds::Object(at) => {
            if let Some(shape) = object(at) {
                shape_of(node, shape, &format!("{path}{}.", setting.key), found, cx);
            }
        }
        Holds::ListOf(at) => {
            for item in node.items().filter(|item| item.kind() == Kind::Object) {
                if let Some(shape) = object(at) {
                    shape_of(item, shape, "", found, cx);
                }
            }
        }
        _ => option(node, setting, found, cx),
    }
}

fn option<'t>(
    node: NodeRef<'t>,
    setting: &'static Setting,
    found: &Receiver<'t>,
    cx: &mut Context<'_, 't>,
) {
    let Some(text) = node.as_text().map(|text| text.value) else {
        return;
    };
    let is = |option: &&str| match setting.folded {
        true => option.eq_ignore_ascii_case(&text),
        false => **option == *text,
    };
    if text.is_empty() {
        return;
    }
    let length = setting.length.unwrap_or(text.len());
    if text.len() != length || !text.starts_with(setting.begins) {
        let begins = match setting.begins {
            "" => String::new(),
            begins => format!(" and begin with `{begins}`"),
        };
        let message = format!(
            "the contact point is refused: `{}` must have {length} characters{begins}",
            setting.key
        );
        let _ = steps(cx.report(node, message), found);
        return;
    }
    if setting.options.is_empty() || setting.options.iter().any(is) {
        return;
    }
    let message = format!(
        "the contact point is refused: `{}` has a value that it cannot have",
        setting.key
    );
    let _ = steps(cx.report(node, message), found)
        .help(format!("write one of {}", setting.options.join(", ")));
}

fn unknown<'t>(
    member: NodeRef<'t>,
    key: &str,
    near: Option<&str>,
    kind: String,
    found: &Receiver<'t>,
    cx: &mut Context<'_, 't>,
) {
    let Some(span) = member.key_span() else {
        return;
    };
    let message =
        format!("`{key}` has no effect: {kind} has no such setting, and Grafana passes it over");
    let finding = steps(
        cx.report_as(&UNKNOWN_SETTING, Place::bytes(member, span), message),
        found,
    );
    let _ = match near {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        // Settings of the past and of other types lie about in many files.
        None => finding.lower(Severity::Info).help("remove it"),
    };
}

/// Whether a text is what it says: no variable of the environment, nothing a template has yet to fill in.
fn is_plain(text: &str) -> bool {
    !text.contains('$') && !text.contains("{{")
}

fn quoted(keys: &[&str]) -> String {
    let keys: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
    keys.join(" and ")
}

fn steps<'c, 't>(
    finding: crate::rules::context::Finding<'c, 't>,
    found: &Receiver<'t>,
) -> crate::rules::context::Finding<'c, 't> {
    let name = found.name().unwrap_or_default().into_owned();
    finding.at(vec![trail::step("contact point", name)])
}
