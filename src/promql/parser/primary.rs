//! Literals, names, calls, aggregations, parentheses.

use super::{Parser, Result};
use crate::promql::ast::{
    Aggregate, AggregateOp, Call, ExprId, ExprKind, Grouping, LabelList, NumberLiteral, Run,
    ValueType,
};
use crate::promql::error::{ErrorKind, ParseError};
use crate::promql::features::Feature;
use crate::promql::functions;
use crate::promql::holes::HoleRole;
use crate::promql::number::{self, DurationError};
use crate::promql::token::{Tok, Token};
use crate::span::Span;

impl Parser<'_> {
    /// An operand without sign and modifiers.
    pub(super) fn primary(&mut self) -> Result<ExprId> {
        let tok = self.tok.tok;
        match tok {
            Tok::Number | Tok::Duration => {
                let token = self.bump();
                let value = self.number_value(token);
                let duration = tok == Tok::Duration;
                if duration {
                    self.feature(token.span, Feature::DurationAsNumber);
                }
                self.push(
                    token.span,
                    ValueType::Scalar,
                    ExprKind::Number(NumberLiteral {
                        value,
                        duration,
                        holes: Self::no_holes(),
                    }),
                )
            }
            Tok::Str => {
                let token = self.bump();
                let literal = self.string_literal(token);
                self.push(token.span, ValueType::String, ExprKind::String(literal))
            }
            Tok::LParen => {
                let open = self.bump().span;
                let inner = self.expr(0)?;
                if !self.at(Tok::RParen) {
                    return Err(self.unexpected_in_parens(open, "an operator or `)`"));
                }
                let close = self.bump().span;
                let ty = self.ast.expr(inner).ty;
                self.push(open.cover(close), ty, ExprKind::Paren(inner))
            }
            Tok::LBrace => self.selector(None),
            Tok::Hole => self.hole(),
            Tok::Agg(op) => {
                let token = self.bump();
                match self.tok.tok {
                    Tok::LParen | Tok::By | Tok::Without => self.aggregate(token, op),
                    Tok::Hole if self.clause_follows() => self.aggregate(token, op),
                    _ => self.selector(Some(token)),
                }
            }
            Tok::Ident | Tok::Start | Tok::End | Tok::Step | Tok::Range => {
                let token = self.bump();
                if self.at(Tok::LParen) {
                    self.call(token)
                } else {
                    self.selector(Some(token))
                }
            }
            tok if tok.is_metric_name() => {
                let token = self.bump();
                self.selector(Some(token))
            }
            _ => Err(self.unexpected("an expression")),
        }
    }

    /// After an aggregation's name, a variable is a clause if a parenthesis follows it.
    fn clause_follows(&self) -> bool {
        let rest = &self.lexer.text[self.tok.span.end as usize..];
        rest.trim_start().starts_with('(')
    }

    /// A variable, or a name with variables in it, at the place of an operand.
    fn hole(&mut self) -> Result<ExprId> {
        let token = self.bump();
        let numeric = token.flag;
        let whole =
            token.hole_count == 1 && self.lexer.holes[token.first_hole as usize].span == token.span;
        match self.tok.tok {
            _ if numeric => {
                self.lexer.set_role(token.holes(), HoleRole::Number);
                let literal = NumberLiteral {
                    value: f64::NAN,
                    duration: false,
                    holes: token.holes(),
                };
                self.push(token.span, ValueType::Unknown, ExprKind::Number(literal))
            }
            Tok::LParen => self.call_or_aggregate(token, whole),
            Tok::By | Tok::Without => {
                self.lexer.set_role(token.holes(), HoleRole::Aggregation);
                self.aggregate(token, AggregateOp::Hole)
            }
            Tok::LBrace | Tok::LBracket => self.selector(Some(token)),
            _ if whole => self.push(
                token.span,
                ValueType::Unknown,
                ExprKind::Hole(token.holes()),
            ),
            _ => self.selector(Some(token)),
        }
    }

    /// `$f(…)`: a function, or an aggregation if a clause follows.
    fn call_or_aggregate(&mut self, token: Token, whole: bool) -> Result<ExprId> {
        self.lexer.set_role(token.holes(), HoleRole::Function);
        let (args, parens) = self.arguments(token.span)?;
        if whole && matches!(self.tok.tok, Tok::By | Tok::Without) {
            self.lexer.set_role(token.holes(), HoleRole::Aggregation);
            let grouping = self.grouping()?;
            return self.finish_aggregate(token, AggregateOp::Hole, grouping, args, parens);
        }
        let span = token.span.cover(parens);
        let call = Call {
            name: token.span,
            function: None,
            holes: token.holes(),
            parens,
            args,
        };
        self.push(span, ValueType::Unknown, ExprKind::Call(call))
    }

    fn call(&mut self, token: Token) -> Result<ExprId> {
        let name = self.text(token.span);
        let (args, parens) = self.arguments(token.span)?;
        let lower;
        let name = if token.tok == Tok::Ident {
            name
        } else {
            lower = name.to_ascii_lowercase();
            &lower
        };
        let function = functions::function(name);
        match function {
            None => self.unknown_function(token.span, args),
            Some(function) if function.experimental || function.since.is_some() => {
                self.feature(token.span, Feature::Function(function));
            }
            Some(_) => {}
        }
        if let Some(function) = function {
            for (index, at) in args.range().enumerate() {
                if function.arg_type(index) == Some(ValueType::Scalar) {
                    self.number_hole(self.ast.args[at]);
                }
            }
        }
        let call = Call {
            name: token.span,
            function,
            holes: Self::no_holes(),
            parens,
            args,
        };
        let ty = function.map_or(ValueType::Unknown, |f| f.returns);
        self.push(token.span.cover(parens), ty, ExprKind::Call(call))
    }

    /// A variable where a scalar is wanted stands for a number.
    fn number_hole(&mut self, id: ExprId) {
        if let ExprKind::Hole(run) = self.ast.expr(id).kind {
            self.lexer.set_role(run, HoleRole::Number);
        }
    }

    /// `(a, b)`, the parenthesis being next.
    fn arguments(&mut self, callee: Span) -> Result<(Run, Span)> {
        let open = self.bump().span;
        let mut ids = [None; 6];
        let mut more = Vec::new();
        let mut count = 0;
        'args: while !self.at(Tok::RParen) {
            let id = self.expr(0)?;
            match ids.get_mut(count) {
                Some(place) => *place = Some(id),
                None => more.push(id),
            }
            count += 1;
            while let Some(comma) = self.eat(Tok::Comma) {
                if self.tok.tok.starts_expr() {
                    continue 'args;
                }
                self.note_lexer_error();
                let error = ParseError::new(
                    ErrorKind::Syntax,
                    comma.span,
                    "unexpected `,`: an argument is missing after it",
                )
                .suggest("remove the comma", vec![(comma.span, String::new())]);
                self.error(error);
            }
            if !self.at(Tok::RParen) {
                return Err(self.unexpected_in_call(callee, open));
            }
        }
        let close = self.bump().span;
        let start = self.ast.args.len() as u32;
        self.ast.args.extend(ids.iter().flatten().copied());
        self.ast.args.append(&mut more);
        let run = Run {
            start,
            end: self.ast.args.len() as u32,
        };
        Ok((run, open.cover(close)))
    }

    fn grouping(&mut self) -> Result<Option<Grouping>> {
        let keyword = self.tok;
        match keyword.tok {
            Tok::By | Tok::Without => {
                self.bump();
                let list = self.label_list(keyword.span)?;
                Ok(Some(Grouping {
                    without: keyword.tok == Tok::Without,
                    keyword: keyword.span,
                    list,
                    complete: self.text(list.span).starts_with('(')
                        && self.ast.labels(&list).iter().all(|l| l.holes.is_empty()),
                }))
            }
            Tok::Hole => {
                self.bump();
                self.lexer.set_role(keyword.holes(), HoleRole::Clause);
                Ok(Some(Grouping {
                    without: false,
                    keyword: keyword.span,
                    list: LabelList::default(),
                    complete: false,
                }))
            }
            _ => Ok(None),
        }
    }

    fn aggregate(&mut self, token: Token, op: AggregateOp) -> Result<ExprId> {
        let mut grouping = self.grouping()?;
        if !self.at(Tok::LParen) {
            return Err(self.missing_aggregate_args(token, grouping.is_some()));
        }
        let (args, parens) = self.arguments(token.span)?;
        if grouping.is_none() && matches!(self.tok.tok, Tok::By | Tok::Without) {
            grouping = self.grouping()?;
        }
        self.finish_aggregate(token, op, grouping, args, parens)
    }

    fn finish_aggregate(
        &mut self,
        token: Token,
        op: AggregateOp,
        grouping: Option<Grouping>,
        args: Run,
        parens: Span,
    ) -> Result<ExprId> {
        let span = Span::new(token.span.start as usize, self.end as usize);
        if grouping.is_none() {
            self.note_lexer_error();
        }
        if matches!(
            op,
            AggregateOp::Limitk | AggregateOp::LimitRatio | AggregateOp::Group
        ) {
            self.feature(token.span, Feature::Aggregation(op));
        }
        let ids = &self.ast.args[args.range()];
        let (mut param, mut expr) = (None, None);
        match (op, ids) {
            (AggregateOp::Hole, [first, second]) => (param, expr) = (Some(*first), Some(*second)),
            (AggregateOp::Hole, ids) => expr = ids.last().copied(),
            (op, [first, second]) if op.has_param() => {
                (param, expr) = (Some(*first), Some(*second));
            }
            (op, [only]) if !op.has_param() => expr = Some(*only),
            (op, ids) => {
                let error = super::super::types::aggregate_arity(op, span, ids.len());
                self.errors.push(error);
            }
        }
        if let Some(param) = param
            && !matches!(op, AggregateOp::Hole | AggregateOp::CountValues)
        {
            self.number_hole(param);
        }
        let aggregate = Aggregate {
            op,
            op_span: token.span,
            grouping,
            parens,
            param,
            expr,
            args,
        };
        self.push(span, ValueType::Vector, ExprKind::Aggregate(aggregate))
    }

    /// The value of a number or duration token; a bad one is reported and counts as zero.
    pub(super) fn number_value(&mut self, token: Token) -> f64 {
        let text = self.text(token.span);
        if token.tok == Tok::Duration {
            return match number::parse_duration(text) {
                Ok(seconds) => seconds,
                Err(error) => {
                    let error = duration_error(text, token.span, error);
                    self.error(error);
                    0.0
                }
            };
        }
        match number::parse_number(text) {
            Some(value) => value,
            None => {
                let message = format!("`{text}` is no number, or too large for one");
                self.error(ParseError::new(ErrorKind::Number, token.span, message));
                0.0
            }
        }
    }
}

fn duration_error(text: &str, span: Span, error: DurationError) -> ParseError {
    match error {
        DurationError::OutOfRange => {
            let message = format!("`{text}` is longer than Prometheus can count (about 292 years)");
            ParseError::new(ErrorKind::Duration, span, message)
        }
        DurationError::Malformed if text.contains('.') => {
            let message = format!("`{text}` is no duration: only whole numbers may have a unit");
            ParseError::new(ErrorKind::Duration, span, message)
                .help("write `1h30m` for one and a half hours")
        }
        DurationError::Malformed => {
            let message = format!("`{text}` is no duration");
            ParseError::new(ErrorKind::Duration, span, message).help(
                "the units come in the order y, w, d, h, m, s, ms, each at most once: `1h30m`",
            )
        }
    }
}
