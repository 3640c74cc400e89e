//! `--baseline`: findings that were there when a team began.
//!
//! The file holds one finding a line, sorted, so that a change of it is read like any other and two branches merge:
//! `file<tab>rule<tab>fingerprint`, and `<tab>count` where several are equal. Files are named from the folder of the baseline.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CliError;
use super::owners::Owners;
use crate::config::{Configs, absolute};
use crate::diagnostic::known::{Known, Seen};
use crate::diagnostic::meta::INVALID_CONFIG;
use crate::diagnostic::{Diagnostic, Silencer, Suppression, gather};
use crate::fix::write_or_create;
use crate::report::{plural, plural_of};
use crate::source::read_regular;
use crate::source::walk::display_path;

const HEAD: &str = "# Findings that were there before; `dashlint --update-baseline` writes this file anew.\n\
                    # dashlint baseline, version 1: file, rule, fingerprint\n";

/// Equal findings: file, rule, fingerprint.
type Entry = (String, String, String);

/// A baseline and its file.
#[derive(Debug)]
pub(super) struct Baseline {
    path: PathBuf,
    here: PathBuf,
    /// The text of the file, where there is one.
    text: Option<String>,
    known: Known,
}

impl Baseline {
    /// Reads the file; where it is to be written it need not be there.
    pub(super) fn read(path: &Path, update: bool) -> Result<Self, CliError> {
        let here = env::current_dir()?;
        let fail = |why: String| {
            let message = format!("the baseline {} {why}", path.display());
            Err(CliError::Usage(message))
        };
        let text = match read_regular(path) {
            Ok(text) => Some(text),
            Err(error) if update && error.kind() == io::ErrorKind::NotFound => None,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return fail("is not there; --update-baseline writes it".to_owned());
            }
            Err(error) => return fail(format!("cannot be read: {error}")),
        };
        let lines = text.as_deref().unwrap_or_default();
        let first = lines.lines().next();
        if update && first.is_some_and(|first| HEAD.lines().all(|line| line != first)) {
            return fail(
                "is a file of another kind, which --update-baseline does not write over".to_owned(),
            );
        }
        // Written anew it is whole again.
        let broken = lines
            .lines()
            .position(|line| holds_entry(line) && entry(line).is_none());
        if let Some(line) = broken.filter(|_| !update) {
            return fail(format!(
                "has no finding in line {}: file, rule, fingerprint",
                line + 1
            ));
        }
        Ok(Baseline {
            path: absolute(path, &here),
            here,
            known: known(lines),
            text,
        })
    }

    /// Its file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What it holds, each with how often.
    fn entries(&self) -> BTreeMap<Entry, usize> {
        let mut entries: BTreeMap<Entry, usize> = BTreeMap::new();
        let text = self.text.as_deref().unwrap_or_default();
        for (entry, count) in text
            .lines()
            .filter(|line| holds_entry(line))
            .filter_map(entry)
        {
            let known = entries.entry(entry.owned()).or_insert(0);
            *known = known.saturating_add(count);
        }
        entries
    }

    /// What a file of a report is called in the baseline.
    fn name(&self, file: &str) -> String {
        let folder = self.path.parent().unwrap_or(&self.here);
        display_path(&absolute(Path::new(file), &self.here), folder)
    }

    /// The file on the disk that an entry names.
    fn file(&self, name: &str) -> PathBuf {
        let folder = self.path.parent().unwrap_or(&self.here);
        absolute(Path::new(name), folder)
    }

    /// Silences the findings that it holds, of the files that are its own.
    pub(super) fn apply(&self, findings: &mut [Diagnostic], is_own: &dyn Fn(&Arc<str>) -> bool) {
        let is_open = |finding: &Diagnostic| is_held(finding) && is_own(&finding.location.file);
        let open: Vec<usize> = (0..findings.len())
            .filter(|at| findings.get(*at).is_some_and(is_open))
            .collect();
        let own = findings.iter();
        let names = self.names(own.filter(|finding| is_own(&finding.location.file)));
        let known = |finding: &Diagnostic| {
            let file = names.get(&finding.location.file)?;
            Some((file.as_str(), finding.identity()))
        };
        let seen = open.iter().filter_map(|at| known(findings.get(*at)?));
        let identities: Vec<(&str, String)> = seen.collect();
        let silenced = findings.iter().filter(|finding| !is_held(finding));
        let silenced: Vec<(&str, String)> = silenced.filter_map(known).collect();
        let owners = Owners::default();
        let has_owner = |(file, fingerprint): Seen<'_>| owners.has(&self.file(file), fingerprint);
        let among = self.known.among(
            &identities,
            &silenced,
            &|name| !self.file(name).exists(),
            &has_owner,
        );
        for at in open
            .into_iter()
            .zip(among)
            .filter_map(|(at, is)| is.then_some(at))
        {
            if let Some(finding) = findings.get_mut(at) {
                finding.suppressed = Some(Suppression {
                    by: Silencer::Baseline,
                    reason: None,
                    until: None,
                });
            }
        }
    }

    /// What each file is called in the baseline.
    fn names<'f>(
        &self,
        findings: impl IntoIterator<Item = &'f Diagnostic>,
    ) -> BTreeMap<Arc<str>, String> {
        let mut names = BTreeMap::new();
        for finding in findings {
            let file = &finding.location.file;
            if !names.contains_key(file) {
                names.insert(file.clone(), self.name(file));
            }
        }
        names
    }

    /// Holds these findings from now on, and no others of files in `roots` and of rules that the command line let run; what
    /// changed, in words. What is silenced otherwise needs no entry.
    pub(super) fn update(
        &mut self,
        findings: &[&Diagnostic],
        roots: &[PathBuf],
        configs: &Configs,
    ) -> Result<String, CliError> {
        let elsewhere = |name: &str| {
            let file = self.file(name);
            file.exists() && !roots.iter().any(|root| file.starts_with(root))
        };
        let not_asked = |name: &str, rule: &str| {
            let file = self.file(name);
            file.exists() && configs.leaves_out(rule, &file)
        };
        let before = self.entries();
        let mut entries: BTreeMap<Entry, usize> = before
            .iter()
            .filter(|((file, rule, _), _)| elsewhere(file) || not_asked(file, rule))
            .map(|(entry, count)| (entry.clone(), *count))
            .collect();
        let kept = sum(&entries);
        let findings: Vec<&Diagnostic> = findings
            .iter()
            .copied()
            .filter(|finding| is_held(finding))
            .collect();
        let names = self.names(findings.iter().copied());
        for finding in &findings {
            let Some(file) = names.get(&finding.location.file) else {
                continue;
            };
            let entry = (file.clone(), finding.rule.to_string(), finding.identity());
            let count = entries.entry(entry).or_insert(0);
            *count = count.saturating_add(1);
        }
        let more = |a: &BTreeMap<Entry, usize>, b: &BTreeMap<Entry, usize>| -> usize {
            let only = |(entry, count): (&Entry, &usize)| {
                count.saturating_sub(b.get(entry).copied().unwrap_or(0))
            };
            a.iter().map(only).fold(0, usize::saturating_add)
        };
        let (added, gone) = (more(&entries, &before), more(&before, &entries));
        // As a report counts them.
        let mut held: Vec<Diagnostic> = findings.into_iter().cloned().collect();
        held.iter_mut()
            .for_each(|finding| finding.suppressed = None);
        let places = plural(held.len(), "place");
        let held = gather(held).len();
        let text = self.write(&entries)?;
        self.known = known(&text);
        self.text = Some(text);
        let others = match kept {
            0 => String::new(),
            count => format!(
                ", {} of what was not looked at kept",
                plural_of(count, ("entry", "entries"))
            ),
        };
        Ok(format!(
            "baseline {}: {} in {places} ({added} added, {gone} gone){others}",
            display_path(&self.path, &self.here),
            plural(held, "finding")
        ))
    }

    fn write(&self, entries: &BTreeMap<Entry, usize>) -> Result<String, CliError> {
        let mut text = HEAD.to_owned();
        for ((file, rule, fingerprint), count) in entries {
            let _ = write!(text, "{}\t{rule}\t{fingerprint}", escaped(file));
            if *count > 1 {
                let _ = write!(text, "\t{count}");
            }
            text.push('\n');
        }
        let folder = self.path.parent().unwrap_or(&self.here);
        write_or_create(&self.path, self.text.as_deref(), &text, folder)
            .map_err(|error| CliError::Usage(error.to_string()))?;
        Ok(text)
    }
}

