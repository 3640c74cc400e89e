//! Types and arity: what Prometheus checks once the text is a sentence.

use super::ast::{
    AggregateOp, Ast, Binary, Call, Expr, ExprId, ExprKind, MatchOp, Selector, ValueType,
};
use super::error::{ErrorKind, ParseError, Placeholder, RANGE_PLACEHOLDER, Suggestion};
use super::features::{Feature, FeatureUse};
use super::regex;
use crate::span::Span;
use std::borrow::Cow;

/// A wrong number of arguments of an aggregation.
pub(super) fn aggregate_arity(op: AggregateOp, span: Span, count: usize) -> ParseError {
    let name = op.as_str();
    let message = match (op.has_param(), count) {
        (_, 0) => format!("`{name}` has nothing to aggregate"),
        (true, 1) => format!("`{name}` needs a parameter and a vector, found one argument"),
        (true, n) => format!("`{name}` takes a parameter and a vector, found {n} arguments"),
        (false, n) => format!("`{name}` takes one vector, found {n} arguments"),
    };
    let error = ParseError::new(ErrorKind::Arity, span, message);
    match (op.has_param(), count) {
        (true, 1) if op == AggregateOp::CountValues => {
            error.help("write `count_values(\"label\", vector)`")
        }
        (true, 1) if op == AggregateOp::Quantile => error.help("write `quantile(0.95, vector)`"),
        (true, 1) => error.help(format!("write `{name}(5, vector)`")),
        (false, n) if n > 1 => error.help("to take several vectors together, join them with `or`"),
        _ => error,
    }
}

pub(super) struct Checker<'a> {
    text: &'a str,
    ast: &'a Ast,
    errors: &'a mut Vec<ParseError>,
    uses_info: bool,
}

impl<'a> Checker<'a> {
    pub(super) fn new(
        text: &'a str,
        ast: &'a Ast,
        errors: &'a mut Vec<ParseError>,
        features: &[FeatureUse],
    ) -> Self {
        let uses_info = features
            .iter()
            .any(|used| matches!(used.feature, Feature::Function(f) if f.name == "info"));
        Checker {
            text,
            ast,
            errors,
            uses_info,
        }
    }

    pub(super) fn check(&mut self) {
        let ast = self.ast;
        // The second argument of info() is no selection of series: it may match everything.
        let mut labels_only: Vec<ExprId> = Vec::new();
        if self.uses_info {
            for (_, expr) in ast.exprs() {
                if let ExprKind::Call(call) = &expr.kind
                    && call.function.is_some_and(|f| f.name == "info")
                    && let Some(second) = ast.args(call).get(1)
                {
                    labels_only.push(*second);
                }
            }
            labels_only.sort_unstable();
        }
        for (id, expr) in ast.exprs() {
            match &expr.kind {
                ExprKind::Selector(selector) => {
                    if labels_only.binary_search(&id).is_err() {
                        self.selector(expr, selector);
                    }
                }
                ExprKind::Call(call) => self.call(expr, call),
                ExprKind::Aggregate(aggregate) => {
                    if let Some(inner) = aggregate.expr {
                        self.operand_of_aggregate(aggregate.op, inner);
                    }
                    if let Some(param) = aggregate.param {
                        self.param_of_aggregate(aggregate.op, param);
                    }
                }
                ExprKind::Binary(binary) => self.binary(expr, binary),
                ExprKind::Unary { expr: inner, .. } => {
                    let ty = ast.expr(*inner).ty;
                    if matches!(ty, ValueType::String | ValueType::Matrix) {
                        let message = format!("a sign cannot stand before {}", ty.a_name());
                        self.errors
                            .push(ParseError::new(ErrorKind::Type, expr.span, message));
                    }
                }
                ExprKind::Subquery(subquery) => {
                    let inner = ast.expr(subquery.expr);
                    if !matches!(inner.ty, ValueType::Vector | ValueType::Unknown)
                        && subquery_checked(expr, ast)
                    {
                        let message = format!(
                            "a subquery needs an instant vector, found {}",
                            inner.ty.a_name()
                        );
                        let error = ParseError::new(ErrorKind::Type, inner.span, message)
                            .related(expr.span, "in this subquery");
                        self.errors.push(error);
                    }
                }
                ExprKind::Number(_)
                | ExprKind::String(_)
                | ExprKind::Paren(_)
                | ExprKind::Hole(_) => {}
            }
        }
    }

