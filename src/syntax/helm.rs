//! Templates of YAML (Helm charts above all): files that are no YAML before they are rendered.

use memchr::memmem;

/// Whether `text` is a template to be rendered into YAML, not YAML: it has `{{ … }}` (or `{% … %}`) where YAML would read
/// structure, or expressions of Helm outside of quotes.
///
/// The templates of Prometheus and Alertmanager (`summary: "{{ $labels.job }}"`, a block scalar with `{{ $value }}`,
/// `description: CPU {{ $value }} high`) are text in YAML and make no template of the file.
pub fn is_template(text: &str) -> bool {
    if memmem::find(text.as_bytes(), b"{{").is_none()
        && memmem::find(text.as_bytes(), b"{%").is_none()
    {
        return false;
    }
    let mut state = State::Structure;
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    for end in ends {
        let line = &text[start..end];
        start = end + 1;
        let indent = line.bytes().take_while(|byte| *byte == b' ').count();
        let body = line[indent..].trim_end();
        match state {
            State::Block(outer) if body.is_empty() || indent > outer => continue,
            State::Quote(quote) => {
                match after_quote(body, quote) {
                    Some(rest) if in_plain(rest) => return true,
                    Some(_) => state = State::Structure,
                    None => {}
                }
                continue;
            }
            State::Plain(outer) if indent > outer && !body.is_empty() => {
                if body.starts_with("{{-") || in_plain(body) {
                    return true;
                }
                if key(body).is_none() {
                    continue;
                }
            }
            _ => {}
        }
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        match structure(body, indent) {
            Some(next) => state = next,
            None => return true,
        }
    }
    false
}

/// Whether `text` holds an expression that only a renderer of charts can mean: `{{ .Values.x }}`, `{{ include "x" . }}`.
pub fn has_chart_expression(text: &str) -> bool {
    expressions(text).any(helm)
}

/// Where a line leaves us.
#[derive(Clone, Copy)]
enum State {
    /// A key or an element comes next.
    Structure,
    /// In a block scalar; its lines are indented by more than this.
    Block(usize),
    /// In a quoted text.
    Quote(char),
    /// After a plain text, which may go on in lines indented by more than this.
    Plain(usize),
}

/// What follows a line of structure; `None` where it is template.
fn structure(body: &str, indent: usize) -> Option<State> {
    let mut rest = body;
    let mut column = indent;
    let mut outer = indent;
    while let Some(after) = rest.strip_prefix("- ").or_else(|| rest.strip_prefix("? ")) {
        outer = column;
        column += rest.len() - after.trim_start().len();
        rest = after.trim_start();
    }
    if rest.starts_with("{%") || rest.starts_with("{{") && !prometheus(rest) {
        return None;
    }
    if let Some((name, value)) = key(rest) {
        if in_plain(name) {
            return None;
        }
        outer = column;
        rest = value;
    }
    while rest.starts_with(['&', '!']) {
        rest = rest
            .split_once(' ')
            .map_or("", |(_, rest)| rest.trim_start());
    }
    Some(match rest.chars().next() {
        None => State::Structure,
        Some('{') if rest.starts_with("{%") || rest.starts_with("{{") && !prometheus(rest) => {
            return None;
        }
        Some('|' | '>') => {
            if in_plain(rest) {
                return None;
            }
            State::Block(outer)
        }
        Some(quote @ ('"' | '\'')) => match after_quote(&rest[1..], quote) {
            Some(rest) if in_plain(rest) => return None,
            Some(_) => State::Structure,
            None => State::Quote(quote),
        },
        Some('[' | '{') => {
            if outside_quotes(rest) {
                return None;
            }
            State::Structure
        }
        Some(_) => {
            if in_plain(rest) {
                return None;
            }
            State::Plain(outer)
        }
    })
}

/// The key of a line and what follows its colon.
fn key(line: &str) -> Option<(&str, &str)> {
    let skip = match line.chars().next()? {
        quote @ ('"' | '\'') => line.len() - after_quote(&line[1..], quote)?.len(),
        _ => 0,
    };
    let rest = &line[skip..];
    let bytes = rest.as_bytes();
    let colon = memchr::memchr_iter(b':', bytes)
        .find(|&at| matches!(bytes.get(at + 1), None | Some(b' ' | b'\t')))?;
    if bytes[..colon].windows(2).any(|two| two == b" #") {
        return None;
    }
    Some((&line[..skip + colon], rest[colon + 1..].trim_start()))
}

/// What follows the quote that ends a quoted text.
fn after_quote(text: &str, quote: char) -> Option<&str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += match byte {
            b'\\' if quote == '"' => 2,
            b'\'' if quote == '\'' && bytes.get(at + 1) == Some(&b'\'') => 2,
            _ if byte == quote as u8 => return Some(&text[at + 1..]),
            _ => 1,
        };
    }
    None
}

/// Whether a plain text holds an expression that only a renderer of charts can mean.
fn in_plain(text: &str) -> bool {
    // Nearly all lines have none.
    if memchr::memchr(b'{', text.as_bytes()).is_none() {
        return false;
    }
    let text = text.split_once(" #").map_or(text, |(text, _)| text);
    expressions(text).any(helm)
}

/// Whether there is an expression outside of quotes in a flow collection.
fn outside_quotes(mut text: &str) -> bool {
    while let Some(at) = text.find(['"', '\'', '{']) {
        if text[at..].starts_with("{{") {
            return !prometheus(&text[at..]);
        }
        let quote = text[at..].chars().next().unwrap_or('"');
        text = &text[at + 1..];
        if quote != '{' {
            match after_quote(text, quote) {
                Some(rest) => text = rest,
                None => return false,
            }
        }
    }
    false
}

/// The insides of `{{ … }}`.
fn expressions(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{")
        .skip(1)
        .map(|rest| rest.split("}}").next().unwrap_or(rest))
}

/// Whether an expression speaks of a chart.
fn helm(expression: &str) -> bool {
    const WORDS: &[&str] = &[
        ".Values",
        ".Release.",
        ".Capabilities",
        ".Files.",
        "toYaml",
        "nindent",
    ];
    const FUNCTIONS: &[&str] = &["include", "tpl", "required", "lookup"];
    let call = expression.trim_start_matches(['-', ' ', '(']);
    WORDS.iter().any(|word| expression.contains(word))
        || FUNCTIONS.iter().any(|name| {
            call.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with([' ', '(']))
        })
}

/// Whether what starts with `{{` is an alert's template whose quotes were forgotten: broken YAML, and to be told so.
fn prometheus(text: &str) -> bool {
    let first = expressions(text).next().unwrap_or("");
    (first.contains("$labels") || first.contains("$value") || first.contains("$externalLabels"))
        && !helm(first)
}
