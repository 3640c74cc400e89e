//! `dashlint config show`: what counts, and who said so.

use std::fmt::Write;

use super::settings::Settings;
use crate::rules::OptionValue;

/// The effective configuration as TOML, each line with its origin in a comment.
pub fn show(settings: &Settings) -> String {
    let mut text = String::new();
    for parts in &settings.chain {
        let _ = writeln!(text, "# from {}", parts.source.path);
    }
    for (name, version) in [
        ("grafana", settings.grafana),
        ("prometheus", settings.prometheus),
    ] {
        match version {
            Some(version) => {
                let _ = writeln!(text, "{name} = \"{version}\"");
            }
            None => {
                let _ = writeln!(text, "# {name}: the newest known");
            }
        }
    }
    text.push_str("\n[rules]\n");
    let levels = settings.for_file("");
    for (at, rule) in settings.catalogue.rules().iter().enumerate() {
        let level = levels.at(at).map_or("off", |severity| severity.name());
        let configured =
            settings.origins[at].map_or("its own", |origin| &settings.chain[origin].source.path);
        let mut options = Vec::new();
        for spec in rule.options {
            if let Some((value, _)) = settings.options.get(&(at, spec.name)) {
                options.push(format!("{} = {}", spec.name, literal(value)));
            }
        }
        let _ = if options.is_empty() {
            writeln!(text, "{} = \"{level}\"  # {configured}", rule.id)
        } else {
            let options = options.join(", ");
            writeln!(
                text,
                "{} = {{ severity = \"{level}\", {options} }}  # {configured}",
                rule.id
            )
        };
    }
    text
}

fn literal(value: &OptionValue) -> String {
    let value: toml_edit::Value = match value {
        OptionValue::Bool(value) => (*value).into(),
        OptionValue::Int(value) => (*value).into(),
        OptionValue::Float(value) => (*value).into(),
        OptionValue::Str(value) => value.as_str().into(),
        OptionValue::List(values) => values.iter().map(String::as_str).collect(),
    };
    value.to_string().trim().to_owned()
}
