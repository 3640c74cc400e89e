//! Queries that templates ask: `{{ with query "…" }}{{ . | first | label "instance" }}{{ end }}`.

use std::borrow::Cow;

use super::label_not_in_result::RULE as LABEL;
use super::templates::{Expanded, FAILING};
use crate::config::Dialect;
use crate::promql::flow::Flow;
use crate::promql::referee::{Verdict, referee};
use crate::promql::{Parsed, parse};
use crate::rules::{Alert, Context, Place};
use crate::span::Span;
use crate::template::{Command, Operand, OperandKind, Pipeline, Shape, Template};

/// Functions that take what `query` returned, or one of its samples: Prometheus 3.5, template/template.go.
const OF_RESULTS: [&str; 5] = ["first", "sortByLabel", "label", "value", "strvalue"];

pub(super) fn look<'s, 't>(cx: &mut Context<'s, 't>, expanded: &Expanded<'_, 's, 't>) {
    // vmalert asks in MetricsQL; what Grafana's templates ask is no PromQL.
    if !matches!(expanded.seen.alert, Alert::Prometheus(_))
        || cx.settings.dialect == Dialect::Metricsql
    {
        return;
    }
    let template = expanded.template;
    for pipeline in &template.pipelines {
        wrong_argument(cx, expanded, pipeline);
    }
    let queries: Vec<(Span, Parsed)> = asked(template)
        .map(|(span, text)| (span, parse(&text)))
        .collect();
    for (span, parsed) in &queries {
        let Some(error) = parsed.errors.first() else {
            continue;
        };
        if referee(parsed) == Verdict::Accepts {
            continue;
        }
        let _ = cx
            .report_as(
                &FAILING,
                Place::text(expanded.node, *span),
                format!(
                    "Prometheus refuses this query, and shows an error in place of the text: {}",
                    error.message
                ),
            )
            .at(expanded.seen.steps());
    }
    if let [(span, parsed)] = queries.as_slice() {
        lost_labels(cx, expanded, *span, parsed);
    }
}

/// `{{ $value | first }}`: the value is a number, and no result of a query.
fn wrong_argument<'s, 't>(
    cx: &mut Context<'s, 't>,
    expanded: &Expanded<'_, 's, 't>,
    pipeline: &Pipeline<'_>,
) {
    for pair in pipeline.commands.windows(2) {
        let [given, taker] = pair else { continue };
        let ([value], Some(function)) = (given.operands.as_slice(), taker.function()) else {
            continue;
        };
        if !matches!(value.shape, Shape::AlertValue | Shape::Labels)
            || !OF_RESULTS.contains(&function)
        {
            continue;
        }
        let _ = cx
            .report_as(
                &FAILING,
                Place::text(expanded.node, value.span),
                format!("`{function}` takes what `query` returned, and this is not: the text says an error"),
            )
            .at(expanded.seen.steps())
            .help(format!("leave `{function}` out"));
    }
}

/// The labels that are read of the only query of a template, and that its result cannot have.
fn lost_labels<'s, 't>(
    cx: &mut Context<'s, 't>,
    expanded: &Expanded<'_, 's, 't>,
    asked: Span,
    parsed: &Parsed,
) {
    let Some(root) = parsed.root.filter(|_| parsed.is_valid()) else {
        return;
    };
    let flow = Flow::with(parsed, cx.project.definitions());
    for (name, span) in labels_read(expanded.template) {
        if flow.can(root, &name) {
            continue;
        }
        let _ = cx
            .report_as(
                &LABEL,
                Place::text(expanded.node, span),
                format!(
                    "`{name}` is empty here: the query of this template cannot return that label"
                ),
            )
            .at(expanded.seen.steps())
            .related(Place::text(expanded.node, asked), "the query")
            .help(format!("keep `{name}` in the query, or leave it out here"));
    }
}

/// The queries that a template asks, as far as their text is known, each with its place.
fn asked<'a>(template: &'a Template<'_>) -> impl Iterator<Item = (Span, Cow<'a, str>)> {
    template.pipelines.iter().flat_map(move |pipeline| {
        let commands = pipeline.commands.iter().enumerate();
        commands.filter_map(move |(at, command)| {
            if command.function() != Some("query") {
                return None;
            }
            match command.operands.get(1) {
                Some(operand) => text_of(template, operand),
                None => text_of_command(pipeline.commands.get(at.checked_sub(1)?)?),
            }
        })
    })
}

fn text_of<'a>(
    template: &'a Template<'_>,
    operand: &'a Operand<'_>,
) -> Option<(Span, Cow<'a, str>)> {
    match &operand.kind {
        OperandKind::Group(number) => match template.pipelines.get(*number)?.commands.as_slice() {
            [command] => text_of_command(command),
            _ => None,
        },
        _ => plain(operand),
    }
}

/// `"up"`, or `printf "up{job='%s'}" …`.
fn text_of_command<'a>(command: &'a Command<'_>) -> Option<(Span, Cow<'a, str>)> {
    match command.operands.as_slice() {
        [only] => plain(only),
        [_, format, ..] if command.function() == Some("printf") => {
            let (span, text) = plain(format)?;
            Some((span, Cow::Owned(filled_in(&text)?)))
        }
        _ => None,
    }
}

fn plain<'a>(operand: &'a Operand<'_>) -> Option<(Span, Cow<'a, str>)> {
    match &operand.kind {
        OperandKind::String(text) => Some((operand.span, Cow::Borrowed(text.as_ref()))),
        _ => None,
    }
}

/// A format with something in place of its verbs. What stands outside quotes may be anything, and then nothing is known.
fn filled_in(format: &str) -> Option<String> {
    let mut text = String::with_capacity(format.len());
    let mut quote = None;
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('%', Some(_)) => match chars.next()? {
                '%' => text.push('%'),
                's' | 'v' => text.push('x'),
                _ => return None,
            },
            ('%', None) => match chars.next()? {
                '%' => text.push('%'),
                'q' => text.push_str("\"x\""),
                _ => return None,
            },
            ('\\', Some(_)) => {
                text.push(c);
                text.push(chars.next()?);
            }
            ('"' | '\'' | '`', None) => {
                quote = Some(c);
                text.push(c);
            }
            (c, open) => {
                if open == Some(c) {
                    quote = None;
                }
                text.push(c);
            }
        }
    }
    Some(text)
}

/// `label "instance"`: the labels read of samples.
fn labels_read<'a>(template: &'a Template<'_>) -> impl Iterator<Item = (Cow<'a, str>, Span)> {
    let commands = template
        .pipelines
        .iter()
        .flat_map(|pipeline| &pipeline.commands);
    commands.filter_map(|command| {
        let (span, name) = plain(command.operands.get(1)?)?;
        (command.function() == Some("label")).then_some((name, span))
    })
}

#[cfg(test)]
mod tests {
    use super::filled_in;

    #[test]
    fn verbs_in_quotes() {
        let filled = |format: &str| filled_in(format);
        assert_eq!(filled("up{job='%s'}").as_deref(), Some("up{job='x'}"));
        assert_eq!(filled("up{job=%q}").as_deref(), Some("up{job=\"x\"}"));
        assert_eq!(filled("up{job=\"a\\\"%v\"} % 2"), None);
        assert_eq!(filled("up %% 2").as_deref(), Some("up % 2"));
        assert_eq!(filled("rate(up[%s])"), None);
    }
}
