//! What of a prediction the user cannot have meant.
//!
//! A rule is one file: its page as doc comment, its code, slug and severity ([`Rule`]), and a function that looks at a
//! workload with everything that is predicted of it. [`RULES`] is the one list of them.
//!
//! Codes are `KS` and three digits, never reused, and grouped by the question they answer: 1xx which autoscaler, 2xx metric
//! and target, 3xx bounds and scale to zero, 4xx resources and metrics supply, 5xx cluster and extension, 6xx ConfigMaps,
//! 7xx revisions and rollouts, 8xx advice, 9xx what is said to kscale itself. What counts as bad: an error is refused, or
//! does not scale as written; a warning works otherwise than it reads; info is advice. A rule that fires on a manifest that is right is a bug of the first rank.

mod annotate;
mod case;
mod findings;
mod ks101_autoscaler_class_in_knative_mode;
mod ks102_knative_annotation_in_standard_mode;
mod ks103_class_without_reconciler;
mod ks104_class_in_both_dialects;
mod ks105_unknown_deployment_mode;
mod ks106_deployment_mode_on_component;
mod ks107_stop_that_stops_nothing;
mod ks108_annotation_beside_field;
mod ks109_annotation_overridden;
mod ks110_unknown_autoscaling_annotation;
mod ks111_alias_beside_canonical;
mod ks112_cluster_class_without_effect;
mod ks113_deployment_mode_fixed;
mod ks114_scaling_from_runtime;
mod ks120_refused_by_kserve;
mod ks121_refused_by_knative;
mod ks122_refused_by_kubernetes;
mod ks123_refused_by_keda;
mod ks124_controller_fails;
mod ks201_dead_annotation;
mod ks202_request_metric_in_standard_mode;
mod ks203_metric_without_target;
mod ks204_memory_target_in_mebibytes;
mod ks205_memory_target_in_percent;
mod ks206_leftover_target;
mod ks207_request_metric_under_hpa_class;
mod ks208_fractional_target;
mod ks209_not_a_number;
mod ks210_percentage_without_effect_on_rps;
mod ks211_kpa_setting_under_hpa_class;
mod ks212_behavior_ignored;
mod ks213_autoscaling_in_knative_mode;
mod ks214_metric_needs_keda;
mod ks215_field_beside_autoscaling;
mod ks216_field_under_keda;
mod ks217_setting_without_autoscaler;
mod ks218_scale_metric_type;
mod ks219_concurrency_limit_in_standard_mode;
mod ks220_target_above_concurrency_limit;
mod ks221_cpu_target_type_ignored;
mod ks222_pod_metric_query;
mod ks223_window_under_hpa_class;
mod ks301_max_unset_never_scales;
mod ks302_max_raised_to_min;
mod ks303_unbounded_hpa;
mod ks304_no_scale_to_zero;
mod ks305_scale_to_zero_disabled;
mod ks306_stripped_annotation;
mod ks307_initial_scale_dropped;
mod ks308_min_above_cluster_max;
mod ks309_initial_scale_zero_under_hpa_class;
mod ks310_misplaced_field;
mod ks311_unknown_field;
mod ks312_field_unknown_to_release;
mod ks401_resources_beside_the_model;
mod ks402_field_lost_on_the_way;
mod ks403_container_without_request;
mod ks404_request_smaller_than_proxy;
mod ks405_metrics_api_missing;
mod ks501_hpa_extension_missing;
mod ks502_keda_missing;
mod ks503_knative_missing;
mod ks504_extension_of_another_release;
mod ks601_config_refused;
mod ks602_unknown_config_key;
mod ks603_setting_in_example;
mod ks604_percentage_of_one;
mod ks605_config_key_without_effect_on_models;
mod ks606_config_of_the_operator;
mod ks701_canary_traffic_in_standard_mode;
mod ks702_auto_update_disabled;
mod ks703_class_changed_in_place;
mod ks704_service_owned_by_kserve;
mod ks705_autoscaler_in_the_way;
mod ks706_class_change_starts_small;
mod ks707_revision_that_never_drains;
mod ks801_scale_to_zero_with_accelerator;
mod ks901_suppression_without_reason;
mod ks902_unknown_suppression;
mod ks903_unused_suppression;
mod output;
mod rule;

