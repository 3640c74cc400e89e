//! Finding the configuration that counts for a file.

mod problems;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;

use super::files::{Base, absolute, slashed};
use super::names::{Catalogue, Selector};
use super::parts::{Extend, Parts, folder_of};
use super::policies::Policies;
use super::selection::{Preset, Selection};
use super::settings::Settings;
use crate::diagnostic::meta::{INVALID_CONFIG, UNUSED_CONFIG};
use crate::diagnostic::{Diagnostic, Group};
use crate::policy::PolicySet;
use crate::source::walk::display_path;
use crate::source::{Source, open_regular, read_regular};
use crate::span::Span;

/// The names of configuration files, the stronger first.
pub const FILE_NAMES: [&str; 2] = ["dashlint.toml", ".dashlint.toml"];

/// No file has a longer path (PATH_MAX of Linux); names in reports of others may.
pub(crate) const LONGEST_PATH: usize = 4096;

/// A configuration that was asked for and cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// `--config` names a file that cannot be read.
    #[error("cannot read the configuration {}: {error}; check the path after --config", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// `--policy` names a file that cannot be read.
    #[error("cannot read the policy {}: {error}; check the path", path.display())]
    UnreadablePolicy {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// `--policy` names a folder without policy files.
    #[error("there is no policy file in {}: no .yaml or .yml file lies right in this folder", .0.display())]
    NoPolicies(PathBuf),
    /// `--policy` names a pack that there is not.
    #[error("there is no pack `{0}`; `dashlint rules` lists them")]
    UnknownPack(String),
    /// The working directory is gone.
    #[error("the working directory cannot be read: {0}")]
    NoWorkingDirectory(std::io::Error),
}

/// Where configurations come from.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `--config`: this file, for all files.
    pub config: Option<PathBuf>,
    /// `--isolated`: no file at all.
    pub isolated: bool,
    /// What the command line selects.
    pub selection: Selection,
    /// `--policy`: policy files, folders of them, and packs as `pack:NAME`.
    pub policies: Vec<String>,
    /// `--import`: the rules of other tools of which it has findings. The configuration may name more of them.
    pub foreign: Option<BTreeSet<String>>,
    /// Instead of the process's working directory.
    pub cwd: Option<PathBuf>,
    /// Instead of today (UTC), for tests.
    pub today: Option<Date>,
}

/// The configurations of a run, each read once. Threads may share it.
#[derive(Debug)]
pub struct Configs {
    cwd: PathBuf,
    today: Date,
    selection: Selection,
    catalogue: Catalogue,
    /// One for all files (`--config`, `--isolated`).
    only: Option<Arc<Settings>>,
    folders: RwLock<FxHashMap<PathBuf, Arc<Settings>>>,
    files: Mutex<FxHashMap<PathBuf, Arc<Parts>>>,
    problems: Mutex<Vec<(Arc<Settings>, Diagnostic)>>,
    policies: Policies,
}

/// How the files of `extends` end.
pub(super) const ENDINGS: [&str; 3] = [".toml", ".yaml", ".yml"];

/// Whether a file of `extends` is one of configuration, links followed: of no other may a report say what is in it.
pub(super) fn is_of_configuration(path: &Path) -> bool {
    let real = fs::canonicalize(path).unwrap_or_default();
    let name = real.to_string_lossy();
    real.is_file() && ENDINGS.iter().any(|ending| name.ends_with(ending))
}

impl Configs {
    /// Configurations as the command line wants them.
    ///
    /// # Errors
    /// The file after `--config` cannot be read.
    pub fn new(options: Options) -> Result<Self, ConfigError> {
        Configs::with_catalogue(options, Catalogue::native().clone())
    }

    pub(crate) fn with_catalogue(
        options: Options,
        catalogue: Catalogue,
    ) -> Result<Self, ConfigError> {
        let cwd = match options.cwd {
            Some(cwd) => cwd,
            None => std::env::current_dir().map_err(ConfigError::NoWorkingDirectory)?,
        };
        let cwd = absolute(&cwd, Path::new("/"));
        let mut configs = Configs {
            policies: Policies::new(&options.policies, options.foreign, &cwd)?,
            cwd,
            today: options.today.unwrap_or_else(today),
            selection: options.selection,
            catalogue,
            only: None,
            folders: RwLock::default(),
            files: Mutex::default(),
            problems: Mutex::default(),
        };
        if options.isolated {
            configs.only = Some(configs.settings(None));
        } else if let Some(path) = options.config {
            let path = absolute(&path, &configs.cwd);
            if let Err(error) = open_regular(&path) {
                return Err(ConfigError::Unreadable { path, error });
            }
            configs.only = Some(configs.settings(Some(&path)));
        }
        Ok(configs)
    }