    fn ty(&self, id: ExprId) -> ValueType {
        self.ast.expr(id).ty
    }

    fn selector(&mut self, expr: &Expr, selector: &Selector) {
        let matchers = self.ast.matchers(selector);
        if let Some(name) = &selector.name {
            for matcher in matchers {
                let second = matcher.metric_name
                    || (matcher.label.holes.is_empty()
                        && self.label_text(&matcher.label) == "__name__");
                if second {
                    let value = matcher.value.value(self.text);
                    let metric = &self.text[name.span.range()];
                    let error = ParseError::new(
                        ErrorKind::Selector,
                        matcher.span,
                        format!("the metric's name is set twice: `{metric}` and `{value}`"),
                    )
                    .related(expr.span, "in this selector")
                    .related(name.span, "here first");
                    self.errors.push(error);
                }
            }
            return;
        }
        if selector.open || matchers.iter().any(|m| self.excludes_empty(m)) {
            return;
        }
        let span = selector.braces.unwrap_or(expr.span);
        let mut error = ParseError::new(
            ErrorKind::Selector,
            span,
            "this selector would match every series; Prometheus refuses it",
        )
        .help("name a metric, or add a matcher that an absent label does not satisfy, such as `job=\"api\"`");
        if let [.., last] = matchers
            && last.op == MatchOp::Regex
            && last.value.value(self.text) == ".*"
        {
            let dot_plus = Span::new(
                last.value.span.start as usize + 2,
                last.value.span.start as usize + 3,
            );
            error = error.suggest("use `.+`", vec![(dot_plus, "+".into())]);
        }
        self.errors.push(error);
    }

