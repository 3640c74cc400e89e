//! What is wrong with the configurations that a run met.

use std::path::Path;
use std::sync::{Arc, PoisonError};

use rustc_hash::FxHashMap;

use super::Configs;
use crate::config::files::absolute;
use crate::config::names::Selector;
use crate::config::policies::Unknown;
use crate::config::settings::Settings;
use crate::diagnostic::meta::INVALID_CONFIG;
use crate::diagnostic::{self, Diagnostic, Group, Severity};
use crate::lint::Input;

impl Configs {
    /// What is wrong with the configurations read so far, in order, each once.
    pub fn problems(&self) -> Vec<Diagnostic> {
        let all = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
        let judged = all.iter().flat_map(|(settings, problem)| {
            let mut one = vec![problem.clone()];
            settings.judge(&mut one);
            one
        });
        in_order(judged.collect())
    }

    /// That the command line names a rule of a policy that none of the policy files met so far has. Ask after a run; of what
    /// a broken file would have, nothing is known.
    pub fn unknown_policy(&self) -> Option<String> {
        if self.has_broken_policies() {
            return None;
        }
        let mut named = self.selected().filter_map(|selector| match selector {
            Selector::Rule(id) => {
                let unknown = self.unknown_rule(id)?;
                (!unknown.may_be_foreign).then_some(unknown.message)
            }
            Selector::Pack(name) => self.policies.lack(name),
            _ => None,
        });
        named.next()
    }

    /// That the command line names rules which are none of the imported findings' but spelled nearly as one is. That is no error:
    /// the other tool may have them, and not have found anything.
    pub fn not_imported(&self) -> Vec<String> {
        let unknown = self.selected().filter_map(|selector| match selector {
            Selector::Rule(id) => self.unknown_rule(id),
            _ => None,
        });
        let like = unknown.filter(|one| one.may_be_foreign && one.is_like_another);
        like.map(|one| one.message).collect()
    }

    fn unknown_rule(&self, id: &str) -> Option<Unknown> {
        id.contains('/')
            .then(|| self.policies.unknown(id))
            .flatten()
    }

    /// What the command line selects or ignores.
    fn selected(&self) -> impl Iterator<Item = &Selector> {
        let selection = &self.selection;
        let lists = [
            &selection.select,
            &selection.ignore,
            &selection.extend_select,
        ];
        lists.into_iter().flatten()
    }

    /// Whether one of the policy files met so far is not understood, so that its rules do not say what they are meant to say.
    pub fn has_broken_policies(&self) -> bool {
        self.policies.are_broken()
    }

    /// Whether one of the configuration files met so far has an error, so that it does not say what it is meant to say.
    pub fn has_errors(&self) -> bool {
        let wrong = |problem: &Diagnostic| {
            problem.severity == Severity::Error && problem.rule == INVALID_CONFIG.id
        };
        self.problems().iter().any(wrong)
    }

    /// Whether only `--policy` brings the rule of this name: a run without it does not know it for the file at `path`.
    pub fn is_brought(&self, rule: &str, path: &Path) -> bool {
        self.policies.is_brought(rule, &self.for_file(path))
    }

    /// Whether it is the command line by which the rule of this name does not run on the file at `path`: it selects fewer rules,
    /// or does not name the policy that has it.
    pub fn leaves_out(&self, rule: &str, path: &Path) -> bool {
        let native = self
            .catalogue
            .rules()
            .iter()
            .any(|native| native.id == rule);
        if !native && self.policies.unknown(rule).is_some() {
            return rule.contains('/');
        }
        let narrowed = !self.selection.is_empty() || self.selection.preset.is_some();
        let (settings, file) = (
            self.for_file(path),
            self.display(&absolute(path, &self.cwd)),
        );
        let level = || settings.named_level(rule, Group::Policy, Severity::Info, &file);
        let runs = || match self.policies.is_foreign(rule) {
            true => level().is_some(),
            false => settings.selects(&Selector::Rule(rule.to_owned()), &file),
        };
        narrowed && !runs()
    }

    /// Entries that had no effect. Ask after a run over all files of the projects, `checked`: for a part of them nothing can be
    /// said.
    pub fn leftovers<'f>(&self, checked: impl Iterator<Item = &'f Input>) -> Vec<Diagnostic> {
        let mut all: Vec<Arc<Settings>> = self.only.iter().cloned().collect();
        let known = self.folders.read().unwrap_or_else(PoisonError::into_inner);
        all.extend(known.values().cloned());
        drop(known);
        let mut files: FxHashMap<*const Settings, Vec<&str>> = FxHashMap::default();
        // Only entries that silence ask which files are theirs.
        let asks = all.iter().any(|settings| settings.has_ignores());
        for input in checked.filter(|_| asks) {
            let settings = Arc::as_ptr(&self.for_file(&input.path));
            files.entry(settings).or_default().push(&input.display);
        }
        let mut found = Vec::new();
        for settings in all {
            let own = files
                .get(&Arc::as_ptr(&settings))
                .map_or(&[][..], Vec::as_slice);
            let mut one = settings.leftovers(own);
            settings.judge(&mut one);
            found.extend(one);
        }
        in_order(found)
    }
}

fn in_order(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostic::sort(&mut found);
    found.dedup_by(|a, b| a.sort_key() == b.sort_key());
    found
}
