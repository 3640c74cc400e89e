//! The functions of PromQL: names, argument types, what is experimental and since when.

use super::ast::ValueType;
use super::ast::ValueType::{Matrix as M, Scalar as S, String as T, Vector as V};

/// A function of PromQL.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// The types of its arguments; the last one repeats where more are allowed.
    pub args: &'static [ValueType],
    /// 0: exactly the arguments listed. n > 0: the last one is optional, and up to n - 1 more may follow.
    /// -1: the last one is optional and may be repeated at will.
    pub variadic: i8,
    /// The type of its value.
    pub returns: ValueType,
    /// Needs `--enable-feature=promql-experimental-functions`.
    pub experimental: bool,
    /// The version of Prometheus that brought it, as far as it is known and later than 2.15.
    pub since: Option<(u8, u8)>,
}

impl Function {
    /// Whether it takes arguments of these types.
    pub(in crate::promql) fn takes(&self, given: &[ValueType]) -> bool {
        let (least, most) = self.arity();
        let fits = |at: usize, given: &ValueType| {
            let wanted = self.args.get(at).or(self.args.last());
            *given == ValueType::Unknown || wanted == Some(given)
        };
        given.len() >= least
            && most.is_none_or(|most| given.len() <= most)
            && given.iter().enumerate().all(|(at, given)| fits(at, given))
    }

    /// The fewest and, unless unlimited, the most arguments.
    pub fn arity(&self) -> (usize, Option<usize>) {
        let listed = self.args.len();
        match self.variadic {
            0 => (listed, Some(listed)),
            n if n > 0 => (listed - 1, Some(listed - 1 + n as usize)),
            _ => (listed - 1, None),
        }
    }

    /// The type of the argument at `index`.
    pub fn arg_type(&self, index: usize) -> Option<ValueType> {
        match self.args.get(index) {
            Some(ty) => Some(*ty),
            None if self.variadic != 0 => self.args.last().copied(),
            None => None,
        }
    }

    /// Whether it wants a range vector, and as which argument.
    pub fn range_arg(&self) -> Option<usize> {
        self.args.iter().position(|ty| *ty == M)
    }
}

const fn f(
    name: &'static str,
    args: &'static [ValueType],
    variadic: i8,
    returns: ValueType,
    experimental: bool,
    since: Option<(u8, u8)>,
) -> Function {
    Function {
        name,
        args,
        variadic,
        returns,
        experimental,
        since,
    }
}

