//! Durations and the arithmetic that may stand in their place.

use super::{Parser, Result};
use crate::promql::ast::{Duration, HoleRange};
use crate::promql::error::{ErrorKind, ParseError};
use crate::promql::features::Feature;
use crate::promql::holes::HoleRole;
use crate::promql::number::MAX_SECONDS;
use crate::promql::token::{Tok, Token};
use crate::span::Span;

/// A part of a duration expression.
#[derive(Clone, Copy)]
struct Part {
    span: Span,
    /// The value if it is a literal, signs and parentheses aside.
    literal: Option<f64>,
    /// The value if the text says it.
    value: Option<f64>,
    dynamic: bool,
}

impl Part {
    fn into_duration(self, holes: HoleRange) -> Duration {
        Duration {
            span: self.span,
            seconds: self.value,
            holes,
            dynamic: self.dynamic,
        }
    }
}

impl Parser<'_> {
    fn holes_since(&self, first: usize) -> HoleRange {
        HoleRange {
            start: first as u32,
            end: self.lexer.holes.len() as u32,
        }
    }

    fn first_hole(&self) -> usize {
        self.lexer.holes.len() - self.tok.hole_count as usize
    }

    /// The range or step of a selector or subquery; none if no duration starts here.
    pub(super) fn range_duration(&mut self, role: HoleRole) -> Result<Option<Duration>> {
        if !self.starts_duration() {
            return Ok(None);
        }
        let first = self.first_hole();
        let part = self.duration_expr(0, role)?;
        if let Some(value) = part.literal
            && value <= 0.0
        {
            let error = ParseError::new(
                ErrorKind::Duration,
                part.span,
                "a range must be longer than zero",
            );
            self.error(error);
        }
        Ok(Some(part.into_duration(self.holes_until_here(first))))
    }

    /// Variables read since `first`, without those of the token ahead.
    fn holes_until_here(&self, first: usize) -> HoleRange {
        let mut run = self.holes_since(first);
        run.end -= self.tok.hole_count;
        run
    }

    /// What follows `offset`; none if no duration starts here.
    pub(super) fn offset_duration(&mut self) -> Result<Option<Duration>> {
        if !self.starts_duration() {
            return Ok(None);
        }
        let first = self.first_hole();
        let sign = matches!(self.tok.tok, Tok::Add | Tok::Sub).then(|| self.bump());
        let part = match self.tok.tok {
            // A sign before a parenthesis ends with it: `offset -(5m) + 1` adds to the vector.
            Tok::LParen if sign.is_some() => {
                self.bump();
                let inner = self.duration_expr(0, HoleRole::Duration)?;
                self.expect(Tok::RParen, "`)`")?;
                inner
            }
            Tok::LParen => self.duration_expr(0, HoleRole::Duration)?,
            Tok::Add | Tok::Sub => self.duration_expr(0, HoleRole::Duration)?,
            _ if self.starts_duration() => self.duration_operand(HoleRole::Duration)?,
            _ => return Ok(None),
        };
        let span = Span::new(
            sign.map_or(part.span.start, |t| t.span.start) as usize,
            self.end as usize,
        );
        let part = match sign {
            Some(sign) => self.signed(sign, part),
            None => part,
        };
        let duration = Part { span, ..part }.into_duration(self.holes_until_here(first));
        Ok(Some(duration))
    }

    fn starts_duration(&self) -> bool {
        matches!(
            self.tok.tok,
            Tok::Number
                | Tok::Duration
                | Tok::Hole
                | Tok::Add
                | Tok::Sub
                | Tok::LParen
                | Tok::Step
                | Tok::Range
        ) || self.at_min_max()
    }

    fn at_min_max(&self) -> bool {
        self.at(Tok::Ident) && {
            let word = self.text(self.tok.span);
            word.eq_ignore_ascii_case("min_of") || word.eq_ignore_ascii_case("max_of")
        }
    }

    fn signed(&mut self, sign: Token, part: Part) -> Part {
        let negate = |v: Option<f64>| v.map(|v| if sign.tok == Tok::Sub { -v } else { v });
        Part {
            span: sign.span.cover(part.span),
            literal: negate(part.literal),
            value: negate(part.value),
            dynamic: part.dynamic,
        }
    }

    fn duration_expr(&mut self, min: u8, role: HoleRole) -> Result<Part> {
        self.enter()?;
        let mut left = if matches!(self.tok.tok, Tok::Add | Tok::Sub) {
            let sign = self.bump();
            let inner = self.duration_expr(3, role)?;
            self.signed(sign, inner)
        } else {
            self.duration_operand(role)?
        };
        loop {
            let (precedence, right) = match self.tok.tok {
                Tok::Add | Tok::Sub => (1, false),
                Tok::Mul | Tok::Div | Tok::Mod => (2, false),
                Tok::Pow => (3, true),
                _ => break,
            };
            if precedence < min {
                break;
            }
            let op = self.bump();
            let rhs = self.duration_expr(if right { precedence } else { precedence + 1 }, role)?;
            self.feature(left.span.cover(rhs.span), Feature::DurationExpression);
            if matches!(op.tok, Tok::Div | Tok::Mod) && rhs.literal == Some(0.0) {
                self.error(ParseError::new(
                    ErrorKind::Duration,
                    op.span,
                    "division by zero",
                ));
            }
            let value = left.value.zip(rhs.value).map(|(a, b)| match op.tok {
                Tok::Add => a + b,
                Tok::Sub => a - b,
                Tok::Mul => a * b,
                Tok::Div => a / b,
                Tok::Mod => a % b,
                _ => a.powf(b),
            });
            left = Part {
                span: left.span.cover(rhs.span),
                literal: None,
                value,
                dynamic: left.dynamic || rhs.dynamic,
            };
        }
        self.leave();
        Ok(left)
    }

    fn duration_operand(&mut self, role: HoleRole) -> Result<Part> {
        let token = self.tok;
        match token.tok {
            Tok::Number | Tok::Duration => {
                self.bump();
                let errors = self.errors.len();
                let mut value = self.number_value(token);
                if value.abs() > MAX_SECONDS {
                    let error = ParseError::new(
                        ErrorKind::Duration,
                        token.span,
                        "this is longer than Prometheus can count (about 292 years)",
                    );
                    self.error(error);
                    value = 1.0;
                }
                if self.errors.len() > errors {
                    value = 1.0;
                }
                Ok(Part {
                    span: token.span,
                    literal: Some(value),
                    value: Some(value),
                    dynamic: false,
                })
            }
            Tok::Hole => {
                self.bump();
                let mut end = token.span;
                self.lexer.set_role(token.holes(), role);
                // `[${n} ${unit}]` is nothing, but `[$a$b]` is one word already.
                if self.at(Tok::Hole) {
                    end = self.tok.span;
                    let token = self.bump();
                    self.lexer.set_role(token.holes(), role);
                }
                Ok(Part {
                    span: token.span.cover(end),
                    literal: None,
                    value: None,
                    dynamic: false,
                })
            }
            Tok::Step | Tok::Range => {
                self.bump();
                self.expect(Tok::LParen, "`(`")?;
                self.expect(Tok::RParen, "`)`")?;
                let span = Span::new(token.span.start as usize, self.end as usize);
                self.feature(span, Feature::DurationExpression);
                Ok(Part {
                    span,
                    literal: None,
                    value: None,
                    dynamic: true,
                })
            }
            Tok::LParen => {
                self.bump();
                let inner = self.duration_expr(0, role)?;
                self.expect(Tok::RParen, "`)`")?;
                let span = Span::new(token.span.start as usize, self.end as usize);
                self.feature(span, Feature::DurationExpression);
                Ok(Part { span, ..inner })
            }
            Tok::Ident if self.at_min_max() => {
                let lower = self.text(token.span).eq_ignore_ascii_case("min_of");
                self.bump();
                self.expect(Tok::LParen, "`(`")?;
                let a = self.duration_expr(0, role)?;
                self.expect(Tok::Comma, "`,`")?;
                let b = self.duration_expr(0, role)?;
                self.expect(Tok::RParen, "`)`")?;
                let span = Span::new(token.span.start as usize, self.end as usize);
                self.feature(span, Feature::DurationExpression);
                let value = a.value.zip(b.value);
                Ok(Part {
                    span,
                    literal: None,
                    value: value.map(|(a, b)| if lower { a.min(b) } else { a.max(b) }),
                    dynamic: a.dynamic || b.dynamic,
                })
            }
            _ => Err(self.unexpected("a duration such as `5m`")),
        }
    }
}
