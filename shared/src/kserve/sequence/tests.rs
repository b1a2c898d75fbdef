//! Series of changes that no line of the corpus shows.

use serde_json::{Value, json};

use super::*;
use crate::facts::{Fact, FactsSource};
use crate::kserve::Release;

const CLASS: &str = "serving.kserve.io/autoscalerClass";
const MODE: &str = "serving.kserve.io/deploymentMode";
const STOP: &str = "serving.kserve.io/stop";
const RELEASED: Release = Release::new(0, 20, 0);

fn service(annotations: &Value, predictor: &Value) -> Value {
    let mut all = json!({MODE: "Standard"});
    let mut fields = json!({"model": {"modelFormat": {"name": "sklearn"}}});
    for (target, more) in [(&mut all, annotations), (&mut fields, predictor)] {
        for (key, value) in more.as_object().into_iter().flatten() {
            target[key] = value.clone();
        }
    }
    json!({
        "metadata": {"name": "m", "namespace": "default", "annotations": all},
        "spec": {"predictor": fields},
    })
}

fn of_class(class: &str) -> Value {
    let metric =
        json!({"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization"}}});
    let predictor = json!({"maxReplicas": 5, "autoScaling": {"metrics": [metric]}});
    service(&json!({CLASS: class}), &predictor)
}

fn with(mut value: Value, pointer: &str, field: &str, new: Value) -> Value {
    value.pointer_mut(pointer).unwrap()[field] = new;
    value
}

/// A cluster of one namespace, and what the last reconcile did.
struct Cluster {
    facts: Facts,
    objects: WorkloadObjects,
    error: Option<String>,
    rolled: bool,
}

impl Cluster {
    fn of(release: Release) -> Self {
        Self {
            facts: Facts::from_objects(&[], FactsSource::Snapshot)
                .with_kserve(Fact::known(release, "a test")),
            objects: WorkloadObjects::default(),
            error: None,
            rolled: false,
        }
    }

    fn new() -> Self {
        Self::of(Release::MAIN)
    }

    fn with_hpa(mut self, name: &str, more: &Value) -> Self {
        let mut metadata = json!({"name": name, "namespace": "default"});
        for (key, value) in more.as_object().into_iter().flatten() {
            metadata[key] = value.clone();
        }
        let target = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "m-predictor"});
        let hpa = json!({
            "kind": "HorizontalPodAutoscaler",
            "metadata": metadata,
            "spec": {"scaleTargetRef": target, "maxReplicas": 9},
        });
        assert!(self.objects.add(&hpa, "default"));
        self
    }

    /// Reconciles the predictor; the writes, in short.
    fn apply(&mut self, value: &Value) -> String {
        let kind = ComponentKind::Predictor;
        let reconciled = reconcile(value, &self.facts, kind, &self.objects).unwrap();
        self.objects = reconciled.after;
        self.error = reconciled.failure.map(|failure| failure.text);
        self.rolled = reconciled.template_changed;
        let short = |write: &Write| {
            let kind = match write.operation.object.kind() {
                "HorizontalPodAutoscaler" => "hpa",
                "ScaledObject" => "so",
                other => other,
            };
            let refused = if write.refused { "!" } else { "" };
            format!("{}{refused} {kind}/{}", write.operation.verb, write.name)
        };
        let writes: Vec<String> = reconciled.writes.iter().map(short).collect();
        writes.join(", ").replace("m-predictor", "m")
    }

    fn error(&self) -> &str {
        self.error.as_deref().unwrap_or_default()
    }

    fn bounds(&self, scaled_object: &str) -> (i64, i64) {
        let spec = &self.objects.scaled_objects[scaled_object].spec;
        let bound = |key: &str| spec[key].as_i64().unwrap();
        (bound("minReplicaCount"), bound("maxReplicaCount"))
    }
}

/// kserve/kserve 0.20, `keda_reconciler.go`: the error of the update is logged and dropped; kedacore/keda 2.18,
/// `verifyCPUMemoryScalers` returns at once for a dry run.
#[test]
fn keda_s_refusal_of_an_update_is_lost() {
    let mut cluster = Cluster::new();
    cluster.apply(&of_class("keda"));
    let zero = with(of_class("keda"), "/spec/predictor", "minReplicas", json!(0));
    assert_eq!(cluster.apply(&zero), "dry-run-update so/m, update! so/m");
    assert_eq!(cluster.error, None);
    assert_eq!(cluster.bounds("m-predictor"), (1, 5));
}

