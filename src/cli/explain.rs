//! `explain`, `rules` and `config`.

use std::io::{self, Write};

use serde_json::json;

use super::args::{ColorChoice, ConfigCommand, ListFormat};
use super::{CLEAN, CliError, output, policies};
use crate::color::swatch::swatch;
use crate::color::{Deficiency, Theme, pair, resolve};
use crate::config::{Catalogue, Configs, Options, Selector, UnknownName, config_schema, show};
use crate::diagnostic::Group;
use crate::policy::policy_schema;
use crate::rules::{self, RULES};

/// Prints a rule's page. `named`: the policies of the command line.
pub(super) fn explain(id: &str, color: ColorChoice, named: &[String]) -> Result<u8, CliError> {
    if id == "policies" {
        write!(
            io::stdout().lock(),
            "{}",
            include_str!("../../rules/policies.md")
        )?;
        return Ok(CLEAN);
    }
    if let Some(name) = id.strip_prefix("pack:") {
        return policies::explain_pack(name);
    }
    if id.contains('/') {
        return policies::explain(id, named);
    }
    let Some(rule) = rules::find(id) else {
        match Catalogue::native().selector(id) {
            Ok(Selector::Pack(name)) => return policies::explain_pack(name),
            Ok(_) => {}
            Err(unknown) => return Err(CliError::Usage(unknown_rule(unknown))),
        }
        // What is selected by one word and is neither a rule nor a pack.
        let group: Group = id.parse().map_err(CliError::Usage)?;
        let mut out = io::stdout().lock();
        if group == Group::Policy {
            writeln!(
                out,
                "policy\n  the rules of policy files and packs: `dashlint explain policies`"
            )?;
        }
        let of_group = RULES.iter().filter(|rule| rule.group == group);
        list(group, column(of_group.map(|rule| rule.id)), &mut out)?;
        writeln!(
            out,
            "\n`dashlint explain RULE` says more of each; in a configuration `{group}` selects all of them."
        )?;
        return Ok(CLEAN);
    };
    let style = output::style(color, output::stdout_is_terminal());
    let mut out = io::stdout().lock();
    writeln!(out, "{}", rule.page.trim_end())?;
    writeln!(out)?;
    if style.true_color && rule.group == Group::Accessibility {
        picture(&mut out)?;
    }
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

/// Pairs of status colours as they are and as they are seen: Grafana's own, the older ones, and what fixes propose.
fn picture(out: &mut dyn Write) -> io::Result<()> {
    let pairs = [
        ("green", "red"),
        ("#299c46", "#d44a3a"),
        ("dark-green", "light-red"),
    ];
    for (a, b) in pairs {
        let painted = |name| resolve(name, Theme::Dark).painted(Theme::Dark);
        if let (Some(first), Some(second)) = (painted(a), painted(b)) {
            let report = pair(first, second, Theme::Dark);
            let shown = swatch(&report, Deficiency::Deutan, true);
            writeln!(out, "  {shown}  {a} and {b}")?;
        }
    }
    writeln!(out)
}

/// That a rule does not exist, and which one may be meant.
fn unknown_rule(unknown: UnknownName) -> String {
    let id = unknown.word;
    let holds = || RULES.iter().find(|rule| rule.id.contains(&id));
    match unknown.near.or_else(|| Some(holds()?.id.to_owned())) {
        Some(near) => format!("there is no rule `{id}`; did you mean `{near}`?"),
        None => format!("there is no rule `{id}`; `dashlint rules` lists all"),
    }
}

/// Lists all rules. `named`: the policies of the command line.
pub(super) fn rules(format: ListFormat, named: &[String]) -> Result<u8, CliError> {
    let mut out = io::stdout().lock();
    let policies = policies::known(named)?;
    if format == ListFormat::Json {
        let mut list: Vec<_> = RULES
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
        list.extend(policies.iter().map(|known| known.json()));
        serde_json::to_writer_pretty(&mut out, &list).map_err(io::Error::from)?;
        writeln!(out)?;
        return Ok(CLEAN);
    }
    let native = RULES.iter().map(|rule| rule.id);
    let width = column(native.chain(policies.iter().map(policies::Known::id)));
    for group in Group::ALL {
        list(group, width, &mut out)?;
    }
    policies::list(&policies, width, &mut out)?;
    Ok(CLEAN)
}

/// How wide the column of the ids is in a list of rules: the longest fits, unless it is longer than any should be.
pub(super) fn column<'i>(ids: impl Iterator<Item = &'i str>) -> usize {
    ids.map(|id| id.chars().count())
        .max()
        .unwrap_or(0)
        .clamp(28, 50)
}

/// Lists the rules of a group, their ids in a column of a width.
fn list(group: Group, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut rules = RULES.iter().filter(|rule| rule.group == group).peekable();
    if rules.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "{group}")?;
    for rule in rules {
        let fix = rule
            .fix
            .map_or(String::new(), |safety| format!(" [{} fix]", safety.name()));
        writeln!(
            out,
            "  {:<width$} {:<8} {}{fix}",
            rule.id, rule.severity, rule.summary
        )?;
    }
    Ok(())
}

/// Shows the configuration that counts for a folder, or the schema of all.
pub(super) fn config(what: &ConfigCommand) -> Result<u8, CliError> {
    let mut out = io::stdout().lock();
    match what {
        ConfigCommand::Show { folder } => {
            let configs = Configs::new(Options::default())
                .map_err(|error| CliError::Usage(error.to_string()))?;
            let settings = configs.for_folder(folder);
            for problem in configs.problems() {
                output::complain(&problem.message);
            }
            write!(out, "{}", show(&settings))?;
        }
        ConfigCommand::Schema => {
            serde_json::to_writer_pretty(&mut out, &config_schema()).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        ConfigCommand::PolicySchema => {
            serde_json::to_writer_pretty(&mut out, &policy_schema()).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(CLEAN)
}
