//! `inspect`: what a file is taken for, and what is seen in it.

use std::io::{self, Write};
use std::sync::Arc;

use serde_json::{Value, json};

use super::args::{InspectArgs, ListFormat};
use super::{CLEAN, CliError};
use crate::config::{Configs, Options, Settings};
use crate::cost::{
    GroupCost, alert_groups, dashboard_cost, duration, in_words, rule_groups, time_in_words,
};
use crate::model::{
    Dashboard, Document, DocumentInfo, Loaded, NoDataSources, ParsedFile, Query, data_sources,
    load, providers,
};
use crate::policy;
use crate::project::{FileFacts, Project};
use crate::promql::Parsed;
use crate::promql::walk::OutputLabels;
use crate::report::secrets::{self, SecretValues};
use crate::report::terminal::sanitize;
use crate::source::{Source, read_given, read_regular};
use crate::syntax::NodeRef;

/// Prints it.
pub(super) fn run(args: &InspectArgs) -> Result<u8, CliError> {
    let path = args.file.to_string_lossy();
    if path != "-" && args.file.exists() && !args.file.is_file() {
        return Err(CliError::Usage(format!(
            "{path}: no regular file; `inspect` looks at one file"
        )));
    }
    let text = if path == "-" {
        read_given(&args.file)
    } else {
        read_regular(&args.file)
    };
    let text = text.map_err(|error| CliError::Usage(format!("{path}: {error}")))?;
    let source = Arc::new(Source::new(path.as_ref(), Some(args.file.clone()), text));
    let mut out = io::stdout().lock();
    let file = match load(source.clone(), true) {
        Loaded::Parsed(file) => file,
        Loaded::Skipped(reason) if args.format == ListFormat::Json => {
            let skipped = json!({ "version": VERSION, "file": path, "documents": [], "skipped": reason.text() });
            writeln!(out, "{skipped:#}")?;
            return Ok(CLEAN);
        }
        Loaded::Skipped(reason) => {
            writeln!(
                out,
                "{}: left alone: {}",
                sanitize(&path),
                sanitize(&reason.text())
            )?;
            return Ok(CLEAN);
        }
    };
    if let Some(at) = &args.at {
        return value_at(&file, at, &mut out);
    }
    let configs =
        Configs::new(Options::default()).map_err(|error| CliError::Usage(error.to_string()))?;
    let settings = configs.for_file(&args.file);
    let values = SecretValues::of([&*source.text]);
    let mut documents: Vec<_> = file.documents.iter().collect();
    // A carried one after what carries it.
    documents.sort_by_key(|info| {
        (
            info.number,
            file.root(info).map(|root| root.file_span().start),
        )
    });
    if args.format == ListFormat::Json {
        let model = model(&file, &documents, &settings);
        let text = format!("{model:#}");
        writeln!(out, "{}", secrets::masked(&values.masked(&text)))?;
        return Ok(CLEAN);
    }
    let mut told: Vec<u8> = Vec::new();
    for info in documents {
        writeln!(
            told,
            "{}: {}, because {}",
            place(&file, info),
            info.kind.name(),
            info.why
        )?;
        show(&file, info, &settings, &mut told)?;
    }
    for left in &file.left {
        writeln!(
            told,
            "document {}, {}: left alone: {}",
            left.number,
            sanitize(&left.pointer),
            sanitize(&left.reason.text())
        )?;
    }
    let problems: usize = file.trees.iter().map(|tree| tree.problems().len()).sum();
    if problems > 0 {
        writeln!(
            told,
            "{problems} syntax problem(s); `dashlint {}` shows them",
            sanitize(&path)
        )?;
    }
    for line in String::from_utf8_lossy(&told).lines() {
        writeln!(out, "{}", values.masked(line))?;
    }
    Ok(CLEAN)
}

/// The version of what `--format json` writes.
const VERSION: u32 = 1;