// The modules stand above in plain sight: what a macro declares, rustfmt never finds.
macro_rules! rules {
    ($($module:ident: $code:ident),* $(,)?) => {
        $(pub use $module::$code;)*

        /// All rules, in the order of their codes.
        pub static RULES: &[&Rule] = &[$(&$code),*];
    };
}

rules! {
    ks101_autoscaler_class_in_knative_mode: KS101,
    ks102_knative_annotation_in_standard_mode: KS102,
    ks103_class_without_reconciler: KS103,
    ks104_class_in_both_dialects: KS104,
    ks105_unknown_deployment_mode: KS105,
    ks106_deployment_mode_on_component: KS106,
    ks107_stop_that_stops_nothing: KS107,
    ks108_annotation_beside_field: KS108,
    ks109_annotation_overridden: KS109,
    ks110_unknown_autoscaling_annotation: KS110,
    ks111_alias_beside_canonical: KS111,
    ks112_cluster_class_without_effect: KS112,
    ks113_deployment_mode_fixed: KS113,
    ks114_scaling_from_runtime: KS114,
    ks120_refused_by_kserve: KS120,
    ks121_refused_by_knative: KS121,
    ks122_refused_by_kubernetes: KS122,
    ks123_refused_by_keda: KS123,
    ks124_controller_fails: KS124,
    ks201_dead_annotation: KS201,
    ks202_request_metric_in_standard_mode: KS202,
    ks203_metric_without_target: KS203,
    ks204_memory_target_in_mebibytes: KS204,
    ks205_memory_target_in_percent: KS205,
    ks206_leftover_target: KS206,
    ks207_request_metric_under_hpa_class: KS207,
    ks208_fractional_target: KS208,
    ks209_not_a_number: KS209,
    ks210_percentage_without_effect_on_rps: KS210,
    ks211_kpa_setting_under_hpa_class: KS211,
    ks212_behavior_ignored: KS212,
    ks213_autoscaling_in_knative_mode: KS213,
    ks214_metric_needs_keda: KS214,
    ks215_field_beside_autoscaling: KS215,
    ks216_field_under_keda: KS216,
    ks217_setting_without_autoscaler: KS217,
    ks218_scale_metric_type: KS218,
    ks219_concurrency_limit_in_standard_mode: KS219,
    ks220_target_above_concurrency_limit: KS220,
    ks221_cpu_target_type_ignored: KS221,
    ks222_pod_metric_query: KS222,
    ks223_window_under_hpa_class: KS223,
    ks301_max_unset_never_scales: KS301,
    ks302_max_raised_to_min: KS302,
    ks303_unbounded_hpa: KS303,
    ks304_no_scale_to_zero: KS304,
    ks305_scale_to_zero_disabled: KS305,
    ks306_stripped_annotation: KS306,
    ks307_initial_scale_dropped: KS307,
    ks308_min_above_cluster_max: KS308,
    ks309_initial_scale_zero_under_hpa_class: KS309,
    ks310_misplaced_field: KS310,
    ks311_unknown_field: KS311,
    ks312_field_unknown_to_release: KS312,
    ks401_resources_beside_the_model: KS401,
    ks402_field_lost_on_the_way: KS402,
    ks403_container_without_request: KS403,
    ks404_request_smaller_than_proxy: KS404,
    ks405_metrics_api_missing: KS405,
    ks501_hpa_extension_missing: KS501,
    ks502_keda_missing: KS502,
    ks503_knative_missing: KS503,
    ks504_extension_of_another_release: KS504,
    ks601_config_refused: KS601,
    ks602_unknown_config_key: KS602,
    ks603_setting_in_example: KS603,
    ks604_percentage_of_one: KS604,
    ks605_config_key_without_effect_on_models: KS605,
    ks606_config_of_the_operator: KS606,
    ks701_canary_traffic_in_standard_mode: KS701,
    ks702_auto_update_disabled: KS702,
    ks703_class_changed_in_place: KS703,
    ks704_service_owned_by_kserve: KS704,
    ks705_autoscaler_in_the_way: KS705,
    ks706_class_change_starts_small: KS706,
    ks707_revision_that_never_drains: KS707,
    ks801_scale_to_zero_with_accelerator: KS801,
    ks901_suppression_without_reason: KS901,
    ks902_unknown_suppression: KS902,
    ks903_unused_suppression: KS903,
}

