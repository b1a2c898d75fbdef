//! Whoever depends on the extension: the PodAutoscalers of its class, and what they scale.

use serde_json::Value;

use crate::cluster::{Cluster, Failure};
use crate::facts::text;
use crate::snapshot::Snapshot;

const GROUP: &str = "autoscaling.internal.knative.dev";
const CLASS: &str = "hpa.autoscaling.knative.dev";

/// What a PodAutoscaler of the class scales.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::command) struct User {
    /// Its namespace.
    pub(in crate::command) namespace: String,
    /// The kind of what the user wrote: InferenceService, Service, or, where its labels do not say, PodAutoscaler.
    pub(in crate::command) kind: &'static str,
    /// Its name.
    pub(in crate::command) name: String,
}

impl User {
    /// `InferenceService bert in namespace ml`
    pub(in crate::command) fn words(&self) -> String {
        format!(
            "{} {} in namespace {}",
            self.kind, self.name, self.namespace
        )
    }

    fn of(autoscaler: &Value) -> Self {
        let label = |key: &str| under(autoscaler, "/metadata/labels", key);
        let named = [
            (
                "InferenceService",
                label("serving.kserve.io/inferenceservice"),
            ),
            ("Knative Service", label("serving.knative.dev/service")),
            ("PodAutoscaler", text(autoscaler, "/metadata/name")),
        ];
        let first = named.into_iter().find(|(_, name)| !name.is_empty());
        let (kind, name) = first.unwrap_or(("PodAutoscaler", ""));
        Self {
            namespace: text(autoscaler, "/metadata/namespace").to_owned(),
            kind,
            name: name.to_owned(),
        }
    }
}

/// All that depend on the extension, each once.
pub(in crate::command) fn users(snapshot: &Snapshot) -> Vec<User> {
    sorted(of_class(snapshot).map(User::of))
}

/// Those that have been waiting for it: nobody has ever looked at their PodAutoscaler, so that it has no status.
pub(in crate::command) fn stuck(snapshot: &Snapshot) -> Vec<User> {
    let unseen = |autoscaler: &&Value| autoscaler.get("status").is_none_or(Value::is_null);
    sorted(of_class(snapshot).filter(unseen).map(User::of))
}

fn sorted(users: impl Iterator<Item = User>) -> Vec<User> {
    let mut users: Vec<User> = users.collect();
    users.sort();
    users.dedup();
    users
}

fn of_class(snapshot: &Snapshot) -> impl Iterator<Item = &Value> {
    let all = snapshot.of_kind(GROUP, "PodAutoscaler");
    all.filter(|object| is_of_class(object))
}

fn is_of_class(autoscaler: &Value) -> bool {
    under(
        autoscaler,
        "/metadata/annotations",
        "autoscaling.knative.dev/class",
    ) == CLASS
}

/// A label or annotation, or an empty text.
fn under<'a>(object: &'a Value, pointer: &str, key: &str) -> &'a str {
    let value = object.pointer(pointer).and_then(|map| map.get(key));
    value.and_then(Value::as_str).unwrap_or_default()
}

/// The PodAutoscalers of the class, in all namespaces.
pub(super) async fn gather(cluster: &Cluster) -> Result<Vec<Value>, Failure> {
    let mut found = Vec::new();
    let path = format!("/apis/{GROUP}/v1alpha1/podautoscalers");
    let keep = |object: Value| {
        if is_of_class(&object) {
            found.push(object);
        }
    };
    cluster.list(&path, keep).await?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn autoscaler(name: &str, class: &str, labels: &Value, status: Value) -> Value {
        let mut object = json!({
            "apiVersion": "autoscaling.internal.knative.dev/v1alpha1", "kind": "PodAutoscaler",
            "metadata": {
                "name": name, "namespace": "ml", "labels": labels,
                "annotations": {"autoscaling.knative.dev/class": class},
            },
        });
        if !status.is_null() {
            object["status"] = status;
        }
        object
    }

    #[test]
    fn what_depends_is_told_by_what_the_user_wrote() {
        let bert = json!({"serving.kserve.io/inferenceservice": "bert", "serving.knative.dev/service": "bert-predictor"});
        let web = json!({"serving.knative.dev/service": "web"});
        let mut snapshot = Snapshot::default();
        snapshot.objects.extend([
            autoscaler("web-00001", CLASS, &web, Value::Null),
            autoscaler(
                "bert-predictor-00001",
                CLASS,
                &bert,
                json!({"conditions": []}),
            ),
            autoscaler("bert-predictor-00002", CLASS, &bert, Value::Null),
            autoscaler(
                "bert-predictor-00003",
                "kpa.autoscaling.knative.dev",
                &bert,
                Value::Null,
            ),
            autoscaler("bare", CLASS, &Value::Null, json!({})),
        ]);
        let words = |users: Vec<User>| -> Vec<String> { users.iter().map(User::words).collect() };
        assert_eq!(
            words(users(&snapshot)),
            [
                "InferenceService bert in namespace ml",
                "Knative Service web in namespace ml",
                "PodAutoscaler bare in namespace ml"
            ]
        );
        assert_eq!(
            words(stuck(&snapshot)),
            [
                "InferenceService bert in namespace ml",
                "Knative Service web in namespace ml"
            ]
        );
    }
}