/// All that policies can ask of the file.
fn model(file: &ParsedFile, documents: &[&DocumentInfo], settings: &Settings) -> Value {
    let facts = FileFacts::collect(file, settings);
    let project = Project::reduce([&facts], &settings.instances);
    let one = |info: &&DocumentInfo| {
        let reach = project.reach(file, info);
        let root = file.root(info)?;
        let carrier = root.tree().carrier();
        let at = file.source.position(root.file_span().start);
        let document = file.document(info, &reach, settings.rules_language())?;
        let mut told = json!({
            "kind": info.kind.name(),
            "because": info.why,
            "document": info.number,
            "pointer": carrier.map_or_else(|| root.pointer(), |carrier| carrier.pointer.clone()),
            "line": at.line,
            "column": at.column,
        });
        if let (Value::Object(told), Value::Object(things)) = (
            &mut told,
            policy::describe(file, info, &document, &project, &reach, settings),
        ) {
            told.extend(things);
        }
        Some(told)
    };
    let left = file.left.iter().map(|left| {
        json!({ "document": left.number, "pointer": left.pointer, "because": left.reason.text() })
    });
    json!({
        "version": VERSION,
        "file": &*file.source.path,
        "documents": documents.iter().filter_map(one).collect::<Vec<_>>(),
        "left_alone": left.collect::<Vec<_>>(),
    })
}

/// Where a document stands: its number in the file, the way to it below that document's root, and where it begins.
fn place(file: &ParsedFile, info: &DocumentInfo) -> String {
    let mut place = format!("document {}", info.number);
    let Some(root) = file.root(info) else {
        return place;
    };
    let own = root.pointer();
    let carrier = root.tree().carrier();
    for pointer in carrier
        .map(|carrier| &carrier.pointer)
        .into_iter()
        .chain([&own])
    {
        if !pointer.is_empty() {
            place += &format!(", {}", sanitize(pointer));
        }
    }
    let at = file.source.position(root.file_span().start);
    format!("{place} ({}:{})", at.line, at.column)
}

