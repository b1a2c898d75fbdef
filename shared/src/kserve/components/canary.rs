//! Canaries of a predictor in Standard mode: more predictors beside the stable one, which gives up replicas for them.
//! Source: kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/components/predictor.go`.

use serde_json::{Map, Value};

use super::{Context, object_name, outcome};
use crate::kserve::effective::{Effective, from_controller};
use crate::kserve::outcome::ComponentOutcome;
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

    pub(super) fn canary(&self, stable: &Component<'_>, canary: &Canary<'_>) -> ComponentOutcome {
        let replicas = canary_replicas(stable, canary);
        let merged = merge(stable.fields, canary.predictor.fields);
        let extension = Extension {
            min_replicas: Some(replicas),
            ..Extension::default()
        };
        let pointer = canary.predictor.pointer.clone();
        let component = Component::new(ComponentKind::Predictor, pointer, &merged, extension);
        let name = object_name(self.service.name, &canary.predictor, self.release());
        let runtime = match self.runtime(&component) {
            Ok(runtime) => runtime,
            Err(failure) => return outcome(&component, name, Effective::default(), Some(failure)),
        };
        let effective = Effective::unite(
            runtime.map(|runtime| &runtime.annotations),
            self.annotations,
            merged.get("annotations").and_then(Value::as_object),
            &self.facts.kserve_config.value.disallowed,
            &from_controller(&component),
        );
        let made = self.workload(&component, &name, &effective, &component.extension, runtime);
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
