//! The autoscaler of a workload when it is reconciled again: only the object of the class in effect is looked at.
//! Source: kserve/kserve 0.11–0.20, `reconcilers/{hpa,keda}/*.go`; kedacore/keda 2.18,
//! `apis/keda/v1alpha1/scaledobject_webhook.go`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::objects::{KeptHpa, KeptScaledObject, Owner, WorkloadObjects, Writes};
use crate::knative::annotations::Annotations;
use crate::kserve::annotations::AUTOSCALER_CLASS;
use crate::kserve::graph::{ObjectKind, Verb, since};
use crate::kserve::outcome::{Failure, Hpa, StandardOutcome};
use crate::kserve::standard::{keda, refused_hpa};
use crate::kserve::{Behaviour, Release};
use crate::kubernetes::hpa::ObjectReference;

/// An HPA with this annotation `false` is no obstacle to KEDA.
const HPA_OWNERSHIP: &str = "validations.keda.sh/hpa-ownership";

/// A workload whose autoscaler is reconciled.
pub(super) struct Scaled<'a> {
    pub(super) name: &'a str,
    pub(super) annotations: &'a Annotations,
    /// What a first reconcile would make; none where the annotation `stop` keeps it from running.
    pub(super) outcome: Option<&'a StandardOutcome>,
    pub(super) owners: Vec<Owner>,
    pub(super) release: Release,
}

/// What becomes of an HPA that exists.
enum Fate {
    Delete,
    Leave,
    Update,
}

