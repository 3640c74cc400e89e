//! For people at a terminal.

use std::io::{self, Write};

use super::{caveat, percent, plural, reading, sums};
use crate::cost::survey::{Advice, At, DashboardEntry, GroupEntry, PanelEntry, PartCost, Survey};
use crate::cost::{duration, in_words, time_in_words};
use crate::report::Style;
use crate::report::terminal::{Paint, clip, paint, sanitize, wrap};

/// Columns of the longest bar.
const BAR: usize = 16;
/// Columns before what stands below an entry.
const INDENT: usize = 6;

pub(super) fn write(survey: &Survey, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let sums = sums(&survey.totals);
    if sums.is_empty() {
        return writeln!(out, "No queries in PromQL found.");
    }
    for sum in sums {
        for line in wrap(&sum, style.width) {
            writeln!(out, "{line}")?;
        }
    }
    for line in wrap(caveat(survey), style.width) {
        writeln!(out, "{}", paint(style.color, Paint::Dim, line))?;
    }
    let page = Page { style };
    let whole = survey.totals.load.work;
    if !survey.panels.is_empty() {
        page.head(out, "Most expensive panels")?;
        let most = most(survey.panels.iter().map(|entry| entry.cost.work));
        for (rank, entry) in survey.panels.iter().enumerate() {
            page.panel(out, rank, entry, most, whole)?;
        }
    }
    if !survey.dashboards.is_empty() {
        page.head(out, "Most expensive dashboards, each load")?;
        let most = most(survey.dashboards.iter().map(|entry| entry.cost.work));
        for (rank, entry) in survey.dashboards.iter().enumerate() {
            page.dashboard(out, rank, entry, most, whole)?;
        }
    }
    if !survey.groups.is_empty() {
        page.head(out, "Most expensive groups of rules, all the time")?;
        let most = most(survey.groups.iter().map(|entry| entry.load));
        for (rank, entry) in survey.groups.iter().enumerate() {
            page.group(out, rank, entry, most)?;
        }
    }
    Ok(())
}

fn most(costs: impl Iterator<Item = f64>) -> f64 {
    costs.fold(f64::MIN_POSITIVE, f64::max)
}

struct Page<'s> {
    style: &'s Style,
}

