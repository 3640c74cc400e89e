//! Secrets in plain text, and settings that let in more people than one thinks.

pub(crate) mod open_grafana;
pub(crate) mod plain_text_secret;
pub(crate) mod secret_in_json_data;
mod secrets;
mod settings;
pub(crate) mod ui_updates_allowed;
