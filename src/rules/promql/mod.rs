//! PromQL: what Prometheus refuses. And what Loki does.

pub(crate) mod experimental_promql;
pub(crate) mod invalid_logql;
pub(crate) mod invalid_promql;
pub(crate) mod invalid_variable_query;
