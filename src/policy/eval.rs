//! Whether conditions hold, and where it shows.

use super::condition::Condition;
use super::field::FieldRef;
use super::ops::{Limit, Scalar, Test};
use super::sight::Sight;
use super::value::{Spot, Subject, Value};

/// Whether something is so. Of a number that is not there nobody can say that it is too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
    Unknown,
}

impl Truth {
    fn of(flag: bool) -> Self {
        if flag { Truth::Yes } else { Truth::No }
    }

    pub(super) fn not(self) -> Self {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

impl Truth {
    /// Whether all of these are so.
    pub(super) fn all(truths: impl Iterator<Item = Truth>) -> Truth {
        let mut all = Truth::Yes;
        for truth in truths {
            match truth {
                Truth::No => return Truth::No,
                Truth::Unknown => all = Truth::Unknown,
                Truth::Yes => {}
            }
        }
        all
    }
}

/// What is kept of where an answer shows: a [`Spot`], or nothing where nobody will ask. Of all that is asked, little is found.
pub(super) trait Mark<'v, 't>: Copy {
    const NOWHERE: Self;

    /// It shows here.
    fn at(spot: Spot<'v, 't>) -> Self;

    /// Whether it is still to be said where it shows.
    fn is_open(self) -> bool;
}

impl<'v, 't> Mark<'v, 't> for Spot<'v, 't> {
    const NOWHERE: Self = Spot::None;

    fn at(spot: Spot<'v, 't>) -> Self {
        spot
    }

    fn is_open(self) -> bool {
        self.is_none()
    }
}

impl<'v, 't> Mark<'v, 't> for () {
    const NOWHERE: Self = ();

    fn at(_: Spot<'v, 't>) -> Self {}

    fn is_open(self) -> bool {
        false
    }
}

/// An answer, and what decided it.
#[derive(Clone, Copy)]
pub(super) struct Verdict<M> {
    pub(super) truth: Truth,
    pub(super) mark: M,
}

/// What a test says of a field.
#[derive(Clone, Copy)]
pub(super) struct Answer<M> {
    verdict: Verdict<M>,
    /// The field is not there: that shows at what it is missing from.
    missing: bool,
}

impl<'v, 't: 'v, M: Mark<'v, 't>> Verdict<M> {
    fn new(truth: Truth, mark: M) -> Self {
        Verdict { truth, mark }
    }

    /// It shows nowhere yet.
    fn of(truth: Truth) -> Self {
        Verdict::new(truth, M::NOWHERE)
    }

    fn not(self) -> Self {
        Verdict {
            truth: self.truth.not(),
            ..self
        }
    }

    /// The same, shown elsewhere if it shows nowhere.
    fn or_at(self, spot: impl FnOnce() -> Spot<'v, 't>) -> Self {
        match self.mark.is_open() {
            true => Verdict::new(self.truth, M::at(spot())),
            false => self,
        }
    }
}

/// The first verdict of this truth decides; else one that is not known; else the first that shows somewhere.
fn decide<'v, 't: 'v, M: Mark<'v, 't>>(
    verdicts: impl Iterator<Item = Verdict<M>>,
    deciding: Truth,
) -> Verdict<M> {
    let mut rest: Option<Verdict<M>> = None;
    for verdict in verdicts {
        if verdict.truth == deciding {
            return verdict;
        }
        let weaker = |rest: Verdict<M>| match (rest.truth, verdict.truth) {
            (Truth::Unknown, _) => false,
            (_, Truth::Unknown) => true,
            _ => rest.mark.is_open(),
        };
        if rest.is_none_or(weaker) {
            rest = Some(verdict);
        }
    }
    rest.unwrap_or(Verdict::of(deciding.not()))
}

impl Condition {
    /// Whether it holds of `subject`.
    pub(super) fn truth<'v, 't>(&self, subject: Subject<'v, 't>, sight: &Sight<'v, 't>) -> Truth {
        self.holds::<()>(subject, sight).truth
    }

    /// Whether it holds of `subject`, and where that shows.
    pub(super) fn verdict<'v, 't>(
        &self,
        subject: Subject<'v, 't>,
        sight: &Sight<'v, 't>,
    ) -> Verdict<Spot<'v, 't>> {
        self.holds(subject, sight)
    }

