//! Which components are waited for.

use serde_json::json;

use super::super::goal::What;
use super::world::{HPA, KPA, inference_service};
use super::*;

fn awaited(goal: &Goal) -> Vec<String> {
    let each = goal.awaited.iter();
    each.map(|one| match &one.what {
        What::Knative(wanted) => format!("{} {:?}", wanted.service, wanted.was),
        What::Standard(wanted) => format!("{} {:?}", wanted.name, wanted.scaler),
    })
    .collect()
}

/// With a transformer that `class` is written for.
fn with_transformer(class: &str, own: Option<&str>) -> Value {
    let mut object = inference_service(class);
    let mut transformer = json!({"minReplicas": 1, "containers": [{"name": "kserve-container", "image": "transform"}]});
    if let Some(own) = own {
        transformer["annotations"] = json!({"autoscaling.knative.dev/class": own});
    }
    object["spec"]["transformer"] = transformer;
    object["status"]["components"]["transformer"] =
        json!({"latestCreatedRevision": "bert-transformer-00004"});
    object
}

#[test]
fn all_components_that_roll_are_waited_for_and_no_other() {
    let facts = Facts::shipped();
    let predictor = "bert-predictor Some(\"bert-predictor-00001\")";
    let transformer = "bert-transformer Some(\"bert-transformer-00004\")";
    let both = goal(
        &with_transformer(KPA, None),
        &with_transformer(HPA, None),
        &facts,
    );
    assert_eq!(awaited(&both), [predictor, transformer]);
    // It keeps the class of its own.
    let one = goal(
        &with_transformer(KPA, Some(KPA)),
        &with_transformer(HPA, Some(KPA)),
        &facts,
    );
    assert_eq!(awaited(&one), [predictor]);
}

#[test]
fn what_is_stopped_is_not_waited_for() {
    let stopped = |class: &str| {
        let mut object = inference_service(class);
        object["metadata"]["annotations"]["serving.kserve.io/stop"] = "true".into();
        object
    };
    let goal = goal(&stopped(KPA), &stopped(HPA), &Facts::shipped());
    assert_eq!(awaited(&goal), [""; 0]);
}

#[test]
fn a_knative_service_is_its_own_template() {
    let service = |annotations: Value, traffic: Value| {
        json!({
            "apiVersion": "serving.knative.dev/v1",
            "kind": "Service",
            "metadata": {"name": "hello", "namespace": "ml"},
            "spec": {
                "template": {"metadata": {"annotations": annotations}, "spec": {"containers": [{"image": "hello"}]}},
                "traffic": traffic,
            },
            "status": {"latestCreatedRevisionName": "hello-00007"},
        })
    };
    let share = |traffic: Value| {
        let old = json!({"autoscaling.knative.dev/metric": "rps"});
        let new =
            json!({"autoscaling.knative.dev/class": HPA, "autoscaling.knative.dev/metric": "cpu"});
        let goal = goal(
            &service(old, traffic.clone()),
            &service(new, traffic),
            &Facts::shipped(),
        );
        assert_eq!(awaited(&goal), ["hello Some(\"hello-00007\")"]);
        match &goal.awaited[0].what {
            What::Knative(wanted) => {
                assert!(wanted.by_hpa);
                assert_eq!(wanted.class.as_deref(), Some(HPA));
                wanted.share
            }
            What::Standard(_) => panic!("it is Knative's"),
        }
    };
    assert_eq!(share(json!([])), 100);
    assert_eq!(
        share(
            json!([{"latestRevision": true, "percent": 20}, {"revisionName": "hello-00003", "percent": 80}])
        ),
        20
    );
    assert_eq!(
        share(json!([{"revisionName": "hello-00003", "percent": 100}])),
        0
    );
}
