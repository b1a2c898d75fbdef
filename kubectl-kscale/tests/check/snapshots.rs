//! What is found in each committed snapshot, check for check.

use crate::data::{report, states};

#[track_caller]
fn found(name: &str, more: &[&str]) -> String {
    states(&report(name, more)).join("\n")
}

#[test]
fn where_all_is_well_everything_passes() {
    insta::assert_snapshot!(found("healthy", &[]), @"
    kubernetes/version ok
    kubernetes/hpa-api ok
    knative-serving/installed ok
    knative-serving/release ok
    knative-serving/known ok
    knative-serving/operator info
    knative-serving/deployments ok
    config-autoscaler/present ok
    config-autoscaler/valid ok
    config-autoscaler/keys ok
    config-autoscaler/values ok
    config-autoscaler/others ok
    hpa-extension/present ok
    hpa-extension/release ok
    hpa-extension/available ok
    hpa-extension/pods ok
    hpa-extension/waiting ok
    hpa-extension/classes ok
    metrics/resource ok
    metrics/hpas ok
    kserve/installed ok
    kserve/controller ok
    kserve/release ok
    kserve/config ok
    kserve/mode ok
    kserve/crd info
    kserve/runtimes ok
    permissions/read skipped
    ");
}

#[test]
fn a_model_that_waits_for_the_extension_fails_the_check_of_it() {
    insta::assert_snapshot!(found("no-extension", &[]), @"
    kubernetes/version ok
    kubernetes/hpa-api ok
    knative-serving/installed ok
    knative-serving/release ok
    knative-serving/known ok
    knative-serving/operator info
    knative-serving/deployments ok
    config-autoscaler/present ok
    config-autoscaler/valid ok
    config-autoscaler/keys ok
    config-autoscaler/values info
    config-autoscaler/others ok
    hpa-extension/present error
    hpa-extension/classes ok
    metrics/resource ok
    kserve/installed ok
    kserve/controller ok
    kserve/release ok
    kserve/config ok
    kserve/mode ok
    kserve/crd info
    kserve/runtimes ok
    permissions/read skipped
    ");
}

#[test]
fn what_is_missing_for_install_is_told_before() {
    insta::assert_snapshot!(found("no-extension", &["--pre"]), @"
    kubernetes/version ok
    kubernetes/hpa-api ok
    knative-serving/installed ok
    knative-serving/namespace ok
    knative-serving/release ok
    knative-serving/known ok
    knative-serving/operator info
    metrics/resource ok
    permissions/read skipped
    ");
    insta::assert_snapshot!(found("standard", &["--pre"]), @"
    kubernetes/version info
    kubernetes/hpa-api ok
    knative-serving/installed error
    metrics/resource ok
    permissions/read skipped
    ");
}

#[test]
fn one_thing_of_each_kind_is_found() {
    insta::assert_snapshot!(found("broken", &[]), @"
    kubernetes/version warning
    kubernetes/hpa-api ok
    knative-serving/installed ok
    knative-serving/release warning
    knative-serving/known ok
    knative-serving/operator info
    knative-serving/deployments ok
    config-autoscaler/present ok
    config-autoscaler/valid error
    config-autoscaler/keys info
    config-autoscaler/others ok
    hpa-extension/present ok
    hpa-extension/release warning
    hpa-extension/available error
    hpa-extension/pods error
    hpa-extension/waiting error
    hpa-extension/classes error
    metrics/resource error
    metrics/custom error
    metrics/hpas warning
    kserve/installed ok
    kserve/controller ok
    kserve/release ok
    kserve/config ok
    kserve/mode ok
    kserve/crd info
    kserve/runtimes ok
    keda/installed ok
    keda/operator error
    keda/scaledobjects warning
    kubewarden/policy ok
    kubewarden/active warning
    kubewarden/mode info
    permissions/read skipped
    ");
}

#[test]
fn standard_mode_needs_no_knative() {
    insta::assert_snapshot!(found("standard", &[]), @"
    kubernetes/version info
    kubernetes/hpa-api ok
    knative-serving/installed info
    metrics/resource ok
    metrics/hpas ok
    kserve/installed ok
    kserve/controller ok
    kserve/release ok
    kserve/config ok
    kserve/mode ok
    kserve/crd info
    kserve/runtimes ok
    permissions/read skipped
    ");
}

#[test]
fn what_may_not_be_read_is_unknown_and_nothing_else() {
    insta::assert_snapshot!(found("forbidden", &[]), @"
    kubernetes/version skipped
    kubernetes/hpa-api ok
    knative-serving/installed ok
    knative-serving/release skipped
    knative-serving/operator info
    knative-serving/deployments skipped
    config-autoscaler/present skipped
    hpa-extension/present skipped
    metrics/resource skipped
    kserve/installed ok
    kserve/controller skipped
    kserve/release skipped
    kserve/config skipped
    kserve/crd skipped
    kserve/runtimes skipped
    permissions/read skipped
    ");
}
