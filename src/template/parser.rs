//! From text to [`Template`].

use super::dialect::Dialect;
use super::error::Fault;
use super::lexer::{Lexer, Token};
use super::variables::Variables;
use super::{Named, Role, Shape, Template};
use crate::span::Span;

/// Reads a text.
pub(super) fn parse<'x>(text: &'x str, dialect: &Dialect) -> Template<'x> {
    let mut parser = Parser {
        text,
        dialect,
        template: Template::default(),
        variables: Variables::default(),
        scope: Scope {
            base: 0,
            dot: dialect.root,
            root: dialect.root,
            defining: false,
            ranging: false,
        },
        open: Vec::new(),
        unsure: false,
    };
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("{{")) {
        at = parser.action(at + found);
    }
    parser.finish();
    parser.template.faults.sort_by_key(|fault| fault.span);
    parser.template
}

/// What opened a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keyword {
    If,
    With,
    Range,
    Define,
    Block,
}

impl Keyword {
    fn word(self) -> &'static str {
        match self {
            Keyword::If => "if",
            Keyword::With => "with",
            Keyword::Range => "range",
            Keyword::Define => "define",
            Keyword::Block => "block",
        }
    }
}

/// A block without its `end` so far.
#[derive(Debug)]
struct Open {
    keyword: Keyword,
    /// Its action's opening braces and keyword.
    span: Span,
    /// It had an `else` without a condition.
    last: bool,
    /// How many variables there were before it.
    variables: usize,
    /// What held before it.
    scope: Scope,
}

/// What holds at a place of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    /// Where the variables of the template begin that is being defined.
    pub(super) base: usize,
    pub(super) dot: Shape,
    /// What `$` is.
    pub(super) root: Shape,
    /// It stands within `define` or `block`, where nothing but `$` is declared from outside.
    pub(super) defining: bool,
    /// It stands within `range`.
    ranging: bool,
}

pub(super) struct Parser<'x, 'd> {
    pub(super) text: &'x str,
    pub(super) dialect: &'d Dialect,
    pub(super) template: Template<'x>,
    /// Variables declared so far; those of the dialect are not among them.
    pub(super) variables: Variables<'x>,
    pub(super) scope: Scope,
    open: Vec<Open>,
    /// An action could not be read: what it opened or closed is not known.
    unsure: bool,
}

