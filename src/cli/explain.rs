//! `explain`, `rules` and `schema`.

use std::io::{self, Write};

use serde_json::json;

use super::args::ListFormat;
use super::{CLEAN, CliError};
use crate::diagnostic::Group;
use crate::rules::{self, RULES};

/// Prints a rule's page.
pub(super) fn explain(id: &str) -> Result<u8, CliError> {
    let Some(rule) = rules::find(id) else {
        return Err(CliError::Usage(unknown_rule(id)));
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{}", rule.page.trim_end())?;
    writeln!(out)?;
    let fix = match rule.fix {
        Some(safety) => format!("{} fix", safety.name()),
        None => "no fix".to_owned(),
    };
    writeln!(
        out,
        "group {} · severity {} · {fix} · since {}",
        rule.group, rule.severity, rule.since
    )?;
    if !rule.options.is_empty() {
        writeln!(out, "\nOptions, in [rules] {} = {{ … }}:", rule.id)?;
        for option in rule.options {
            writeln!(
                out,
                "  {} = {:<12} {}",
                option.name,
                option.default.toml(),
                option.doc
            )?;
        }
    }
    Ok(CLEAN)
}

/// That a rule does not exist, and which one may be meant.
fn unknown_rule(id: &str) -> String {
    let near = RULES
        .iter()
        .map(|rule| (strsim::damerau_levenshtein(id, rule.id), rule.id))
        .filter(|(distance, known)| *distance <= 4 || known.contains(id))
        .min();
    match near {
        Some((_, near)) => format!("there is no rule `{id}`; did you mean `{near}`?"),
        None => format!("there is no rule `{id}`; `dashlint rules` lists all"),
    }
}

/// Lists all rules.
pub(super) fn rules(format: ListFormat) -> Result<u8, CliError> {
    let mut out = io::stdout().lock();
    if format == ListFormat::Json {
        let list: Vec<_> = RULES
            .iter()
            .map(|rule| {
                json!({
                    "id": rule.id,
                    "group": rule.group.name(),
                    "severity": rule.severity.name(),
                    "summary": rule.summary,
                    "since": rule.since,
                    "fix": rule.fix.map(|safety| safety.name()),
                    "options": rule.options.iter().map(|option| json!({
                        "name": option.name,
                        "default": option.default.toml(),
                        "doc": option.doc,
                    })).collect::<Vec<_>>(),
                })
            })
            .collect();
        serde_json::to_writer_pretty(&mut out, &list).map_err(io::Error::from)?;
        writeln!(out)?;
        return Ok(CLEAN);
    }
    for group in Group::ALL {
        let mut rules = RULES.iter().filter(|rule| rule.group == group).peekable();
        if rules.peek().is_none() {
            continue;
        }
        writeln!(out, "{group}")?;
        for rule in rules {
            let fix = rule
                .fix
                .map_or(String::new(), |safety| format!(" [{} fix]", safety.name()));
            writeln!(
                out,
                "  {:<28} {:<8} {}{fix}",
                rule.id, rule.severity, rule.summary
            )?;
        }
    }
    Ok(CLEAN)
}

/// Prints a schema.
pub(super) fn schema(name: &str) -> Result<u8, CliError> {
    let schema = match name {
        "report" => crate::report::report_schema(),
        "config" => crate::config::config_schema(),
        other => {
            return Err(CliError::Usage(format!(
                "there is no schema `{other}`: report or config"
            )));
        }
    };
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &schema).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(CLEAN)
}
