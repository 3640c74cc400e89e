//! The language of `math`: numbers, `$A`, functions of one value and operators.
//!
//! Source: grafana/grafana, pkg/expr/mathexp/parse (lex.go, parse.go). Signs are read greedily there, so that `>-` is one
//! sign and no operator.

use super::{function_params, is_operator};
use crate::span::Span;

/// The signs that run together into one operator.
const SIGNS: &str = "!<>=&|+-*/%";

/// A `math` expression, read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Math {
    /// The queries and expressions it names, in order, up to the fault.
    pub variables: Vec<Variable>,
    /// What Grafana stumbles over first.
    pub fault: Option<Fault>,
}

/// `$A` or `${A}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The refId.
    pub name: String,
    /// Its bytes, with the `$`.
    pub span: Span,
}

/// Why an expression cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub span: Span,
    /// What is wrong, as half a sentence.
    pub message: String,
    /// What to write instead, if that is clear: the bytes of `span` become this.
    pub instead: Option<String>,
}

/// What is open: a parenthesis, or the call of a function.
struct Open<'e> {
    at: usize,
    function: Option<(&'e str, usize)>,
}

/// Reads an expression.
pub fn parse(text: &str) -> Math {
    let mut reader = Reader {
        text,
        at: 0,
        open: Vec::new(),
        wants_value: true,
        math: Math::default(),
    };
    if let Err(fault) = reader.read() {
        reader.math.fault = Some(fault);
    }
    reader.math
}

struct Reader<'e> {
    text: &'e str,
    at: usize,
    open: Vec<Open<'e>>,
    /// A value comes next; else an operator.
    wants_value: bool,
    math: Math,
}

