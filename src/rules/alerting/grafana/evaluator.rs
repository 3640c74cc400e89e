//! What `threshold` and `classic_conditions` compare with.

use super::invalid_expression::{fault, lacks, written};
use crate::expression::{evaluator_params, evaluators};
use crate::rules::Context;
use crate::spelling::misspelt;
use crate::syntax::{Kind, NodeRef};

/// A `threshold`: the query it reads and its one condition.
pub(super) fn threshold<'t>(model: NodeRef<'t>, cx: &mut Context<'_, 't>) {
    written(model, "expression", cx);
    let Some(list) = model.get("conditions").filter(|list| !list.is_null()) else {
        lacks(model, "`conditions`", cx);
        return;
    };
    if list.kind() != Kind::Array {
        return;
    }
    let mut conditions = list.items();
    let (Some(condition), second) = (conditions.next(), conditions.next()) else {
        let _ = fault(
            list,
            "a `threshold` needs a condition, and there is none",
            cx,
        );
        return;
    };
    if let Some(second) = second {
        let what = "a `threshold` has exactly one condition, and here is another";
        let _ = fault(crate::rules::Place::head(second), what, cx).help(
            "remove it, or write a `math` expression over several `threshold`s, such as `$B && $C`",
        );
        return;
    }
    evaluator(condition, "evaluator", false, cx);
    if condition
        .get("unloadEvaluator")
        .is_some_and(|node| !node.is_null())
    {
        evaluator(condition, "unloadEvaluator", false, cx);
    }
}

/// The evaluator at `key` of a condition.
pub(super) fn evaluator<'t>(
    condition: NodeRef<'t>,
    key: &str,
    classic: bool,
    cx: &mut Context<'_, 't>,
) {
    let Some(evaluator) = condition
        .get(key)
        .filter(|node| node.kind() == Kind::Object)
    else {
        lacks(condition, &format!("`{key}`"), cx);
        return;
    };
    let Some(node) = written(evaluator, "type", cx) else {
        return;
    };
    let Some(kind) = node.as_str() else { return };
    if !evaluators(classic).any(|known| known == kind) {
        let finding = fault(node, &format!("there is no evaluator `{kind}`"), cx);
        let known: Vec<_> = evaluators(classic).collect();
        let _ = match misspelt(&kind, known.iter().copied()) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help(format!("write one of {}", known.join(", "))),
        };
        return;
    }
    let wanted = evaluator_params(&kind).unwrap_or(0);
    let params = evaluator.get("params");
    let given = params.map_or(0, |params| params.items().count());
    if let Some(wrong) = params
        .into_iter()
        .flat_map(NodeRef::items)
        .find(|param| param.kind() != Kind::Number)
    {
        let _ = fault(wrong, "it compares with this, which is no number", cx);
    } else if given < wanted {
        let what = match wanted {
            1 => format!("`{kind}` needs a number to compare with"),
            _ => format!("`{kind}` needs two numbers to compare with"),
        };
        let _ = fault(params.unwrap_or(node), &what, cx).help("write it into `params`");
    }
}
