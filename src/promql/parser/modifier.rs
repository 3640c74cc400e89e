//! What follows an operand: `[5m]`, `[5m:1m]`, `offset`, `@`, `anchored`, `smoothed`.

use super::{Parser, Result};
use crate::promql::ast::{
    AtModifier, AtTime, ExprId, ExprKind, Extended, Offset, RangeSelector, Subquery, TimeShift,
    ValueType,
};
use crate::promql::error::{ErrorKind, ParseError};
use crate::promql::features::Feature;
use crate::promql::holes::HoleRole;
use crate::promql::token::Tok;
use crate::span::Span;

impl Parser<'_> {
    pub(super) fn postfix(&mut self) -> Result<ExprId> {
        let mut expr = self.primary()?;
        loop {
            match self.tok.tok {
                Tok::LBracket => expr = self.brackets(expr)?,
                Tok::Offset => self.offset(expr)?,
                Tok::At => self.at_modifier(expr)?,
                Tok::Anchored => self.extended(expr, Extended::Anchored),
                Tok::Smoothed => self.extended(expr, Extended::Smoothed),
                _ => return Ok(expr),
            }
        }
    }

    fn brackets(&mut self, expr: ExprId) -> Result<ExprId> {
        let open = self.bump().span;
        let Some(range) = self.range_duration(HoleRole::Range)? else {
            return Err(self.unexpected_in_brackets(open, "a duration such as `5m`"));
        };
        if let Some(close) = self.eat(Tok::RBracket) {
            return self.range_selector(expr, open.cover(close.span), range);
        }
        if !self.at(Tok::Colon) {
            return Err(self.unexpected_in_brackets(open, "`]` or `:`"));
        }
        self.bump();
        let mut step = None;
        if !self.at(Tok::RBracket) {
            step = self.range_duration(HoleRole::Duration)?;
            if step.is_none() {
                return Err(self.unexpected_in_brackets(open, "a resolution such as `1m`, or `]`"));
            }
        }
        if !self.at(Tok::RBracket) {
            return Err(self.unexpected_in_brackets(open, "`]`"));
        }
        let close = self.bump().span;
        let subquery = Subquery {
            expr,
            brackets: open.cover(close),
            range,
            step,
            shift: TimeShift::default(),
        };
        let span = self.span(expr).cover(close);
        self.push(span, ValueType::Matrix, ExprKind::Subquery(subquery))
    }

    fn range_selector(
        &mut self,
        expr: ExprId,
        brackets: Span,
        duration: crate::promql::ast::Duration,
    ) -> Result<ExprId> {
        if let Some(selector) = self.selector_of_call(expr) {
            return Ok(self.range_outside(expr, selector, brackets, duration));
        }
        let node = &mut self.ast.nodes[expr.index()];
        let span = node.span.cover(brackets);
        let problem = match &mut node.kind {
            ExprKind::Selector(selector) if selector.range.is_none() => {
                // A shift of zero leaves no trace in Prometheus.
                let zero = selector
                    .shift
                    .offset
                    .is_some_and(|offset| offset.duration.seconds == Some(0.0));
                let problem = if selector.shift.offset.is_some() && !zero {
                    Some("`offset` goes after the range, not before it")
                } else if selector.shift.at.is_some() {
                    Some("`@` goes after the range, not before it")
                } else {
                    None
                };
                selector.range = Some(RangeSelector {
                    span: brackets,
                    duration,
                });
                node.span = span;
                node.ty = ValueType::Matrix;
                if let Some(problem) = problem {
                    let error = ParseError::new(ErrorKind::Modifier, brackets, problem);
                    let base = selector.braces.or(selector.name.map(|name| name.span));
                    let start = base.map_or(brackets.start, |base| base.end) as usize;
                    let moved = self.lexer.text[start..brackets.start as usize]
                        .trim()
                        .to_string();
                    let range = self.lexer.text[brackets.range()].to_string();
                    let whole = Span::new(start, brackets.end as usize);
                    self.errors.push(error.suggest(
                        "put the range first",
                        vec![(whole, format!("{range} {moved}"))],
                    ));
                }
                return Ok(expr);
            }
            ExprKind::Hole(run) => {
                // `$metric[5m]`
                let run = *run;
                self.lexer.set_role(run, HoleRole::MetricName);
                None
            }
            ExprKind::Selector(_) => Some("this selector has a range already"),
            _ => Some("a range can only follow a selector"),
        };
        if let Some(problem) = problem {
            let mut error = ParseError::new(ErrorKind::Modifier, brackets, problem);
            let close = Span::new(brackets.end as usize - 1, brackets.end as usize - 1);
            if problem.starts_with('a') {
                error = error
                    .help("to evaluate an expression over a range, write a subquery: `[5m:]`")
                    .suggest("make it a subquery", vec![(close, ":".into())]);
            }
            self.error(error);
        }
        let subquery = Subquery {
            expr,
            brackets,
            range: duration,
            step: None,
            shift: TimeShift::default(),
        };
        self.push(span, ValueType::Matrix, ExprKind::Subquery(subquery))
    }

    /// The selector without a range that stands where a function wants one with a range: `x` in `rate(x)`.
    fn selector_of_call(&self, expr: ExprId) -> Option<ExprId> {
        let ExprKind::Call(call) = &self.ast.expr(expr).kind else {
            return None;
        };
        let wanted = call.function?.range_arg()?;
        let argument = self.ast.args(call).get(wanted).copied()?;
        match &self.ast.expr(argument).kind {
            ExprKind::Selector(selector) if selector.range.is_none() => Some(argument),
            _ => None,
        }
    }

    /// `rate(x)[5m]`: one mistake with one remedy. The selector is read as if it had the range.
    fn range_outside(
        &mut self,
        call: ExprId,
        selector: ExprId,
        brackets: Span,
        duration: crate::promql::ast::Duration,
    ) -> ExprId {
        let mut inside = brackets.start as usize;
        let node = &mut self.ast.nodes[selector.index()];
        node.ty = ValueType::Matrix;
        if let ExprKind::Selector(found) = &mut node.kind {
            found.range = Some(RangeSelector {
                span: brackets,
                duration,
            });
            let base = found.braces.or(found.name.map(|name| name.span));
            inside = base.unwrap_or(node.span).end as usize;
        }
        let message = "the range belongs inside, right behind the selector";
        let range = self.lexer.text[brackets.range()].to_string();
        let error = ParseError::new(ErrorKind::Modifier, brackets, message)
            .related(Span::new(inside, inside), "here")
            .suggest(
                "move the range behind the selector",
                vec![
                    (Span::new(inside, inside), range),
                    (brackets, String::new()),
                ],
            );
        self.error(error);
        call
    }

    fn offset(&mut self, expr: ExprId) -> Result<()> {
        let keyword = self.bump().span;
        let Some(duration) = self.offset_duration()? else {
            return Err(self.unexpected("a duration such as `5m` after `offset`"));
        };
        let span = keyword.cover(duration.span);
        if duration.seconds.is_some_and(|seconds| seconds < 0.0) {
            self.feature(span, Feature::NegativeOffset);
        }
        let offset = Offset { span, duration };
        let whole = self.span(expr);
        match self.shift(expr) {
            None => self.misplaced(expr, keyword, "offset"),
            Some(shift) => {
                let again = shift
                    .offset
                    .is_some_and(|o| o.duration.seconds != Some(0.0));
                shift.offset = Some(offset);
                if again {
                    let error = ParseError::new(ErrorKind::Modifier, span, "a second `offset`")
                        .related(whole, "this is shifted already");
                    self.error(error);
                }
                self.extend(expr, span);
            }
        }
        Ok(())
    }

    fn at_modifier(&mut self, expr: ExprId) -> Result<()> {
        let at = self.bump().span;
        self.feature(at, Feature::AtModifier);
        let sign = matches!(self.tok.tok, Tok::Add | Tok::Sub).then(|| self.bump());
        let whole = self.span(expr);
        let time = match self.tok.tok {
            Tok::Number | Tok::Duration => {
                let token = self.bump();
                let mut value = self.number_value(token);
                if sign.is_some_and(|t| t.tok == Tok::Sub) {
                    value = -value;
                }
                let limit = 9_223_372_036_854_775_807.0;
                if !value.is_finite() || value >= limit || value <= -limit {
                    let error = ParseError::new(
                        ErrorKind::Number,
                        token.span,
                        "this time is out of bounds for `@`",
                    )
                    .related(whole, "in the modifier of this");
                    self.error(error);
                }
                AtTime::Seconds(value)
            }
            Tok::Hole => {
                let token = self.bump();
                self.lexer.set_role(token.holes(), HoleRole::Number);
                AtTime::Hole
            }
            Tok::Start | Tok::End if sign.is_none() => {
                let token = self.bump();
                if self.eat(Tok::LParen).is_none() || self.eat(Tok::RParen).is_none() {
                    return Err(self.unexpected("`start()` or `end()` after `@`"));
                }
                if token.tok == Tok::Start {
                    AtTime::Start
                } else {
                    AtTime::End
                }
            }
            _ => return Err(self.unexpected("a Unix time, `start()` or `end()` after `@`")),
        };
        let span = Span::new(at.start as usize, self.end as usize);
        match self.shift(expr) {
            None => self.misplaced(expr, at, "@"),
            Some(shift) => {
                let again = shift.at.is_some();
                shift.at = Some(AtModifier { span, time });
                if again {
                    let error = ParseError::new(ErrorKind::Modifier, span, "a second `@`")
                        .related(whole, "the time of this is fixed already");
                    self.error(error);
                } else {
                    self.extend(expr, span);
                }
            }
        }
        Ok(())
    }

    fn extended(&mut self, expr: ExprId, which: Extended) {
        let token = self.bump();
        let (name, feature) = match which {
            Extended::Anchored => ("anchored", Feature::Anchored),
            Extended::Smoothed => ("smoothed", Feature::Smoothed),
        };
        self.feature(token.span, feature);
        let whole = self.span(expr);
        let problem = match &mut self.ast.nodes[expr.index()].kind {
            ExprKind::Selector(selector) => {
                let clash = selector.extended.is_some_and(|(other, _)| other != which);
                selector.extended = Some((which, token.span));
                clash.then(|| "`anchored` and `smoothed` exclude each other".to_string())
            }
            ExprKind::Hole(_) => None,
            ExprKind::Subquery(_) => Some(format!("`{name}` cannot be used on a subquery")),
            _ => Some(format!("`{name}` can only follow a selector")),
        };
        if let Some(problem) = problem {
            let error = ParseError::new(ErrorKind::Modifier, token.span, problem)
                .related(whole, "it is applied to this");
            self.error(error);
        }
    }

    fn shift(&mut self, expr: ExprId) -> Option<&mut TimeShift> {
        match &mut self.ast.nodes[expr.index()].kind {
            ExprKind::Selector(selector) => Some(&mut selector.shift),
            ExprKind::Subquery(subquery) => Some(&mut subquery.shift),
            _ => None,
        }
    }

    fn extend(&mut self, expr: ExprId, with: Span) {
        let node = &mut self.ast.nodes[expr.index()];
        node.span = node.span.cover(with);
        if let ExprKind::Selector(selector) = &mut node.kind
            && selector.range.is_none()
        {
            selector.vector = node.span;
        }
    }

    fn misplaced(&mut self, expr: ExprId, keyword: Span, name: &str) {
        if matches!(self.ast.expr(expr).kind, ExprKind::Hole(_)) {
            return;
        }
        let whole = self.span(expr);
        let message = format!("`{name}` can only follow a selector or a subquery");
        let mut error = ParseError::new(ErrorKind::Modifier, keyword, message)
            .related(whole, "not this expression");
        if !matches!(
            self.ast.expr(expr).kind,
            ExprKind::Number(_) | ExprKind::String(_)
        ) {
            error = error.help(format!(
                "move `{name}` inside, right behind the selector it should shift"
            ));
        }
        self.error(error);
    }
}
