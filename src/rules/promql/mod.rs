//! PromQL: what Prometheus refuses.

pub(crate) mod invalid_promql;
