//! What queries cost the server.

pub(crate) mod refresh_too_fast;
