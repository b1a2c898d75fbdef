//! With how many pods what is new starts, what that costs, and what is said of it.

use serde_json::{Value, json};

use super::service;
use crate::explain::{Explanation, explain};
use crate::facts::{Fact, Facts, KnativeVersion, Provenance};
use crate::observed::{
    Observation, ObservedComponent, ObservedDeployment, ObservedRevision, ObservedScaling, Role,
};
use crate::switch::{Destination, Plan, Record, Wish, plan, restore};

const INITIAL: &str = "autoscaling.knative.dev/initial-scale";

/// The explanation with so many pods that are wanted, and so many that are ready.
fn seen(object: &Value, facts: &Facts, wanted: i64, ready: i64) -> Explanation {
    let mut explanation = explain(object, facts).unwrap();
    let revision = |name: &str, percent: i64, pods: (i64, i64)| ObservedRevision {
        name: name.to_owned(),
        role: Role::Serving,
        percent: Some(percent),
        scaling: ObservedScaling {
            deployment: Some(ObservedDeployment {
                replicas: pods.0,
                ready: pods.1,
                ..ObservedDeployment::default()
            }),
            ..ObservedScaling::default()
        },
        ..ObservedRevision::default()
    };
    explanation.observed = Some(Observation {
        components: vec![ObservedComponent {
            name: explanation.components[0].name.clone(),
            revisions: vec![
                revision("bert-predictor-00008", 10, (1, 1)),
                revision("bert-predictor-00007", 90, (wanted, ready)),
            ],
            ..ObservedComponent::default()
        }],
        ..Observation::default()
    });
    explanation
}

fn to_hpa(keep: Option<bool>) -> Wish {
    Wish {
        to: Destination::Hpa,
        keep_capacity: keep,
        ..Wish::default()
    }
}

fn with(object: &Value, pods: i64, keep: Option<bool>) -> Plan {
    let facts = Facts::shipped();
    let explanation = seen(object, &facts, pods, pods);
    plan(object, &explanation, &facts, &to_hpa(keep)).unwrap()
}

fn initial(plan: &Plan) -> Option<&str> {
    plan.after["spec"]["predictor"]["annotations"][INITIAL].as_str()
}

fn slugs(plan: &Plan) -> Vec<&str> {
    plan.risks.iter().map(|one| one.slug.as_str()).collect()
}

fn why(plan: &Plan) -> &str {
    let mut decisions = plan.decisions.iter();
    let found = decisions.find(|one| one.field == "initialScale");
    &found.unwrap().why
}

#[test]
fn what_is_new_starts_with_the_pods_that_serve_most() {
    let plan = with(&service(), 4, None);
    assert_eq!(initial(&plan), Some("4"));
    let roll = &plan.rolls[0];
    assert_eq!((roll.pods, roll.starts_with), (Some(4), Some(4)));
    assert!(!slugs(&plan).contains(&"starts-small"));
    assert!(slugs(&plan).contains(&"needs-room"));
}

#[test]
fn never_with_more_than_the_upper_bound() {
    let plan = with(&service(), 9, None);
    assert_eq!(initial(&plan), Some("5"));
    let small = plan
        .risks
        .iter()
        .find(|one| one.slug == "starts-small")
        .unwrap();
    assert!(
        small
            .message
            .contains("with 5 pods, its upper bound, and 9 run now"),
        "{}",
        small.message
    );
}

#[test]
fn pods_that_are_not_ready_are_not_waited_for() {
    let facts = Facts::shipped();
    let object = service();
    let explanation = seen(&object, &facts, 5, 3);
    let plan = plan(&object, &explanation, &facts, &to_hpa(None)).unwrap();
    assert_eq!(initial(&plan), Some("3"));
}

#[test]
fn one_pod_needs_nothing_and_whoever_says_no_is_heard() {
    assert_eq!(initial(&with(&service(), 1, None)), None);
    let plan = with(&service(), 4, Some(false));
    assert_eq!(initial(&plan), None);
    let small = plan
        .risks
        .iter()
        .find(|one| one.slug == "starts-small")
        .unwrap();
    assert_eq!(small.rule.as_deref(), Some("KS706"));
    let mut bounded = service();
    bounded["spec"]["predictor"]["minReplicas"] = json!(4);
    assert_eq!(initial(&with(&bounded, 4, Some(true))), None);
}

#[test]
fn where_nobody_looked_it_is_said() {
    let plan = super::planned(&service(), &to_hpa(Some(true))).unwrap();
    assert_eq!(initial(&plan), None);
    assert!(why(&plan).contains("nobody looked"));
    assert!(slugs(&plan).contains(&"starts-small"));
}

#[test]
fn what_an_earlier_switch_left_is_renewed_or_dropped() {
    let mut object = service();
    object["spec"]["predictor"]["annotations"] =
        json!({"autoscaling.knative.dev/initialScale": "7"});
    let plan = with(&object, 3, None);
    assert_eq!(
        plan.after["spec"]["predictor"]["annotations"],
        json!({INITIAL: "3"})
    );
    let plan = with(&object, 1, None);
    assert_eq!(plan.after["spec"]["predictor"].get("annotations"), None);
    assert!(why(&plan).contains("7 was for a start that is over"));
    // Nobody knows whether it is needed.
    let plan = super::planned(&object, &to_hpa(None)).unwrap();
    let left = &plan.after["spec"]["predictor"]["annotations"];
    assert_eq!(left["autoscaling.knative.dev/initialScale"], "7");
}