/// Codes of rules that are gone. They are never given to another rule.
pub const RETIRED: &[&str] = &[];

use serde_json::Value;

pub(crate) use case::{Bystander, Case, Change, Inert, Pod, Scaled, Workload};
use findings::{Findings, Report};
pub use output::{
    FindingList, GROUPS, Group, ObjectFindings, RuleEntry, RuleList, Summary, Unreadable, list,
};
use rule::Check;
pub use rule::{HEADINGS, Rule};

use crate::explain::{self, Finding, InertSetting};
use crate::facts::Facts;

/// The rule of a code, in upper or lower case, or of a slug.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    let is_it = |rule: &&&Rule| rule.code.eq_ignore_ascii_case(name) || rule.slug == name;
    RULES.iter().find(is_it).copied()
}

/// Judges an object of any kind: what rules find, without the explanation around it. None for kinds that no rule looks at.
/// `old` is the same object as it was before, where that is known: some things are wrong only as a change.
#[must_use]
pub fn judge(object: &Value, old: Option<&Value>, facts: &Facts) -> Option<Vec<Finding>> {
    if let Some(mut found) = explain::findings(object, facts) {
        if let Some(old) = old {
            let change = Change {
                old,
                new: object,
                facts,
            };
            for rule in RULES {
                if let Check::Change(check) = rule.check {
                    check(&change, &mut Findings::of(rule, &mut found));
                }
            }
        }
        return Some(found);
    }
    let bystander = Bystander { object, old, facts };
    if !matches!(bystander.kind(), "ConfigMap" | "Revision" | "PodAutoscaler") {
        return None;
    }
    let mut found = Vec::new();
    for rule in RULES {
        if let Check::Bystander(check) = rule.check {
            check(&bystander, &mut Findings::of(rule, &mut found));
        }
    }
    Some(found)
}

/// Runs every rule on a workload.
pub(crate) fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in RULES {
        let mut findings = Findings::of(rule, &mut found);
        match rule.check {
            Check::Workload(check) => check(case, &mut findings),
            Check::Component(check) => {
                for scaled in &case.scaled {
                    check(case, scaled, &mut findings);
                }
            }
            Check::Inert(advise) => {
                for scaled in &case.scaled {
                    let settings = scaled.explained.inert.iter();
                    for setting in settings.filter(|one| one.rule.as_deref() == Some(rule.code)) {
                        let inert = Inert {
                            case,
                            scaled,
                            setting,
                        };
                        if let Some(advice) = advise(&inert) {
                            findings.push(
                                Report::at(&setting.pointer, without_effect(setting))
                                    .advice(advice),
                            );
                        }
                    }
                }
            }
            Check::Bystander(_) | Check::Host | Check::Change(_) => {}
        }
    }
    found
}

/// The explanation's words on a setting without effect, as a sentence of their own.
fn without_effect(setting: &InertSetting) -> String {
    let name = setting.pointer.rsplit('/').next().unwrap_or_default();
    let name = name.replace("~1", "/").replace("~0", "~");
    let what = match name.parse::<usize>() {
        Ok(_) => "this entry",
        Err(_) => name.as_str(),
    };
    format!("{what} has no effect: {}", setting.why)
}

#[cfg(test)]
mod fix_tests;
#[cfg(test)]
mod target_tests;
#[cfg(test)]
mod tests;
