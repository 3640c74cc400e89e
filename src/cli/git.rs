//! What git knows: which repositories files lie in, and what these were at a revision.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::CliError;
use super::blobs::{Blob, read};
use super::links::followed;
use crate::lint::MAX_FILE_BYTES;

/// In a hook the environment names the repository of the hook, which may be another one than is asked.
const OF_A_HOOK: [&str; 4] = [
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_WORK_TREE",
];

/// What a work tree was.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) files: Vec<Blob>,
    links: Vec<Blob>,
    /// The commits of the repositories inside it that it has as submodules.
    modules: BTreeMap<PathBuf, String>,
}

/// Repositories at a revision.
///
/// The one of the working directory, if it lies in one, and those beside it are asked for the revision itself. A submodule was
/// what the repository around it says it was.
#[derive(Debug)]
pub(super) struct Revision {
    name: String,
    /// The work tree of the working directory, if it lies in one.
    own: Option<PathBuf>,
    /// It has no `.git`: the environment says where that is.
    by_environment: bool,
    /// The work trees of folders, as they are met.
    tops: BTreeMap<PathBuf, Option<PathBuf>>,
    /// The work trees around work trees, as they are met.
    outers: BTreeMap<PathBuf, Option<PathBuf>>,
    /// What was in each of them.
    trees: BTreeMap<PathBuf, Tree>,
}

