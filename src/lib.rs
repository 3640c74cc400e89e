//! dashlint: a static linter and policy checker for Grafana dashboards, Grafana provisioning and alerting files, and
//! Prometheus rules.
//!
//! This page is the map. What happens to a file, in order:
//!
//! 1. [`source::walk`] finds files; [`source::kind`] looks at their raw bytes for telling keys. Anything without
//!    them is left alone, unparsed.
//! 2. [`syntax`] reads JSON and YAML into one arena tree. Every value knows its bytes; every decoded string knows the
//!    way back to them, through escapes, YAML quoting and block scalars, and through strings that carry other texts.
//! 3. [`model`] gives typed views over the tree: dashboards of every schema and wrapper show one face, so a rule is
//!    written once. A view is a place in the tree; an odd field costs that field and nothing else.
//! 4. [`promql`] parses queries with their template variables, every node with its bytes.
//! 5. [`project`] puts together what all files say: data sources, recorded metrics. One reduce between two passes.
//! 6. [`rules`] look at the views and report findings; [`diagnostic`] says what a finding is, its fingerprint, and what
//!    silences it. [`config`] says which rules run and how severe they are.
//!    [`policy`] are rules that users write in YAML; they run beside the native ones.
//! 7. [`mod@lint`] drives the two passes over all files in parallel and sorts what comes out: the output is the same for any number
//!    of threads.
//! 8. [`fix`] applies edits, parses the result again and refuses what breaks; [`report`] writes findings in every format;
//!    [`cli`] is the program around it.
//!
//! Knowledge that several rules share has a module of its own: [`units`], [`color`], [`cost`], [`expression`],
//! [`inventory`], [`secret`], [`template`].
//!
//! To add a rule, read `CONTRIBUTING.md`: a Rust file, a page, a line.

pub mod cli;
pub mod color;
pub mod config;
pub mod cost;
pub mod diagnostic;
pub mod expression;
pub mod fix;
pub mod inventory;
pub mod lint;
pub mod model;
pub mod policy;
pub mod project;
pub mod promql;
pub mod report;
pub mod rules;
pub mod secret;
pub mod source;
pub mod span;
mod spelling;
pub mod syntax;
pub mod template;
pub mod units;
