//! Several Deployments for one predictor: canaries, names, workers.

use super::*;

fn canary(value: Value, name: &str) -> Value {
    let predictor = json!({"name": name, "model": {"modelFormat": {"name": "sklearn"}}});
    let canary = json!([{"trafficPercent": 20, "predictor": predictor}]);
    with(value, "/spec", "canary", canary)
}

/// kserve/kserve main, `components/predictor.go` `reconcileCanaryDeployments`.
#[test]
fn a_canary_that_is_gone_leaves_its_hpa() {
    let mut cluster = Cluster::new();
    assert_eq!(
        cluster.apply(&canary(of_class("hpa"), "c")),
        "create Deployment/m-c-predictor, create hpa/m-c-predictor, create Deployment/m, create hpa/m"
    );
    assert_eq!(
        cluster.apply(&of_class("hpa")),
        "delete Deployment/m-c-predictor, update hpa/m"
    );
    assert!(cluster.objects.hpas.contains_key("m-c-predictor"));
}

#[test]
fn a_canary_that_keda_refuses_keeps_the_stable_predictor_from_changing() {
    let mut cluster = Cluster::new();
    assert_eq!(
        cluster.apply(&canary(of_class("keda"), "c")),
        "create Deployment/m-c-predictor, create! so/m-c-predictor"
    );
    assert_eq!(
        cluster.error(),
        "fails to reconcile canary deployments: fails to reconcile canary c: admission webhook \"vscaledobject.kb.io\" denied \
         the request: no triggers defined in the ScaledObject/ScaledJob"
    );
}

#[test]
fn a_stopped_canary_is_deleted_like_the_stable_predictor() {
    let mut cluster = Cluster::new();
    let running = canary(of_class("hpa"), "c");
    cluster.apply(&running);
    let stopped = with(running, "/metadata/annotations", STOP, json!("true"));
    assert_eq!(
        cluster.apply(&stopped),
        "delete Deployment/m-c-predictor, update hpa/m-c-predictor, delete Deployment/m, update hpa/m"
    );
}

/// In 0.20.0 the canary's HPA has no owner, so no class deletes it.
#[test]
fn released_canaries_come_last_and_their_hpas_stay() {
    let mut cluster = Cluster::of(RELEASED);
    assert_eq!(
        cluster.apply(&canary(of_class("hpa"), "c")),
        "create Deployment/m, create hpa/m, create Deployment/m-c-predictor, create hpa/m-c-predictor"
    );
    assert_eq!(
        cluster.apply(&canary(of_class("none"), "c")),
        "patch Deployment/m, delete hpa/m, patch Deployment/m-c-predictor, update hpa/m-c-predictor"
    );
}

#[test]
fn a_new_name_deletes_the_old_deployment_and_forgets_its_hpa() {
    let mut cluster = Cluster::new();
    cluster.apply(&of_class("hpa"));
    let named = with(of_class("hpa"), "/spec/predictor", "name", json!("s"));
    assert_eq!(
        cluster.apply(&named),
        "delete Deployment/m, create Deployment/m-s-predictor, create hpa/m-s-predictor"
    );
    assert!(cluster.objects.hpas.contains_key("m-predictor"));
    assert!(!cluster.rolled);
}

/// kserve/kserve main and 0.20.0, `components/predictor.go`: the cleanup finds the workers by their labels, and their name is
/// not among those expected.
#[test]
fn workers_are_taken_for_orphans() {
    let workers = || with(of_class("none"), "/spec/predictor", "workerSpec", json!({}));
    let mut cluster = Cluster::new();
    assert_eq!(
        cluster.apply(&workers()),
        "create Deployment/m, create Deployment/m-worker"
    );
    assert_eq!(
        cluster.apply(&workers()),
        "delete Deployment/m-worker, create Deployment/m-worker"
    );
    let mut cluster = Cluster::of(RELEASED);
    cluster.apply(&workers());
    assert!(
        !cluster
            .objects
            .deployments
            .contains_key("m-predictor-worker")
    );
    let mut cluster = Cluster::of(Release::new(0, 18, 0));
    cluster.apply(&workers());
    assert_eq!(cluster.apply(&workers()), "");
}