    /// No files: the preset, and what the command line selects.
    pub fn isolated(selection: Selection) -> Self {
        let mut configs = Configs {
            cwd: PathBuf::from("/"),
            today: today(),
            selection,
            catalogue: Catalogue::native().clone(),
            only: None,
            folders: RwLock::default(),
            files: Mutex::default(),
            problems: Mutex::default(),
            policies: Policies::default(),
        };
        configs.only = Some(configs.settings(None));
        configs
    }

    /// No files, and no rules but these.
    pub(crate) fn of_policies(set: PolicySet) -> Self {
        let selection = Selection {
            select: vec![Selector::Group(Group::Policy)],
            ..Selection::default()
        };
        let settings = Configs::isolated(selection.clone()).base_settings();
        let mut configs = Configs::isolated(selection);
        configs.only = Some(Arc::new(settings.with_policies(set)));
        configs
    }

    /// The settings that no file changed.
    pub(crate) fn base_settings(self) -> Settings {
        let chain = self.chain(None, &mut Vec::new());
        Settings::new(
            chain,
            Base::new(&self.cwd, &self.cwd),
            self.catalogue,
            self.selection,
        )
    }

    /// Whether one counts for all files.
    pub(crate) fn is_one(&self) -> bool {
        self.only.is_some()
    }

    /// What counts for the file at `path`.
    pub fn for_file(&self, path: &Path) -> Arc<Settings> {
        match &self.only {
            Some(only) => only.clone(),
            None => {
                let path = absolute(path, &self.cwd);
                self.for_absolute(folder_of(&path))
            }
        }
    }

    /// What counts for files in `folder`.
    pub fn for_folder(&self, folder: &Path) -> Arc<Settings> {
        match &self.only {
            Some(only) => only.clone(),
            None => self.for_absolute(&absolute(folder, &self.cwd)),
        }
    }

    fn for_absolute(&self, folder: &Path) -> Arc<Settings> {
        let known = self.folders.read().unwrap_or_else(PoisonError::into_inner);
        let mut settings = None;
        let mut below = Vec::new();
        let possible = |folder: &&Path| folder.as_os_str().len() <= LONGEST_PATH;
        for folder in folder.ancestors().filter(possible) {
            settings = known.get(folder).cloned();
            if settings.is_some() {
                break;
            }
            below.push(folder);
        }
        drop(known);
        // From the nearest folder with a configuration on; without any from the top.
        let configured = below
            .iter()
            .enumerate()
            .find_map(|(at, folder)| Some((at, *folder, config_in(folder)?)));
        if let Some((at, folder, path)) = configured {
            below.truncate(at + 1);
            let of_folder = self.settings(Some(&path));
            self.warn_of_second(&of_folder, folder, &path);
            settings = Some(of_folder);
        }
        let mut settings = settings.unwrap_or_else(|| self.settings(None));
        let mut known = self.folders.write().unwrap_or_else(PoisonError::into_inner);
        for folder in below.into_iter().rev() {
            // Another thread may have been first: its settings carry the usage flags.
            settings = known
                .entry(folder.to_path_buf())
                .or_insert(settings)
                .clone();
        }
        settings
    }

    fn warn_of_second(&self, settings: &Arc<Settings>, folder: &Path, first: &Path) {
        let second = folder.join(FILE_NAMES[1]);
        if first == second || !second.is_file() {
            return;
        }
        let source = Source::new(self.display(first), Some(first.to_path_buf()), "");
        let message = format!("`{}` beside it is not read", FILE_NAMES[1]);
        let finding = UNUSED_CONFIG
            .at(&source, Span::default(), message)
            .with_help("merge the two files");
        self.report(settings, vec![finding]);
    }

    fn settings(&self, path: Option<&Path>) -> Arc<Settings> {
        let mut problems = Vec::new();
        let chain = self.chain(path, &mut problems);
        let folder = path.map_or(&*self.cwd, folder_of);
        let settings = Settings::new(
            chain,
            Base::new(folder, &self.cwd),
            self.catalogue.clone(),
            self.selection.clone(),
        );
        let display = |path: &Path| self.display(path);
        let policies = self.policies.of(&settings, &display, &mut problems);
        let settings = Arc::new(settings.with_policies(policies));
        for parts in &settings.chain {
            problems.extend(parts.problems.iter().cloned());
        }
        self.report(&settings, problems);
        settings
    }

    fn report(&self, settings: &Arc<Settings>, problems: Vec<Diagnostic>) {
        let mut all = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend(
            problems
                .into_iter()
                .map(|problem| (settings.clone(), problem)),
        );
    }

    /// The file and all it builds on, the weakest first.
    fn chain(&self, path: Option<&Path>, problems: &mut Vec<Diagnostic>) -> Vec<Arc<Parts>> {
        let mut chain = Vec::new();
        if let Some(path) = path {
            self.collect(path, &mut chain, &mut Vec::new(), problems);
        }
        if let Some(preset) = self.selection.preset {
            chain.retain(|parts| !parts.preset);
            let mut presets = Vec::new();
            self.collect_preset(preset, &mut presets);
            chain.splice(0..0, presets);
        } else if !chain.iter().any(|parts| parts.preset) {
            chain.insert(0, self.preset(Preset::Recommended));
        }
        chain
    }

