//! Paths as URI references (RFC 3986).

use std::fmt::Write;

/// The path of a file as reports show it, as a URI reference: relative where it is, with the `file` scheme where it is not.
pub(super) fn uri(path: &str) -> String {
    let bytes = path.as_bytes();
    let drive = matches!(bytes, [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    let mut out = String::with_capacity(path.len() + 8);
    if path.starts_with("//") {
        out.push_str("file:");
    } else if path.starts_with('/') {
        out.push_str("file://");
    } else if drive {
        out.push_str("file:///");
    }
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            b':' if drive && out.len() == "file:///C".len() => out.push(':'),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn every_path_is_a_reference() {
        assert_eq!(uri("dashboards/api.json"), "dashboards/api.json");
        assert_eq!(
            uri("größe/ä b#1?.yml"),
            "gr%C3%B6%C3%9Fe/%C3%A4%20b%231%3F.yml"
        );
        assert_eq!(uri("a:b.json"), "a%3Ab.json");
        assert_eq!(uri("../x.json"), "../x.json");
        assert_eq!(uri("/srv/x.json"), "file:///srv/x.json");
        assert_eq!(uri("//server/x.json"), "file://server/x.json");
        assert_eq!(uri("C:/x:y.json"), "file:///C:/x%3Ay.json");
        assert_eq!(uri("-"), "-");
    }
}