impl<'x> Parser<'x, '_> {
    pub(super) fn fault(&mut self, fault: Fault) {
        self.template.faults.push(fault);
    }

    /// Reads the action whose braces are at `start`; returns where the text goes on.
    fn action(&mut self, start: usize) -> usize {
        let inside = start + 2;
        let rest = &self.text[inside..];
        // `{{-` trims only with a space behind it; otherwise the dash is a number's.
        let trims = rest
            .strip_prefix('-')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_whitespace()));
        let body = inside + if trims { 2 } else { 0 };
        let braces = Span::new(start, inside);
        if let Some(end) = self.comment(braces, body) {
            return end;
        }
        let mut lexer = Lexer::new(self.text, body);
        match self.content(&mut lexer, braces) {
            Ok(()) => lexer.at(),
            Err(fault) => {
                self.fault(fault);
                self.unsure = true;
                // Whatever is wrong, the next text begins behind the next closing braces.
                let from = lexer.at().min(self.text.len());
                let rest = &self.text[from..];
                let pair = rest
                    .as_bytes()
                    .windows(2)
                    .position(|two| two == b"}}" || two == b"{{");
                match pair {
                    Some(at) if rest[at..].starts_with('}') => from + at + 2,
                    Some(at) => from + at,
                    None => self.text.len(),
                }
            }
        }
    }

    /// `{{/* … */}}`: where it ends.
    fn comment(&mut self, braces: Span, body: usize) -> Option<usize> {
        let rest = &self.text[body..];
        if !rest.starts_with("/*") {
            return None;
        }
        let Some(end) = rest.find("*/") else {
            self.fault(Fault::syntax(braces, "the comment has no `*/`"));
            return Some(self.text.len());
        };
        let after = body + end + 2;
        let tail = &self.text[after..];
        let closed = tail.strip_prefix("}}").map(|_| 2).or_else(|| {
            let trimmed = tail.strip_prefix(|c: char| c.is_ascii_whitespace())?;
            trimmed.starts_with("-}}").then_some(4)
        });
        match closed {
            Some(len) => Some(after + len),
            None => {
                let message = "`}}` must follow `*/` at once";
                self.fault(Fault::syntax(Span::new(after - 2, after), message));
                Some(tail.find("}}").map_or(self.text.len(), |at| after + at + 2))
            }
        }
    }

    /// What stands between the braces.
    fn content(&mut self, lexer: &mut Lexer<'x>, braces: Span) -> Result<(), Fault> {
        let (token, span) = non_space(lexer)?;
        let Token::Word(word) = token else {
            return self
                .pipeline(lexer, (token, span), braces, Role::Printed)
                .map(drop);
        };
        let head = braces.cover(span);
        match word {
            "if" | "with" | "range" => {
                let keyword = match word {
                    "if" => Keyword::If,
                    "with" => Keyword::With,
                    _ => Keyword::Range,
                };
                self.push(keyword, head);
                self.control(lexer, keyword, braces)
            }
            "else" => self.otherwise(lexer, head, braces),
            "end" => {
                self.close(lexer, "end")?;
                self.end(head);
                Ok(())
            }
            "define" => {
                let name = self.name(lexer, "define")?;
                if let Some(outer) = self.open.first() {
                    let message = format!(
                        "`define` cannot stand within `{}`: it belongs on the top level",
                        outer.keyword.word()
                    );
                    self.fault(Fault::syntax(head, message));
                }
                self.template.defined.push(name);
                self.push(Keyword::Define, head);
                // What the one who expands it hands over is not known.
                self.define(Shape::Any);
                self.close(lexer, "define")
            }
            "block" | "template" => {
                let name = self.name(lexer, word)?;
                self.template.used.push(name.clone());
                let next = non_space(lexer)?;
                let mut shape = Shape::Any;
                if next.0 == Token::Close {
                    if word == "block" {
                        return Err(Fault::syntax(head, "`block` needs a value after its name"));
                    }
                } else {
                    shape = self.pipeline(lexer, next, braces, Role::Passed)?;
                }
                if word == "block" {
                    self.template.defined.push(name);
                    self.push(Keyword::Block, head);
                    self.define(shape);
                }
                Ok(())
            }
            "break" | "continue" => {
                self.close(lexer, word)?;
                if !self.scope.ranging {
                    let message = format!("`{word}` stands outside of any `range`");
                    self.fault(Fault::syntax(span, message));
                }
                Ok(())
            }
            _ => self
                .pipeline(lexer, (Token::Word(word), span), braces, Role::Printed)
                .map(drop),
        }
    }

    fn push(&mut self, keyword: Keyword, span: Span) {
        self.open.push(Open {
            keyword,
            span,
            last: false,
            variables: self.variables.len(),
            scope: self.scope,
        });
    }

    /// Begins a template of its own, whose dot is `dot`.
    fn define(&mut self, dot: Shape) {
        self.scope = Scope {
            base: self.variables.len(),
            dot,
            root: dot,
            defining: true,
            ranging: false,
        };
    }

    /// The condition or value after `if`, `with` and `range`, and what the dot becomes.
    fn control(
        &mut self,
        lexer: &mut Lexer<'x>,
        keyword: Keyword,
        braces: Span,
    ) -> Result<(), Fault> {
        let first = non_space(lexer)?;
        let before = self.variables.len();
        let shape = self.pipeline(lexer, first, braces, Role::Condition)?;
        match keyword {
            Keyword::With => self.scope.dot = shape,
            Keyword::Range => {
                self.scope.dot = shape.element();
                self.scope.ranging = true;
                self.variables.ranged(before, shape.element());
            }
            _ => {}
        }
        Ok(())
    }

    /// `else`, `else if` and `else with`.
    fn otherwise(&mut self, lexer: &mut Lexer<'x>, head: Span, braces: Span) -> Result<(), Fault> {
        let (token, span) = non_space(lexer)?;
        let again = match token {
            Token::Close => None,
            Token::Word("if") => Some(Keyword::If),
            Token::Word("with") => Some(Keyword::With),
            _ => {
                return Err(Fault::syntax(
                    span,
                    "`else` is followed by `}}`, `if` or `with`",
                ));
            }
        };
        let known = !self.unsure;
        match self.open.last_mut() {
            Some(open) if matches!(open.keyword, Keyword::If | Keyword::With | Keyword::Range) => {
                if open.last {
                    let fault = Fault::syntax(head, "a second `else` stands in the same block");
                    self.template.faults.push(fault);
                } else if let Some(keyword) = again
                    && keyword != open.keyword
                    && known
                {
                    let message = format!(
                        "`else {}` does not go with `{}`",
                        keyword.word(),
                        open.keyword.word()
                    );
                    let fault = Fault::syntax(head, message);
                    self.template.faults.push(fault);
                }
                open.last = again.is_none();
                self.scope = open.scope;
            }
            _ if known => self.fault(Fault::syntax(head, "`else` stands outside of any `if`")),
            _ => {}
        }
        match again {
            Some(keyword) => self.control(lexer, keyword, braces),
            None => Ok(()),
        }
    }

    fn end(&mut self, head: Span) {
        match self.open.pop() {
            Some(open) => {
                self.variables.truncate(open.variables);
                self.scope = open.scope;
            }
            None if !self.unsure => {
                let message = "`end` closes nothing: there is no open block";
                self.fault(Fault::syntax(head, message));
            }
            None => {}
        }
    }

    /// What is still open when the text ends.
    fn finish(&mut self) {
        if self.unsure {
            return;
        }
        for open in std::mem::take(&mut self.open) {
            let message = format!("`{}` has no `{{{{ end }}}}`", open.keyword.word());
            self.fault(Fault::syntax(open.span, message));
        }
    }

    /// The quoted name after `define`, `block` and `template`.
    fn name(&mut self, lexer: &mut Lexer<'x>, keyword: &str) -> Result<Named<'x>, Fault> {
        match non_space(lexer)? {
            (Token::String(name), span) => Ok(Named { name, span }),
            (_, span) => {
                let message = format!("`{keyword}` needs a name in quotes");
                Err(Fault::syntax(span, message))
            }
        }
    }

    /// The closing braces of an action that takes nothing.
    fn close(&mut self, lexer: &mut Lexer<'x>, keyword: &str) -> Result<(), Fault> {
        match non_space(lexer)? {
            (Token::Close, _) => Ok(()),
            (_, span) => {
                let message = format!("`}}}}` must follow `{keyword}`");
                Err(Fault::syntax(span, message))
            }
        }
    }
}

/// The next token that is no space.
pub(super) fn non_space<'x>(lexer: &mut Lexer<'x>) -> Result<(Token<'x>, Span), Fault> {
    loop {
        let next = lexer.next()?;
        if next.0 != Token::Space {
            return Ok(next);
        }
    }
}
