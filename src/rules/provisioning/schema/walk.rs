//! A value compared with a shape.

use rustc_hash::FxHashSet;

use super::accepts::words;
use super::{Accepts, Fate, Field, Shape, Unknown};
use crate::diagnostic::Severity;
use crate::model::is_expanded;
use crate::spelling::{misspelt, nearest};
use crate::syntax::{Kind, NodeRef};

/// Something that is not as the shape says.
#[derive(Debug)]
pub(crate) struct Fault<'t> {
    /// Where: a member; of a missing key the object it is missing in.
    pub(crate) node: NodeRef<'t>,
    pub(crate) severity: Severity,
    pub(crate) kind: FaultKind,
}

/// What is not as it should be.
#[derive(Debug)]
pub(crate) enum FaultKind {
    /// A key nobody reads: what becomes of it, which key is meant, and where it would be read.
    UnknownKey {
        effect: &'static str,
        near: Option<String>,
        belongs: Option<&'static str>,
    },
    /// A key that another one has taken the place of.
    OldKey {
        effect: &'static str,
        new: &'static str,
    },
    /// A key that is no longer read, and why.
    GoneKey(&'static str),
    /// What belongs there, and what happens now.
    WrongType {
        wanted: String,
        effect: &'static str,
    },
    /// What may stand there, which of it is meant, and what happens now.
    WrongValue {
        values: &'static [&'static str],
        near: Option<&'static str>,
        effect: &'static str,
    },
    /// The key that is missing, and what happens now.
    Missing {
        key: &'static str,
        effect: &'static str,
    },
    /// A key that stands in the place of one that is needed: which is meant, and what happens now.
    Misspelt {
        key: &'static str,
        effect: &'static str,
    },
    /// An empty string that is no setting, and what happens now.
    Blank(&'static str),
}

impl Fault<'_> {
    /// Whether it is a key that nobody reads and that was probably to be `key`.
    fn is_meant_for(&self, key: &str) -> bool {
        match &self.kind {
            FaultKind::UnknownKey { near, .. } => near.as_deref() == Some(key),
            _ => false,
        }
    }
}

/// An object to look at: with its shape, and the object around it with its own.
#[derive(Clone, Copy)]
struct Open<'t> {
    object: NodeRef<'t>,
    shape: &'static Shape,
    around: Option<(NodeRef<'t>, &'static Shape)>,
}

/// Everything in `root` that is not as `shape` says, in no particular order.
pub(crate) fn faults<'t>(root: NodeRef<'t>, shape: &'static Shape) -> Vec<Fault<'t>> {
    let mut found = Vec::new();
    // A YAML alias leads to the same object again.
    let mut seen = FxHashSet::default();
    let mut open = vec![Open {
        object: root,
        shape,
        around: None,
    }];
    while let Some(here) = open.pop() {
        if !seen.insert((here.object.resolve().id(), here.shape.name)) {
            continue;
        }
        look_at(here, &mut open, &mut found);
    }
    found
}

fn look_at<'t>(here: Open<'t>, open: &mut Vec<Open<'t>>, found: &mut Vec<Fault<'t>>) {
    let first = found.len();
    let mut homes = Homes::default();
    for member in here.object.members() {
        let Some(key) = member.key() else { continue };
        match here.shape.field(&key) {
            Some(field) => match field.fate {
                Fate::Read => value(member, field, here, open, found),
                Fate::Renamed(new) => found.push(Fault {
                    node: member,
                    severity: Severity::Warning,
                    kind: FaultKind::OldKey {
                        effect: passed_over(here.shape),
                        new,
                    },
                }),
                Fate::Gone(..) if member.is_null() => {}
                Fate::Gone(severity, why) => found.push(Fault {
                    node: member,
                    severity,
                    kind: FaultKind::GoneKey(why),
                }),
            },
            None => found.extend(unknown(member, &key, here, &mut homes)),
        }
    }
    for field in here.shape.fields {
        let Some(unless) = field.required else {
            continue;
        };
        let there = |key: &str| {
            let said = match key.strip_prefix("../") {
                None => here.object.get(key),
                Some(beside) => here.around.and_then(|(around, _)| {
                    let keys: Vec<&str> = beside.split('/').collect();
                    around.path(&keys)
                }),
            };
            said.is_some_and(is_said)
        };
        if !there(field.key) && !unless.iter().any(|key| there(key)) {
            // A misspelt key and the missing one are the same fault.
            let own = found.get_mut(first..).unwrap_or_default();
            if let Some(fault) = own.iter_mut().find(|fault| fault.is_meant_for(field.key)) {
                fault.severity = field.fault.0;
                fault.kind = FaultKind::Misspelt {
                    key: field.key,
                    effect: field.fault.1,
                };
                continue;
            }
            found.push(Fault {
                node: here.object,
                severity: field.fault.0,
                kind: FaultKind::Missing {
                    key: field.key,
                    effect: field.fault.1,
                },
            });
        }
    }
}

fn is_said(node: NodeRef<'_>) -> bool {
    !node.is_null() && node.as_str().is_none_or(|text| !text.is_empty())
}

