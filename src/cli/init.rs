//! `init`: looks at a folder and writes a commented `dashlint.toml` for it.

mod dialect;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use ignore::WalkBuilder;
use regex::Regex;

use self::dialect::Dialects;
use super::{CLEAN, CliError, output};
use crate::config::FILE_NAMES;
use crate::model::{Loaded, load};
use crate::report::terminal::sanitize;
use crate::source::Source;
use crate::source::kind::DocKind;
use crate::source::walk::{display_path, walk};

/// The official images: hub.docker.com/r/grafana/grafana, /r/prom/prometheus, quay.io/prometheus/prometheus.
static IMAGES: LazyLock<[(&str, Result<Regex, regex::Error>); 2]> = LazyLock::new(|| {
    [
        (
            "grafana",
            Regex::new(r"\bgrafana/grafana(?:-oss|-enterprise)?:v?(\d+\.\d+)"),
        ),
        (
            "prometheus",
            Regex::new(r"\b(?:prom|prometheus)/prometheus:v?(\d+\.\d+)"),
        ),
    ]
});

/// Larger files are no dashboard, and no file that names an image.
const MAX_BYTES: u64 = 16 << 20;
/// Folders people copy other people's files to.
const VENDORED: [&str; 5] = [
    "vendor",
    "vendored",
    "third_party",
    "third-party",
    "node_modules",
];
/// The file at the root of a monitoring mixin (monitoring-mixins/docs, "Mixin creation guidelines").
const MIXIN: &str = "mixin.libsonnet";
/// Files that name the images that run, besides YAML.
const IMAGE_FILES: [&str; 3] = ["Dockerfile", "Containerfile", ".env"];

/// Writes the file; the exit code.
pub(super) fn run(folder: &Path) -> Result<u8, CliError> {
    if !folder.is_dir() {
        return Err(CliError::Usage(format!(
            "{}: no such folder",
            folder.display()
        )));
    }
    for name in FILE_NAMES {
        let there = folder.join(name);
        if there.exists() {
            return Err(CliError::Usage(format!(
                "{} is there already; `dashlint config show` says what it comes to",
                there.display()
            )));
        }
    }
    let survey = Survey::of(folder)?;
    let path = match folder.to_str() {
        Some(".") => Path::new(FILE_NAMES[0]).to_path_buf(),
        _ => folder.join(FILE_NAMES[0]),
    };
    // `create_new`: a file that came to be in between is not overwritten either.
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)
        .and_then(|mut file| file.write_all(survey.config().as_bytes()))
        .map_err(|error| CliError::Usage(format!("{}: {error}", path.display())))?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "wrote {}: {}",
        sanitize(&path.display().to_string()),
        survey.found()
    )?;
    writeln!(
        out,
        "next: `dashlint` checks, `dashlint --fix` repairs what is safe; many findings? `--max-findings 10` shows the worst, \
         `--baseline known.txt --update-baseline` starts green"
    )?;
    Ok(CLEAN)
}

/// What a folder holds, as far as a configuration depends on it.
#[derive(Debug, Default)]
struct Survey {
    dashboards: usize,
    prometheus_rules: usize,
    /// Grafana's alerting and provisioning files.
    provisioning: usize,
    /// Folders with files of ours that are likely somebody else's, as globs.
    vendored: BTreeMap<String, usize>,
    /// Versions of images by product, each with the first file that names it.
    images: BTreeMap<&'static str, BTreeMap<String, String>>,
    /// Files that only mixins have, those at the top first.
    mixins: BTreeSet<(usize, String)>,
    dialects: Dialects,
}

impl Survey {
    fn of(folder: &Path) -> Result<Self, CliError> {
        let folder = folder
            .canonicalize()
            .map_err(|error| CliError::Usage(format!("{}: {error}", folder.display())))?;
        let mut survey = Survey::default();
        let walked = walk(&folder, false, &|_| true);
        for error in &walked.errors {
            output::complain(&error.message);
        }
        for path in &walked.files {
            if let Some(text) = read(path) {
                let shown = display_path(path, &folder);
                survey.images(&shown, &text);
                survey.file(shown, text);
            }
        }
        for entry in WalkBuilder::new(&folder)
            .hidden(false)
            .require_git(false)
            .git_global(false)
            .filter_entry(|entry| entry.file_name() != ".git")
            .build()
            .flatten()
        {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy();
            let shown = || display_path(path, &folder);
            if name == MIXIN {
                survey.mixins.insert((entry.depth(), shown()));
            } else if IMAGE_FILES.iter().any(|known| name.starts_with(known))
                && let Some(text) = read(path)
            {
                survey.images(&shown(), &text);
            }
        }
        Ok(survey)
    }

    fn file(&mut self, shown: String, text: String) {
        let source = Source::new(shown.as_str(), None, text);
        let Loaded::Parsed(file) = load(Arc::new(source), false) else {
            return;
        };
        let mut ours = false;
        for document in &file.documents {
            let count = match document.kind {
                DocKind::Dashboard
                | DocKind::ApiDashboard
                | DocKind::ResourceDashboard
                | DocKind::DashboardV2
                | DocKind::LibraryPanel => &mut self.dashboards,
                DocKind::PrometheusRules | DocKind::RuleResource => &mut self.prometheus_rules,
                kind if kind.is_linted() && !kind.is_carrier() => &mut self.provisioning,
                _ => continue,
            };
            *count += 1;
            ours = true;
        }
        match vendored(&shown).filter(|_| ours) {
            Some(glob) => *self.vendored.entry(glob).or_default() += 1,
            None => self.dialects.add(&shown, &file),
        }
    }

