//! Binary operators, their precedence and their modifiers.

use super::{Parser, Result};
use crate::promql::ast::{
    Binary, BinaryOp, ExprId, ExprKind, Fill, FillSide, Group, LabelList, Matching, MatchingLabels,
    NumberLiteral, ValueType,
};
use crate::promql::error::{ErrorKind, ParseError};
use crate::promql::features::Feature;
use crate::promql::holes::HoleRole;
use crate::promql::token::Tok;
use crate::span::Span;

/// Precedence levels, from loose to tight.
const OR: u8 = 1;
const AND: u8 = 2;
const COMPARE: u8 = 3;
const ADD: u8 = 4;
const MUL: u8 = 5;
const POW: u8 = 6;

fn binary_op(tok: Tok) -> Option<(BinaryOp, u8)> {
    Some(match tok {
        Tok::Or => (BinaryOp::Or, OR),
        Tok::And => (BinaryOp::And, AND),
        Tok::Unless => (BinaryOp::Unless, AND),
        Tok::EqlC => (BinaryOp::Eq, COMPARE),
        Tok::Neq => (BinaryOp::Ne, COMPARE),
        Tok::Lss => (BinaryOp::Lt, COMPARE),
        Tok::Lte => (BinaryOp::Le, COMPARE),
        Tok::Gtr => (BinaryOp::Gt, COMPARE),
        Tok::Gte => (BinaryOp::Ge, COMPARE),
        Tok::TrimUpper => (BinaryOp::TrimUpper, COMPARE),
        Tok::TrimLower => (BinaryOp::TrimLower, COMPARE),
        Tok::Add => (BinaryOp::Add, ADD),
        Tok::Sub => (BinaryOp::Sub, ADD),
        Tok::Mul => (BinaryOp::Mul, MUL),
        Tok::Div => (BinaryOp::Div, MUL),
        Tok::Mod => (BinaryOp::Mod, MUL),
        Tok::Atan2 => (BinaryOp::Atan2, MUL),
        Tok::Pow => (BinaryOp::Pow, POW),
        Tok::Hole => (BinaryOp::Hole, COMPARE),
        _ => return None,
    })
}

