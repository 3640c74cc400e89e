//! The baselines of a run: that of the command line for all files, else those of the configurations, each for its own.

use std::cell::RefCell;
use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::CliError;
use super::args::CheckArgs;
use super::baseline::Baseline;
use super::collect::ProjectInputs;
use crate::config::{Configs, absolute};
use crate::diagnostic::Diagnostic;

/// All of them.
pub(super) struct Baselines<'c> {
    configs: &'c Configs,
    here: PathBuf,
    all: Vec<Baseline>,
    /// The one for files whose configuration names none, in `all`: that of the command line, or of the working directory.
    general: Option<usize>,
    /// The command line names one, for all files.
    given: bool,
    /// Those of files that were asked for.
    known: RefCell<FxHashMap<Arc<str>, Option<usize>>>,
}

impl<'c> Baselines<'c> {
    /// Reads those that count for these projects.
    pub(super) fn read(
        args: &CheckArgs,
        configs: &'c Configs,
        projects: &[ProjectInputs],
    ) -> Result<Self, CliError> {
        let here = env::current_dir()?;
        let mut baselines = Baselines {
            configs,
            here: here.clone(),
            all: Vec::new(),
            general: None,
            given: args.baseline.is_some(),
            known: RefCell::default(),
        };
        let of_folder = |folder: &Path| configs.for_folder(folder).baseline.clone();
        let general = args.baseline.clone().or_else(|| of_folder(&here));
        if let Some(path) = general {
            baselines.add(&path, args.update_baseline)?;
            baselines.general = Some(0);
        }
        if !baselines.given {
            for path in projects.iter().filter_map(|one| of_folder(&one.root)) {
                baselines.add(&path, args.update_baseline)?;
            }
        }
        if baselines.all.is_empty() && args.update_baseline {
            return Err(CliError::Usage(
                "--update-baseline needs to know the file: give --baseline FILE, or set `baseline` in the configuration"
                    .to_owned(),
            ));
        }
        Ok(baselines)
    }

    fn add(&mut self, path: &Path, update: bool) -> Result<(), CliError> {
        if self.position(path).is_none() {
            self.all.push(Baseline::read(path, update)?);
        }
        Ok(())
    }

    fn position(&self, path: &Path) -> Option<usize> {
        let path = absolute(path, &self.here);
        self.all.iter().position(|one| one.path() == path)
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The number of the one that a finding of `file` may be in.
    fn of(&self, file: &Arc<str>) -> Option<usize> {
        if self.given {
            return self.general;
        }
        let of_configuration = || {
            let path = absolute(Path::new(&**file), &self.here);
            let settings = self.configs.for_file(&path);
            self.position(settings.baseline.as_deref()?)
        };
        let mut known = self.known.borrow_mut();
        let of_file = known.entry(file.clone());
        *of_file.or_insert_with(|| of_configuration().or(self.general))
    }

    /// Silences the findings that they hold.
    pub(super) fn apply(&self, findings: &mut [Diagnostic]) {
        for (number, baseline) in self.all.iter().enumerate() {
            baseline.apply(findings, &|file| self.of(file) == Some(number));
        }
    }

    /// Lets them hold these findings from now on, as [`Baseline::update`] does; what changed, in words.
    pub(super) fn update(
        &mut self,
        findings: &[Diagnostic],
        roots: &[PathBuf],
    ) -> Result<Vec<String>, CliError> {
        let mut own: Vec<Vec<&Diagnostic>> = self.all.iter().map(|_| Vec::new()).collect();
        for finding in findings {
            let of_file = self.of(&finding.location.file);
            if let Some(own) = of_file.and_then(|number| own.get_mut(number)) {
                own.push(finding);
            }
        }
        let all = self.all.iter_mut().zip(own);
        all.map(|(baseline, own)| baseline.update(&own, roots, self.configs))
            .collect()
    }
}
