//! Texts with placeholders: `dashboard {title} has no team`.

use super::compile::Compiler;
use super::condition::unknown;
use super::field::FieldRef;
use super::kind::Kind;
use super::sight::Sight;
use super::value::Subject;
use crate::span::Span;
use crate::syntax::NodeRef;

/// The placeholder of what was found.
pub(super) const FOUND: &str = "value";

/// A text with placeholders.
#[derive(Debug, Clone, Default)]
pub(super) struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
enum Part {
    Plain(String),
    Field(FieldRef),
    /// What was found.
    Found,
}

impl Compiler<'_> {
    /// The text of a node. `{name}` stands for a field; `{{…}}`, as templates of alerts and legends have it, for itself.
    pub(super) fn template(
        &mut self,
        node: NodeRef<'_>,
        name: &str,
        kind: Kind,
    ) -> Option<Template> {
        let text = self.text(node, name)?;
        let mut template = Template::default();
        let mut rest = 0;
        for (span, name) in placeholders(&text) {
            template.plain(&text[rest..span.start as usize]);
            rest = span.end as usize;
            if name == FOUND {
                template.parts.push(Part::Found);
            } else if let Some(field) = FieldRef::find(kind, name) {
                template.parts.push(Part::Field(field));
            } else {
                let place = node.as_text().map_or(node.span(), |text| text.source(span));
                let (message, help) = unknown(kind, name);
                self.fault_at(place, message, help);
            }
        }
        template.plain(&text[rest..]);
        Some(template)
    }
}

impl Template {
    fn plain(&mut self, text: &str) {
        if !text.is_empty() {
            self.parts.push(Part::Plain(text.to_owned()));
        }
    }

    /// Whether it has no placeholder.
    pub(super) fn is_plain(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Plain(_)))
    }

    /// About how many bytes a text of it has.
    fn length(&self) -> usize {
        let length = |part: &Part| match part {
            Part::Plain(plain) => plain.len(),
            Part::Found | Part::Field(_) => 32,
        };
        self.parts.iter().map(length).sum()
    }

    /// The fields it names.
    pub(super) fn fields(&self) -> impl Iterator<Item = &FieldRef> {
        self.parts.iter().filter_map(|part| match part {
            Part::Field(field) => Some(field),
            _ => None,
        })
    }

    /// Whether it says what was found.
    pub(super) fn says_what_is_found(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Found))
    }

    /// The text for `subject` as it goes into a file: whole, and only where everything in it is there.
    pub(super) fn write<'v, 't>(
        &self,
        subject: Subject<'v, 't>,
        sight: &Sight<'v, 't>,
    ) -> Option<String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Plain(plain) => text.push_str(plain),
                Part::Found => return None,
                Part::Field(field) => {
                    let value = field.read(subject, sight);
                    text.push_str(&value.text().filter(|text| !text.is_empty())?);
                }
            }
        }
        Some(text)
    }

    /// The text for `subject`. What is not there is named: `(no title)`.
    pub(super) fn fill<'v, 't>(
        &self,
        subject: Subject<'v, 't>,
        sight: &Sight<'v, 't>,
        found: Option<&str>,
    ) -> String {
        let mut text = String::with_capacity(self.length());
        for part in &self.parts {
            match part {
                Part::Plain(plain) => text.push_str(plain),
                Part::Found => text.push_str(found.unwrap_or("nothing")),
                Part::Field(field) => match field.read(subject, sight).shown(sight) {
                    Some(value) if !value.is_empty() => text.push_str(&value),
                    _ => text.push_str(&format!("(no {})", field.name)),
                },
            }
        }
        text
    }
}

/// The placeholders of a text: their bytes and names.
fn placeholders(text: &str) -> Vec<(Span, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|open| at + open) {
        let rest = &text[open + 1..];
        if rest.starts_with('{') {
            at = match rest.find("}}") {
                Some(close) => open + 1 + close + 2,
                None => text.len(),
            };
            continue;
        }
        at = open + 1;
        let Some((name, _)) = rest.split_once('}') else {
            break;
        };
        let first = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '/');
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./~".contains(letter);
        if first && name.chars().all(plain) {
            at = open + name.len() + 2;
            found.push((Span::new(open, at), name));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn templates_of_others_stay_as_they_are() {
        let names = |text| -> Vec<&str> {
            placeholders(text)
                .into_iter()
                .map(|(_, name)| name)
                .collect()
        };
        assert_eq!(
            names("a {title} b {labels.team} {/options/x}"),
            ["title", "labels.team", "/options/x"]
        );
        assert_eq!(names("{{ $labels.job }} {{instance}} {title}"), ["title"]);
        assert_eq!(names("up{job=\"x\"} {Title} {} { title } {title"), [""; 0]);
        assert_eq!(names("{{ open {title}"), [""; 0]);
    }
}
