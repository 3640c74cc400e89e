//! Template variables: data flow from their definition to their uses.

pub(crate) mod invalid_variable_regex;
pub(crate) mod multi_value_with_equals;
pub(crate) mod repeat_without_multi;
pub(crate) mod undefined_variable;
pub(crate) mod unused_variable;
pub(crate) mod variable_in_alert;
