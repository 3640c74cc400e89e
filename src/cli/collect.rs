//! From paths to projects: which files are checked, which are only indexed.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::CliError;
use super::args::CheckArgs;
use super::sieve::Sieves;
use crate::config::{Configs, is_configured, is_marked_root, is_versioned};
use crate::lint::Input;
use crate::source::kind::is_provisioned;
use crate::source::walk::{WalkError, display_path, walk};

/// Which files are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted<'a> {
    /// Files and folders.
    pub(super) paths: &'a [PathBuf],
    /// More paths come from here.
    pub(super) files_from: Option<&'a str>,
    /// What standard input is called.
    pub(super) stdin_filename: Option<&'a Path>,
    /// What is excluded stays so when it is named.
    pub(super) force_exclude: bool,
    /// Files are written.
    pub(super) fix: bool,
}

impl<'a> From<&'a CheckArgs> for Wanted<'a> {
    fn from(args: &'a CheckArgs) -> Self {
        Wanted {
            paths: &args.paths,
            files_from: args.files_from.as_deref(),
            stdin_filename: args.stdin_filename.as_deref(),
            force_exclude: args.force_exclude,
            fix: args.fix,
        }
    }
}

/// One project and its files.
#[derive(Debug)]
pub(super) struct ProjectInputs {
    /// Its folder.
    pub(super) root: PathBuf,
    /// The folder from which configurations say which of its files are looked at: that of the project around it that is checked
    /// with it, or its own.
    pub(super) from: PathBuf,
    /// Its files, sorted by path.
    pub(super) inputs: Vec<Input>,
    /// All of them are checked, and so are the projects inside it.
    pub(super) whole: bool,
}

/// What the given paths come to.
#[derive(Debug)]
pub(super) struct Collected {
    /// The projects they lie in.
    pub(super) projects: Vec<ProjectInputs>,
    /// What could not be walked.
    pub(super) errors: Vec<WalkError>,
    /// Links, pipes and the like with the name of a file that would be looked at.
    pub(super) passed: Vec<Arc<str>>,
    /// What the configuration leaves out below the given paths.
    pub(super) excluded: Vec<Arc<str>>,
    /// The paths themselves, absolute, links in them not followed: nothing outside them is written.
    pub(super) roots: Vec<PathBuf>,
}

