//! Knative Services of their own.

use serde_json::{Value, json};

use super::planned;
use crate::explain::explain;
use crate::facts::{Facts, Provenance};
use crate::switch::{Destination, RefusalReason, Rolled, Wish, plan};

const CLASS: &str = "autoscaling.knative.dev/class";

fn service(annotations: &Value) -> Value {
    json!({
        "apiVersion": "serving.knative.dev/v1", "kind": "Service",
        "metadata": {"name": "app", "namespace": "ml"},
        "spec": {"template": {
            "metadata": {"annotations": annotations},
            "spec": {"containers": [{"image": "app", "resources": {"requests": {"cpu": "1"}}}]},
        }},
    })
}

fn wish(to: Destination, target: Option<&str>, max: Option<i64>) -> Wish {
    Wish {
        to,
        target: target.map(str::to_owned),
        max,
        ..Wish::default()
    }
}

fn template(object: &Value) -> &Value {
    &object["spec"]["template"]["metadata"]
}

#[test]
fn everything_goes_into_the_template_in_one_spelling() {
    let object = service(&json!({
        "autoscaling.knative.dev/minScale": "2",
        "autoscaling.knative.dev/maxScale": "4",
        "autoscaling.knative.dev/target": "10",
        "autoscaling.knative.dev/targetBurstCapacity": "-1",
    }));
    let plan = planned(&object, &wish(Destination::Hpa, None, Some(8))).unwrap();
    assert_eq!(
        template(&plan.after)["annotations"],
        json!({
            CLASS: "hpa.autoscaling.knative.dev",
            "autoscaling.knative.dev/metric": "cpu",
            "autoscaling.knative.dev/target": "80",
            "autoscaling.knative.dev/minScale": "2",
            "autoscaling.knative.dev/max-scale": "8",
        })
    );
    assert_eq!(plan.rolls[0].what, Rolled::Revision);
    assert_eq!(plan.undo.len(), 6, "{:?}", plan.undo);
}

#[test]
fn the_class_of_the_cluster_counts() {
    let mut facts = Facts::shipped();
    let data = [(
        "pod-autoscaler-class".to_owned(),
        "hpa.autoscaling.knative.dev".to_owned(),
    )];
    facts.set_config_autoscaler(Some(data.into()), Provenance::Known("a test".to_owned()));
    let object = service(&json!({"autoscaling.knative.dev/max-scale": "3"}));
    let explanation = explain(&object, &facts).unwrap();
    let same = plan(
        &object,
        &explanation,
        &facts,
        &wish(Destination::Hpa, None, None),
    );
    assert_eq!(same.unwrap_err().reason, RefusalReason::AlreadySo);
    let to_kpa = wish(Destination::Kpa, Some("10"), None);
    let there = plan(&object, &explanation, &facts, &to_kpa).unwrap();
    let class = &template(&there.after)["annotations"][CLASS];
    assert_eq!(class, "kpa.autoscaling.knative.dev");
}

#[test]
fn back_to_the_default_needs_no_class() {
    let object = service(&json!({}));
    let there = planned(&object, &wish(Destination::Hpa, None, Some(8))).unwrap();
    let back = planned(&there.after, &wish(Destination::Kpa, Some("10"), None)).unwrap();
    assert_eq!(template(&back.after)["annotations"].get(CLASS), None);
}

#[test]
fn a_name_for_the_next_revision_goes() {
    let mut object = service(&json!({}));
    object["spec"]["template"]["metadata"]["name"] = json!("app-blue");
    object["spec"]["traffic"] =
        json!([{"revisionName": "app-blue", "percent": 100, "tag": "blue"}]);
    let plan = planned(&object, &wish(Destination::Hpa, None, Some(8))).unwrap();
    assert_eq!(template(&plan.after).get("name"), None);
    let why = &plan.decisions.last().unwrap().why;
    assert!(why.contains("app-blue"), "{why}");
    let slugs: Vec<_> = plan.risks.iter().map(|one| one.slug.as_str()).collect();
    assert!(
        slugs.contains(&"traffic-pinned") && slugs.contains(&"tag-keeps-pods"),
        "{slugs:?}"
    );
}

#[test]
fn what_kserve_makes_is_changed_elsewhere() {
    let mut object = service(&json!({}));
    object["metadata"]["ownerReferences"] = json!([{
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "name": "bert", "uid": "1",
    }]);
    let refusal = planned(&object, &wish(Destination::Hpa, None, Some(8))).unwrap_err();
    assert_eq!(refusal.reason, RefusalReason::ChangeElsewhere);
    assert!(
        refusal
            .help
            .contains("kubectl kscale switch isvc/bert -n ml"),
        "{}",
        refusal.help
    );
}

#[test]
fn a_class_in_the_wrong_place_is_mended() {
    let mut object = service(&json!({}));
    object["metadata"]["annotations"] =
        json!({CLASS: "hpa.autoscaling.knative.dev", "example.com/team": "search"});
    let plan = planned(&object, &wish(Destination::Hpa, None, Some(8))).unwrap();
    assert_eq!(
        plan.after["metadata"]["annotations"],
        json!({"example.com/team": "search"})
    );
    assert!(plan.blocked.is_empty(), "{:?}", plan.blocked);
    object["spec"]["template"]["spec"]["containerConcurrency"] = json!(-1);
    let refusal = planned(&object, &wish(Destination::Hpa, None, Some(8))).unwrap_err();
    assert_eq!(refusal.reason, RefusalReason::Refused);
}
