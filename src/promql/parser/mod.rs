//! Tokens to the tree: a precedence climber that fails exactly where Prometheus' own LALR parser would.

mod binary;
mod duration;
mod modifier;
mod primary;
mod selector;
mod unexpected;

use super::ast::{Ast, ExprId, ExprKind, HoleRange, Label, StringLiteral, ValueType};
use super::error::{ErrorKind, ParseError};
use super::features::{Feature, FeatureUse};
use super::lexer::Lexer;
use super::token::{Tok, Token};
use crate::span::Span;

/// How deep parentheses, calls and signs may nest. The deepest real query known nests 19 levels.
pub const MAX_NESTING: u32 = 200;

/// How high the tree may be, chains of operators included.
pub const MAX_HEIGHT: u16 = 1000;

/// Room is made for a node for so many bytes of a query: few have more.
const LETTERS_A_NODE: usize = 12;

/// The parse cannot go on; the error has been noted.
pub(super) struct Abort;

pub(super) type Result<T> = std::result::Result<T, Abort>;

pub(super) struct Parser<'a> {
    pub(super) lexer: Lexer<'a>,
    pub(super) ast: Ast,
    pub(super) errors: Vec<ParseError>,
    pub(super) features: Vec<FeatureUse>,
    tok: Token,
    /// The end of the token before.
    end: u32,
    depth: u32,
    /// Tokens since the last error in this list do not count as new errors.
    lexer_failed: bool,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut lexer = Lexer::new(text);
        let tok = lexer.next();
        Parser {
            lexer,
            ast: Ast {
                nodes: Vec::with_capacity(2 + text.len() / LETTERS_A_NODE),
                ..Ast::default()
            },
            errors: Vec::new(),
            features: Vec::new(),
            tok,
            end: 0,
            depth: 0,
            lexer_failed: false,
        }
    }

    pub(super) fn parse(&mut self) -> Option<ExprId> {
        if self.tok.tok == Tok::Eof {
            let span = Span::new(0, 0);
            self.errors.push(ParseError::new(
                ErrorKind::Syntax,
                span,
                "the query is empty",
            ));
            return None;
        }
        let root = self.expr(0).ok()?;
        if self.tok.tok != Tok::Eof {
            self.unexpected("");
        }
        Some(root)
    }

    fn text(&self, span: Span) -> &'a str {
        &self.lexer.text[span.range()]
    }

    fn bump(&mut self) -> Token {
        let token = self.tok;
        self.end = token.span.end;
        if !matches!(token.tok, Tok::Eof | Tok::Error) {
            self.tok = self.lexer.next();
        }
        token
    }

    fn at(&self, tok: Tok) -> bool {
        self.tok.tok == tok
    }

    fn eat(&mut self, tok: Tok) -> Option<Token> {
        self.at(tok).then(|| self.bump())
    }

    fn expect(&mut self, tok: Tok, expected: &str) -> Result<Token> {
        match self.eat(tok) {
            Some(token) => Ok(token),
            None => Err(self.unexpected(expected)),
        }
    }

    fn error(&mut self, error: ParseError) {
        self.errors.push(error);
    }

    /// Notes what the lexer found, if the next token is an error: Prometheus sees it when it looks ahead.
    fn note_lexer_error(&mut self) {
        if self.at(Tok::Error)
            && let Some(error) = self.lexer.error.take()
        {
            self.errors.push(*error);
            self.lexer_failed = true;
        }
    }

    fn enter(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            let message =
                format!("nested more than {MAX_NESTING} levels deep; the rest is not checked");
            self.error(ParseError::new(ErrorKind::Depth, self.tok.span, message));
            return Err(Abort);
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    fn feature(&mut self, span: Span, feature: Feature) {
        self.features.push(FeatureUse { span, feature });
    }

    fn push(&mut self, span: Span, ty: ValueType, kind: ExprKind) -> Result<ExprId> {
        let id = self.ast.push(span, ty, kind);
        if self.ast.height(id) > MAX_HEIGHT {
            let message =
                format!("more than {MAX_HEIGHT} operators in a row; the rest is not checked");
            self.error(ParseError::new(ErrorKind::Depth, self.tok.span, message));
            return Err(Abort);
        }
        Ok(id)
    }

    fn span(&self, id: ExprId) -> Span {
        self.ast.expr(id).span
    }

    fn string_literal(&self, token: Token) -> StringLiteral {
        StringLiteral {
            span: token.span,
            quote: self.lexer.text.as_bytes()[token.span.start as usize],
            escaped: token.flag,
            holes: token.holes(),
        }
    }

    fn label(&self, token: Token) -> Label {
        let quoted = token.tok == Tok::Str;
        Label {
            span: token.span,
            quote: quoted.then(|| self.lexer.text.as_bytes()[token.span.start as usize]),
            escaped: quoted && token.flag,
            holes: token.holes(),
        }
    }

    fn no_holes() -> HoleRange {
        HoleRange::default()
    }
}
