//! The checkout a file lies in: where it comes from, and which documents it has. Only the disk is asked, and only once somebody
//! asks for a document.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::headings::Headings;
use crate::config::absolute;
use crate::source::read_regular;

/// How many files are looked at for one that was moved.
const MOST_FILES: usize = 100_000;
/// Longer documents are not looked into.
const MAX_DOCUMENT_BYTES: u64 = 4 << 20;

/// Endings of files that people read.
const DOCUMENTS: [&str; 7] = ["md", "markdown", "mdx", "adoc", "rst", "html", "txt"];

/// Checkouts by folder.
#[derive(Debug, Default)]
pub(crate) struct Repositories {
    by_folder: Mutex<FxHashMap<PathBuf, Arc<Repository>>>,
}

impl Repositories {
    /// The checkout that `folder` lies in; where there is none, the folder `fallback`.
    pub(crate) fn of(&self, folder: &Path, fallback: &Path) -> Arc<Repository> {
        let mut known = self
            .by_folder
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(repository) = known.get(folder) {
            return repository.clone();
        }
        let root = folder
            .ancestors()
            .find(|ancestor| ancestor.join(".git").exists());
        let repository = match root.and_then(|root| known.get(root)) {
            Some(repository) => repository.clone(),
            None => Arc::new(Repository::open(root.unwrap_or(fallback))),
        };
        if let Some(root) = root {
            known.insert(root.to_path_buf(), repository.clone());
        }
        known.insert(folder.to_path_buf(), repository.clone());
        repository
    }
}

/// A checkout.
#[derive(Debug)]
pub(crate) struct Repository {
    root: PathBuf,
    /// Where it is kept: `github.com/acme/infra`.
    remotes: Vec<String>,
    /// The branches whose files these are.
    branches: Vec<String>,
    documents: OnceLock<Vec<String>>,
    headings: Mutex<FxHashMap<String, Option<Arc<Headings>>>>,
}

impl Repository {
    fn open(root: &Path) -> Self {
        let git = git_folder(&root.join(".git"));
        let read = |name: &str| read_regular(&git.join(name)).unwrap_or_default();
        let mut branches = vec!["main".to_owned(), "master".to_owned(), "HEAD".to_owned()];
        for (file, prefix) in [
            ("HEAD", "ref: refs/heads/"),
            ("refs/remotes/origin/HEAD", "ref: refs/remotes/origin/"),
        ] {
            let head = read(file);
            branches.extend(head.trim().strip_prefix(prefix).map(str::to_owned));
        }
        Repository {
            root: root.to_path_buf(),
            remotes: read("config").lines().filter_map(remote).collect(),
            branches,
            documents: OnceLock::new(),
            headings: Mutex::default(),
        }
    }

    /// The path within the checkout that an address of its own leads to: of GitHub, GitLab, Gitea, Bitbucket. Those of another branch, of
    /// a tag or of a commit are not what lies here.
    pub(crate) fn own_path<'u>(&self, url: &'u str) -> Option<&'u str> {
        let (_, rest) = url.split_once("://")?;
        let raw = rest.strip_prefix("raw.githubusercontent.com/");
        let below = self.remotes.iter().find_map(|remote| match raw {
            Some(raw) => below(raw, remote.strip_prefix("github.com/")?),
            None => below(rest, remote),
        })?;
        // github.com/o/r/blob/main/p, gitlab.com/o/r/-/blob/main/p, gitea/o/r/src/branch/main/p, bitbucket.org/o/r/src/main/p
        let below = below.strip_prefix("-/").unwrap_or(below);
        let path = match raw {
            Some(_) => below,
            None => ["blob/", "tree/", "raw/", "src/branch/", "src/"]
                .iter()
                .find_map(|prefix| below.strip_prefix(prefix))?,
        };
        let path = path.strip_prefix("refs/heads/").unwrap_or(path);
        let path = self
            .branches
            .iter()
            .find_map(|branch| path.strip_prefix(branch.as_str())?.strip_prefix('/'))?;
        Some(path.split(['#', '?']).next().unwrap_or(path))
    }

    /// A path written in the file `from`, as a path from the root: beside the file first, then from the root. `None`
    /// where it leads out of the checkout; otherwise with whether something is there.
    pub(crate) fn find(&self, from: &Path, written: &str) -> Option<(String, bool)> {
        let folder = from.parent().unwrap_or(&self.root);
        let rooted = written.trim_start_matches('/');
        let mut places = Vec::new();
        if rooted.len() == written.len() {
            places.push(absolute(Path::new(written), folder));
        }
        places.push(absolute(Path::new(rooted), &self.root));
        let mut inside = places
            .iter()
            .filter_map(|place| Some((place, place.strip_prefix(&self.root).ok()?)));
        let found = inside.clone().find(|(place, _)| place.exists());
        let (_, path) = found.or_else(|| inside.next_back())?;
        Some((crate::config::slashed(path), found.is_some()))
    }

    /// Whether a folder is the top of the checkout.
    pub(crate) fn is_root(&self, folder: &Path) -> bool {
        folder == self.root
    }

    /// Whether there is something at a path from the root.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// The only document of the same name elsewhere, as a path from the root.
    pub(crate) fn moved(&self, path: &str) -> Option<&str> {
        let name = path.rsplit('/').next().filter(|name| !name.is_empty())?;
        let mut same = self
            .documents()
            .iter()
            .filter(|document| document.rsplit('/').next() == Some(name));
        let first = same.next()?;
        same.next().is_none().then_some(first)
    }

    /// The headings of a Markdown document; `None` for anything else.
    pub(crate) fn headings(&self, path: &str) -> Option<Arc<Headings>> {
        let ending = path.rsplit('.').next().unwrap_or("");
        if !matches!(ending, "md" | "markdown" | "mdx") {
            return None;
        }
        let mut known = self.headings.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .entry(path.to_owned())
            .or_insert_with(|| {
                // Not what a symbolic link brings in from elsewhere, and no pipe or device.
                let root = fs::canonicalize(&self.root).ok()?;
                let file = fs::canonicalize(root.join(path)).ok()?;
                if !file.starts_with(&root) || !fs::metadata(&file).ok()?.is_file() {
                    return None;
                }
                let mut text = String::new();
                let most = MAX_DOCUMENT_BYTES + 1;
                let read = fs::File::open(&file)
                    .ok()?
                    .take(most)
                    .read_to_string(&mut text);
                let whole = read.is_ok_and(|read| (read as u64) < most);
                whole.then(|| Arc::new(Headings::of(&text)))
            })
            .clone()
    }

    fn documents(&self) -> &[String] {
        self.documents.get_or_init(|| {
            // In order, so that the same files are looked at on every machine where there are too many.
            let walk = ignore::WalkBuilder::new(&self.root)
                .sort_by_file_name(std::ffi::OsStr::cmp)
                .build();
            let mut documents: Vec<String> = walk
                .take(MOST_FILES)
                .filter_map(Result::ok)
                .filter(|entry| {
                    let ending = entry.path().extension().and_then(|ending| ending.to_str());
                    ending.is_some_and(|ending| DOCUMENTS.contains(&ending))
                })
                .filter_map(|entry| {
                    let path = entry.path().strip_prefix(&self.root).ok()?;
                    Some(crate::config::slashed(path))
                })
                .collect();
            documents.sort_unstable();
            documents
        })
    }
}

