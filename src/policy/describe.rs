//! What policies see of a document, as JSON: what `dashlint inspect --format json` gives to OPA, jq and other programs.

use serde_json::{Map, Value as Json, json};

use super::fields::{self, Field, Scope, read};
use super::kind::Kind;
use super::report::subjects;
use super::sight::{Cache, Sight};
use super::value::{Spot, Subject, Value};
use crate::config::Settings;
use crate::model::{Document, DocumentInfo, ParsedFile};
use crate::project::{Project, Reach};
use crate::syntax::{Kind as NodeKind, NodeRef};

/// How deep values of the document are shown.
const DEEPEST: usize = 32;
/// How many of them, so that aliases of aliases end somewhere.
const MOST: usize = 500_000;

/// The things of a document, each with its fields, by kind.
pub(crate) fn describe(
    file: &ParsedFile,
    info: &DocumentInfo,
    document: &Document<'_>,
    project: &Project,
    reach: &Reach<'_>,
    settings: &Settings,
) -> Json {
    let cache = Cache::default();
    let sight = Sight {
        file,
        info,
        document,
        project,
        reach,
        settings,
        cache: &cache,
    };
    let mut teller = Teller {
        sight: &sight,
        budget: MOST,
    };
    let mut things = Map::new();
    for kind in Kind::CHOSEN {
        // A dashboard tells of its parts itself; a library panel is a panel without one.
        let part = matches!(
            kind,
            Kind::Row | Kind::Panel | Kind::Query | Kind::Variable | Kind::Annotation
        );
        if part && (things.contains_key("dashboards") || kind == Kind::Query) {
            continue;
        }
        let all = subjects(kind, &sight);
        if !all.is_empty() {
            let list = all.into_iter().map(|subject| teller.thing(kind, subject));
            things.insert(kind.plural(), list.collect());
        }
    }
    Json::Object(things)
}

struct Teller<'s, 'v, 't> {
    sight: &'s Sight<'v, 't>,
    budget: usize,
}

impl<'v, 't> Teller<'_, 'v, 't> {
    fn thing(&mut self, kind: Kind, subject: Subject<'v, 't>) -> Json {
        let mut object = Map::new();
        if let Some(node) = self.sight.node(subject) {
            let span = match self.sight.head(subject) {
                Spot::Query(query, span) => query.text_node.tree().file_span(query.source(span)),
                _ => node.file_span(),
            };
            let at = self.sight.file.source.position(span.start);
            object.insert("pointer".to_owned(), Json::from(node.pointer()));
            object.insert("line".to_owned(), Json::from(at.line));
            object.insert("column".to_owned(), Json::from(at.column));
        }
        for field in own_fields(kind) {
            let value = read(field.read, subject, self.sight);
            if let Some(value) = self.value(kind, field, value) {
                object.insert(field.name.to_owned(), value);
            }
        }
        Json::Object(object)
    }

    fn value(&mut self, kind: Kind, field: &Field, value: Value<'v, 't>) -> Option<Json> {
        // The queries of a dashboard stand with what holds them.
        if (kind, field.name) == (Kind::Dashboard, "queries") {
            return None;
        }
        Some(match value {
            Value::Missing => return None,
            Value::Node(node) => self.node(node, 0),
            Value::Thing(_) => return None,
            Value::List(_) | Value::Things(..) | Value::Facts(..) => {
                let things = match field.ty {
                    fields::Type::Things(kind) => kind,
                    _ => Kind::Value,
                };
                let mut list = Vec::new();
                value.each(self.sight, |item| {
                    list.extend(match item {
                        Value::Thing(subject) => Some(self.thing(things, *subject)),
                        item => scalar(item),
                    });
                    None::<()>
                });
                Json::Array(list)
            }
            value => scalar(&value)?,
        })
    }

    fn node(&mut self, node: NodeRef<'_>, depth: usize) -> Json {
        if depth > DEEPEST || self.budget == 0 {
            return Json::Null;
        }
        self.budget -= 1;
        match node.kind() {
            NodeKind::Object => {
                let members = node.members();
                let members = members.map(|member| {
                    let key = member.key().unwrap_or_default().into_owned();
                    (key, self.node(member, depth + 1))
                });
                Json::Object(members.collect())
            }
            NodeKind::Array => node
                .items()
                .map(|item| self.node(item, depth + 1))
                .collect(),
            NodeKind::Bool => json!(node.as_bool()),
            NodeKind::Number => match node.as_i64() {
                Some(whole) => Json::from(whole),
                None => json!(node.as_f64()),
            },
            NodeKind::String => json!(node.as_str()),
            NodeKind::Null | NodeKind::Alias => Json::Null,
        }
    }
}

/// The fields that say something of the thing itself, each once.
fn own_fields(kind: Kind) -> impl Iterator<Item = &'static Field> {
    let tables = fields::tables(kind).into_iter();
    let own = tables.filter(|table| table.scope == Scope::Own);
    own.flat_map(|table| table.fields)
        .filter(|field| !field.doc.starts_with("the same"))
}

fn scalar(value: &Value<'_, '_>) -> Option<Json> {
    Some(match value {
        Value::Flag(flag, _) => Json::from(*flag),
        Value::Number(number, _) if number.fract() == 0.0 && number.abs() < 9.0e15 => {
            Json::from(*number as i64)
        }
        Value::Number(number, _) => json!(number),
        value => Json::from(value.text()?),
    })
}
