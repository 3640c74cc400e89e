//! Grafana's alerting files: what Grafana takes is clean, and whatever is wrong with one key is found at that key.
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod fixtures;
mod keys;
mod valid;
