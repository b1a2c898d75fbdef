//! InferenceServices in Knative mode: what is written where, and why.

use serde_json::{Value, json};

use super::{planned, service};
use crate::explain::Autoscaler;
use crate::facts::{Facts, FactsSource};
use crate::manifest::ComponentKind;
use crate::switch::{Destination, Plan, RefusalReason, Rolled, Wish, plan};

const CLASS: &str = "autoscaling.knative.dev/class";
const HPA: &str = "hpa.autoscaling.knative.dev";

fn wish(to: Destination, metric: &str, target: &str) -> Wish {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Wish {
        to,
        metric: some(metric),
        target: some(target),
        ..Wish::default()
    }
}

fn to_hpa(metric: &str, target: &str) -> Wish {
    wish(Destination::Hpa, metric, target)
}

fn to_kpa(metric: &str, target: &str) -> Wish {
    wish(Destination::Kpa, metric, target)
}

/// With a transformer that Knative's own autoscaler scales.
fn two() -> Value {
    let mut object = service();
    object["spec"]["transformer"] = json!({
        "maxReplicas": 3,
        "containers": [{"name": "kserve-container", "image": "t"}],
    });
    object
}

fn of(component: ComponentKind, wish: Wish) -> Wish {
    Wish {
        components: vec![component],
        ..wish
    }
}

fn refused(object: &Value, wish: &Wish) -> (RefusalReason, String) {
    let refusal = planned(object, wish).unwrap_err();
    (
        refusal.reason,
        format!("{}; {}", refusal.message, refusal.help),
    )
}

fn decided<'a>(plan: &'a Plan, field: &str) -> Option<&'a Value> {
    let mut decisions = plan.decisions.iter();
    Some(&decisions.find(|one| one.field == field)?.value)
}

#[test]
fn all_components_get_their_class_on_the_object_in_one_request() {
    let plan = planned(&service(), &to_hpa("", "")).unwrap();
    assert_eq!(plan.requests.len(), 1);
    assert_eq!(
        plan.requests[0].patch,
        [
            json!({"op": "add", "path": "/metadata/annotations", "value": {CLASS: HPA}}),
            json!({"op": "replace", "path": "/spec/predictor/scaleMetric", "value": "cpu"}),
            json!({"op": "replace", "path": "/spec/predictor/scaleTarget", "value": 80}),
        ]
    );
    assert_eq!(decided(&plan, "target"), Some(&json!(80)));
    assert_eq!(decided(&plan, "maxReplicas"), Some(&json!(5)));
}

#[test]
fn one_of_several_gets_it_as_annotations_of_its_own() {
    let plan = planned(&two(), &of(ComponentKind::Predictor, to_hpa("", ""))).unwrap();
    let predictor = &plan.after["spec"]["predictor"];
    assert_eq!(
        predictor["annotations"],
        json!({
            CLASS: HPA,
            "autoscaling.knative.dev/metric": "cpu",
            "autoscaling.knative.dev/target": "80",
        })
    );
    // The webhook would judge the fields by the class of the object.
    assert_eq!(predictor.get("scaleMetric"), None);
    assert_eq!(predictor.get("scaleTarget"), None);
    assert_eq!(
        plan.after["spec"]["transformer"],
        two()["spec"]["transformer"]
    );
    assert!(plan.blocked.is_empty(), "{:?}", plan.blocked);
    let rolls: Vec<_> = plan
        .rolls
        .iter()
        .map(|one| (one.component.as_str(), one.what))
        .collect();
    assert_eq!(
        rolls,
        [
            ("predictor", Rolled::Revision),
            ("transformer", Rolled::Nothing)
        ]
    );
}

#[test]
fn an_annotation_that_others_read_moves_to_them() {
    let mut object = two();
    object["metadata"]["annotations"] = json!({"autoscaling.knative.dev/scale-down-delay": "5m"});
    let plan = planned(&object, &of(ComponentKind::Predictor, to_hpa("", ""))).unwrap();
    assert_eq!(plan.after["metadata"].get("annotations"), None);
    assert_eq!(
        plan.after["spec"]["transformer"]["annotations"],
        json!({"autoscaling.knative.dev/scale-down-delay": "5m"})
    );
    // What its Revisions are made from is the same as before.
    assert_eq!(plan.rolls[1].what, Rolled::Nothing);
    assert_eq!(
        decided(&plan, "autoscaling.knative.dev/scale-down-delay"),
        Some(&Value::Null)
    );
}

