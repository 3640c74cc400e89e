//! What a check found, in all projects.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::collect::ProjectInputs;
use super::import::Given;
use super::readable::Readable;
use super::sieve::Sieves;
use crate::config::Configs;
use crate::diagnostic::{Diagnostic, Safety, Summary};
use crate::lint::{Input, Outcome, Skipped};
use crate::project::Project;

/// What all projects found together.
#[derive(Default)]
pub(super) struct Found {
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Every place of a fault is a finding of its own.
    pub(super) apart: bool,
    /// What other tools found: nobody but they can look again at what was changed.
    pub(super) imported: Vec<Diagnostic>,
    /// Every file whose findings are reported, with the number of its project.
    pub(super) inputs: Vec<(usize, Input)>,
    pub(super) projects: Vec<Project>,
    /// Every file of the projects.
    pub(super) files: FxHashSet<Arc<str>>,
    /// What may be written to: the given paths.
    pub(super) roots: Vec<PathBuf>,
    /// What may be shown of other files.
    pub(super) readable: Readable,
    pub(super) skipped: Vec<Skipped>,
    /// Files that the configuration leaves out.
    pub(super) excluded: Vec<Arc<str>>,
    /// Parts of files that are left alone.
    pub(super) left: Vec<Skipped>,
    pub(super) linted: usize,
}

impl Found {
    pub(super) fn add(&mut self, project: ProjectInputs, outcome: Outcome) {
        let number = self.projects.len();
        self.linted += outcome.linted.len();
        self.skipped.extend(outcome.skipped);
        self.left.extend(outcome.left);
        self.files
            .extend(project.inputs.iter().map(|input| input.display.clone()));
        let targets = project.inputs.into_iter().filter(|input| input.target);
        self.inputs.extend(targets.map(|input| (number, input)));
        match self.diagnostics.is_empty() {
            // Most runs have one project, and some a great many findings.
            true => self.diagnostics = outcome.diagnostics,
            false => self.diagnostics.extend(outcome.diagnostics),
        }
        self.projects.push(outcome.project);
    }

    /// Says of a file whether it, or a folder that it lies in, was given. A file that is named itself is looked at though it is
    /// excluded, unless that is forced.
    pub(super) fn given<'c>(
        &self,
        configs: &'c Configs,
        force_exclude: bool,
    ) -> impl Fn(&Path) -> Given + use<'_, 'c> {
        let here = env::current_dir().unwrap_or_default();
        let sieves = Sieves::new(configs, &here);
        let texts = self.inputs.iter().filter(|(_, one)| one.text.is_some());
        let texts: FxHashSet<&Path> = texts.map(|(_, one)| one.path.as_path()).collect();
        let roots: FxHashSet<&Path> = self.roots.iter().map(PathBuf::as_path).collect();
        move |path| {
            let is_named = roots.contains(path) && !force_exclude;
            if texts.contains(path) || is_named {
                return Given::Yes;
            }
            let Some(root) = path.ancestors().find(|one| roots.contains(one)) else {
                return Given::Outside;
            };
            let lets = match root == path {
                true => sieves.all_let(path),
                false => sieves.from(&configs.project_root(root)).lets(path),
            };
            match lets {
                true => Given::Yes,
                false => Given::Excluded,
            }
        }
    }

    /// The files whose findings are reported, by name.
    pub(super) fn texts(&self) -> FxHashMap<&str, &Input> {
        let inputs = self.inputs.iter();
        inputs.map(|(_, input)| (&*input.display, input)).collect()
    }

    pub(super) fn summary(&self, allowed: Safety) -> Summary {
        let mut summary = Summary {
            files: self.linted,
            skipped: self.skipped.len(),
            ..Summary::default()
        };
        for diagnostic in &self.diagnostics {
            summary.count(diagnostic, Some(allowed));
        }
        for diagnostic in &self.imported {
            summary.count(diagnostic, None);
        }
        summary
    }
}
