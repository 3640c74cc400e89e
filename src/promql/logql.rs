//! To come.
/// stub
pub fn looks_like(_: &str) -> bool {
    false
}
