//! Go's `text/template`, as Prometheus expands it in alerts' labels and annotations, and Grafana and Alertmanager in
//! alerts and notifications.
//!
//! [`Template::parse`] reads a text and finds everything Go's parser refuses, all at once, and what it would fail on
//! while expanding, as far as the text alone tells. Every part knows its bytes. What functions, variables and fields
//! there are is a [`Dialect`].
//!
//! The grammar and the limits are those of `text/template/parse` (`lex.go`, `parse.go`) of Go 1.24. Nothing here recurses:
//! parentheses and blocks are kept on stacks.

mod data;
mod dialect;
mod error;
mod lexer;
mod parser;
mod pipeline;
mod variables;

pub use data::Shape;
pub use dialect::{Dialect, Function};
pub use error::{Fault, FaultKind};

use std::borrow::Cow;

use crate::span::Span;

/// A parsed template. What could not be read is among its faults, everything else is here.
#[derive(Debug, Clone, Default)]
pub struct Template<'x> {
    /// Pipelines of all actions, those in parentheses too, in order of their beginning.
    pub pipelines: Vec<Pipeline<'x>>,
    /// Templates that `define` and `block` define: the name, and where it stands.
    pub defined: Vec<Named<'x>>,
    /// Templates that `template` and `block` expand.
    pub used: Vec<Named<'x>>,
    /// What is wrong, in order.
    pub faults: Vec<Fault>,
}

/// The name of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<'x> {
    /// The name, without quotes and escapes.
    pub name: Cow<'x, str>,
    /// Where it stands, with its quotes.
    pub span: Span,
}

/// `first | second`, in an action or in parentheses.
#[derive(Debug, Clone, Default)]
pub struct Pipeline<'x> {
    /// Its bytes, without the braces and the keyword.
    pub span: Span,
    /// What becomes of its value; in parentheses that of the pipeline around it.
    pub role: Role,
    /// Whether it stands in parentheses.
    pub nested: bool,
    /// Its commands.
    pub commands: Vec<Command<'x>>,
}

/// What becomes of a pipeline's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// It is part of the text.
    #[default]
    Printed,
    /// `if` or `with` asks whether it is there, or `range` runs over it.
    Condition,
    /// A variable is set to it.
    Assigned,
    /// Another template is expanded with it.
    Passed,
}

/// A function or value, and its arguments.
#[derive(Debug, Clone, Default)]
pub struct Command<'x> {
    /// The first is what is called or shown, the others are its arguments.
    pub operands: Vec<Operand<'x>>,
}

impl<'x> Command<'x> {
    /// The function it calls.
    pub fn function(&self) -> Option<&'x str> {
        match self.operands.first()?.kind {
            OperandKind::Function(name) => Some(name),
            _ => None,
        }
    }
}

/// A value, and the fields taken from it.
#[derive(Debug, Clone)]
pub struct Operand<'x> {
    /// Its bytes, with its fields.
    pub span: Span,
    /// What it begins with.
    pub kind: OperandKind<'x>,
    /// `.Labels.instance`: the fields, in order.
    pub fields: Vec<Field<'x>>,
    /// What its value is, as far as that is known.
    pub shape: Shape,
    /// What its first part is, before any field is taken.
    pub base: Shape,
}

/// What an operand begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperandKind<'x> {
    /// The dot.
    Dot,
    /// A variable, with its `$`.
    Variable(&'x str),
    /// A function.
    Function(&'x str),
    /// A string, without quotes and escapes.
    String(Cow<'x, str>),
    /// A number or a character.
    Number(&'x str),
    /// `true` or `false`.
    Bool,
    /// `nil`.
    Nil,
    /// Parentheses: the number of the pipeline in them.
    Group(usize),
}

/// A field taken from a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'x> {
    /// Its name, without the dot.
    pub name: &'x str,
    /// Where the name stands.
    pub span: Span,
}

/// A key looked up in labels or another map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup<'x> {
    /// What it is looked up in.
    pub map: Shape,
    /// The key.
    pub key: Cow<'x, str>,
    /// Where the key stands.
    pub span: Span,
    /// What becomes of the value it is looked up for.
    pub role: Role,
}

impl<'x> Template<'x> {
    /// Whether a text has anything to parse.
    pub fn is_template(text: &str) -> bool {
        text.contains("{{")
    }

    /// Reads a text.
    pub fn parse(text: &'x str, dialect: &Dialect) -> Self {
        parser::parse(text, dialect)
    }

    /// Every operand of every pipeline, with what becomes of the pipeline's value.
    pub fn operands(&self) -> impl Iterator<Item = (Role, &Operand<'x>)> {
        self.pipelines.iter().flat_map(|pipeline| {
            let commands = pipeline.commands.iter();
            let operands = commands.flat_map(|command| &command.operands);
            operands.map(|operand| (pipeline.role, operand))
        })
    }

    /// The keys that are looked up: `$labels.instance`, `.Labels.instance`, `index $labels "instance"`.
    pub fn lookups(&self) -> Vec<Lookup<'x>> {
        let mut found = Vec::new();
        for (role, operand) in self.operands() {
            let mut shape = operand.base;
            for field in &operand.fields {
                if shape.is_map() {
                    found.push(Lookup {
                        map: shape,
                        key: Cow::Borrowed(field.name),
                        span: field.span,
                        role,
                    });
                }
                shape = shape.field(field.name).unwrap_or(Shape::Any);
            }
        }
        for pipeline in &self.pipelines {
            let commands = pipeline.commands.iter();
            for command in commands.filter(|command| command.function() == Some("index")) {
                let [_, map, key, ..] = command.operands.as_slice() else {
                    continue;
                };
                if let OperandKind::String(text) = &key.kind
                    && map.shape.is_map()
                {
                    found.push(Lookup {
                        map: map.shape,
                        key: text.clone(),
                        span: key.span,
                        role: pipeline.role,
                    });
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests;
