//! Rules about dashlint's own configuration and suppressions: found while those are read.

use super::{Check, Rule};
use crate::diagnostic::meta::{self, MetaRule};
use crate::diagnostic::{Group, Safety};

const fn emitted(
    rule: MetaRule,
    summary: &'static str,
    fix: Option<Safety>,
    page: &'static str,
) -> Rule {
    Rule {
        id: rule.id,
        group: Group::Meta,
        severity: rule.severity,
        summary,
        since: "0.1.0",
        fix,
        options: &[],
        page,
        check: Check::Emitted,
    }
}

pub(crate) const INVALID_CONFIG: Rule = emitted(
    meta::INVALID_CONFIG,
    "configuration that is not understood",
    None,
    include_str!("../../../rules/meta/invalid-config.md"),
);
pub(crate) const UNUSED_CONFIG: Rule = emitted(
    meta::UNUSED_CONFIG,
    "entry of the configuration that has no effect",
    None,
    include_str!("../../../rules/meta/unused-config.md"),
);
pub(crate) const UNUSED_IGNORE: Rule = emitted(
    meta::UNUSED_IGNORE,
    "`[[ignore]]` entry that silences nothing",
    Some(Safety::Display),
    include_str!("../../../rules/meta/unused-ignore.md"),
);
pub(crate) const EXPIRED_IGNORE: Rule = emitted(
    meta::EXPIRED_IGNORE,
    "`[[ignore]]` entry whose day is past",
    Some(Safety::Display),
    include_str!("../../../rules/meta/expired-ignore.md"),
);
pub(crate) const IGNORE_WITHOUT_REASON: Rule = emitted(
    meta::IGNORE_WITHOUT_REASON,
    "`[[ignore]]` entry that does not say why",
    Some(Safety::Display),
    include_str!("../../../rules/meta/ignore-without-reason.md"),
);
pub(crate) const INVALID_SUPPRESSION: Rule = emitted(
    meta::INVALID_SUPPRESSION,
    "suppression comment that is not understood",
    None,
    include_str!("../../../rules/meta/invalid-suppression.md"),
);
pub(crate) const UNUSED_SUPPRESSION: Rule = emitted(
    meta::UNUSED_SUPPRESSION,
    "suppression comment that silences nothing",
    Some(Safety::Safe),
    include_str!("../../../rules/meta/unused-suppression.md"),
);
pub(crate) const EXPIRED_SUPPRESSION: Rule = emitted(
    meta::EXPIRED_SUPPRESSION,
    "suppression comment whose day is past",
    Some(Safety::Safe),
    include_str!("../../../rules/meta/expired-suppression.md"),
);
pub(crate) const SUPPRESSION_WITHOUT_REASON: Rule = emitted(
    meta::SUPPRESSION_WITHOUT_REASON,
    "suppression comment that does not say why",
    Some(Safety::Display),
    include_str!("../../../rules/meta/suppression-without-reason.md"),
);
