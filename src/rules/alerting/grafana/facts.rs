//! Words and limits of Grafana's alert rules, policies and mute timings, from `rules/facts/alerting.toml`.

mod tables {
    include!(concat!(env!("OUT_DIR"), "/alerting.rs"));
}
pub(crate) use tables::{
    BASE_INTERVAL, ERROR_STATES, LONGEST_NAME, LONGEST_UID, MONTHS, NO_DATA_STATES,
    RESERVED_LABELS, TEMPLATED_SETTINGS, WEEKDAYS,
};
