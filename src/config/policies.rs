//! The policy files that count: packs and files of `extends`, and those of the command line.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::discover::{ConfigError, is_of_configuration};
use super::files::absolute;
use super::names::{Selector, nearest};
use super::settings::Settings;
use crate::diagnostic::meta::{INVALID_CONFIG, UNUSED_CONFIG};
use crate::diagnostic::{Diagnostic, Group, Severity};
use crate::policy::parse::parse;
use crate::policy::{PolicyFile, PolicyRule, PolicySet, pack};
use crate::source::{Source, open_regular, read_regular};
use crate::span::Span;

/// The policy files of a run, each read once.
#[derive(Debug, Default)]
pub(super) struct Policies {
    /// Those of the command line: packs, and absolute paths.
    named: Vec<Named>,
    read: Mutex<FxHashMap<PathBuf, Arc<PolicyFile>>>,
    broken: AtomicBool,
    /// The rules of other tools whose findings are imported, if any are: names of rules that no policy has may be theirs.
    foreign: Option<BTreeSet<String>>,
}

/// A name of a rule that is not known.
pub(super) struct Unknown {
    /// That it is not, and what is meant perhaps.
    pub(super) message: String,
    /// One that is known is spelled nearly so.
    pub(super) is_like_another: bool,
    /// A tool whose findings are imported may have it, and found nothing.
    pub(super) may_be_foreign: bool,
}

/// A policy file as it is named.
#[derive(Debug, Clone)]
enum Named {
    Pack(String),
    File(PathBuf),
}

impl Named {
    /// What it is known by once it is read.
    fn key(&self) -> PathBuf {
        match self {
            Named::Pack(name) => PathBuf::from(format!("pack:{name}")),
            Named::File(path) => path.clone(),
        }
    }
}

/// The policy files right in a folder, by name.
fn in_folder(folder: PathBuf) -> Result<Vec<PathBuf>, ConfigError> {
    let entries = fs::read_dir(&folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = match entries {
        Ok(entries) => entries,
        Err(error) => {
            return Err(ConfigError::UnreadablePolicy {
                path: folder,
                error,
            });
        }
    };
    let is_yaml = |path: &PathBuf| {
        let ending = path.extension().unwrap_or_default();
        (ending == "yaml" || ending == "yml") && !path.is_dir()
    };
    let paths = entries.into_iter().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = paths.filter(is_yaml).collect();
    files.sort();
    match files.is_empty() {
        true => Err(ConfigError::NoPolicies(folder)),
        false => Ok(files),
    }
}

impl Policies {
    /// Those that the command line names: files, folders of them, and `pack:NAME`.
    /// `foreign`: the rules of other tools whose findings are imported.
    pub(super) fn new(
        names: &[String],
        foreign: Option<BTreeSet<String>>,
        cwd: &Path,
    ) -> Result<Self, ConfigError> {
        let mut named = Vec::new();
        for name in names {
            if let Some(pack) = name.strip_prefix("pack:") {
                if pack::find(pack).is_none() {
                    return Err(ConfigError::UnknownPack(pack.to_owned()));
                }
                named.push(Named::Pack(pack.to_owned()));
                continue;
            }
            let path = absolute(Path::new(name), cwd);
            let files = match path.is_dir() {
                true => in_folder(path)?,
                false => vec![path],
            };
            for path in files {
                if let Err(error) = open_regular(&path) {
                    return Err(ConfigError::UnreadablePolicy { path, error });
                }
                named.push(Named::File(path));
            }
        }
        Ok(Policies {
            named,
            foreign,
            ..Policies::default()
        })
    }

    /// Whether one of those read so far is not understood.
    pub(super) fn are_broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }

    /// That none of those read so far has a rule of this name, nor a tool whose findings are imported, and what is meant perhaps.
    pub(super) fn unknown(&self, id: &str) -> Option<Unknown> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let rules = read.values().flat_map(|file| &file.rules);
        let mut ids: Vec<&str> = rules.map(|rule| rule.id.as_str()).collect();
        let may_be_foreign = self.foreign.is_some() && !is_claimed(id, &ids);
        ids.extend(self.foreign.iter().flatten().map(String::as_str));
        if ids.contains(&id) {
            return None;
        }
        let near = nearest(id, ids).map(|near| format!("did you mean `{near}`?"));
        let is_like_another = near.is_some();
        let hint = near.unwrap_or_else(|| match pack_of(id) {
            Some(pack) => format!("`--policy pack:{}` brings the pack", pack.name),
            None => "`dashlint rules` lists all".to_owned(),
        });
        Some(Unknown {
            message: format!("there is no rule `{id}`; {hint}"),
            is_like_another,
            may_be_foreign,
        })
    }

    /// Whether findings of this rule of another tool are imported.
    pub(super) fn is_foreign(&self, id: &str) -> bool {
        let foreign = self.foreign.as_ref();
        foreign.is_some_and(|rules| rules.contains(id))
    }

    /// That none of those read so far has a rule of this pack.
    pub(super) fn lack(&self, pack: &'static str) -> Option<String> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rules = read.values().flat_map(|file| &file.rules);
        let any = rules.any(|rule| Selector::Pack(pack).matches(&rule.id, Group::Policy));
        (!any)
            .then(|| format!("no rule of `{pack}` is here; `--policy pack:{pack}` brings the pack"))
    }

    /// Whether it is only the command line that brings the rule of this name: what these settings build on does not have it.
    pub(super) fn is_brought(&self, id: &str, settings: &Settings) -> bool {
        let packs = settings.packs.iter().cloned().map(Named::Pack);
        let files = settings.policies.iter();
        let files = files.map(|path| Named::File(absolute(path, Path::new("/"))));
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let has = |named: &Named| {
            let file = read.get(&named.key());
            file.is_some_and(|file| file.rules.iter().any(|rule| rule.id == id))
        };
        self.named.iter().any(has) && !packs.chain(files).any(|named| has(&named))
    }

    /// The rules that count with these settings. `display` says how a path is shown.
    pub(super) fn of(
        &self,
        settings: &Settings,
        display: &(dyn Fn(&Path) -> String + Sync),
        problems: &mut Vec<Diagnostic>,
    ) -> PolicySet {
        let packs = settings.packs.iter().cloned().map(Named::Pack);
        let files = settings.policies.iter();
        let files = files.filter(|path| is_of_configuration(path));
        let files = files.map(|path| Named::File(absolute(path, Path::new("/"))));
        let mut rules: Vec<Arc<PolicyRule>> = Vec::new();
        let mut taken: FxHashSet<String> = FxHashSet::default();
        let mut wanted: Vec<(PathBuf, Named)> = Vec::new();
        for named in packs.chain(files).chain(self.named.iter().cloned()) {
            let key = named.key();
            if !wanted.iter().any(|(known, _)| *known == key) {
                wanted.push((key, named));
            }
        }
        let read = wanted.par_iter();
        let read: Vec<Arc<PolicyFile>> = read
            .map(|(key, named)| self.read(key, named, display))
            .collect();
        for file in read {
            problems.extend(file.problems.iter().cloned());
            for rule in &file.rules {
                if !taken.insert(rule.id.clone()) {
                    let message = format!("another policy has a rule `{}`, too", rule.id);
                    problems.push(INVALID_CONFIG.at(&rule.source, rule.span, message));
                    self.broken.store(true, Ordering::Relaxed);
                } else {
                    rules.push(rule.clone());
                }
            }
        }
        let set = PolicySet::new(rules);
        // Of what a broken file would have, nothing is known.
        if !self.are_broken() && self.foreign.is_none() {
            unknown_names(settings, &set, problems);
        }
        set
    }

    fn read(
        &self,
        key: &Path,
        named: &Named,
        display: &(dyn Fn(&Path) -> String + Sync),
    ) -> Arc<PolicyFile> {
        let read = || self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let known = read().get(key).cloned();
        if let Some(file) = known {
            return file;
        }
        let file = Arc::new(
            match named {
                // An unknown one was reported where it is named.
                Named::Pack(name) => pack::find(name).map(|pack| parse(&pack.source())),
                Named::File(path) => read_file(path, &display(path)),
            }
            .unwrap_or_default(),
        );
        if !file.problems.is_empty() {
            self.broken.store(true, Ordering::Relaxed);
        }
        // Another thread may have been first.
        let mut read = read();
        read.entry(key.to_path_buf()).or_insert(file).clone()
    }
}

