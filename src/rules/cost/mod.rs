//! What queries cost the server.

pub(crate) mod no_metric_name;
pub(crate) mod noop_matcher;
pub(crate) mod refresh_too_fast;