#[test]
fn the_way_out_is_an_exact_command_where_the_release_follows_its_revision() {
    let plan = with(&service(), 4, None);
    let command = format!(
        "kubectl annotate revision -n ml $(kubectl get ksvc bert-predictor -n ml -o jsonpath='{{.status.latestReadyRevisionName}}') {INITIAL}-"
    );
    assert!(why(&plan).ends_with(&command), "{}", why(&plan));
    let old = Fact {
        value: KnativeVersion::new(1, 20, 0),
        provenance: Provenance::Known("a test".to_owned()),
    };
    let facts = Facts::shipped().with_knative(old);
    let object = service();
    let explanation = seen(&object, &facts, 4, 4);
    let plan = super::super::plan(&object, &explanation, &facts, &to_hpa(None)).unwrap();
    assert!(!why(&plan).contains("kubectl"));
}

#[test]
fn the_way_back_keeps_capacity_too() {
    let there = with(&service(), 4, None);
    let record = Record::of(&there, "2026-11-25T00:00:00Z");
    let facts = Facts::shipped();
    let explanation = seen(&there.after, &facts, 3, 3);
    let wish = Wish::default();
    let back = restore(&there.after, &explanation, &facts, (1, &record), &wish).unwrap();
    assert_eq!(
        back.after["spec"]["predictor"]["annotations"],
        json!({INITIAL: "3"})
    );
    let stays = back
        .risks
        .iter()
        .find(|one| one.slug == "old-revision-stays")
        .unwrap();
    assert!(
        stays
            .help
            .contains("kubectl delete revision bert-predictor-00007 -n ml"),
        "{}",
        stays.help
    );
}

#[test]
fn the_pods_beside_those_of_now_are_added_up_accelerators_first() {
    let mut object = service();
    object["spec"]["predictor"]["model"]["resources"] =
        json!({"limits": {"nvidia.com/gpu": "1"}, "requests": {"cpu": "2"}});
    let plan = with(&object, 4, None);
    assert_eq!(plan.costs[0].extra_pods, 4);
    assert_eq!(
        plan.costs[0].message,
        "up to 4 more pods run beside the 4 of now: 4 nvidia.com/gpu, 8100m cpu, 8Gi memory"
    );
    // Without keeping it, it comes to need as many for the same load.
    assert_eq!(with(&object, 4, Some(false)).costs[0].extra_pods, 4);
}

#[test]
fn a_canary_and_a_rollout_under_way_are_told() {
    let mut object = service();
    object["spec"]["predictor"]["canaryTrafficPercent"] = json!(20);
    object["status"] = json!({"components": {"predictor": {
        "latestCreatedRevision": "bert-predictor-00008",
        "latestReadyRevision": "bert-predictor-00008",
        "latestRolledoutRevision": "bert-predictor-00007",
    }}});
    let plan = with(&object, 1, None);
    let canary = plan.risks.iter().find(|one| one.slug == "canary").unwrap();
    assert!(
        canary
            .message
            .contains("80 % stay with bert-predictor-00007"),
        "{}",
        canary.message
    );
    assert!(!slugs(&plan).contains(&"rollout-unfinished"));
    object["spec"]["predictor"]
        .as_object_mut()
        .unwrap()
        .remove("canaryTrafficPercent");
    assert!(slugs(&with(&object, 1, None)).contains(&"rollout-unfinished"));
}

#[test]
fn what_does_not_apply_is_not_said() {
    let plan = with(&service(), 1, None);
    assert_eq!(slugs(&plan), Vec::<&str>::new());
}

#[test]
fn a_bound_that_is_gone_and_a_deadline_are_told() {
    let mut object = service();
    object["metadata"]["annotations"] = json!({
        "serving.knative.dev/progress-deadline": "120s",
        "serving.knative.dev/rollout-duration": "300s",
        "autoscaling.knative.dev/window": "5m0s",
    });
    let rps = Wish {
        metric: Some("rps".to_owned()),
        target: Some("20".to_owned()),
        ..Wish::default()
    };
    let facts = Facts::shipped();
    let explanation = seen(&object, &facts, 1, 1);
    let plan = plan(&object, &explanation, &facts, &rps).unwrap();
    assert_eq!(
        slugs(&plan),
        ["short-deadline", "slow-rollout", "old-revision-drains"]
    );
    let mut unbounded = with(&service(), 1, None).after;
    unbounded["spec"]["predictor"]
        .as_object_mut()
        .unwrap()
        .remove("maxReplicas");
    let to_kpa = Wish {
        target: Some("4".to_owned()),
        ..Wish::default()
    };
    let explanation = seen(&unbounded, &facts, 1, 1);
    let plan = super::super::plan(&unbounded, &explanation, &facts, &to_kpa).unwrap();
    assert!(slugs(&plan).contains(&"unbounded"));
}