impl Page<'_> {
    fn head(&self, out: &mut dyn Write, title: &str) -> io::Result<()> {
        writeln!(out, "\n{}", paint(self.style.color, Paint::Bold, title))
    }

    /// `share` of the longest bar, never nothing.
    fn bar(&self, share: f64) -> String {
        let (full, empty) = match self.style.unicode {
            true => ("█", "░"),
            false => ("#", "."),
        };
        let filled = ((share * BAR as f64).round() as usize).clamp(1, BAR);
        let bar = full.repeat(filled) + &empty.repeat(BAR - filled);
        let color = match share {
            share if share > 0.66 => Paint::Red,
            share if share > 0.33 => Paint::Yellow,
            _ => Paint::Green,
        };
        paint(self.style.color, color, &bar).into_owned()
    }

    fn entry(
        &self,
        out: &mut dyn Write,
        rank: usize,
        share_of_most: f64,
        figures: &str,
        name: &str,
        at: &At,
    ) -> io::Result<()> {
        let place = format!("{}:{}", sanitize(&at.file), at.line);
        writeln!(
            out,
            "{:>3}. {} {figures}  {}",
            rank + 1,
            self.bar(share_of_most),
            paint(self.style.color, Paint::Bold, &sanitize(name)),
        )?;
        self.line(out, &paint(self.style.color, Paint::Cyan, &place))
    }

    fn line(&self, out: &mut dyn Write, text: &str) -> io::Result<()> {
        writeln!(out, "{:INDENT$}{text}", "")
    }

    fn dim(&self, text: &str) -> String {
        paint(self.style.color, Paint::Dim, text).into_owned()
    }

    fn panel(
        &self,
        out: &mut dyn Write,
        rank: usize,
        entry: &PanelEntry,
        most: f64,
        whole: f64,
    ) -> io::Result<()> {
        let share = match entry.folded {
            true => String::new(),
            false => percent(entry.cost.work / whole.max(f64::MIN_POSITIVE)),
        };
        let figures = format!("{:>8} {share:>4}", time_in_words(entry.cost.work));
        let name = format!("{} / {}", entry.dashboard, entry.title);
        self.entry(
            out,
            rank,
            entry.cost.work / most,
            &figures,
            &name,
            &entry.at,
        )?;
        if entry.copies > 1.0 {
            let words = format!("repeated, taken as {:.0} copies", entry.copies);
            self.line(out, &self.dim(&words))?;
        }
        if entry.folded {
            self.line(
                out,
                &self.dim("in a folded row: queried when that is opened"),
            )?;
        }
        self.parts(out, &entry.parts)?;
        self.advice(out, &entry.advice)
    }

    fn parts(&self, out: &mut dyn Write, parts: &[PartCost]) -> io::Result<()> {
        let ellipsis = if self.style.unicode { "…" } else { "..." };
        let room = self.style.width.saturating_sub(INDENT + 6).max(20);
        for part in parts {
            let expr = sanitize(&part.expr);
            writeln!(
                out,
                "{:INDENT$}{:>4}  {}",
                "",
                percent(part.share),
                clip(&expr, room, ellipsis),
            )?;
            writeln!(out, "{:INDENT$}      {}", "", self.dim(&reading(part)))?;
        }
        Ok(())
    }

    fn advice(&self, out: &mut dyn Write, advice: &[Advice]) -> io::Result<()> {
        let arrow = if self.style.unicode { "→" } else { "->" };
        for advice in advice {
            let saves = format!("{arrow} saves {}:", percent(advice.saves));
            let text = format!("{saves} {}", sanitize(&advice.what));
            let room = self.style.width.saturating_sub(INDENT + 2).max(20);
            for (number, line) in wrap(&text, room).into_iter().enumerate() {
                match line.strip_prefix(&saves).filter(|_| number == 0) {
                    Some(rest) => {
                        let saves = paint(self.style.color, Paint::Green, &saves);
                        self.line(out, &format!("{saves}{rest}"))?;
                    }
                    None => self.line(out, &format!("  {line}"))?,
                }
            }
            if let Some(rule) = &advice.rule {
                for (key, text) in [
                    ("record", &rule.record),
                    ("expr", &rule.expr),
                    ("in the query", &rule.instead),
                ] {
                    let key = self.dim(&format!("{key}:"));
                    self.line(out, &format!("    {key} {}", sanitize(text)))?;
                }
            }
        }
        Ok(())
    }

    fn dashboard(
        &self,
        out: &mut dyn Write,
        rank: usize,
        entry: &DashboardEntry,
        most: f64,
        whole: f64,
    ) -> io::Result<()> {
        let share = percent(entry.cost.work / whole.max(f64::MIN_POSITIVE));
        let figures = format!("{:>8} {share:>4}", time_in_words(entry.cost.work));
        self.entry(
            out,
            rank,
            entry.cost.work / most,
            &figures,
            &entry.title,
            &entry.at,
        )?;
        let mut words = format!(
            "{}, {} a load, {} samples",
            plural(entry.panels as f64, "panel"),
            plural(entry.queries, "query").replace("querys", "queries"),
            in_words(entry.cost.samples)
        );
        if let Some(refresh) = entry.refresh {
            words += &format!(
                ", again every {} ({} of one processor for each open tab)",
                duration(refresh),
                percent(entry.cost.milliseconds / 1000.0 / refresh)
            );
        }
        self.line(out, &self.dim(&words))?;
        let Some(used) = entry.budget else {
            return Ok(());
        };
        let color = if used > 1.0 { Paint::Red } else { Paint::Green };
        let words = format!("{} of its budget", percent(used));
        self.line(out, &paint(self.style.color, color, &words))
    }

    fn group(
        &self,
        out: &mut dyn Write,
        rank: usize,
        entry: &GroupEntry,
        most: f64,
    ) -> io::Result<()> {
        let figures = format!(
            "{:>8} every {:<4}",
            time_in_words(entry.cost.work),
            duration(entry.interval)
        );
        self.entry(
            out,
            rank,
            entry.load / most,
            &figures,
            &entry.name,
            &entry.at,
        )?;
        let words = format!(
            "{}, the dearest is {}",
            plural(entry.rules as f64, "rule"),
            sanitize(&entry.dearest)
        );
        self.line(out, &self.dim(&words))?;
        self.parts(out, &entry.parts)?;
        self.advice(out, &entry.advice)
    }
}