impl Revision {
    /// A revision of this name, of the repositories that the working directory or one of `paths` lies in; nothing is asked of it
    /// yet.
    pub(super) fn new<'p>(
        name: &str,
        mut paths: impl Iterator<Item = &'p Path>,
    ) -> Result<Self, CliError> {
        let here = env::current_dir()?;
        let mut revision = Revision {
            name: name.to_owned(),
            own: None,
            by_environment: false,
            tops: BTreeMap::new(),
            outers: BTreeMap::new(),
            trees: BTreeMap::new(),
        };
        revision.own = revision.top(&here);
        if revision.own.is_none() {
            match run(git(&here, &["rev-parse", "--show-toplevel"])) {
                Ok(top) => {
                    revision.own = Some(path_of(top.trim_ascii_end()));
                    revision.by_environment = true;
                }
                Err(_) if paths.any(|path| revision.top(path).is_some()) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(revision)
    }

    /// What each work tree was, as far as folders were added, by its path.
    pub(super) fn trees(&self) -> &BTreeMap<PathBuf, Tree> {
        &self.trees
    }

    /// Looks at the repository of a folder. `must`: it has to know the revision.
    pub(super) fn add(&mut self, folder: &Path, must: bool) -> Result<(), CliError> {
        let own = self.own.clone();
        let by_environment = own.filter(|own| self.by_environment && folder.starts_with(own));
        let Some(top) = self.top(folder).or(by_environment) else {
            return match must {
                true => Err(CliError::Usage(format!(
                    "--since: {} lies in no git repository",
                    folder.display()
                ))),
                false => Ok(()),
            };
        };
        let mut chain = vec![top];
        while let Some(outer) = chain.last().and_then(|top| self.outer(top)) {
            chain.push(outer);
        }
        let mut around: Option<PathBuf> = None;
        for top in chain.into_iter().rev() {
            if !self.trees.contains_key(&top) {
                let tree = match self.commit(&top, around.as_deref()) {
                    Ok(Some(commit)) => self.tree(&top, &commit)?,
                    Ok(None) => Tree::default(),
                    Err(error) if must => return Err(error),
                    Err(_) => Tree::default(),
                };
                self.trees.insert(top.clone(), tree);
            }
            around = Some(top);
        }
        Ok(())
    }

    /// The nearest folder with a repository of its own.
    fn top(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(known) = self.tops.get(folder) {
            return known.clone();
        }
        let top = folder.ancestors().find(|folder| {
            let git = folder.join(".git");
            git.is_file() || git.join("HEAD").exists()
        });
        let top = top.map(Path::to_path_buf);
        self.tops.insert(folder.to_path_buf(), top.clone());
        top
    }

    /// The repository around another one, if that lies in the one of the working directory; where that lies in none, if the inner
    /// one is its submodule.
    fn outer(&mut self, top: &Path) -> Option<PathBuf> {
        if let Some(known) = self.outers.get(top) {
            return known.clone();
        }
        let is_own = |own: &Path| own.starts_with(top);
        let around = match self.own.as_deref().is_some_and(is_own) {
            true => None,
            false => top.parent().and_then(|folder| self.top(folder)),
        };
        let outer = around.filter(|outer| match &self.own {
            Some(own) => outer.starts_with(own),
            None => self.is_module(top, outer),
        });
        self.outers.insert(top.to_path_buf(), outer.clone());
        outer
    }

    /// The commit that a repository was at; none where there was none.
    fn commit(&self, top: &Path, around: Option<&Path>) -> Result<Option<String>, CliError> {
        if let Some(around) = around {
            if let Some(commit) = self
                .trees
                .get(around)
                .and_then(|tree| tree.modules.get(top))
            {
                return Ok(Some(commit.clone()));
            }
            if let Some(commit) = self.moved_from(top, around) {
                return Ok(Some(commit));
            }
            if self.is_module(top, around) {
                return Ok(None);
            }
        }
        let commit = format!("{}^{{commit}}", self.name);
        let args = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ];
        let commit = run(self.git(top, &args)).map_err(|_| {
            let place = match self.own.as_deref() == Some(top) {
                true => "here".to_owned(),
                false => format!("in {}", top.display()),
            };
            CliError::Usage(format!(
                "--since: git knows no revision `{}` {place}; a shallow clone has to fetch it first (with actions/checkout: \
                 `fetch-depth: 0`)",
                self.name
            ))
        })?;
        Ok(Some(
            String::from_utf8_lossy(commit.trim_ascii_end()).into_owned(),
        ))
    }

    /// Whether a repository is a submodule of the one around it by now.
    fn is_module(&self, top: &Path, around: &Path) -> bool {
        let Ok(inside) = top.strip_prefix(around) else {
            return false;
        };
        let mut command = self.git(
            around,
            &["--literal-pathspecs", "ls-files", "--stage", "--"],
        );
        command.arg(inside);
        run(command).is_ok_and(|listed| listed.starts_with(b"160000 "))
    }

    /// The commit of a submodule that had another place in the repository around it: `.gitmodules` keeps its name.
    fn moved_from(&self, top: &Path, around: &Path) -> Option<String> {
        let tree = self.trees.get(around)?;
        let list = around.join(".gitmodules");
        let before = tree.files.iter().find(|blob| blob.path == list)?;
        let now = self.modules(around, "--file", list.as_os_str());
        let (name, _) = now.iter().find(|(_, path)| *path == top)?;
        let before = self.modules(around, "--blob", before.id.as_ref());
        let (_, path) = before.iter().find(|(known, _)| known == name)?;
        tree.modules.get(path).cloned()
    }

    /// The submodules that a `.gitmodules` lists: what each is called there, and where it lies.
    fn modules(&self, top: &Path, from: &str, list: &OsStr) -> Vec<(Vec<u8>, PathBuf)> {
        let mut command = self.git(top, &["config", "--null", from]);
        command.arg(list);
        command.args(["--get-regexp", r"^submodule\..*\.path$"]);
        let listed = run(command).unwrap_or_default();
        let entries = listed.split(|byte| *byte == 0);
        let entry = |entry: &[u8]| {
            let end = entry.iter().position(|byte| *byte == b'\n')?;
            let (name, path) = entry.split_at(end);
            Some((name.to_vec(), top.join(path_of(path.get(1..)?))))
        };
        entries.filter_map(entry).collect()
    }

    fn tree(&self, top: &Path, commit: &str) -> Result<Tree, CliError> {
        let args = ["ls-tree", "-r", "-l", "-z", "--full-tree", commit];
        let listed = run(self.git(top, &args)).map_err(|error| {
            CliError::Usage(format!(
                "{error}; {} was at commit {commit}, which this clone may lack: fetch it first",
                top.display()
            ))
        })?;
        let mut tree = Tree::default();
        for entry in listed.split(|byte| *byte == 0) {
            tree.add(entry, top);
        }
        Ok(tree)
    }

    /// git in a work tree.
    fn git(&self, top: &Path, args: &[&str]) -> Command {
        let mut command = git(top, args);
        if !self.by_environment {
            for name in OF_A_HOOK {
                command.env_remove(name);
            }
        }
        command
    }

    /// Adds to the files what was read by one of `paths`, all in a work tree or another, through links.
    pub(super) fn follow(&mut self, paths: &BTreeSet<&Path>) -> Result<(), CliError> {
        let mut found: Vec<(PathBuf, Vec<Blob>)> = Vec::new();
        for (top, tree) in &self.trees {
            let is_used = |link: &Blob| {
                let mut below = paths.range::<&Path, _>(link.path.as_path()..);
                below
                    .next()
                    .is_some_and(|path| path.starts_with(&link.path))
            };
            if !tree.links.iter().any(is_used) {
                continue;
            }
            let links: Vec<&Blob> = tree.links.iter().collect();
            let targets = self.texts(top, &links)?;
            let links: BTreeMap<&Path, Arc<str>> = links
                .iter()
                .zip(targets)
                .filter_map(|(link, target)| Some((link.path.as_path(), target?)))
                .collect();
            let files: BTreeMap<&Path, &Blob> = tree
                .files
                .iter()
                .map(|blob| (blob.path.as_path(), blob))
                .collect();
            let read = paths.iter().filter(|path| path.starts_with(top));
            let read = read.filter_map(|path| {
                let real = followed(path, &links).filter(|real| real != path)?;
                Some(Blob {
                    id: files.get(real.as_path())?.id.clone(),
                    path: path.to_path_buf(),
                })
            });
            found.push((top.clone(), read.collect()));
        }
        for (top, read) in found {
            self.trees.entry(top).or_default().files.extend(read);
        }
        Ok(())
    }

    /// The text that a file had.
    pub(super) fn text(&self, path: &Path) -> Option<Arc<str>> {
        let around = self
            .trees
            .iter()
            .rev()
            .filter(|(top, _)| path.starts_with(top));
        let mut found = around.filter_map(|(top, tree)| {
            let blob = tree.files.iter().find(|blob| blob.path == path)?;
            self.texts(top, &[blob]).ok()?.pop()?
        });
        found.next()
    }

    /// The texts of files of a work tree, in order; `None` for one that is no UTF-8.
    pub(super) fn texts(
        &self,
        top: &Path,
        blobs: &[&Blob],
    ) -> Result<Vec<Option<Arc<str>>>, CliError> {
        read(self.git(top, &["cat-file", "--batch"]), blobs)
    }
}

