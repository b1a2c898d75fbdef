//! Where the rules about metrics and targets, KS201 to KS223, begin and end.

mod settings;

use serde_json::{Value, json};

use super::judge;
use crate::explain::{Finding, Safety, Severity};
use crate::facts::{Fact, Facts, FactsSource};
use crate::kserve::Release;

const STANDARD: (&str, &str) = ("serving.kserve.io/deploymentMode", "Standard");
const KNATIVE: (&str, &str) = ("serving.kserve.io/deploymentMode", "Knative");
const HPA: (&str, &str) = (
    "autoscaling.knative.dev/class",
    "hpa.autoscaling.knative.dev",
);
const METRIC: &str = "autoscaling.knative.dev/metric";
const TARGET: &str = "autoscaling.knative.dev/target";
const CLASS: &str = "serving.kserve.io/autoscalerClass";
const OLD_TARGET: &str = "serving.kserve.io/targetUtilizationPercentage";

/// An InferenceService with these annotations and these fields of its predictor.
fn service(annotations: &[(&str, &str)], fields: &Value) -> Value {
    let mut predictor = json!({
        "minReplicas": 1,
        "maxReplicas": 4,
        "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/iris"},
    });
    for (key, value) in fields.as_object().into_iter().flatten() {
        predictor[key] = value.clone();
    }
    let annotations: Value = annotations
        .iter()
        .map(|(key, value)| (*key, *value))
        .collect();
    json!({
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": "iris", "namespace": "default", "annotations": annotations},
        "spec": {"predictor": predictor},
    })
}

fn found_by(code: &str, object: &Value, facts: &Facts) -> Vec<Finding> {
    let all = judge(object, None, facts).unwrap_or_default();
    all.into_iter()
        .filter(|finding| finding.code == code)
        .collect()
}

/// What one rule finds without any facts about the cluster.
fn found(code: &str, annotations: &[(&str, &str)], fields: &Value) -> Vec<Finding> {
    found_by(code, &service(annotations, fields), &Facts::shipped())
}

fn is_silent(code: &str, annotations: &[(&str, &str)], fields: &Value) {
    let found = found(code, annotations, fields);
    assert!(found.is_empty(), "{found:#?}");
}

fn at(release: Release) -> Facts {
    Facts::shipped().with_kserve(Fact::known(release, "the test"))
}

fn safety(finding: &Finding) -> Option<Safety> {
    finding.fix.as_ref().map(|fix| fix.safety)
}