    fn collect(
        &self,
        path: &Path,
        chain: &mut Vec<Arc<Parts>>,
        open: &mut Vec<PathBuf>,
        problems: &mut Vec<Diagnostic>,
    ) {
        let parts = self.parts(path);
        open.push(path.to_path_buf());
        for (extend, span) in &parts.extends {
            let mut fault = |message: String| {
                problems.push(INVALID_CONFIG.at(&parts.source, *span, message));
            };
            match extend {
                Extend::Preset(name) => {
                    if let Ok(preset) = name.parse() {
                        self.collect_preset(preset, chain);
                    }
                }
                Extend::Pack(_) => {}
                Extend::File(name) => {
                    let file = absolute(Path::new(name), folder_of(path));
                    if !ENDINGS.iter().any(|ending| name.ends_with(ending)) {
                        // Reported where the file is checked.
                    } else if !file.is_file() {
                        fault(format!("there is no file `{name}`"));
                    } else if !is_of_configuration(&file) {
                        fault(format!(
                            "`{name}` leads to a file that is no .toml or .yaml file"
                        ));
                    } else if open.contains(&file) {
                        fault(format!("`{name}` builds on this file"));
                    } else if name.ends_with(".toml") {
                        self.collect(&file, chain, open, problems);
                    }
                }
            }
        }
        open.pop();
        add(chain, parts);
    }

    fn collect_preset(&self, preset: Preset, chain: &mut Vec<Arc<Parts>>) {
        let parts = self.preset(preset);
        for (extend, _) in &parts.extends {
            if let Extend::Preset(name) = extend
                && let Ok(base) = name.parse()
                && base != preset
            {
                self.collect_preset(base, chain);
            }
        }
        add(chain, parts);
    }

    fn preset(&self, preset: Preset) -> Arc<Parts> {
        let name = PathBuf::from(format!("preset:{}", preset.name()));
        self.once(&name, || {
            let source = Source::new(slashed(&name), None, preset.text());
            let base = Base::new(&self.cwd, &self.cwd);
            let mut parts = Parts::parse(Arc::new(source), base, &self.catalogue, self.today);
            // What a preset says of rules that this catalogue lacks is no concern of users; a test looks after it.
            parts.problems.clear();
            parts.preset = true;
            parts
        })
    }

    fn parts(&self, path: &Path) -> Arc<Parts> {
        self.once(path, || {
            let base = Base::new(folder_of(path), &self.cwd);
            let display = self.display(path);
            let source = |text: String| {
                Arc::new(Source::new(display.clone(), Some(path.to_path_buf()), text))
            };
            match read_regular(path) {
                Ok(text) => Parts::parse(source(text), base, &self.catalogue, self.today),
                Err(error) => Parts::unreadable(source(String::new()), base, &error.to_string()),
            }
        })
    }

    fn once(&self, key: &Path, read: impl FnOnce() -> Parts) -> Arc<Parts> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files
            .entry(key.to_path_buf())
            .or_insert_with(|| Arc::new(read()))
            .clone()
    }

    fn display(&self, path: &Path) -> String {
        display_path(path, &self.cwd)
    }

    /// The folder whose files belong together with `path` (a file or a folder): the nearest one with a configuration,
    /// else the nearest with a `.git`, else `path` itself (its folder, if it is a file).
    pub fn project_root(&self, path: &Path) -> PathBuf {
        let path = absolute(path, &self.cwd);
        let start = if path.is_dir() {
            path.as_path()
        } else {
            folder_of(&path)
        };
        let configured = || start.ancestors().find(|folder| is_configured(folder));
        let versioned = || start.ancestors().find(|folder| is_versioned(folder));
        configured()
            .or_else(versioned)
            .unwrap_or(start)
            .to_path_buf()
    }
}

/// Whether something in `folder` makes it a project's root: a configuration or a `.git`.
pub(crate) fn is_marked_root(folder: &Path) -> bool {
    is_configured(folder) || is_versioned(folder)
}

/// Whether a configuration stands in `folder`.
pub(crate) fn is_configured(folder: &Path) -> bool {
    config_in(folder).is_some()
}

/// Whether `folder` is the top of a checkout.
pub(crate) fn is_versioned(folder: &Path) -> bool {
    folder.join(".git").exists()
}

fn add(chain: &mut Vec<Arc<Parts>>, parts: Arc<Parts>) {
    if !chain.iter().any(|known| Arc::ptr_eq(known, &parts)) {
        chain.push(parts);
    }
}

fn config_in(folder: &Path) -> Option<PathBuf> {
    FILE_NAMES
        .iter()
        .map(|name| folder.join(name))
        .find(|path| path.is_file())
}

/// Today, in UTC.
pub(crate) fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}
