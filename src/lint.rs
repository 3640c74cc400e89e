//! The way through: files → facts → project → findings.
//!
//! rayon runs twice over the files. The first pass parses, collects facts and drops the tree (it is kept while all
//! inputs together are small); one reduce makes the project; the second pass runs the rules.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::config::{Configs, Settings};
use crate::diagnostic::{self, Diagnostic, gather};
use crate::model::{LeftAlone, Loaded, ParsedFile, SkipReason, load};
use crate::project::{FileFacts, Project};
use crate::rules;
pub(crate) use crate::source::MAX_FILE_BYTES;
use crate::source::kind::{Sniff, sniff};
use crate::source::{LineIndex, Position, Source, format};
use crate::syntax::Tree;

/// Texts and trees up to this many bytes together are kept between the passes; the rest is parsed again.
const KEEP_BYTES: usize = 48 << 20;
/// How much memory a thread keeps for what it reads next.
const MAX_KEPT_BYTES: usize = 4 << 20;

/// A file to look at.
#[derive(Debug, Clone)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// What reports call it.
    pub display: Arc<str>,
    /// Its findings are reported; otherwise it is only indexed.
    pub target: bool,
    /// It lies in a folder that Grafana provisions from.
    pub provisioned: bool,
    /// Its text, when it does not come from the disk (standard input, a file being fixed).
    pub text: Option<Arc<str>>,
}

/// A file that was left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// What reports call it.
    pub file: Arc<str>,
    /// Why.
    pub reason: SkipReason,
}

/// What a run found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Findings, sorted by file, place and rule; silenced ones carry what silenced them.
    pub diagnostics: Vec<Diagnostic>,
    /// Files left alone, sorted.
    pub skipped: Vec<Skipped>,
    /// Parts of linted files that are left alone, as `file#pointer`, by file.
    pub left: Vec<Skipped>,
    /// Files linted, sorted.
    pub linted: Vec<Arc<str>>,
    /// What was known of the project; a second look at one file (a round of fixes) uses it again.
    pub project: Project,
}

/// What the first pass leaves of a file.
struct Look {
    facts: FileFacts,
    /// Kept while there is room.
    kept: Option<ParsedFile>,
    left: Vec<LeftAlone>,
    state: State,
    /// Bytes of its text, where it is linted.
    len: usize,
}

impl Look {
    /// Of a file that nothing is known of.
    fn without(state: State) -> Self {
        Look {
            facts: FileFacts::default(),
            kept: None,
            left: Vec::new(),
            state,
            len: 0,
        }
    }
}

enum State {
    Linted,
    Skipped(SkipReason),
    Unreadable(Unreadable),
}

/// Why a file cannot be read, and from where on.
struct Unreadable {
    message: String,
    at: Position,
}

impl Unreadable {
    fn finding(&self, input: &Input, settings: &Settings) -> Vec<Diagnostic> {
        rules::unreadable(&input.display, &self.message, self.at, settings)
            .into_iter()
            .collect()
    }
}

impl<T: Into<String>> From<T> for Unreadable {
    fn from(message: T) -> Self {
        let at = Position {
            line: 1,
            column: 1,
            offset: 0,
        };
        Unreadable {
            message: message.into(),
            at,
        }
    }
}

/// Looks at every file once, and puts together what they say.
fn first_pass(
    inputs: &[Input],
    configs: &Configs,
    tick: &(dyn Fn() + Sync),
) -> (Vec<Look>, Project) {
    let total = AtomicUsize::new(0);
    let looks: Vec<Look> = inputs
        .par_iter()
        .map(|input| {
            let look = look(input, &total, configs);
            tick();
            look
        })
        .collect();
    let (instances, metrics) = inputs
        .first()
        .map(|input| {
            let settings = configs.for_file(&input.path);
            let metrics = settings.metrics.clone();
            (
                settings.instances.clone(),
                metrics.with_inventory(settings.inventory.clone()),
            )
        })
        .unwrap_or_default();
    let project =
        Project::reduce(looks.iter().map(|look| &look.facts), &instances).with_metrics(metrics);
    (looks, project)
}

/// What is done with the findings of a run, and so what is worked out for them.
#[derive(Debug, Clone)]
pub struct LintOptions {
    /// Every place of a fault is a finding of its own: what is still to be silenced or repaired is so place by place, and
    /// [`gather`] comes after.
    pub apart: bool,
    /// Somebody reads fingerprints. Else those that no `[[ignore]]` entry can name are empty.
    pub fingerprints: bool,
    /// What the project was before the change that is looked at, if that is known.
    pub before: Option<Arc<Project>>,
}

impl Default for LintOptions {
    fn default() -> Self {
        LintOptions {
            apart: false,
            fingerprints: true,
            before: None,
        }
    }
}

