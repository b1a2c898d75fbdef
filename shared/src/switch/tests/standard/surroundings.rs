//! What is around a change: what is deleted, what must be there, what happens; and what is refused before anything else.

use serde_json::{Value, json};

use super::super::super::{
    Destination, Plan, Precondition, PreconditionState, RefusalReason, RequestVerb, Wish, plan,
};
use super::{observed, of_class, planned, service, to, under, with_transformer};
use crate::explain::{Autoscaler, explain};
use crate::facts::{Fact, Facts, FactsSource};

fn keda() -> Wish {
    Wish {
        max: Some(5),
        ..to(Destination::Keda)
    }
}

fn hpa(name: &str, owner: &str) -> Value {
    json!({
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name, "namespace": "ml", "ownerReferences": [
            {"apiVersion": "serving.kserve.io/v1beta1", "kind": owner, "name": "bert"},
        ]},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "bert-predictor"},
            "maxReplicas": 5,
        },
    })
}

fn deletions(plan: &Plan) -> Vec<String> {
    let deletions = plan
        .requests
        .iter()
        .filter(|one| one.verb == RequestVerb::Delete);
    deletions
        .map(|one| format!("{} {}/{}", one.kind, one.namespace, one.name))
        .collect()
}

fn precondition<'a>(plan: &'a Plan, slug: &str) -> &'a Precondition {
    plan.preconditions
        .iter()
        .find(|one| one.slug == slug)
        .unwrap()
}

fn story(plan: &Plan) -> Vec<String> {
    plan.steps
        .iter()
        .map(|step| format!("{} {}", step.by, step.what))
        .collect()
}

#[test]
fn the_hpa_that_kserve_leaves_is_deleted_after_the_edit() {
    let plan = planned(&service(json!({"maxReplicas": 4})), &keda()).unwrap();
    let verbs: Vec<RequestVerb> = plan.requests.iter().map(|one| one.verb).collect();
    assert_eq!(verbs, [RequestVerb::Patch, RequestVerb::Delete]);
    assert_eq!(
        deletions(&plan),
        ["HorizontalPodAutoscaler ml/bert-predictor"]
    );
    assert!(plan.leftovers[0].stays);
    let told = story(&plan).join("\n");
    assert!(
        told.contains("kscale deletes HorizontalPodAutoscaler bert-predictor"),
        "{told}"
    );
    assert!(
        told.contains("KServe tries again until KEDA lets it"),
        "{told}"
    );
    assert!((3..=8).contains(&plan.steps.len()), "{told}");
}

#[test]
fn where_somebody_looked_only_what_is_there_is_deleted() {
    let object = service(json!({"maxReplicas": 4}));
    let facts = Facts::shipped();
    let explanation = observed(&object, &facts, 1);
    let without = plan(&object, &explanation, &facts, &keda()).unwrap();
    assert_eq!(deletions(&without), Vec::<String>::new());
    let facts = Facts::from_objects(
        [&hpa("bert-predictor", "InferenceService")],
        FactsSource::Cluster,
    );
    let explanation = observed(&object, &facts, 1);
    let with = plan(&object, &explanation, &facts, &keda()).unwrap();
    assert_eq!(
        deletions(&with),
        ["HorizontalPodAutoscaler ml/bert-predictor"]
    );
    assert!(with.blocked.is_empty(), "{:?}", with.blocked);
}

/// Cut off between the edit and the deletion, the deletion is what is left to do.
#[test]
fn a_switch_that_was_cut_off_is_finished() {
    let object = planned(&service(json!({"maxReplicas": 4})), &keda())
        .unwrap()
        .after;
    let facts = Facts::from_objects(
        [&hpa("bert-predictor", "InferenceService")],
        FactsSource::Cluster,
    );
    let explanation = observed(&object, &facts, 1);
    let rest = plan(&object, &explanation, &facts, &keda()).unwrap();
    assert_eq!(rest.requests.len(), 1);
    assert_eq!(
        deletions(&rest),
        ["HorizontalPodAutoscaler ml/bert-predictor"]
    );
    let facts = Facts::shipped();
    let explanation = observed(&object, &facts, 1);
    let done = plan(&object, &explanation, &facts, &keda()).unwrap_err();
    assert_eq!(done.reason, RefusalReason::AlreadySo);
}

#[test]
fn kserve_deletes_its_hpa_itself_where_nothing_scales() {
    let plan = planned(&service(json!({"maxReplicas": 4})), &to(Destination::None)).unwrap();
    assert_eq!(deletions(&plan), Vec::<String>::new());
    assert_eq!(
        (plan.leftovers[0].stays, plan.leftovers[0].kind.as_str()),
        (false, "HorizontalPodAutoscaler")
    );
}

#[test]
fn a_scaled_object_is_never_deleted_by_kserve() {
    let object = of_class(
        "keda",
        json!({"maxReplicas": 4, "autoScaling": {"metrics": [
            {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}}},
        ]}}),
    );
    for wish in [
        to(Destination::Hpa),
        to(Destination::None),
        to(Destination::External),
    ] {
        let plan = planned(&object, &wish).unwrap();
        assert_eq!(
            deletions(&plan),
            ["ScaledObject ml/bert-predictor"],
            "{wish:?}"
        );
    }
}

#[test]
fn an_hpa_of_somebody_else_is_named_and_left_alone() {
    let object = service(json!({"maxReplicas": 4}));
    let facts = Facts::from_objects([&hpa("theirs", "Helm")], FactsSource::Cluster);
    let explanation = observed(&object, &facts, 1);
    let plan = plan(&object, &explanation, &facts, &keda()).unwrap();
    assert_eq!(deletions(&plan), Vec::<String>::new());
    let one = precondition(&plan, "no-other-autoscaler");
    assert_eq!(
        (one.state, one.rule.as_deref()),
        (PreconditionState::Unmet, Some("KS705"))
    );
    assert!(
        plan.blocked.iter().any(|text| text.contains("theirs")),
        "{:?}",
        plan.blocked
    );
}

