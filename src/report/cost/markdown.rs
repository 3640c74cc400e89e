//! Tables for a pull request or a wiki.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{caveat, percent, plural, reading, sums};
use crate::cost::survey::{Advice, At, PartCost, Survey};
use crate::cost::{duration, in_words, time_in_words};
use crate::report::terminal::sanitize;

pub(super) fn write(survey: &Survey, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## Estimated cost of queries\n")?;
    let sums = sums(&survey.totals);
    if sums.is_empty() {
        return writeln!(out, "No queries in PromQL found.");
    }
    for sum in sums {
        writeln!(out, "- {sum}.")?;
    }
    writeln!(out, "\n{}", caveat(survey))?;
    panels(survey, out)?;
    dashboards(survey, out)?;
    groups(survey, out)
}

fn panels(survey: &Survey, out: &mut dyn Write) -> io::Result<()> {
    if survey.panels.is_empty() {
        return Ok(());
    }
    let whole = survey.totals.load.work.max(f64::MIN_POSITIVE);
    let most = survey.panels.iter().map(|entry| entry.cost.work);
    let most = most.fold(f64::MIN_POSITIVE, f64::max);
    writeln!(out, "\n### Most expensive panels\n")?;
    writeln!(out, "| # | | Cost | Share | Panel | Dashboard | Where |")?;
    writeln!(out, "|--:|:--|--:|--:|:--|:--|:--|")?;
    for (rank, entry) in survey.panels.iter().enumerate() {
        let share = match entry.folded {
            true => "folded".to_owned(),
            false => percent(entry.cost.work / whole),
        };
        writeln!(
            out,
            "| {} | {} | {} | {share} | {} | {} | {} |",
            rank + 1,
            bar(entry.cost.work / most),
            time_in_words(entry.cost.work),
            cell(&entry.title),
            cell(&entry.dashboard),
            place(&entry.at),
        )?;
    }
    for (rank, entry) in survey.panels.iter().enumerate() {
        writeln!(out, "\n**{}. {}**", rank + 1, cell(&entry.title))?;
        if entry.copies > 1.0 {
            write!(out, " (repeated, taken as {:.0} copies)", entry.copies)?;
        }
        writeln!(out)?;
        details(&entry.parts, &entry.advice, out)?;
    }
    Ok(())
}

fn dashboards(survey: &Survey, out: &mut dyn Write) -> io::Result<()> {
    if survey.dashboards.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Most expensive dashboards\n")?;
    writeln!(
        out,
        "| # | Cost of a load | Samples | Queries | Refresh | Budget | Dashboard | Where |"
    )?;
    writeln!(out, "|--:|--:|--:|--:|--:|--:|:--|:--|")?;
    for (rank, entry) in survey.dashboards.iter().enumerate() {
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            rank + 1,
            time_in_words(entry.cost.work),
            in_words(entry.cost.samples),
            in_words(entry.queries),
            entry.refresh.map(duration).unwrap_or_default(),
            entry.budget.map(percent).unwrap_or_default(),
            cell(&entry.title),
            place(&entry.at),
        )?;
    }
    Ok(())
}

fn groups(survey: &Survey, out: &mut dyn Write) -> io::Result<()> {
    if survey.groups.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Most expensive groups of rules\n")?;
    writeln!(
        out,
        "| # | Cost of an evaluation | Every | Processor | Group | Dearest rule | Where |"
    )?;
    writeln!(out, "|--:|--:|--:|--:|:--|:--|:--|")?;
    for (rank, entry) in survey.groups.iter().enumerate() {
        writeln!(
            out,
            "| {} | {} | {} | {} | {} ({}) | {} | {} |",
            rank + 1,
            time_in_words(entry.cost.work),
            duration(entry.interval),
            percent(entry.load),
            cell(&entry.name),
            plural(entry.rules as f64, "rule"),
            cell(&entry.dearest),
            place(&entry.at),
        )?;
    }
    for (rank, entry) in survey.groups.iter().enumerate() {
        if entry.advice.is_empty() {
            continue;
        }
        writeln!(out, "\n**{}. {}**\n", rank + 1, cell(&entry.name))?;
        details(&entry.parts, &entry.advice, out)?;
    }
    Ok(())
}

fn details(parts: &[PartCost], advice: &[Advice], out: &mut dyn Write) -> io::Result<()> {
    for part in parts {
        writeln!(
            out,
            "- {} {}: {}",
            percent(part.share),
            code(&part.expr),
            reading(part)
        )?;
    }
    for advice in advice {
        writeln!(
            out,
            "- **Saves {}**: {}",
            percent(advice.saves),
            text(&advice.what)
        )?;
        if let Some(rule) = &advice.rule {
            writeln!(out, "\n  ```yaml")?;
            writeln!(out, "  - record: {}", sanitize(&rule.record))?;
            writeln!(out, "    expr: {}", yaml(&rule.expr))?;
            writeln!(out, "  ```\n")?;
            writeln!(out, "  In the query: {}", code(&rule.instead))?;
        }
    }
    Ok(())
}

/// A bar of ten blocks, which tables of every forge show.
fn bar(share: f64) -> String {
    let filled = ((share * 10.0).round() as usize).clamp(1, 10);
    format!("`{}{}`", "█".repeat(filled), "░".repeat(10 - filled))
}

/// A text that Markdown shows as it is.
fn text(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len());
    for c in sanitize(plain).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '*' | '_' | '[' | ']' | '|' | '#' => {
                let _ = write!(out, "\\{c}");
            }
            c => out.push(c),
        }
    }
    out
}

/// A text from a file in a cell of a table: no code, no markup.
fn cell(plain: &str) -> String {
    text(plain).replace('`', "\\`").replace("\\n", " ")
}

fn place(at: &At) -> String {
    format!("{}:{}", cell(&at.file), at.line)
}

/// A text as code, whatever back-ticks stand in it.
fn code(plain: &str) -> String {
    let plain = sanitize(plain);
    let longest = plain.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    match longest {
        0 => format!("{fence}{plain}{fence}"),
        _ => format!("{fence} {plain} {fence}"),
    }
}

/// A query as a value in YAML: in single quotes, in which nothing but they themselves mean something.
fn yaml(query: &str) -> String {
    format!("'{}'", sanitize(query).replace('\'', "''"))
}
