//! What the controller makes of one component.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::effective::Effective;
use super::knative_mode::KnativeService;
use crate::knative::pod_autoscaler::PodAutoscaler;
use crate::kubernetes::hpa::HpaSpec;
use crate::manifest::ComponentKind;

/// What becomes of one component: predictor, transformer, explainer, or a canary of the predictor.
#[derive(Clone, Debug, PartialEq)]
pub struct ComponentOutcome {
    /// Which component.
    pub kind: ComponentKind,
    /// The JSON pointer of the component.
    pub pointer: String,
    /// The name of the objects made for it.
    pub name: String,
    /// Its effective annotations, before the controller's own.
    pub effective: Effective,
    /// The objects created, as `Kind.group/name`, in order.
    pub created: Vec<String>,
    /// Whether the annotation `stop` keeps it from running.
    pub stopped: bool,
    /// Why it fails, if it does.
    pub failure: Option<Failure>,
    /// What scales it.
    pub result: Result,
    /// The canaries of a predictor in Standard mode.
    pub canaries: Vec<Self>,
}

/// What scales a component.
#[derive(Clone, Debug, PartialEq)]
pub enum Result {
    /// A Knative Service, in Knative mode and in every mode that is not Standard.
    Knative(Box<KnativeOutcome>),
    /// A Deployment and what goes with its class, in Standard mode.
    Standard(Box<StandardOutcome>),
    /// Nothing, since the controller stops before it gets there.
    Nothing,
}

/// Why a component fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The text of the controller's error, as it stands in the events of the InferenceService.
    pub text: String,
    /// Who refuses.
    pub by: RefusedBy,
    /// The refusal alone, without the words that the controller puts before it.
    pub refusal: String,
}

/// Who refuses a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RefusedBy {
    /// KServe's own controller
    Kserve,
    /// KServe's controller by crashing
    Crash,
    /// Knative's webhook
    Knative,
    /// The API server, by its own validation
    Kubernetes,
    /// KEDA's webhook
    Keda,
}

/// What a Knative Service ends in.
#[derive(Clone, Debug, PartialEq)]
pub struct KnativeOutcome {
    /// What KServe sends.
    pub service: KnativeService,
    /// What Knative's webhook says of the whole Service.
    pub error: Option<String>,
    /// The PodAutoscaler, unless Knative refuses the Service.
    pub pod_autoscaler: Option<PodAutoscaler>,
    /// The HPA that Knative's HPA class makes.
    pub hpa: Option<Hpa>,
}

/// What a Deployment is scaled by.
#[derive(Clone, Debug, PartialEq)]
pub struct StandardOutcome {
    /// The autoscaler class in effect; empty when the controller fails before it is known.
    pub class: String,
    /// `spec.replicas` of the Deployment, where KServe sets it.
    pub replicas: Option<i64>,
    /// The HPA.
    pub hpa: Option<Hpa>,
    /// The `spec` of the ScaledObject.
    pub scaled_object: Option<Value>,
    /// What KEDA's webhook says, by its check; none means it is accepted.
    pub keda_errors: BTreeMap<&'static str, String>,
}

/// An HPA as sent and as the API server keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Hpa {
    /// As the controller sends it.
    pub sent: HpaSpec,
    /// After the API server's defaulting.
    pub kept: HpaSpec,
    /// What the API server's validation says; empty means it is accepted.
    pub errors: Vec<String>,
}

impl Hpa {
    /// Runs the API server's defaulting and validation on an HPA.
    #[must_use]
    pub fn of(sent: HpaSpec) -> Self {
        let kept = crate::kubernetes::default_hpa(&sent);
        let errors = crate::kubernetes::validate_hpa(&kept);
        Self { sent, kept, errors }
    }
}

impl ComponentOutcome {
    /// The outcome of a component in Knative mode.
    #[must_use]
    pub fn knative(&self) -> Option<&KnativeOutcome> {
        match &self.result {
            Result::Knative(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// The outcome of a component in Standard mode.
    #[must_use]
    pub fn standard(&self) -> Option<&StandardOutcome> {
        match &self.result {
            Result::Standard(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// The HPA that scales it, made by KServe or by Knative.
    #[must_use]
    pub fn hpa(&self) -> Option<&Hpa> {
        match &self.result {
            Result::Knative(outcome) => outcome.hpa.as_ref(),
            Result::Standard(outcome) => outcome.hpa.as_ref(),
            Result::Nothing => None,
        }
    }
}

/// What controller-runtime reports when code that it called crashed on a nil pointer.
pub(super) const NIL_POINTER: &str =
    "panic: runtime error: invalid memory address or nil pointer dereference [recovered]";

impl Failure {
    /// A refusal, wrapped as KServe's controller wraps it.
    #[must_use]
    pub fn new(by: RefusedBy, prefix: &str, refusal: &str) -> Self {
        Self {
            text: format!("{prefix}{refusal}"),
            by,
            refusal: refusal.to_owned(),
        }
    }

    /// The crash of the controller on a nil pointer.
    #[must_use]
    pub fn nil_pointer() -> Self {
        Self::new(RefusedBy::Crash, "", NIL_POINTER)
    }
}