    fn holds<'v, 't, M: Mark<'v, 't>>(
        &self,
        subject: Subject<'v, 't>,
        sight: &Sight<'v, 't>,
    ) -> Verdict<M> {
        match self {
            Condition::Field(field, test) => {
                let Answer { verdict, missing } = match sight.around(field.scope, subject) {
                    None => ask(field, test, subject, sight),
                    Some(around) => {
                        let work_out = || ask(field, test, subject, sight);
                        let Answer { verdict, missing } = sight.once(self, around, work_out);
                        let verdict = Verdict::new(verdict.truth, M::at(verdict.mark));
                        Answer { verdict, missing }
                    }
                };
                match missing {
                    true => verdict.or_at(|| sight.head(subject)),
                    false => verdict,
                }
            }
            Condition::Item(_) => Verdict::of(Truth::Unknown),
            Condition::And(all) => {
                decide(all.iter().map(|one| one.holds(subject, sight)), Truth::No)
            }
            Condition::Or(all) => {
                let verdict = decide(all.iter().map(|one| one.holds(subject, sight)), Truth::Yes);
                match verdict.truth {
                    // Of several fields that would do, none is the one that is wrong.
                    Truth::No if all.len() > 1 => {
                        Verdict::of(Truth::No).or_at(|| sight.head(subject))
                    }
                    _ => verdict,
                }
            }
            Condition::Not(inner) => inner.holds(subject, sight).not(),
        }
    }

    /// Whether it holds of an item of a list.
    fn holds_of_item<'v, 't, M: Mark<'v, 't>>(
        &self,
        item: &Value<'v, 't>,
        sight: &Sight<'v, 't>,
    ) -> Verdict<M> {
        match (self, item) {
            (Condition::Item(test), item) => test.holds(item, sight).or_at(|| item.spot()),
            (condition, Value::Thing(subject)) => condition
                .holds(*subject, sight)
                .or_at(|| sight.head(*subject)),
            (condition, Value::Node(node)) => {
                let subject = Subject::Object(super::kind::Kind::Value, *node);
                condition.holds(subject, sight).or_at(|| Spot::Node(*node))
            }
            _ => Verdict::of(Truth::No).or_at(|| item.spot()),
        }
    }
}

/// What a test says of a field of `subject`.
fn ask<'v, 't, M: Mark<'v, 't>>(
    field: &FieldRef,
    test: &Test,
    subject: Subject<'v, 't>,
    sight: &Sight<'v, 't>,
) -> Answer<M> {
    let value = field.read(subject, sight);
    Answer {
        verdict: test.holds(&value, sight).or_at(|| value.spot()),
        missing: matches!(value, Value::Missing),
    }
}

impl Test {
    /// Whether it holds of a value.
    pub(super) fn truth<'v, 't>(&self, value: &Value<'v, 't>, sight: &Sight<'v, 't>) -> Truth {
        self.holds::<()>(value, sight).truth
    }

    fn holds<'v, 't, M: Mark<'v, 't>>(
        &self,
        value: &Value<'v, 't>,
        sight: &Sight<'v, 't>,
    ) -> Verdict<M> {
        let truth = match self {
            Test::Any(inner) => return any(inner, value, sight),
            Test::None(inner) => return any(inner, value, sight).not(),
            Test::All(inner) => return all(inner, value, sight),
            Test::Not(inner) => return inner.holds(value, sight).not(),
            Test::And(tests) => {
                return decide(tests.iter().map(|one| one.holds(value, sight)), Truth::No);
            }
            Test::Or(tests) => {
                return decide(tests.iter().map(|one| one.holds(value, sight)), Truth::Yes);
            }
            Test::Length(test) => {
                let length = Value::Number(value.length(sight) as f64, value.spot());
                return test.holds(&length, sight);
            }
            Test::Contains(scalar) => return contains(value, scalar, sight),
            Test::Equals(scalar) => Truth::of(equals(value, scalar)),
            Test::In(scalars) => Truth::of(is_one_of(value, scalars)),
            Test::Matches(pattern) => {
                Truth::of(value.text().is_some_and(|text| pattern.is_match(&text)))
            }
            Test::StartsWith(start) => Truth::of(
                value
                    .text()
                    .is_some_and(|text| text.starts_with(start.as_str())),
            ),
            Test::EndsWith(end) => Truth::of(
                value
                    .text()
                    .is_some_and(|text| text.ends_with(end.as_str())),
            ),
            Test::Exists(wanted) => Truth::of(value.is_there(sight) == *wanted),
            Test::Min(limit) => bound(value, *limit, |number| number >= limit.value),
            Test::Max(limit) => bound(value, *limit, |number| number <= limit.value),
        };
        Verdict::of(truth)
    }
}

