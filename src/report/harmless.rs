//! JSON that can be read in a terminal.

use std::io::{self, Write};

use serde_json::ser::{CharEscape, Formatter};

use super::terminal;

/// A formatter of serde_json which also escapes the characters that JSON may hold as they are but a terminal would
/// obey or hide: DEL, C1 controls, bidirectional overrides. The value is the same.
#[derive(Debug)]
pub(super) struct Harmless<F>(pub(super) F);

/// Hands these methods on as they are.
macro_rules! hand_on {
    ($($name:ident($($argument:ident: $kind:ty),*);)*) => {
        $(fn $name<W: ?Sized + Write>(&mut self, out: &mut W $(, $argument: $kind)*) -> io::Result<()> {
            self.0.$name(out $(, $argument)*)
        })*
    };
}

impl<F: Formatter> Formatter for Harmless<F> {
    hand_on! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
        write_char_escape(escape: CharEscape);
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(terminal::must_escape) {
            out.write_all(&rest.as_bytes()[..at])?;
            let c = rest[at..].chars().next().unwrap_or_default();
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde_json::ser::{CompactFormatter, Serializer};

    use super::*;

    #[test]
    fn the_value_stays() {
        let text = "plain \u{1b}[2J \u{7f}\u{9b}1m \u{202e}\u{e0041} 🦀";
        let mut out = Vec::new();
        let written = text.serialize(&mut Serializer::with_formatter(
            &mut out,
            Harmless(CompactFormatter),
        ));
        assert!(written.is_ok());
        let out = String::from_utf8_lossy(&out);
        assert_eq!(
            out,
            r#""plain \u001b[2J \u007f\u009b1m \u202e\udb40\udc41 🦀""#
        );
        assert_eq!(
            serde_json::from_str::<String>(&out).ok().as_deref(),
            Some(text)
        );
    }
}