/// What stands below an address, on the same host and path whatever their case.
fn below<'u>(rest: &'u str, remote: &str) -> Option<&'u str> {
    let (head, tail) = rest.split_at_checked(remote.len())?;
    head.eq_ignore_ascii_case(remote)
        .then(|| tail.strip_prefix('/'))?
}

/// Where Git keeps its files: `.git` itself, or in a worktree the place it names.
fn git_folder(git: &Path) -> PathBuf {
    let Ok(text) = read_regular(git) else {
        return git.to_path_buf();
    };
    let Some(own) = text.trim().strip_prefix("gitdir: ") else {
        return git.to_path_buf();
    };
    let own = git.parent().unwrap_or(git).join(own);
    match read_regular(&own.join("commondir")) {
        Ok(common) => own.join(common.trim()),
        Err(_) => own,
    }
}

/// The address in a line of Git's configuration, as `host/path`: `url = git@github.com:acme/infra.git`.
fn remote(line: &str) -> Option<String> {
    let url = line
        .trim()
        .strip_prefix("url")?
        .trim_start()
        .strip_prefix('=')?
        .trim();
    let rest = match url.split_once("://") {
        Some((_, rest)) => rest.to_owned(),
        None => url.replacen(':', "/", 1),
    };
    let rest = rest
        .rsplit_once('@')
        .map_or(rest.as_str(), |(_, rest)| rest);
    let rest = rest.trim_end_matches('/');
    let rest = rest.strip_suffix(".git").unwrap_or(rest);
    // `ssh://git@host:2222/path`
    let (host, path) = rest.split_once('/')?;
    let host = host.split(':').next().unwrap_or(host);
    Some(format!("{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remotes_are_read_however_they_are_written() {
        for url in [
            "https://github.com/acme/infra.git",
            "https://user:word@github.com/acme/infra",
            "git@github.com:acme/infra.git",
            "ssh://git@github.com:22/acme/infra.git",
        ] {
            let line = format!("\turl = {url}");
            assert_eq!(
                remote(&line).as_deref(),
                Some("github.com/acme/infra"),
                "{url}"
            );
        }
        assert_eq!(remote("\tfetch = +refs/heads/*"), None);
    }

    #[test]
    fn an_address_of_the_own_repository_is_known() {
        let repository = Repository {
            root: PathBuf::from("/nowhere"),
            remotes: vec![
                "github.com/acme/infra".to_owned(),
                "git.acme.io/ops/infra".to_owned(),
            ],
            branches: vec!["main".to_owned()],
            documents: OnceLock::new(),
            headings: Mutex::default(),
        };
        for (url, path) in [
            (
                "https://github.com/acme/infra/blob/main/runbooks/a.md#x",
                Some("runbooks/a.md"),
            ),
            (
                "https://GitHub.com/Acme/infra/tree/main/runbooks",
                Some("runbooks"),
            ),
            (
                "https://raw.githubusercontent.com/acme/infra/main/a.md",
                Some("a.md"),
            ),
            (
                "https://git.acme.io/ops/infra/-/blob/main/a.md",
                Some("a.md"),
            ),
            (
                "https://git.acme.io/ops/infra/src/branch/main/a.md",
                Some("a.md"),
            ),
            ("https://github.com/acme/infra/blob/v1.2/a.md", None),
            ("https://github.com/acme/infra-docs/blob/main/a.md", None),
            ("https://github.com/acme/infra/wiki/a", None),
        ] {
            assert_eq!(repository.own_path(url), path, "{url}");
        }
    }
}
