//! Policies over a document: what there is of each kind, what the rules say of it, and the findings.

use std::borrow::Cow;

use super::PolicySet;
use super::condition::Condition;
use super::eval::Truth;
use super::kind::Kind;
use super::parse::{Check, PolicyRule};
use super::sight::{Cache, Sight};
use super::value::{Spot, Subject};
use crate::diagnostic::{Group, Severity, TrailStep};
use crate::model::{Document, DocumentInfo, Form, RuleKind, data_sources, providers};
use crate::rules::Context;
use crate::rules::trail::step;
use crate::syntax::NodeRef;

/// Of files with more queries, what is worked out of them is kept for so many things at a time.
const MOST_QUERIES: usize = 512;

/// Tries the rules of `set` on a document. `levels` says of each rule whether it runs, and how severe it is.
pub(crate) fn check<'s, 't>(
    set: &PolicySet,
    levels: &[Option<Severity>],
    document: &'s Document<'t>,
    cx: &mut Context<'s, 't>,
) {
    let Some(info) = cx.document else { return };
    let cache = Cache::default();
    let sight = sight(cx, info, document, &cache);
    // What is worked out of queries is kept for all kinds of things, but for files with so many that it would be too much.
    let is_large = sight.queries().len() > MOST_QUERIES;
    for (kind, checks) in &set.by_kind {
        let subjects = subjects(*kind, &sight);
        if subjects.is_empty() {
            continue;
        }
        let running = checks.iter().filter_map(|&(at, check)| {
            let rule = set.rules.get(at)?;
            let level = levels.get(at).copied().flatten()?;
            Some((rule.as_ref(), rule.checks.get(check)?, level))
        });
        let active: Vec<(&PolicyRule, &Check, Severity)> = running.collect();
        if !is_large {
            try_all(set, &active, &subjects, &sight, cx);
            continue;
        }
        for few in subjects.chunks(MOST_QUERIES) {
            let cache = Cache::default();
            let sight = self::sight(cx, info, document, &cache);
            try_all(set, &active, few, &sight, cx);
        }
    }
}

/// The document that `cx` is about, with a cache of its own.
fn sight<'v, 's: 'v, 't>(
    cx: &Context<'s, 't>,
    info: &'s DocumentInfo,
    document: &'s Document<'t>,
    cache: &'v Cache<'v, 't>,
) -> Sight<'v, 't> {
    Sight {
        file: cx.file,
        info,
        document,
        project: cx.project,
        reach: cx.reach,
        settings: cx.settings,
        cache,
    }
}

/// Tries these rules on these things.
fn try_all<'v, 's, 't>(
    set: &PolicySet,
    active: &[(&PolicyRule, &Check, Severity)],
    subjects: &[Subject<'v, 't>],
    sight: &Sight<'v, 't>,
    cx: &mut Context<'s, 't>,
) {
    for &subject in subjects {
        for (rule, check, level) in active {
            if let Some(spot) = judge(check, subject, sight) {
                report(
                    rule,
                    check,
                    *level,
                    (subject, spot),
                    sight,
                    set.tries_repairs,
                    cx,
                );
            }
        }
    }
}

/// Every thing of a kind in the document.
pub(super) fn subjects<'v, 't>(kind: Kind, sight: &Sight<'v, 't>) -> Vec<Subject<'v, 't>> {
    let numbered =
        |count: usize, thing: fn(usize) -> Subject<'v, 't>| (0..count).map(thing).collect();
    let objects = |nodes: &mut dyn Iterator<Item = NodeRef<'t>>| {
        nodes.map(|node| Subject::Object(kind, node)).collect()
    };
    match (kind, sight.document) {
        (Kind::Dashboard, Document::Dashboard(dashboard))
            if dashboard.form != Form::LibraryPanel =>
        {
            vec![Subject::Dashboard]
        }
        (Kind::Row, Document::Dashboard(one)) => numbered(one.rows.len(), Subject::Row),
        (Kind::Panel, Document::Dashboard(one)) => numbered(one.panels.len(), Subject::Panel),
        (Kind::Variable, Document::Dashboard(one)) => {
            numbered(one.variables.len(), Subject::Variable)
        }
        (Kind::Annotation, Document::Dashboard(one)) => {
            numbered(one.annotations.len(), Subject::Annotation)
        }
        (Kind::Query, _) => numbered(sight.queries().len(), Subject::Query),
        (Kind::Alert | Kind::RecordingRule, Document::Rules(rules)) => {
            let wanted = match kind {
                Kind::Alert => RuleKind::Alert,
                _ => RuleKind::Record,
            };
            let all = rules.rules.iter().enumerate();
            all.filter(|(_, rule)| rule.kind == wanted)
                .map(|(at, _)| Subject::Rule(at))
                .collect()
        }
        (Kind::Alert | Kind::RecordingRule, Document::Alerting(alerting)) => {
            let all = alerting.rules.iter().enumerate();
            all.filter(|(_, rule)| rule.record().is_some() == (kind == Kind::RecordingRule))
                .map(|(at, _)| Subject::Rule(at))
                .collect()
        }
        (Kind::Group, Document::Rules(rules)) => numbered(rules.groups.len(), Subject::Group),
        (Kind::Group, Document::Alerting(one)) => numbered(one.groups.len(), Subject::Group),
        (Kind::DataSource, Document::DataSources(root)) => {
            objects(&mut data_sources(*root).map(|source| source.node))
        }
        (Kind::Provider, Document::Providers(root)) => {
            objects(&mut providers(*root).map(|provider| provider.node))
        }
        (Kind::ContactPoint, Document::Alerting(one)) => objects(&mut one.contact_points()),
        (Kind::Policy, Document::Alerting(one)) => {
            objects(&mut one.policy_trees().into_iter().map(|policy| policy.node))
        }
        _ => Vec::new(),
    }
}

