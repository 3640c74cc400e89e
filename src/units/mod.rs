//! Units: which ones Grafana knows and what a value in one of them means.

pub mod catalog;
mod near;