/// All functions, by name. Names, types and the experimental mark are facts from Prometheus'
/// `promql/parser/functions.go` (main branch, August 2026) and agree with the table of `promql-parser` 0.11.1.
/// The versions up to 2.55 and of 3.0, 3.5 and 3.14 are those of Prometheus' release notes (CHANGELOG.md: 2.16.0 #6490, 2.26.0 #8457,
/// 2.29.0 #9097, 2.31.0 #9239, 2.40.0 #11447, 2.47.0 #12614, 2.49.0 #13103, 2.51.0 #13467, 2.55.0 #14495, 3.0.0 #14930, 3.5.0 #16722,
/// 3.14.0 #19089), the others those of cloudflare/pint's table of features (75663d6); one that is missing is not known.
pub const FUNCTIONS: &[Function] = &[
    f("abs", &[V], 0, V, false, None),
    f("absent", &[V], 0, V, false, None),
    f("absent_over_time", &[M], 0, V, false, Some((2, 16))),
    f("acos", &[V], 0, V, false, Some((2, 31))),
    f("acosh", &[V], 0, V, false, Some((2, 31))),
    f("asin", &[V], 0, V, false, Some((2, 31))),
    f("asinh", &[V], 0, V, false, Some((2, 31))),
    f("atan", &[V], 0, V, false, Some((2, 31))),
    f("atanh", &[V], 0, V, false, Some((2, 31))),
    f("avg_over_time", &[M], 0, V, false, None),
    f("ceil", &[V], 0, V, false, None),
    f("changes", &[M], 0, V, false, None),
    f("clamp", &[V, S, S], 0, V, false, Some((2, 26))),
    f("clamp_max", &[V, S], 0, V, false, None),
    f("clamp_min", &[V, S], 0, V, false, None),
    f("cos", &[V], 0, V, false, Some((2, 31))),
    f("cosh", &[V], 0, V, false, Some((2, 31))),
    f("count_over_time", &[M], 0, V, false, None),
    f("day_of_month", &[V], 1, V, false, None),
    f("day_of_week", &[V], 1, V, false, None),
    f("day_of_year", &[V], 1, V, false, None),
    f("days_in_month", &[V], 1, V, false, None),
    f("deg", &[V], 0, V, false, Some((2, 31))),
    f("delta", &[M], 0, V, false, None),
    f("deriv", &[M], 0, V, false, None),
    f(
        "double_exponential_smoothing",
        &[M, S, S],
        0,
        V,
        true,
        Some((3, 0)),
    ),
    f("end", &[], 0, S, true, Some((3, 12))),
    f("exp", &[V], 0, V, false, None),
    f("first_over_time", &[M], 0, V, false, Some((3, 7))),
    f("floor", &[V], 0, V, false, None),
    f("histogram_avg", &[V], 0, V, false, Some((2, 51))),
    f("histogram_count", &[V], 0, V, false, Some((2, 40))),
    f("histogram_fraction", &[S, S, V], 0, V, false, Some((2, 40))),
    f("histogram_quantile", &[S, V], 0, V, false, None),
    f(
        "histogram_quantiles",
        &[V, T, S, S],
        9,
        V,
        true,
        Some((3, 11)),
    ),
    f("histogram_stddev", &[V], 0, V, false, Some((2, 47))),
    f("histogram_stdvar", &[V], 0, V, false, Some((2, 47))),
    f("histogram_sum", &[V], 0, V, false, Some((2, 40))),
    f("hour", &[V], 1, V, false, None),
    f("idelta", &[M], 0, V, false, None),
    f("increase", &[M], 0, V, false, None),
    f("info", &[V, V], 1, V, true, Some((2, 55))),
    f("irate", &[M], 0, V, false, None),
    f("label_join", &[V, T, T, T], -1, V, false, None),
    f("label_replace", &[V, T, T, T, T], 0, V, false, None),
    f("last_over_time", &[M], 0, V, false, Some((2, 26))),
    f("ln", &[V], 0, V, false, None),
    f("log10", &[V], 0, V, false, None),
    f("log2", &[V], 0, V, false, None),
    f("mad_over_time", &[M], 0, V, true, Some((2, 49))),
    f("max_of", &[S, S], 0, S, true, Some((3, 13))),
    f("max_over_time", &[M], 0, V, false, None),
    f("min_of", &[S, S], 0, S, true, Some((3, 13))),
    f("min_over_time", &[M], 0, V, false, None),
    f("minute", &[V], 1, V, false, None),
    f("month", &[V], 1, V, false, None),
    f("pi", &[], 0, S, false, Some((2, 31))),
    f("predict_linear", &[M, S], 0, V, false, None),
    f("present_over_time", &[M], 0, V, false, Some((2, 29))),
    f("quantile_over_time", &[S, M], 0, V, false, None),
    f("rad", &[V], 0, V, false, Some((2, 31))),
    f("range", &[], 0, S, true, Some((3, 12))),
    f("rate", &[M], 0, V, false, None),
    f("resets", &[M], 0, V, false, None),
    f("round", &[V, S], 1, V, false, None),
    f("scalar", &[V], 0, S, false, None),
    f("sgn", &[V], 0, V, false, Some((2, 26))),
    f("sin", &[V], 0, V, false, Some((2, 31))),
    f("sinh", &[V], 0, V, false, Some((2, 31))),
    f("sort", &[V], 0, V, false, None),
    f("sort_by_label", &[V, T], -1, V, true, Some((2, 49))),
    f("sort_by_label_desc", &[V, T], -1, V, true, Some((2, 49))),
    f("sort_desc", &[V], 0, V, false, None),
    f("sqrt", &[V], 0, V, false, None),
    f("start", &[], 0, S, true, Some((3, 12))),
    f("start_timestamp", &[V], 0, V, true, Some((3, 14))),
    f("stddev_over_time", &[M], 0, V, false, None),
    f("stdvar_over_time", &[M], 0, V, false, None),
    f("step", &[], 0, S, true, Some((3, 12))),
    f("sum_over_time", &[M], 0, V, false, None),
    f("tan", &[V], 0, V, false, Some((2, 31))),
    f("tanh", &[V], 0, V, false, Some((2, 31))),
    f("time", &[], 0, S, false, None),
    f("timestamp", &[V], 0, V, false, None),
    f("ts_of_first_over_time", &[M], 0, V, true, Some((3, 7))),
    f("ts_of_last_over_time", &[M], 0, V, true, Some((3, 5))),
    f("ts_of_max_over_time", &[M], 0, V, true, Some((3, 5))),
    f("ts_of_min_over_time", &[M], 0, V, true, Some((3, 5))),
    f("vector", &[S], 0, V, false, None),
    f("year", &[V], 1, V, false, None),
];

/// The function of that name; names are case-sensitive.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS
        .binary_search_by(|f| f.name.cmp(name))
        .ok()
        .map(|i| &FUNCTIONS[i])
}

/// Functions that versions before 3.0 had under another name, and the name now (3.0.0, #14930).
pub const RENAMED: &[(&str, &str)] = &[("holt_winters", "double_exponential_smoothing")];
