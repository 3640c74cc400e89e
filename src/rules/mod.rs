//! Rules: what each is called, how bad it is, and what it looks at.

pub(crate) mod accessibility;
pub(crate) mod alerting;
pub(crate) mod context;
pub(crate) mod cost;
pub(crate) mod dashboard;
pub(crate) mod meta;
mod place;
pub(crate) mod promql;
pub(crate) mod provisioning;
pub(crate) mod references;
mod run;
pub(crate) mod scrape;
pub(crate) mod security;
pub(crate) mod syntax;
pub(crate) mod thresholds;
pub(crate) mod trail;
pub(crate) mod units;
pub(crate) mod variables;

pub(crate) use context::{Context, Finding, Scope};
pub(crate) use place::{Place, location};
pub(crate) use run::run;

use crate::diagnostic::{Group, Safety, Severity};
use crate::model::{AlertRule, Dashboard, Panel, Query, Rule as PrometheusRule, Variable};
use crate::syntax::NodeRef;

/// One rule: its words, its options and its check.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case, names the bad pattern: "allow `rate-on-gauge`" reads well.
    pub id: &'static str,
    /// What it is about.
    pub group: Group,
    /// The severity of its findings unless configured otherwise; a check may lower a finding's, never raise it.
    pub severity: Severity,
    /// A few words, lower case, no full stop.
    pub summary: &'static str,
    /// The version it came with.
    pub since: &'static str,
    /// The safety of the fix it offers (the best one), if any.
    pub fix: Option<Safety>,
    /// What users may set.
    pub options: &'static [OptionSpec],
    /// Its page in Markdown, from `rules/<group>/<id>.md`.
    pub page: &'static str,
    /// What it looks at.
    pub(crate) check: Check,
}

/// One option of a rule.
#[derive(Debug)]
pub struct OptionSpec {
    /// Its key in `[rules] id = { … }`.
    pub name: &'static str,
    /// Its default, which says its type too.
    pub default: OptionDefault,
    /// One sentence.
    pub doc: &'static str,
}

/// An option's type and default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OptionDefault {
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A string.
    Str(&'static str),
    /// A list of strings.
    List(&'static [&'static str]),
}

impl OptionDefault {
    /// The value as TOML writes it.
    pub fn toml(self) -> String {
        match self {
            OptionDefault::Bool(value) => value.to_string(),
            OptionDefault::Int(value) => value.to_string(),
            OptionDefault::Float(value) => value.to_string(),
            OptionDefault::Str(value) => format!("{value:?}"),
            OptionDefault::List(values) => format!("{values:?}"),
        }
    }
}

/// What a rule looks at, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Check {
    /// Nothing of its own: the parser, the model or an analysis that owns several rules emits its findings.
    Emitted,
    /// Nothing of its own: the check of the rule of this id emits its findings.
    EmittedBy(&'static str),
    /// A document as a whole, whatever it is.
    Document(for<'t> fn(&mut Context<'_, 't>)),
    /// A dashboard as a whole.
    Dashboard(for<'t> fn(&Dashboard<'t>, &mut Context<'_, 't>)),
    /// Every panel.
    Panel(for<'t> fn(&Panel<'t>, &mut Context<'_, 't>)),
    /// Every query in PromQL: of panels, annotations, Prometheus rules and Grafana alerts.
    Query(for<'t> fn(&Query<'t>, &mut Context<'_, 't>)),
    /// Every template variable.
    Variable(for<'t> fn(&Variable<'t>, &mut Context<'_, 't>)),
    /// Every alert of both engines, through one face.
    Alert(for<'t> fn(&Alert<'t>, &mut Context<'_, 't>)),
}

/// An alert of either engine.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Alert<'t> {
    /// `alert:` in Prometheus rules.
    Prometheus(PrometheusRule<'t>),
    /// A rule of Grafana alerting.
    Grafana(AlertRule<'t>),
}

impl<'t> Alert<'t> {
    /// Its object.
    pub(crate) fn node(&self) -> NodeRef<'t> {
        match self {
            Alert::Prometheus(rule) => rule.node,
            Alert::Grafana(rule) => rule.node,
        }
    }

    /// A label.
    pub(crate) fn label(&self, name: &str) -> Option<NodeRef<'t>> {
        self.node().path(&["labels", name])
    }
}

/// The value of a rule's option.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionValue {
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A string.
    Str(String),
    /// A list of strings.
    List(Vec<String>),
}

impl From<OptionDefault> for OptionValue {
    fn from(default: OptionDefault) -> Self {
        match default {
            OptionDefault::Bool(value) => OptionValue::Bool(value),
            OptionDefault::Int(value) => OptionValue::Int(value),
            OptionDefault::Float(value) => OptionValue::Float(value),
            OptionDefault::Str(value) => OptionValue::Str(value.to_owned()),
            OptionDefault::List(values) => {
                OptionValue::List(values.iter().map(|&value| value.to_owned()).collect())
            }
        }
    }
}

