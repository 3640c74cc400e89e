//! The headings of a Markdown document, as fragments of links name them.

use rustc_hash::{FxHashMap, FxHashSet};

/// The anchors of a document.
#[derive(Debug, Default)]
pub(crate) struct Headings {
    anchors: Vec<String>,
    known: FxHashSet<String>,
}

impl Headings {
    /// Headings of both kinds, and anchors written as HTML or `{#name}`.
    pub(crate) fn of(text: &str) -> Self {
        let mut headings = Headings::default();
        let mut counts: FxHashMap<String, usize> = FxHashMap::default();
        let mut fence: Option<&str> = None;
        let mut previous = "";
        for line in text.lines() {
            let bare = line.trim_start();
            if let Some(mark) = ["```", "~~~"]
                .into_iter()
                .find(|mark| bare.starts_with(mark))
            {
                match fence {
                    Some(open) if open == mark => fence = None,
                    None => fence = Some(mark),
                    _ => {}
                }
                continue;
            }
            if fence.is_some() {
                continue;
            }
            for part in bare.split(['<', ' ']) {
                for key in ["id=", "name="] {
                    let name = part.strip_prefix(key).and_then(|value| {
                        value
                            .trim_start_matches(['"', '\''])
                            .split(['"', '\'', '>', '/'])
                            .next()
                    });
                    headings.extend(name);
                }
            }
            let level = bare.chars().take_while(|c| *c == '#').count();
            let underline = !bare.is_empty()
                && (bare.chars().all(|c| c == '=')
                    || (bare.len() > 1 && bare.chars().all(|c| c == '-')));
            let title = match level {
                1..=6 if bare[level..].starts_with([' ', '\t']) => {
                    Some(bare[level..].trim().trim_end_matches('#').trim_end())
                }
                _ if underline && !previous.trim().is_empty() => Some(previous.trim()),
                _ => None,
            };
            if let Some(title) = title {
                let (title, own) = match title
                    .strip_suffix('}')
                    .and_then(|title| title.rsplit_once("{#"))
                {
                    Some((title, own)) => (title.trim_end(), Some(own)),
                    None => (title, None),
                };
                headings.extend(own);
                let slug = slug(title);
                let count = counts.entry(slug.clone()).or_insert(0);
                let anchor = match *count {
                    0 => slug,
                    count => format!("{slug}-{count}"),
                };
                *count += 1;
                headings.extend(Some(anchor.as_str()));
            }
            previous = line;
        }
        headings
    }

    fn extend(&mut self, anchor: Option<&str>) {
        let Some(anchor) = anchor.filter(|anchor| !anchor.is_empty()) else {
            return;
        };
        let anchor = anchor.to_lowercase();
        if self.known.insert(anchor.clone()) {
            self.anchors.push(anchor);
        }
    }

    /// Whether a fragment leads to a place in the document; lines (`#L12`) always do.
    pub(crate) fn has(&self, fragment: &str) -> bool {
        let line = fragment.strip_prefix('L').unwrap_or("");
        let decoded = fragment.replace("%20", "-").to_lowercase();
        let plain = decoded.strip_prefix("user-content-").unwrap_or(&decoded);
        line.starts_with(|c: char| c.is_ascii_digit())
            || plain.is_empty()
            || self.known.contains(plain)
    }

    /// The anchor that a fragment probably meant.
    pub(crate) fn near(&self, fragment: &str) -> Option<&str> {
        let lower = fragment.to_lowercase();
        self.anchors
            .iter()
            .map(|anchor| {
                (
                    strsim::normalized_damerau_levenshtein(&lower, anchor),
                    anchor,
                )
            })
            .filter(|(likeness, _)| *likeness > 0.6)
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, anchor)| anchor.as_str())
    }
}

/// The anchor of a heading as GitHub and GitLab make it: lower case, without punctuation, with `-` for spaces (github-slugger).
fn slug(title: &str) -> String {
    // Of a link only its text is shown.
    let mut shown = String::new();
    let mut rest = title;
    while let Some((before, after)) = rest.split_once("](") {
        shown.push_str(before);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    shown.push_str(rest);
    shown
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            c if c.is_alphanumeric() => Some(c),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_the_rendered_page() {
        let text = "# API: is it down?\n\n## First `steps`\n## First steps\nLast\n----\n```\n# no heading\n```\n\
                    <a name=\"old\"></a>\n### [Disk](x.md) full {#disk}\n";
        let headings = Headings::of(text);
        for anchor in [
            "api-is-it-down",
            "first-steps",
            "first-steps-1",
            "last",
            "old",
            "disk",
            "disk-full",
            "L12",
            "API-is-it-down",
        ] {
            assert!(headings.has(anchor), "{anchor} in {headings:?}");
        }
        assert!(!headings.has("no-heading"));
        assert_eq!(headings.near("api-it-is-down"), Some("api-is-it-down"));
        assert_eq!(headings.near("something-else-entirely"), None);
    }
}