/// Where it shows that something is wrong with `subject`, if it is looked at and anything is.
fn judge<'v, 't>(
    check: &Check,
    subject: Subject<'v, 't>,
    sight: &Sight<'v, 't>,
) -> Option<Spot<'v, 't>> {
    let is = |condition: &&Condition, truth: Truth| condition.truth(subject, sight) == truth;
    let chosen = check.chosen.as_ref();
    if !chosen.is_none_or(|condition| is(&condition, Truth::Yes)) {
        return None;
    }
    let forbidden = check.forbidden.as_ref();
    let required = || check.required.as_ref().filter(|one| is(one, Truth::No));
    let broken = forbidden
        .filter(|one| is(one, Truth::Yes))
        .or_else(required)?;
    Some(match broken.verdict(subject, sight).mark {
        Spot::None => sight.head(subject),
        spot => spot,
    })
}

fn report<'v, 's, 't>(
    rule: &PolicyRule,
    check: &Check,
    level: Severity,
    (subject, spot): (Subject<'v, 't>, Spot<'v, 't>),
    sight: &Sight<'v, 't>,
    offers_all: bool,
    cx: &mut Context<'s, 't>,
) {
    let (Some(place), Some(node)) = (spot.place(), sight.node(subject)) else {
        return;
    };
    let found = spot.shown(sight);
    let message = check.message.fill(subject, sight, found.as_deref());
    let also = rule.once.then(|| message.clone());
    let id = Cow::Owned(rule.id.clone());
    let mut finding = cx
        .report_named(id, Group::Policy, Some(level), place, message)
        .at(steps(subject, sight));
    if let Some(also) = also {
        finding = finding.together_by(&check.kind, also);
    }
    // What a dashboard and a rule call theirs is no secret; what stands in other files may be.
    let names = matches!(sight.document, Document::Dashboard(_) | Document::Rules(_));
    if check.shows_anything || !names {
        finding = finding.quotes_anything();
    }
    if let Some(help) = &check.help {
        finding = finding.help(help.fill(subject, sight, found.as_deref()));
    }
    if let Some(repair) = &check.repair
        && let Some(mended) = repair.write(subject, sight)
        && (offers_all || !check.is_in_vain(&mended, subject, sight))
    {
        finding = finding.fix_in(node, mended.title, mended.safety, Some(mended.edits));
    }
    drop(finding);
}

/// The way to what is looked at, below the document.
fn steps<'v, 't>(subject: Subject<'v, 't>, sight: &Sight<'v, 't>) -> Vec<TrailStep> {
    let dashboard = sight.dashboard();
    let named = |kind, node: NodeRef<'_>| {
        let name = node.get("name").or_else(|| node.get("receiver"));
        let name = name.and_then(NodeRef::as_str).unwrap_or_default();
        vec![step(kind, name.into_owned())]
    };
    let found = match subject {
        Subject::Row(at) => dashboard.and_then(|one| Some(Context::row_steps(*one.rows.get(at)?))),
        Subject::Panel(at) => {
            dashboard.and_then(|one| Some(Context::panel_steps(one.panels.get(at)?)))
        }
        Subject::Variable(at) => {
            dashboard.and_then(|one| Some(Context::variable_steps(one.variables.get(at)?)))
        }
        Subject::Annotation(at) => dashboard.and_then(|one| {
            let name = one.annotations.get(at)?.name().unwrap_or_default();
            Some(vec![Context::annotation_step(&name)])
        }),
        Subject::Query(at) => sight
            .query(at)
            .map(|query| Context::query_steps(sight.scope(), query)),
        Subject::Rule(at) => match sight.document {
            Document::Rules(rules) => Some(Context::rule_steps(rules, at)),
            Document::Alerting(alerting) => Some(Context::alert_steps(alerting, at)),
            _ => None,
        },
        Subject::Group(at) => sight.group(at).map(|node| named("group", node)),
        Subject::Object(Kind::DataSource, node) => Some(named("data source", node)),
        Subject::Object(Kind::Provider, node) => Some(named("provider", node)),
        Subject::Object(Kind::ContactPoint, node) => Some(named("contact point", node)),
        Subject::Object(Kind::Policy, node) => Some(named("policy", node)),
        _ => None,
    };
    found.unwrap_or_default()
}
