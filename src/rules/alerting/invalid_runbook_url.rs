//! Runbook links that lead nowhere.

use super::runbook::links;
use super::runbook_file::{self, leads_nowhere, relative};
use crate::config::Runbooks;
use crate::diagnostic::{Group, Severity};
use crate::rules::{Check, Context, Place, Rule};
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
    check: Check::Document(check),
};

/// Hosts that stand for nobody's pages: RFC 2606, section 3.
const RESERVED_HOSTS: [&str; 3] = ["example.com", "example.org", "example.net"];
/// Ends of names that are known in one network only (RFC 6762, RFC 8375, RFC 2606; `.internal` of ICANN).
const PRIVATE: [&str; 8] = [
    ".local",
    ".internal",
    ".home.arpa",
    ".localhost",
    ".lan",
    ".corp",
    ".svc",
    ".intranet",
];
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

/// What is wrong with an address.
struct Fault {
    message: String,
    /// Its bytes in the address; empty: all of it.
    part: Span,
    help: String,
    /// It may well be meant so.
    advice: bool,
}

impl Fault {
    fn new(part: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        Fault {
            message: message.into(),
            part,
            help: help.into(),
            advice: false,
        }
    }

    fn advice(mut self) -> Self {
        self.advice = true;
        self
    }
}

fn check(cx: &mut Context<'_, '_>) {
    let path = &cx.file.source.path;
    let told = cx.settings.level(&runbook_file::RULE, path).is_some();
    for link in links(cx) {
        let Some(fault) = fault(link.url(), &cx.settings.runbooks) else {
            continue;
        };
        // A file that is not there is told as that.
        if fault.advice && told && relative(link.url()).is_some() && leads_nowhere(cx, link.url()) {
            continue;
        }
        let place = if fault.part.is_empty() {
            Place::value(link.node)
        } else {
            Place::text(link.node, fault.part.shift(link.span.start as usize))
        };
        let finding = cx
            .report(place, fault.message)
            .at(link.steps)
            .help(fault.help);
        if fault.advice {
            let _ = finding.lower(Severity::Info);
        }
    }
}

/// What is wrong with a runbook's address.
fn fault(url: &str, settings: &Runbooks) -> Option<Fault> {
    let whole = Span::new(0, url.len());
    if url.is_empty() {
        return Some(Fault::new(
            whole,
            "the runbook link is empty",
            "write the address of the page, or drop the annotation",
        ));
    }
    let lower = url.to_ascii_lowercase();
    if let Some(word) = PLACEHOLDERS
        .iter()
        .find(|word| is_placeholder(&lower, word))
    {
        return Some(Fault::new(
            whole,
            format!("the runbook link is a placeholder (`{word}`)"),
            "write the address of the page",
        ));
    }
    // A link that starts with a template is filled in when the alert is sent.
    if url.starts_with("{{") || settings.short_links.iter().any(|host| is_short(url, host)) {
        return None;
    }
    if url.starts_with('#') {
        return Some(Fault::new(
            whole,
            "the runbook link is a place in a page, without the page",
            "write the address of the page before it",
        ));
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return Some(without_scheme(url, whole));
    };
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Some(Fault::new(
            Span::new(0, scheme.len()),
            format!("a browser does not open a runbook at `{scheme}://`"),
            "write `https://…`",
        ));
    }
    let start = scheme.len() + 3;
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = &rest[..host_end];
    let place = Span::new(start, start + host_end);
    if host.is_empty() {
        return Some(Fault::new(
            whole,
            "the runbook link has no host",
            "write `https://host/page`",
        ));
    }
    if host.contains("{{") {
        return Some(
            Fault::new(
                place,
                "the host of the runbook link comes out of a template: where a label is missing the link leads nowhere",
                "write the host, and keep templates to the page",
            )
            .advice(),
        );
    }
    let name = host
        .rsplit('@')
        .next()
        .unwrap_or(host)
        .split(':')
        .next()
        .unwrap_or(host)
        .to_ascii_lowercase();
    if RESERVED_HOSTS
        .iter()
        .any(|reserved| is_below(&name, reserved))
    {
        return Some(Fault::new(
            place,
            format!("the runbook link leads to `{name}`, a host reserved for examples"),
            "write the address of your own page",
        ));
    }
    let allowed = &settings.allow_hosts;
    if !allowed.is_empty() && !allowed.iter().any(|own| is_below(&name, own)) {
        return Some(Fault::new(
            place,
            format!("the runbook link leads to `{name}`, where this project keeps none"),
            format!("the hosts allowed are {}", allowed.join(", ")),
        ));
    }
    if rest.contains(char::is_whitespace) && !rest.contains("{{") {
        let at = url.find(char::is_whitespace).unwrap_or(0);
        return Some(Fault::new(
            Span::new(at, at + 1),
            "the runbook link has a space in it: what follows is cut off",
            "write `%20`, or keep only the address in this annotation",
        ));
    }
    // A name without a dot, or of a private network, has no certificate anybody knows.
    let public = name.contains('.')
        && !PRIVATE.iter().any(|end| name.ends_with(end))
        && !name.ends_with(|c: char| c.is_ascii_digit());
    (scheme.eq_ignore_ascii_case("http") && public).then(|| {
        Fault::new(
            Span::new(0, scheme.len()),
            "the runbook is read over `http`: whoever is in between can change what it tells people to do",
            "write `https://…` where the host has it",
        )
        .advice()
    })
}

/// What is wrong with an address that has no `://`.
fn without_scheme(url: &str, whole: Span) -> Fault {
    if relative(url).is_some() {
        return Fault::new(
            whole,
            format!("`{url}` is a path in this repository: a notification shows it as plain text"),
            "write the address under which people read the file",
        )
        .advice();
    }
    let help = match url.split_once('/') {
        Some((host, _)) if !host.is_empty() && !host.contains('.') => format!(
            "write `https://…`; if `{host}/` is a short link in your network, say so in dashlint.toml: [runbooks] short-links = [\"{host}\"]"
        ),
        _ => "write `https://…`".to_owned(),
    };
    Fault::new(
        whole,
        format!("`{url}` is no absolute address: a notification shows it as plain text"),
        help,
    )
}

/// Whether a host is another or one below it.
fn is_below(name: &str, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    name.strip_suffix(host.as_str())
        .is_some_and(|front| front.is_empty() || front.ends_with('.'))
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
    use super::{Runbooks, fault};

    #[test]
    fn real_links_pass_and_dead_ones_do_not() {
        let settings = Runbooks {
            short_links: vec!["go".to_owned()],
            ..Runbooks::default()
        };
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
            assert!(fault(fine, &settings).is_none(), "{fine}");
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
            "#api-down",
            "https://{{ $labels.host }}/api-down",
            "http://runbooks.acme.io/api-down",
        ] {
            assert!(fault(dead, &settings).is_some(), "{dead}");
        }
    }
}
