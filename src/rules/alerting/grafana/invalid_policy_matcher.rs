//! Matchers of notification policies that Grafana cannot read.

use super::policies;
use crate::diagnostic::{Group, Severity};
use crate::model::{LabelMatcher, MatchOperator, Policy, parse_matchers};
use crate::promql::regex_check;
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "invalid-policy-matcher",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "matcher of a notification policy that Grafana cannot read",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../../rules/alerting/invalid-policy-matcher.md"),
    check: Check::Document(policies::check),
};

/// How many matchers of a policy are looked at: aliases can repeat long lists.
const MOST: usize = 100;

/// All matchers of a policy in order; `None` where one of them cannot be read, which is reported.
pub(super) fn read<'t>(policy: &Policy<'t>, cx: &mut Context<'_, 't>) -> Option<Vec<LabelMatcher>> {
    let mut found = Vec::new();
    let mut whole = true;
    for list in policy.matching() {
        let key = list.key().unwrap_or_default();
        let read = match key.as_ref() {
            "matchers" => texts(list, &mut found, cx),
            "object_matchers" => triples(list, &mut found, cx),
            _ => map(list, key == "match_re", &mut found, cx),
        };
        whole &= read.is_some();
    }
    found.sort_unstable();
    found.dedup();
    whole.then_some(found)
}

fn texts<'t>(
    list: NodeRef<'t>,
    found: &mut Vec<LabelMatcher>,
    cx: &mut Context<'_, 't>,
) -> Option<()> {
    let mut whole = Some(());
    for item in list.items().take(MOST) {
        // Resources of the operator have them in parts.
        if item.kind() == Kind::Object {
            whole = object(item, found, cx).and(whole);
            continue;
        }
        let Some(text) = item.as_str().filter(|text| is_plain(text)) else {
            whole = None;
            continue;
        };
        match parse_matchers(&text) {
            Ok(matchers) => {
                for (matcher, span) in matchers {
                    whole = pattern(&matcher, Place::text(item, span), cx).and(whole);
                    found.push(matcher);
                }
            }
            Err(fault) => {
                let message = format!("Grafana refuses the policies: {}", fault.message);
                let _ = cx
                    .report_as(&RULE, Place::text(item, fault.span), message)
                    .help("write a label, an operator and a value, such as `severity = critical` or `team =~ \"db|api\"`");
                whole = None;
            }
        }
    }
    whole
}

/// `{ name, value, isRegex, isEqual }`.
fn object<'t>(
    node: NodeRef<'t>,
    found: &mut Vec<LabelMatcher>,
    cx: &mut Context<'_, 't>,
) -> Option<()> {
    let text = |key: &str| {
        let text = node.get(key)?.as_text()?.value.into_owned();
        is_plain(&text).then_some(text)
    };
    let is = |key: &str| node.get(key).and_then(NodeRef::as_bool).unwrap_or(false);
    let matcher = LabelMatcher {
        name: text("name")?,
        operator: match (is("isEqual"), is("isRegex")) {
            (true, false) => MatchOperator::Equal,
            (true, true) => MatchOperator::Regex,
            (false, true) => MatchOperator::NotRegex,
            (false, false) => MatchOperator::NotEqual,
        },
        value: text("value")?,
    };
    let place = Place::value(node.get("value")?);
    let whole = pattern(&matcher, place, cx);
    found.push(matcher);
    whole
}

/// `[[label, operator, value]]`.
fn triples<'t>(
    list: NodeRef<'t>,
    found: &mut Vec<LabelMatcher>,
    cx: &mut Context<'_, 't>,
) -> Option<()> {
    let mut whole = Some(());
    for item in list.items().take(MOST) {
        let parts: Vec<_> = item.items().collect();
        let [name, operator, value] = parts[..] else {
            let message = "Grafana refuses the policies: a matcher here is a list of a label, an operator and a value";
            let _ = cx
                .report_as(&RULE, Place::head(item), message)
                .help("write it as `[severity, \"=\", critical]`");
            whole = None;
            continue;
        };
        if let Some(wrong) = parts.iter().find(|part| part.kind() != Kind::String) {
            let message = "Grafana refuses the policies: the parts of a matcher must be texts";
            let _ = cx
                .report_as(&RULE, *wrong, message)
                .help("put it in quotes");
            whole = None;
            continue;
        }
        let (Some(name), Some(sign), Some(text)) =
            (name.as_str(), operator.as_str(), value.as_str())
        else {
            continue;
        };
        if ![&name, &sign, &text].into_iter().all(|text| is_plain(text)) {
            whole = None;
            continue;
        }
        let Some(read) = MatchOperator::read(&sign) else {
            let message = format!("Grafana refuses the policies: `{sign}` is no operator");
            let _ = cx
                .report_as(&RULE, operator, message)
                .help("write one of `=`, `!=`, `=~` and `!~`");
            whole = None;
            continue;
        };
        let matcher = LabelMatcher {
            name: name.into_owned(),
            operator: read,
            value: text.trim_matches('"').to_owned(),
        };
        whole = pattern(&matcher, Place::value(value), cx).and(whole);
        found.push(matcher);
    }
    whole
}

/// `match` and `match_re`, as Alertmanager had them once.
fn map<'t>(
    map: NodeRef<'t>,
    regex: bool,
    found: &mut Vec<LabelMatcher>,
    cx: &mut Context<'_, 't>,
) -> Option<()> {
    let mut whole = Some(());
    for member in map.members().take(MOST) {
        let (Some(name), Some(value)) = (member.key(), member.as_text()) else {
            whole = None;
            continue;
        };
        if !is_plain(&value.value) {
            whole = None;
            continue;
        }
        let matcher = LabelMatcher {
            name: name.into_owned(),
            operator: match regex {
                true => MatchOperator::Regex,
                false => MatchOperator::Equal,
            },
            value: value.value.into_owned(),
        };
        whole = pattern(&matcher, Place::value(member), cx).and(whole);
        found.push(matcher);
    }
    whole
}

/// Reports a regular expression that is none.
fn pattern<'t>(
    matcher: &LabelMatcher,
    place: Place<'_, 't>,
    cx: &mut Context<'_, 't>,
) -> Option<()> {
    if !matcher.operator.is_regex() {
        return Some(());
    }
    let Err(error) = regex_check(&matcher.value) else {
        return Some(());
    };
    let message = format!(
        "Grafana refuses the policies: the regular expression for `{}` is none, {}",
        matcher.name, error.message
    );
    let finding = cx.report_as(&RULE, place, message);
    if let Some(help) = error.help {
        let _ = finding.help(help);
    }
    None
}

/// Whether a text is what it says: no variable of the environment, nothing a template has yet to fill in.
fn is_plain(text: &str) -> bool {
    !text.contains("${") && !text.contains("{{") && !text.starts_with('$')
}
