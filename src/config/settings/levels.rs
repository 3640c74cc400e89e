//! Which rules run on a file, and how severe their findings are.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Settings;
use crate::config::ignore::any_runs;
use crate::config::names::Selector;
use crate::config::parts::PerFile;
use crate::config::values::Level;
use crate::diagnostic::meta::INVALID_CONFIG;
use crate::diagnostic::{Group, Severity};
use crate::policy::PolicySet;
use crate::rules::Rule;

impl Settings {
    /// Whether and how severely the rules of policies run on `file`, as reports show it.
    pub fn policy_levels(&self, file: &str) -> Cow<'_, [Option<Severity>]> {
        match self.per_file.is_empty() {
            true => Cow::Borrowed(&self.policy_levels),
            false => Cow::Owned(self.levels_of(&self.policy_set, file)),
        }
    }

    pub(super) fn levels_of(&self, set: &PolicySet, file: &str) -> Vec<Option<Severity>> {
        let rules = set.rules().iter();
        let level = |id: &str, own| self.named_level(id, Group::Policy, own, file);
        rules.map(|rule| level(&rule.id, rule.severity)).collect()
    }

    /// What the command line says on top. What is wrong with the configuration is told whatever it selects.
    pub(super) fn select(&self, levels: &mut [Option<Severity>]) {
        if self.selection.is_empty() {
            return;
        }
        for (level, rule) in levels.iter_mut().zip(self.catalogue.rules()) {
            if rule.id == INVALID_CONFIG.id {
                continue;
            }
            *level = self
                .selection
                .level(rule.id, rule.group, rule.severity, *level);
        }
    }

    /// Whether and how severely every rule runs on `file`, as reports show it. Ask once per file.
    pub fn for_file(&self, file: &str) -> Levels<'_> {
        let relevant: Vec<&Arc<PerFile>> = self
            .per_file
            .iter()
            .filter(|per_file| {
                let hit = per_file.globs.is_match(&*per_file.base.relative(file));
                if hit {
                    per_file.used.store(true, Ordering::Relaxed);
                }
                hit
            })
            .collect();
        if relevant.is_empty() {
            return Levels(Cow::Borrowed(&self.levels));
        }
        let mut levels = self.configured.clone();
        for per_file in relevant {
            for (selector, level) in &per_file.entries {
                for (at, rule) in self.catalogue.rules().iter().enumerate() {
                    if selector.matches(rule.id, rule.group) {
                        levels[at] = apply(*level, levels[at], rule.severity);
                    }
                }
            }
        }
        self.select(&mut levels);
        Levels(Cow::Owned(levels))
    }

    /// The severity of `rule` in `file`; `None` where it does not run.
    pub fn level(&self, rule: &Rule, file: &str) -> Option<Severity> {
        if self.per_file.is_empty()
            && let Some(at) = self.catalogue.position(rule.id)
        {
            return self.levels[at];
        }
        self.named_level(rule.id, rule.group, rule.severity, file)
    }

    /// The same for a rule that is not native (a policy's), by its names and its own severity.
    pub fn named_level(
        &self,
        id: &str,
        group: Group,
        own: Severity,
        file: &str,
    ) -> Option<Severity> {
        if let Some(at) = self.catalogue.position(id) {
            return self.for_file(file).at(at);
        }
        let level = self.configured_level(id, group, own, file);
        self.selection.level(id, group, own, level)
    }

    /// What configuration files make of a finding or a rule with the severity `own`, before the command line.
    pub(super) fn configured_level(
        &self,
        id: &str,
        group: Group,
        own: Severity,
        file: &str,
    ) -> Option<Severity> {
        let mut level = Some(own);
        for parts in &self.chain {
            let mut entries: Vec<_> = parts.rules.iter().collect();
            entries.sort_by(|a, b| a.selector.cmp(&b.selector));
            for entry in entries
                .iter()
                .filter(|entry| entry.selector.matches(id, group))
            {
                level = entry
                    .level
                    .map_or(level, |wanted| apply(wanted, level, own));
            }
        }
        for per_file in &self.per_file {
            if per_file.globs.is_match(&*per_file.base.relative(file)) {
                let entries = per_file.entries.iter();
                for (_, wanted) in entries.filter(|(name, _)| name.matches(id, group)) {
                    level = apply(*wanted, level, own);
                }
            }
        }
        level
    }

    /// Whether `rule` runs on `file`.
    pub fn runs(&self, rule: &Rule, file: &str) -> bool {
        self.level(rule, file).is_some()
    }

    /// Whether any rule that `selector` names runs on `file`.
    pub(crate) fn selects(&self, selector: &Selector, file: &str) -> bool {
        let levels = self.for_file(file);
        let native = self
            .catalogue
            .rules()
            .iter()
            .enumerate()
            .any(|(at, rule)| levels.at(at).is_some() && selector.matches(rule.id, rule.group));
        native || self.selects_policy(selector, &self.policy_levels(file))
    }

    pub(super) fn selects_policy(&self, selector: &Selector, levels: &[Option<Severity>]) -> bool {
        let running = self.policy_set.rules().iter().zip(levels);
        let on = running.filter(|(_, level)| level.is_some());
        any_runs(
            selector,
            on.map(|(rule, _)| (rule.id.as_str(), Group::Policy)),
        )
    }
}

/// What a rule's severity is after an entry that says `level`.
pub(super) fn apply(level: Level, now: Option<Severity>, own: Severity) -> Option<Severity> {
    match level {
        Level::Off => None,
        Level::On => now.or(Some(own)),
        Level::At(severity) => Some(severity),
    }
}

/// Whether and how severely each rule runs on one file.
#[derive(Debug, Clone)]
pub struct Levels<'s>(Cow<'s, [Option<Severity>]>);

impl Levels<'_> {
    /// The severity of the rule at this place of [`crate::rules::RULES`]; `None` where it does not run.
    pub fn at(&self, position: usize) -> Option<Severity> {
        self.0.get(position).copied().flatten()
    }
}