impl Scaled<'_> {
    /// The class in effect.
    fn class(&self) -> &str {
        let class = self.annotations.get(AUTOSCALER_CLASS);
        class.map_or("hpa", String::as_str)
    }

    /// Reconciles it. `otherwise` builds the HPA for the classes that make none.
    pub(super) fn reconcile(
        &self,
        otherwise: impl FnOnce() -> Option<Hpa>,
        writes: &mut Writes,
    ) -> Option<Failure> {
        if self.class() == "keda" {
            return self.scaled_object(writes);
        }
        let made = self.outcome.and_then(|outcome| outcome.hpa.as_ref());
        let Some(existing) = writes.after.hpas.get(self.name) else {
            return made.and_then(|hpa| self.send_hpa(Verb::Create, hpa, writes));
        };
        let desired = made.cloned().or_else(otherwise);
        match self.fate(existing, desired.as_ref()) {
            Fate::Leave => None,
            Fate::Delete => {
                writes.note(Verb::Delete, ObjectKind::Hpa, self.name, false);
                writes.after.hpas.remove(self.name);
                None
            }
            Fate::Update => self.send_hpa(Verb::Update, &desired?, writes),
        }
    }

    /// What is sent never equals what the API server keeps, since an empty `behavior` is filled in; so an HPA that may not
    /// be deleted is updated on every reconcile, whatever the class. Only 0.11 looks at less (0.12.0 does too, and is taken
    /// for 0.12.1 here).
    fn fate(&self, existing: &KeptHpa, desired: Option<&Hpa>) -> Fate {
        let class = self.class();
        match since::left_hpa(self.release) {
            since::LeftHpa::Untouched if class == "external" => Fate::Leave,
            since::LeftHpa::Untouched
                if !self.release.has(Behaviour::ClassExternal)
                    && desired.is_some_and(|hpa| is_as_sent(existing, hpa)) =>
            {
                Fate::Leave
            }
            since::LeftHpa::Deleted if class == "external" => Fate::Delete,
            since::LeftHpa::Updated if existing.is_of_inference_service() => {
                // The annotation of the HPA is asked, not that of the service: it is the reconcile after the one that saw
                // `stop` which deletes, and it does so even if the service runs again.
                let stops = self.release.has(Behaviour::StopStandard) && existing.is_stopped();
                if stops || matches!(class, "external" | "none") {
                    Fate::Delete
                } else {
                    Fate::Update
                }
            }
            _ => Fate::Update,
        }
    }

    fn send_hpa(&self, verb: Verb, hpa: &Hpa, writes: &mut Writes) -> Option<Failure> {
        let refusal = refused_hpa(self.name, hpa);
        writes.note(verb, ObjectKind::Hpa, self.name, refusal.is_some());
        if refusal.is_none() {
            let kept = KeptHpa {
                spec: hpa.kept.clone(),
                annotations: self.annotations.clone(),
                owners: self.owners.clone(),
            };
            writes.after.hpas.insert(self.name.to_owned(), kept);
        }
        refusal
    }

    fn scaled_object(&self, writes: &mut Writes) -> Option<Failure> {
        let kind = ObjectKind::ScaledObject;
        let existing = writes.after.scaled_objects.get(self.name);
        let sent = self.outcome.and_then(|outcome| {
            let spec = outcome.scaled_object.as_ref()?;
            Some((spec, outcome))
        });
        let Some((spec, outcome)) = sent else {
            if existing.is_some() {
                writes.note(Verb::Delete, kind, self.name, false);
                writes.after.scaled_objects.remove(self.name);
            }
            return None;
        };
        let errors = self.keda_errors(outcome, &writes.after);
        let Some(existing) = existing else {
            let denied = keda::denial(&errors);
            writes.note(Verb::Create, kind, self.name, denied.is_some());
            return denied.or_else(|| self.keep(spec, writes));
        };
        let differs = existing.spec != *spec;
        // KEDA spares a dry run the look at the pods.
        let of_dry_run = errors
            .iter()
            .filter(|(check, _)| **check != keda::POD_CHECK)
            .map(|(check, text)| (*check, text.clone()))
            .collect();
        let denied = keda::denial(&of_dry_run);
        writes.note(Verb::DryRunUpdate, kind, self.name, denied.is_some());
        if denied.is_some() || !differs {
            return denied;
        }
        // The refusal of the update itself is only logged, and the reconcile goes on as if it were done.
        let refused = keda::refusal(&errors).is_some();
        writes.note(Verb::Update, kind, self.name, refused);
        if refused {
            None
        } else {
            self.keep(spec, writes)
        }
    }

    fn keep(&self, spec: &Value, writes: &mut Writes) -> Option<Failure> {
        let kept = KeptScaledObject {
            spec: spec.clone(),
            owners: self.owners.clone(),
        };
        writes
            .after
            .scaled_objects
            .insert(self.name.to_owned(), kept);
        None
    }

    /// What KEDA's webhook says, with what else scales the Deployment.
    fn keda_errors(
        &self,
        outcome: &StandardOutcome,
        objects: &WorkloadObjects,
    ) -> BTreeMap<&'static str, String> {
        let name = self.name;
        let managed = |by: String| {
            format!(
                "the workload '{name}' of type 'apps/v1.Deployment' is already managed by the {by}"
            )
        };
        let mut errors = outcome.keda_errors.clone();
        let hpa = objects.hpas.iter().find(|(_, hpa)| self.is_obstacle(hpa));
        if let Some((other, _)) = hpa {
            errors.insert("verifyHpas", managed(format!("hpa '{other}'")));
        }
        let scaled_objects = objects.scaled_objects.iter();
        let other = scaled_objects.filter(|(other, _)| other.as_str() != name);
        let mut others = other.filter(|(_, other)| {
            let target = other.spec.get("scaleTargetRef").cloned();
            let target = target.map(serde_json::from_value::<ObjectReference>);
            target.is_some_and(|target| target.is_ok_and(|target| is_deployment(&target, name)))
        });
        if let Some((other, _)) = others.next() {
            let text = managed(format!("ScaledObject '{other}'"));
            errors.insert("verifyScaledObjects", text);
        }
        errors
    }

    /// Whether KEDA takes an HPA, of whatever name, for a rival. The HPA that KEDA itself makes is owned by the ScaledObject.
    fn is_obstacle(&self, hpa: &KeptHpa) -> bool {
        let excused = hpa.annotations.get(HPA_OWNERSHIP);
        let own = |owner: &Owner| owner.kind == "ScaledObject" && owner.name == self.name;
        excused.is_none_or(|value| value != "false")
            && is_deployment(&hpa.spec.scale_target_ref, self.name)
            && !hpa.owners.iter().any(own)
    }
}

/// KEDA takes what a reference leaves out for a Deployment of `apps/v1`.
fn is_deployment(target: &ObjectReference, name: &str) -> bool {
    matches!(target.api_version.as_str(), "" | "apps/v1")
        && matches!(target.kind.as_str(), "" | "Deployment")
        && target.name == name
}

/// The comparison of 0.11: metrics and bounds.
fn is_as_sent(existing: &KeptHpa, desired: &Hpa) -> bool {
    let (kept, sent) = (&existing.spec, &desired.sent);
    kept.metrics == sent.metrics
        && kept.max_replicas == sent.max_replicas
        && kept.min_replicas == sent.min_replicas
}
