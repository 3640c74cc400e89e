//! Secrets within addresses.

use super::name::PARAMETERS;
use crate::span::Span;

/// The password or token within an address: `https://user:password@host`, `?token=…`.
pub(crate) fn in_address(url: &str) -> Option<Span> {
    let host = url.find("://")? + 3;
    let rest = &url[host..];
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    // The last sign ends the password (Go, net/url: authority), which may hold more of them.
    if let Some(at) = rest[..end].rfind('@')
        && let Some(colon) = rest[..at].find(':')
        && colon + 1 < at
    {
        return Some(Span::new(host + colon + 1, host + at));
    }
    let mut from = host + rest.find('?')? + 1;
    for pair in url[from..].split(['&', '#']) {
        if let Some((name, value)) = pair.split_once('=')
            && PARAMETERS.contains(&name.to_ascii_lowercase().as_str())
            && !value.is_empty()
        {
            let start = from + name.len() + 1;
            return Some(Span::new(start, start + value.len()));
        }
        from += pair.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::in_address;

    #[test]
    fn secrets_in_addresses() {
        let found = |url: &str| in_address(url).map(|span| url[span.range()].to_owned());
        for (url, secret) in [
            ("https://me:hunter2@host/path", Some("hunter2")),
            ("https://me:pa@x@host/path", Some("pa@x")),
            ("http://host:9090/?token=abc&x=1", Some("abc")),
            ("http://host/?x=1&api_key=k#f", Some("k")),
            ("http://me@host", None),
            ("http://host:9090/a@b:c", None),
            ("http://me:@host", None),
            ("host:9090", None),
            ("http://host/?tokens=abc", None),
        ] {
            assert_eq!(found(url).as_deref(), secret, "{url}");
        }
    }
}