/// All projects that the paths lie in, and what could not be walked.
pub(super) fn collect(args: &Wanted<'_>, configs: &Configs) -> Result<Collected, CliError> {
    let here = env::current_dir()
        .map_err(|error| CliError::Usage(format!("no working directory: {error}")))?;
    let mut paths = args.paths.to_vec();
    if let Some(from) = args.files_from {
        if from != "-" {
            return Err(CliError::Usage(
                "--files-from takes `-`, standard input".to_owned(),
            ));
        }
        let mut list = String::new();
        io::stdin()
            .read_to_string(&mut list)
            .map_err(|error| CliError::Usage(format!("cannot read the list of files: {error}")))?;
        if paths == [PathBuf::from(".")] {
            paths.clear();
        }
        paths.extend(
            list.lines()
                .filter(|line| !line.is_empty())
                .map(PathBuf::from),
        );
    }
    let mut projects: BTreeMap<PathBuf, Vec<(PathBuf, bool)>> = BTreeMap::new();
    let mut stdin = None;
    let mut roots = Vec::new();
    let mut excluded = BTreeSet::new();
    let sieves = Sieves::new(configs, &here);
    for path in &paths {
        if path.as_os_str() == "-" {
            stdin = Some(read_stdin(args, &here)?);
            continue;
        }
        if !path.exists() {
            return Err(CliError::Usage(format!(
                "{}: no such file or folder",
                path.display()
            )));
        }
        // A pipe may never end, and a device may do anything.
        if !path.is_file() && !path.is_dir() {
            return Err(CliError::Usage(format!(
                "{}: no regular file or folder; `-` is standard input",
                path.display()
            )));
        }
        let absolute = normalise(&here.join(path));
        roots.push(absolute.clone());
        if args.force_exclude && path.is_file() && !sieves.all_let(&absolute) {
            excluded.insert(absolute);
            continue;
        }
        projects
            .entry(configs.project_root(&absolute))
            .or_default()
            .push((absolute, path.is_dir()));
    }
    if stdin.is_some() && args.fix && !roots.is_empty() {
        return Err(CliError::Usage(
            "--fix writes standard input, fixed, to standard output: give `-` alone".to_owned(),
        ));
    }
    // A text with a name is that file of its project, as somebody is writing it; without one it stands alone.
    if let Some(input) = &stdin
        && args.stdin_filename.is_some()
    {
        projects
            .entry(configs.project_root(&input.path))
            .or_default()
            .push((input.path.clone(), false));
    }
    let mut errors = Vec::new();
    let mut passed = BTreeSet::new();
    let mut collected = Vec::new();
    merge_nested(&mut projects);
    // Projects that nobody named, and the folders that they were found from.
    let mut found_from: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    // A project inside another sorts after it.
    while let Some((root, targets)) = projects.pop_first() {
        let from = found_from.remove(&root).unwrap_or_else(|| root.clone());
        let sieve = sieves.from(&from);
        let left_out = Mutex::new(Vec::new());
        let keep = &|path: &Path| {
            let lets = sieve.lets(path);
            if !lets {
                let mut left_out = left_out.lock().unwrap_or_else(PoisonError::into_inner);
                left_out.push(path.to_owned());
            }
            lets
        };
        // Without a mark of a project a single file knows its own folder, not all that lies below it.
        let lone = targets.iter().all(|(_, folder)| !folder) && !is_marked_root(&root);
        let walked = walk(&root, lone, keep);
        errors.extend(walked.errors);
        let given = |path: &Path| {
            targets
                .iter()
                .any(|(target, folder)| *folder && path.starts_with(target))
        };
        passed.extend(walked.passed.into_iter().filter(|path| given(path)));
        let files = walked.files;
        let mut inner = Inner::new(&root);
        let own = files.into_iter().filter(|file| !inner.holds(file));
        let mut inputs: BTreeMap<PathBuf, Input> = own
            .map(|file| {
                let target = targets.iter().any(|(path, folder)| match folder {
                    true => file.starts_with(path),
                    false => file == *path,
                });
                (file.clone(), input(file, &here, target))
            })
            .collect();
        for (path, folder) in &targets {
            if *folder && !path.starts_with(&root) {
                continue;
            }
            if *folder {
                // A folder that is ignored, or lies below one, is walked when it is named.
                if *path == root {
                    continue;
                }
                let walked = walk(path, false, keep);
                errors.extend(walked.errors);
                passed.extend(walked.passed);
                for file in walked.files {
                    if inner.holds(&file) {
                        continue;
                    }
                    inputs
                        .entry(file.clone())
                        .and_modify(|input| input.target = true)
                        .or_insert_with(|| input(file, &here, true));
                }
            } else if stdin.as_ref().is_some_and(|input| input.path == *path) {
                inputs.extend(stdin.take().map(|input| (path.clone(), input)));
            } else {
                let entry = inputs
                    .entry(path.clone())
                    .or_insert_with(|| input(path.clone(), &here, true));
                entry.target = true;
            }
        }
        let mut whole = inputs
            .values()
            .all(|input| input.target && input.text.is_none());
        for own in inner.roots {
            if targets
                .iter()
                .any(|(path, folder)| *folder && own.starts_with(path))
            {
                let target = (own.clone(), true);
                let targets = projects.entry(own.clone()).or_default();
                if !targets.contains(&target) {
                    found_from.insert(own, from.clone());
                    targets.push(target);
                }
            } else {
                whole = false;
            }
        }
        let left_out = left_out
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        excluded.extend(left_out.into_iter().filter(|path| given(path)));
        collected.push(ProjectInputs {
            inputs: inputs.into_values().collect(),
            whole,
            root,
            from,
        });
    }
    if let Some(input) = stdin {
        collected.push(ProjectInputs {
            root: here.clone(),
            from: here.clone(),
            inputs: vec![input],
            whole: false,
        });
    }
    errors.sort();
    errors.dedup();
    let shown = |paths: BTreeSet<PathBuf>| {
        let shown = paths.iter().map(|path| display_path(path, &here));
        shown.map(Arc::from).collect()
    };
    Ok(Collected {
        projects: collected,
        errors,
        passed: shown(passed),
        excluded: shown(excluded),
        roots,
    })
}

/// Given paths of which one holds the other are one project, unless the inner one is marked as a project's root.
fn merge_nested(projects: &mut BTreeMap<PathBuf, Vec<(PathBuf, bool)>>) {
    let roots: Vec<PathBuf> = projects.keys().cloned().collect();
    for root in &roots {
        let outer = roots
            .iter()
            .find(|outer| *outer != root && root.starts_with(outer));
        if let Some(outer) = outer
            && !is_marked_root(root)
            && let Some(targets) = projects.remove(root)
        {
            projects.entry(outer.clone()).or_default().extend(targets);
        }
    }
}