#[test]
fn what_is_known_is_met_or_unmet_and_what_is_not_is_told_how_to_look_up() {
    let object = service(json!({"maxReplicas": 4}));
    let plan = planned(&object, &keda()).unwrap();
    for slug in ["keda", "metrics-api", "no-other-autoscaler", "requests"] {
        let one = precondition(&plan, slug);
        assert_eq!(one.state, PreconditionState::Unknown, "{slug}");
        assert!(one.help.contains("kubectl get"), "{}", one.help);
    }
    assert!(plan.blocked.is_empty(), "{:?}", plan.blocked);
    let mut facts = Facts::shipped();
    facts.keda_installed = Fact::known(Some(true), "a test");
    facts.metrics_api = Fact::known(Some(false), "a test");
    let plan = under(&object, &keda(), &facts).unwrap();
    assert_eq!(precondition(&plan, "keda").state, PreconditionState::Met);
    assert_eq!(
        precondition(&plan, "metrics-api").state,
        PreconditionState::Unmet
    );
    let blocked = plan.blocked.join("\n");
    assert_eq!(plan.blocked.len(), 1, "{blocked}");
    assert!(
        blocked.contains("resource metrics API does not answer"),
        "{blocked}"
    );
}

#[test]
fn a_container_without_a_request_blocks_a_percentage() {
    let object = with_transformer(of_class("none", json!({})), json!({}));
    let mut object = object;
    let sidecar = json!({"name": "proxy", "image": "example.com/proxy:1"});
    object["spec"]["transformer"]["containers"]
        .as_array_mut()
        .unwrap()
        .push(sidecar);
    let wish = Wish {
        max: Some(3),
        ..to(Destination::Hpa)
    };
    let plan = planned(&object, &wish).unwrap();
    let states: Vec<PreconditionState> = plan
        .preconditions
        .iter()
        .filter(|one| one.rule.as_deref() == Some("KS403"))
        .map(|one| one.state)
        .collect();
    assert_eq!(
        states,
        [PreconditionState::Unknown, PreconditionState::Unmet]
    );
    assert!(
        plan.blocked.iter().any(|text| text.contains("proxy")),
        "{:?}",
        plan.blocked
    );
}

#[test]
fn what_is_stopped_is_judged_as_if_it_ran() {
    let mut object = of_class("none", json!({}));
    object["metadata"]["annotations"]["serving.kserve.io/stop"] = json!("true");
    let wish = Wish {
        max: Some(3),
        ..to(Destination::Hpa)
    };
    let plan = planned(&object, &wish).unwrap();
    assert_eq!(plan.changes[0].before.autoscaler, Autoscaler::None);
    assert_eq!(plan.changes[0].after.autoscaler, Autoscaler::Hpa);
    assert!(
        story(&plan)
            .join("\n")
            .contains("as long as the service is stopped")
    );
    assert_eq!(
        plan.after["metadata"]["annotations"]["serving.kserve.io/stop"],
        "true"
    );
}

#[test]
fn what_kserve_would_not_apply_is_refused() {
    let mut object = of_class("none", json!({}));
    object["metadata"]["annotations"]["serving.kserve.io/disable-auto-update"] = json!("true");
    let wish = Wish {
        max: Some(3),
        ..to(Destination::Hpa)
    };
    assert!(planned(&object, &wish).is_ok());
    object["status"] = json!({"conditions": [{"type": "Ready", "status": "True"}]});
    let refusal = planned(&object, &wish).unwrap_err();
    assert!(refusal.message.contains("KS702"), "{refusal:?}");
    let mut object = of_class("none", json!({}));
    object["metadata"]["deletionTimestamp"] = json!("2026-11-25T00:00:00Z");
    assert!(
        planned(&object, &wish)
            .unwrap_err()
            .message
            .contains("deleted")
    );
}

#[test]
fn what_is_refused_as_it_is_stays_refused_and_what_the_change_mends_does_not() {
    let wish = Wish {
        max: Some(3),
        ..to(Destination::Hpa)
    };
    let mut object = of_class("none", json!({"containerConcurrency": -1}));
    let refusal = planned(&object, &wish).unwrap_err();
    assert_eq!(refusal.reason, RefusalReason::Refused);
    assert!(
        refusal
            .message
            .contains("parallelism cannot be less than 0"),
        "{refusal:?}"
    );
    object["spec"]["predictor"]["minReplicas"] = json!("two");
    assert_eq!(
        planned(&object, &wish).unwrap_err().reason,
        RefusalReason::Refused
    );
    let object = of_class(
        "hpa",
        json!({"scaleMetric": "concurrency", "scaleTarget": 5}),
    );
    assert!(
        explain(&object, &Facts::shipped())
            .unwrap()
            .admission
            .kserve
            .is_some()
    );
    let plan = planned(&object, &wish).unwrap();
    assert_eq!(plan.after["spec"]["predictor"]["scaleMetric"], "cpu");
    assert!(plan.blocked.is_empty(), "{:?}", plan.blocked);
}

#[test]
fn a_component_that_is_not_there_is_refused() {
    let wish = Wish {
        components: vec![crate::manifest::ComponentKind::Explainer],
        ..to(Destination::None)
    };
    let refusal = planned(&service(json!({})), &wish).unwrap_err();
    assert_eq!(refusal.message, "it has no explainer");
}
