//! What one release makes of a workload, as far as two releases are compared.

use serde_json::{Value, json};

use crate::explain::{self, ComponentExplanation};
use crate::facts::Facts;
use crate::knative::Annotations;
use crate::kserve::graph::{self, GraphContext};
use crate::kserve::standard::keda;
use crate::kserve::{
    ComponentOutcome, ComponentResult, Failure, Gate, Mode, Prediction, Refused, RefusedBy,
    Release, predict,
};
use crate::manifest::ComponentKind;

/// What one release makes of a workload.
#[derive(Debug, Default)]
pub(super) struct Side {
    /// Why every write fails: KServe's ConfigMap is broken.
    pub(super) config: Option<String>,
    /// Why creating it is refused.
    pub(super) create: Option<String>,
    /// Why updating it is refused.
    pub(super) update: Option<String>,
    /// The way that the controller takes, in the names used since 0.16; empty of a Knative Service.
    pub(super) mode: &'static str,
    /// The deployment mode as this release writes it.
    pub(super) word: String,
    /// Whether the controller leaves it alone.
    pub(super) frozen: bool,
    /// Its components.
    pub(super) parts: Vec<Part>,
}

/// One component.
#[derive(Debug)]
pub(super) struct Part {
    /// Which of an InferenceService's; none of a canary and of other workloads.
    pub(super) kind: Option<ComponentKind>,
    /// What users read of it.
    pub(super) explained: ComponentExplanation,
    /// Why it fails, if it does: who, and the text.
    pub(super) failure: Option<(&'static str, String)>,
    /// The objects that are made, as `Kind.group/name`.
    pub(super) created: Vec<String>,
    /// The revision template, in Knative mode.
    pub(super) template: Option<Template>,
    /// The rest of the autoscaler's object: an HPA as the API server keeps it, or a ScaledObject; null where there is none.
    pub(super) settings: Value,
}

/// What a revision is made from. Two revisions differ where this differs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Template {
    /// `metadata.annotations`
    pub(super) annotations: Annotations,
    /// `spec.containerConcurrency`, after Knative's defaulting.
    pub(super) concurrency: Option<i64>,
    /// `spec.timeoutSeconds`
    pub(super) timeout: Option<i64>,
}

impl Side {
    /// Of an InferenceService.
    pub(super) fn of_inference_service(value: &Value, facts: &Facts) -> Self {
        match predict(value, facts) {
            Ok(prediction) => Self::of(&prediction, facts),
            Err(Refused::Config(text)) => Self {
                config: Some(text),
                ..Self::default()
            },
            Err(Refused::Crash(text)) => Self::at_the_door(text),
            Err(Refused::Decode(error)) => Self::at_the_door(error.text),
        }
    }

    fn at_the_door(text: String) -> Self {
        Self {
            create: Some(text.clone()),
            update: Some(text),
            ..Self::default()
        }
    }

    fn of(prediction: &Prediction<'_>, facts: &Facts) -> Self {
        let schema = explain::schema_refusal(prediction);
        let refused = |text: &Option<String>| text.clone().or_else(|| schema.clone());
        Self {
            config: None,
            create: refused(&prediction.create_error),
            update: refused(&prediction.update_error),
            mode: way(&prediction.mode, facts.release()),
            word: prediction.mode.word.clone(),
            frozen: prediction.gate == Some(Gate::AutoUpdateDisabled),
            parts: parts(prediction, facts),
        }
    }

    /// Of an InferenceGraph.
    pub(super) fn of_graph(value: &Value, facts: &Facts) -> Self {
        let Some(explained) = explain::bare(value, facts) else {
            return Self::default();
        };
        let refused = explained
            .admission
            .kserve
            .or(explained.admission.kubernetes);
        let context = GraphContext {
            router: facts.kserve_config.value.router.clone(),
            ..GraphContext::default()
        };
        let mut side = Self {
            create: refused.clone(),
            update: refused,
            word: explained.deployment_mode.unwrap_or_default(),
            ..Self::default()
        };
        if let (Ok(prediction), Some(component)) = (
            graph::predict(value, facts, &context),
            explained.components.into_iter().next(),
        ) {
            let mode = prediction.mode.as_ref();
            side.mode = mode.map_or("", |mode| way(mode, facts.release()));
            side.parts.push(Part {
                kind: None,
                explained: component,
                failure: prediction.failure.as_ref().map(told),
                created: prediction.created(),
                template: template(&prediction.result, facts),
                settings: settings(&prediction.result),
            });
        }
        side
    }