impl LintOptions {
    /// Every place on its own, with all that can be known of it.
    pub fn places() -> Self {
        LintOptions {
            apart: true,
            ..LintOptions::default()
        }
    }
}

/// Lints one project: `inputs` are all its files. `tick` is called once per file and pass.
pub fn lint(inputs: &[Input], configs: &Configs, tick: &(dyn Fn() + Sync)) -> Outcome {
    lint_with(inputs, configs, LintOptions::default(), tick)
}

/// The same, as somebody wants it.
pub fn lint_with(
    inputs: &[Input],
    configs: &Configs,
    options: LintOptions,
    tick: &(dyn Fn() + Sync),
) -> Outcome {
    let (mut looks, mut project) = first_pass(inputs, configs, tick);
    let LintOptions {
        apart,
        fingerprints,
        before,
    } = options;
    if let Some(before) = before {
        project = project.compared_with(before);
    }
    let mut found: Vec<Vec<Diagnostic>> = inputs.iter().map(|_| Vec::new()).collect();
    let mut turns: Vec<_> = inputs.iter().zip(&mut looks).zip(&mut found).collect();
    // The longest come first: at the end no thread waits for one that has just begun with a long one.
    turns.sort_by_key(|((_, look), _)| Reverse(look.len));
    let project_now = &project;
    rayon::scope_fifo(|scope| {
        for ((input, look), found) in turns {
            scope.spawn_fifo(move |_| {
                // Its tree goes at the end of its turn, and leaves its room to what comes after.
                let kept = look.kept.take();
                *found = second_look(input, &look.state, kept, project_now, configs, fingerprints);
                diagnostic::sort(found);
                tick();
                if !apart {
                    *found = gather(std::mem::take(found));
                }
                found.shrink_to_fit();
            });
        }
    });
    let mut outcome = Outcome {
        diagnostics: Vec::with_capacity(found.iter().map(Vec::len).sum()),
        ..Outcome::default()
    };
    for ((input, look), found) in inputs.iter().zip(&looks).zip(found) {
        if !input.target {
            continue;
        }
        match &look.state {
            State::Linted | State::Unreadable(_) => outcome.linted.push(input.display.clone()),
            State::Skipped(reason) => outcome.skipped.push(Skipped {
                file: input.display.clone(),
                reason: reason.clone(),
            }),
        }
        outcome.left.extend(look.left.iter().map(|left| Skipped {
            file: Arc::from(format!("{}#{}", input.display, left.pointer)),
            reason: left.reason.clone(),
        }));
        outcome.diagnostics.extend(found);
    }
    outcome.linted.sort();
    outcome.skipped.sort_by(|a, b| a.file.cmp(&b.file));
    diagnostic::sort(&mut outcome.diagnostics);
    outcome.project = project;
    outcome
}

/// What `see` makes of each file that is looked at, given all that the project says; in the order of `inputs`. The second
/// list says which files cannot be read, and why.
pub fn survey<T: Send>(
    inputs: &[Input],
    configs: &Configs,
    see: &(dyn Fn(&ParsedFile, &Project, &Settings) -> T + Sync),
) -> (Vec<T>, Vec<(Arc<str>, String)>) {
    let (mut looks, project) = first_pass(inputs, configs, &|| ());
    let seen: Vec<Option<T>> = inputs
        .par_iter()
        .zip(looks.par_iter_mut())
        .map(|(input, look)| {
            if !input.target || !matches!(look.state, State::Linted) {
                return None;
            }
            let settings = configs.for_file(&input.path);
            match look.kept.take() {
                Some(file) => Some(see(&file, &project, &settings)),
                None => match load(read(input).ok()??, input.provisioned) {
                    Loaded::Parsed(file) => Some(see(&file, &project, &settings)),
                    Loaded::Skipped(_) => None,
                },
            }
        })
        .collect();
    let unreadable = inputs
        .iter()
        .zip(looks)
        .filter_map(|(input, look)| match look.state {
            State::Unreadable(why) if input.target => Some((input.display.clone(), why.message)),
            _ => None,
        })
        .collect();
    (seen.into_iter().flatten().collect(), unreadable)
}

/// Lints one file again, with its text changed, as part of a project already known; every place of a fault is a finding of its
/// own.
pub fn relint(input: &Input, project: &Project, configs: &Configs) -> Vec<Diagnostic> {
    let look = look(input, &AtomicUsize::new(0), configs);
    let mut found = second_look(input, &look.state, look.kept, project, configs, true);
    diagnostic::sort(&mut found);
    found
}

