//! What KServe does with the objects of a component when its InferenceService is reconciled again, in Standard mode.
//!
//! [`predict`](super::predict) speaks of a service that nothing exists of. Once something exists, it decides: KServe looks
//! only at the object of the class in effect, so a class that is left leaves its object behind or not; an HPA is overwritten
//! whoever made it; KEDA refuses to share a Deployment with an HPA. So the objects go in and come out again
//! ([`WorkloadObjects`]), and a series of changes is a series of calls of [`reconcile`].
//!
//! In Knative mode, and in every other that is not Standard, a component writes none of these objects, and it leaves those of
//! a Standard mode before as they are. What the API server fills into a Deployment, and what scales it, is not followed.
//! Source: kserve/kserve 0.11–0.20, `reconcilers/raw/raw_kube_reconciler.go` and `components/*.go`.

mod counterfactual;
mod deployment;
mod objects;
mod scaler;
mod template;

pub use objects::{KeptDeployment, KeptHpa, KeptScaledObject, Owner, WorkloadObjects, Write};
pub use template::PodTemplate;

use std::collections::BTreeSet;

use serde_json::Value;

use self::deployment::{Deployment, delete_orphans};
use self::objects::Writes;
use self::scaler::Scaled;
use super::components::merged_fields;
use super::outcome::{ComponentOutcome, Failure, NIL_POINTER, RefusedBy, Result as Outcome};
use super::predict::{Gate, Prediction, Refused, predict};
use super::release::Behaviour;
use super::standard::fixes_replicas;
use crate::facts::Facts;
use crate::manifest::{Canary, Component, ComponentKind, Extension};

/// What one reconcile of one component ends in.
#[derive(Clone, Debug)]
pub struct Reconciled<'a> {
    /// The prediction for the whole service, as if nothing existed of it.
    pub prediction: Prediction<'a>,
    /// What is written, in order, refused writes among them.
    pub writes: Vec<Write>,
    /// What exists afterwards.
    pub after: WorkloadObjects,
    /// Why the component fails, if it does. The components after it are not reconciled then.
    pub failure: Option<Failure>,
    /// Whether the pod template of the component's Deployment changes, so that its pods are rolled. Not so where the
    /// Deployment is made or deleted.
    pub template_changed: bool,
}

/// Reconciles one component of an InferenceService, given what exists.
///
/// # Errors
/// The object does not get past the mutating webhook.
pub fn reconcile<'a>(
    value: &'a Value,
    facts: &Facts,
    kind: ComponentKind,
    before: &WorkloadObjects,
) -> Result<Reconciled<'a>, Refused> {
    let prediction = predict(value, facts)?;
    let mut writes = Writes {
        done: Vec::new(),
        after: before.clone(),
    };
    let mut failure = None;
    let mut template_changed = false;
    let applies = prediction.gate != Some(Gate::AutoUpdateDisabled);
    let mut components = prediction.components.iter();
    if let Some(made) = components.find(|made| made.kind == kind && applies) {
        let scene = Scene {
            value,
            facts,
            prediction: &prediction,
        };
        failure = scene.component(made, &mut writes);
        let template = |objects: &WorkloadObjects| {
            let deployment = objects.deployments.get(&made.name);
            deployment.map(|kept| kept.template.clone())
        };
        let templates = template(before).zip(template(&writes.after));
        template_changed = templates.is_some_and(|(before, after)| before != after);
    }
    Ok(Reconciled {
        prediction,
        writes: writes.done,
        after: writes.after,
        failure,
        template_changed,
    })
}

/// What all workloads of one reconcile share.
struct Scene<'s> {
    value: &'s Value,
    facts: &'s Facts,
    prediction: &'s Prediction<'s>,
}

