//! What an SQL expression reads: the tables it names are the other queries.
//!
//! Source: grafana/grafana, pkg/expr/sql (parser.go, TablesList; parser_allow.go): MySQL's dialect, and nothing but queries.

use rustc_hash::FxHashSet;

use super::{Fault, Variable};
use crate::span::Span;

/// An SQL expression, as far as it is looked into.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sql {
    /// The tables it reads that it does not define itself.
    pub tables: Vec<Variable>,
    /// Why Grafana does not run it.
    pub fault: Option<Fault>,
}

/// A piece of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Word,
    /// A name in backticks.
    Quoted,
    Sign(char),
    /// A text or a number.
    Value,
}

/// Reads an expression.
pub fn tables(text: &str) -> Sql {
    let tokens = tokens(text);
    let word = |at: usize| match tokens.get(at) {
        Some((Token::Word, span)) => text.get(span.range()).unwrap_or("").to_ascii_lowercase(),
        _ => String::new(),
    };
    let mut sql = Sql::default();
    let mut start = 0;
    while matches!(tokens.get(start), Some((Token::Sign('('), _))) {
        start += 1;
    }
    if let Some((_, span)) = tokens.get(start)
        && !matches!(word(start).as_str(), "select" | "with")
    {
        sql.fault = Some(Fault {
            span: *span,
            message: "SQL here is a `SELECT`, and nothing else".to_owned(),
            instead: None,
        });
        return sql;
    }
    let own = own_tables(text, &tokens);
    // For each parenthesis that is open, whether a SELECT stands in it: `EXTRACT(HOUR FROM time)` reads no table.
    let mut selects = vec![false];
    let mut at = 0;
    while let Some((token, _)) = tokens.get(at) {
        match (token, word(at).as_str()) {
            (Token::Sign('('), _) => selects.push(false),
            (Token::Sign(')'), _) if selects.len() > 1 => {
                selects.pop();
            }
            (Token::Word, "select") => {
                if let Some(select) = selects.last_mut() {
                    *select = true;
                }
            }
            (Token::Word, "from" | "join") if selects.last() == Some(&true) => {
                at = names(text, &tokens, at + 1, &own, &mut sql.tables);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    sql
}

/// The names of tables from `at` on, with commas between them; where what comes after them begins.
fn names(
    text: &str,
    tokens: &[(Token, Span)],
    mut at: usize,
    own: &FxHashSet<String>,
    found: &mut Vec<Variable>,
) -> usize {
    loop {
        let Some((Token::Word | Token::Quoted, span)) = tokens.get(at) else {
            return at;
        };
        let name = name(text, tokens[at]);
        // A function makes a table of its own, and a name with a dot is of a database there is none of.
        let next = tokens.get(at + 1).map(|(token, _)| *token);
        let plain = !matches!(next, Some(Token::Sign('(' | '.')));
        let known = name.eq_ignore_ascii_case("dual") || own.contains(&name.to_lowercase());
        if plain && !known {
            found.push(Variable { name, span: *span });
        }
        at += 1;
        // Its other name: `A AS a`, `A a`.
        let is_as = matches!(tokens.get(at), Some((Token::Word, span)) if is(text, *span, "as"));
        at += usize::from(is_as);
        let mut after = at;
        if matches!(tokens.get(after), Some((Token::Word | Token::Quoted, _))) {
            after += 1;
        }
        match tokens.get(after) {
            Some((Token::Sign(','), _)) => at = after + 1,
            _ => return at,
        }
    }
}

/// The tables it defines: `WITH x AS (…)`.
fn own_tables(text: &str, tokens: &[(Token, Span)]) -> FxHashSet<String> {
    let own = tokens.windows(3).filter(|three| match three {
        [
            (Token::Word | Token::Quoted, _),
            (Token::Word, span),
            (Token::Sign('('), _),
        ] => is(text, *span, "as"),
        _ => false,
    });
    own.map(|three| name(text, three[0]).to_lowercase())
        .collect()
}

fn is(text: &str, span: Span, word: &str) -> bool {
    let written = text.get(span.range()).unwrap_or("");
    written.eq_ignore_ascii_case(word)
}

fn name(text: &str, (token, span): (Token, Span)) -> String {
    let written = text.get(span.range()).unwrap_or("");
    match token {
        Token::Quoted => written.trim_matches('`').to_owned(),
        _ => written.to_owned(),
    }
}

fn tokens(text: &str) -> Vec<(Token, Span)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = &text[at..];
        let until = |end: Option<usize>| end.unwrap_or(rest.len());
        let (token, len) = match first {
            c if c.is_whitespace() => (None, c.len_utf8()),
            '#' => (None, until(rest.find('\n'))),
            '-' if rest.starts_with("--") => (None, until(rest.find('\n'))),
            '/' if rest.starts_with("/*") => (None, until(rest.find("*/").map(|end| end + 2))),
            '\'' | '"' => (Some(Token::Value), quoted(rest, first)),
            '`' => (Some(Token::Quoted), quoted(rest, first)),
            c if c.is_alphabetic() || c == '_' => {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$')));
                (Some(Token::Word), until(end))
            }
            c if c.is_ascii_digit() => {
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
                (Some(Token::Value), until(end))
            }
            c => (Some(Token::Sign(c)), c.len_utf8()),
        };
        if let Some(token) = token {
            found.push((token, Span::new(at, at + len)));
        }
        at += len;
    }
    found
}

/// The length of a text in quotes; a backslash takes the next character.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + quote.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let read = tables(text);
        assert_eq!(read.fault, None, "{text}");
        for table in &read.tables {
            let written = text.get(table.span.range()).expect("bytes of the text");
            assert_eq!(written.trim_matches('`'), table.name);
        }
        read.tables.into_iter().map(|table| table.name).collect()
    }

    #[test]
    fn tables_are_found() {
        for (text, expected) in [
            ("SELECT * FROM A", vec!["A"]),
            (
                "select a.value from A a, `my query` AS b where a.x = b.x",
                vec!["A", "my query"],
            ),
            (
                "SELECT * FROM A JOIN B ON A.t = B.t LEFT JOIN C USING (t)",
                vec!["A", "B", "C"],
            ),
            (
                "WITH x AS (SELECT * FROM A) SELECT * FROM x, B",
                vec!["A", "B"],
            ),
            ("SELECT * FROM (SELECT v FROM A LIMIT 1) t", vec!["A"]),
            (
                "SELECT EXTRACT(HOUR FROM t), TRIM(LEADING 'x' FROM n) FROM A",
                vec!["A"],
            ),
            (
                "SELECT 1 -- FROM B\n/* FROM C */ FROM A # FROM D",
                vec!["A"],
            ),
            ("SELECT ' FROM B', \"FROM C\" FROM A", vec!["A"]),
            ("(SELECT 1 FROM A) UNION (SELECT 2 FROM B)", vec!["A", "B"]),
            ("SELECT 1 FROM dual", vec![]),
            (
                "SELECT * FROM JSON_TABLE('[]', '$' COLUMNS (a INT PATH '$'))",
                vec![],
            ),
            ("SELECT 'é", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn nothing_but_queries_is_run() {
        let text = "-- cleaning\nDELETE FROM A";
        let fault = tables(text).fault.expect("a fault");
        assert_eq!(text.get(fault.span.range()), Some("DELETE"));
    }
}