/// Names of `[rules]` and `[[ignore]]` that no policy has.
fn unknown_names(settings: &Settings, set: &PolicySet, problems: &mut Vec<Diagnostic>) {
    for parts in &settings.chain {
        let of_rules = parts
            .rules
            .iter()
            .map(|entry| (&entry.selector, entry.span));
        let ignores = parts.ignores.iter().flat_map(|ignore| &ignore.rules);
        let of_ignores = ignores.map(|(selector, span, _)| (selector, *span));
        for (selector, span) in of_rules.chain(of_ignores) {
            let Selector::Rule(id) = selector else {
                continue;
            };
            if !id.contains('/') || set.find(id).is_some() {
                continue;
            }
            let message = format!("no policy here has a rule `{id}`");
            // The policy may be one that other runs name on the command line.
            let mut finding = UNUSED_CONFIG.at(&parts.source, span, message);
            let rules = set.rules().iter();
            let ids: Vec<&str> = rules.map(|rule| rule.id.as_str()).collect();
            let near = nearest(id, ids.iter().copied());
            finding.help = match (near, pack_of(id)) {
                (Some(near), _) => Some(format!("did you mean `{near}`?")),
                (None, Some(pack)) => Some(format!("extends = [\"pack:{}\"]", pack.name)),
                (None, None) if is_claimed(id, &ids) => None,
                (None, None) => {
                    finding.severity = Severity::Info;
                    Some(
                        "it may be a rule of another tool, whose findings come with --import"
                            .to_owned(),
                    )
                }
            };
            problems.push(finding);
        }
    }
}

/// Whether a pack, or one of these rules, begins so: a rule of this name can be no other tool's.
fn is_claimed(id: &str, ids: &[&str]) -> bool {
    let start = |id: &str| id.split_once('/').map(|(start, _)| start.to_owned());
    pack_of(id).is_some() || ids.iter().any(|known| start(known) == start(id))
}

/// The pack whose rules are named so.
fn pack_of(id: &str) -> Option<&'static pack::Pack> {
    pack::find(id.split('/').next()?)
}

/// Reads a policy file; nothing where there is none, which is reported where it is named.
fn read_file(path: &Path, display: &str) -> Option<PolicyFile> {
    if !path.is_file() {
        return None;
    }
    let source = |text: String| Arc::new(Source::new(display, Some(path.to_path_buf()), text));
    let why = match read_regular(path) {
        Ok(text) => return Some(parse(&source(text))),
        Err(error) => error,
    };
    let message = format!("the policy file cannot be read: {why}");
    Some(PolicyFile {
        problems: vec![INVALID_CONFIG.at(&source(String::new()), Span::default(), message)],
        ..PolicyFile::default()
    })
}
