//! Series that were given colours too close to each other.

use super::colors::{Colored, colored};
use super::recolor::people;
use crate::color::verdict::{Alike, Question, series_alike};
use crate::diagnostic::{Group, Severity};
use crate::model::{Dashboard, Override, Panel};
use crate::rules::{Check, Context, Place, Rule};
use crate::syntax::NodeRef;

pub(crate) const RULE: Rule = Rule {
    id: "series-colors-alike",
    group: Group::Accessibility,
    severity: Severity::Warning,
    summary: "series painted in colours too close to each other",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/accessibility/series-colors-alike.md"),
    check: Check::Dashboard(check),
};

/// A series with a colour of its own.
struct Series<'t> {
    color: Colored<'t>,
    /// What else it is drawn with: how its line is, which way it goes.
    drawn: String,
}

fn check<'t>(dashboard: &Dashboard<'t>, cx: &mut Context<'_, 't>) {
    for panel in &dashboard.panels {
        if let Some((alike, a, b)) = closest(panel, cx) {
            report(panel, &alike, (&a, &b), cx);
        }
    }
}

fn closest<'t>(
    panel: &Panel<'t>,
    cx: &Context<'_, 't>,
) -> Option<(Alike, Colored<'t>, Colored<'t>)> {
    let series = series(panel);
    let texts: Vec<&str> = series.iter().map(|one| one.color.text.as_str()).collect();
    if texts.len() < 2 {
        return None;
    }
    let question = Question {
        themes: cx.settings.theme.themes(),
        deficiencies: &cx.settings.deficiencies,
        only_cue: false,
    };
    series_alike(&texts, &question, cx.project.colors())
        .into_iter()
        .find_map(|alike| {
            let (Alike::Everybody(pair) | Alike::Some(pair)) = &alike;
            let (a, b) = (series.get(pair.a)?, series.get(pair.b)?);
            // A dashed line or the one that goes down is told apart by that.
            (a.drawn == b.drawn).then(|| (alike, a.color.clone(), b.color.clone()))
        })
}

/// The series of a panel that are lines, bars or slices with colours of their own.
fn series<'t>(panel: &Panel<'t>) -> Vec<Series<'t>> {
    let kind = panel.kind();
    if kind == "graph" {
        return old_series(panel.node);
    }
    if !matches!(
        kind.as_ref(),
        "timeseries" | "trend" | "xychart" | "barchart" | "piechart" | "histogram"
    ) {
        return Vec::new();
    }
    let Some(config) = panel.field_config() else {
        return Vec::new();
    };
    let overrides = config.overrides();
    overrides.filter_map(|rule| of_override(&rule)).collect()
}

fn of_override<'t>(rule: &Override<'t>) -> Option<Series<'t>> {
    let color = rule.properties("color").last()?;
    let mode = color.get("mode")?.as_str()?;
    if !matches!(mode.as_ref(), "fixed" | "shades") {
        return None;
    }
    let property = |id: &str| rule.properties(id).last();
    // Half of a band, and what is not drawn at all.
    if property("custom.fillBelowTo").is_some()
        || property("custom.lineWidth").and_then(NodeRef::as_f64) == Some(0.0)
        || property("custom.hideFrom").is_some()
    {
        return None;
    }
    let drawn = [
        "custom.lineStyle",
        "custom.transform",
        "custom.drawStyle",
        "custom.axisPlacement",
    ]
    .map(|id| property(id).map_or("", NodeRef::raw));
    Some(Series {
        color: colored(color.get("fixedColor")?)?,
        drawn: drawn.join(" "),
    })
}

/// `aliasColors` of the panel before `timeseries`.
fn old_series(panel: NodeRef<'_>) -> Vec<Series<'_>> {
    let overrides: Vec<NodeRef<'_>> = panel
        .get("seriesOverrides")
        .into_iter()
        .flat_map(NodeRef::items)
        .collect();
    let colors = panel
        .get("aliasColors")
        .into_iter()
        .flat_map(NodeRef::members);
    colors
        .filter_map(|node| {
            let alias = node.key()?;
            let own = overrides.iter().find(|rule| {
                rule.get("alias").and_then(NodeRef::as_str).as_deref() == Some(&*alias)
            });
            let drawn = [
                "dashes",
                "transform",
                "lines",
                "bars",
                "fillBelowTo",
                "yaxis",
            ]
            .map(|key| own.and_then(|rule| rule.get(key)).map_or("", NodeRef::raw));
            Some(Series {
                color: colored(node)?,
                drawn: drawn.join(" "),
            })
        })
        .collect()
}

fn report<'t>(
    panel: &Panel<'t>,
    alike: &Alike,
    (a, b): (&Colored<'t>, &Colored<'t>),
    cx: &mut Context<'_, 't>,
) {
    let (message, pair, lower) = match alike {
        Alike::Everybody(pair) => (
            format!(
                "`{}` and `{}` are nearly the same colour (ΔE {:.1}): nobody can tell the two series apart by it",
                a.text, b.text, pair.distance
            ),
            pair,
            false,
        ),
        Alike::Some(pair) => (
            format!(
                "`{}` and `{}` are one colour to {} (ΔE {:.1})",
                a.text,
                b.text,
                people(pair),
                pair.distance
            ),
            pair,
            true,
        ),
    };
    let seen = pair.report.seen_by(pair.deficiency);
    let finding = cx
        .report(Place::value(b.node), message)
        .at(Context::panel_steps(panel))
        .related(
            Place::value(a.node),
            if lower { format!("seen as {}", seen.a) } else { "the other series".to_owned() },
        )
        .help("choose another hue or a clearly lighter or darker shade for one of them, or draw one dashed")
        .together("here too");
    if lower {
        let _ = finding
            .label(format!("seen as {}", seen.b))
            .lower(Severity::Info);
    }
}
