//! A second opinion before a query is called invalid: `promql-parser`.
//!
//! Where it accepts what our parser refuses, and not for a reason known of old ([`KNOWN_LAX`]), one of the two is
//! wrong, and a user should be asked for a bug report rather than told off.

use super::Parsed;
use super::error::{ErrorKind, ParseError};
use super::scan::{self, Kind};
use std::cell::Cell;
use std::sync::Once;

/// What the referee says about a query that our parser refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It refuses the query as well, with its own message.
    Refuses(String),
    /// It accepts the query for a reason it is known to be wrong about: our refusal stands.
    KnownLax(&'static str),
    /// It accepts the query: report nothing but a request for a bug report.
    Accepts,
    /// It was not asked, and why: our refusal stands.
    NotAsked(&'static str),
}

/// Something `promql-parser` accepts though Prometheus does not.
#[derive(Debug, Clone, Copy)]
pub struct Lax {
    /// A name for it.
    pub name: &'static str,
    /// An example.
    pub example: &'static str,
    applies: fn(&Parsed, &ParseError) -> bool,
}

fn slice<'p>(parsed: &'p Parsed, error: &ParseError) -> &'p str {
    parsed.slice(error.span)
}

/// What `promql-parser` 0.11.1 wrongly accepts.
pub const KNOWN_LAX: &[Lax] = &[
    Lax {
        name: "`or` between matchers",
        example: r#"foo{a="b" or c="d"}"#,
        applies: |parsed, error| slice(parsed, error).eq_ignore_ascii_case("or"),
    },
    Lax {
        name: "durations and times out of bounds, or zero",
        example: "foo[300y]",
        applies: |_, error| matches!(error.kind, ErrorKind::Duration | ErrorKind::Number),
    },
    Lax {
        name: "regular expressions of another dialect",
        example: r#"foo{a=~"(?x)a"}"#,
        applies: |_, error| error.kind == ErrorKind::Regex,
    },
    Lax {
        name: "parameters of limitk and limit_ratio, of info, of functions of a literal; a plus before anything",
        example: "limitk(foo, bar)",
        applies: |parsed, error| {
            error.kind == ErrorKind::Type
                && ([
                    "limitk",
                    "limit_ratio",
                    "info",
                    "exp",
                    "ln",
                    "log2",
                    "log10",
                    "sqrt",
                ]
                .iter()
                .any(|name| error.message.contains(&format!("`{name}`")))
                    || slice(parsed, error).starts_with('+')
                    || error.message.contains("info"))
        },
    },
    Lax {
        name: "fill where no series are matched",
        example: "foo and fill(0) bar",
        applies: |_, error| error.kind == ErrorKind::Type && error.message.contains("fill"),
    },
    Lax {
        name: "U+FFFD in a string",
        example: "foo{a=\"\u{fffd}\"}",
        applies: |_, error| error.kind == ErrorKind::String && error.message.contains("U+FFFD"),
    },
    Lax {
        name: "a function newer than the Prometheus whose table is ours",
        example: "integral(foo[5m])",
        applies: |parsed, error| {
            error.kind == ErrorKind::UnknownFunction && slice(parsed, error) == "integral"
        },
    },
    Lax {
        name: "a form feed as white space",
        example: "foo\u{c}+ bar",
        applies: |parsed, error| slice(parsed, error).starts_with('\u{c}'),
    },
];

const MAX_LEN: usize = 64 << 10;
const MAX_CHAIN: usize = 200;

/// Asks `promql-parser` about a query that our parser refused.
pub fn referee(parsed: &Parsed) -> Verdict {
    if let Some(reason) = guard(parsed) {
        return Verdict::NotAsked(reason);
    }
    match ask(&parsed.text) {
        None => Verdict::NotAsked("it panics on this query"),
        Some(Err(message)) => Verdict::Refuses(message),
        Some(Ok(())) => {
            let known = parsed
                .errors
                .iter()
                .find_map(|error| KNOWN_LAX.iter().find(|lax| (lax.applies)(parsed, error)));
            known.map_or(Verdict::Accepts, |lax| Verdict::KnownLax(lax.name))
        }
    }
}

/// Why it is better not to ask: variables, size, depth, numbers that overflow, costly patterns.
fn guard(parsed: &Parsed) -> Option<&'static str> {
    let text: &str = &parsed.text;
    if text.len() > MAX_LEN {
        return Some("the query is too long");
    }
    let (mut depth, mut deepest, mut chain, mut repeats) = (0usize, 0usize, 0usize, 0usize);
    for piece in scan::pieces(text, true) {
        let part = &text[piece.span.range()];
        match piece.kind {
            Kind::Hole => return Some("the query has variables"),
            Kind::Punct(b'(' | b'[' | b'{') => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            Kind::Punct(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            Kind::Punct(b'+' | b'-' | b'*' | b'/' | b'%' | b'^' | b'=' | b'<' | b'>' | b'!') => {
                chain += 1
            }
            Kind::Word => {
                let word = part.to_ascii_lowercase();
                match word.as_str() {
                    "and" | "or" | "unless" | "atan2" => chain += 1,
                    "inf" | "nan" => return Some("the query has numbers out of bounds"),
                    _ => {}
                }
            }
            Kind::Number => {
                let digits = part.bytes().filter(u8::is_ascii_digit).count();
                if digits > 9 || (part.contains(['e', 'E']) && !part.starts_with("0x")) {
                    return Some("the query has numbers out of bounds");
                }
            }
            Kind::Str(..) => {
                if part.contains("\\p") || part.contains("\\P") {
                    return Some("the query has costly patterns");
                }
                repeats += part.matches('{').count();
            }
            Kind::Punct(_) => {}
        }
    }
    if deepest > MAX_CHAIN || chain > MAX_CHAIN {
        return Some("the query is too deep");
    }
    if repeats > 20 {
        return Some("the query has costly patterns");
    }
    None
}

thread_local! {
    static ASKING: Cell<bool> = const { Cell::new(false) };
}

/// Runs `promql-parser`; none if it panicked. The panic hook stays silent on this thread for this call.
fn ask(text: &str) -> Option<Result<(), String>> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !ASKING.get() {
                before(info);
            }
        }));
    });
    ASKING.set(true);
    let outcome = std::panic::catch_unwind(|| promql_parser::parser::parse(text).map(|_| ()));
    ASKING.set(false);
    outcome.ok()
}
