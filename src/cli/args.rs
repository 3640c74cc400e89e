//! What may be written on the command line.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};

use super::shell::LONG_VERSION;
use crate::diagnostic::Severity;
use crate::report::Format;
use crate::report::cost::CostFormat;

/// A static linter and policy checker for Grafana dashboards, Grafana provisioning and alerting files, and Prometheus
/// rules.
#[derive(Debug, Parser)]
#[command(
    name = "dashlint",
    version,
    long_version = LONG_VERSION,
    about,
    long_about = None,
    args_conflicts_with_subcommands = true,
    after_help = "Exit codes: 0 nothing at or above --fail-on · 1 findings, or --diff would change something · 2 usage, \
                  configuration or internal error"
)]
pub struct Args {
    /// What to do instead of checking.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Checking is what happens without a command.
    #[command(flatten)]
    pub check: CheckArgs,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check files (what happens without a command, too)
    Check(Box<CheckArgs>),
    /// Explain a rule: what it finds, why it matters, examples
    Explain {
        /// The rule's id, as findings show it; or a group, pack:NAME, or `policies`
        rule: String,
        /// Show colours where a rule is about them
        #[arg(long, default_value = "auto")]
        color: ColorChoice,
        /// Also know the rules of this policy file, or of the files right in a folder; may be given several times
        #[arg(long, value_name = "FILE|FOLDER")]
        policy: Vec<String>,
    },
    /// List all rules
    Rules {
        /// Also list the rules of this policy file, or of the files right in a folder; may be given several times
        #[arg(long, value_name = "FILE|FOLDER")]
        policy: Vec<String>,
        /// How to write the list
        #[arg(long, default_value = "pretty")]
        format: ListFormat,
    },
    /// Say what a file is taken for and what dashlint sees in it
    Inspect(InspectArgs),
    /// Estimate what queries cost the server: the most expensive panels, dashboards and groups of rules
    Cost(CostArgs),
    /// Try the examples of policies
    Test(TestArgs),
    /// Write the beginning of something
    New {
        /// What
        #[command(subcommand)]
        what: NewCommand,
    },
    /// Show the configuration that counts, or its JSON schema
    Config {
        /// What to show
        #[command(subcommand)]
        what: ConfigCommand,
    },
    /// Look at the repository and write a commented dashlint.toml
    Init {
        /// The folder to write it in
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the man page
    Man,
}

/// Arguments of `test`.
#[derive(Debug, clap::Args)]
pub struct TestArgs {
    /// Policy files, folders of them, and packs as pack:NAME; without any those of the configuration
    #[arg(value_name = "POLICY")]
    pub policies: Vec<String>,
    /// When to colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
}

/// What `new` writes.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum NewCommand {
    /// A policy file with a rule and its examples
    Policy {
        /// The file to write
        #[arg(default_value = "policies/team.yaml")]
        file: PathBuf,
    },
}

/// What `config` shows.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum ConfigCommand {
    /// The severity of every rule for files in a folder, and who said so
    Show {
        /// The folder
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// The JSON schema of dashlint.toml
    Schema,
    /// The JSON schema of policy files
    PolicySchema,
}

/// How lists are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people.
    Pretty,
    /// For programs.
    Json,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set; always with FORCE_COLOR.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// From which severity on a run fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // The severities' names, and `never`.
pub enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    /// Whether a finding of this severity makes the run fail.
    pub fn fails(self, severity: Severity) -> bool {
        match self {
            FailOn::Error => severity >= Severity::Error,
            FailOn::Warning => severity >= Severity::Warning,
            FailOn::Info => severity >= Severity::Info,
            FailOn::Never => false,
        }
    }
}

/// Arguments of `inspect`.
#[derive(Debug, clap::Args)]
pub struct InspectArgs {
    /// The file; `-` is standard input
    pub file: PathBuf,
    /// Only the value at a JSON pointer (`/panels/3`) or at LINE:COLUMN
    #[arg(long, value_name = "POINTER|LINE:COL")]
    pub at: Option<String>,
    /// How to write it; json has everything that policies can ask, for OPA, jq and other programs
    #[arg(long, default_value = "pretty", conflicts_with = "at")]
    pub format: ListFormat,
}

/// Arguments of `cost`.
#[derive(Debug, clap::Args)]
pub struct CostArgs {
    /// Files and folders to look at; `-` is standard input
    #[arg(value_name = "PATHS", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Compare with this git revision: which dashboards and groups cost something else than there
    #[arg(long, value_name = "REVISION")]
    pub since: Option<String>,
    /// How many panels, dashboards and groups to list
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub top: usize,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    pub format: CostFormat,
    /// When to colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
    /// Use this configuration file for everything
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Use no configuration file
    #[arg(long, conflicts_with = "config")]
    pub isolated: bool,
}

