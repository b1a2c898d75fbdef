use serde_json::{Value, json};

use super::super::super::{Destination, RefusalReason, Scaling, Wish};
use super::{class, of_class, planned, predictor, service, to, under, with_transformer};
use crate::explain::{Autoscaler, explain};
use crate::facts::{Facts, FactsSource};
use crate::manifest::ComponentKind;

fn own<'a>(object: &'a Value, component: &str) -> &'a Value {
    &object["spec"][component]["annotations"]["serving.kserve.io/autoscalerClass"]
}

fn only(component: ComponentKind, to_: Destination) -> Wish {
    Wish {
        components: vec![component],
        max: Some(5).filter(|_| matches!(to_, Destination::Hpa | Destination::Keda)),
        ..to(to_)
    }
}

#[test]
fn all_components_get_it_on_the_object_and_lose_their_own() {
    let mut object = of_class("keda", json!({"maxReplicas": 3}));
    object["spec"]["predictor"]["autoScaling"] = json!({"metrics": [{"type": "Resource", "resource": {
        "name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60},
    }}]});
    let mut object = with_transformer(object, json!({"minReplicas": 2}));
    object["spec"]["transformer"]["annotations"] =
        json!({"serving.kserve.io/autoscalerClass": "external", "team": "search"});
    let plan = planned(&object, &to(Destination::None)).unwrap();
    assert_eq!(class(&plan.after), "none");
    let own = &plan.after["spec"]["transformer"]["annotations"];
    assert_eq!(own, &json!({"team": "search"}));
    assert!(plan.blocked.is_empty(), "{:?}", plan.blocked);
}

#[test]
fn a_part_of_them_get_it_on_the_component() {
    let object = with_transformer(
        service(json!({"minReplicas": 2})),
        json!({"maxReplicas": 3}),
    );
    let plan = planned(
        &object,
        &only(ComponentKind::Transformer, Destination::None),
    )
    .unwrap();
    assert_eq!(class(&plan.after), &Value::Null);
    assert_eq!(own(&plan.after, "transformer"), "none");
    assert_eq!(own(&plan.after, "predictor"), &Value::Null);
    assert_eq!(plan.changes.len(), 1);
}

/// KServe's webhook judges the predictor by KEDA's rules as long as the object says keda, and refuses its scaleMetric.
#[test]
fn where_the_webhook_refuses_a_mix_every_component_says_its_own() {
    let list = json!({"metrics": [{"type": "Resource", "resource": {
        "name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60},
    }}]});
    let object = of_class("keda", json!({"maxReplicas": 3, "autoScaling": list}));
    let object = with_transformer(object, json!({"maxReplicas": 3, "autoScaling": list}));
    let wish = Wish {
        metric: Some("memory".to_owned()),
        target: Some("70%".to_owned()),
        ..only(ComponentKind::Predictor, Destination::Hpa)
    };
    let plan = planned(&object, &wish).unwrap();
    assert_eq!(class(&plan.after), &Value::Null);
    assert_eq!(own(&plan.after, "predictor"), "hpa");
    assert_eq!(own(&plan.after, "transformer"), "keda");
    assert!(plan.blocked.is_empty(), "{:?}", plan.blocked);
    let names: Vec<&str> = plan.changes.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["predictor"]);
}

/// The object says hpa, the predictor keda: as long as it does, the webhook refuses every query.
#[test]
fn a_class_of_the_object_that_only_the_webhook_reads_goes_where_it_is_in_the_way() {
    let mut object = of_class("hpa", json!({"maxReplicas": 3}));
    object["spec"]["predictor"]["annotations"] =
        json!({"serving.kserve.io/autoscalerClass": "keda"});
    let wish = Wish {
        metric: Some("prometheus".to_owned()),
        query: Some("q".to_owned()),
        server_address: Some("http://p".to_owned()),
        target: Some("3".to_owned()),
        ..to(Destination::Keda)
    };
    let plan = planned(&object, &wish).unwrap();
    assert_eq!(class(&plan.after), &Value::Null);
    assert_eq!(own(&plan.after, "predictor"), "keda");
    assert!(plan.blocked.is_empty(), "{:?}", plan.blocked);
}