impl<'e> Reader<'e> {
    fn rest(&self) -> &'e str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// The next characters for which `is` holds.
    fn take(&mut self, is: impl Fn(char) -> bool) -> &'e str {
        let rest = self.rest();
        let end = rest.find(|c| !is(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or("")
    }

    fn fault(&self, start: usize, message: impl Into<String>) -> Fault {
        Fault {
            span: Span::new(start, self.at.max(start)),
            message: message.into(),
            instead: None,
        }
    }

    fn read(&mut self) -> Result<(), Fault> {
        loop {
            self.take(char::is_whitespace);
            let start = self.at;
            let Some(first) = self.rest().chars().next() else {
                return self.end();
            };
            match first {
                '$' => {
                    self.variable(start)?;
                    self.value(start)?;
                }
                '(' => {
                    self.at += 1;
                    self.value(start)?;
                    self.wants_value = true;
                    self.open.push(Open {
                        at: start,
                        function: None,
                    });
                }
                ')' => {
                    self.at += 1;
                    self.close(start)?;
                }
                c if SIGNS.contains(c) => self.sign(start)?,
                c if c.is_numeric() || c == '.' => {
                    self.number(start)?;
                    self.value(start)?;
                }
                c if c.is_alphabetic() || c == '_' => self.function(start)?,
                c => {
                    self.at += c.len_utf8();
                    let message = match c {
                        ',' => "a function takes one value, so no `,` can stand here".to_owned(),
                        '"' => "no text can stand here, only numbers".to_owned(),
                        c => format!("`{c}` cannot stand in it"),
                    };
                    return Err(self.fault(start, message));
                }
            }
        }
    }

    /// Whatever was read from `start` on is a value.
    fn value(&mut self, start: usize) -> Result<(), Fault> {
        if !self.wants_value {
            return Err(self.fault(start, "an operator is missing before this"));
        }
        self.wants_value = false;
        Ok(())
    }

    fn variable(&mut self, start: usize) -> Result<(), Fault> {
        self.at += 1;
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let name = if self.rest().starts_with('{') {
            self.at += 1;
            let name = self.take(|c| is_name(c) || c.is_whitespace());
            if !self.rest().starts_with('}') {
                self.take(|c| c != '}');
                self.at += usize::from(self.rest().starts_with('}'));
                let message = "only letters, digits, `_` and blanks can stand between the braces";
                return Err(self.fault(start, message));
            }
            self.at += 1;
            name
        } else {
            self.take(is_name)
        };
        if name.is_empty() {
            return Err(self.fault(start, "`$` needs the refId of a query behind it"));
        }
        self.math.variables.push(Variable {
            name: name.to_owned(),
            span: Span::new(start, self.at),
        });
        Ok(())
    }

    fn number(&mut self, start: usize) -> Result<(), Fault> {
        let text = if self.rest().starts_with("0x") || self.rest().starts_with("0X") {
            self.at += 2;
            let digits = self.take(|c| c.is_ascii_hexdigit());
            if !digits.is_empty() {
                return Ok(());
            }
            "0x"
        } else {
            self.take(|c| c.is_ascii_digit());
            self.take(|c| c == '.');
            self.take(|c| c.is_ascii_digit());
            if self.rest().starts_with(['e', 'E']) {
                self.at += 1;
                self.at += usize::from(self.rest().starts_with(['+', '-']));
                self.take(|c| c.is_ascii_digit());
            }
            self.text.get(start..self.at).unwrap_or("")
        };
        match text.parse::<f64>() {
            Ok(_) => Ok(()),
            Err(_) => Err(self.fault(start, format!("`{text}` is no number"))),
        }
    }

    fn function(&mut self, start: usize) -> Result<(), Fault> {
        let name = self.take(|c| c.is_alphabetic() || c == '_');
        let Some(params) = function_params(name) else {
            self.take(|c| c.is_alphanumeric() || c == '_');
            let word = self.text.get(start..self.at).unwrap_or(name);
            return Err(Fault {
                instead: (!self.rest().trim_start().starts_with('(')).then(|| format!("${word}")),
                ..self.fault(start, format!("`{word}` is no function"))
            });
        };
        self.value(start)?;
        self.take(char::is_whitespace);
        if !self.rest().starts_with('(') {
            self.at = start + name.len();
            return Err(self.fault(
                start,
                format!("the function `{name}` needs a `(` behind it"),
            ));
        }
        self.open.push(Open {
            at: start,
            function: Some((name, params)),
        });
        self.at += 1;
        self.wants_value = true;
        Ok(())
    }

    fn close(&mut self, start: usize) -> Result<(), Fault> {
        let Some(open) = self.open.pop() else {
            return Err(self.fault(start, "there is no `(` for this `)`"));
        };
        let Some((name, params)) = open.function else {
            return self.after_value(start);
        };
        let before = self.text.get(open.at + name.len()..start).unwrap_or("");
        let given = before.trim_start().strip_prefix('(').unwrap_or("").trim();
        match (params, given.is_empty()) {
            (0, true) => {}
            (0, false) => {
                return Err(self.fault(open.at, format!("the function `{name}` takes no value")));
            }
            (_, true) => {
                return Err(self.fault(open.at, format!("the function `{name}` needs a value")));
            }
            (_, false) => self.after_value(start)?,
        }
        self.wants_value = false;
        Ok(())
    }

    fn after_value(&self, start: usize) -> Result<(), Fault> {
        match self.wants_value {
            true => Err(self.fault(start, "a value is missing before this")),
            false => Ok(()),
        }
    }

    fn sign(&mut self, start: usize) -> Result<(), Fault> {
        let sign = self.take(|c| SIGNS.contains(c));
        if !is_operator(sign) {
            return Err(Fault {
                instead: instead_of(sign, self.wants_value),
                ..self.fault(
                    start,
                    format!("`{sign}` is read as one operator, and there is none like that"),
                )
            });
        }
        if matches!(sign, "!" | "-") && self.wants_value {
            return Ok(());
        }
        if sign == "!" {
            return Err(self.fault(start, "`!` cannot stand between two values"));
        }
        self.after_value(start)?;
        self.wants_value = true;
        Ok(())
    }

    fn end(&mut self) -> Result<(), Fault> {
        if let Some(open) = self.open.last() {
            let at = open.at;
            self.at = at + open.function.map_or(1, |(name, _)| name.len());
            return Err(self.fault(at, "the `(` is never closed"));
        }
        if self.wants_value {
            let start = self.text.trim_end().len();
            let last = self
                .text
                .get(..start)
                .and_then(|text| text.char_indices().next_back());
            self.at = start;
            let message = match last {
                Some(_) => "a value is missing behind this",
                None => "it is empty",
            };
            return Err(self.fault(last.map_or(0, |(at, _)| at), message));
        }
        Ok(())
    }
}

/// What somebody meant who wrote signs that are no operator: `> -` for `>-`, `==` for `=`.
fn instead_of(signs: &str, wants_value: bool) -> Option<String> {
    let known = match signs {
        "=" | "===" => Some("=="),
        "&" => Some("&&"),
        "|" => Some("||"),
        "=>" => Some(">="),
        "=<" => Some("<="),
        "<>" | "!==" => Some("!="),
        "^" => Some("**"),
        _ => None,
    };
    if let Some(known) = known {
        return (!wants_value).then(|| known.to_owned());
    }
    // An operator and the signs of the value behind it; before a value there are only those.
    let unary = signs.len() - signs.trim_start_matches(['-', '!']).len();
    let first = match wants_value {
        true if unary == signs.len() => 0,
        true => return None,
        false => (1..signs.len().min(3)).rev().find(|at| {
            signs.is_char_boundary(*at)
                && is_operator(&signs[..*at])
                && &signs[..*at] != "!"
                && signs[*at..].trim_start_matches(['-', '!']).is_empty()
        })?,
    };
    let (operator, signs) = signs.split_at(first);
    let mut parts = vec![operator];
    parts.extend(signs.split("").filter(|sign| !sign.is_empty()));
    Some(parts.join(" ").trim_start().to_owned())
}

#[cfg(test)]
mod tests;
