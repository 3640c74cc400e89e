//! What the findings of a rule can say of a file: names, as native rules do, or any value it holds.

use super::condition::Condition;
use super::field::{FieldRef, How};
use super::fields::Type;
use super::fix::{Change, New};
use super::kind::Kind;
use super::message::Template;
use super::ops::Test;
use super::parse::Check;
use crate::secret::is_secret_name;

impl Check {
    /// Whether its findings say names, titles, queries and units alone, as those of native rules: a secret of the file is none of them.
    pub(super) fn says_names_only(&self) -> bool {
        // These files hold secrets at many keys.
        if matches!(
            self.kind,
            Kind::DataSource | Kind::Provider | Kind::ContactPoint | Kind::Policy
        ) {
            return false;
        }
        let changes = self.repair.iter().flat_map(|repair| &repair.changes);
        let written = changes.filter_map(|change| match change {
            Change::Set(_, New::Text(text)) | Change::Append(_, New::Text(text)) => Some(text),
            _ => None,
        });
        let mut texts = self.help.iter().chain([&self.message]).chain(written);
        texts.all(|text| self.is_of_names(text))
    }

    fn is_of_names(&self, text: &Template) -> bool {
        let decides = [&self.required, &self.forbidden];
        let found = || decides.into_iter().flatten().all(Condition::reads_names);
        text.fields().all(FieldRef::is_name) && (!text.says_what_is_found() || found())
    }
}

impl FieldRef {
    /// Whether what it says is no value that the file may hold anywhere.
    fn is_name(&self) -> bool {
        match &self.how {
            How::Pointer(_) => false,
            How::Member(_, _, name) => !is_secret_name(name),
            // A variable's value can be a password that somebody is to type.
            How::Known(..) => !matches!(self.ty, Type::Any | Type::Map) && self.name != "query",
        }
    }
}

impl Condition {
    fn reads_names(&self) -> bool {
        match self {
            Condition::Field(field, test) => field.is_name() && test.reads_names(),
            Condition::Item(test) => test.reads_names(),
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().all(Condition::reads_names)
            }
            Condition::Not(inner) => inner.reads_names(),
        }
    }
}

impl Test {
    fn reads_names(&self) -> bool {
        match self {
            Test::Any(inner) | Test::All(inner) | Test::None(inner) => inner.reads_names(),
            Test::Not(inner) | Test::Length(inner) => inner.reads_names(),
            Test::And(tests) | Test::Or(tests) => tests.iter().all(Test::reads_names),
            _ => true,
        }
    }
}
