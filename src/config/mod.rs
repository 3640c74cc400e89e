//! stub
use crate::diagnostic::Severity;
use crate::model::Language;
use crate::rules::{OptionValue, Rule};
#[derive(Debug, Default)]
pub struct Settings {}
impl Settings {
    /// stub
    pub fn everything() -> Self {
        Settings::default()
    }
    pub fn level(&self, rule: &Rule, _: &str) -> Option<Severity> {
        Some(rule.severity)
    }
    pub fn runs(&self, _: &Rule, _: &str) -> bool {
        true
    }
    pub fn option(&self, rule: &Rule, name: &str) -> OptionValue {
        rule.options
            .iter()
            .find(|o| o.name == name)
            .map_or(OptionValue::Bool(false), |o| o.default.into())
    }
    pub fn rules_language(&self) -> Language {
        Language::PromQl
    }
}
/// stub
pub fn config_schema() -> serde_json::Value {
    serde_json::Value::Null
}