/// How many findings these entries are.
fn sum(entries: &BTreeMap<Entry, usize>) -> usize {
    entries.values().copied().fold(0, usize::saturating_add)
}

/// Whether a baseline may hold it: what is silenced otherwise needs none, and a configuration that is not understood is to be
/// mended.
fn is_held(finding: &Diagnostic) -> bool {
    let by = finding
        .suppressed
        .as_ref()
        .map(|suppression| suppression.by);
    matches!(by, None | Some(Silencer::Baseline)) && finding.rule != INVALID_CONFIG.id
}

/// A line of a baseline.
struct Line<'t> {
    file: &'t str,
    rule: &'t str,
    fingerprint: &'t str,
}

impl Line<'_> {
    fn owned(&self) -> Entry {
        let (rule, fingerprint) = (self.rule.to_owned(), self.fingerprint.to_owned());
        (unescaped(self.file), rule, fingerprint)
    }
}

/// What a text holds. Lines are sorted by file: a name is mostly that of the line before.
fn known(text: &str) -> Known {
    let mut known = Known::default();
    let mut last: (&str, Arc<str>) = ("", Arc::from(""));
    for (line, count) in text
        .lines()
        .filter(|line| holds_entry(line))
        .filter_map(entry)
    {
        if line.file != last.0 {
            last = (line.file, Arc::from(unescaped(line.file)));
        }
        known.add(&last.1, line.fingerprint, count);
    }
    known
}

