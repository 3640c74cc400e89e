//! The keys of `dashlint.toml`: one table from which the reader, its suggestions and the schema come.

/// A key of a table.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// One or two sentences.
    pub(crate) doc: &'static str,
}

/// What may stand behind a key.
pub(crate) enum Shape {
    /// `true` or `false`.
    Bool,
    /// Any string.
    Str,
    /// The form of links to runbooks.
    RunbookPattern,
    /// A number above zero.
    Positive,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, or a list of them.
    Words(&'static [&'static str]),
    /// A string or a list of strings.
    Strings,
    /// A glob or a list of globs.
    Globs,
    /// `preset:…`, `pack:…` or a file, or a list of them.
    Extends,
    /// A version: "12.1".
    Version,
    /// A time: "30s".
    Duration,
    /// A version, or a table with these keys.
    VersionOr(&'static [Key]),
    /// A date.
    Date,
    /// A list of rules and groups.
    Selectors,
    /// The place of an `[[ignore]]`.
    At,
    /// A table of strings.
    Map,
    /// A table with these keys.
    Table(&'static [Key]),
    /// An array of tables with these keys.
    Tables(&'static [Key]),
    /// `[rules]`: severities and options.
    Rules,
    /// `[per-file-severity]`: glob → rule → severity.
    PerFile,
}

/// The presets' names.
pub(crate) const PRESETS: [&str; 3] = ["recommended", "strict", "mixin"];
/// What turns a rule on or off, or sets its severity.
pub(crate) const LEVELS: [&str; 4] = ["off", "error", "warning", "info"];

const fn key(name: &'static str, shape: Shape, doc: &'static str) -> Key {
    Key { name, shape, doc }
}

/// The keys of the file.
pub(crate) static ROOT: &[Key] = &[
    key(
        "extends",
        Shape::Extends,
        "What this file builds on, the weakest first: `preset:recommended`, `preset:strict`, `preset:mixin`, `pack:NAME`, or a file (another `.toml` of this form, or a `.yaml` with policies), relative to this one. Without a preset, `recommended` comes first.",
    ),
    key(
        "preset",
        Shape::Word(&PRESETS),
        "The preset to start from; the same as naming it first in `extends`.",
    ),
    key(
        "exclude",
        Shape::Globs,
        "Files that are not looked at, as globs relative to this file. A glob without `/` matches at any depth, a folder stands for all that is in it. It holds below other `dashlint.toml`, too, but for a folder with one of its own that is named to dashlint.",
    ),
    key(
        "include",
        Shape::Globs,
        "Files that are looked at although `.gitignore` or their extension says otherwise, as globs relative to this file.",
    ),
    key(
        "baseline",
        Shape::Str,
        "The file with the findings that were there before, relative to this one: they are not reported. `dashlint --update-baseline` writes it. Files whose configuration names none have that of the configuration where dashlint is started.",
    ),
    key(
        "grafana",
        Shape::Version,
        "The Grafana version the dashboards are for, as `\"12.1\"`: which schema and deprecations apply. Unset: the newest known.",
    ),
    key(
        "prometheus",
        Shape::VersionOr(PROMETHEUS),
        "The Prometheus version the queries and rules are for, as `\"3.5\"`; or a table. Unset: the newest known.",
    ),
    key(
        "metadata",
        Shape::Strings,
        "Files that list metrics with their types and units, relative to this file: an exposition dump, or the JSON of Prometheus' metadata API.",
    ),
    key(
        "series",
        Shape::Strings,
        "Files with the number of series of each metric, relative to this file: the server's TSDB status, or `count by (__name__)` saved as JSON.",
    ),
    key(
        "rules",
        Shape::Rules,
        "Severities and options: a rule, a group, a pack of policies or `all` to `\"off\"`, `\"error\"`, `\"warning\"`, `\"info\"`, `true` (its own severity), or a table with `severity` and the rule's options. The narrower name wins.",
    ),
    key(
        "per-file-severity",
        Shape::PerFile,
        "Severities for some files only: a glob to a table of rules, groups or `all` to `\"off\"`, `\"error\"`, `\"warning\"`, `\"info\"` or `true`. Later globs win.",
    ),
    key(
        "ignore",
        Shape::Tables(IGNORE),
        "Findings that are known and accepted.",
    ),
    key(
        "budget",
        Shape::Tables(BUDGET),
        "What dashboards may cost at most: `over-budget` reports those that cost more. Of several budgets for a dashboard the last one that says a limit counts.",
    ),
    key(
        "instance",
        Shape::Tables(INSTANCE),
        "Which folders one Grafana reads.",
    ),
    key(
        "accessibility",
        Shape::Table(ACCESSIBILITY),
        "How colours are judged.",
    ),
    key(
        "units",
        Shape::Table(UNITS),
        "What the values of metrics are, where their names do not say it.",
    ),
    key("promql", Shape::Table(PROMQL), "How queries are read."),
    key(
        "runbooks",
        Shape::Table(RUNBOOKS),
        "What is asked of links to runbooks.",
    ),
];

/// The keys of an `[[ignore]]`.
pub(crate) static IGNORE: &[Key] = &[
    key(
        "rules",
        Shape::Selectors,
        "The rules or groups, or `all`. Required.",
    ),
    key(
        "files",
        Shape::Globs,
        "In which files, as globs relative to this file. Unset: all.",
    ),
    key(
        "at",
        Shape::At,
        "Where in the file: `panel:12`, `panel:\"Title\"`, `query:12/A`, `variable:job`, `alert:Name`, `/json/pointer` as `--format json` names it, `/data/node.json#/panels/3` in a file that carries another (a `#` may stand before either), or `finding:FINGERPRINT` for one finding alone, from the same report. Unset: everywhere.",
    ),
    key("reason", Shape::Str, "Why. Required."),
    key(
        "until",
        Shape::Date,
        "The last day on which the entry counts; after it the entry itself is a finding.",
    ),
];

/// The keys of a `[[budget]]`: which dashboards, then the limits.
pub(crate) static BUDGET: &[Key] = &[
    key(
        "files",
        Shape::Globs,
        "The dashboards in these files, as globs relative to this file. Unset: all.",
    ),
    key(
        "dashboards",
        Shape::Strings,
        "Only the dashboards with these uids.",
    ),
    key(
        "work",
        Shape::Positive,
        "The most work of one load: series × steps, as `panel-cost` explains; a million takes about 0.1 seconds.",
    ),
    key(
        "samples",
        Shape::Positive,
        "The most samples one load reads: what Prometheus counts as `totalQueryableSamples`.",
    ),
    key(
        "queries",
        Shape::Positive,
        "The most queries one load sends.",
    ),
    key(
        "queries-a-second",
        Shape::Positive,
        "The most queries a second that each open tab sends.",
    ),
    key("panel-work", Shape::Positive, "The most work of one panel."),
];

/// The keys of an `[[instance]]`.
static INSTANCE: &[Key] = &[
    key(
        "roots",
        Shape::Strings,
        "Its provisioning folders, relative to this file. Unset: folders that hold `datasources`, `dashboards` or `alerting`.",
    ),
    key(
        "mounts",
        Shape::Map,
        "Paths in its container and the folders of the repository that stand there, relative to this file. Unset: seen from Compose files, Dockerfiles, or the end of the paths.",
    ),
];

static PROMETHEUS: &[Key] = &[
    key(
        "version",
        Shape::Version,
        "The version, as `\"3.5\"`. Unset: the newest known.",
    ),
    key(
        "names",
        Shape::Word(&["utf-8", "legacy"]),
        "How metrics and labels may be called, as `metric_name_validation_scheme` says: any text (`utf-8`), or letters, digits and `_` (`legacy`). Unset: `utf-8`, and `legacy` before version 3.",
    ),
];

static ACCESSIBILITY: &[Key] = &[
    key(
        "theme",
        Shape::Word(&["dark", "light", "both"]),
        "The theme dashboards are looked at in. Unset: dark.",
    ),
    key(
        "deficiencies",
        Shape::Words(&["protan", "deutan", "tritan", "grey"]),
        "Whose eyes colours must be told apart by: `protan`, `deutan`, `tritan`, `grey`. Unset: protan and deutan, the common ones.",
    ),
];

static PROMQL: &[Key] = &[
    key(
        "dialect",
        Shape::Word(&["promql", "metricsql"]),
        "The language of the queries: `promql` (the default), or `metricsql` of VictoriaMetrics.",
    ),
    key(
        "scrape-interval",
        Shape::Duration,
        "How often metrics are scraped, as `\"30s\"`. Unset: what a provisioned data source says, else Grafana's 15s.",
    ),
    key(
        "retention",
        Shape::Duration,
        "How long samples are kept, as `\"15d\"`. Unset: long enough.",
    ),
];

static UNITS: &[Key] = &[key(
    "metrics",
    Shape::Map,
    "Names of metrics, with `*` for any text, and what they are: a unit (`seconds`, `milliseconds`, `bytes`, an id of Grafana such as `Bps`, `count`, `timestamp`, or `unknown` to say nothing), a type (`counter`, `gauge`, `histogram`, `summary`), or both: `\"histogram milliseconds\"`. The first pattern that matches counts, before `metadata`.",
)];

static RUNBOOKS: &[Key] = &[
    key(
        "required",
        Shape::Strings,
        "The values of the label `severity` whose alerts need a runbook. Unset: `critical` and `page`.",
    ),
    key(
        "pattern",
        Shape::RunbookPattern,
        "The form of all links to runbooks, as `https://runbooks.acme/{alertname}`: `{alertname}` and `{group}` stand for the alert's name and its group's, in lower case with `:lower`, as `api-down` with `:kebab`; `*` for anything.",
    ),
    key(
        "panels",
        Shape::Bool,
        "Whether the descriptions of panels need a link to a runbook too.",
    ),
    key(
        "short-links",
        Shape::Strings,
        "Hosts of short links that are fine, such as `go`.",
    ),
    key(
        "allow-hosts",
        Shape::Strings,
        "The only hosts links to runbooks may lead to, with those below them. Unset: any.",
    ),
];
