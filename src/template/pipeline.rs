//! Pipelines: what stands in an action, and in parentheses.

use std::borrow::Cow;

use super::dialect::NUMERIC;
use super::error::{Fault, FaultKind};
use super::lexer::{Lexer, Token};
use super::parser::{Parser, non_space};
use super::{Command, Field, Operand, OperandKind, Pipeline, Role, Shape};
use crate::span::Span;
use crate::spelling::nearest;

/// Which variables a pipeline sets.
#[derive(Debug, PartialEq, Eq)]
enum Declares<'x> {
    Nothing,
    /// `$x :=`
    New(Vec<&'x str>),
    /// `$x =`
    Again,
}

/// A pipeline being read: its number, its current command, and what it is for.
struct Level<'x> {
    pipeline: usize,
    start: usize,
    command: Command<'x>,
    /// The opening bracket, of one in parentheses.
    paren: Option<Span>,
    /// The operand so far takes no further one without a space between them.
    tight: bool,
}

impl<'x> Parser<'x, '_> {
    /// A pipeline up to the closing braces; `first` is its first token. Returns what its value is.
    pub(super) fn pipeline(
        &mut self,
        lexer: &mut Lexer<'x>,
        first: (Token<'x>, Span),
        braces: Span,
        role: Role,
    ) -> Result<Shape, Fault> {
        let (first, declares) = self.declarations(lexer, first)?;
        let level = self.level(first.1.start as usize, None);
        let number = level.pipeline;
        let mut levels = vec![level];
        let mut next = Some(first);
        loop {
            let (token, span) = match next.take() {
                Some(next) => next,
                None => lexer.next()?,
            };
            let Some(level) = levels.last_mut() else {
                break;
            };
            match token {
                Token::Space => level.tight = false,
                Token::Close => {
                    if let Some(paren) = level.paren {
                        return Err(Fault::syntax(paren, "the bracket is not closed"));
                    }
                    self.finish_pipeline(levels.pop(), span)?;
                    break;
                }
                Token::Pipe => {
                    if level.command.operands.is_empty() {
                        return Err(Fault::syntax(span, "`|` needs a value before it"));
                    }
                    level.tight = false;
                    let command = std::mem::take(&mut level.command);
                    let pipeline = level.pipeline;
                    self.command(pipeline, command);
                }
                Token::RightParen => {
                    let Some(paren) = level.paren else {
                        return Err(Fault::syntax(span, "`)` closes nothing"));
                    };
                    let group = level.pipeline;
                    let shape = self.finish_pipeline(levels.pop(), span)?;
                    let span = paren.cover(span);
                    let operand = operand(span, OperandKind::Group(group), shape);
                    if let Some(level) = levels.last_mut() {
                        level.command.operands.push(operand);
                        level.tight = true;
                    }
                }
                Token::Field(name) if level.tight => {
                    let Some(last) = level.command.operands.last_mut() else {
                        continue;
                    };
                    if matches!(
                        last.kind,
                        OperandKind::String(_)
                            | OperandKind::Number(_)
                            | OperandKind::Bool
                            | OperandKind::Nil
                    ) || (last.kind == OperandKind::Dot && last.fields.is_empty())
                    {
                        return Err(Fault::syntax(span, "`.` cannot follow this value"));
                    }
                    self.template.faults.extend(take(last, name, span));
                }
                Token::Stray(None) => {
                    return Err(Fault::syntax(braces, "the action has no closing `}}`"));
                }
                Token::Stray(Some('}')) => {
                    let fault = Fault::syntax(span, "the action is closed by one `}`, not by two");
                    return Err(fault.help("write `}}`"));
                }
                Token::Stray(Some(c)) => {
                    let fault = Fault::syntax(span, format!("`{c}` has no place in an action"));
                    return Err(match c {
                        '/' => fault.help("a comment has no space before it: `{{/* … */}}`"),
                        _ => fault,
                    });
                }
                Token::Declare | Token::Assign | Token::Comma => {
                    let raw = &self.text[span.range()];
                    let message = format!("`{raw}` has no place here");
                    return Err(Fault::syntax(span, message));
                }
                _ if level.tight => {
                    return Err(Fault::syntax(span, "a space must stand before this value"));
                }
                Token::LeftParen => {
                    let inner = self.level(span.end as usize, Some(span));
                    levels.push(inner);
                }
                token => {
                    let value = self.value(token, span);
                    if let Some(level) = levels.last_mut() {
                        level.command.operands.push(value);
                        level.tight = true;
                    }
                }
            }
        }
        let shape = self.result(number);
        let role = match declares {
            Declares::Nothing => role,
            _ if role == Role::Printed => Role::Assigned,
            _ => role,
        };
        // Those in its parentheses began after it.
        for (at, pipeline) in self.template.pipelines.iter_mut().enumerate().skip(number) {
            pipeline.role = role;
            pipeline.nested = at > number;
        }
        if let Declares::New(names) = declares {
            for name in names {
                self.variables.push(name, shape);
            }
        }
        Ok(shape)
    }

    /// `$x :=`, `$x =`, `$i, $x :=`: the variables, and the token after them.
    fn declarations(
        &mut self,
        lexer: &mut Lexer<'x>,
        first: (Token<'x>, Span),
    ) -> Result<((Token<'x>, Span), Declares<'x>), Fault> {
        let Token::Variable(name) = first.0 else {
            return Ok((first, Declares::Nothing));
        };
        let mut ahead = lexer.clone();
        let mut names = vec![name];
        loop {
            match non_space(&mut ahead) {
                Ok((Token::Comma, _)) => match non_space(&mut ahead) {
                    Ok((Token::Variable(name), _)) => names.push(name),
                    _ => return Ok((first, Declares::Nothing)),
                },
                Ok((Token::Declare, _)) => {
                    *lexer = ahead;
                    return Ok((non_space(lexer)?, Declares::New(names)));
                }
                Ok((Token::Assign, _)) => {
                    for name in names {
                        self.variable(name, first.1);
                        // Whether this runs is not known, so neither is what the variable is from here on.
                        self.variables.forget(name);
                    }
                    *lexer = ahead;
                    return Ok((non_space(lexer)?, Declares::Again));
                }
                _ => return Ok((first, Declares::Nothing)),
            }
        }
    }

    /// Begins a pipeline.
    fn level(&mut self, start: usize, paren: Option<Span>) -> Level<'x> {
        self.template.pipelines.push(Pipeline::default());
        Level {
            pipeline: self.template.pipelines.len() - 1,
            start,
            command: Command::default(),
            paren,
            tight: false,
        }
    }

    /// Ends a pipeline before `close`; returns what its value is.
    fn finish_pipeline(&mut self, level: Option<Level<'x>>, close: Span) -> Result<Shape, Fault> {
        let Some(level) = level else {
            return Ok(Shape::Any);
        };
        let number = level.pipeline;
        self.command(number, level.command);
        let Some(pipeline) = self.template.pipelines.get_mut(number) else {
            return Ok(Shape::Any);
        };
        pipeline.span = Span::new(level.start, close.start as usize);
        if pipeline.commands.is_empty() {
            let span = level.paren.unwrap_or(close);
            return Err(Fault::syntax(span, "a value is missing here"));
        }
        Ok(self.result(number))
    }

    /// What the value of a pipeline is.
    fn result(&self, number: usize) -> Shape {
        let commands = self
            .template
            .pipelines
            .get(number)
            .map(|p| p.commands.as_slice());
        match commands {
            Some([command]) => match command.operands.as_slice() {
                [only] => only.shape,
                _ => Shape::Any,
            },
            _ => Shape::Any,
        }
    }

    /// Ends a command: what Go checks when it is parsed and when it is run.
    fn command(&mut self, pipeline: usize, command: Command<'x>) {
        let Some(first) = command.operands.first() else {
            return;
        };
        let stage = self
            .template
            .pipelines
            .get(pipeline)
            .map_or(0, |p| p.commands.len());
        let piped = usize::from(stage > 0);
        let given = command.operands.len() - 1 + piped;
        let fault = match &first.kind {
            OperandKind::Function(name) if first.fields.is_empty() => {
                // What is piped comes last.
                let last = match command.operands.as_slice() {
                    _ if stage > 0 => self.piped(pipeline),
                    [_, .., last] => Some(last.shape),
                    _ => None,
                };
                self.arity(name, first.span, given)
                    .or_else(|| no_number(name, last?, first.span))
            }
            _ if given == 0 => None,
            OperandKind::Variable(name) if first.fields.is_empty() => {
                Some(no_function(name, first.span))
            }
            OperandKind::Dot if !first.fields.is_empty() => None,
            OperandKind::Dot
            | OperandKind::Bool
            | OperandKind::Nil
            | OperandKind::String(_)
            | OperandKind::Number(_) => {
                let raw = &self.text[first.span.range()];
                // Before the first pipe Go notices only when it expands the template.
                let kind = if stage > 0 {
                    FaultKind::Syntax
                } else {
                    FaultKind::BadCall
                };
                Some(Fault {
                    kind,
                    ..no_function(raw, first.span)
                })
            }
            _ => None,
        };
        if let Some(pipeline) = self.template.pipelines.get_mut(pipeline) {
            pipeline.commands.push(command);
        }
        self.template.faults.extend(fault);
    }

    /// What a command is handed by the one before it.
    fn piped(&self, pipeline: usize) -> Option<Shape> {
        let commands = &self.template.pipelines.get(pipeline)?.commands;
        match commands.as_slice() {
            [command] if command.operands.len() == 1 => Some(command.operands.first()?.shape),
            _ => None,
        }
    }

    fn arity(&self, name: &str, span: Span, given: usize) -> Option<Fault> {
        let function = self.dialect.function(name)?;
        let wanted = match function.most {
            Some(most) if most == function.least => format!("takes {}", arguments(most)),
            Some(most) if given > most => format!("takes at most {}", arguments(most)),
            _ => format!("needs at least {}", arguments(function.least)),
        };
        let fits = given >= function.least && function.most.is_none_or(|most| given <= most);
        (!fits).then(|| {
            let message = format!("`{name}` {wanted}, {given} given");
            Fault::new(FaultKind::BadCall, span, message)
        })
    }

    /// A value that stands alone so far.
    fn value(&mut self, token: Token<'x>, span: Span) -> Operand<'x> {
        match token {
            Token::Word("true" | "false") => operand(span, OperandKind::Bool, Shape::Any),
            Token::Word("nil") => operand(span, OperandKind::Nil, Shape::Any),
            Token::Word(name) => {
                if self.dialect.function(name).is_none() {
                    let fault = self.undefined_function(name, span);
                    self.fault(fault);
                }
                operand(span, OperandKind::Function(name), Shape::Any)
            }
            Token::Variable(name) => {
                let shape = self.variable(name, span);
                operand(span, OperandKind::Variable(name), shape)
            }
            Token::Field(name) => {
                let mut value = operand(
                    Span::at(span.start as usize),
                    OperandKind::Dot,
                    self.scope.dot,
                );
                let fault = take(&mut value, name, span);
                self.template.faults.extend(fault);
                value
            }
            Token::String(text) => operand(span, OperandKind::String(text), Shape::Text),
            Token::Number(raw) => operand(span, OperandKind::Number(raw), Shape::Number),
            _ => operand(span, OperandKind::Dot, self.scope.dot),
        }
    }

    fn undefined_function(&self, name: &str, span: Span) -> Fault {
        let fault = Fault::new(
            FaultKind::UndefinedFunction,
            span,
            format!("there is no function `{name}`"),
        );
        let sigil = format!("${name}");
        if self.dialect.variable(&sigil).is_some() {
            return fault.help(format!("write `{sigil}`"));
        }
        let names: Vec<&str> = self.dialect.names().map(|function| function.name).collect();
        match nearest(name, names.into_iter()) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault,
        }
    }

    /// What a variable is; one that is not declared is a fault.
    fn variable(&mut self, name: &str, span: Span) -> Shape {
        if name == "$" {
            return self.scope.root;
        }
        if let Some(shape) = self.variables.get(name, self.scope.base) {
            return shape;
        }
        let within = self.scope.defining;
        if !within && let Some(shape) = self.dialect.variable(name) {
            return shape;
        }
        let fault = Fault::new(
            FaultKind::UndefinedVariable,
            span,
            format!("the variable `{name}` is not declared"),
        );
        let known = self.dialect.variables.iter().map(|(known, _)| *known);
        self.fault(match nearest(name, known) {
            Some(near) if !within => fault.help(format!("did you mean `{near}`?")),
            _ => fault,
        });
        Shape::Any
    }
}

/// A function that takes a number and is handed what is certainly none: of Grafana's rules `$value` is a text about all values, and
/// `$values.A` has the number in a field (pkg/services/ngalert/state/template/template.go, 12.1).
fn no_number(function: &str, given: Shape, span: Span) -> Option<Fault> {
    let what = match given {
        Shape::Sentence => "`$value` is a text about all values",
        Shape::Value => "this holds labels and a number",
        Shape::Values => "`$values` holds all values",
        _ => return None,
    };
    NUMERIC.contains(&function).then(|| {
        let message = format!("`{function}` takes a number, and {what}");
        Fault::new(FaultKind::BadCall, span, message).help("write `$values.A.Value`")
    })
}

fn arguments(count: usize) -> Cow<'static, str> {
    match count {
        0 => Cow::Borrowed("no arguments"),
        1 => Cow::Borrowed("one argument"),
        count => Cow::Owned(format!("{count} arguments")),
    }
}

