//! What can be read and makes no sense: conditions that always hold, or never.

use super::compile::Compiler;
use super::ops::{Limit, Scalar, Test};
use crate::syntax::{Kind as NodeKind, NodeRef};

impl Compiler<'_> {
    /// Tells of a mapping with nothing in it: it would hold of everything. `name`: of what it asks.
    pub(super) fn asks_something(&mut self, node: NodeRef<'_>, name: &str) {
        if node.members().next().is_none() {
            let message = format!("nothing is asked of {name}: whatever it is would do");
            self.fault(node, message, "say what must be so, such as `exists: true`");
        }
    }

    /// Refuses what is no list, and a list of nothing.
    pub(super) fn list(&mut self, node: NodeRef<'_>, word: &str, of: &str) -> Option<()> {
        let (message, help) = if node.kind() != NodeKind::Array {
            let message = format!("`{word}` takes a list, not {}", node.kind().noun());
            (message, format!("a list of {of}, in brackets"))
        } else if node.items().next().is_none() {
            let holds = match word {
                "and" => "always holds",
                _ => "never holds",
            };
            let message = format!("the list is empty: `{word}` of no {of} {holds}");
            (message, format!("name the {of}, or leave `{word}` out"))
        } else {
            return Some(());
        };
        self.fault(node, message, help);
        None
    }

    /// Tells of bounds side by side with nothing between them.
    pub(super) fn bounds_leave_room(&mut self, node: NodeRef<'_>, tests: &[Test]) {
        let bound = |limit: fn(&Test) -> Option<Limit>| tests.iter().find_map(limit);
        let least = bound(|test| match test {
            Test::Min(limit) => Some(*limit),
            _ => None,
        });
        let most = bound(|test| match test {
            Test::Max(limit) => Some(*limit),
            _ => None,
        });
        let (Some(least), Some(most)) = (least, most) else {
            return;
        };
        let (Some(min), Some(max)) = (node.get("min"), node.get("max")) else {
            return;
        };
        if least.value > most.value {
            let (min, max) = (min.raw(), max.raw());
            let message = format!("nothing is at least {min} and at most {max}");
            self.fault_at_key(
                node.get("min").unwrap_or(node),
                message,
                "`min` is the smaller one; for what is outside write `not`",
            );
        }
    }

    /// Tells of a length that nothing has, or everything.
    pub(super) fn counts(&mut self, node: NodeRef<'_>, test: &Test) {
        let what = match test {
            Test::Equals(Scalar::Number(number)) if *number < 0.0 || number.fract() != 0.0 => {
                "nothing has this length"
            }
            Test::Max(limit) if limit.value < 0.0 => "nothing is as short as this",
            Test::Min(limit) if limit.value <= 0.0 => "everything is as long as this",
            Test::And(tests) => {
                return tests.iter().for_each(|test| self.counts(node, test));
            }
            _ => return,
        };
        self.fault(node, what, "a length is a whole number from 0 on");
    }
}
