//! How many pods there are now, told by what is in the cluster: only numbers are kept of it.

use std::collections::HashMap;

use serde_json::Value;

use crate::facts::text;
use crate::snapshot::is_of_kind;

/// Namespace, kind of the owner's label, owner, component.
type Key = (String, &'static str, String, String);

const INFERENCE_SERVICE: &str = "InferenceService";

/// Labels that say whose something is, and whether the component is told beside it.
/// Source: kserve/kserve pkg/constants (`InferenceServicePodLabelKey`, `KServiceComponentLabel`, `InferenceGraphLabel`),
/// knative/serving pkg/apis/serving/register.go (`ServiceLabelKey`).
const OWNERS: [(&str, &str); 3] = [
    ("serving.kserve.io/inferenceservice", INFERENCE_SERVICE),
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
        let (_, kind) = OWNERS.iter().find(|(_, owner)| *owner == kind)?;
        let component = if *kind == INFERENCE_SERVICE {
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
        let scalers = self.scalers.get(&key).filter(|all| !all.is_empty());
        let Some(scalers) = scalers else {
            return deployments.map(|all| all.values().sum());
        };
        let pods = |(revision, told): (&String, &Option<i64>)| {
            told.or_else(|| deployments?.get(&deployment(revision)).copied())
        };
        scalers.iter().map(pods).sum()
    }

    /// The Deployments, by namespace and name, whose PodAutoscalers tell nothing: one that nobody acts on has no status.
    pub(crate) fn untold(&self) -> Vec<(String, String)> {
        let silent = self.scalers.iter().flat_map(|((namespace, ..), scalers)| {
            let silent = scalers.iter().filter(|(_, told)| told.is_none());
            silent.map(|(revision, _)| (namespace.clone(), deployment(revision)))
        });
        let mut silent: Vec<_> = silent.collect();
        silent.sort();
        silent
    }
}

/// Source: knative/serving pkg/reconciler/revision/resources/names, `Deployment`, 1.0–1.23; for the names of its own
/// revisions, which are never so long that they would be shortened.
fn deployment(revision: &str) -> String {
    format!("{revision}-deployment")
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
    let component = if *kind == INFERENCE_SERVICE {
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
    fn where_one_that_nobody_acts_on_tells_nothing_its_deployment_does() {
        let mut now = Now::default();
        let mut stuck = scaler("a-1", &json!({}));
        stuck.as_object_mut().unwrap().remove("status");
        now.add(&stuck);
        now.add(&scaler("a-0", &json!({"actualScale": 2})));
        assert_eq!(now.of("n", "InferenceService", "a", "predictor"), None);
        let deployment = "a-1-deployment".to_owned();
        assert_eq!(now.untold(), [("n".to_owned(), deployment.clone())]);
        // Only its Deployment tells, and is not counted for the revision that has told.
        for (name, ready) in [(deployment.as_str(), 1), ("a-0-deployment", 2)] {
            let mut told = scaler(name, &json!({"readyReplicas": ready}));
            told["apiVersion"] = "apps/v1".into();
            told["kind"] = "Deployment".into();
            now.add(&told);
        }
        assert_eq!(now.of("n", "InferenceService", "a", "predictor"), Some(3));
    }
}
