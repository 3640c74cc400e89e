//! Values that people cannot read in a notification.

use super::templates::Expanded;
use super::value_in_label::is_value;
use crate::diagnostic::{Group, Severity, TrailStep};
use crate::promql::Parsed;
use crate::promql::ast::{BinaryOp, ExprId, ExprKind};
use crate::rules::{Alert, Check, Context, Place, Rule};
use crate::template::{Pipeline, Role};
use crate::units::explain::words;

pub(crate) const RAW: Rule = Rule {
    id: "unreadable-value",
    group: Group::Alerting,
    severity: Severity::Info,
    summary: "rate or quotient shown with all its digits",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/unreadable-value.md"),
    check: Check::EmittedBy("invalid-alert-template"),
};

pub(crate) const WRONG: Rule = Rule {
    id: "wrong-humanize",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "value shown in another unit than it has",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/wrong-humanize.md"),
    check: Check::EmittedBy("invalid-alert-template"),
};

/// Functions whose results have many digits: promql/functions.go 3.5, what divides by a time.
const PER_TIME: [&str; 3] = ["rate", "irate", "deriv"];

/// A value shown with all its digits: the way to its alert, and where it stands.
pub(super) type Raw<'t> = (Vec<TrailStep>, Place<'t, 't>);

/// Looks at a template; what is shown raw is noted for one finding a document.
pub(super) fn look<'s, 't>(
    cx: &mut Context<'s, 't>,
    expanded: &Expanded<'_, 's, 't>,
    raw: &mut Vec<Raw<'t>>,
) {
    // A Grafana rule's `$value` is a text of its own, and its `$values` are what expressions make of the queries.
    let ([query], Alert::Prometheus(_)) = (expanded.seen.queries, expanded.seen.alert) else {
        return;
    };
    let parsed = query.parsed();
    let Some(root) = parsed
        .root
        .filter(|_| query.language.is_promql() && parsed.is_valid())
    else {
        return;
    };
    for pipeline in &expanded.template.pipelines {
        if pipeline.role != Role::Printed || pipeline.nested {
            continue;
        }
        if let Some(operand) = bare_value(pipeline) {
            if has_many_digits(parsed, root) {
                raw.push((expanded.seen.steps(), Place::text(expanded.node, operand)));
            }
            continue;
        }
        let Some((function, span)) = humanized(pipeline) else {
            continue;
        };
        let inference = cx.project.units().of(parsed);
        let Some(is) = inference
            .root()
            .filter(|is| is.is_strong() && inference.contradictions.is_empty())
        else {
            continue;
        };
        let scale = is.certain_scale();
        let wrong = match function {
            "humanizePercentage" if is.is_share() => scale.is_some_and(|scale| scale < 0.5),
            "humanizePercentage" | "humanizeDuration" if is.dims.is_none() => false,
            "humanizePercentage" => true,
            "humanizeDuration" => {
                is.dims != crate::units::value::Dims::TIME
                    || scale.is_some_and(|scale| (scale - 1.0).abs() > 1e-9)
            }
            _ => false,
        };
        if !wrong {
            continue;
        }
        let wants = match function {
            "humanizePercentage" => "a share from 0 to 1",
            _ => "seconds",
        };
        let _ = cx
            .report_as(
                &WRONG,
                Place::text(expanded.node, span),
                format!(
                    "`{function}` expects {wants}, but the value is {}",
                    words(&is)
                ),
            )
            .at(expanded.seen.steps())
            .related(Place::value(query.text_node), "the query")
            .help("convert the value in the query, or format it with `printf`");
    }
}

/// One finding for all values shown raw in a document.
pub(super) fn report<'t>(cx: &mut Context<'_, 't>, raw: Vec<Raw<'t>>) {
    for (steps, place) in raw {
        let _ = cx
            .report_as(
                &RAW,
                place,
                "the value is a rate or a quotient and is shown with all its digits, as 0.016666666666666666",
            )
            .at(steps)
            .help("write `{{ $value | humanize }}`, `humanizePercentage`, `humanizeDuration` or `printf \"%.2f\"`")
            .together("and here");
    }
}

/// `{{ $value }}` and nothing else.
fn bare_value(pipeline: &Pipeline<'_>) -> Option<crate::span::Span> {
    let [command] = pipeline.commands.as_slice() else {
        return None;
    };
    let [operand] = command.operands.as_slice() else {
        return None;
    };
    is_value(operand).then_some(operand.span)
}

/// `{{ $value | humanizePercentage }}` or `{{ humanizePercentage $value }}`: the function.
fn humanized<'x>(pipeline: &Pipeline<'x>) -> Option<(&'x str, crate::span::Span)> {
    let commands: Vec<_> = pipeline
        .commands
        .iter()
        .map(|command| command.operands.as_slice())
        .collect();
    let (function, value) = match commands.as_slice() {
        [[value], [function]] => (function, value),
        [[function, value]] => (function, value),
        _ => return None,
    };
    match function.kind {
        crate::template::OperandKind::Function(name) if is_value(value) => {
            Some((name, function.span))
        }
        _ => None,
    }
}

/// Whether the result's values are rates or quotients, seen through what keeps values as they are.
fn has_many_digits(parsed: &Parsed, root: ExprId) -> bool {
    let mut id = root;
    loop {
        id = match &parsed.ast.expr(parsed.ast.unparen(id)).kind {
            ExprKind::Binary(binary) if binary.op == BinaryOp::Div => return true,
            ExprKind::Binary(binary)
                if binary.op.is_set()
                    || (binary.op.is_comparison() && binary.bool_span.is_none()) =>
            {
                binary.lhs
            }
            ExprKind::Call(call) => {
                let name = parsed.call_name(call);
                match parsed.ast.args(call) {
                    _ if PER_TIME.contains(&name) => return true,
                    [first, ..]
                        if matches!(
                            name,
                            "label_replace" | "label_join" | "sort" | "sort_desc" | "abs"
                        ) =>
                    {
                        *first
                    }
                    _ => return false,
                }
            }
            ExprKind::Aggregate(aggregate)
                if aggregate.op.keeps_series()
                    || matches!(
                        aggregate.op.as_str(),
                        "sum" | "avg" | "min" | "max" | "quantile"
                    ) =>
            {
                match aggregate.expr {
                    Some(inner) => inner,
                    None => return false,
                }
            }
            _ => return false,
        };
    }
}
