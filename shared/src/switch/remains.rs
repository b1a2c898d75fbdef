//! The autoscalers that stand beside the workloads of an InferenceService in Standard mode when its class changes.
//!
//! KServe looks only at the object of the class in effect, so what another class has made stays, or goes, as
//! [`reconcile`] tells.

use serde_json::{Value, json};

use super::Scene;
use crate::explain::Explanation;
use crate::facts::{Facts, Scaler, ScalerKind};
use crate::kserve::annotations::AUTOSCALER_CLASS;
use crate::kserve::sequence::{WorkloadObjects, reconcile};
use crate::kserve::{ComponentOutcome, Prediction, predict};
use crate::manifest::ComponentKind;

/// An autoscaler of KServe's that the state after the change has no use for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remaining {
    /// Which of the two.
    pub(super) kind: ScalerKind,
    /// Its name, which is that of the Deployment, too.
    pub(super) name: String,
    /// The component as an Explanation names it.
    pub(super) component: String,
    /// The class after the change.
    pub(super) class: String,
    /// Whether KServe deletes it itself.
    pub(super) goes: bool,
}

impl Remaining {
    /// `kind` of the object.
    pub(super) fn kind_name(&self) -> &'static str {
        match self.kind {
            ScalerKind::Hpa => "HorizontalPodAutoscaler",
            ScalerKind::ScaledObject => "ScaledObject",
        }
    }

    /// `apiVersion` of the object. Every Kubernetes serves an HPA under `autoscaling/v1`, and it is only deleted.
    pub(super) fn api_version(&self) -> &'static str {
        match self.kind {
            ScalerKind::Hpa => "autoscaling/v1",
            ScalerKind::ScaledObject => "keda.sh/v1alpha1",
        }
    }

    /// Whether it is this one.
    pub(super) fn is(&self, scaler: &Scaler) -> bool {
        scaler.kind == self.kind && scaler.name == self.name
    }
}

/// A workload of Standard mode: a component or a canary.
struct Workload<'a> {
    kind: ComponentKind,
    component: String,
    outcome: &'a ComponentOutcome,
}

impl Workload<'_> {
    fn class(&self) -> &str {
        class_of(self.outcome)
    }
}

/// The class in effect, also of a workload that is stopped.
pub(super) fn class_of(outcome: &ComponentOutcome) -> &str {
    let class = outcome.effective.annotations.get(AUTOSCALER_CLASS);
    class.map_or("hpa", String::as_str)
}

/// What stands there and is of no use after the change. Empty in every mode that is not Standard.
pub(super) fn all(scene: &Scene<'_>, edited: &Value) -> Vec<Remaining> {
    let facts = scene.facts;
    let release = facts.release();
    let (Ok(before), Ok(after)) = (predict(scene.object, facts), predict(edited, facts)) else {
        return Vec::new();
    };
    if !before.mode.is_standard(release) || !after.mode.is_standard(release) {
        return Vec::new();
    }
    let old = workloads(&before, facts);
    let mut all = Vec::new();
    for workload in workloads(&after, facts) {
        let name = workload.outcome.name.as_str();
        let was = old.iter().find(|one| one.outcome.name == name);
        for kind in [ScalerKind::Hpa, ScalerKind::ScaledObject] {
            let is_used = match kind {
                ScalerKind::Hpa => workload.class() == "hpa",
                ScalerKind::ScaledObject => workload.class() == "keda",
            };
            if is_used || !is_there(scene, kind, &workload, was) {
                continue;
            }
            all.push(Remaining {
                kind,
                name: name.to_owned(),
                component: workload.component.clone(),
                class: workload.class().to_owned(),
                goes: goes(scene, edited, kind, &workload),
            });
        }
    }
    all
}

fn workloads<'a>(prediction: &'a Prediction<'_>, facts: &Facts) -> Vec<Workload<'a>> {
    let mut all = Vec::new();
    for outcome in &prediction.components {
        all.push(Workload {
            kind: outcome.kind,
            component: outcome.kind.as_str().to_owned(),
            outcome,
        });
        for canary in &outcome.canaries {
            let written = prediction.service.canaries.iter();
            let mut written = written.map(|canary| &canary.predictor);
            let predictor = written.find(|one| one.pointer == canary.pointer);
            let name = predictor.map_or("", |one| one.predictor_name(facts.release()));
            all.push(Workload {
                kind: outcome.kind,
                component: format!("canary {name}"),
                outcome: canary,
            });
        }
    }
    all
}