fn passed_over(shape: &Shape) -> &'static str {
    match shape.unknown {
        Unknown::Told(effect) => effect,
        Unknown::Near | Unknown::Open => "nobody reads it",
    }
}

/// The objects in which a key that is unknown where it stands might be read, with their own keys: in the object itself and in the one around
/// it. They are looked for once an object, not once a key.
#[derive(Default)]
struct Homes {
    here: Option<Vec<Home>>,
    around: Option<Vec<Home>>,
}

/// A key, and the shape of what stands there.
type Home = (&'static Field, &'static Shape);

impl Homes {
    fn of(object: NodeRef<'_>, shape: &'static Shape) -> Vec<Home> {
        let read = shape.fields.iter().filter(|field| field.is_read());
        let homes = read.filter_map(|field| {
            let mut accepts = field.accepts.iter();
            Some((field, accepts.find_map(|accepts| accepts.shape(object))?))
        });
        homes.collect()
    }

    /// The key of an object in which `key` would be read.
    fn reading(homes: &[Home], key: &str) -> Option<&'static str> {
        homes.iter().find_map(|(field, below)| {
            // Of secrets in the wrong place another rule speaks.
            let known = below.field(key)?;
            (known.is_read() && !known.secret).then_some(field.key)
        })
    }
}

fn unknown<'t>(
    member: NodeRef<'t>,
    key: &str,
    here: Open<'t>,
    homes: &mut Homes,
) -> Option<Fault<'t>> {
    // `<<` merges, and `x-…` keeps what is merged.
    if key == "<<" || key.starts_with("x-") || is_expanded(key) {
        return None;
    }
    let Open {
        object,
        shape,
        around,
    } = here;
    let near = || shape.nearest(key);
    let (near, belongs) = match shape.unknown {
        Unknown::Open => return None,
        Unknown::Told(_) => {
            let own = homes.here.get_or_insert_with(|| Homes::of(object, shape));
            match Homes::reading(own, key) {
                Some(place) => (None, Some(place)),
                None => (near(), None),
            }
        }
        Unknown::Near => {
            let beside = homes.around.get_or_insert_with(|| {
                around.map_or(Vec::new(), |(object, shape)| Homes::of(object, shape))
            });
            let beside = Homes::reading(beside, key);
            let near = near();
            if beside.is_none() && near.is_none() {
                return None;
            }
            (near.filter(|_| beside.is_none()), beside)
        }
    };
    Some(Fault {
        node: member,
        severity: Severity::Warning,
        kind: FaultKind::UnknownKey {
            effect: passed_over(shape),
            near,
            belongs,
        },
    })
}

/// A value to look at: where it stands, and what may stand there.
struct Value<'t> {
    node: NodeRef<'t>,
    accepts: &'static [Accepts],
}

fn value<'t>(
    member: NodeRef<'t>,
    field: &'static Field,
    here: Open<'t>,
    open: &mut Vec<Open<'t>>,
    found: &mut Vec<Fault<'t>>,
) {
    let mut values = vec![Value {
        node: member,
        accepts: field.accepts,
    }];
    while let Some(Value { node, accepts }) = values.pop() {
        if node.is_null() {
            continue;
        }
        let Some(accepted) = accepts.iter().find(|accepts| accepts.fits(node)) else {
            found.push(Fault {
                node,
                severity: field.fault.0,
                kind: FaultKind::WrongType {
                    wanted: words(accepts),
                    effect: field.fault.1,
                },
            });
            continue;
        };
        match accepted {
            Accepts::ListOf(accepts) | Accepts::MapOf(accepts) => {
                values.extend(node.children().map(|node| Value { node, accepts }));
            }
            accepted => {
                if let Some(shape) = accepted.shape(here.object) {
                    open.push(Open {
                        object: node,
                        shape,
                        around: (node == member).then_some((here.object, here.shape)),
                    });
                } else if node.kind() != Kind::Object {
                    found.extend(wrong_value(node, field));
                }
            }
        }
    }
}

fn wrong_value<'t>(node: NodeRef<'t>, field: &'static Field) -> Option<Fault<'t>> {
    let text = node.as_text()?.value;
    if text.is_empty() {
        return field.blank.map(|effect| Fault {
            node,
            severity: Severity::Info,
            kind: FaultKind::Blank(effect),
        });
    }
    let (severity, effect) = field.otherwise?;
    let fits = |value: &&str| match field.folded {
        true => value.eq_ignore_ascii_case(&text),
        false => **value == text,
    };
    if field.values.iter().any(&fits) || is_expanded(&text) {
        return None;
    }
    let written = text.trim_end_matches([',', ';', ' ']);
    let values = field.values.iter().copied();
    let near = match field.typos {
        true => misspelt(written, values),
        false => nearest(written, values),
    };
    if field.typos && near.is_none() {
        return None;
    }
    Some(Fault {
        node,
        severity,
        kind: FaultKind::WrongValue {
            values: field.values,
            near,
            effect,
        },
    })
}