/// Arguments of a check.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Files and folders to check; `-` is standard input
    #[arg(value_name = "PATHS", default_value = ".")]
    pub paths: Vec<PathBuf>,

    /// Repair what can be repaired safely
    #[arg(long, help_heading = "Fixes")]
    pub fix: bool,
    /// With --fix or --diff: also apply fixes that change what is shown, alerted or costs
    #[arg(long, help_heading = "Fixes")]
    pub unsafe_fixes: bool,
    /// Show what --fix would change, as a patch for `git apply`; exit with 1 if anything
    #[arg(long, help_heading = "Fixes")]
    pub diff: bool,

    /// Run only these rules or groups (`all` is a group)
    #[arg(
        long,
        value_name = "RULE|GROUP",
        value_delimiter = ',',
        help_heading = "Rules"
    )]
    pub select: Vec<String>,
    /// Do not run these rules or groups
    #[arg(
        long,
        value_name = "RULE|GROUP",
        value_delimiter = ',',
        help_heading = "Rules"
    )]
    pub ignore: Vec<String>,
    /// Run these rules or groups too
    #[arg(
        long,
        value_name = "RULE|GROUP",
        value_delimiter = ',',
        help_heading = "Rules"
    )]
    pub extend_select: Vec<String>,
    /// The rules to start from: recommended, strict or mixin
    #[arg(long, value_name = "NAME", help_heading = "Rules")]
    pub preset: Option<String>,
    /// Also run the rules of this policy file, of all .yaml and .yml files right in a folder, or of a pack: pack:NAME; may be given
    /// several times
    #[arg(long, value_name = "FILE|FOLDER", help_heading = "Rules")]
    pub policy: Vec<String>,

    /// How to write the findings
    #[arg(long, value_name = "FORMAT", value_parser = formats(), default_value = "pretty", help_heading = "Output")]
    pub format: Format,
    /// Write another report to a file, in any format; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_output, help_heading = "Output")]
    pub output: Vec<(Format, PathBuf)>,
    /// Show only findings of this severity or worse
    #[arg(
        long,
        value_name = "SEVERITY",
        value_parser = severities(),
        default_value = "info",
        help_heading = "Output"
    )]
    pub min_severity: Severity,
    /// Exit with 1 from this severity on
    #[arg(
        long,
        value_name = "SEVERITY",
        default_value = "warning",
        help_heading = "Output"
    )]
    pub fail_on: FailOn,
    /// Show so many findings at most, the most severe; the counts, the exit code and --output have all of them
    #[arg(long, value_name = "N", help_heading = "Output")]
    pub max_findings: Option<usize>,
    /// Report only findings that were not there at this git revision; a submodule is compared with the commit it had then
    #[arg(long, value_name = "REVISION", conflicts_with_all = ["fix", "diff"], help_heading = "Output")]
    pub since: Option<String>,
    /// Report only findings that this file does not hold; --update-baseline writes it
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub baseline: Option<PathBuf>,
    /// Write all findings into the baseline, and drop from it what is no longer found
    #[arg(long, conflicts_with_all = ["fix", "diff", "since"], help_heading = "Output")]
    pub update_baseline: bool,
    /// Add the findings of another tool, in the form of --format json (`-` is standard input); those of the given paths are
    /// selected, silenced and baselined like our own, and with --since told where lines were changed
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "diff",
        help_heading = "Output"
    )]
    pub import: Vec<PathBuf>,
    /// Show silenced findings too
    #[arg(long, help_heading = "Output")]
    pub show_suppressed: bool,
    /// Count findings by rule instead of listing them
    #[arg(long, help_heading = "Output")]
    pub statistics: bool,
    /// When to colour
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Output"
    )]
    pub color: ColorChoice,
    /// Only the findings: no summary, no progress
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
    /// Also list the files that were left alone, and why, and which folders each Grafana reads
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,

    /// Use this configuration file for everything
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub config: Option<PathBuf>,
    /// Use no configuration file
    #[arg(long, conflicts_with = "config", help_heading = "Configuration")]
    pub isolated: bool,
    /// Report findings that comments or [[ignore]] entries silence
    #[arg(long, help_heading = "Configuration")]
    pub no_ignores: bool,
    /// Silence all findings that are shown: comments in the files where they can hold one, [[ignore]] entries for the rest; not
    /// with --max-findings
    #[arg(long, conflicts_with_all = ["fix", "diff", "no_ignores", "isolated"], help_heading = "Configuration")]
    pub add_ignores: bool,
    /// Leave excluded files alone even when they are named
    #[arg(long, help_heading = "Configuration")]
    pub force_exclude: bool,
    /// Read more paths from standard input, one a line
    #[arg(long, value_name = "-", help_heading = "Configuration")]
    pub files_from: Option<String>,
    /// What standard input is called in reports; decides whether it is JSON or YAML
    #[arg(long, value_name = "NAME", help_heading = "Configuration")]
    pub stdin_filename: Option<PathBuf>,
    /// Number of threads
    #[arg(short, long, value_name = "N", help_heading = "Configuration")]
    pub jobs: Option<usize>,
}

/// The formats, which help and completions list.
fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::names()).try_map(|word| word.parse::<Format>())
}

/// The severities, which help and completions list.
fn severities() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::ALL.map(Severity::name))
        .try_map(|word| word.parse::<Severity>())
}

fn parse_output(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text
        .split_once('=')
        .ok_or_else(|| "it is written FORMAT=FILE".to_owned())?;
    Ok((format.parse()?, PathBuf::from(file)))
}
