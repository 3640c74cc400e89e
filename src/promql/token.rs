//! Tokens and keywords.

use super::ast::AggregateOp;
use crate::span::Span;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tok {
    /// The end of the query.
    Eof,
    /// Something that is no token; the lexer holds the error.
    Error,
    Ident,
    /// An identifier with a colon in it.
    MetricIdent,
    Number,
    Duration,
    Str,
    /// Anything outside a string that holds a template variable.
    Hole,
    LParen,
    RParen,
    LBrace,
    RBrace,
    LBracket,
    RBracket,
    Comma,
    Colon,
    Assign,
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    EqlC,
    Neq,
    Lte,
    Lss,
    Gte,
    Gtr,
    TrimUpper,
    TrimLower,
    EqlRegex,
    NeqRegex,
    At,
    And,
    Or,
    Unless,
    Atan2,
    Agg(AggregateOp),
    Bool,
    By,
    Without,
    On,
    Ignoring,
    GroupLeft,
    GroupRight,
    Offset,
    Anchored,
    Smoothed,
    Fill,
    FillLeft,
    FillRight,
    Start,
    End,
    Step,
    Range,
}

/// A token with its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) tok: Tok,
    pub(super) span: Span,
    /// The first variable in it, an index into the list of holes.
    pub(super) first_hole: u32,
    /// How many variables are in it.
    pub(super) hole_count: u32,
    /// A string: it has escapes. A hole: it starts with a digit or a dot.
    pub(super) flag: bool,
}

impl Token {
    pub(super) fn holes(&self) -> super::ast::HoleRange {
        super::ast::HoleRange {
            start: self.first_hole,
            end: self.first_hole + self.hole_count,
        }
    }
}

/// The keyword a word is outside of braces and brackets; case does not matter.
pub(super) fn keyword(word: &[u8]) -> Option<Tok> {
    if word.len() < 2 || word.len() > 12 {
        return None;
    }
    let mut lower = [0u8; 12];
    for (to, from) in lower.iter_mut().zip(word) {
        *to = from.to_ascii_lowercase();
    }
    Some(match &lower[..word.len()] {
        b"and" => Tok::And,
        b"or" => Tok::Or,
        b"unless" => Tok::Unless,
        b"atan2" => Tok::Atan2,
        b"sum" => Tok::Agg(AggregateOp::Sum),
        b"avg" => Tok::Agg(AggregateOp::Avg),
        b"count" => Tok::Agg(AggregateOp::Count),
        b"min" => Tok::Agg(AggregateOp::Min),
        b"max" => Tok::Agg(AggregateOp::Max),
        b"group" => Tok::Agg(AggregateOp::Group),
        b"stddev" => Tok::Agg(AggregateOp::Stddev),
        b"stdvar" => Tok::Agg(AggregateOp::Stdvar),
        b"topk" => Tok::Agg(AggregateOp::Topk),
        b"bottomk" => Tok::Agg(AggregateOp::Bottomk),
        b"count_values" => Tok::Agg(AggregateOp::CountValues),
        b"quantile" => Tok::Agg(AggregateOp::Quantile),
        b"limitk" => Tok::Agg(AggregateOp::Limitk),
        b"limit_ratio" => Tok::Agg(AggregateOp::LimitRatio),
        b"offset" => Tok::Offset,
        b"smoothed" => Tok::Smoothed,
        b"anchored" => Tok::Anchored,
        b"by" => Tok::By,
        b"without" => Tok::Without,
        b"on" => Tok::On,
        b"ignoring" => Tok::Ignoring,
        b"group_left" => Tok::GroupLeft,
        b"group_right" => Tok::GroupRight,
        b"fill" => Tok::Fill,
        b"fill_left" => Tok::FillLeft,
        b"fill_right" => Tok::FillRight,
        b"bool" => Tok::Bool,
        b"start" => Tok::Start,
        b"end" => Tok::End,
        b"step" => Tok::Step,
        b"range" => Tok::Range,
        b"inf" | b"nan" => Tok::Number,
        _ => return None,
    })
}

impl Tok {
    /// Whether a metric may be called that outside of braces.
    pub(super) fn is_metric_name(self) -> bool {
        matches!(
            self,
            Tok::Ident
                | Tok::MetricIdent
                | Tok::Agg(_)
                | Tok::By
                | Tok::Without
                | Tok::Offset
                | Tok::And
                | Tok::Or
                | Tok::Unless
                | Tok::Start
                | Tok::End
                | Tok::Step
                | Tok::Range
                | Tok::Anchored
                | Tok::Smoothed
        )
    }

    /// Whether a label in `by (…)`, `on (…)` may be called that without quotes.
    pub(super) fn is_grouping_label(self) -> bool {
        self.is_metric_name()
            || matches!(
                self,
                Tok::Atan2
                    | Tok::Bool
                    | Tok::On
                    | Tok::Ignoring
                    | Tok::GroupLeft
                    | Tok::GroupRight
                    | Tok::Fill
                    | Tok::FillLeft
                    | Tok::FillRight
            )
    }

    /// Whether an expression may start with it.
    pub(super) fn starts_expr(self) -> bool {
        self.is_metric_name()
            || matches!(
                self,
                Tok::Number
                    | Tok::Duration
                    | Tok::Str
                    | Tok::Hole
                    | Tok::LParen
                    | Tok::LBrace
                    | Tok::Add
                    | Tok::Sub
            )
    }
}
