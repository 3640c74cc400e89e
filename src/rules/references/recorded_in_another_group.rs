//! Recorded metrics that are read before they are recorded.

use std::sync::Arc;

use crate::diagnostic::{Group, Severity};
use crate::model::{Host, RuleFile, RuleKind};
use crate::project::RecordedFact;
use crate::rules::{Check, Context, Place, Rule, Scope};

pub(crate) const RULE: Rule = Rule {
    id: "recorded-in-another-group",
    group: Group::References,
    severity: Severity::Info,
    summary: "recording rule over a metric that is recorded in another group, or later in its own",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/references/recorded-in-another-group.md"),
    check: Check::Document(check),
};

/// When a metric is recorded, seen from a rule that reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Recorded {
    InAnotherGroup,
    Later,
}

impl Recorded {
    fn message(self) -> &'static str {
        match self {
            Recorded::InAnotherGroup => {
                "this is recorded in another group, which is evaluated at another time: what is recorded here is up to an interval late"
            }
            Recorded::Later => {
                "this is recorded further down in the group: what is recorded here comes from the evaluation before"
            }
        }
    }

    fn help(self) -> &'static str {
        match self {
            Recorded::InAnotherGroup => {
                "put both rules into one group, first the one whose metric the other reads"
            }
            Recorded::Later => "move the rule that records it up",
        }
    }
}

fn check(cx: &mut Context<'_, '_>) {
    let Scope::Rules(rules) = cx.scope else {
        return;
    };
    for query in &rules.queries {
        let Host::Rule(at) = query.host else { continue };
        let recording = rules
            .rules
            .get(at)
            .filter(|rule| rule.kind == RuleKind::Record);
        let (Some(rule), true) = (recording, query.language.is_promql()) else {
            continue;
        };
        let parsed = query.parsed();
        for (_, _, selector) in parsed.selectors() {
            let Some((name, span)) = parsed.metric_name(selector) else {
                continue;
            };
            if let Some(recorded) = recorded(rules, at, cx.project.rules_recording(&name), cx) {
                // A group is split, or ordered, once.
                let steps = Context::query_steps(cx.scope, query);
                let _ = cx
                    .report(Place::query(query, span), recorded.message())
                    .at(steps)
                    .help(recorded.help())
                    .together_by(&(rule.group, recorded), "so is this");
            }
        }
    }
}

/// When the metric that is recorded at `places` is so, seen from the rule `at`; `None`: in time, or elsewhere.
fn recorded(
    rules: &RuleFile<'_>,
    at: usize,
    places: &[Arc<RecordedFact>],
    cx: &Context<'_, '_>,
) -> Option<Recorded> {
    let group = rules.rules.get(at)?.group;
    let document = cx.document?.id();
    // Which files one Prometheus loads together is not known: only this one counts.
    let here = |fact: &&Arc<RecordedFact>| {
        fact.location.file == cx.file.source.path && fact.document == document
    };
    let mut elsewhere = false;
    let mut later = false;
    for fact in places.iter().filter(here) {
        match fact.group == group {
            true if fact.rule <= at => return None,
            true => later = true,
            false => elsewhere = true,
        }
    }
    match (later, elsewhere) {
        (true, _) => Some(Recorded::Later),
        (false, true) => Some(Recorded::InAnotherGroup),
        (false, false) => None,
    }
}
