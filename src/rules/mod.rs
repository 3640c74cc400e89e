//! Rules: what each is called, how bad it is, and what it looks at.

use crate::diagnostic::{Group, Safety, Severity};

/// One rule: its words, its options and its check.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case, names the bad pattern: "allow `rate-on-gauge`" reads well.
    pub id: &'static str,
    /// What it is about.
    pub group: Group,
    /// The severity of its findings unless configured otherwise; a check may lower a finding's, never raise it.
    pub severity: Severity,
    /// A few words, lower case, no full stop.
    pub summary: &'static str,
    /// The version it came with.
    pub since: &'static str,
    /// The safety of the fix it offers (the best one), if any.
    pub fix: Option<Safety>,
    /// What users may set.
    pub options: &'static [OptionSpec],
    /// Its page in Markdown, from `rules/<group>/<id>.md`.
    pub page: &'static str,
    /// What it looks at.
    pub check: Check,
}

/// One option of a rule.
#[derive(Debug)]
pub struct OptionSpec {
    /// Its key in `[rules] id = { … }`.
    pub name: &'static str,
    /// Its default, which says its type too.
    pub default: OptionDefault,
    /// One sentence.
    pub doc: &'static str,
}

/// An option's type and default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OptionDefault {
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A string.
    Str(&'static str),
    /// A list of strings.
    List(&'static [&'static str]),
}

/// What a rule looks at, and how.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// Nothing of its own: the parser, the model or an analysis that owns several rules emits its findings.
    Emitted,
}

/// Every native rule, by group and id.
pub static RULES: &[&Rule] = &[];

/// The rule called `id`.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}
