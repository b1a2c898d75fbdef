//! Owners, told by their own marks; nobody, by what anybody may write.

use serde_json::{Value, json};

use super::of;

fn told(metadata: &Value) -> Vec<String> {
    let owners = of(&json!({"metadata": metadata}));
    let each = owners.iter();
    each.map(|owner| format!("{} ({})", owner.name, owner.evidence))
        .collect()
}

fn manager(name: &str, operation: &str) -> Value {
    json!([{
        "manager": name,
        "operation": operation,
        "fieldsType": "FieldsV1",
        "fieldsV1": {"f:spec": {"f:predictor": {"f:minReplicas": {}}}},
    }])
}

#[test]
fn everybody_is_told_by_marks_of_their_own() {
    let cases = [
        (
            json!({"annotations": {"argocd.argoproj.io/tracking-id": "ml:serving.kserve.io/InferenceService:ml/bert"}}),
            "Argo CD (annotation argocd.argoproj.io/tracking-id: ml:serving.kserve.io/InferenceService:ml/bert)",
        ),
        (
            json!({"labels": {"argocd.argoproj.io/instance": "ml"}}),
            "Argo CD (label argocd.argoproj.io/instance: ml)",
        ),
        (
            json!({"labels": {"app.kubernetes.io/instance": "ml"}, "managedFields": manager("argocd-controller", "Apply")}),
            "Argo CD (field manager argocd-controller)",
        ),
        (
            json!({"labels": {"kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"}}),
            "Flux (label kustomize.toolkit.fluxcd.io/name: apps of namespace flux-system)",
        ),
        (
            json!({"labels": {
                "helm.toolkit.fluxcd.io/name": "models",
                "helm.toolkit.fluxcd.io/namespace": "ml",
                "app.kubernetes.io/managed-by": "Helm",
            }, "annotations": {"meta.helm.sh/release-name": "models"}}),
            "Flux (label helm.toolkit.fluxcd.io/name: models of namespace ml)",
        ),
        (
            json!({"annotations": {"configmanagement.gke.io/managed": "enabled"}}),
            "Config Sync (annotation configmanagement.gke.io/managed: enabled)",
        ),
        (
            json!({"annotations": {"meta.helm.sh/release-name": "models", "meta.helm.sh/release-namespace": "ml"}}),
            "Helm (annotation meta.helm.sh/release-name: models)",
        ),
        (
            json!({"managedFields": manager("Terraform", "Apply")}),
            "Terraform (field manager Terraform)",
        ),
        (
            json!({"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{".repeat(500)}}),
            "kubectl apply (annotation kubectl.kubernetes.io/last-applied-configuration)",
        ),
        (
            json!({"managedFields": manager("kubectl", "Apply")}),
            "kubectl apply (field manager kubectl, which applies it on the server's side)",
        ),
        (
            json!({"managedFields": manager("our-pipeline", "Apply")}),
            "our-pipeline (field manager our-pipeline, which applies it on the server's side)",
        ),
    ];
    for (metadata, expected) in cases {
        assert_eq!(told(&metadata), [expected]);
    }
}

#[test]
fn whoever_applies_by_the_means_of_another_is_named_once() {
    let metadata = json!({
        "annotations": {
            "argocd.argoproj.io/tracking-id": "a",
            "kubectl.kubernetes.io/last-applied-configuration": "{}",
            "meta.helm.sh/release-name": "a",
        },
        "managedFields": manager("argocd-controller", "Update"),
    });
    let expected = "Argo CD (annotation argocd.argoproj.io/tracking-id: a)";
    assert_eq!(told(&metadata), [expected]);
}

#[test]
fn whoever_applies_the_class_alone_is_an_owner_too() {
    let mut fields = manager("our-pipeline", "Apply");
    fields[0]["fieldsV1"] =
        json!({"f:metadata": {"f:annotations": {"f:autoscaling.knative.dev/class": {}}}});
    assert_eq!(told(&json!({"managedFields": fields})).len(), 1);
}

#[test]
fn conventions_and_other_writers_are_no_owners() {
    let mut status = manager("argocd-controller", "Apply");
    status[0]["subresource"] = json!("status");
    let mut labels = manager("our-pipeline", "Apply");
    labels[0]["fieldsV1"] = json!({"f:metadata": {"f:labels": {"f:team": {}}}});
    for metadata in [
        json!({}),
        json!({"labels": {"app.kubernetes.io/instance": "bert", "app.kubernetes.io/managed-by": "Helm"}}),
        json!({"labels": {"app.kubernetes.io/managed-by": "kustomize"}}),
        json!({"labels": {"argocd.argoproj.io/instance": ""}}),
        json!({"annotations": {"configmanagement.gke.io/managed": "disabled"}}),
        json!({"annotations": {"argocd.argoproj.io/sync-wave": "1"}}),
        json!({"managedFields": manager("kscale", "Apply")}),
        json!({"managedFields": manager("kubectl-edit", "Update")}),
        json!({"managedFields": manager("manager", "Update")}),
        json!({"managedFields": status}),
        json!({"managedFields": labels}),
        json!({"labels": 5, "annotations": [], "managedFields": {"a": 1}}),
        json!({"managedFields": [5, {"manager": 1}, {}]}),
    ] {
        assert_eq!(told(&metadata), [""; 0], "{metadata}");
    }
}