#[test]
fn the_class_of_a_runtime_is_overridden_in_words() {
    let runtime = json!({
        "apiVersion": "serving.kserve.io/v1alpha1", "kind": "ClusterServingRuntime", "metadata": {"name": "rt"},
        "spec": {
            "annotations": {CLASS: HPA},
            "supportedModelFormats": [{"name": "sklearn", "autoSelect": true}],
            "containers": [{"name": "kserve-container", "resources": {"requests": {"cpu": "1"}}}],
        },
    });
    let facts = Facts::from_objects(&[runtime], FactsSource::Snapshot);
    let mut object = service();
    let predictor = object["spec"]["predictor"].as_object_mut().unwrap();
    predictor.remove("scaleMetric");
    predictor.remove("scaleTarget");
    let explanation = crate::explain::explain(&object, &facts).unwrap();
    assert_eq!(explanation.components[0].autoscaler, Autoscaler::KnativeHpa);
    let plan = plan(&object, &explanation, &facts, &to_kpa("", "10")).unwrap();
    assert_eq!(
        plan.after["metadata"]["annotations"],
        json!({CLASS: "kpa.autoscaling.knative.dev"})
    );
    assert_eq!(plan.changes[0].after.autoscaler, Autoscaler::Kpa);
}

#[test]
fn memory_goes_into_the_annotation_that_the_webhook_does_not_look_at() {
    let plan = planned(&service(), &to_hpa("memory", "1500Mi")).unwrap();
    let predictor = &plan.after["spec"]["predictor"];
    assert_eq!(predictor["scaleMetric"], "memory");
    assert_eq!(predictor.get("scaleTarget"), None);
    assert_eq!(
        predictor["annotations"]["autoscaling.knative.dev/target"],
        "1500"
    );
    assert!(plan.blocked.is_empty());
    let (reason, text) = refused(&service(), &to_hpa("memory", "80%"));
    assert_eq!(reason, RefusalReason::NotPossible);
    assert!(text.contains("--target 1500Mi"), "{text}");
}

#[test]
fn a_target_is_never_carried_over() {
    let missing = |wish: Wish| refused(&service(), &wish);
    let (reason, text) = missing(to_hpa("memory", ""));
    assert_eq!(reason, RefusalReason::ValueMissing);
    assert!(
        text.contains("10 of now count requests at the same time"),
        "{text}"
    );
    assert_eq!(
        missing(to_hpa("queue_length", "")).0,
        RefusalReason::ValueMissing
    );
    assert_eq!(missing(to_kpa("rps", "")).0, RefusalReason::ValueMissing);
    let hpa = planned(&service(), &to_hpa("", "")).unwrap().after;
    let (reason, text) = refused(&hpa, &to_kpa("", ""));
    assert_eq!(reason, RefusalReason::ValueMissing);
    assert!(
        text.contains("80 of now count percent of the cpu"),
        "{text}"
    );
}

#[test]
fn the_limit_of_requests_at_a_time_is_a_target() {
    let mut hpa = planned(&service(), &to_hpa("", "")).unwrap().after;
    hpa["spec"]["predictor"]["containerConcurrency"] = json!(4);
    let plan = planned(&hpa, &to_kpa("", "")).unwrap();
    assert_eq!(plan.after["spec"]["predictor"]["scaleTarget"], 4);
    let why = &plan
        .decisions
        .iter()
        .find(|one| one.field == "target")
        .unwrap()
        .why;
    assert!(why.contains("of which 70 % are aimed for"), "{why}");
}

#[test]
fn an_hpa_wants_an_upper_bound_and_keeps_a_pod() {
    let mut object = service();
    object["spec"]["predictor"]["minReplicas"] = json!(0);
    object["spec"]["predictor"]
        .as_object_mut()
        .unwrap()
        .remove("maxReplicas");
    let (reason, text) = refused(&object, &to_hpa("", ""));
    assert_eq!(reason, RefusalReason::ValueMissing);
    assert!(text.contains("--max"), "{text}");
    let bounded = Wish {
        max: Some(3),
        ..to_hpa("", "")
    };
    let plan = planned(&object, &bounded).unwrap();
    assert_eq!(plan.after["spec"]["predictor"]["minReplicas"], 1);
    assert_eq!(plan.after["spec"]["predictor"]["maxReplicas"], 3);
    let zero = Wish {
        min: Some(0),
        ..bounded
    };
    assert_eq!(refused(&object, &zero).0, RefusalReason::NotPossible);
}

#[test]
fn bounds_that_do_not_fit_are_refused() {
    let mut object = service();
    object["spec"]["predictor"]["minReplicas"] = json!(4);
    let few = Wish {
        max: Some(3),
        ..to_hpa("", "")
    };
    assert_eq!(refused(&object, &few).0, RefusalReason::NotPossible);
}

