//! Turns the facts in `rules/facts/` that are needed on every start into Rust tables, so that nothing is parsed at run time
//! and each fact still has one copy, in a file people can read.
//!
//! It reads the part of TOML those files use: tables, one key a line, strings, numbers, booleans, arrays, inline tables.
//! A test reads the same files with a full TOML parser and compares.

// Cargo talks to build scripts through standard output.
#![allow(clippy::print_stdout)]

#[path = "build/alerting.rs"]
mod alerting;
#[path = "build/catalog.rs"]
mod catalog;
#[path = "build/colors.rs"]
mod colors;
#[path = "build/cost.rs"]
mod cost;
#[path = "build/deprecated.rs"]
mod deprecated;
#[path = "build/expressions.rs"]
mod expressions;
#[path = "build/facts.rs"]
mod facts;
#[path = "build/fields.rs"]
mod fields;
#[path = "build/metric_units.rs"]
mod metric_units;
#[path = "build/receivers.rs"]
mod receivers;
#[path = "build/schema.rs"]
mod schema;
#[path = "build/secrets.rs"]
mod secrets;
#[path = "build/units.rs"]
mod units;
#[path = "build/version.rs"]
mod version;

use std::path::{Path, PathBuf};

fn main() -> Result<(), String> {
    let out = std::env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .ok_or("OUT_DIR is not set")?;
    generate(
        "rules/facts/alerting.toml",
        &out.join("alerting.rs"),
        alerting::generate,
    )?;
    generate(
        "rules/facts/colors.toml",
        &out.join("colors.rs"),
        colors::generate,
    )?;
    generate(
        "rules/facts/cost.toml",
        &out.join("cost.rs"),
        cost::generate,
    )?;
    generate(
        "rules/facts/dashboard_fields.toml",
        &out.join("dashboard_fields.rs"),
        fields::generate,
    )?;
    generate(
        "rules/facts/expressions.toml",
        &out.join("expressions.rs"),
        expressions::generate,
    )?;
    generate(
        "rules/facts/panels.toml",
        &out.join("panels.rs"),
        catalog::panels,
    )?;
    generate(
        "rules/facts/receivers.toml",
        &out.join("receivers.rs"),
        receivers::generate,
    )?;
    generate(
        "rules/facts/registries.toml",
        &out.join("registries.rs"),
        catalog::registries,
    )?;
    generate(
        "rules/facts/timezones.toml",
        &out.join("timezones.rs"),
        catalog::timezones,
    )?;
    generate(
        "rules/facts/units.toml",
        &out.join("units.rs"),
        units::generate,
    )?;
    generate(
        "rules/facts/metric_units.toml",
        &out.join("metric_units.rs"),
        metric_units::generate,
    )?;
    generate(
        "rules/facts/deprecated_metrics.toml",
        &out.join("deprecated_metrics.rs"),
        deprecated::generate,
    )?;
    generate_from(
        &[
            "rules/facts/provisioning.toml",
            "rules/facts/alerting_files.toml",
        ],
        &out.join("provisioning.rs"),
        schema::generate,
    )?;
    generate(
        "rules/facts/secrets.toml",
        &out.join("secrets.rs"),
        secrets::generate,
    )?;
    version::tell();
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    Ok(())
}

fn generate(
    facts: &str,
    to: &Path,
    make: fn(&facts::Table) -> Result<String, String>,
) -> Result<(), String> {
    generate_from(&[facts], to, make)
}

/// The same from several files, whose tables know one another.
fn generate_from(
    files: &[&str],
    to: &Path,
    make: fn(&facts::Table) -> Result<String, String>,
) -> Result<(), String> {
    let mut table = facts::Table::new();
    for facts in files {
        println!("cargo::rerun-if-changed={facts}");
        let text = std::fs::read_to_string(facts).map_err(|e| format!("{facts}: {e}"))?;
        table.extend(facts::parse(&text).map_err(|e| format!("{facts}: {e}"))?);
    }
    let code = make(&table).map_err(|e| format!("{}: {e}", files.join(", ")))?;
    std::fs::write(to, code).map_err(|e| format!("{}: {e}", to.display()))
}
