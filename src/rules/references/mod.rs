//! References: what one file says of things that stand in others.

pub(crate) mod provider_without_dashboards;
pub(crate) mod recorded_in_another_group;
pub(crate) mod removed_in_use;
pub(crate) mod unknown_contact_point;
pub(crate) mod unknown_data_source;
pub(crate) mod unknown_folder;
pub(crate) mod unknown_library_panel;
pub(crate) mod unknown_mute_timing;
pub(crate) mod unknown_notification_template;
pub(crate) mod unrecorded_metric;

use std::borrow::Cow;

use crate::diagnostic::{Severity, TrailStep};
use crate::project::Missing;
use crate::rules::{Context, Place};
use crate::span::Span;
use crate::spelling::nearest;
use crate::syntax::NodeRef;

/// How many names are shown that could have been meant.
const SHOWN: usize = 6;

/// A reference that leads nowhere.
struct Dangling<'t> {
    /// Where the name stands.
    node: NodeRef<'t>,
    /// Its part of the text there, if it is not all of it.
    part: Option<Span>,
    name: Cow<'t, str>,
    missing: Missing,
    /// What goes wrong.
    message: String,
    /// What to do, where there is more to say than what would have been found.
    help: Option<String>,
    /// The way to it below the document.
    steps: Vec<TrailStep>,
}

impl<'t> Dangling<'t> {
    /// A name that nothing has; `message` is what goes wrong.
    fn new(
        node: NodeRef<'t>,
        name: Cow<'t, str>,
        missing: Missing,
        message: impl Into<String>,
    ) -> Self {
        Dangling {
            node,
            part: None,
            name,
            missing,
            message: message.into(),
            help: None,
            steps: Vec::new(),
        }
    }

    /// It is a part of the text.
    fn within(self, part: Span) -> Self {
        let part = Some(part);
        Dangling { part, ..self }
    }

    fn place(&self) -> Place<'t, 't> {
        match self.part {
            Some(part) => Place::text(self.node, part),
            None => Place::value(self.node),
        }
    }

    /// The way to it below the document.
    fn at(self, steps: Vec<TrailStep>) -> Self {
        Dangling { steps, ..self }
    }
}

/// Reports each name once a document, with the other places. `known` are the names that would have been found.
fn report<'t>(cx: &mut Context<'_, 't>, mut dangling: Vec<Dangling<'t>>, known: &[&str]) {
    dangling.sort_by(|a, b| a.name.cmp(&b.name));
    for one in dangling {
        let mut finding = cx
            .report(one.place(), one.message)
            .help(one.help.unwrap_or_else(|| help(&one.name, known)))
            .together_by(&*one.name, "named here, too");
        if !one.steps.is_empty() {
            finding = finding.at(one.steps);
        }
        if one.missing == Missing::Possibly {
            let _ = finding.lower(Severity::Info);
        }
    }
}

/// What to write instead.
fn help(name: &str, known: &[&str]) -> String {
    if let Some(near) = nearest(name, known.iter().copied()) {
        return format!("did you mean \"{near}\"?");
    }
    let mut shown: Vec<String> = known
        .iter()
        .take(SHOWN)
        .map(|name| format!("\"{name}\""))
        .collect();
    if known.len() > SHOWN {
        shown.push("…".to_owned());
    }
    format!("there is {}", shown.join(", "))
}

/// How things are found that are found by their names.
const CALLED: &str = "is called";

/// "Nothing of this Grafana is called so", as certain as it is.
fn nothing(what: &str, is_called: &str, name: &str, missing: Missing) -> String {
    let whose = match missing {
        Missing::Certainly => "that this Grafana is given",
        Missing::Possibly => "of the project",
    };
    format!("no {what} {whose} {is_called} \"{name}\"")
}

/// What comes of it that Grafana refuses `what` of its provisioning files.
fn refused(what: &str, missing: Missing) -> String {
    match missing {
        Missing::Certainly => format!("Grafana refuses {what}, and does not start"),
        Missing::Possibly => format!("Grafana refuses {what}"),
    }
}
