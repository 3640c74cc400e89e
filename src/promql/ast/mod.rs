//! The syntax tree: one arena, children before parents, no boxes.

mod arena;
mod operators;

pub use operators::{AggregateOp, BinaryOp, MatchOp};

use crate::span::Span;

/// An expression in an [`Ast`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub(in crate::promql) u32);

impl ExprId {
    /// The place in the arena; children come before their parents.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A run of entries in one of the side tables of an [`Ast`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Run {
    pub(in crate::promql) start: u32,
    pub(in crate::promql) end: u32,
}

impl Run {
    /// How many entries.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub(in crate::promql) fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A run of variables in [`Parsed::holes`](super::Parsed::holes).
pub type HoleRange = Run;

/// The syntax tree of one query.
#[derive(Debug, Clone, Default)]
pub struct Ast {
    pub(in crate::promql) nodes: Vec<Expr>,
    pub(in crate::promql) matchers: Vec<Matcher>,
    pub(in crate::promql) labels: Vec<Label>,
    pub(in crate::promql) args: Vec<ExprId>,
    pub(in crate::promql) matchings: Vec<Matching>,
}

/// The type of an expression's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// One number.
    Scalar,
    /// An instant vector.
    Vector,
    /// A range vector.
    Matrix,
    /// A string.
    String,
    /// Depends on a template variable, or on something already reported.
    Unknown,
}

impl ValueType {
    /// How Prometheus' documentation calls it.
    pub fn name(self) -> &'static str {
        match self {
            ValueType::Scalar => "scalar",
            ValueType::Vector => "instant vector",
            ValueType::Matrix => "range vector",
            ValueType::String => "string",
            ValueType::Unknown => "unknown",
        }
    }

    /// [`ValueType::name`] with its article.
    pub fn a_name(self) -> &'static str {
        match self {
            ValueType::Scalar => "a scalar",
            ValueType::Vector => "an instant vector",
            ValueType::Matrix => "a range vector",
            ValueType::String => "a string",
            ValueType::Unknown => "an unknown value",
        }
    }
}

/// One expression.
#[derive(Debug, Clone)]
pub struct Expr {
    /// All its bytes: what Prometheus calls the node's position range.
    pub span: Span,
    /// The type of its value.
    pub ty: ValueType,
    pub(in crate::promql) height: u16,
    /// What it is.
    pub kind: ExprKind,
}

/// What an expression is.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// A number; `5m` is the number 300. A sign before a literal belongs to it.
    Number(NumberLiteral),
    /// A string.
    String(StringLiteral),
    /// A selector, with or without a range.
    Selector(Selector),
    /// `expr[range:step]`.
    Subquery(Subquery),
    /// A function call.
    Call(Call),
    /// An aggregation.
    Aggregate(Aggregate),
    /// A binary operation.
    Binary(Binary),
    /// A sign before an expression that is no number literal.
    Unary {
        /// Minus, or else plus.
        minus: bool,
        /// What it stands before.
        expr: ExprId,
    },
    /// `(expr)`.
    Paren(ExprId),
    /// A template variable in the place of a whole expression.
    Hole(HoleRange),
}

/// A number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NumberLiteral {
    /// Its value; seconds for a duration.
    pub value: f64,
    /// Written as a duration (`5m`).
    pub duration: bool,
    /// Variables in it (`0.$p`); the value is NaN then.
    pub holes: HoleRange,
}

/// A string literal. Its value is decoded on demand: [`Parsed::string`](super::Parsed::string).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StringLiteral {
    /// With the quotes.
    pub span: Span,
    /// The quote: `"`, `'` or a backtick. Zero: a variable stands in the place of the string.
    pub quote: u8,
    /// Whether escapes are in it.
    pub escaped: bool,
    /// The variables in it.
    pub holes: HoleRange,
}

impl StringLiteral {
    /// The bytes between the quotes.
    pub fn inner(&self) -> Span {
        if self.quote == 0 {
            return self.span;
        }
        Span {
            start: self.span.start + 1,
            end: (self.span.end.saturating_sub(1)).max(self.span.start + 1),
        }
    }
}

/// A label's name as written, or a metric's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Label {
    /// With quotes, if it has them.
    pub span: Span,
    /// The quote, if it has one.
    pub quote: Option<u8>,
    /// Whether escapes are in it.
    pub escaped: bool,
    /// The variables in it.
    pub holes: HoleRange,
}

/// A series selector, with its range if it has one.
#[derive(Debug, Clone)]
pub struct Selector {
    /// The name before the braces.
    pub name: Option<Label>,
    /// The braces.
    pub braces: Option<Span>,
    pub(in crate::promql) matchers: Run,
    /// A variable stands for one or several matchers (`{$filters}`): more may be selected by than is seen.
    pub open: bool,
    /// The selector without its range and what follows the range.
    pub vector: Span,
    /// The range.
    pub range: Option<RangeSelector>,
    /// `offset` and `@`.
    pub shift: TimeShift,
    /// `anchored` or `smoothed`, and where.
    pub extended: Option<(Extended, Span)>,
}

/// How a range is extended beyond its samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extended {
    /// `anchored`.
    Anchored,
    /// `smoothed`.
    Smoothed,
}