fn any<'v, 't, M: Mark<'v, 't>>(
    inner: &Condition,
    value: &Value<'v, 't>,
    sight: &Sight<'v, 't>,
) -> Verdict<M> {
    let mut unknown = false;
    let found = value.each(sight, |item| {
        let Verdict { truth, .. } = inner.holds_of_item::<()>(item, sight);
        unknown |= truth == Truth::Unknown;
        // The item is what is found, not the field of it that was asked last.
        let spot = || match item {
            Value::Thing(subject) => sight.head(*subject),
            item => item.spot(),
        };
        (truth == Truth::Yes).then(|| Verdict::of(Truth::Yes).or_at(spot))
    });
    let truth = if unknown { Truth::Unknown } else { Truth::No };
    found.unwrap_or(Verdict::of(truth))
}

fn all<'v, 't, M: Mark<'v, 't>>(
    inner: &Condition,
    value: &Value<'v, 't>,
    sight: &Sight<'v, 't>,
) -> Verdict<M> {
    let mut unknown = false;
    let found = value.each(sight, |item| {
        let verdict = inner.holds_of_item(item, sight);
        unknown |= verdict.truth == Truth::Unknown;
        (verdict.truth == Truth::No).then_some(verdict)
    });
    let truth = if unknown { Truth::Unknown } else { Truth::Yes };
    found.unwrap_or(Verdict::of(truth))
}

fn contains<'v, 't, M: Mark<'v, 't>>(
    value: &Value<'v, 't>,
    scalar: &Scalar,
    sight: &Sight<'v, 't>,
) -> Verdict<M> {
    let found = value.each(sight, |item| {
        equals(item, scalar).then(|| Verdict::of(Truth::Yes).or_at(|| item.spot()))
    });
    if let Some(verdict) = found {
        return verdict;
    }
    let part = match scalar {
        Scalar::Text(part) => value
            .text()
            .is_some_and(|text| text.contains(part.as_str())),
        _ => false,
    };
    Verdict::of(Truth::of(part))
}

fn is_one_of(value: &Value<'_, '_>, scalars: &[Scalar]) -> bool {
    let text = value.text();
    scalars.iter().any(|scalar| match (scalar, &text) {
        (Scalar::Text(wanted), Some(text)) => text == wanted,
        (Scalar::Text(_), None) => false,
        _ => equals(value, scalar),
    })
}

fn equals(value: &Value<'_, '_>, scalar: &Scalar) -> bool {
    match scalar {
        Scalar::Null => {
            matches!(value, Value::Missing) || matches!(value, Value::Node(node) if node.is_null())
        }
        Scalar::Text(wanted) => value.is_text(wanted),
        Scalar::Number(wanted) => number(value, false) == Some(*wanted),
        Scalar::Time(wanted) => number(value, true) == Some(*wanted),
        Scalar::Flag(wanted) => match value {
            Value::Flag(flag, _) => flag == wanted,
            Value::Node(node) => node.as_bool() == Some(*wanted),
            _ => false,
        },
    }
}

fn bound(value: &Value<'_, '_>, limit: Limit, holds: impl Fn(f64) -> bool) -> Truth {
    match number(value, limit.time) {
        Some(number) => Truth::of(holds(number)),
        None => Truth::Unknown,
    }
}

/// A number, or a time in seconds.
fn number(value: &Value<'_, '_>, time: bool) -> Option<f64> {
    match value {
        Value::Number(number, _) => Some(*number),
        Value::Node(node) => node.as_f64().or_else(|| {
            let text = time.then(|| node.as_str()).flatten()?;
            super::condition::seconds(&text)
        }),
        Value::Text(text, _) if time => super::condition::seconds(text),
        _ => None,
    }
}