#[test]
fn metrics_of_the_other_class_are_refused_with_what_to_do() {
    for (wish, word) in [
        (to_hpa("concurrency", "10"), "--to kpa"),
        (to_kpa("cpu", "80"), "--to hpa"),
        (to_kpa("", "80%"), "--target 10"),
    ] {
        let (reason, text) = refused(&service(), &wish);
        assert_eq!(reason, RefusalReason::NotPossible);
        assert!(text.contains(word), "{text}");
    }
    for to in [Destination::Keda, Destination::None, Destination::External] {
        let (reason, text) = refused(&service(), &wish(to, "", ""));
        assert_eq!(reason, RefusalReason::NotPossible);
        assert!(text.contains("create it anew"), "{text}");
    }
}

#[test]
fn what_holds_already_is_left_alone() {
    assert_eq!(
        refused(&service(), &to_kpa("", "")).0,
        RefusalReason::AlreadySo
    );
    assert_eq!(
        refused(&service(), &to_kpa("concurrency", "10")).0,
        RefusalReason::AlreadySo
    );
    let plan = planned(&service(), &to_kpa("", "20")).unwrap();
    assert_eq!(
        plan.requests[0].patch,
        [json!({"op": "replace", "path": "/spec/predictor/scaleTarget", "value": 20})]
    );
}

#[test]
fn what_only_the_old_class_reads_goes() {
    let mut object = service();
    object["metadata"]["annotations"] = json!({
        "autoscaling.knative.dev/targetUtilizationPercentage": "80",
        "autoscaling.knative.dev/window": "90s",
        "example.com/team": "search",
    });
    let plan = planned(&object, &to_hpa("", "")).unwrap();
    assert_eq!(
        plan.after["metadata"]["annotations"],
        json!({CLASS: HPA, "example.com/team": "search"})
    );
    for key in [
        "autoscaling.knative.dev/targetUtilizationPercentage",
        "autoscaling.knative.dev/window",
    ] {
        assert_eq!(decided(&plan, key), Some(&Value::Null), "{key}");
    }
    let windowed = Wish {
        window: Some("2m".to_owned()),
        ..to_hpa("", "")
    };
    let plan = planned(&object, &windowed).unwrap();
    let predictor = &plan.after["spec"]["predictor"]["annotations"];
    assert_eq!(predictor["autoscaling.knative.dev/window"], "2m");
    assert!(plan.risks.iter().any(|one| one.slug == "slow-scale-up"));
}

#[test]
fn the_pod_that_an_hpa_kept_stays() {
    let mut hpa = planned(&service(), &to_hpa("", "")).unwrap().after;
    hpa["spec"]["predictor"]["minReplicas"] = json!(0);
    let plan = planned(&hpa, &to_kpa("", "10")).unwrap();
    assert_eq!(plan.after["spec"]["predictor"]["minReplicas"], 1);
    let zero = Wish {
        min: Some(0),
        ..to_kpa("", "10")
    };
    let plan = planned(&hpa, &zero).unwrap();
    assert_eq!(plan.after["spec"]["predictor"]["minReplicas"], 0);
    assert!(plan.risks.iter().any(|one| one.slug == "scale-to-zero"));
}

#[test]
fn what_the_webhook_would_refuse_under_the_new_class_is_said_otherwise() {
    let mut object = two();
    object["spec"]["transformer"]["annotations"] =
        json!({CLASS: HPA, "autoscaling.knative.dev/metric": "memory"});
    object["spec"]["transformer"]["scaleTarget"] = json!(900);
    object["spec"]["predictor"]["autoScaling"] = json!({"metrics": [{"type": "External"}]});
    let plan = planned(&object, &to_hpa("", "")).unwrap();
    let transformer = &plan.after["spec"]["transformer"];
    assert_eq!(
        transformer["annotations"],
        json!({"autoscaling.knative.dev/metric": "memory", "autoscaling.knative.dev/target": "900"})
    );
    assert_eq!(plan.after["spec"]["predictor"].get("autoScaling"), None);
    assert!(plan.blocked.is_empty(), "{:?}", plan.blocked);
    let names: Vec<_> = plan.changes.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["predictor"]);
}

#[test]
fn what_stands_still_is_planned_as_if_it_ran() {
    let mut object = service();
    object["metadata"]["annotations"] = json!({"serving.kserve.io/stop": "true"});
    let plan = planned(&object, &to_hpa("", "")).unwrap();
    assert_eq!(plan.after["metadata"]["annotations"][CLASS], HPA);
    assert_eq!(
        plan.after["metadata"]["annotations"]["serving.kserve.io/stop"],
        "true"
    );
    assert_eq!(plan.rolls[0].what, Rolled::Nothing);
    assert!(plan.costs.is_empty());
}
