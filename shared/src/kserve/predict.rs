//! The controller's way through an InferenceService, with the webhooks before it.
//! Source: kserve/kserve 0.11–0.20, `pkg/controller/v1beta1/inferenceservice/controller.go` and `components/*.go`.

use serde_json::{Map, Value};

use super::annotations::{DEPLOYMENT_MODE, DISABLE_AUTO_UPDATE};
use super::components::{self, Context};
use super::defaulter::{self, Defaulted};
use super::mode::{self, Mode, knative_word};
use super::outcome::ComponentOutcome;
use super::release::Behaviour;
use super::{schema, webhook};
use crate::facts::{ConfigAutoscaler, Facts};
use crate::go::{atoi, parse_bool};
use crate::knative::annotations::{Annotations, INITIAL_SCALE};
use crate::manifest::{DecodeError, InferenceService};

/// Everything KServe does with one InferenceService.
#[derive(Clone, Debug)]
pub struct Prediction<'a> {
    /// The object as the release decodes it.
    pub service: InferenceService<'a>,
    /// All of `spec` as written.
    pub spec: Option<&'a Map<String, Value>>,
    /// What the defaulter leaves.
    pub defaulted: Defaulted,
    /// Values that the CRD's schema refuses after the defaulter.
    pub schema_errors: Vec<schema::SchemaError>,
    /// The validating webhook's text on creation, if it refuses.
    pub create_error: Option<String>,
    /// The validating webhook's text on an update of the object as it stands, if it refuses.
    pub update_error: Option<String>,
    /// The deployment mode.
    pub mode: Mode,
    /// Why the controller stops before any component.
    pub gate: Option<Gate>,
    /// The components; empty behind a gate.
    pub components: Vec<ComponentOutcome>,
}

/// Why there is no prediction: the object does not get past the mutating webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A value of a type that the API does not accept.
    Decode(DecodeError),
    /// The webhook crashes.
    Crash(String),
    /// `inferenceservice-config` is broken: every call of the webhook fails, for every object.
    Config(String),
}

/// Why the controller stops before any component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Knative mode without Knative; the controller's text.
    NoKnative(String),
    /// Knative mode without config-autoscaler; the controller's text.
    NoConfigAutoscaler(String),
    /// `disable-auto-update` on a service that is ready: what is predicted for the components is not applied.
    AutoUpdateDisabled,
}

impl Gate {
    /// The controller's error; none where it stops in silence.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::NoKnative(text) | Self::NoConfigAutoscaler(text) => Some(text),
            Self::AutoUpdateDisabled => None,
        }
    }
}

impl Prediction<'_> {
    /// The webhook's text that applies: that of an update once the status tells a mode, else that of the creation.
    #[must_use]
    pub fn webhook_error(&self) -> Option<&str> {
        let has_status = !self.service.status_mode.is_empty();
        let error = if has_status {
            &self.update_error
        } else {
            &self.create_error
        };
        error.as_deref()
    }
}

/// Predicts what KServe does with an InferenceService. Every stage is run, also behind one that refuses, as far as it can be.
///
/// # Errors
/// The object does not get past the mutating webhook.
pub fn predict<'a>(value: &'a Value, facts: &Facts) -> Result<Prediction<'a>, Refused> {
    let release = facts.release();
    let config = &facts.kserve_config.value;
    let default_mode = config
        .default_mode
        .as_ref()
        .map_err(|text| Refused::Config(text.clone()))?;
    let service = InferenceService::decode(value, release).map_err(Refused::Decode)?;
    let defaulted = defaulter::apply(&service, config, release).map_err(Refused::Crash)?;
    let annotations = &defaulted.annotations;
    let create_error = webhook::validate_create(&service, annotations, release).err();
    let update_error =
        webhook::validate_update(&service, annotations, service.status_mode, release).err();
    let allowed = |key: &str| !config.disallowed.iter().any(|entry| entry == key);
    let written = annotations
        .get(DEPLOYMENT_MODE)
        .filter(|_| allowed(DEPLOYMENT_MODE));
    let mode = mode::resolve(
        service.status_mode,
        written.map(String::as_str),
        default_mode,
        release,
    );
    let gate = gate(&service, &mode, annotations, facts);
    let components = match &gate {
        Some(Gate::NoKnative(_) | Gate::NoConfigAutoscaler(_)) => Vec::new(),
        _ => {
            let context = Context {
                service: &service,
                annotations: &controller_annotations(annotations, &mode, facts),
                mode: &mode,
                facts,
                converts_frameworks: defaulted.converts_frameworks,
            };
            components::reconcile(&context)
        }
    };
    Ok(Prediction {
        schema_errors: schema::validate(&service, release),
        service,
        spec: value.get("spec").and_then(Value::as_object),
        defaulted,
        create_error,
        update_error,
        mode,
        gate,
        components,
    })
}

fn gate(
    service: &InferenceService<'_>,
    mode: &Mode,
    annotations: &Annotations,
    facts: &Facts,
) -> Option<Gate> {
    let release = facts.release();
    let disabled = annotations
        .get(DISABLE_AUTO_UPDATE)
        .is_some_and(|value| value == "true");
    if disabled && service.ready && release.has(Behaviour::AutoUpdateSwitch) {
        return Some(Gate::AutoUpdateDisabled);
    }
    if !mode.is_knative(release) {
        return None;
    }
    if release.has(Behaviour::KnativeGate) && !facts.knative_installed.value {
        return Some(Gate::NoKnative(format!(
            "terminal error: the resolved deployment mode of InferenceService '{}' is {}, but Knative Serving is not available",
            service.name,
            knative_word(release)
        )));
    }
    let missing = facts.config_autoscaler.value == ConfigAutoscaler::Missing;
    (missing && release.has(Behaviour::ConfigAutoscalerGate)).then(|| {
        Gate::NoConfigAutoscaler(
            "fails to retrieve the config-autoscaler configmap from the knative-serving namespace.: configmaps \
             \"config-autoscaler\" not found"
                .to_owned(),
        )
    })
}

/// The object's annotations as the controller goes on with them: in Knative mode without an initial-scale that cannot be.
fn controller_annotations(annotations: &Annotations, mode: &Mode, facts: &Facts) -> Annotations {
    let mut kept = annotations.clone();
    if mode.is_knative(facts.release()) && drops_initial_scale(annotations, facts) {
        kept.remove(INITIAL_SCALE.canonical);
    }
    kept
}

/// Whether the controller drops the object's own initial-scale: no number, or zero where the cluster forbids zero. Only the
/// canonical key of the object itself is looked at.
#[must_use]
pub fn drops_initial_scale(annotations: &Annotations, facts: &Facts) -> bool {
    if !facts.release().has(Behaviour::InitialScaleCheck) {
        return false;
    }
    let Some(text) = annotations.get(INITIAL_SCALE.canonical) else {
        return false;
    };
    match atoi(text) {
        Err(_) => true,
        Ok(number) => number == 0 && !allows_zero(facts),
    }
}

fn allows_zero(facts: &Facts) -> bool {
    match &facts.config_autoscaler.value {
        ConfigAutoscaler::Data { data, .. } => data
            .get("allow-zero-initial-scale")
            .is_some_and(|text| parse_bool(text).unwrap_or_default()),
        ConfigAutoscaler::Missing => false,
    }
}
