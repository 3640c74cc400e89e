//! What a file is written in: JSON or YAML, by its name or its first bytes; and in which encoding.

use std::path::Path;

use crate::syntax::Dialect;

/// The extensions that are looked at, and what stands in such files.
const EXTENSIONS: [(&str, Dialect); 4] = [
    ("json", Dialect::Json),
    ("yaml", Dialect::Yaml),
    ("yml", Dialect::Yaml),
    ("rules", Dialect::Yaml),
];

/// What a file of this name is written in; `None` for names that say nothing.
pub fn by_name(path: &Path) -> Option<Dialect> {
    let extension = path.extension()?.to_str()?;
    EXTENSIONS
        .iter()
        .find(|(known, _)| extension.eq_ignore_ascii_case(known))
        .map(|(_, dialect)| *dialect)
}

/// Whether a file of this name describes a container: `Dockerfile`, `Dockerfile.dev`, `grafana.Dockerfile`, `Containerfile`.
pub fn is_dockerfile(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| {
        ["Dockerfile", "Containerfile"].iter().any(|base| {
            let more = name.strip_prefix(base);
            let before = name.strip_suffix(base);
            more.is_some_and(|more| more.is_empty() || more.starts_with('.'))
                || before.is_some_and(|before| before.ends_with('.'))
        })
    })
}

/// What a text without a name is written in: JSON where it begins with a bracket.
pub fn by_text(text: &[u8]) -> Dialect {
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    match text.trim_ascii_start() {
        [b'{' | b'[', ..] => Dialect::Json,
        _ => Dialect::Yaml,
    }
}

/// What a file is written in, by its name, else by its text.
pub fn of(path: &str, text: &[u8]) -> Dialect {
    by_name(Path::new(path)).unwrap_or_else(|| by_text(text))
}

/// A text in an encoding of wide units, as some editors and shells write one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wide {
    /// The encoding's name.
    pub name: &'static str,
    /// Its ASCII characters: enough to look for telling keys.
    pub ascii: Vec<u8>,
}

/// An encoding of wide units.
struct Encoding {
    name: &'static str,
    /// Its byte order mark (Unicode 16, section 23.8).
    mark: &'static [u8],
    /// Bytes of a unit.
    unit: usize,
    /// Where in a unit an ASCII character stands.
    at: usize,
}

/// UTF-32 comes first, for its mark begins with that of UTF-16.
#[rustfmt::skip]
const WIDE: [Encoding; 4] = [
    Encoding { name: "UTF-32", mark: &[0xff, 0xfe, 0, 0], unit: 4, at: 0 },
    Encoding { name: "UTF-32", mark: &[0, 0, 0xfe, 0xff], unit: 4, at: 3 },
    Encoding { name: "UTF-16", mark: &[0xff, 0xfe], unit: 2, at: 0 },
    Encoding { name: "UTF-16", mark: &[0xfe, 0xff], unit: 2, at: 1 },
];

impl Encoding {
    fn is_ascii(&self, unit: &[u8]) -> bool {
        unit.iter().enumerate().all(|(at, byte)| {
            if at == self.at {
                matches!(byte, 1..=0x7f)
            } else {
                *byte == 0
            }
        })
    }

    fn read(&self, bytes: &[u8]) -> Wide {
        let units = bytes.chunks_exact(self.unit);
        Wide {
            name: self.name,
            ascii: units
                .filter(|unit| self.is_ascii(unit))
                .map(|unit| unit[self.at])
                .collect(),
        }
    }
}

/// How many units without a byte order mark must be ASCII characters among NUL bytes to tell the encoding.
const UNITS: usize = 8;

/// The encoding of a text that is no UTF-8 but UTF-16 or UTF-32, by its byte order mark or by the NUL bytes around the
/// ASCII characters it begins with.
pub fn wide(bytes: &[u8]) -> Option<Wide> {
    let marked = WIDE
        .iter()
        .find_map(|encoding| Some(encoding.read(bytes.strip_prefix(encoding.mark)?)));
    marked.or_else(|| {
        let begins = |encoding: &&Encoding| {
            let mut units = bytes.chunks_exact(encoding.unit).take(UNITS);
            units.len() == UNITS && units.all(|unit| encoding.is_ascii(unit))
        };
        Some(WIDE.iter().find(begins)?.read(bytes))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_before_texts() {
        assert_eq!(of("a.JSON", b"a: 1"), Dialect::Json);
        assert_eq!(of("a.rules", b"{}"), Dialect::Yaml);
        assert_eq!(of("-", b"\xef\xbb\xbf \n{}"), Dialect::Json);
        assert_eq!(of("-", b""), Dialect::Yaml);
    }

    #[test]
    fn wide_texts() {
        let text = "{\"panels\": [\"ü\"]}";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let wider: Vec<u8> = text
            .chars()
            .flat_map(|char| (char as u32).to_le_bytes())
            .collect();
        let found = |bytes: &[u8]| {
            wide(bytes).map(|wide| (wide.name, String::from_utf8(wide.ascii).unwrap_or_default()))
        };
        let ascii = || text.replace('ü', "");
        assert_eq!(found(&little), Some(("UTF-16", ascii())));
        assert_eq!(found(&big), Some(("UTF-16", ascii())));
        assert_eq!(found(&wider), Some(("UTF-32", ascii())));
        let marked = [&[0xff, 0xfe][..], &little].concat();
        assert_eq!(found(&marked), Some(("UTF-16", ascii())));
        let marked = [&[0, 0, 0xfe, 0xff][..], &wider].concat();
        assert_eq!(found(&marked).map(|found| found.0), Some("UTF-32"));
        assert_eq!(found(text.as_bytes()), None);
        assert_eq!(found(b""), None);
        assert_eq!(found(b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), None);
    }
}
