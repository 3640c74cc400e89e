//! stub
use crate::span::Span;
#[derive(Debug)]
pub struct Parsed {
    pub errors: Vec<(Span, String)>,
}
pub fn parse(_: &str) -> Parsed {
    Parsed { errors: Vec::new() }
}
pub mod logql {
    pub fn looks_like(_: &str) -> bool {
        false
    }
}
pub mod variable_query {
    pub fn looks_like(text: &str) -> bool {
        text.starts_with("label_values(")
    }
}
