//! Which Knative runs, from what objects say.

use serde_json::{Value, json};

use super::super::{NAMESPACE, Running, running};
use crate::snapshot::Snapshot;

const LABEL: &str = "app.kubernetes.io/version";

fn deployment(name: &str, labels: &Value) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": NAMESPACE, "labels": labels},
    })
}

fn namespace(version: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": {"name": NAMESPACE, "labels": {LABEL: version}},
    })
}

fn crd(version: &str) -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "services.serving.knative.dev", "labels": {LABEL: version}},
    })
}

fn operator(namespace: &str, status: &Value) -> Value {
    json!({
        "apiVersion": "operator.knative.dev/v1beta1", "kind": "KnativeServing",
        "metadata": {"name": "knative-serving", "namespace": namespace}, "status": status,
    })
}

fn of(objects: &[Value]) -> Running {
    let mut snapshot = Snapshot::default();
    snapshot.objects.extend_from_slice(objects);
    running(&snapshot, NAMESPACE)
}

fn said(objects: &[Value]) -> String {
    match of(objects) {
        Running::Found {
            version,
            by,
            others,
            upgrading,
        } => {
            let others: Vec<_> = others
                .iter()
                .map(|(what, named)| format!("{what} {named}"))
                .collect();
            let others = if others.is_empty() {
                "none".to_owned()
            } else {
                others.join(", ")
            };
            let upgrading = if upgrading { ", upgrading" } else { "" };
            format!("{version} by {by}{upgrading}; others: {others}")
        }
        Running::Operated(operator) => format!(
            "operated by {}/{} {}",
            operator.namespace,
            operator.name,
            operator.version.as_deref().unwrap_or("-")
        ),
        other => format!("{other:?}"),
    }
}

#[test]
fn the_controller_counts_before_everything_else() {
    let controller = deployment("controller", &json!({LABEL: "1.22.1"}));
    let old = deployment(
        "controller",
        &json!({"serving.knative.dev/release": "v0.22.3"}),
    );
    let webhook = deployment("webhook", &json!({LABEL: "1.23.0"}));
    let all = [
        said(&[namespace("1.22.1"), controller.clone(), crd("1.22.1")]),
        said(&[crd("1.21.0"), namespace("1.22.1"), controller.clone()]),
        said(&[webhook.clone(), controller]),
        said(&[old]),
        said(&[crd("1.22.0"), webhook]),
        said(&[deployment("controller", &json!({})), namespace("1.22.1")]),
        said(&[deployment("controller", &json!({LABEL: "devel"}))]),
        said(&[deployment("controller", &json!({LABEL: "v1.12.4-gke.6"}))]),
    ];
    insta::assert_snapshot!(all.join("\n"), @"
    1.22.1 by Deployment controller; others: none
    1.22.1 by Deployment controller; others: CustomResourceDefinition services.serving.knative.dev 1.21.0
    1.22.1 by Deployment controller, upgrading; others: Deployment webhook 1.23.0
    0.22.3 by Deployment controller; others: none
    1.23.0 by Deployment webhook; others: CustomResourceDefinition services.serving.knative.dev 1.22.0
    1.22.1 by Namespace knative-serving; others: none
    devel by Deployment controller; others: none
    1.12.4-gke.6 by Deployment controller; others: none
    ");
}

#[test]
fn what_the_operator_manages_is_told() {
    let controller = deployment("controller", &json!({LABEL: "1.21.3"}));
    let mut owned = controller.clone();
    owned["metadata"]["ownerReferences"] = json!([
        {"apiVersion": "operator.knative.dev/v1beta1", "kind": "KnativeServing", "name": "own"},
    ]);
    let all = [
        said(&[
            operator(NAMESPACE, &json!({"version": "1.21.3"})),
            controller.clone(),
        ]),
        said(&[operator(NAMESPACE, &Value::Null)]),
        said(&[owned]),
        said(&[operator("other", &json!({})), controller]),
        said(&[operator("other", &json!({}))]),
    ];
    insta::assert_snapshot!(all.join("\n"), @r#"
    operated by knative-serving/knative-serving 1.21.3
    operated by knative-serving/knative-serving -
    operated by knative-serving/own -
    1.21.3 by Deployment controller; others: none
    Elsewhere { operated: ["other"] }
    "#);
}

#[test]
fn where_nothing_runs_nothing_is_found() {
    assert_eq!(of(&[]), Running::Nowhere);
    assert_eq!(of(&[namespace("1.23.0")]), Running::Nowhere);
    let operated = Vec::new();
    assert_eq!(of(&[crd("1.23.0")]), Running::Elsewhere { operated });
    assert_eq!(
        of(&[deployment("controller", &json!({}))]),
        Running::Unversioned
    );
    let mut elsewhere = deployment("controller", &json!({LABEL: "1.23.0"}));
    elsewhere["metadata"]["namespace"] = json!("ml");
    assert_eq!(of(&[elsewhere]), Running::Nowhere);
}
