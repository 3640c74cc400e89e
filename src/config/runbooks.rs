//! `[runbooks]`: what is asked of links to runbooks.

use std::fmt;
use std::str::FromStr;

/// What is asked of links to runbooks.
#[derive(Debug, Clone)]
pub struct Runbooks {
    /// Values of the label `severity` whose alerts need one.
    pub required: Vec<String>,
    /// What every link must look like.
    pub pattern: Option<RunbookPattern>,
    /// Panels need one too.
    pub panels: bool,
    /// Hosts of short links that are fine.
    pub short_links: Vec<String>,
    /// The only hosts links may lead to; none: any.
    pub allow_hosts: Vec<String>,
}

impl Default for Runbooks {
    fn default() -> Self {
        Runbooks {
            required: vec!["critical".to_owned(), "page".to_owned()],
            pattern: None,
            panels: false,
            short_links: Vec::new(),
            allow_hosts: Vec::new(),
        }
    }
}

/// The form of a project's links: `https://runbooks.acme/{group}/{alertname:kebab}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunbookPattern {
    written: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// `*`: anything but white space, even nothing.
    Any,
    Name(Of, Case),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Alert,
    Group,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    AsWritten,
    Lower,
    Kebab,
}

impl FromStr for RunbookPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '*']) {
            let (before, after) = rest.split_at(at);
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            if let Some(after) = after.strip_prefix('*') {
                parts.push(Part::Any);
                rest = after;
                continue;
            }
            let Some((name, after)) = after[1..].split_once('}') else {
                return Err("a `{` is not closed".to_owned());
            };
            parts.push(placeholder(name)?);
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        if parts.is_empty() {
            return Err("an empty pattern matches no link".to_owned());
        }
        Ok(RunbookPattern {
            written: text.to_owned(),
            parts,
        })
    }
}

fn placeholder(name: &str) -> Result<Part, String> {
    let (of, case) = name.split_once(':').unwrap_or((name, ""));
    let of = match of {
        "alertname" => Of::Alert,
        "group" => Of::Group,
        _ => {
            return Err(format!(
                "`{{{name}}}` is neither `{{alertname}}` nor `{{group}}`"
            ));
        }
    };
    let case = match case {
        "" => Case::AsWritten,
        "lower" => Case::Lower,
        "kebab" => Case::Kebab,
        _ => return Err(format!("`:{case}` is neither `:lower` nor `:kebab`")),
    };
    Ok(Part::Name(of, case))
}

impl fmt::Display for RunbookPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl RunbookPattern {
    /// The link of an alert, where the pattern leaves nothing open.
    pub fn link(&self, alert: &str, group: &str) -> Option<String> {
        let mut link = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => link.push_str(text),
                Part::Any => return None,
                Part::Name(of, case) => link.push_str(&case.of(of.name(alert, group))),
            }
        }
        Some(link)
    }

    /// Whether a link of an alert has this form.
    pub fn matches(&self, link: &str, alert: &str, group: &str) -> bool {
        let mut pieces: Vec<String> = vec![String::new()];
        for part in &self.parts {
            let text = match part {
                Part::Any => {
                    pieces.push(String::new());
                    continue;
                }
                Part::Text(text) => text.clone(),
                Part::Name(of, case) => case.of(of.name(alert, group)),
            };
            if let Some(last) = pieces.last_mut() {
                last.push_str(&text);
            }
        }
        let [first, between @ .., last] = pieces.as_slice() else {
            return pieces.first().is_some_and(|only| only == link);
        };
        // Each piece as early as it can be, the last one at the end.
        let Some(mut rest) = link.strip_prefix(first.as_str()) else {
            return false;
        };
        for piece in between {
            match rest.find(piece.as_str()) {
                Some(at) => rest = &rest[at + piece.len()..],
                None => return false,
            }
        }
        rest.ends_with(last.as_str()) && !link.contains(char::is_whitespace)
    }
}

impl Of {
    fn name<'n>(self, alert: &'n str, group: &'n str) -> &'n str {
        match self {
            Of::Alert => alert,
            Of::Group => group,
        }
    }
}

impl Case {
    fn of(self, name: &str) -> String {
        match self {
            Case::AsWritten => name.to_owned(),
            Case::Lower => name.to_lowercase(),
            Case::Kebab => kebab(name),
        }
    }
}

/// `KubePodNotReady`, `kube pod_not ready` → `kube-pod-not-ready`; `APIDown` → `api-down`.
fn kebab(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            if !out.ends_with('-') && !out.is_empty() {
                out.push('-');
            }
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied();
        let after = chars.get(at + 1).copied();
        let starts = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || (before.is_uppercase() && after.is_some_and(char::is_lowercase))
            });
        if starts && !out.ends_with('-') {
            out.push('-');
        }
        out.extend(c.to_lowercase());
    }
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> RunbookPattern {
        text.parse().expect("a pattern")
    }

    #[test]
    fn a_pattern_gives_the_link_of_an_alert() {
        for (text, link) in [
            ("https://r.acme/{alertname}", Some("https://r.acme/APIDown")),
            (
                "https://r.acme/{group}/{alertname:kebab}",
                Some("https://r.acme/web/api-down"),
            ),
            (
                "https://r.acme/{alertname:lower}.md",
                Some("https://r.acme/apidown.md"),
            ),
            ("https://r.acme/*/{alertname}", None),
        ] {
            assert_eq!(
                pattern(text).link("APIDown", "web").as_deref(),
                link,
                "{text}"
            );
        }
        assert_eq!(kebab("KubePod_NotReady 2x"), "kube-pod-not-ready-2x");
    }

    #[test]
    fn a_link_matches_or_not() {
        let stars = pattern("https://*.acme/*/{alertname}");
        for (link, fits) in [
            ("https://r.acme/web/Down", true),
            ("https://r.acme/web/x/Down", true),
            ("https://r.acme/web/Up", false),
            ("http://r.acme/web/Down", false),
            ("https://r.acme/a b/Down", false),
        ] {
            assert_eq!(stars.matches(link, "Down", "g"), fits, "{link}");
        }
        assert!(pattern("https://r/{alertname}").matches("https://r/A", "A", ""));
        assert!(!pattern("https://r/{alertname}").matches("https://r/A#x", "A", ""));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in [
            "",
            "https://r/{name}",
            "https://r/{alertname:upper}",
            "https://r/{alert",
        ] {
            assert!(text.parse::<RunbookPattern>().is_err(), "{text}");
        }
    }
}