    fn label_text(&self, label: &super::ast::Label) -> Cow<'a, str> {
        super::label_text(self.text, label)
    }

    /// Whether a series without the label fails the matcher. A variable gets the benefit of the doubt.
    fn excludes_empty(&self, matcher: &super::ast::Matcher) -> bool {
        if !matcher.value.holes.is_empty() || matcher.value.quote == 0 {
            return true;
        }
        let value = matcher.value.value(self.text);
        match matcher.op {
            MatchOp::Equal => !value.is_empty(),
            MatchOp::NotEqual => value.is_empty(),
            MatchOp::Regex => !regex::matches_empty(&value).unwrap_or(false),
            MatchOp::NotRegex => regex::matches_empty(&value).unwrap_or(true),
            MatchOp::Hole => true,
        }
    }

    fn call(&mut self, expr: &Expr, call: &Call) {
        let Some(function) = call.function else {
            return;
        };
        let args = self.ast.args(call);
        let (least, most) = function.arity();
        let count = args.len();
        let plural = |n: usize| if n == 1 { "argument" } else { "arguments" };
        let name = function.name;
        let wanted = if count < least {
            let or_more = if most == Some(least) { "" } else { "at least " };
            Some(format!("{or_more}{least} {}", plural(least)))
        } else {
            most.filter(|most| count > *most).map(|most| {
                let at_most = if most == least { "" } else { "at most " };
                format!("{at_most}{most} {}", plural(most))
            })
        };
        if let Some(wanted) = wanted {
            let message = format!("`{name}` takes {wanted}, found {count}");
            let types: Vec<&str> = function.args.iter().map(|ty| ty.name()).collect();
            let mut error = ParseError::new(ErrorKind::Arity, expr.span, message);
            if !types.is_empty() {
                error = error.help(format!("`{name}({})`", types.join(", ")));
            }
            self.errors.push(error);
        }
        if name == "info"
            && let Some(&second) = args.get(1)
        {
            self.info_argument(second);
        }
        for (index, &arg) in args.iter().enumerate() {
            let Some(wanted) = function.arg_type(index) else {
                break;
            };
            let found = self.ty(arg);
            if found == wanted || found == ValueType::Unknown {
                continue;
            }
            let argument = self.ast.expr(arg);
            let message = format!(
                "`{name}` needs {} here, found {}",
                wanted.a_name(),
                found.a_name()
            );
            let mut error = ParseError::new(ErrorKind::Type, argument.span, message);
            if wanted == ValueType::Matrix && found == ValueType::Vector {
                error = self.missing_range(error, name, arg);
            } else if wanted == ValueType::Vector && found == ValueType::Scalar {
                error = error.help("`vector(…)` turns a scalar into a vector");
            } else if wanted == ValueType::Scalar && found == ValueType::Vector {
                error = error.help("`scalar(…)` turns a vector of one series into a scalar");
            } else if wanted == ValueType::Vector && found == ValueType::Matrix {
                error =
                    error.help("remove the range, or apply a function such as `rate` to it first");
            }
            self.errors.push(error);
        }
    }

    fn missing_range(&self, mut error: ParseError, name: &str, arg: ExprId) -> ParseError {
        let argument = self.ast.expr(arg);
        match &argument.kind {
            ExprKind::Selector(selector) => {
                let first = selector
                    .braces
                    .or(selector.name.map(|n| n.span))
                    .unwrap_or(argument.span);
                let end = first.end as usize;
                error.message =
                    format!("`{name}` needs a range: `[…]` is missing after this selector");
                error.suggestion = Some(Suggestion {
                    title: "add a range".into(),
                    replacements: vec![(Span::new(end, end), RANGE_PLACEHOLDER.into())],
                    placeholder: Some(Placeholder::Range),
                });
                error
            }
            ExprKind::Aggregate(_) => error.help(format!(
                "aggregate outside: `sum({name}(metric[5m]))`; or write a subquery: `(…)[5m:]`"
            )),
            _ => error.help("a range of an expression is a subquery: `(…)[5m:]`"),
        }
    }

    fn info_argument(&mut self, id: ExprId) {
        let expr = self.ast.expr(id);
        let problem = match &expr.kind {
            ExprKind::Selector(selector) if selector.name.is_some() => {
                "the second argument of `info` is only matchers in braces, without a metric"
            }
            ExprKind::Selector(_) | ExprKind::Hole(_) => return,
            _ => "the second argument of `info` is only matchers in braces",
        };
        self.errors
            .push(ParseError::new(ErrorKind::Type, expr.span, problem));
    }

    fn operand_of_aggregate(&mut self, op: AggregateOp, id: ExprId) {
        let expr = self.ast.expr(id);
        if op == AggregateOp::Hole || matches!(expr.ty, ValueType::Vector | ValueType::Unknown) {
            return;
        }
        let name = op.as_str();
        let message = format!(
            "`{name}` needs an instant vector, found {}",
            expr.ty.a_name()
        );
        let mut error = ParseError::new(ErrorKind::Type, expr.span, message);
        if expr.ty == ValueType::Matrix {
            error = error.help(format!(
                "over time: `{name}_over_time(…)` or `rate(…)`; over series: remove the range"
            ));
            if !matches!(
                name,
                "sum" | "avg" | "min" | "max" | "count" | "stddev" | "stdvar" | "quantile"
            ) {
                error.help =
                    Some("apply a function such as `rate` to the range first, or remove it".into());
            }
        }
        self.errors.push(error);
    }

    fn param_of_aggregate(&mut self, op: AggregateOp, id: ExprId) {
        let wanted = match op {
            AggregateOp::Hole => return,
            AggregateOp::CountValues => ValueType::String,
            _ => ValueType::Scalar,
        };
        let expr = self.ast.expr(id);
        if expr.ty != wanted && expr.ty != ValueType::Unknown {
            let message = format!(
                "the parameter of `{}` must be {}, found {}",
                op.as_str(),
                wanted.a_name(),
                expr.ty.a_name()
            );
            self.errors
                .push(ParseError::new(ErrorKind::Type, expr.span, message));
        }
    }

    fn binary(&mut self, expr: &Expr, binary: &Binary) {
        let (left, right) = (self.ast.expr(binary.lhs), self.ast.expr(binary.rhs));
        let op = binary.op.as_str();
        let hole = binary.op == super::ast::BinaryOp::Hole;
        if let Some(span) = binary.bool_span
            && !binary.op.is_comparison()
            && !hole
        {
            let error = ParseError::new(
                ErrorKind::Type,
                binary.op_span.cover(span),
                format!("`bool` only goes with comparisons, not with `{op}`"),
            )
            .suggest("remove `bool`", vec![(span, String::new())]);
            self.errors.push(error);
        }
        let scalars = left.ty == ValueType::Scalar && right.ty == ValueType::Scalar;
        if binary.op.is_comparison() && binary.bool_span.is_none() && scalars {
            let after = Span::new(binary.op_span.end as usize, binary.op_span.end as usize);
            let error = ParseError::new(
                ErrorKind::Type,
                binary.op_span,
                "two scalars can only be compared with `bool`",
            )
            .suggest("add `bool`", vec![(after, " bool".into())]);
            self.errors.push(error);
        }
        let matching = self.ast.matching(binary);
        let on = matching.and_then(|m| m.labels.filter(|l| l.on));
        let include = matching.and_then(|m| m.group).and_then(|g| g.list);
        if let (Some(on), Some(include)) = (on, include) {
            for label in self.ast.labels(&include) {
                let name = self.label_text(label);
                let twice = self
                    .ast
                    .labels(&on.list)
                    .iter()
                    .find(|l| l.holes.is_empty() && self.label_text(l) == name);
                if let Some(first) = twice {
                    let error = ParseError::new(
                        ErrorKind::Type,
                        label.span,
                        format!("the label `{name}` cannot be in `on` and in the group at once"),
                    )
                    .related(first.span, "here too")
                    .related(binary.op_span, "of this operation");
                    self.errors.push(error);
                }
            }
        }
        let mut broken = false;
        for side in [left, right] {
            if matches!(side.ty, ValueType::String | ValueType::Matrix) {
                let message = format!(
                    "`{op}` works on scalars and instant vectors, found {}",
                    side.ty.a_name()
                );
                let mut error = ParseError::new(ErrorKind::Type, side.span, message);
                if side.ty == ValueType::Matrix {
                    error = error
                        .help("apply a function such as `rate` to the range first, or remove it");
                }
                self.errors.push(error);
                broken = true;
            }
        }
        if broken || hole {
            return;
        }
        let scalar = left.ty == ValueType::Scalar || right.ty == ValueType::Scalar;
        if let Some(matching) = matching {
            if scalar {
                if let Some(labels) = matching
                    .labels
                    .filter(|l| !self.ast.labels(&l.list).is_empty())
                {
                    let error = ParseError::new(
                        ErrorKind::Type,
                        labels.keyword.cover(labels.list.span),
                        "series are only matched between two instant vectors, and one side is a scalar",
                    )
                    .related(expr.span, "in this operation");
                    self.errors.push(error);
                }
                if let Some(fill) = matching.fills.first() {
                    let error = ParseError::new(
                        ErrorKind::Type,
                        fill.span,
                        "series are only filled in between two instant vectors, and one side is a scalar",
                    )
                    .related(expr.span, "in this operation");
                    self.errors.push(error);
                }
            } else if binary.op.is_set() {
                if let Some(group) = matching.group {
                    let error = ParseError::new(
                        ErrorKind::Type,
                        group.keyword,
                        format!("`{op}` matches many to many and takes no group"),
                    )
                    .related(expr.span, "in this operation");
                    self.errors.push(error);
                }
                if let Some(fill) = matching.fills.first() {
                    let error = ParseError::new(
                        ErrorKind::Type,
                        fill.span,
                        format!("`{op}` takes no `fill`"),
                    )
                    .related(expr.span, "in this operation");
                    self.errors.push(error);
                }
            }
        }
        if scalar && binary.op.is_set() {
            let side = if left.ty == ValueType::Scalar {
                left
            } else {
                right
            };
            let number = &self.text[side.span.range()];
            let mut error = ParseError::new(
                ErrorKind::Type,
                side.span,
                format!("`{op}` joins instant vectors, found a scalar"),
            )
            .related(expr.span, "in this operation");
            if matches!(side.kind, ExprKind::Number(_)) {
                error = error.suggest(
                    format!("write `vector({number})`"),
                    vec![(side.span, format!("vector({number})"))],
                );
            }
            self.errors.push(error);
        }
    }
}

/// A subquery that stands for a misplaced range was reported already.
fn subquery_checked(expr: &Expr, ast: &Ast) -> bool {
    match &expr.kind {
        ExprKind::Subquery(subquery) => {
            !(subquery.step.is_none() && matches!(ast.expr(subquery.expr).ty, ValueType::Unknown))
        }
        _ => true,
    }
}
