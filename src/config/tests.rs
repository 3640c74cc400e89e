//! Tests of the configuration.

mod files;
mod ignores;
mod levels;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::date;

use super::{Catalogue, Configs, Options, Selection, Settings};
use crate::diagnostic::{Diagnostic, Group, Severity};
use crate::rules::{Check, OptionDefault, OptionSpec, Rule};

const fn rule(id: &'static str, group: Group, severity: Severity) -> Rule {
    Rule {
        id,
        group,
        severity,
        summary: "",
        since: "0.1.0",
        fix: None,
        options: &[],
        page: "",
        check: Check::Emitted,
    }
}

static MISSING_UNIT: Rule = rule("missing-unit", Group::Units, Severity::Warning);
static UNKNOWN_UNIT: Rule = rule("unknown-unit", Group::Units, Severity::Error);
static LONG_TITLE: Rule = rule("long-title", Group::Style, Severity::Info);
static PANEL_COST: Rule = Rule {
    options: &[
        OptionSpec {
            name: "work",
            default: OptionDefault::Int(100),
            doc: "Samples.",
        },
        OptionSpec {
            name: "share",
            default: OptionDefault::Float(0.5),
            doc: "A share.",
        },
        OptionSpec {
            name: "labels",
            default: OptionDefault::List(&["a"]),
            doc: "Labels.",
        },
        OptionSpec {
            name: "deep",
            default: OptionDefault::Bool(true),
            doc: "Whether.",
        },
        OptionSpec {
            name: "word",
            default: OptionDefault::Str("x"),
            doc: "A word.",
        },
    ],
    ..rule("panel-cost", Group::Cost, Severity::Warning)
};
static SAMPLES: &[&Rule] = &[&MISSING_UNIT, &UNKNOWN_UNIT, &LONG_TITLE, &PANEL_COST];

/// A folder with files, and the configurations in it.
struct Tree {
    folder: tempfile::TempDir,
}

impl Tree {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            fs::write(path, text).expect("a file");
        }
        Tree { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn options(&self) -> Options {
        Options {
            cwd: Some(self.folder.path().to_path_buf()),
            today: Some(date(2026, 6, 15)),
            ..Options::default()
        }
    }

    fn configs(&self) -> Configs {
        self.configs_with(self.options())
    }

    fn configs_with(&self, options: Options) -> Configs {
        Configs::with_catalogue(options, Catalogue::of(SAMPLES)).expect("configurations")
    }
}

/// The settings that one `dashlint.toml` makes, and what is wrong with it.
fn settings(text: &str) -> (Arc<Settings>, String) {
    selected(text, Selection::default())
}

fn selected(text: &str, selection: Selection) -> (Arc<Settings>, String) {
    let tree = Tree::new(&[("dashlint.toml", text)]);
    let configs = tree.configs_with(Options {
        selection,
        ..tree.options()
    });
    let settings = configs.for_file(Path::new("a.json"));
    let problems = told(&configs.problems());
    (settings, problems)
}

/// Findings, one a line.
fn told(findings: &[Diagnostic]) -> String {
    findings
        .iter()
        .map(|finding| {
            let start = finding.location.range.start;
            let help = finding.help.as_deref();
            format!(
                "{}:{}:{} {}[{}] {}{}\n",
                finding.location.file,
                start.line,
                start.column,
                finding.severity,
                finding.rule,
                finding.message,
                help.map_or(String::new(), |help| format!(" ({help})")),
            )
        })
        .collect()
}