fn look(input: &Input, total: &AtomicUsize, configs: &Configs) -> Look {
    match read(input) {
        Ok(Some(source)) => match load(source.clone(), input.provisioned) {
            Loaded::Parsed(mut file) => Look {
                facts: FileFacts::collect(&file, &configs.for_file(&input.path)),
                left: std::mem::take(&mut file.left),
                kept: keep(file, input, total),
                state: State::Linted,
                len: source.text.len(),
            },
            Loaded::Skipped(reason) => Look {
                facts: FileFacts::of_other(&source),
                ..Look::without(State::Skipped(reason))
            },
        },
        Ok(None) => Look::without(State::Skipped(SkipReason::NoTellingKeys)),
        Err(why) => Look::without(State::Unreadable(why)),
    }
}

/// The file, where there is room to keep it.
fn keep(file: ParsedFile, input: &Input, total: &AtomicUsize) -> Option<ParsedFile> {
    let weight = file.source.text.len() + file.trees.iter().map(Tree::weight).sum::<usize>();
    let kept = input.target && total.fetch_add(weight, Ordering::Relaxed) + weight <= KEEP_BYTES;
    kept.then_some(file)
}

fn second_look(
    input: &Input,
    state: &State,
    kept: Option<ParsedFile>,
    project: &Project,
    configs: &Configs,
    fingerprints: bool,
) -> Vec<Diagnostic> {
    if !input.target {
        return Vec::new();
    }
    let settings = &configs.for_file(&input.path);
    let lint_file = |file: &ParsedFile| {
        let mut found = rules::run(file, project, settings, fingerprints);
        diagnostic::suppress::apply(file, settings, &mut found);
        found
    };
    let changed = || {
        Unreadable::from("it changed while it was looked at; run again").finding(input, settings)
    };
    match state {
        State::Skipped(_) => Vec::new(),
        State::Unreadable(why) => why.finding(input, settings),
        State::Linted => match &kept {
            Some(file) => lint_file(file),
            None => match read(input) {
                Ok(Some(source)) => match load(source, input.provisioned) {
                    Loaded::Parsed(file) => lint_file(&file),
                    Loaded::Skipped(_) => changed(),
                },
                Ok(None) => changed(),
                Err(why) => why.finding(input, settings),
            },
        },
    }
}

/// The text of a file; `None` for one that is no UTF-8 and has no telling keys.
fn read(input: &Input) -> Result<Option<Arc<Source>>, Unreadable> {
    if let Some(text) = &input.text {
        let source = Source::new(
            input.display.clone(),
            Some(input.path.clone()),
            text.clone(),
        );
        return Ok(Some(Arc::new(source)));
    }
    thread_local! {
        /// What was read last: the next file needs no memory of its own before its text is known.
        static BYTES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    BYTES.with_borrow_mut(|bytes| {
        read_bytes(&input.path, bytes)?;
        let source = from_bytes(input, bytes);
        bytes.clear();
        bytes.shrink_to(MAX_KEPT_BYTES);
        source
    })
}

/// The file whose bytes these are; `None` where it is none of ours, in an encoding that we do not read.
fn from_bytes(input: &Input, bytes: &[u8]) -> Result<Option<Arc<Source>>, Unreadable> {
    let ours = |text: &[u8]| input.provisioned || sniff(text) == Sniff::Parse { certain: true };
    if let Some(wide) = format::wide(bytes) {
        return if ours(&wide.ascii) {
            let name = wide.name;
            let message = format!(
                "it is {name}; save it as UTF-8, which every reader of JSON and YAML takes"
            );
            Err(Unreadable::from(message))
        } else {
            Ok(None)
        };
    }
    match str::from_utf8(bytes) {
        Ok(text) => {
            let source = Source::new(input.display.clone(), Some(input.path.clone()), text);
            Ok(Some(Arc::new(source)))
        }
        Err(error) => {
            let at = error.valid_up_to();
            if !ours(bytes) {
                return Ok(None);
            }
            // Everything before it is UTF-8: the position counts as in any other text.
            let before = String::from_utf8_lossy(&bytes[..at]);
            let at = LineIndex::new(&before).position(&before, at as u32);
            Err(Unreadable {
                message: "a byte here is no UTF-8, which JSON and YAML must be".to_owned(),
                at,
            })
        }
    }
}

/// Puts the bytes of a file into `bytes`.
fn read_bytes(path: &Path, bytes: &mut Vec<u8>) -> Result<(), String> {
    let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("it is no regular file".to_owned());
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(format!(
            "it has {} MiB; files above {} MiB are not read",
            metadata.len() >> 20,
            MAX_FILE_BYTES >> 20
        ));
    }
    bytes.clear();
    bytes.reserve(metadata.len() as usize + 1);
    let file = fs::File::open(path).map_err(|error| error.to_string())?;
    file.take(MAX_FILE_BYTES + 1)
        .read_to_end(bytes)
        .map_err(|error| error.to_string())?;
    Ok(())
}