/// `[5m]`, brackets included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RangeSelector {
    /// With the brackets.
    pub span: Span,
    /// The duration between them.
    pub duration: Duration,
}

/// A duration: a literal, a variable or an expression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Duration {
    /// Its bytes.
    pub span: Span,
    /// How long, in seconds, when the text alone says so.
    pub seconds: Option<f64>,
    /// Variables in it.
    pub holes: HoleRange,
    /// Whether it uses `step()` or `range()`.
    pub dynamic: bool,
}

/// `offset` and `@`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TimeShift {
    /// `offset 5m`.
    pub offset: Option<Offset>,
    /// `@ 1609746000`, `@ start()`.
    pub at: Option<AtModifier>,
}

/// `offset …`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offset {
    /// From the keyword on.
    pub span: Span,
    /// By how much; negative for the future.
    pub duration: Duration,
}

/// `@ …`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtModifier {
    /// From the `@` on.
    pub span: Span,
    /// Which time.
    pub time: AtTime,
}

/// The time of an `@` modifier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AtTime {
    /// Seconds since 1970.
    Seconds(f64),
    /// `start()`.
    Start,
    /// `end()`.
    End,
    /// A variable.
    Hole,
}

/// `expr[range:step]`.
#[derive(Debug, Clone)]
pub struct Subquery {
    /// What is evaluated.
    pub expr: ExprId,
    /// The brackets.
    pub brackets: Span,
    /// How far back.
    pub range: Duration,
    /// How often; the default resolution otherwise.
    pub step: Option<Duration>,
    /// `offset` and `@`.
    pub shift: TimeShift,
}

/// `label="value"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Matcher {
    /// From the label to the value.
    pub span: Span,
    /// The label. For a metric name written in the braces (`{"my.metric"}`) this is the place of the name.
    pub label: Label,
    /// The operator.
    pub op: MatchOp,
    /// The operator's place.
    pub op_span: Span,
    /// The value.
    pub value: StringLiteral,
    /// `{"my.metric"}`: a name without an operator, which matches `__name__`.
    pub metric_name: bool,
}

/// A function call.
#[derive(Debug, Clone)]
pub struct Call {
    /// The name.
    pub name: Span,
    /// The function; none if unknown or a variable.
    pub function: Option<&'static super::functions::Function>,
    /// The variables in the name.
    pub holes: HoleRange,
    /// The parentheses.
    pub parens: Span,
    pub(in crate::promql) args: Run,
}

/// An aggregation.
#[derive(Debug, Clone)]
pub struct Aggregate {
    /// Which.
    pub op: AggregateOp,
    /// The operator's place.
    pub op_span: Span,
    /// `by (…)` or `without (…)`.
    pub grouping: Option<Grouping>,
    /// The parentheses around the arguments.
    pub parens: Span,
    /// The parameter of `topk`, `quantile` …
    pub param: Option<ExprId>,
    /// What is aggregated; none only if that was reported as an error.
    pub expr: Option<ExprId>,
    pub(in crate::promql) args: Run,
}

/// `by (…)` or `without (…)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grouping {
    /// `without`, or else `by`. Unknown (false) if a variable stands for the whole clause.
    pub without: bool,
    /// The keyword, or the variable that stands for the whole clause.
    pub keyword: Span,
    /// The labels.
    pub list: LabelList,
    /// Whether the labels listed are all: no variable among them.
    pub complete: bool,
}

/// `(a, b)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct LabelList {
    /// With the parentheses.
    pub span: Span,
    pub(in crate::promql) labels: Run,
}

/// A binary operation.
#[derive(Debug, Clone)]
pub struct Binary {
    /// Which.
    pub op: BinaryOp,
    /// The operator's place.
    pub op_span: Span,
    /// `bool`.
    pub bool_span: Option<Span>,
    pub(in crate::promql) matching: Option<u32>,
    /// The left side.
    pub lhs: ExprId,
    /// The right side.
    pub rhs: ExprId,
}

/// How the series of both sides find each other.
#[derive(Debug, Clone, Default)]
pub struct Matching {
    /// `on (…)` or `ignoring (…)`.
    pub labels: Option<MatchingLabels>,
    /// `group_left` or `group_right`.
    pub group: Option<Group>,
    /// `fill (…)` and its kin.
    pub fills: Vec<Fill>,
}

/// `on (…)` or `ignoring (…)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MatchingLabels {
    /// `on`, or else `ignoring`.
    pub on: bool,
    /// The keyword.
    pub keyword: Span,
    /// The labels.
    pub list: LabelList,
}

/// `group_left(…)` or `group_right(…)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Group {
    /// `group_left`, or else `group_right`.
    pub left: bool,
    /// The keyword.
    pub keyword: Span,
    /// The labels to take over, if a list is given.
    pub list: Option<LabelList>,
}

/// `fill(0)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fill {
    /// Which sides.
    pub side: FillSide,
    /// From the keyword to the parenthesis.
    pub span: Span,
    /// The value; NaN if a variable.
    pub value: f64,
}

/// The sides filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum FillSide {
    Both,
    Left,
    Right,
}