/// Whether a line is no comment.
fn holds_entry(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

fn entry(line: &str) -> Option<(Line<'_>, usize)> {
    let mut parts = line.split('\t');
    let (file, rule, fingerprint) = (parts.next()?, parts.next()?, parts.next()?);
    let count = match parts.next() {
        Some(count) => count.parse().ok()?,
        None => 1,
    };
    let hexadecimal = |byte: u8| byte.is_ascii_hexdigit();
    let whole = parts.next().is_none() && !rule.is_empty() && fingerprint.bytes().all(hexadecimal);
    let line = Line {
        file,
        rule,
        fingerprint,
    };
    whole.then_some((line, count))
}

/// A file's name on one line.
fn escaped(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        match c {
            '\\' => text.push_str("\\\\"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '#' if text.is_empty() => text.push_str("\\#"),
            c => text.push(c),
        }
    }
    text
}

fn unescaped(text: &str) -> String {
    let mut name = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('t') => name.push('\t'),
                Some('n') => name.push('\n'),
                Some('r') => name.push('\r'),
                Some(c) => name.push(c),
                None => {}
            },
            c => name.push(c),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_stands_on_one_line() {
        for name in ["a.json", "größe/a b.json", "#a", "a\tb\\n\nc\r"] {
            let line = escaped(name);
            assert!(!line.starts_with('#') && !line.contains(['\t', '\n', '\r']));
            assert_eq!(unescaped(&line), name);
        }
    }

    #[test]
    fn a_line_is_whole_or_none() {
        let of = |line: &str| entry(line).map(|(_, count)| count);
        assert_eq!(of("a.json\trule\t0a"), Some(1));
        assert_eq!(of("a.json\trule\t0a\t3"), Some(3));
        for line in [
            "<<<<<<< HEAD",
            "a\trule",
            "a\trule\t0a\tx",
            "a\trule\tzz",
            "a\tb\t0\t1\t1",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
    }
}