/// The projects inside another one, as its files are met.
struct Inner<'c> {
    /// Whether a configuration stands in the project's root or above.
    within_configured: bool,
    root: &'c Path,
    folders: FxHashMap<PathBuf, Marks>,
    /// The folder that was asked for last, and what it was: files come folder by folder.
    last: Option<(PathBuf, bool)>,
    /// Their roots.
    roots: BTreeSet<PathBuf>,
}

impl<'c> Inner<'c> {
    fn new(root: &'c Path) -> Self {
        Inner {
            within_configured: root.ancestors().any(is_configured),
            root,
            folders: FxHashMap::default(),
            last: None,
            roots: BTreeSet::new(),
        }
    }

    /// Whether `file` belongs to one of them.
    fn holds(&mut self, file: &Path) -> bool {
        let folder = file.parent().unwrap_or(self.root);
        if let Some((last, inside)) = &self.last
            && last.as_os_str() == folder.as_os_str()
        {
            return *inside;
        }
        let marks = match folder.starts_with(self.root) {
            true => self.marks(folder),
            false => Marks::default(),
        };
        let inside = match marks.root(self.within_configured) {
            Some(own) => {
                self.roots.insert(own.to_path_buf());
                true
            }
            None => false,
        };
        self.last = Some((folder.to_path_buf(), inside));
        inside
    }

    /// What marks a folder of the project, and the folders between it and the project's root.
    fn marks(&mut self, folder: &Path) -> Marks {
        let mut below = Vec::new();
        let mut marks = Marks::default();
        for here in folder.ancestors().take_while(|here| *here != self.root) {
            if let Some(known) = self.folders.get(here) {
                marks = known.clone();
                break;
            }
            below.push(here);
        }
        for here in below.into_iter().rev() {
            if is_configured(here) {
                marks.configured = Some(Arc::from(here));
            }
            if is_versioned(here) {
                marks.versioned = Some(Arc::from(here));
            }
            self.folders.insert(here.to_path_buf(), marks.clone());
        }
        marks
    }
}

/// The nearest folders, below the root of the project that is walked, that begin one of their own.
#[derive(Debug, Clone, Default)]
struct Marks {
    configured: Option<Arc<Path>>,
    versioned: Option<Arc<Path>>,
}

impl Marks {
    /// The root of the project inside, as [`Configs::project_root`] has it: a configuration counts for more than a `.git`, also
    /// one of the project around (`configured`).
    fn root(&self, configured: bool) -> Option<&Path> {
        let versioned = || self.versioned.as_deref().filter(|_| !configured);
        self.configured.as_deref().or_else(versioned)
    }
}

/// A file as a project knows it.
pub(super) fn input(path: PathBuf, here: &Path, target: bool) -> Input {
    Input {
        display: Arc::from(display_path(&path, here)),
        provisioned: is_provisioned(&path),
        path,
        target,
        text: None,
    }
}

fn read_stdin(args: &Wanted<'_>, here: &Path) -> Result<Input, CliError> {
    let mut text = String::new();
    io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| CliError::Usage(format!("cannot read standard input: {error}")))?;
    let name = args.stdin_filename.unwrap_or(Path::new("stdin"));
    let path = normalise(&here.join(name));
    Ok(Input {
        display: Arc::from(display_path(&path, here)),
        provisioned: is_provisioned(&path),
        path,
        target: true,
        text: Some(Arc::from(text)),
    })
}

/// A path without `.` and `..`. By its words alone, unless a `..` follows a link, which leads elsewhere.
fn normalise(path: &Path) -> PathBuf {
    let mut ahead = PathBuf::new();
    let mut parts = path.components().peekable();
    let mut linked = false;
    while let Some(part) = parts.next() {
        ahead.push(part);
        linked |= parts.peek() == Some(&Component::ParentDir) && ahead.is_symlink();
    }
    if linked
        && let (Some(folder), Some(name)) = (path.parent(), path.file_name())
        && let Ok(folder) = folder.canonicalize()
    {
        return folder.join(name);
    }
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !plain.pop() {
                    plain.push(part);
                }
            }
            other => plain.push(other),
        }
    }
    plain
}
