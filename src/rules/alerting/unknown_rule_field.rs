//! Fields that rule files do not have.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::fields::Field;
use crate::diagnostic::{Group, Safety, Severity};
use crate::rules::{Check, Context, Place, Rule};
use crate::spelling::nearest;
use crate::syntax::{Kind, NodeRef};

pub(crate) const RULE: Rule = Rule {
    id: "unknown-rule-field",
    group: Group::Alerting,
    severity: Severity::Error,
    summary: "field that rule files do not have",
    since: "0.1.0",
    fix: Some(Safety::Unsafe),
    options: &[],
    page: include_str!("../../../rules/alerting/unknown-rule-field.md"),
    check: Check::EmittedBy("invalid-rule"),
};

/// Fields that do not exist, the same ones together.
pub(super) struct Unknown<'t> {
    /// The rules are vmalert's, which takes more forms of durations.
    pub(super) metricsql: bool,
    found: Vec<UnknownField<'t>>,
    known: FxHashMap<(Cow<'t, str>, &'static str), usize>,
}

struct UnknownField<'t> {
    key: Cow<'t, str>,
    what: &'static str,
    fields: &'static [Field],
    places: Vec<NodeRef<'t>>,
}

impl<'t> Unknown<'t> {
    pub(super) fn new(metricsql: bool) -> Self {
        Unknown {
            metricsql,
            found: Vec::new(),
            known: FxHashMap::default(),
        }
    }

    pub(super) fn note(
        &mut self,
        place: NodeRef<'t>,
        key: Cow<'t, str>,
        what: &'static str,
        fields: &'static [Field],
    ) {
        let at = *self.known.entry((key.clone(), what)).or_insert_with(|| {
            self.found.push(UnknownField {
                key,
                what,
                fields,
                places: Vec::new(),
            });
            self.found.len() - 1
        });
        if let Some(found) = self.found.get_mut(at) {
            found.places.push(place);
        }
    }

    pub(super) fn report(self, cx: &mut Context<'_, 't>) {
        for field in self.found {
            field.report(cx);
        }
    }
}

impl<'t> UnknownField<'t> {
    fn report(&self, cx: &mut Context<'_, 't>) {
        let key_place = |place: &NodeRef<'t>| Place::key(*place);
        let names = self.fields.iter().map(|(name, _)| *name);
        let near = nearest(&self.key, names);
        for place in &self.places {
            let message = format!(
                "{} has no field `{}`: Prometheus refuses the whole file",
                self.what, self.key
            );
            let finding = cx
                .report_as(&RULE, key_place(place), message)
                .together("and here");
            let finding = match near {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding
                    .help("delete it; what people should know fits into annotations, or a comment"),
            };
            // Two fields of one name would be refused too.
            let free = |near: &&str| {
                let parent = place.parent();
                parent.is_none_or(|parent| parent.get(near).is_none())
            };
            if let Some(near) = near.filter(free) {
                let edit = place.key_text().map(|text| {
                    let span = text.source(crate::span::Span::new(0, text.value.len()));
                    vec![(span, near.to_owned())]
                });
                let title = format!("rename it to `{near}`");
                let _ = finding.fix_in(*place, title, Safety::Unsafe, edit);
            }
        }
    }
}

/// `group:` in the `spec` of a resource, which the API server drops or refuses (Kubernetes documentation, "Custom Resources: Field
/// pruning"); prometheus-operator 0.93, PrometheusRuleSpec, has nothing but `groups`.
pub(super) fn misspelt_groups<'t>(cx: &mut Context<'_, 't>, spec: NodeRef<'t>) {
    for value in spec.members().filter(|value| value.kind() == Kind::Array) {
        let key = value.key().unwrap_or_default();
        if nearest(&key, ["groups"]).is_none() {
            continue;
        }
        let _ = cx
            .report_as(
                &RULE,
                Place::key(value),
                format!("the resource has no field `{key}`: it is dropped, and none of these rules is evaluated"),
            )
            .help("write `groups`");
    }
}