    /// Notes which versions of Grafana and Prometheus a file runs.
    fn images(&mut self, shown: &str, text: &str) {
        for (product, pattern) in IMAGES.iter() {
            let product = *product;
            if !text.contains(&format!("/{product}")) {
                continue;
            }
            let Ok(image) = pattern else { continue };
            for found in image.captures_iter(text) {
                let versions = self.images.entry(product).or_default();
                versions
                    .entry(found[1].to_owned())
                    .or_insert_with(|| shown.to_owned());
            }
        }
    }

    /// What was found, in a few words.
    fn found(&self) -> String {
        let counts = [
            (self.dashboards, "dashboard", "dashboards"),
            (self.prometheus_rules, "rule file", "rule files"),
            (
                self.provisioning,
                "provisioning or alerting file",
                "provisioning and alerting files",
            ),
        ];
        let words: Vec<String> = counts
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
            .collect();
        match words.as_slice() {
            [] => "no dashboards or rules found yet".to_owned(),
            words => format!("found {}", words.join(", ")),
        }
    }

    /// The text of the configuration.
    fn config(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(
            text,
            "#:schema {0}/raw/main/schemas/config.schema.json\n\
             # What dashlint checks in this folder. `dashlint rules` lists the rules, `dashlint explain RULE` tells about one,\n\
             # `dashlint config show` says what is in force and who said so.\n",
            env!("CARGO_PKG_REPOSITORY")
        );
        let mut mixins = self.mixins.iter().map(|(_, file)| file);
        let preset = match mixins.find(|file| vendored(file).is_none()) {
            Some(file) if file == MIXIN => {
                let _ = writeln!(text, "# {file} says this is a monitoring mixin.");
                "mixin"
            }
            // Its conventions are not those of the dashboards around it.
            Some(file) => {
                let _ = writeln!(
                    text,
                    "# {} says its folder is a monitoring mixin: a dashlint.toml there can extend preset:mixin.",
                    comment(file)
                );
                "recommended"
            }
            None => "recommended",
        };
        let _ = writeln!(
            text,
            "# recommended: what is right for everybody; strict adds the habits of a team, mixin the conventions of mixins.\n\
             extends = [\"preset:{preset}\"]\n"
        );
        text.push_str(
            "# The versions in use decide which fields, functions and deprecations count. Unset: the newest known.\n",
        );
        self.version(&mut text, "grafana", "12.1");
        self.version(&mut text, "prometheus", "3.5");
        text.push_str(
            "\n# Files to leave alone, as globs. What .gitignore names is left alone anyway.\n",
        );
        if self.vendored.is_empty() {
            text.push_str("# exclude = [\"vendor/**\"]\n");
        } else {
            let globs: toml_edit::Array = self.vendored.keys().map(String::as_str).collect();
            let _ = writeln!(text, "exclude = {globs}");
        }
        let prometheus = self.images.get("prometheus");
        let runs_it = prometheus.and_then(|versions| versions.values().next());
        self.dialects.write(&mut text, runs_it.map(String::as_str));
        text.push_str(REST);
        text
    }

    fn version(&self, text: &mut String, product: &str, example: &str) {
        let versions = self.images.get(product);
        match versions
            .map(|versions| versions.iter().collect::<Vec<_>>())
            .as_deref()
        {
            Some([(version, file)]) => {
                let _ = writeln!(text, "{product} = \"{version}\"  # from {}", comment(file));
            }
            None | Some([]) => {
                let _ = writeln!(text, "# {product} = \"{example}\"");
            }
            Some(several) => {
                let said: Vec<String> = several
                    .iter()
                    .map(|(version, file)| format!("{version} in {}", comment(file)))
                    .collect();
                let _ = writeln!(text, "# {product}: {}; choose one", said.join(", "));
            }
        }
    }
}

/// What needs no look at the folder.
const REST: &str = r#"
# Severities: a rule or a group to "off", "error", "warning" or "info", or a table with the rule's options.
[rules]
# accessibility = "off"
# refresh-too-fast = { severity = "warning", warn-below = 5 }

# Findings that are known and accepted. An entry that silences nothing any more is told.
# [[ignore]]
# rules = ["undefined-variable"]
# files = ["dashboards/legacy/*.json"]
# reason = "rendered by a script that fills them in"
# until = 2030-12-31
"#;

/// A path in a comment of one line.
fn comment(path: &str) -> String {
    sanitize(path).into_owned()
}

/// The glob of the folder a path lies in, if that is likely somebody else's.
fn vendored(path: &str) -> Option<String> {
    let mut end = 0;
    for part in path.split('/') {
        end += part.len() + 1;
        if VENDORED.contains(&part) && end < path.len() {
            return path
                .get(..end)
                .map(|folder| format!("{}**", globset::escape(folder)));
        }
    }
    None
}

fn read(path: &Path) -> Option<String> {
    let size = fs::metadata(path).ok()?.len();
    (size <= MAX_BYTES).then(|| fs::read_to_string(path).ok())?
}
