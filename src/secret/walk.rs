//! The values of a tree that are secrets, by the keys they stand at or below.

use rustc_hash::{FxHashMap, FxHashSet};

use super::name::{SECTIONS, is_about, is_secret_name};
use crate::syntax::{Kind, NodeRef};

/// A scalar that holds a secret.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held<'t> {
    /// The scalar; where an alias stands, what it leads to.
    pub(crate) node: NodeRef<'t>,
    /// The member it stands at or below, which names it.
    pub(crate) member: NodeRef<'t>,
}

/// What a key says of what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    /// All of it is secret, whatever its own keys are called.
    Section,
    Secret,
    /// It is about a secret, not one.
    About,
    Nothing,
}

/// The member around a value that makes it a secret.
#[derive(Debug, Clone, Copy)]
struct Holder<'t> {
    member: NodeRef<'t>,
    section: bool,
}

/// The scalars at and below `root` that hold secrets; `root`'s own key counts too.
pub(crate) fn held(root: NodeRef<'_>) -> Vec<Held<'_>> {
    Walk::default().from(root, |_| false)
}

/// A walk that remembers what each key says.
#[derive(Debug, Default)]
pub(super) struct Walk {
    keys: FxHashMap<String, Says>,
}

impl Walk {
    /// [`held`], without the strings that `carries` takes for itself.
    pub(super) fn from<'t>(
        &mut self,
        root: NodeRef<'t>,
        mut carries: impl FnMut(NodeRef<'t>) -> bool,
    ) -> Vec<Held<'t>> {
        let mut found = Vec::new();
        // What aliases lead to, and whether it was secret there.
        let mut seen = FxHashSet::default();
        let mut open = vec![(root, self.holder(root, None))];
        while let Some((node, holder)) = open.pop() {
            if node.is_alias() && !seen.insert((node.resolve().id(), holder.is_some())) {
                continue;
            }
            match node.kind() {
                Kind::Object => {
                    let pair = Pair::of(node);
                    for child in node.members() {
                        let below = match pair.is_secret(child) {
                            true => Some(Holder {
                                member: child,
                                section: true,
                            }),
                            false => self.holder(child, holder),
                        };
                        open.push((child, below));
                    }
                }
                Kind::Array => open.extend(node.items().map(|item| (item, holder))),
                Kind::String if carries(node) => {}
                Kind::String | Kind::Number => found.extend(holder.map(|holder| Held {
                    node: node.resolve(),
                    member: match node.key_span() {
                        Some(_) => node,
                        None => holder.member,
                    },
                })),
                _ => {}
            }
        }
        found.sort_by_key(|held| (held.node.span().start, held.member.span().start));
        found.dedup_by_key(|held| held.node.id());
        found
    }

    fn holder<'t>(&mut self, node: NodeRef<'t>, around: Option<Holder<'t>>) -> Option<Holder<'t>> {
        let said = |section| {
            Some(Holder {
                member: node,
                section,
            })
        };
        match self.says(node) {
            Says::Section => said(true),
            Says::Secret => said(false),
            Says::About => around.filter(|around| around.section),
            Says::Nothing => around.map(|around| Holder {
                section: false,
                ..around
            }),
        }
    }

    fn says(&mut self, node: NodeRef<'_>) -> Says {
        let Some(key) = node.key() else {
            return Says::Nothing;
        };
        if let Some(says) = self.keys.get(key.as_ref()) {
            return *says;
        }
        let says = if SECTIONS.contains(&key.as_ref()) {
            Says::Section
        } else if is_secret_name(&key) {
            Says::Secret
        } else if is_about(&key) {
            Says::About
        } else {
            Says::Nothing
        };
        self.keys.insert(key.into_owned(), says);
        says
    }
}

/// What the keys of an object say together.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    /// A variable, as containers of Kubernetes are given them: `{name: GF_SMTP_PASSWORD, value: …}`.
    named: bool,
    /// A Secret of Kubernetes, with what it holds in `data`.
    kubernetes: bool,
}

impl Pair {
    fn of(object: NodeRef<'_>) -> Self {
        let mut pair = Pair::default();
        for member in object.members() {
            match member.key().as_deref() {
                Some("name") => {
                    pair.named = member.as_str().is_some_and(|name| is_secret_name(&name));
                }
                Some("kind") => pair.kubernetes = member.as_str().as_deref() == Some("Secret"),
                _ => {}
            }
        }
        pair
    }

    fn is_secret(self, member: NodeRef<'_>) -> bool {
        match member.key().as_deref() {
            Some("value") => self.named,
            Some("data") => self.kubernetes,
            _ => false,
        }
    }
}