/// Every native rule, by group and id.
pub static RULES: &[&Rule] = &[
    &syntax::INVALID_SYNTAX,
    &syntax::UNREADABLE_FILE,
    &syntax::JSON_COMMENT,
    &syntax::TRAILING_COMMA,
    &syntax::DUPLICATE_KEY,
    &syntax::BYTE_ORDER_MARK,
    &syntax::LONE_SURROGATE,
    &dashboard::angular_panel::RULE,
    &dashboard::bad_refresh::RULE,
    &dashboard::bad_time_range::RULE,
    &dashboard::bad_timezone::RULE,
    &dashboard::deprecated_panel::RULE,
    &dashboard::legacy_panel_alert::RULE,
    &dashboard::schema_too_new::RULE,
    &dashboard::unknown_override_matcher::RULE,
    &dashboard::unknown_override_property::RULE,
    &dashboard::unknown_panel_type::RULE,
    &dashboard::unknown_reducer::RULE,
    &dashboard::unknown_transformation::RULE,
    &dashboard::wrong_type::RULE,
    &promql::invalid_promql::RULE,
    &promql::invalid_promql::PARSER_DISAGREEMENT,
    &promql::experimental_promql::RULE,
    &promql::invalid_variable_query::RULE,
    &promql::invalid_logql::RULE,
    &promql::rate_on_gauge::RULE,
    &promql::delta_on_counter::RULE,
    &promql::deprecated_metric::RULE,
    &promql::counter_without_rate::RULE,
    &promql::raw_counter_in_graph::RULE,
    &promql::impossible_label::RULE,
    &promql::impossible_matching::RULE,
    &promql::dead_code::RULE,
    &promql::useless_group_left::RULE,
    &promql::label_removed_again::RULE,
    &promql::contradictory_matchers::RULE,
    &promql::quantile_out_of_range::RULE,
    &promql::histogram_quantile_without_le::RULE,
    &promql::histogram_quantile_without_rate::RULE,
    &promql::rate_of_sum::RULE,
    &promql::rate_of_rate::RULE,
    &promql::unknown_capture_group::RULE,
    &promql::irate_in_alert::RULE,
    &promql::bool_in_alert::RULE,
    &promql::topk_in_alert::RULE,
    &promql::comparison_chain::RULE,
    &promql::impossible_comparison::RULE,
    &promql::impossible_regex::RULE,
    &promql::unknown_metric::RULE,
    &promql::label_taken_apart::RULE,
    &promql::short_range::RULE,
    &promql::beyond_retention::RULE,
    &promql::nan_division::RULE,
    &promql::fragile_comparison::RULE,
    &promql::absent_of_aggregation::RULE,
    &promql::float_equality::RULE,
    &promql::alert_state_misuse::RULE,
    &promql::up_without_job::RULE,
    &promql::histogram_quantile_without_buckets::RULE,
    &variables::undefined_variable::RULE,
    &variables::multi_value_with_equals::RULE,
    &variables::invalid_variable_regex::RULE,
    &variables::unused_variable::RULE,
    &variables::variable_in_alert::RULE,
    &variables::single_value_with_regex::RULE,
    &variables::wrong_variable_format::RULE,
    &variables::variable_cycle::RULE,
    &variables::unknown_variable_type::RULE,
    &variables::variable_is_no_duration::RULE,
    &variables::variable_out_of_place::RULE,
    &variables::invalid_all_value::RULE,
    &variables::all_value_matches_missing_label::RULE,
    &variables::all_without_all_value::RULE,
    &variables::stale_current::RULE,
    &variables::fixed_interval::RULE,
    &variables::interval_under_rate::RULE,
    &variables::interval_below_scrape::RULE,
    &variables::variable_not_refreshed::RULE,
    &variables::missing_datasource_variable::RULE,
    &variables::missing_label_variable::JOB,
    &variables::missing_label_variable::INSTANCE,
    &variables::selector_without_label::JOB,
    &variables::selector_without_label::INSTANCE,
    &variables::repeat_without_multi::RULE,
    &alerting::invalid_rule::RULE,
    &alerting::unknown_rule_field::RULE,
    &alerting::invalid_rule_name::RULE,
    &alerting::invalid_rule::DUPLICATE_GROUP,
    &alerting::unread_document::RULE,
    &alerting::too_many_rules::RULE,
    &alerting::duplicates::DUPLICATE,
    &alerting::duplicates::OVERLAPPING,
    &alerting::templates::RULE,
    &alerting::templates::FAILING,
    &alerting::value_in_label::RULE,
    &alerting::label_not_in_result::RULE,
    &alerting::unreadable_value::RAW,
    &alerting::unreadable_value::WRONG,
    &alerting::always_firing::RULE,
    &alerting::absent_without_for::RULE,
    &alerting::for_below_interval::RULE,
    &alerting::legacy_alert::RULE,
    &alerting::long_group_interval::RULE,
    &alerting::missing_for::RULE,
    &alerting::severity::MISSING,
    &alerting::severity::UNKNOWN,
    &alerting::missing_summary::RULE,
    &alerting::dashboard_link::RULE,
    &alerting::missing_runbook::RULE,
    &alerting::invalid_runbook_url::RULE,
    &alerting::runbook_file::RULE,
    &alerting::runbook_pattern::RULE,
    &alerting::panel_runbook::RULE,
    &alerting::grafana::condition_not_reduced::RULE,
    &alerting::grafana::condition_drops_zero::RULE,
    &alerting::grafana::duplicate_alert_ref_id::RULE,
    &alerting::grafana::duplicate_alert_uid::RULE,
    &alerting::grafana::expression_cycle::RULE,
    &alerting::grafana::invalid_alert_duration::RULE,
    &alerting::grafana::invalid_alert_name::RULE,
    &alerting::grafana::invalid_alert_time_range::RULE,
    &alerting::grafana::invalid_contact_point::RULE,
    &alerting::grafana::invalid_contact_point::UNKNOWN_SETTING,
    &alerting::grafana::invalid_expression::RULE,
    &alerting::grafana::invalid_mute_timing::RULE,
    &alerting::grafana::invalid_notification_template::RULE,
    &alerting::grafana::invalid_notification_template::REDEFINED,
    &alerting::grafana::invalid_policy::RULE,
    &alerting::grafana::invalid_policy_matcher::RULE,
    &alerting::grafana::provisioned_and_deleted::RULE,
    &alerting::grafana::reversed_threshold::RULE,
    &alerting::grafana::undefined_condition::RULE,
    &alerting::grafana::undefined_expression_input::RULE,
    &alerting::grafana::unknown_alert_state::RULE,
    &alerting::grafana::unreachable_policy::RULE,
    &units::unknown_unit::RULE,
    &units::percent_range::RULE,
    &units::threshold_scale::RULE,
    &units::unit_mismatch::RULE,
    &units::adding_different_units::RULE,
    &units::bucket_scaling::RULE,
    &units::missing_unit::RULE,
    &units::inconsistent_unit::RULE,
    &units::misleading_record_name::RULE,
    &units::mixed_units_in_panel::RULE,
    &units::lesser::LOSSY_RATE,
    &units::lesser::DECIMAL_VS_BINARY,
    &accessibility::color_only_status::RULE,
    &accessibility::colors_indistinguishable::RULE,
    &accessibility::series_colors_alike::RULE,
    &accessibility::text_contrast::RULE,
    &accessibility::palette_not_accessible::RULE,
    &accessibility::inconsistent_status_colors::RULE,
    &accessibility::unknown_color::RULE,
    &cost::no_metric_name::RULE,
    &cost::name_regex::RULE,
    &cost::noop_matcher::RULE,
    &cost::regex_literal::RULE,
    &cost::regex_literal::REDUNDANT_ANCHOR,
    &cost::without_nothing::RULE,
    &cost::bucket_unaggregated::RULE,
    &cost::long_range::RULE,
    &cost::long_range::SUBQUERY_POINTS,
    &cost::topk_in_graph::RULE,
    &cost::unbounded_label::RULE,
    &cost::refresh_too_fast::RULE,
    &cost::budget::PANEL_COST,
    &cost::budget::DASHBOARD_COST,
    &cost::budget::TOO_MANY_QUERIES,
    &cost::budget::QUERIES_PER_VIEWER,
    &cost::budget::RAW_SERIES_IN_GRAPH,
    &cost::over_budget::RULE,
    &cost::exists_only::RULE,
    &cost::leading_wildcard::RULE,
    &cost::label_values_all::RULE,
    &cost::bucket_many_by::RULE,
    &cost::recording_rule_available::RULE,
    &cost::whole_range_window::RULE,
    &cost::rate_interval_over_long_range::RULE,
    &cost::many_to_many::RULE,
    &cost::high_cardinality_rule::RULE,
    &dashboard::duplicate_panel_id::RULE,
    &dashboard::panel_without_id::RULE,
    &dashboard::duplicate_ref_id::RULE,
    &dashboard::missing_title::RULE,
    &dashboard::uid_too_long::RULE,
    &dashboard::uid_bad_characters::RULE,
    &dashboard::panels_overlap::RULE,
    &dashboard::panel_off_grid::RULE,
    &dashboard::missing_element::RULE,
    &dashboard::panel_hidden_by_row::RULE,
    &dashboard::panel_left_out::RULE,
    &dashboard::panel_without_targets::RULE,
    &dashboard::hard_coded_data_source::RULE,
    &dashboard::data_source_by_name::RULE,
    &dashboard::missing_description::RULE,
    &dashboard::undescribed_panel::RULE,
    &dashboard::too_many_panels::RULE,
    &dashboard::editable_dashboard::RULE,
    &dashboard::unresolved_input::RULE,
    &dashboard::api_wrapper_in_provisioning::RULE,
    &dashboard::duplicate_uid::RULE,
    &dashboard::duplicate_title_in_folder::RULE,
    &dashboard::broken_link_to_dashboard::RULE,
    &dashboard::legend_label_not_in_result::RULE,
    &dashboard::legend_syntax::RULE,
    &dashboard::missing_legend::RULE,
    &dashboard::unknown_field_reference::RULE,
    &dashboard::override_of_missing_column::RULE,
    &meta::INVALID_CONFIG,
    &meta::UNUSED_CONFIG,
    &meta::UNUSED_IGNORE,
    &meta::EXPIRED_IGNORE,
    &meta::IGNORE_WITHOUT_REASON,
    &meta::INVALID_SUPPRESSION,
    &meta::UNUSED_SUPPRESSION,
    &meta::EXPIRED_SUPPRESSION,
    &meta::SUPPRESSION_WITHOUT_REASON,
    &provisioning::keys::UNKNOWN_KEY,
    &provisioning::keys::WRONG_TYPE,
    &provisioning::keys::WRONG_VALUE,
    &provisioning::keys::MISSING_KEY,
    &provisioning::keys::EMPTY_DURATION,
    &provisioning::missing_api_version::RULE,
    &provisioning::several_default_data_sources::RULE,
    &provisioning::duplicate_data_source::RULE,
    &provisioning::invalid_data_source_uid::RULE,
    &provisioning::duplicate_provider_name::RULE,
    &provisioning::overlapping_providers::RULE,
    &provisioning::plugin_not_installed::RULE,
    &provisioning::folder_beside_files_structure::RULE,
    &provisioning::legacy_notifiers::RULE,
    &provisioning::unescaped_dollar::RULE,
    &provisioning::unread_provisioning_file::RULE,
    &security::plain_text_secret::RULE,
    &security::plain_text_secret::PLACEHOLDER,
    &security::secret_in_json_data::RULE,
    &security::ui_updates_allowed::RULE,
    &security::open_grafana::ANONYMOUS,
    &security::open_grafana::UNSIGNED,
    &thresholds::thresholds_out_of_order::RULE,
    &thresholds::default_thresholds_left::RULE,
    &thresholds::duplicate_threshold_value::RULE,
    &thresholds::empty_threshold_steps::RULE,
    &thresholds::gauge_without_range::RULE,
    &thresholds::inconsistent_thresholds::RULE,
    &thresholds::mapping_range_reversed::RULE,
    &thresholds::min_above_max::RULE,
    &thresholds::overlapping_mappings::RULE,
    &thresholds::panel_and_alert_disagree::RULE,
    &thresholds::threshold_direction::RULE,
    &thresholds::threshold_outside_min_max::RULE,
    &thresholds::threshold_percentage_out_of_range::RULE,
    &thresholds::threshold_without_value::RULE,
    &thresholds::thresholds_without_effect::RULE,
    &thresholds::unreachable_mapping::RULE,
    &references::unknown_data_source::RULE,
    &references::unknown_contact_point::RULE,
    &references::unknown_mute_timing::RULE,
    &references::unknown_notification_template::RULE,
    &references::unknown_folder::RULE,
    &references::unknown_library_panel::RULE,
    &references::provider_without_dashboards::RULE,
    &references::recorded_in_another_group::RULE,
    &references::unrecorded_metric::RULE,
    &references::removed_in_use::RULE,
];

/// The rule called `id`.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// A finding on a file that cannot be read: what is wrong, and where.
pub(crate) fn unreadable(
    file: &std::sync::Arc<str>,
    message: &str,
    at: crate::source::Position,
    settings: &crate::config::Settings,
) -> Option<crate::diagnostic::Diagnostic> {
    use crate::diagnostic::{Diagnostic, Location, Quotes, Range, fingerprint};
    let rule = &syntax::UNREADABLE_FILE;
    let severity = settings.level(rule, file)?;
    Some(Diagnostic {
        rule: rule.id.into(),
        group: rule.group,
        severity,
        message: format!("the file cannot be read: {message}"),
        label: None,
        help: None,
        quotes: Quotes::Anything,
        location: Location::in_file(file.clone(), Range { start: at, end: at }),
        trail: Vec::new(),
        related: Vec::new(),
        fix: None,
        cause: None,
        measure: None,
        suppressed: None,
        fingerprint: fingerprint([rule.id, file]),
        by_title: None,
    })
}
