//! What a field has to say of what a policy looks at, and where it stands.

use std::borrow::Cow;
use std::ops::Range;

use crate::model::{Query, ThresholdStep};
use crate::promql::facts::{Aggregation, MatcherFact, Selection};
use crate::rules::Place;
use crate::span::Span;
use crate::syntax::{Kind as NodeKind, NodeRef};

use super::fields::Fact;
use super::kind::Kind;
use super::sight::Sight;

/// Texts in messages are no longer than this many characters.
const LONGEST: usize = 80;

/// The keys by which people know an object, the best first.
const NAMES: [&str; 10] = [
    "title", "name", "alert", "record", "id", "refId", "uid", "receiver", "url", "type",
];

/// Where something stands.
#[derive(Clone, Copy, Default)]
pub(super) enum Spot<'v, 't> {
    /// Nowhere: it follows from what does not stand there.
    #[default]
    None,
    /// A value of the document.
    Node(NodeRef<'t>),
    /// The name of an object, or its beginning.
    Head(NodeRef<'t>),
    /// The key of a member.
    Key(NodeRef<'t>),
    /// A part of a query, in bytes of its text.
    Query(&'v Query<'t>, Span),
}

impl<'v, 't> Spot<'v, 't> {
    pub(super) fn is_none(self) -> bool {
        matches!(self, Spot::None)
    }

    /// What stands there, as messages show it.
    pub(super) fn shown(self, sight: &Sight<'v, 't>) -> Option<String> {
        match self {
            Spot::Node(node) => Value::Node(node).shown(sight),
            Spot::Key(node) => Value::Key(node).shown(sight),
            Spot::Query(query, span) => {
                let text = query.text().get(span.range())?;
                Value::Text(Cow::Borrowed(text), self).shown(sight)
            }
            Spot::None | Spot::Head(_) => None,
        }
    }

    /// The bytes that a finding underlines: of a value over several lines its key.
    pub(super) fn place(self) -> Option<Place<'v, 't>> {
        Some(match self {
            Spot::None => return None,
            Spot::Node(node) => {
                let text = node.tree().text().get(node.span().range()).unwrap_or("");
                match node.key_span() {
                    Some(key) if text.is_empty() || text.contains('\n') => Place::bytes(node, key),
                    None if text.contains('\n') => Place::head(node),
                    _ => Place::value(node),
                }
            }
            Spot::Head(node) => head(node),
            Spot::Key(node) => match node.key_span() {
                Some(key) => Place::bytes(node, key),
                None => Place::value(node),
            },
            Spot::Query(query, span) => Place::query(query, span),
        })
    }
}

/// The name of an object; of one without a name on one line the whole, else its beginning.
fn head<'v, 't>(node: NodeRef<'t>) -> Place<'v, 't> {
    let named = NAMES.iter().find_map(|key| node.get(key));
    let text = node.tree().text().get(node.span().range()).unwrap_or("");
    match named {
        Some(named) => Place::value(named),
        None if !text.contains('\n') => Place::value(node),
        None => Place::head(node),
    }
}

/// What is looked at: one thing of the document, by its number in the model, or an item of one of its lists.
#[derive(Clone, Copy)]
pub(super) enum Subject<'v, 't> {
    Dashboard,
    Row(usize),
    Panel(usize),
    Query(usize),
    Variable(usize),
    Annotation(usize),
    /// An alert or a recording rule of Prometheus or of Grafana.
    Rule(usize),
    Group(usize),
    /// What is no more than its object: a data source, a provider, a contact point, a link, a value.
    Object(Kind, NodeRef<'t>),
    Threshold(&'v ThresholdStep<'t>),
    Selector(&'v Selection<'v>, &'v Query<'t>),
    Matcher(&'v MatcherFact<'v>, &'v Query<'t>),
    Aggregation(&'v Aggregation<'v>, &'v Query<'t>),
}

/// What a field says.
pub(super) enum Value<'v, 't> {
    /// Nothing: it is not there.
    Missing,
    /// A value of the document.
    Node(NodeRef<'t>),
    /// A key of the document.
    Key(NodeRef<'t>),
    /// A text that is worked out.
    Text(Cow<'v, str>, Spot<'v, 't>),
    /// A number that is worked out; of a time in seconds.
    Number(f64, Spot<'v, 't>),
    /// Whether something is so.
    Flag(bool, Spot<'v, 't>),
    /// A thing with fields of its own.
    Thing(Subject<'v, 't>),
    /// Several things of one kind, by their numbers.
    Things(Range<usize>, fn(usize) -> Subject<'v, 't>),
    /// What the queries of these numbers say in PromQL.
    Facts(Fact, Range<usize>),
    /// Several.
    List(Vec<Value<'v, 't>>),
}

impl<'v, 't> Value<'v, 't> {
    /// A value of the document, if it is there; null is not.
    pub(super) fn node(node: Option<NodeRef<'t>>) -> Self {
        match node.filter(|node| !node.is_null()) {
            Some(node) => Value::Node(node),
            None => Value::Missing,
        }
    }

    /// The things of these numbers, if there are any.
    pub(super) fn things(numbers: Range<usize>, thing: fn(usize) -> Subject<'v, 't>) -> Self {
        match numbers.is_empty() {
            true => Value::Missing,
            false => Value::Things(numbers, thing),
        }
    }

    /// These things, if there are any.
    pub(super) fn some(items: impl Iterator<Item = Self>) -> Self {
        let items: Vec<Self> = items.collect();
        match items.is_empty() {
            true => Value::Missing,
            false => Value::List(items),
        }
    }

    /// The first of these that is there.
    pub(super) fn or(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Value::Missing => other(),
            value => value,
        }
    }

    /// Whether it is there: neither missing nor null nor a text or a list with nothing in it, and not what is taken where
    /// nothing is said.
    pub(super) fn is_there(&self, sight: &Sight<'v, 't>) -> bool {
        match self {
            Value::Missing => false,
            Value::Node(node) => match node.kind() {
                NodeKind::Null => false,
                NodeKind::String => node.as_str().is_some_and(|text| !text.is_empty()),
                NodeKind::Array | NodeKind::Object => node.children().next().is_some(),
                _ => true,
            },
            Value::Text(text, _) => !text.is_empty(),
            Value::Number(_, spot) => !spot.is_none(),
            Value::Things(numbers, _) => !numbers.is_empty(),
            Value::Facts(..) => self.each(sight, |_| Some(())).is_some(),
            Value::Key(_) | Value::Flag(..) | Value::Thing(_) | Value::List(_) => true,
        }
    }

    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Value::Node(node) => node.as_text().map(|text| text.value),
            Value::Key(node) => node.key(),
            Value::Text(text, _) => Some(Cow::Borrowed(text)),
            Value::Number(number, _) => Some(Cow::Owned(rounded(*number).to_string())),
            Value::Flag(flag, _) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
            Value::Missing
            | Value::Thing(_)
            | Value::Things(..)
            | Value::Facts(..)
            | Value::List(_) => None,
        }
    }

    /// Whether it is this text.
    pub(super) fn is_text(&self, wanted: &str) -> bool {
        match self {
            Value::Node(node) => node.is_text(wanted),
            Value::Text(text, _) => text == wanted,
            value => value.text().is_some_and(|text| text == wanted),
        }
    }

    /// As messages show it: of a list its texts, or how many items it has where they are more than texts.
    pub(super) fn shown(&self, sight: &Sight<'v, 't>) -> Option<String> {
        let mut line = Line::default();
        match self.text() {
            Some(text) => line.add(&text),
            None if matches!(self, Value::Missing | Value::Thing(_)) => return None,
            None => {
                let mut items = 0_usize;
                self.each(sight, |item| {
                    items += 1;
                    if let Some(text) = item.text() {
                        line.item(&text);
                    }
                    line.full.then_some(())
                });
                if line.text.is_empty() && items > 0 {
                    return Some(items.to_string());
                }
            }
        }
        Some(line.text)
    }

    pub(super) fn spot(&self) -> Spot<'v, 't> {
        match self {
            Value::Node(node) => Spot::Node(*node),
            Value::Key(node) => Spot::Key(*node),
            Value::Text(_, spot) | Value::Number(_, spot) | Value::Flag(_, spot) => *spot,
            Value::Missing
            | Value::Thing(_)
            | Value::Things(..)
            | Value::Facts(..)
            | Value::List(_) => Spot::None,
        }
    }

    /// How long it is: a text in characters, anything else in items; what is not there has none.
    pub(super) fn length(&self, sight: &Sight<'v, 't>) -> usize {
        match self {
            Value::Node(node) => match node.kind() {
                NodeKind::Array | NodeKind::Object => node.children().count(),
                _ => node.as_text().map_or(0, |text| text.value.chars().count()),
            },
            Value::List(items) => items.len(),
            Value::Things(numbers, _) => numbers.len(),
            Value::Facts(..) => {
                let mut count = 0;
                self.each(sight, |_| {
                    count += 1;
                    None::<()>
                });
                count
            }
            Value::Missing => 0,
            Value::Thing(_) => 1,
            value => value.text().map_or(0, |text| text.chars().count()),
        }
    }

    /// Its items: of a list, of an object its values; nothing of anything else.
    pub(super) fn each<T>(
        &self,
        sight: &Sight<'v, 't>,
        mut see: impl FnMut(&Value<'v, 't>) -> Option<T>,
    ) -> Option<T> {
        match self {
            Value::Node(node) => node.children().find_map(|item| see(&Value::Node(item))),
            Value::Things(numbers, thing) => {
                let mut things = numbers.clone().map(thing);
                things.find_map(|thing| see(&Value::Thing(thing)))
            }
            Value::Facts(fact, queries) => fact.find(queries.clone(), sight, &mut see),
            Value::List(items) => items.iter().find_map(see),
            _ => None,
        }
    }
}

/// A number as people read it: what is worked out has digits that say nothing.
fn rounded(number: f64) -> f64 {
    match number.abs() {
        size if size >= 1000.0 => number.round(),
        _ => (number * 1000.0).round() / 1000.0,
    }
}

/// A text that becomes one line, no longer than messages show.
#[derive(Default)]
struct Line {
    text: String,
    letters: usize,
    full: bool,
}

impl Line {
    fn item(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.push(',');
        }
        self.add(text);
    }

    fn add(&mut self, text: &str) {
        // Most texts are one line already, and short.
        let plain = |text: &str| {
            let mut before = b' ';
            let single = text.bytes().all(|byte| {
                let twice = before == b' ' && byte == b' ';
                before = byte;
                !twice && (b' '..0x7f).contains(&byte)
            });
            single && before != b' '
        };
        if self.text.is_empty() && text.len() <= LONGEST && plain(text) {
            self.letters = text.len();
            self.text.push_str(text);
            return;
        }
        for word in text.split_whitespace() {
            if self.full {
                return;
            }
            if !self.text.is_empty() {
                self.push(' ');
            }
            word.chars()
                .take(LONGEST + 1)
                .for_each(|letter| self.push(letter));
        }
    }

    fn push(&mut self, letter: char) {
        if self.full {
            return;
        }
        self.full = self.letters == LONGEST;
        self.letters += 1;
        self.text.push(if self.full { '…' } else { letter });
    }
}