    /// Of a Knative Service.
    pub(super) fn of_knative_service(value: &Value, facts: &Facts) -> Self {
        let Some(explained) = explain::bare(value, facts) else {
            return Self::default();
        };
        let refused = explained.admission.knative;
        if refused.is_some() {
            // Nothing comes of it, and what runs goes on.
            return Self {
                create: refused.clone(),
                update: refused,
                ..Self::default()
            };
        }
        let kubernetes = explained.admission.kubernetes;
        let part = |explained: ComponentExplanation| Part {
            kind: None,
            failure: kubernetes.clone().map(|text| ("Kubernetes", text)),
            explained,
            created: Vec::new(),
            template: None,
            settings: Value::Null,
        };
        Self {
            parts: explained.components.into_iter().map(part).collect(),
            ..Self::default()
        }
    }
}

/// Every mode but Standard takes the Knative way, so does a word that the release does not know: what counts is not the word.
fn way(mode: &Mode, release: Release) -> &'static str {
    if mode.is_standard(release) {
        "Standard"
    } else if mode.is_model_mesh() {
        "ModelMesh"
    } else {
        "Knative"
    }
}

/// The components and canaries of an InferenceService, in the order in which they are explained.
fn parts(prediction: &Prediction<'_>, facts: &Facts) -> Vec<Part> {
    let outcomes: Vec<(Option<ComponentKind>, &ComponentOutcome)> = prediction
        .components
        .iter()
        .flat_map(|outcome| {
            let canaries = outcome.canaries.iter().map(|canary| (None, canary));
            std::iter::once((Some(outcome.kind), outcome)).chain(canaries)
        })
        .collect();
    let explained = explain::components(prediction, facts);
    if outcomes.len() != explained.len() {
        // Behind a gate, and where ModelMesh has the predictor, components are explained that nothing is made for.
        return explained
            .into_iter()
            .map(|explained| {
                let outcome = outcomes
                    .iter()
                    .find(|(kind, _)| kind.is_some_and(|kind| kind.as_str() == explained.name));
                match outcome {
                    Some((kind, outcome)) => part(*kind, outcome, explained, facts),
                    None => unreached(explained),
                }
            })
            .collect();
    }
    outcomes
        .into_iter()
        .zip(explained)
        .map(|((kind, outcome), explained)| part(kind, outcome, explained, facts))
        .collect()
}

fn unreached(explained: ComponentExplanation) -> Part {
    Part {
        kind: None,
        failure: explained.failure.clone().map(|text| ("KServe", text)),
        explained,
        created: Vec::new(),
        template: None,
        settings: Value::Null,
    }
}

fn part(
    kind: Option<ComponentKind>,
    outcome: &ComponentOutcome,
    explained: ComponentExplanation,
    facts: &Facts,
) -> Part {
    let denied = outcome
        .standard()
        .and_then(|standard| keda::refusal(&standard.keda_errors));
    let failure = outcome.failure.as_ref().map(told);
    Part {
        kind,
        failure: failure.or_else(|| denied.map(|text| ("KEDA", text.clone()))),
        explained,
        created: outcome.created.clone(),
        template: template(&outcome.result, facts),
        settings: settings(&outcome.result),
    }
}

fn told(failure: &Failure) -> (&'static str, String) {
    let who = match failure.by {
        RefusedBy::Kserve => "KServe",
        RefusedBy::Crash => "crash",
        RefusedBy::Knative => "Knative",
        RefusedBy::Kubernetes => "Kubernetes",
        RefusedBy::Keda => "KEDA",
    };
    (who, failure.refusal.clone())
}

fn template(result: &ComponentResult, facts: &Facts) -> Option<Template> {
    let ComponentResult::Knative(outcome) = result else {
        return None;
    };
    let service = &outcome.service;
    let defaults = facts.knative_configs.as_ref().ok();
    let unlimited = defaults.map(|configs| configs.defaults.container_concurrency);
    Some(Template {
        annotations: service.template_annotations.clone(),
        concurrency: service.container_concurrency.or(unlimited),
        timeout: service.timeout_seconds,
    })
}

fn settings(result: &ComponentResult) -> Value {
    match result {
        ComponentResult::Standard(outcome) => match (&outcome.hpa, &outcome.scaled_object) {
            (Some(hpa), _) => json!(hpa.kept),
            (None, Some(scaled)) => scaled.clone(),
            (None, None) => Value::Null,
        },
        ComponentResult::Knative(outcome) => outcome
            .hpa
            .as_ref()
            .map_or(Value::Null, |hpa| json!(hpa.kept)),
        ComponentResult::Nothing => Value::Null,
    }
}