fn no_function(what: &str, span: Span) -> Fault {
    let message = format!("`{what}` is no function and takes no arguments");
    Fault::new(FaultKind::BadCall, span, message)
        .help("write the function first: `{{ humanize $value }}` or `{{ $value | humanize }}`")
}

fn operand<'x>(span: Span, kind: OperandKind<'x>, shape: Shape) -> Operand<'x> {
    Operand {
        span,
        kind,
        fields: Vec::new(),
        shape,
        base: shape,
    }
}

/// Takes a field from a value; `span` has the dot in it.
fn take<'x>(operand: &mut Operand<'x>, name: &'x str, span: Span) -> Option<Fault> {
    let own = Span::new(span.start as usize + 1, span.end as usize);
    let before = operand.shape;
    let found = before.field(name);
    operand.span = operand.span.cover(span);
    operand.fields.push(Field { name, span: own });
    operand.shape = found.unwrap_or(Shape::Any);
    if found.is_some() {
        return None;
    }
    let message = format!("{} has no field `{name}`", before.words());
    let fault = Fault::new(FaultKind::UnknownField, own, message);
    let known: Vec<&str> = before.fields().iter().map(|(known, _)| *known).collect();
    Some(match nearest(name, known.iter().copied()) {
        Some(near) => fault.help(format!("did you mean `.{near}`?")),
        None if known.is_empty() => fault,
        None => fault.help(format!("it has `.{}`", known.join("`, `."))),
    })
}
