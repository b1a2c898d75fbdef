//! How many pods there are now, told by what is in the cluster: only numbers are kept of it.

use std::collections::HashMap;

use serde_json::Value;

use crate::facts::text;
use crate::snapshot::is_of_kind;

/// Namespace, kind of the owner's label, owner, component.
type Key = (String, &'static str, String, String);

/// Labels that say whose something is, and whether the component is told beside it.
/// Source: kserve/kserve pkg/constants (`InferenceServicePodLabelKey`, `KServiceComponentLabel`, `InferenceGraphLabel`),
/// knative/serving pkg/apis/serving/register.go (`ServiceLabelKey`).
const OWNERS: [(&str, &str); 3] = [
    ("serving.kserve.io/inferenceservice", "InferenceService"),
    ("serving.kserve.io/inferencegraph", "InferenceGraph"),
    ("serving.knative.dev/service", "Service"),
];

/// Pods by owner and component, from each object by its name: so that a changed one counts once.
#[derive(Debug, Default)]
pub(crate) struct Now {
    scalers: HashMap<Key, HashMap<String, Option<i64>>>,
    deployments: HashMap<Key, HashMap<String, i64>>,
}

impl Now {
    /// Takes in a PodAutoscaler or a Deployment; tells of whom it is, where it is of anybody.
    pub(crate) fn add(&mut self, object: &Value) -> Option<Owner> {
        let key = key(object)?;
        let name = text(object, "/metadata/name").to_owned();
        let number = |path: &str| object.pointer(path).and_then(Value::as_i64);
        let owner = Owner::of(&key);
        if is_of_kind(object, "autoscaling.internal.knative.dev", "PodAutoscaler") {
            // One that nobody acts on has no status at all.
            let known = object
                .get("status")
                .map(|_| number("/status/actualScale").unwrap_or(0));
            self.scalers.entry(key).or_default().insert(name, known);
        } else if is_of_kind(object, "apps", "Deployment") {
            let ready = number("/status/readyReplicas").unwrap_or(0);
            self.deployments.entry(key).or_default().insert(name, ready);
        } else {
            return None;
        }
        Some(owner)
    }

    /// Forgets one that is gone.
    pub(crate) fn remove(&mut self, object: &Value) -> Option<Owner> {
        let key = key(object)?;
        let name = text(object, "/metadata/name");
        if is_of_kind(object, "apps", "Deployment") {
            self.deployments.get_mut(&key)?.remove(name);
        } else {
            self.scalers.get_mut(&key)?.remove(name);
        }
        Some(Owner::of(&key))
    }

    /// The pods of a component; none where nothing tells.
    pub(crate) fn of(
        &self,
        namespace: &str,
        kind: &str,
        name: &str,
        component: &str,
    ) -> Option<i64> {
        let (label, kind) = OWNERS.iter().find(|(_, owner)| *owner == kind)?;
        let _ = label;
        let component = if *kind == "InferenceService" {
            component
        } else {
            ""
        };
        let key = (
            namespace.to_owned(),
            *kind,
            name.to_owned(),
            component.to_owned(),
        );
        let deployments = self.deployments.get(&key).filter(|all| !all.is_empty());
        if let Some(deployments) = deployments {
            return Some(deployments.values().sum());
        }
        let scalers = self.scalers.get(&key).filter(|all| !all.is_empty())?;
        scalers.values().copied().sum()
    }
}

/// Whose something is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Owner {
    /// The namespace.
    pub(crate) namespace: String,
    /// Its `kind`.
    pub(crate) kind: &'static str,
    /// Its name.
    pub(crate) name: String,
}

impl Owner {
    fn of((namespace, kind, name, _): &Key) -> Self {
        Self {
            namespace: namespace.clone(),
            kind,
            name: name.clone(),
        }
    }
}

fn key(object: &Value) -> Option<Key> {
    let labels = object.get("metadata")?.get("labels")?;
    let (label, kind) = OWNERS
        .iter()
        .find(|(label, _)| labels.get(label).is_some())?;
    let of = |key: &str| labels.get(key).and_then(Value::as_str).unwrap_or_default();
    let component = if *kind == "InferenceService" {
        of("component")
    } else {
        ""
    };
    let namespace = text(object, "/metadata/namespace").to_owned();
    Some((namespace, kind, of(label).to_owned(), component.to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scaler(revision: &str, status: &Value) -> Value {
        json!({
            "apiVersion": "autoscaling.internal.knative.dev/v1alpha1",
            "kind": "PodAutoscaler",
            "metadata": {
                "namespace": "n",
                "name": revision,
                "labels": {"serving.kserve.io/inferenceservice": "a", "component": "predictor", "serving.knative.dev/service": "a-predictor"},
            },
            "status": status,
        })
    }

    #[test]
    fn revisions_are_summed_and_each_counts_once() {
        let mut now = Now::default();
        now.add(&scaler("a-1", &json!({"actualScale": 2})));
        now.add(&scaler("a-2", &json!({"actualScale": 3})));
        now.add(&scaler("a-2", &json!({"actualScale": 5})));
        assert_eq!(now.of("n", "InferenceService", "a", "predictor"), Some(7));
        now.remove(&scaler("a-1", &json!({})));
        assert_eq!(now.of("n", "InferenceService", "a", "predictor"), Some(5));
        assert_eq!(now.of("n", "InferenceService", "b", "predictor"), None);
    }

    #[test]
    fn one_that_nobody_acts_on_tells_nothing() {
        let mut now = Now::default();
        let mut stuck = scaler("a-1", &json!({}));
        stuck.as_object_mut().unwrap().remove("status");
        now.add(&stuck);
        assert_eq!(now.of("n", "InferenceService", "a", "predictor"), None);
    }
}
