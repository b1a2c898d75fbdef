//! Canaries of a predictor in Standard mode: more predictors beside the stable one, which gives up replicas for them.
//! Source: kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/components/predictor.go`.

use serde_json::{Map, Value};

use super::{Context, object_name, outcome};
use crate::facts::Runtime;
use crate::kserve::effective::{Effective, from_controller};
use crate::kserve::outcome::{ComponentOutcome, Failure, RefusedBy};
use crate::kserve::release::Behaviour;
use crate::manifest::{Canary, Component, ComponentKind, Extension};

impl Context<'_> {
    /// minReplicas of the stable predictor while canaries run.
    pub(super) fn reduced_for_canaries<'c>(&self, component: &Component<'c>) -> Extension<'c> {
        let mut extension = component.extension.clone();
        if component.kind != ComponentKind::Predictor {
            return extension;
        }
        let at_once = self.release().has(Behaviour::CanaryReducesAtOnce);
        let canaries = &self.service.canaries;
        let counted: Vec<&Canary<'_>> = canaries
            .iter()
            .filter(|canary| at_once || self.is_ready(canary))
            .collect();
        let ready: i64 = counted
            .iter()
            .map(|canary| canary_replicas(component, canary))
            .sum();
        // 0.20.0 raises even an unreduced minimum to one, as soon as there is a canary.
        let applies = if at_once {
            !canaries.is_empty()
        } else {
            ready > 0
        };
        if let Some(min) = extension.min_replicas.filter(|_| applies) {
            extension.min_replicas = Some((min - ready).max(1));
        }
        extension
    }

    fn is_ready(&self, canary: &Canary<'_>) -> bool {
        let name = canary.predictor.predictor_name(self.release());
        let statuses = self
            .service
            .status
            .and_then(|status| status.get("canaryStatuses")?.as_array());
        statuses.into_iter().flatten().any(|status| {
            status.get("name").and_then(Value::as_str) == Some(name)
                && status.get("ready").and_then(Value::as_bool) == Some(true)
        })
    }

    /// The canaries of a predictor, up to the first that fails, and how that failure reaches the predictor.
    pub(super) fn canaries(
        &self,
        stable: &Component<'_>,
        runtime: Option<&Runtime>,
    ) -> (Vec<ComponentOutcome>, Option<Failure>) {
        let mut made = Vec::new();
        if stable.kind != ComponentKind::Predictor {
            return (made, None);
        }
        for canary in &self.service.canaries {
            let one = self.canary(stable, canary, runtime);
            let failure = one.failure.clone();
            made.push(one);
            if let Some(failure) = failure {
                let crashed = failure.by == RefusedBy::Crash;
                let prefix = if crashed {
                    ""
                } else {
                    "fails to reconcile canary deployments: "
                };
                return (made, Some(Failure::new(failure.by, prefix, &failure.text)));
            }
        }
        (made, None)
    }

    fn canary(
        &self,
        stable: &Component<'_>,
        canary: &Canary<'_>,
        chosen: Option<&Runtime>,
    ) -> ComponentOutcome {
        let replicas = canary_replicas(stable, canary);
        let merged = merged_fields(stable, canary, chosen);
        let extension = Extension {
            min_replicas: Some(replicas),
            ..Extension::default()
        };
        let pointer = canary.predictor.pointer.clone();
        let component = Component::new(ComponentKind::Predictor, pointer, &merged, extension);
        let own_name = canary.predictor.predictor_name(self.release());
        // The merge keeps the stable predictor's name where the canary has none.
        let named = if own_name.is_empty() {
            stable
        } else {
            &canary.predictor
        };
        let name = object_name(self.service.name, named, self.release());
        let runtime = match self.runtime(&component, false) {
            Ok(runtime) => runtime,
            Err(failure) => {
                let prefix = format!("fails to build resources for canary {own_name}: ");
                let failure = Failure::new(failure.by, &prefix, &failure.refusal);
                return outcome(&component, name, Effective::default(), Some(failure));
            }
        };
        let effective = Effective::unite(
            runtime.map(|runtime| &runtime.annotations),
            self.annotations,
            merged.get("annotations").and_then(Value::as_object),
            &self.facts.kserve_config.value.disallowed,
            &from_controller(&component),
        );
        let extension = &component.extension;
        let made = self.workload(
            &component,
            &name,
            &effective,
            extension,
            runtime,
            Some(own_name),
        );
        ComponentOutcome {
            name,
            effective,
            ..made
        }
    }
}

/// The fixed size of a canary: its own minReplicas, else its share of the stable predictor's, rounded up.
fn canary_replicas(stable: &Component<'_>, canary: &Canary<'_>) -> i64 {
    canary.predictor.extension.min_replicas.unwrap_or_else(|| {
        let stable_min = stable.extension.min_replicas.unwrap_or(1);
        let product = stable_min * canary.traffic_percent;
        product.div_euclid(100) + i64::from(product.rem_euclid(100) > 0)
    })
}

pub(super) fn created(canaries: &[ComponentOutcome]) -> impl Iterator<Item = String> {
    canaries
        .iter()
        .flat_map(|canary| canary.created.iter().cloned())
}

/// All fields of a canary, with those that it has from the stable predictor.
pub(in crate::kserve) fn merged_fields(
    stable: &Component<'_>,
    canary: &Canary<'_>,
    chosen: Option<&Runtime>,
) -> Map<String, Value> {
    merge(&defaulted(stable, chosen), canary.predictor.fields)
}

