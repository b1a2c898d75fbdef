//! Settings without effect, and settings that mean something else: KS211 to KS223.

use serde_json::{Value, json};

use super::{CLASS, HPA, KNATIVE, STANDARD, at, cpu, found, found_by, is_silent, safety, service};
use crate::explain::{Safety, Severity, explain};
use crate::facts::{Fact, Facts};
use crate::kserve::Release;

#[test]
fn settings_of_the_kpa_are_missed_under_the_hpa_class_in_either_spelling() {
    let delay = ("autoscaling.knative.dev/scaleDownDelay", "5m");
    let found = found("KS211", &[HPA, delay], &json!({}));
    assert!(
        found[0].help.contains("autoscaling.knative.dev/window"),
        "{}",
        found[0].help
    );
    is_silent("KS211", &[KNATIVE, delay], &json!({}));
    is_silent(
        "KS211",
        &[HPA, ("autoscaling.knative.dev/window", "30s")],
        &json!({}),
    );
}

#[test]
fn behavior_is_missed_only_where_it_says_something() {
    let with = |class: &str, behavior: Value| {
        let mut scaling = cpu(&json!({"type": "Utilization", "averageUtilization": 60}));
        scaling["behavior"] = behavior;
        let found = found(
            "KS212",
            &[STANDARD, (CLASS, class)],
            &json!({"autoScaling": scaling}),
        );
        found
            .into_iter()
            .map(|finding| finding.pointer)
            .collect::<Vec<_>>()
    };
    assert!(with("hpa", json!({})).is_empty());
    let defaults = json!({"scaleDown": {"stabilizationWindowSeconds": 300}});
    assert!(with("hpa", defaults).is_empty());
    let windows = json!({"scaleUp": {"stabilizationWindowSeconds": 30}});
    assert_eq!(
        with("hpa", windows.clone()),
        ["/spec/predictor/autoScaling/behavior"]
    );
    assert!(with("keda", windows).is_empty());
    let policies =
        json!({"scaleUp": {"policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}]}});
    assert_eq!(
        with("keda", policies),
        ["/spec/predictor/autoScaling/behavior/scaleUp/policies"]
    );
}

#[test]
fn auto_scaling_in_knative_mode_is_worse_where_nothing_else_is_written() {
    let scaling = cpu(&json!({"type": "Utilization", "averageUtilization": 60}));
    let severity = |fields: Value| {
        let found = found("KS213", &[KNATIVE], &fields);
        found
            .first()
            .map(|finding| (finding.severity, safety(finding)))
    };
    assert_eq!(
        severity(json!({"autoScaling": scaling})),
        Some((Severity::Error, None))
    );
    let both = json!({"autoScaling": scaling, "scaleMetric": "rps", "scaleTarget": 5});
    assert_eq!(
        severity(both),
        Some((Severity::Warning, Some(Safety::Safe)))
    );
    assert_eq!(severity(json!({"autoScaling": {}})), None);
}

#[test]
fn an_entry_for_keda_is_left_to_kserves_refusal() {
    let external = json!({"metrics": [{"type": "External", "external": {
        "metric": {"backend": "prometheus", "serverAddress": "http://p", "query": "up"},
        "target": {"type": "Value", "value": "5"},
    }}]});
    let fields = json!({"autoScaling": external});
    assert_eq!(found("KS214", &[STANDARD], &fields).len(), 1);
    is_silent("KS214", &[STANDARD, (CLASS, "hpa")], &fields);
    is_silent("KS214", &[STANDARD, (CLASS, "keda")], &fields);
    let mut facts = Facts::shipped();
    facts.keda_installed = Fact::known(Some(false), "the test");
    let found = found_by("KS214", &service(&[STANDARD], &fields), &facts);
    assert_eq!(safety(&found[0]), None, "KEDA is not there");
}

#[test]
fn fields_beside_auto_scaling_may_say_the_same() {
    let scaling = cpu(&json!({"type": "Utilization", "averageUtilization": 60}));
    let same = json!({"autoScaling": scaling, "scaleMetric": "cpu", "scaleTarget": 60});
    is_silent("KS215", &[STANDARD], &same);
    let other = json!({"autoScaling": scaling, "scaleMetric": "memory", "scaleTarget": 60});
    assert_eq!(found("KS215", &[STANDARD], &other).len(), 2);
    let empty = found(
        "KS215",
        &[STANDARD],
        &json!({"autoScaling": {}, "scaleTarget": 60}),
    );
    assert_eq!(safety(&empty[0]), Some(Safety::NeedsReview));
}

#[test]
fn a_field_left_over_under_keda_is_a_warning() {
    let scaling = cpu(&json!({"type": "Utilization", "averageUtilization": 60}));
    let keda = [STANDARD, (CLASS, "keda")];
    let left = found(
        "KS216",
        &keda,
        &json!({"autoScaling": scaling, "scaleTarget": 60}),
    );
    assert_eq!(
        (left[0].severity, safety(&left[0])),
        (Severity::Warning, Some(Safety::Safe))
    );
    let alone = found("KS216", &keda, &json!({"scaleTarget": 60}));
    assert_eq!(alone[0].severity, Severity::Error);
    is_silent("KS216", &keda, &json!({"scaleMetric": "cpu"}));
}

#[test]
fn bounds_that_agree_with_a_fixed_number_are_right() {
    let none = [STANDARD, (CLASS, "none")];
    is_silent("KS217", &none, &json!({"minReplicas": 2, "maxReplicas": 2}));
    assert_eq!(
        found("KS217", &none, &json!({"minReplicas": 2, "maxReplicas": 3})).len(),
        1
    );
    let external = [STANDARD, (CLASS, "external")];
    is_silent(
        "KS217",
        &external,
        &json!({"minReplicas": 1, "maxReplicas": 0}),
    );
    assert_eq!(
        found(
            "KS217",
            &external,
            &json!({"minReplicas": 2, "maxReplicas": 0})
        )
        .len(),
        1
    );
}

#[test]
fn a_metric_type_that_names_what_is_done_is_right() {
    let with = |kind: &str, metric: &str| json!({"scaleMetricType": kind, "scaleMetric": metric, "scaleTarget": 80});
    is_silent("KS218", &[STANDARD], &with("Utilization", "cpu"));
    is_silent("KS218", &[HPA], &with("AverageValue", "memory"));
    assert_eq!(
        found("KS218", &[HPA], &with("Utilization", "memory")).len(),
        1
    );
    assert_eq!(
        found("KS218", &[KNATIVE], &with("Value", "concurrency")).len(),
        1
    );
}

#[test]
fn a_concurrency_limit_sets_the_workers_of_a_custom_transformer() {
    let mut object = service(&[STANDARD], &json!({"containerConcurrency": 0}));
    object["spec"]["transformer"] = json!({
        "minReplicas": 1, "maxReplicas": 2, "containerConcurrency": 4,
        "containers": [{"name": "kserve-container", "image": "transformer:1"}],
    });
    let found = found_by("KS219", &object, &Facts::shipped());
    let said: Vec<_> = found
        .iter()
        .map(|one| (one.pointer.as_str(), one.severity))
        .collect();
    assert_eq!(
        said,
        [("/spec/transformer/containerConcurrency", Severity::Info)]
    );
}

#[test]
fn a_target_may_reach_the_concurrency_limit() {
    let with = |metric: &str, target: i64| {
        let fields =
            json!({"containerConcurrency": 4, "scaleMetric": metric, "scaleTarget": target});
        found("KS220", &[KNATIVE], &fields).len()
    };
    assert_eq!(
        (
            with("concurrency", 4),
            with("concurrency", 5),
            with("rps", 5)
        ),
        (0, 1, 0)
    );
    is_silent(
        "KS220",
        &[KNATIVE],
        &json!({"containerConcurrency": 0, "scaleTarget": 5}),
    );
}

#[test]
fn a_cpu_target_may_be_a_utilization_without_a_number() {
    let with = |target: Value| {
        let found = found("KS221", &[STANDARD], &json!({"autoScaling": cpu(&target)}));
        found.first().map(|finding| finding.severity)
    };
    assert_eq!(with(json!({"type": "Utilization"})), None);
    assert_eq!(with(json!({"type": "AverageValue"})), Some(Severity::Error));
    let beside = json!({"type": "Utilization", "averageUtilization": 60, "value": "1"});
    assert_eq!(with(beside), Some(Severity::Warning));
}

#[test]
fn a_pod_metric_is_a_name_since_0_16() {
    let with = |query: &str, release: Release| {
        let metric = json!({"backend": "opentelemetry", "metricNames": ["x"], "query": query});
        let pod = json!({"metric": metric, "target": {"type": "Value", "value": "4"}});
        let scaling = json!({"metrics": [{"type": "PodMetric", "podmetric": pod}]});
        let mode = ("serving.kserve.io/deploymentMode", "RawDeployment");
        let object = service(&[mode, (CLASS, "keda")], &json!({"autoScaling": scaling}));
        let found = found_by("KS222", &object, &at(release));
        found.first().map(|finding| {
            finding
                .fix
                .as_ref()
                .map(|fix| fix.patch[0]["value"].clone())
        })
    };
    let newest = Release::NEWEST;
    assert_eq!(with("vllm:num_requests_running", newest), None);
    assert_eq!(with("http.server.request-count", newest), None);
    assert_eq!(with("avg(x)", newest), Some(Some(json!("x"))));
    assert_eq!(with("sum(x{a=\"b\"})", newest), Some(Some(json!("x"))));
    assert_eq!(with("x{a=\"b\"}", newest), Some(Some(json!("x"))));
    assert_eq!(with("sum(x) / sum(y)", newest), Some(None));
    assert_eq!(with("avg(x)", Release::new(0, 15, 2)), None);
}

#[test]
fn a_window_means_something_else_only_under_the_hpa_class() {
    let window = ("autoscaling.knative.dev/window", "30s");
    assert_eq!(found("KS223", &[HPA, window], &json!({})).len(), 1);
    is_silent("KS223", &[KNATIVE, window], &json!({}));
    is_silent("KS223", &[HPA], &json!({}));
}

#[test]
fn a_knative_service_has_settings_without_effect_too() {
    let marked = |annotations: Value| {
        let service = json!({
            "apiVersion": "serving.knative.dev/v1",
            "kind": "Service",
            "metadata": {"name": "app", "namespace": "default"},
            "spec": {"template": {
                "metadata": {"annotations": annotations},
                "spec": {"containers": [{"image": "app:1"}]},
            }},
        });
        let explanation = explain(&service, &Facts::shipped()).unwrap();
        let inert = explanation.components.into_iter().flat_map(|one| one.inert);
        inert.filter_map(|setting| setting.rule).collect::<Vec<_>>()
    };
    let delay = "autoscaling.knative.dev/scale-down-delay";
    let memory = "autoscaling.knative.dev/metric";
    assert_eq!(marked(json!({HPA.0: HPA.1, delay: "5m"})), ["KS211"]);
    assert_eq!(marked(json!({HPA.0: HPA.1, memory: "memory"})), ["KS203"]);
    let target = "autoscaling.knative.dev/target";
    assert!(marked(json!({HPA.0: HPA.1, memory: "memory", target: "500"})).is_empty());
    assert!(marked(json!({delay: "5m"})).is_empty());
}
