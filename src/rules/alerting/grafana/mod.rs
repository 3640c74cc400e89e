//! Grafana alerting: what it refuses, what it cannot evaluate, and what nobody is ever told of.

mod classic;
pub(crate) mod condition_drops_zero;
pub(crate) mod condition_not_reduced;
pub(crate) mod duplicate_alert_ref_id;
pub(crate) mod duplicate_alert_uid;
mod evaluator;
pub(crate) mod expression_cycle;
mod facts;
pub(crate) mod invalid_alert_duration;
pub(crate) mod invalid_alert_name;
pub(crate) mod invalid_alert_time_range;
pub(crate) mod invalid_contact_point;
pub(crate) mod invalid_expression;
pub(crate) mod invalid_mute_timing;
pub(crate) mod invalid_notification_template;
pub(crate) mod invalid_policy;
pub(crate) mod invalid_policy_matcher;
mod pipeline;
mod policies;
pub(crate) mod provisioned_and_deleted;
mod receivers;
pub(crate) mod reversed_threshold;
pub(crate) mod undefined_condition;
pub(crate) mod undefined_expression_input;
pub(crate) mod unknown_alert_state;
pub(crate) mod unreachable_policy;

pub(crate) use facts::TEMPLATED_SETTINGS;