/// The fields of the stable predictor as canaries are merged over them: its framework has become `model`, with the runtime
/// that was chosen for it.
fn defaulted(stable: &Component<'_>, chosen: Option<&Runtime>) -> Map<String, Value> {
    let mut fields = stable.fields.clone();
    let Some(model) = stable.model else {
        return fields;
    };
    let mut own = model.fields.clone();
    if model.field != "model" {
        fields.remove(model.field);
        own.insert(
            "modelFormat".to_owned(),
            serde_json::json!({"name": model.format}),
        );
    }
    if let Some(runtime) = chosen {
        let name = Value::from(runtime.name.as_str());
        own.entry("runtime").or_insert(name);
    }
    fields.insert("model".to_owned(), Value::Object(own));
    fields
}

/// A canary is the stable predictor with the canary's fields over it.
fn merge(stable: &Map<String, Value>, canary: &Map<String, Value>) -> Map<String, Value> {
    let mut merged = stable.clone();
    for (key, value) in canary {
        match (merged.get_mut(key), value) {
            (Some(Value::Object(under)), Value::Object(over)) => {
                let both = merge(under, over);
                *under = both;
            }
            _ => {
                merged.insert(key.clone(), value.clone());
            }
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::facts::{Fact, Facts, FactsSource};
    use crate::kserve::{Prediction, Release, predict};

    fn with_canary(class: &str, stable: &Value, canary: &Value) -> Value {
        json!({
            "metadata": {"name": "m", "namespace": "default", "annotations": {
                "serving.kserve.io/deploymentMode": "Standard",
                "serving.kserve.io/autoscalerClass": class,
            }},
            "spec": {"predictor": stable, "canary": [{"trafficPercent": 20, "predictor": canary}]},
        })
    }

    fn model() -> Value {
        json!({"name": "canary1", "model": {"modelFormat": {"name": "sklearn"}}})
    }

    fn predicted<'a>(value: &'a Value, release: Release, runtimes: &[Value]) -> Prediction<'a> {
        let facts = Facts::from_objects(runtimes, FactsSource::Snapshot)
            .with_kserve(Fact::known(release, "the test"));
        predict(value, &facts).unwrap()
    }

    fn made(value: &Value, release: Release, runtimes: &[Value]) -> (Vec<String>, Option<String>) {
        let prediction = predicted(value, release, runtimes);
        let predictor = prediction.components.into_iter().next().unwrap();
        (
            predictor.created,
            predictor.failure.map(|failure| failure.text),
        )
    }

    const RELEASED: Release = Release::new(0, 20, 0);

    /// kserve/kserve 0.20.0, `components/predictor.go` `Reconcile`; turned round on main.
    #[test]
    fn canaries_come_after_the_stable_predictor_until_main() {
        let stable = json!({"sklearn": {}});
        let value = with_canary("none", &stable, &model());
        let first = |release| made(&value, release, &[]).0.remove(0);
        assert_eq!(first(RELEASED), "Service/m-predictor");
        assert_eq!(first(Release::MAIN), "Service/m-canary1-predictor");
    }

    /// kserve/kserve 0.20.0, `components/predictor.go` `reconcileCanaryDeployments`.
    #[test]
    fn what_comes_first_decides_which_failure_is_told() {
        let value = with_canary("foo", &json!({"sklearn": {}}), &model());
        let told = |release| made(&value, release, &[]).1.unwrap();
        assert_eq!(
            told(RELEASED),
            "fails to create NewRawKubeReconciler for predictor: unknown autoscaler class type: foo"
        );
        assert_eq!(
            told(Release::MAIN),
            "fails to reconcile canary deployments: fails to create canary reconciler for canary1: unknown autoscaler class \
             type: foo"
        );
    }

    /// kserve/kserve 0.20.0: `reconcileModel` notes the runtime it chose in the object, which the canary is merged over.
    #[test]
    fn a_canary_cannot_leave_the_stable_predictor_s_runtime() {
        let runtime = |format: &str| {
            json!({"kind": "ClusterServingRuntime", "metadata": {"name": format!("rt-{format}")}, "spec": {
                "supportedModelFormats": [{"name": format, "autoSelect": true}],
            }})
        };
        let runtimes = [runtime("sklearn"), runtime("tensorflow")];
        let value = with_canary("none", &json!({"tensorflow": {}}), &model());
        let (created, told) = made(&value, Release::MAIN, &runtimes);
        assert_eq!(created, Vec::<String>::new());
        assert_eq!(
            told.unwrap(),
            "fails to reconcile canary deployments: fails to build resources for canary canary1: specified runtime \
             rt-tensorflow does not support specified framework/version"
        );
    }

    /// The webhook refuses such a canary; where it is not asked, the second reconciler finds the first one's objects.
    #[test]
    fn objects_of_one_name_are_made_once() {
        let canary = json!({"model": {"modelFormat": {"name": "sklearn"}}});
        let value = with_canary("none", &json!({"name": "s", "sklearn": {}}), &canary);
        let (created, _) = made(&value, RELEASED, &[]);
        assert_eq!(
            created,
            ["Service/m-s-predictor", "Deployment.apps/m-s-predictor"]
        );
    }

    /// kserve/kserve 0.20.0: `reconcileCanaryDeployments` builds canaries with `multiNodeEnabled` false.
    #[test]
    fn a_canary_never_spans_several_nodes() {
        let mut canary = model();
        canary["workerSpec"] = json!({});
        let value = with_canary("none", &json!({"sklearn": {}}), &canary);
        let (created, _) = made(&value, RELEASED, &[]);
        assert_eq!(
            created,
            [
                "Service/m-predictor",
                "Deployment.apps/m-predictor",
                "Service/m-canary1-predictor",
                "Deployment.apps/m-canary1-predictor",
            ]
        );
    }
}