#[test]
fn a_scaled_object_beside_an_hpa_is_not_updated_any_more() {
    let mut cluster = Cluster::new();
    cluster.apply(&of_class("keda"));
    assert_eq!(
        cluster.apply(&of_class("hpa")),
        "patch Deployment/m, create hpa/m"
    );
    assert_eq!(
        cluster.apply(&of_class("keda")),
        "patch Deployment/m, dry-run-update! so/m"
    );
    assert!(
        cluster
            .error()
            .ends_with("is already managed by the hpa 'm-predictor'")
    );
}

/// kedacore/keda 2.18, `verifyHpas`.
#[test]
fn keda_takes_only_rivals_for_obstacles() {
    let excused = json!({"annotations": {"validations.keda.sh/hpa-ownership": "false"}});
    let of_keda = json!({"ownerReferences": [{"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "name": "m-predictor"}]});
    for (metadata, accepted) in [(excused, true), (of_keda, true), (json!({}), false)] {
        let mut cluster = Cluster::new().with_hpa("other", &metadata);
        cluster.apply(&of_class("keda"));
        assert_eq!(cluster.error.is_none(), accepted, "{metadata}");
    }
}

#[test]
fn keda_refuses_a_second_scaled_object() {
    let mut cluster = Cluster::new();
    let rival = json!({
        "kind": "ScaledObject",
        "metadata": {"name": "rival", "namespace": "default"},
        "spec": {"scaleTargetRef": {"name": "m-predictor"}},
    });
    assert!(cluster.objects.add(&rival, "default"));
    assert_eq!(
        cluster.apply(&of_class("keda")),
        "create Deployment/m, create! so/m"
    );
    assert!(
        cluster
            .error()
            .ends_with("is already managed by the ScaledObject 'rival'")
    );
}

#[test]
fn objects_of_another_namespace_or_kind_are_not_looked_at() {
    let mut objects = WorkloadObjects::default();
    let of = |kind: &str| json!({"kind": kind, "metadata": {"name": "x", "namespace": "other"}, "spec": {}});
    assert!(!objects.add(&of("HorizontalPodAutoscaler"), "default"));
    assert!(!objects.add(&of("Deployment"), "other"));
    assert_eq!(objects, WorkloadObjects::default());
}

/// kserve/kserve 0.20, `hpa_reconciler.go` `shouldDeleteHPA`: the owner first, and then the annotation of the HPA itself.
#[test]
fn a_stopped_service_adopts_a_user_s_hpa_and_deletes_it_next_time() {
    let mut cluster =
        Cluster::new().with_hpa("m-predictor", &json!({"annotations": {STOP: "true"}}));
    let stopped = with(
        of_class("none"),
        "/metadata/annotations",
        STOP,
        json!("TRUE"),
    );
    assert_eq!(cluster.apply(&stopped), "update hpa/m");
    assert_eq!(cluster.objects.hpas["m-predictor"].spec.max_replicas, 5);
    assert_eq!(cluster.apply(&stopped), "delete hpa/m");
    assert_eq!(cluster.apply(&stopped), "");
}

#[test]
fn stop_at_the_component_counts_for_its_hpa_too() {
    let mut cluster = Cluster::new();
    cluster.apply(&of_class("hpa"));
    let stop = json!({STOP: "true"});
    let stopped = with(of_class("hpa"), "/spec/predictor", "annotations", stop);
    assert_eq!(cluster.apply(&stopped), "delete Deployment/m, update hpa/m");
    assert_eq!(
        cluster.apply(&of_class("hpa")),
        "create Deployment/m, delete hpa/m"
    );
    assert_eq!(cluster.apply(&of_class("hpa")), "create hpa/m");
}

#[test]
fn an_update_that_the_api_server_refuses_leaves_the_hpa() {
    let mut cluster = Cluster::new();
    cluster.apply(&of_class("hpa"));
    let metric =
        json!([{"type": "Resource", "resource": {"name": "memory", "target": {"type": "Value"}}}]);
    let broken = with(
        of_class("hpa"),
        "/spec/predictor/autoScaling",
        "metrics",
        metric,
    );
    assert_eq!(cluster.apply(&broken), "update! hpa/m");
    let start = "fails to reconcile predictor: HorizontalPodAutoscaler.autoscaling \"m-predictor\" is invalid: ";
    assert!(cluster.error().starts_with(start), "{}", cluster.error());
    assert_eq!(cluster.objects.hpas["m-predictor"].spec.metrics.len(), 1);
}

/// kserve/kserve 0.20, `deployment_reconciler.go`: replicas are left out of the patch unless the new class is `none`.
#[test]
fn replicas_that_none_fixed_outlive_the_class() {
    let replicas = |cluster: &Cluster| cluster.objects.deployments["m-predictor"].replicas;
    let fixed = with(of_class("none"), "/spec/predictor", "minReplicas", json!(2));
    let mut cluster = Cluster::new();
    cluster.apply(&fixed);
    assert_eq!(replicas(&cluster), Some(2));
    cluster.apply(&of_class("external"));
    assert_eq!(replicas(&cluster), Some(2));
    cluster.apply(&of_class("none"));
    assert_eq!(replicas(&cluster), None);
    assert_eq!(cluster.apply(&fixed), "patch Deployment/m");
    assert!(!cluster.rolled);
}

#[test]
fn only_what_reaches_the_pod_rolls_it() {
    let base = || {
        with(
            of_class("hpa"),
            "/spec/predictor/model",
            "resources",
            json!({"limits": {"cpu": "1000m"}}),
        )
    };
    let cases = [
        ("/spec/predictor", "scaleTarget", json!(50), false),
        ("/spec/predictor", "containerConcurrency", json!(3), false),
        ("/spec/predictor", "timeout", json!(30), false),
        (
            "/spec/predictor",
            "deploymentStrategy",
            json!({"type": "Recreate"}),
            false,
        ),
        ("/spec/predictor", "nodeSelector", json!({}), false),
        (
            "/spec/predictor/model",
            "resources",
            json!({"limits": {"cpu": 1}}),
            false,
        ),
        (
            "/spec/predictor/model",
            "resources",
            json!({"limits": {"cpu": 2}}),
            true,
        ),
        (
            "/spec/predictor/model",
            "storageUri",
            json!("gs://a/b"),
            true,
        ),
        ("/spec/predictor", "logger", json!({"mode": "all"}), true),
        ("/spec/predictor", "labels", json!({"a": "b"}), true),
        ("/metadata", "labels", json!({"a": "b"}), true),
        ("/metadata/annotations", "a", json!("b"), true),
        (
            "/metadata/annotations",
            "autoscaling.knative.dev/min-scale",
            json!("3"),
            false,
        ),
    ];
    for (pointer, field, new, rolls) in cases {
        let mut cluster = Cluster::new();
        cluster.apply(&base());
        assert!(!cluster.rolled);
        cluster.apply(&with(base(), pointer, field, new));
        assert_eq!(cluster.rolled, rolls, "{pointer}/{field}");
    }
}

#[test]
fn a_framework_field_is_the_same_as_the_model_that_it_becomes() {
    let mut cluster = Cluster::new();
    let model = service(&json!({}), &json!({}));
    cluster.apply(&model);
    let mut framework = model;
    framework["spec"]["predictor"] = json!({"sklearn": {}});
    cluster.apply(&framework);
    assert!(!cluster.rolled);
}

#[test]
fn a_failure_while_preparing_writes_nothing() {
    let mut cluster = Cluster::new();
    cluster.apply(&of_class("hpa"));
    let before = cluster.objects.clone();
    assert_eq!(cluster.apply(&of_class("foo")), "");
    assert_eq!(
        cluster.error(),
        "fails to create NewRawKubeReconciler for predictor: unknown autoscaler class type: foo"
    );
    assert_eq!(cluster.objects, before);
}

#[test]
fn knative_mode_leaves_what_standard_mode_made() {
    let mut cluster = Cluster::new();
    cluster.apply(&of_class("hpa"));
    let before = cluster.objects.clone();
    let knative = with(
        of_class("hpa"),
        "/metadata/annotations",
        MODE,
        json!("Knative"),
    );
    assert_eq!(cluster.apply(&knative), "");
    assert_eq!(cluster.objects, before);
}

#[test]
fn a_ready_service_without_auto_update_is_left_alone() {
    let mut cluster = Cluster::new();
    cluster.apply(&of_class("hpa"));
    let key = "serving.kserve.io/disable-auto-update";
    let mut value = with(
        of_class("none"),
        "/metadata/annotations",
        key,
        json!("true"),
    );
    value["status"] =
        json!({"deploymentMode": "Standard", "conditions": [{"type": "Ready", "status": "True"}]});
    assert_eq!(cluster.apply(&value), "");
}

mod predictors;
mod releases;