impl Parser<'_> {
    /// An expression whose operators bind at least as tight as `min`.
    pub(super) fn expr(&mut self, min: u8) -> Result<ExprId> {
        self.enter()?;
        let mut lhs = self.operand()?;
        while let Some((op, precedence)) = binary_op(self.tok.tok) {
            if precedence < min {
                break;
            }
            let token = self.bump();
            if op == BinaryOp::Hole {
                let modifier = matches!(self.tok.tok, Tok::On | Tok::Ignoring | Tok::Bool);
                if !modifier && !self.tok.tok.starts_expr() {
                    self.lexer.set_role(token.holes(), HoleRole::Clause);
                    continue;
                }
                self.lexer.set_role(token.holes(), HoleRole::Operator);
            } else if matches!(op, BinaryOp::TrimUpper | BinaryOp::TrimLower) {
                self.feature(token.span, Feature::HistogramTrim);
            } else if op == BinaryOp::Atan2 {
                self.feature(token.span, Feature::Atan2);
            }
            let bool_span = self.eat(Tok::Bool).map(|t| t.span);
            let matching = self.matching()?;
            let rhs = self.expr(if precedence == POW {
                POW
            } else {
                precedence + 1
            })?;
            let span = self.span(lhs).cover(self.span(rhs));
            let ty = match (self.ast.expr(lhs).ty, self.ast.expr(rhs).ty) {
                (ValueType::Scalar, ValueType::Scalar) => ValueType::Scalar,
                (ValueType::Unknown, other) | (other, ValueType::Unknown) => match other {
                    ValueType::Vector => ValueType::Vector,
                    _ => ValueType::Unknown,
                },
                _ => ValueType::Vector,
            };
            let binary = Binary {
                op,
                op_span: token.span,
                bool_span,
                matching,
                lhs,
                rhs,
            };
            lhs = self.push(span, ty, ExprKind::Binary(binary))?;
        }
        self.leave();
        Ok(lhs)
    }

    /// A sign and what it stands before, or an operand with its modifiers.
    fn operand(&mut self) -> Result<ExprId> {
        let minus = match self.tok.tok {
            Tok::Add => false,
            Tok::Sub => true,
            _ => return self.postfix(),
        };
        let sign = self.bump();
        let inner = self.expr(POW)?;
        let span = sign.span.cover(self.span(inner));
        if let ExprKind::Number(number) = self.ast.expr(inner).kind {
            let literal = NumberLiteral {
                value: if minus { -number.value } else { number.value },
                ..number
            };
            let node = &mut self.ast.nodes[inner.index()];
            node.span = span;
            node.kind = ExprKind::Number(literal);
            return Ok(inner);
        }
        let ty = self.ast.expr(inner).ty;
        self.push(span, ty, ExprKind::Unary { minus, expr: inner })
    }

    /// `on (…) group_left (…) fill (…)`.
    fn matching(&mut self) -> Result<Option<u32>> {
        let mut matching = Matching::default();
        let on = match self.tok.tok {
            Tok::On => Some(true),
            Tok::Ignoring => Some(false),
            Tok::Fill | Tok::FillLeft | Tok::FillRight => None,
            _ => return Ok(None),
        };
        if let Some(on) = on {
            let keyword = self.bump().span;
            let list = self.label_list(keyword)?;
            matching.labels = Some(MatchingLabels { on, keyword, list });
            if matches!(self.tok.tok, Tok::GroupLeft | Tok::GroupRight) {
                let token = self.bump();
                let list = if self.at(Tok::LParen) {
                    Some(self.label_list(token.span)?)
                } else {
                    None
                };
                matching.group = Some(Group {
                    left: token.tok == Tok::GroupLeft,
                    keyword: token.span,
                    list,
                });
            }
        }
        match self.tok.tok {
            Tok::Fill => self.fill(&mut matching)?,
            first @ (Tok::FillLeft | Tok::FillRight) => {
                self.fill(&mut matching)?;
                let other = if first == Tok::FillLeft {
                    Tok::FillRight
                } else {
                    Tok::FillLeft
                };
                if self.at(other) {
                    self.fill(&mut matching)?;
                }
            }
            _ => {}
        }
        self.ast.matchings.push(matching);
        Ok(Some(self.ast.matchings.len() as u32 - 1))
    }

    fn fill(&mut self, matching: &mut Matching) -> Result<()> {
        let keyword = self.bump();
        self.feature(keyword.span, Feature::Fill);
        self.expect(Tok::LParen, "`(`")?;
        let sign = if matches!(self.tok.tok, Tok::Add | Tok::Sub) {
            Some(self.bump())
        } else {
            None
        };
        let value = match self.tok.tok {
            Tok::Number | Tok::Duration => {
                let token = self.bump();
                let value = self.number_value(token);
                if sign.is_some_and(|t| t.tok == Tok::Sub) {
                    -value
                } else {
                    value
                }
            }
            Tok::Hole => {
                let token = self.bump();
                self.lexer.set_role(token.holes(), HoleRole::Number);
                f64::NAN
            }
            _ => return Err(self.unexpected("a number")),
        };
        self.expect(Tok::RParen, "`)`")?;
        matching.fills.push(Fill {
            side: match keyword.tok {
                Tok::FillLeft => FillSide::Left,
                Tok::FillRight => FillSide::Right,
                _ => FillSide::Both,
            },
            span: Span::new(keyword.span.start as usize, self.end as usize),
            value,
        });
        Ok(())
    }

    /// `(a, b)` after `by`, `on`, `group_left` …, or a variable in its place.
    pub(super) fn label_list(&mut self, keyword: Span) -> Result<LabelList> {
        let first = self.ast.labels.len() as u32;
        let list = |parser: &Self, span: Span| LabelList {
            span,
            labels: crate::promql::ast::Run {
                start: first,
                end: parser.ast.labels.len() as u32,
            },
        };
        if let Some(token) = self.eat(Tok::Hole) {
            self.lexer.set_role(token.holes(), HoleRole::Clause);
            return Ok(list(self, token.span));
        }
        if !self.at(Tok::LParen) {
            return Err(self.missing_label_list(keyword));
        }
        let open = self.bump().span;
        if !self.at(Tok::RParen) {
            loop {
                if self.at(Tok::Hole) {
                    let token = self.bump();
                    self.lexer.set_role(token.holes(), HoleRole::GroupingLabel);
                    let label = self.label(token);
                    self.ast.labels.push(label);
                } else if self.at(Tok::Str) {
                    let token = self.bump();
                    if token.span.len() == 2 {
                        let error = ParseError::new(
                            ErrorKind::Syntax,
                            token.span,
                            "a label name cannot be empty",
                        );
                        self.error(error);
                    }
                    self.feature(token.span, Feature::Utf8Name);
                    let label = self.label(token);
                    self.ast.labels.push(label);
                } else if self.tok.tok.is_grouping_label() {
                    let token = self.bump();
                    let label = self.label(token);
                    self.ast.labels.push(label);
                } else {
                    return Err(self.unexpected_in_list(open, "a label name"));
                }
                if self.at(Tok::RParen) {
                    break;
                }
                if self.at(Tok::Hole) {
                    continue;
                }
                if self.eat(Tok::Comma).is_none() {
                    return Err(self.unexpected_in_list(open, "`,` or `)`"));
                }
                if self.at(Tok::RParen) {
                    break;
                }
            }
        }
        let close = self.bump().span;
        Ok(list(self, open.cover(close)))
    }
}
