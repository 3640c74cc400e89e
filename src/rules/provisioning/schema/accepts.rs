//! Whether a value has a type, as Go's decoders and the plugins see it.

use super::{Accepts, Shape, tables};
use crate::model::is_expanded;
use crate::syntax::{Kind, NodeRef};

/// What Go's `strconv.ParseBool` reads.
const FLAGS: &[&str] = &[
    "1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False",
];

impl Accepts {
    /// The shape of a value of this type; `around` is the object the value stands in.
    pub(super) fn shape(&self, around: NodeRef<'_>) -> Option<&'static Shape> {
        let at = match self {
            Accepts::Shape(at) => *at,
            Accepts::By { key, cases, other } => {
                let said = around.get(key).and_then(NodeRef::as_str);
                let case = cases.iter().find(|(case, _)| said.as_deref() == Some(case));
                case.map_or(*other, |(_, at)| *at)
            }
            _ => return None,
        };
        tables::all().get(at)
    }

    pub(super) fn fits(&self, node: NodeRef<'_>) -> bool {
        let scalar = |reads: fn(&str) -> bool| {
            node.as_text()
                .is_some_and(|text| is_expanded(&text.value) || reads(&text.value))
        };
        match self {
            Accepts::Any => true,
            Accepts::String => node.as_text().is_some(),
            Accepts::Text => node.kind() == Kind::String,
            Accepts::Int => scalar(|text| text.is_empty() || text.parse::<i64>().is_ok()),
            Accepts::Flag => scalar(|text| FLAGS.contains(&text)),
            Accepts::Number => node.kind() == Kind::Number,
            Accepts::Bool => node.as_bool().is_some(),
            Accepts::Duration => node
                .as_str()
                .is_some_and(|text| is_expanded(&text) || text.is_empty() || is_duration(&text)),
            Accepts::List | Accepts::ListOf(_) => node.kind() == Kind::Array,
            Accepts::Object | Accepts::MapOf(_) | Accepts::Shape(_) | Accepts::By { .. } => {
                node.kind() == Kind::Object
            }
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Accepts::String | Accepts::Text | Accepts::Any => "a string",
            Accepts::Int | Accepts::Number => "a number",
            Accepts::Flag | Accepts::Bool => "`true` or `false`",
            Accepts::Duration => "a duration such as `15s`",
            Accepts::List | Accepts::ListOf(_) => "a list",
            Accepts::Object | Accepts::MapOf(_) | Accepts::Shape(_) | Accepts::By { .. } => {
                "an object"
            }
        }
    }
}

/// The types in words.
pub(super) fn words(accepts: &[Accepts]) -> String {
    let mut words: Vec<_> = accepts.iter().map(Accepts::word).collect();
    words.dedup();
    words.join(" or ")
}

/// Whether Grafana reads a duration from a text: Go's, with days, weeks, months and years, a lone number is seconds
/// (Grafana 12, pkg/components/gtime and tsdb/intervalv2: `>` before it is dropped).
fn is_duration(text: &str) -> bool {
    let mut rest = text.trim_start_matches(['>', '<']);
    rest = rest.strip_prefix('-').unwrap_or(rest);
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let number = |char: char| char.is_ascii_digit() || char == '.';
        let unit = rest.trim_start_matches(number);
        if unit.len() == rest.len() {
            return false;
        }
        rest = unit.trim_start_matches(|char: char| char.is_alphabetic());
        let unit = &unit[..unit.len() - rest.len()];
        let units = [
            "", "ns", "us", "µs", "ms", "s", "m", "h", "d", "w", "M", "y",
        ];
        if !units.contains(&unit) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::is_duration;

    #[test]
    fn durations() {
        for text in [
            "15s", "1m30s", "500ms", "2d", "1M", ">10s", "-20m", "60", "1.5h",
        ] {
            assert!(is_duration(text), "{text}");
        }
        for text in ["s", "15 s", "15x", "fast", ">", "1m 30s", "{}"] {
            assert!(!is_duration(text), "{text}");
        }
    }
}
