//! The operators: one table, from which the reader of policies, the schema and the documentation come.

use super::condition::Condition;
use super::fields::Type;
use super::pattern::Pattern;

/// An operator.
pub(crate) struct Operator {
    /// The word users write.
    pub(crate) name: &'static str,
    /// What stands behind it.
    pub(crate) takes: Takes,
    /// One line of documentation.
    pub(crate) doc: &'static str,
}

/// What stands behind an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// A text, a number, a boolean, null.
    Scalar,
    /// A list of those.
    Scalars,
    /// A text.
    Text,
    /// A regular expression.
    Pattern,
    /// `true` or `false`.
    Flag,
    /// A number or a duration.
    Limit,
    /// A number, or a test of one.
    Count,
    /// A test or a condition of an item.
    Item,
    /// A test.
    Test,
    /// A list of tests.
    Tests,
}

const fn operator(name: &'static str, takes: Takes, doc: &'static str) -> Operator {
    Operator { name, takes, doc }
}

/// Every operator, in the order documentation lists them.
pub(crate) static OPERATORS: &[Operator] = &[
    operator(
        "equals",
        Takes::Scalar,
        "it is this; a plain value stands for it: `type: stat`",
    ),
    operator("not-equals", Takes::Scalar, "it is not this, or not there"),
    operator(
        "in",
        Takes::Scalars,
        "it is one of these; a plain list stands for it: `type: [stat, gauge]`",
    ),
    operator(
        "matches",
        Takes::Pattern,
        "the regular expression is found in it, anywhere unless it says `^` and `$`; `(?i)` for any case",
    ),
    operator(
        "contains",
        Takes::Scalar,
        "this text is in it; of a list, this item is",
    ),
    operator("starts-with", Takes::Text, "it begins with this text"),
    operator("ends-with", Takes::Text, "it ends with this text"),
    operator(
        "exists",
        Takes::Flag,
        "it is there (`true`), or not (`false`); null, an empty text and an empty list are not there",
    ),
    operator(
        "min",
        Takes::Limit,
        "it is at least this; of what is not there nothing is said",
    ),
    operator(
        "max",
        Takes::Limit,
        "it is at most this; of what is not there nothing is said",
    ),
    operator(
        "length",
        Takes::Count,
        "how many characters or items it has: a number, or `{min: 1, max: 5}`",
    ),
    operator("any", Takes::Item, "one of its items at least is so"),
    operator(
        "all",
        Takes::Item,
        "all of its items are so; of no items too",
    ),
    operator(
        "none",
        Takes::Item,
        "none of its items is so; of no items too",
    ),
    operator(
        "not",
        Takes::Test,
        "it is not so; of what is not there, too, but for `min` and `max`",
    ),
    operator(
        "and",
        Takes::Tests,
        "all of these are so; several operators side by side are the same",
    ),
    operator("or", Takes::Tests, "one of these at least is so"),
];

/// The operator of this name.
pub(crate) fn find(name: &str) -> Option<&'static Operator> {
    OPERATORS.iter().find(|operator| operator.name == name)
}

impl Operator {
    /// Whether it makes sense of values of this type.
    pub(crate) fn fits(&self, ty: Type) -> bool {
        match self.name {
            "exists" | "not" | "and" | "or" => true,
            _ if ty == Type::Any => true,
            "equals" | "not-equals" | "in" => {
                matches!(ty, Type::Text | Type::Number | Type::Duration | Type::Flag)
            }
            "matches" | "starts-with" | "ends-with" => ty == Type::Text,
            "contains" => matches!(ty, Type::Text | Type::Texts),
            "min" | "max" => matches!(ty, Type::Number | Type::Duration),
            "length" => matches!(
                ty,
                Type::Text | Type::Map | Type::Texts | Type::Durations | Type::Things(_)
            ),
            _ => matches!(
                ty,
                Type::Map | Type::Texts | Type::Durations | Type::Things(_)
            ),
        }
    }
}

/// A value to compare with.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar {
    Null,
    Flag(bool),
    Number(f64),
    /// A time, in seconds.
    Time(f64),
    Text(String),
}

/// A bound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limit {
    pub(super) value: f64,
    /// Values are read as times.
    pub(super) time: bool,
}

/// What is asked of a value.
#[derive(Debug, Clone)]
pub(super) enum Test {
    Equals(Scalar),
    In(Vec<Scalar>),
    Matches(Pattern),
    Contains(Scalar),
    StartsWith(String),
    EndsWith(String),
    Exists(bool),
    Min(Limit),
    Max(Limit),
    Length(Box<Test>),
    Any(Box<Condition>),
    All(Box<Condition>),
    None(Box<Condition>),
    Not(Box<Test>),
    And(Vec<Test>),
    Or(Vec<Test>),
}