fn cpu(target: &Value) -> Value {
    json!({"metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]})
}

#[test]
fn a_dead_annotation_is_as_bad_as_what_is_lost() {
    let severity = |text: &str, fields: Value| {
        let found = found("KS201", &[STANDARD, (OLD_TARGET, text)], &fields);
        (found[0].severity, safety(&found[0]))
    };
    let safe = Some(Safety::Safe);
    assert_eq!(
        severity("60", json!({})),
        (Severity::Error, Some(Safety::NeedsReview))
    );
    assert_eq!(severity("80", json!({})), (Severity::Info, safe));
    assert_eq!(
        severity("60", json!({"scaleTarget": 70})),
        (Severity::Warning, safe)
    );
    assert_eq!(severity("many", json!({})), (Severity::Error, None));
    assert_eq!(severity("600", json!({})), (Severity::Error, None));
}

#[test]
fn a_dead_annotation_stays_while_it_tells_what_the_target_was_meant_for() {
    let fix = |fields: Value| safety(&found("KS201", &[KNATIVE, (OLD_TARGET, "80")], &fields)[0]);
    assert_eq!(fix(json!({"scaleTarget": 80})), None);
    let settled = json!({"scaleTarget": 80, "scaleMetric": "concurrency"});
    assert_eq!(fix(settled), Some(Safety::Safe));
}

#[test]
fn the_annotation_is_alive_until_0_14() {
    let object = service(
        &[
            ("serving.kserve.io/deploymentMode", "RawDeployment"),
            (OLD_TARGET, "60"),
        ],
        &json!({}),
    );
    assert!(found_by("KS201", &object, &at(Release::new(0, 14, 1))).is_empty());
    assert_eq!(
        found_by("KS201", &object, &at(Release::new(0, 15, 0))).len(),
        1
    );
}

#[test]
fn a_metric_of_requests_that_kserve_refuses_is_left_to_the_refusal() {
    let fields = json!({"scaleMetric": "rps", "scaleTarget": 5});
    assert_eq!(
        found("KS202", &[STANDARD], &fields).len(),
        1,
        "metric and target are one finding"
    );
    is_silent("KS202", &[STANDARD, (CLASS, "hpa")], &fields);
    is_silent("KS202", &[KNATIVE], &fields);
}

#[test]
fn only_cpu_needs_no_target() {
    is_silent("KS203", &[STANDARD], &json!({"scaleMetric": "cpu"}));
    is_silent("KS203", &[HPA], &json!({"scaleMetric": "cpu"}));
    is_silent(
        "KS203",
        &[HPA, (METRIC, "memory"), (TARGET, "900")],
        &json!({}),
    );
    let custom = found("KS203", &[HPA, (METRIC, "queue_length")], &json!({}));
    assert_eq!(
        custom[0].pointer,
        "/metadata/annotations/autoscaling.knative.dev~1metric"
    );
    assert_eq!(safety(&custom[0]), None, "nobody can choose its target");
    let field = found("KS203", &[HPA], &json!({"scaleMetric": "memory"}));
    assert_eq!(field[0].pointer, "/spec/predictor/scaleMetric");
}

#[test]
fn mebibytes_are_right_for_a_small_pod() {
    let with = |request: &str, target: &str| {
        let model = json!({
            "modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/iris",
            "resources": {"requests": {"memory": request}},
        });
        found(
            "KS204",
            &[HPA, (METRIC, "memory"), (TARGET, target)],
            &json!({"model": model}),
        )
    };
    assert_eq!(with("2Gi", "80").len(), 1);
    assert_eq!(with("2Gi", "101").len(), 0);
    assert_eq!(with("128Mi", "80").len(), 0);
    let unknown = found(
        "KS204",
        &[HPA, (METRIC, "memory"), (TARGET, "80")],
        &json!({}),
    );
    assert_eq!((unknown.len(), safety(&unknown[0])), (1, None));
}

#[test]
fn more_than_all_of_the_memory_is_right_where_the_limit_leaves_room() {
    let with = |target: i64, limit: &str| {
        let model = json!({
            "modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/iris",
            "resources": {"requests": {"memory": "1Gi"}, "limits": {"memory": limit}},
        });
        let fields = json!({"scaleMetric": "memory", "scaleTarget": target, "model": model});
        found("KS205", &[STANDARD], &fields).len()
    };
    assert_eq!((with(100, "1Gi"), with(101, "1Gi")), (0, 1));
    assert_eq!((with(200, "2Gi"), with(201, "2Gi")), (0, 1));
    is_silent(
        "KS205",
        &[STANDARD],
        &json!({"scaleMetric": "cpu", "scaleTarget": 500}),
    );
    let refused = json!({"scaleMetric": "memory", "scaleTarget": 500});
    is_silent("KS205", &[STANDARD, (CLASS, "hpa")], &refused);
}

#[test]
fn a_target_of_requests_under_its_own_metric_is_right() {
    is_silent(
        "KS206",
        &[KNATIVE],
        &json!({"scaleMetric": "concurrency", "scaleTarget": 1}),
    );
    is_silent("KS206", &[KNATIVE], &json!({"scaleTarget": 1}));
    is_silent("KS206", &[KNATIVE], &json!({"scaleTarget": 80}));
    let class = (CLASS, "hpa");
    is_silent(
        "KS206",
        &[KNATIVE, class],
        &json!({"scaleMetric": "concurrency", "scaleTarget": 80}),
    );
    is_silent(
        "KS206",
        &[KNATIVE, (CLASS, "external")],
        &json!({"scaleTarget": 80}),
    );
    assert_eq!(
        found("KS206", &[KNATIVE, class], &json!({"scaleTarget": 80})).len(),
        1
    );
}

#[test]
fn a_few_percent_of_cpu_read_like_requests() {
    let severity = |annotations: &[(&str, &str)], fields: Value| {
        let found = found("KS206", annotations, &fields);
        found.first().map(|finding| finding.severity)
    };
    assert_eq!(
        severity(&[STANDARD], json!({"scaleTarget": 9})),
        Some(Severity::Warning)
    );
    assert_eq!(severity(&[STANDARD], json!({"scaleTarget": 10})), None);
    assert_eq!(
        severity(&[HPA, (TARGET, "5")], json!({})),
        Some(Severity::Warning)
    );
    let said = json!({"scaleMetric": "cpu", "scaleTarget": 5});
    assert_eq!(severity(&[STANDARD], said), Some(Severity::Info));
    let percent = cpu(&json!({"type": "Utilization", "averageUtilization": 5}));
    assert_eq!(severity(&[STANDARD], json!({"autoScaling": percent})), None);
}

#[test]
fn a_metric_of_requests_under_the_hpa_class_needs_a_target_to_be_custom() {
    assert_eq!(
        found("KS207", &[HPA, (METRIC, "rps"), (TARGET, "5")], &json!({})).len(),
        1
    );
    is_silent("KS207", &[HPA, (METRIC, "rps")], &json!({}));
    assert_eq!(found("KS203", &[HPA, (METRIC, "rps")], &json!({})).len(), 1);
    is_silent(
        "KS207",
        &[HPA, (METRIC, "requests_per_second"), (TARGET, "5")],
        &json!({}),
    );
    is_silent(
        "KS207",
        &[KNATIVE, (METRIC, "rps"), (TARGET, "5")],
        &json!({}),
    );
    let refused = json!({"scaleMetric": "rps", "scaleTarget": 5});
    is_silent("KS207", &[HPA], &refused);
}

#[test]
fn fractions_matter_where_they_are_cut() {
    let cut = |class: (&str, &str), metric: &str, target: &str| {
        let found = found(
            "KS208",
            &[class, (METRIC, metric), (TARGET, target)],
            &json!({}),
        );
        found
            .first()
            .map(|finding| (finding.severity, safety(finding)))
    };
    let safe = Some((Severity::Warning, Some(Safety::Safe)));
    assert_eq!(cut(HPA, "memory", "1500.5"), safe);
    assert_eq!(
        cut(HPA, "queue", "0.5"),
        Some((Severity::Error, Some(Safety::NeedsReview)))
    );
    assert_eq!(cut(HPA, "queue", "10.0"), None);
    assert_eq!(cut(HPA, "cpu", "70.5"), None, "cpu is rounded up");
    assert_eq!(
        cut(KNATIVE, "concurrency", "0.5"),
        None,
        "the KPA knows fractions"
    );
    assert_eq!(
        cut(HPA, "queue", "NaN"),
        None,
        "KS209 has a better word for it"
    );
}

#[test]
fn no_number_is_found_where_it_is_read_and_gets_through() {
    let codes = |annotations: &[(&str, &str)]| found("KS209", annotations, &json!({})).len();
    let share = "autoscaling.knative.dev/target-utilization-percentage";
    let burst = "autoscaling.knative.dev/targetBurstCapacity";
    assert_eq!(codes(&[KNATIVE, (TARGET, "nan")]), 1);
    assert_eq!(codes(&[KNATIVE, (TARGET, "+Inf")]), 1);
    assert_eq!(codes(&[KNATIVE, (TARGET, "-Inf")]), 0, "refused");
    assert_eq!(codes(&[KNATIVE, (share, "NaN"), (burst, "NaN")]), 2);
    assert_eq!(codes(&[KNATIVE, (share, "Inf")]), 0, "refused");
    assert_eq!(
        codes(&[HPA, (share, "NaN")]),
        0,
        "the HPA class does not read it"
    );
    assert_eq!(
        codes(&[STANDARD, (TARGET, "NaN")]),
        0,
        "Standard mode reads none"
    );
    let overridden = service(&[KNATIVE, (TARGET, "NaN")], &json!({"scaleTarget": 5}));
    assert!(found_by("KS209", &overridden, &Facts::shipped()).is_empty());
}

#[test]
fn the_share_for_rps_is_advice_where_the_cluster_is_known() {
    let facts = |share: &str| {
        let config = json!({
            "kind": "ConfigMap", "metadata": {"name": "config-autoscaler", "namespace": "knative-serving"},
            "data": {"container-concurrency-target-percentage": share},
        });
        Facts::from_objects([&config], FactsSource::Snapshot)
    };
    let object = service(
        &[KNATIVE],
        &json!({"scaleMetric": "rps", "scaleTarget": 100}),
    );
    assert_eq!(found_by("KS210", &object, &facts("85")).len(), 1);
    assert!(
        found_by("KS210", &object, &facts("0.7")).is_empty(),
        "70 %, as for rps"
    );
    assert!(found_by("KS210", &object, &Facts::shipped()).is_empty());
    let concurrency = service(&[KNATIVE], &json!({"scaleMetric": "concurrency"}));
    assert!(found_by("KS210", &concurrency, &facts("85")).is_empty());
}
