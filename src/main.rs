//! The `dashlint` program.

fn main() {}
