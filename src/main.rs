//! The `dashlint` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    dashlint::cli::main()
}
