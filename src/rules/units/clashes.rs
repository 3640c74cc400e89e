//! Contradictions inside a query, by the rule that reports them.

use crate::model::Query;
use crate::rules::{Context, Place};
use crate::units::explain::words;
use crate::units::infer::{Clash, Contradiction};

/// The contradictions in a query that `wanted` takes, each with what it is: reported at their place with the help given.
pub(super) fn report<'t>(
    query: &Query<'t>,
    cx: &mut Context<'_, 't>,
    wanted: fn(&Clash) -> Option<Words>,
) {
    if !query.language.is_promql() || !query.parsed().is_valid() {
        return;
    }
    // It takes two sides to disagree.
    if query.parsed().binaries().next().is_none() {
        return;
    }
    let inference = cx.project.units().of(query.parsed());
    for Contradiction { at, clash } in &inference.contradictions {
        let Some(said) = wanted(clash) else { continue };
        let span = query.parsed().ast.expr(*at).span;
        let mut finding = cx
            .report(Place::query(query, span), said.message)
            .help(said.help);
        if said.info {
            finding = finding.lower(crate::diagnostic::Severity::Info);
        }
        drop(finding);
    }
}

/// What a finding says.
pub(super) struct Words {
    /// What goes wrong.
    pub(super) message: String,
    /// What to do.
    pub(super) help: &'static str,
    /// Only a note.
    pub(super) info: bool,
}

/// Two operands in words.
pub(super) fn pair(left: &crate::units::Value, right: &crate::units::Value) -> (String, String) {
    (words(left), words(right))
}