/// Whether an autoscaler that KServe has made is there: as was seen or, where nobody looked, as is predicted.
fn is_there(
    scene: &Scene<'_>,
    kind: ScalerKind,
    workload: &Workload<'_>,
    was: Option<&Workload<'_>>,
) -> bool {
    let name = workload.outcome.name.as_str();
    let namespace = scene.explanation.object.namespace.as_str();
    // 0.20.0 makes the autoscalers of canaries without an owner.
    let is_canary = workload.component.starts_with("canary ");
    let seen = scene.facts.scalers.iter().any(|one| {
        one.kind == kind
            && one.namespace == namespace
            && one.name == name
            && (one.of_kserve || is_canary)
    });
    if seen || is_observed(scene.explanation, kind, name, is_canary) {
        return true;
    }
    if scene.explanation.observed.is_some() {
        return false;
    }
    was.is_some_and(|was| {
        let class = match kind {
            ScalerKind::Hpa => "hpa",
            ScalerKind::ScaledObject => "keda",
        };
        was.class() == class && !was.outcome.stopped
    })
}

fn is_observed(explanation: &Explanation, kind: ScalerKind, name: &str, is_canary: bool) -> bool {
    let components = explanation
        .observed
        .iter()
        .flat_map(|seen| &seen.components);
    let mut scalings = components.filter_map(|component| component.scaling.as_ref());
    scalings.any(|scaling| match kind {
        ScalerKind::Hpa => scaling.hpa.as_ref().is_some_and(|hpa| {
            let owner = hpa.owner.as_deref().unwrap_or_default();
            hpa.name == name && (owner.starts_with("InferenceService/") || is_canary)
        }),
        ScalerKind::ScaledObject => scaling
            .scaled_object
            .as_ref()
            .is_some_and(|object| object.name == name),
    })
}

/// Whether KServe deletes it when it reconciles the service as it is to be.
fn goes(scene: &Scene<'_>, edited: &Value, kind: ScalerKind, workload: &Workload<'_>) -> bool {
    let name = workload.outcome.name.as_str();
    let namespace = scene.explanation.object.namespace.as_str();
    let owner = json!({
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "name": scene.explanation.object.name,
    });
    let is_canary = workload.component.starts_with("canary ");
    let owned_by_kserve = scene
        .facts
        .scalers
        .iter()
        .find(|one| one.kind == kind && one.namespace == namespace && one.name == name)
        .map_or(
            !(is_canary
                && scene
                    .facts
                    .release()
                    .has(crate::kserve::Behaviour::CanaryAfterStable)),
            |one| one.of_kserve,
        );
    let owners = if owned_by_kserve {
        vec![owner]
    } else {
        Vec::new()
    };
    let mut objects = WorkloadObjects::default();
    objects.add(
        &match kind {
            ScalerKind::Hpa => json!({
                "kind": "HorizontalPodAutoscaler",
                "metadata": {"name": name, "namespace": namespace, "ownerReferences": owners},
                "spec": {
                    "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
                    "minReplicas": 1, "maxReplicas": 1,
                },
            }),
            ScalerKind::ScaledObject => json!({
                "kind": "ScaledObject",
                "metadata": {"name": name, "namespace": namespace, "ownerReferences": owners},
                "spec": {"scaleTargetRef": {"name": name}},
            }),
        },
        namespace,
    );
    let Ok(reconciled) = reconcile(edited, scene.facts, workload.kind, &objects) else {
        return false;
    };
    match kind {
        ScalerKind::Hpa => !reconciled.after.hpas.contains_key(name),
        ScalerKind::ScaledObject => !reconciled.after.scaled_objects.contains_key(name),
    }
}

/// The facts without the autoscalers that are gone once the change is done.
pub(super) fn without(facts: &Facts, namespace: &str, remaining: &[Remaining]) -> Facts {
    let mut facts = facts.clone();
    facts.scalers.retain(|scaler| {
        scaler.namespace != namespace || !remaining.iter().any(|one| one.is(scaler))
    });
    facts
}