impl Scene<'_> {
    /// The workloads of a component: the stable one, and the canaries of a predictor before it. 0.20.0 turned them round.
    fn component(&self, made: &ComponentOutcome, writes: &mut Writes) -> Option<Failure> {
        let service = &self.prediction.service;
        let component = service.components().find(|one| one.kind == made.kind)?;
        if !self.reaches_workloads(made) {
            return made.failure.clone();
        }
        let after_stable = self.facts.release().has(Behaviour::CanaryAfterStable);
        let stable = |writes: &mut Writes| {
            let prefix = format!("fails to reconcile {}: ", made.kind.as_str());
            self.workload(made, component, None, &prefix, writes)
        };
        if after_stable {
            return stable(writes).or_else(|| self.canaries(made, component, writes));
        }
        self.canaries(made, component, writes)
            .or_else(|| stable(writes))
    }

    /// Whether the component gets as far as to its workloads. Nothing is sent where it does not, nor in Knative mode.
    fn reaches_workloads(&self, made: &ComponentOutcome) -> bool {
        let failure = made.failure.as_ref();
        let in_workloads = failure.is_some_and(|failure| {
            failure
                .text
                .starts_with("fails to create NewRawKubeReconciler")
                || failure.text == NIL_POINTER
        });
        let standard = self.prediction.mode.is_standard(self.facts.release());
        standard
            && (failure.is_none()
                || in_workloads
                || made.standard().is_some()
                || !made.canaries.is_empty())
    }

    /// The canaries of a predictor, and the Deployments of those that are gone.
    fn canaries(
        &self,
        made: &ComponentOutcome,
        stable: &Component<'_>,
        writes: &mut Writes,
    ) -> Option<Failure> {
        let release = self.facts.release();
        if made.kind != ComponentKind::Predictor || !release.has(Behaviour::Canary) {
            return None;
        }
        let service = &self.prediction.service;
        let mut expected: BTreeSet<String> = [made.name.clone()].into();
        for (canary, made) in service.canaries.iter().zip(&made.canaries) {
            let own_name = canary.predictor.predictor_name(release);
            let prefix = format!(
                "fails to reconcile canary deployments: fails to reconcile canary {own_name}: "
            );
            if let Some(failure) = self.canary(made, stable, canary, &prefix, writes) {
                return Some(failure);
            }
            // Expected is the name that the canary's own would give, though the merge may have left it another.
            expected.insert(match own_name {
                "" => format!("{}-predictor", service.name),
                own_name => format!("{}-{own_name}-predictor", service.name),
            });
        }
        delete_orphans(service.name, &expected, writes);
        None
    }

    fn canary(
        &self,
        made: &ComponentOutcome,
        stable: &Component<'_>,
        canary: &Canary<'_>,
        prefix: &str,
        writes: &mut Writes,
    ) -> Option<Failure> {
        if made.standard().is_none() && !made.stopped {
            let failure = made.failure.as_ref()?;
            let crashed = failure.by == RefusedBy::Crash;
            let prefix = if crashed {
                ""
            } else {
                "fails to reconcile canary deployments: "
            };
            return Some(Failure::new(failure.by, prefix, &failure.text));
        }
        let fields = merged_fields(stable, canary, template::chosen(self, stable));
        let pointer = canary.predictor.pointer.clone();
        let extension = Extension::default();
        let merged = Component::new(ComponentKind::Predictor, pointer, &fields, extension);
        self.workload(made, &merged, Some(canary), prefix, writes)
    }

    /// One workload: its Deployments, then its autoscaler.
    fn workload(
        &self,
        made: &ComponentOutcome,
        component: &Component<'_>,
        canary: Option<&Canary<'_>>,
        prefix: &str,
        writes: &mut Writes,
    ) -> Option<Failure> {
        let outcome = match &made.result {
            Outcome::Standard(outcome) => Some(outcome.as_ref()),
            _ if made.stopped => None,
            _ => return made.failure.clone(),
        };
        let release = self.facts.release();
        let annotations = &made.effective.annotations;
        let service = &self.prediction.service;
        let strategy = component.fields.get("deploymentStrategy").cloned();
        let sent = KeptDeployment {
            service: service.name.to_owned(),
            component: made.kind,
            replicas: outcome.and_then(|outcome| outcome.replicas),
            template: PodTemplate::of(self, component, annotations),
            strategy: template::tidy(strategy.unwrap_or_default()),
        };
        let mut names = vec![made.name.clone()];
        let spans_nodes = component.is_multi_node(release)
            && made.kind == ComponentKind::Predictor
            && release.has(Behaviour::MultiNodeValidation);
        if spans_nodes && canary.is_none() {
            names.push(format!("{}-worker", made.name));
        }
        for name in names {
            let deployment = Deployment {
                name,
                stopped: made.stopped,
                // 0.15.0 takes back the replicas of every class.
                fixes_replicas: fixes_replicas(annotations, release)
                    || release.has(Behaviour::ExternalSetsReplicas),
                sent: sent.clone(),
            };
            deployment.reconcile(writes);
        }
        // The scalers of canaries have no owner in 0.20.0.
        let owned = canary.is_none() || !release.has(Behaviour::CanaryAfterStable);
        let scaled = Scaled {
            name: &made.name,
            annotations,
            outcome,
            owners: owned
                .then(|| Owner::inference_service(service.name))
                .into_iter()
                .collect(),
            release,
        };
        let otherwise = || counterfactual::hpa(self, made.kind, &made.name);
        let failure = scaled.reconcile(otherwise, writes)?;
        Some(Failure::new(failure.by, prefix, &failure.refusal))
    }
}

#[cfg(test)]
mod tests;
