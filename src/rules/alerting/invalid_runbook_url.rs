//! Runbook links that lead nowhere.

use super::runbook::runbooks;
use crate::diagnostic::{Group, Severity};
use crate::rules::{Alert, Check, Context, Place, Rule};
use crate::span::Span;

pub(crate) const RULE: Rule = Rule {
    id: "invalid-runbook-url",
    group: Group::Alerting,
    severity: Severity::Warning,
    summary: "runbook link that no notification can open",
    since: "0.1.0",
    fix: None,
    options: &[],
    page: include_str!("../../../rules/alerting/invalid-runbook-url.md"),
    check: Check::Alert(check),
};

/// Hosts that stand for nobody's pages: RFC 2606, section 3.
const RESERVED_HOSTS: [&str; 3] = ["example.com", "example.org", "example.net"];
/// Words of a template that nobody filled in.
const PLACEHOLDERS: [&str; 9] = [
    "todo",
    "tbd",
    "changeme",
    "change-me",
    "your-domain",
    "yourdomain",
    "your-org",
    "<your",
    "fixme",
];

fn check<'t>(alert: &Alert<'t>, cx: &mut Context<'_, 't>) {
    let short = &cx.settings.runbooks.short_links;
    for link in runbooks(alert) {
        let Some(text) = link.as_text() else { continue };
        let url = text.value.trim();
        // Prose around a link, or steps written in place of one, are a runbook too.
        if url.contains(char::is_whitespace) && !url.starts_with("http") && !url.contains("{{") {
            continue;
        }
        let Some((message, part, help)) = fault(url, short) else {
            continue;
        };
        let offset = text.value.find(url).unwrap_or(0);
        let span = part.shift(offset);
        let place = if span.is_empty() {
            Place::value(link)
        } else {
            Place::text(link, span)
        };
        let _ = cx.report(place, message).help(help);
    }
}

/// What is wrong with a runbook's address: the message, the bytes and the help.
fn fault(url: &str, short: &[String]) -> Option<(String, Span, String)> {
    let whole = Span::new(0, url.len());
    if url.is_empty() {
        return Some((
            "the runbook link is empty".to_owned(),
            whole,
            "write the address of the page, or drop the annotation".to_owned(),
        ));
    }
    let lower = url.to_ascii_lowercase();
    if let Some(word) = PLACEHOLDERS
        .iter()
        .find(|word| is_placeholder(&lower, word))
    {
        return Some((
            format!("the runbook link is a placeholder (`{word}`)"),
            whole,
            "write the address of the page".to_owned(),
        ));
    }
    // A link that starts with a template is filled in when the alert is sent.
    if url.starts_with("{{") || short.iter().any(|host| is_short(url, host)) {
        return None;
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return Some((
            format!("`{url}` is no absolute address: a notification shows it as plain text"),
            whole,
            match url.split_once('/') {
                Some((host, _)) if !host.is_empty() && !host.contains('.') => format!(
                    "write `https://…`; if `{host}/` is a short link in your network, say so in dashlint.toml: [runbooks] short-links = [\"{host}\"]"
                ),
                _ => "write `https://…`".to_owned(),
            },
        ));
    };
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Some((
            format!("a browser does not open a runbook at `{scheme}://`"),
            Span::new(0, scheme.len()),
            "write `https://…`".to_owned(),
        ));
    }
    let start = scheme.len() + 3;
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = &rest[..host_end];
    let place = Span::new(start, start + host_end);
    if host.is_empty() {
        return Some((
            "the runbook link has no host".to_owned(),
            whole,
            "write `https://host/page`".to_owned(),
        ));
    }
    let name = host
        .rsplit('@')
        .next()
        .unwrap_or(host)
        .split(':')
        .next()
        .unwrap_or(host)
        .to_ascii_lowercase();
    if RESERVED_HOSTS.iter().any(|reserved| {
        name == *reserved
            || name
                .strip_suffix(reserved)
                .is_some_and(|front| front.ends_with('.'))
    }) {
        return Some((
            format!("the runbook link leads to `{name}`, a host reserved for examples"),
            place,
            "write the address of your own page".to_owned(),
        ));
    }
    let templated = host.contains("{{") || rest.starts_with("{{");
    if !templated && rest.contains(char::is_whitespace) && !rest.contains("{{") {
        let at = url.find(char::is_whitespace).unwrap_or(0);
        return Some((
            "the runbook link has a space in it: what follows is cut off".to_owned(),
            Span::new(at, at + 1),
            "write `%20`, or keep only the address in this annotation".to_owned(),
        ));
    }
    None
}

/// Whether `url` is a short link of `host` (`go` and `go/` mean the same).
fn is_short(url: &str, host: &str) -> bool {
    let host = host.trim_end_matches('/');
    url.strip_prefix(host)
        .is_some_and(|rest| rest.starts_with('/'))
}

/// Whether `word` stands for the whole of `url`, its host or its last part, or `url` says so plainly (`<your…`).
fn is_placeholder(url: &str, word: &str) -> bool {
    if word.starts_with('<') {
        return url.contains(word);
    }
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let parts: Vec<&str> = rest.trim_end_matches('/').split('/').collect();
    let host = parts
        .first()
        .is_some_and(|host| host.split('.').any(|label| label == word));
    host || parts.last() == Some(&word)
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn real_links_pass_and_dead_ones_do_not() {
        let short = vec!["go".to_owned()];
        for fine in [
            "https://runbooks.acme.io/api-down",
            "http://wiki/x?y#z",
            "https://github.com/kubernetes-monitoring/kubernetes-mixin/tree/master/runbook.md#alert-name-x",
            "{{ $labels.runbook }}",
            "https://runbooks.acme.io/{{ $labels.alertname }}",
            "go/api-down",
            "https://acme.io/todos/example",
            "https://wiki.acme.io/todo-app/api-down",
        ] {
            assert!(fault(fine, &short).is_none(), "{fine}");
        }
        for dead in [
            "",
            "TODO",
            "docs/runbook.md",
            "https://example.com/runbook",
            "https://runbooks.example.com/x",
            "ftp://acme/x",
            "https:///x",
            "https://acme.io/a page",
        ] {
            assert!(fault(dead, &short).is_some(), "{dead}");
        }
    }
}
