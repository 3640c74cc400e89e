//! The `dashlint` program.

use std::process::ExitCode;

/// Linting allocates many small things on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    dashlint::cli::main()
}
