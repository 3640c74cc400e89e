//! Units: which ones Grafana knows, and what the values of a query are.
//!
//! [`infer::infer`] says of each part of a query what it is, by the names of its metrics and by what is done to them. A
//! [`value::Value`] has dimensions, a scale, a kind and a confidence; only what is strong contradicts anything.
//! [`compare::mismatch`] holds it against the unit of a panel, [`explain::explain`] says why.

mod binary;
mod cache;
pub mod catalog;
pub mod compare;
pub mod explain;
pub mod infer;
mod known;
pub(crate) mod metrics;
mod near;
pub mod suggest;
pub mod value;

pub use cache::{Cache, Coverage};
pub use infer::{Inference, infer, infer_with};
pub use known::{KnownMetrics, MetricType};
pub use value::{Confidence, Dims, Kind, Value};
