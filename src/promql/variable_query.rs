//! To come.
/// stub
pub fn looks_like(text: &str) -> bool {
    text.trim_start().starts_with("label_values(")
}