#[test]
fn what_is_so_already_is_not_touched_for_the_sake_of_order() {
    let mut object = with_transformer(service(json!({"maxReplicas": 5})), json!({}));
    object["spec"]["transformer"]["annotations"] =
        json!({"serving.kserve.io/autoscalerClass": "none"});
    let wish = Wish {
        max: Some(5),
        ..to(Destination::Hpa)
    };
    let plan = planned(&object, &wish).unwrap();
    assert_eq!(class(&plan.after), &Value::Null);
    assert_eq!(own(&plan.after, "transformer"), "hpa");
    assert_eq!(predictor(&plan.after), predictor(&object));
}

#[test]
fn a_class_of_the_runtime_is_overridden() {
    let runtime = json!({
        "apiVersion": "serving.kserve.io/v1alpha1",
        "kind": "ClusterServingRuntime",
        "metadata": {"name": "sklearn"},
        "spec": {
            "annotations": {"serving.kserve.io/autoscalerClass": "external"},
            "supportedModelFormats": [{"name": "sklearn", "autoSelect": true}],
            "containers": [{"name": "kserve-container", "resources": {"requests": {"cpu": "1"}}}],
        },
    });
    let facts = Facts::from_objects([&runtime], FactsSource::Snapshot);
    let object = service(json!({}));
    let before = explain(&object, &facts).unwrap();
    assert_eq!(before.components[0].autoscaler, Autoscaler::External);
    let wish = Wish {
        max: Some(3),
        ..to(Destination::Hpa)
    };
    let plan = under(&object, &wish, &facts).unwrap();
    assert_eq!(class(&plan.after), "hpa");
    assert_eq!(plan.changes[0].after.autoscaler, Autoscaler::Hpa);
}

#[test]
fn annotations_of_old_releases_go_where_the_pods_roll_anyway() {
    let mut object = of_class("external", json!({}));
    object["metadata"]["annotations"]["serving.kserve.io/metric"] = json!("cpu");
    object["metadata"]["annotations"]["serving.kserve.io/targetUtilizationPercentage"] =
        json!("60");
    let wish = Wish {
        max: Some(3),
        ..to(Destination::Hpa)
    };
    let plan = planned(&object, &wish).unwrap();
    let expected = json!({
        "serving.kserve.io/deploymentMode": "Standard",
        "serving.kserve.io/autoscalerClass": "hpa",
    });
    assert_eq!(plan.after["metadata"]["annotations"], expected);
}

#[test]
fn a_model_over_several_nodes_has_no_other_class() {
    let mut object = of_class("none", json!({"workerSpec": {"pipelineParallelSize": 2}}));
    object["spec"]["predictor"]["model"]["storageUri"] = json!("pvc://models/bert");
    let wish = Wish {
        max: Some(3),
        ..to(Destination::Hpa)
    };
    let refusal = planned(&object, &wish).unwrap_err();
    assert_eq!(refusal.reason, RefusalReason::NotPossible);
    assert!(refusal.message.contains("workerSpec"), "{refusal:?}");
}

#[test]
fn canaries_stand_against_keda_and_go_along_with_the_rest() {
    let mut object = of_class("hpa", json!({"minReplicas": 4, "maxReplicas": 6}));
    object["spec"]["canary"] = json!([{"trafficPercent": 10, "predictor": {
        "name": "next", "minReplicas": 1,
        "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/next"},
    }}]);
    let refusal = planned(&object, &to(Destination::Keda)).unwrap_err();
    assert!(refusal.help.contains("end the canaries"), "{refusal:?}");
    let plan = planned(&object, &to(Destination::External)).unwrap();
    // A canary may not have more pods than the predictor says, so the number stays.
    assert_eq!(plan.after["spec"]["predictor"]["minReplicas"], 4);
    assert!(plan.blocked.is_empty(), "{:?}", plan.blocked);
    let after = explain(&plan.after, &Facts::shipped()).unwrap();
    let canary = after
        .components
        .iter()
        .find(|one| one.name == "canary next")
        .unwrap();
    assert_eq!(Scaling::of(canary).autoscaler, Autoscaler::None);
}