fn show(
    file: &ParsedFile,
    info: &DocumentInfo,
    settings: &Settings,
    out: &mut dyn Write,
) -> io::Result<()> {
    match file.document(info, &NoDataSources, settings.rules_language()) {
        Some(Document::Dashboard(dashboard)) => {
            writeln!(
                out,
                "  {} panels, {} rows, {} variables, {} annotations, {} queries",
                dashboard.panels.len(),
                dashboard.rows.len(),
                dashboard.variables.len(),
                dashboard.annotations.len(),
                dashboard.queries.len()
            )?;
            sum(&dashboard, settings, out)?;
            for variable in &dashboard.variables {
                writeln!(
                    out,
                    "  variable {} ({:?})",
                    sanitize(&variable.name()),
                    variable.kind
                )?;
            }
            queries(file, &dashboard.queries, out)
        }
        Some(Document::Rules(rules)) => {
            writeln!(
                out,
                "  {} groups, {} rules",
                rules.groups.len(),
                rules.rules.len()
            )?;
            evaluations(rule_groups(&rules, &settings.series), out)?;
            queries(file, &rules.queries, out)
        }
        Some(Document::Alerting(alerting)) => {
            writeln!(
                out,
                "  {} groups, {} rules, {} contact points, {} policies, {} mute timings, {} templates",
                alerting.groups.len(),
                alerting.rules.len(),
                alerting.contact_points().count(),
                alerting.policies().count(),
                alerting.mute_timings().count(),
                alerting.templates().count()
            )?;
            evaluations(alert_groups(&alerting, &settings.series), out)?;
            queries(file, &alerting.queries, out)
        }
        Some(Document::DataSources(root)) => {
            for source in data_sources(root) {
                writeln!(
                    out,
                    "  data source {} ({})",
                    sanitize(&source.name().unwrap_or_default()),
                    sanitize(&source.kind().unwrap_or_default())
                )?;
            }
            Ok(())
        }
        Some(Document::Providers(root)) => {
            for provider in providers(root) {
                let name = provider.name().unwrap_or_default();
                writeln!(out, "  provider {}", sanitize(&name))?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// What a dashboard costs.
fn sum(dashboard: &Dashboard<'_>, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    let cost = dashboard_cost(dashboard, &settings.series);
    if cost.panels.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "  each load takes an estimated {} of one processor: {} series and steps of work, {} samples, {} queries",
        time_in_words(cost.work),
        in_words(cost.work),
        in_words(cost.samples),
        in_words(cost.queries)
    )
}

/// What groups of rules cost.
fn evaluations(groups: Vec<GroupCost>, out: &mut dyn Write) -> io::Result<()> {
    for group in groups.into_iter().filter(|group| group.work > 0.0) {
        writeln!(
            out,
            "  group {}: each evaluation takes an estimated {} of one processor, {} samples, every {}",
            group.group + 1,
            time_in_words(group.work),
            in_words(group.samples()),
            duration(group.interval)
        )?;
    }
    Ok(())
}

fn queries(file: &ParsedFile, queries: &[Query<'_>], out: &mut dyn Write) -> io::Result<()> {
    for query in queries {
        let at = file.source.position(query.text_node.file_span().start);
        let words: Vec<&str> = query.text().split_whitespace().collect();
        let name = if query.ref_id.is_empty() {
            String::new()
        } else {
            format!("{}: ", sanitize(&query.ref_id))
        };
        writeln!(
            out,
            "  {}:{} {} {name}{}",
            at.line,
            at.column,
            query.language.name(),
            sanitize(&words.join(" ")),
        )?;
        if query.language.is_promql() {
            facts(query.parsed(), out)?;
        }
    }
    Ok(())
}

/// What the PromQL front end knows of a query.
fn facts(parsed: &Parsed, out: &mut dyn Write) -> io::Result<()> {
    let mut line = |what: &str, mut words: Vec<String>| -> io::Result<()> {
        words.sort();
        words.dedup();
        if words.is_empty() {
            return Ok(());
        }
        writeln!(out, "    {what}: {}", sanitize(&words.join(", ")))
    };
    let text = |span| parsed.slice(span).to_owned();
    line(
        "metrics",
        parsed
            .selectors()
            .filter_map(|(_, _, selector)| Some(parsed.metric_name(selector)?.0.into_owned()))
            .collect(),
    )?;
    line(
        "matchers",
        parsed
            .matchers()
            .map(|(_, matcher)| text(matcher.span))
            .collect(),
    )?;
    line(
        "functions",
        parsed
            .calls()
            .map(|(_, _, call)| parsed.call_name(call).to_owned())
            .chain(
                parsed
                    .aggregations()
                    .map(|(_, _, aggregate)| text(aggregate.op_span)),
            )
            .collect(),
    )?;
    line(
        "ranges",
        parsed.ranges().map(|range| text(range.brackets)).collect(),
    )?;
    line(
        "variables",
        parsed.holes.iter().map(|hole| text(hole.span)).collect(),
    )?;
    if let Some(root) = parsed.root {
        let (what, labels) = match parsed.output_labels(root) {
            OutputLabels::Exact(labels) => ("labels of the result", labels),
            OutputLabels::Without(labels) => ("labels not in the result", labels),
            OutputLabels::Open => ("", Vec::new()),
        };
        line(what, labels.iter().map(|label| label.to_string()).collect())?;
    }
    line(
        "errors",
        parsed
            .errors
            .iter()
            .map(|error| error.message.clone())
            .collect(),
    )
}

/// The value at a pointer or a position, with its way.
fn value_at(file: &ParsedFile, at: &str, out: &mut dyn Write) -> Result<u8, CliError> {
    let node = if at.is_empty() || at.starts_with('/') {
        file.trees
            .first()
            .and_then(|tree| tree.root())
            .and_then(|root| root.find(at))
    } else {
        let offset = offset_of(file, at).ok_or_else(|| {
            CliError::Usage(format!(
                "`{at}` is neither a JSON pointer nor LINE:COLUMN of the file"
            ))
        })?;
        file.trees.first().and_then(|tree| tree.innermost(offset))
    };
    let Some(node) = node else {
        return Err(CliError::Usage(format!("nothing stands at `{at}`")));
    };
    describe(file, node, out)?;
    Ok(CLEAN)
}

fn describe(file: &ParsedFile, node: NodeRef<'_>, out: &mut dyn Write) -> io::Result<()> {
    let span = node.file_span();
    let (start, end) = (
        file.source.position(span.start),
        file.source.position(span.end),
    );
    writeln!(out, "{} {}", node.pointer(), node.kind().noun())?;
    writeln!(
        out,
        "{}:{} to {}:{} (bytes {} to {})",
        start.line, start.column, end.line, end.column, start.offset, end.offset
    )?;
    // The bytes of the file that are no secret.
    let text = secrets::masked(&file.source.text);
    let raw = text.get(span.range()).unwrap_or_default();
    let raw: String = raw.chars().take(400).collect();
    writeln!(out, "{}", sanitize(&raw))
}

fn offset_of(file: &ParsedFile, at: &str) -> Option<usize> {
    let (line, column) = at.split_once(':')?;
    let (line, column): (u32, usize) = (line.parse().ok()?, column.parse().ok()?);
    let start = file.source.line_start(line)? as usize;
    let rest = file.source.text.get(start..)?.lines().next()?;
    if column > rest.chars().count() {
        return None;
    }
    let into: usize = rest
        .chars()
        .take(column.checked_sub(1)?)
        .map(char::len_utf8)
        .sum();
    Some(start + into)
}