impl Tree {
    /// Adds an entry of `git ls-tree -l`: `100644 blob 1a2b…    12<tab>path`, where it is a file that may be read, or a submodule.
    fn add(&mut self, entry: &[u8], top: &Path) {
        let Some(tab) = entry.iter().position(|byte| *byte == b'\t') else {
            return;
        };
        let (about, name) = entry.split_at(tab);
        let path = top.join(path_of(name.get(1..).unwrap_or_default()));
        let words: Vec<&str> = match str::from_utf8(about) {
            Ok(about) => about.split_ascii_whitespace().collect(),
            Err(_) => return,
        };
        let [mode, kind, id, size] = words[..] else {
            return;
        };
        // Of one that is not in this clone the size is not known.
        let is_large = size.parse::<u64>().is_ok_and(|size| size > MAX_FILE_BYTES);
        let id = id.to_owned();
        if kind == "commit" {
            self.modules.insert(path, id);
        } else if kind == "blob" && mode.starts_with("100") && !is_large {
            self.files.push(Blob { id, path });
        } else if mode == "120000" && !is_large {
            self.links.push(Blob { id, path });
        }
    }
}

/// git in a folder.
pub(super) fn git(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        // What a partial clone left out is not fetched now.
        .env("GIT_NO_LAZY_FETCH", "1")
        .arg("-C")
        .arg(folder)
        .args(args)
        .stdin(Stdio::null());
    command
}

/// What git says; its complaint otherwise.
fn run(mut command: Command) -> Result<Vec<u8>, CliError> {
    let output = command
        .output()
        .map_err(|error| CliError::Usage(format!("--since needs the program git: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(CliError::Usage(format!("--since: {}", complaint.trim())))
}

/// A path as git writes it: on Unix any bytes.
fn path_of(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
    }
    #[cfg(not(unix))]
    {
        PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
    }
}
