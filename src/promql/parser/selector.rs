//! Selectors and their matchers.

use super::{Parser, Result};
use crate::promql::ast::{
    ExprId, ExprKind, MatchOp, Matcher, Run, Selector, StringLiteral, TimeShift, ValueType,
};
use crate::promql::features::Feature;
use crate::promql::holes::HoleRole;
use crate::promql::token::{Tok, Token};
use crate::span::Span;

impl Parser<'_> {
    /// A selector; `name` has been read, the brace is next if there is one.
    pub(super) fn selector(&mut self, name: Option<Token>) -> Result<ExprId> {
        let start = self.ast.matchers.len() as u32;
        let (mut braces, mut open) = (None, false);
        if self.at(Tok::LBrace) {
            let span = self.matchers(&mut open)?;
            braces = Some(span);
        }
        let span = match (name, braces) {
            (Some(name), Some(braces)) => name.span.cover(braces),
            (Some(name), None) => name.span,
            (None, braces) => braces.unwrap_or(self.tok.span),
        };
        let mut ty = ValueType::Vector;
        if let Some(name) = name
            && name.hole_count > 0
        {
            let whole = name.hole_count == 1
                && self.lexer.holes[name.first_hole as usize].span == name.span;
            let role = if whole {
                HoleRole::MetricName
            } else {
                HoleRole::NamePart
            };
            self.lexer.set_role(name.holes(), role);
            if braces.is_none() {
                ty = ValueType::Unknown;
            }
        }
        let selector = Selector {
            name: name.map(|token| self.label(token)),
            braces,
            matchers: Run {
                start,
                end: self.ast.matchers.len() as u32,
            },
            open,
            vector: span,
            range: None,
            shift: TimeShift::default(),
            extended: None,
        };
        self.push(span, ty, ExprKind::Selector(selector))
    }

    /// `{…}`; returns its span.
    fn matchers(&mut self, open: &mut bool) -> Result<Span> {
        let brace = self.bump().span;
        if let Some(close) = self.eat(Tok::RBrace) {
            return Ok(brace.cover(close.span));
        }
        loop {
            if self.matcher(open).is_err() {
                self.skip_matcher()?;
            }
            // What may follow a matcher.
            loop {
                match self.tok.tok {
                    Tok::RBrace => return Ok(brace.cover(self.bump().span)),
                    Tok::Hole => {
                        let token = self.bump();
                        self.matcher_list_hole(token, open);
                    }
                    Tok::Comma => {
                        self.bump();
                        if let Some(close) = self.eat(Tok::RBrace) {
                            return Ok(brace.cover(close.span));
                        }
                        break;
                    }
                    _ => {
                        self.unexpected_after_matcher();
                        self.skip_matcher()?;
                    }
                }
            }
        }
    }

    fn matcher_list_hole(&mut self, token: Token, open: &mut bool) {
        self.lexer.set_role(token.holes(), HoleRole::MatcherList);
        *open = true;
    }

    /// After an error: to the next comma or the closing brace.
    fn skip_matcher(&mut self) -> Result<()> {
        loop {
            match self.tok.tok {
                Tok::Comma | Tok::RBrace => return Ok(()),
                Tok::Error | Tok::Eof => {
                    self.note_lexer_error();
                    return Err(super::Abort);
                }
                _ => {
                    self.bump();
                }
            }
        }
    }

    fn matcher(&mut self, open: &mut bool) -> Result<()> {
        let token = self.tok;
        match token.tok {
            Tok::Ident | Tok::Str | Tok::Hole => {}
            _ => return Err(self.unexpected_matcher()),
        }
        self.bump();
        let label = self.label(token);
        let op = match self.tok.tok {
            Tok::Assign => MatchOp::Equal,
            Tok::Neq => MatchOp::NotEqual,
            Tok::EqlRegex => MatchOp::Regex,
            Tok::NeqRegex => MatchOp::NotRegex,
            // `{a $op "x"}`
            Tok::Hole if token.tok == Tok::Ident => MatchOp::Hole,
            _ => {
                return match token.tok {
                    Tok::Str => {
                        self.feature(token.span, Feature::Utf8Name);
                        let value = self.string_literal(token);
                        self.ast.matchers.push(Matcher {
                            span: token.span,
                            label,
                            op: MatchOp::Equal,
                            op_span: Span::new(
                                token.span.start as usize,
                                token.span.start as usize,
                            ),
                            value,
                            metric_name: true,
                        });
                        Ok(())
                    }
                    // `{a$op"x"}`: label and operator in one word.
                    Tok::Hole if self.at(Tok::Str) => {
                        self.lexer.set_role(token.holes(), HoleRole::Operator);
                        let value = self.bump();
                        self.push_matcher(token, MatchOp::Hole, token.span, value);
                        Ok(())
                    }
                    Tok::Hole => {
                        self.matcher_list_hole(token, open);
                        Ok(())
                    }
                    _ => Err(self.unexpected_match_op(token)),
                };
            }
        };
        let op_token = self.bump();
        if op == MatchOp::Hole {
            self.lexer.set_role(op_token.holes(), HoleRole::Operator);
        }
        if token.tok == Tok::Hole {
            self.lexer.set_role(token.holes(), HoleRole::LabelName);
        } else if token.tok == Tok::Str {
            self.feature(token.span, Feature::Utf8Name);
        }
        match self.tok.tok {
            Tok::Str | Tok::Hole => {
                let value = self.bump();
                self.push_matcher(token, op, op_token.span, value);
                Ok(())
            }
            _ => Err(self.unexpected_value(op_token)),
        }
    }

    fn push_matcher(&mut self, label: Token, op: MatchOp, op_span: Span, value: Token) {
        self.lexer.set_role(value.holes(), HoleRole::MatcherValue);
        let literal = if value.tok == Tok::Str {
            self.string_literal(value)
        } else {
            StringLiteral {
                span: value.span,
                quote: 0,
                escaped: false,
                holes: value.holes(),
            }
        };
        let matcher = Matcher {
            span: label.span.cover(value.span),
            label: self.label(label),
            op,
            op_span,
            value: literal,
            metric_name: false,
        };
        self.ast.matchers.push(matcher);
    }
}
