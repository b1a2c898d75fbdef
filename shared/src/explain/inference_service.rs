//! The explanation of an InferenceService.

use serde_json::Value;

use super::chain::Chain;
use super::inert::Subject;
use super::knative::End;
use super::mode::Decided;
use super::replicas::KnativeBounds;
use super::types::{
    Admission, Autoscaler, ComponentExplanation, Explanation, Finding, ObjectRef, Target,
};
use super::{creates, judge, knative, refused, requests, standard, versions};
use crate::facts::Facts;
use crate::knative::queue_proxy_requests;
use crate::kserve::pod::containers_of;
use crate::kserve::standard::keda;
use crate::kserve::{
    ComponentOutcome, ComponentResult, Gate, Prediction, Refused, RefusedBy, predict,
};
use crate::kubernetes::pod::ContainerRequests;
use crate::manifest::{Component, ComponentKind};

/// Explains an InferenceService.
pub(super) fn explain(value: &Value, object: ObjectRef, facts: &Facts) -> Explanation {
    match predict(value, facts) {
        Ok(prediction) => accepted(value, object, &prediction, facts),
        Err(refused) => stopped_at_the_door(value, object, &refused, facts),
    }
}

/// The object does not get past KServe's mutating webhook.
fn stopped_at_the_door(
    value: &Value,
    object: ObjectRef,
    refused: &Refused,
    facts: &Facts,
) -> Explanation {
    let admission = at_the_door(refused);
    Explanation {
        object,
        deployment_mode: None,
        findings: judge::refused(value, refused, &admission, facts),
        admission,
        ..Explanation::default()
    }
}

fn at_the_door(refused: &Refused) -> Admission {
    let text = match refused {
        Refused::Decode(error) => error.text.clone(),
        Refused::Crash(text) | Refused::Config(text) => text.clone(),
    };
    Admission {
        kserve: Some(text),
        ..Admission::default()
    }
}

fn accepted(
    value: &Value,
    object: ObjectRef,
    prediction: &Prediction<'_>,
    facts: &Facts,
) -> Explanation {
    let components = components(prediction, facts);
    let admission = admission(prediction);
    Explanation {
        deployment_mode: Some(prediction.mode.word.clone()),
        versions: versions::notes(value, &components, prediction, facts),
        findings: judge::service(value, prediction, &components, &admission, facts),
        admission,
        components,
        object,
        observed: None,
    }
}

/// What rules find about an InferenceService.
pub(super) fn findings(value: &Value, facts: &Facts) -> Vec<Finding> {
    match predict(value, facts) {
        Ok(prediction) => {
            let components = components(&prediction, facts);
            let admission = admission(&prediction);
            judge::service(value, &prediction, &components, &admission, facts)
        }
        Err(refused) => judge::refused(value, &refused, &at_the_door(&refused), facts),
    }
}

/// The components of a prediction, explained.
pub(crate) fn components(prediction: &Prediction<'_>, facts: &Facts) -> Vec<ComponentExplanation> {
    let gate = prediction.gate.as_ref().and_then(Gate::text);
    let mut explained = Vec::new();
    for component in prediction.service.components() {
        let outcome = prediction
            .components
            .iter()
            .find(|outcome| outcome.kind == component.kind);
        match outcome {
            Some(outcome) => {
                explained.push(one(prediction, component, outcome, facts));
                explained.extend(
                    outcome
                        .canaries
                        .iter()
                        .map(|canary| self::canary(prediction, canary, facts)),
                );
            }
            None => explained.push(unreconciled(prediction, component, gate, facts)),
        }
    }
    explained
}

fn decided<'a>(prediction: &'a Prediction<'_>, facts: &'a Facts) -> Decided<'a> {
    Decided {
        mode: &prediction.mode,
        annotations: prediction.service.annotations,
        model_mesh: "KServe leaves the predictor to ModelMesh",
        facts,
    }
}

/// A component that the controller does not reach: behind a gate, or left to ModelMesh.
fn unreconciled(
    prediction: &Prediction<'_>,
    component: &Component<'_>,
    gate: Option<&str>,
    facts: &Facts,
) -> ComponentExplanation {
    let mut chain = Chain::default();
    decided(prediction, facts).link(&mut chain);
    let end = End {
        autoscaler: Some(Autoscaler::Unmanaged),
        ..End::default()
    };
    finish(
        component.kind.as_str(),
        end,
        chain,
        None,
        Vec::new(),
        gate.map(str::to_owned),
    )
}

fn one(
    prediction: &Prediction<'_>,
    component: &Component<'_>,
    outcome: &ComponentOutcome,
    facts: &Facts,
) -> ComponentExplanation {
    let mut chain = Chain::default();
    decided(prediction, facts).link(&mut chain);
    let mut end = walk(&mut chain, prediction, component, outcome, facts);
    Subject {
        name: component.kind.as_str(),
        noun: "component",
        pointer: &component.pointer,
        fields: Some(component.fields),
        extension: &component.extension,
        object: prediction.service.annotations,
        found: &prediction.defaulted.annotations,
        spec: prediction.spec,
        is_first: component.kind == ComponentKind::Predictor,
        effective: &outcome.effective,
        stopped: outcome.stopped,
        result: &outcome.result,
        facts,
    }
    .gather(&mut chain);
    if outcome.failure.is_some() {
        end.autoscaler = Some(Autoscaler::Unmanaged);
    }
    if outcome.stopped {
        end.autoscaler = Some(Autoscaler::Stopped);
    }
    let failure = outcome.failure.as_ref().map(|failure| failure.text.clone());
    let class = class(outcome);
    finish(
        component.kind.as_str(),
        end,
        chain,
        class,
        creates::objects(outcome, facts.knative.value),
        failure,
    )
}

fn walk(
    chain: &mut Chain,
    prediction: &Prediction<'_>,
    component: &Component<'_>,
    outcome: &ComponentOutcome,
    facts: &Facts,
) -> End {
    let (containers, assumed) = containers_of(component, prediction.service.namespace, facts);
    match &outcome.result {
        ComponentResult::Nothing => {
            if outcome.stopped {
                let source = super::chain::Source::effective(
                    &outcome.effective,
                    &component.pointer,
                    crate::kserve::annotations::STOP,
                );
                chain.link(
                    "stop",
                    true,
                    source,
                    "KServe deletes everything it has made for this component",
                );
            }
            End {
                autoscaler: Some(Autoscaler::Unmanaged),
                ..End::default()
            }
        }
        ComponentResult::Standard(standard_outcome) => standard::Scaled {
            pointer: &component.pointer,
            extension: &component.extension,
            effective: &outcome.effective,
            outcome: standard_outcome,
            containers: &containers,
            requests: requests::of_pod(assumed),
            facts,
        }
        .explain(chain),
        ComponentResult::Knative(knative_outcome) => {
            let template = &knative_outcome.service.template_annotations;
            let Some(pod_autoscaler) = &knative_outcome.pod_autoscaler else {
                let bounds = KnativeBounds {
                    pointer: &component.pointer,
                    extension: Some(&component.extension),
                    effective: &outcome.effective,
                    facts,
                };
                refused::link(chain, &bounds, template);
                return End::default();
            };
            let containers = with_queue_proxy(containers, template, facts);
            knative::Scaled {
                pointer: &component.pointer,
                extension: Some(&component.extension),
                limit: component
                    .extension
                    .container_concurrency
                    .map(|_| format!("{}/containerConcurrency", component.pointer)),
                effective: &outcome.effective,
                template,
                pod_autoscaler,
                hpa: knative_outcome.hpa.as_ref(),
                containers: &containers,
                requests: requests::of_pod(assumed),
                facts,
            }
            .explain(chain)
        }
    }
}

/// Knative puts queue-proxy beside every container.
pub(super) fn with_queue_proxy(
    mut containers: Vec<ContainerRequests>,
    template: &crate::knative::Annotations,
    facts: &Facts,
) -> Vec<ContainerRequests> {
    if let Ok(configs) = &facts.knative_configs {
        let user = containers.first().cloned().unwrap_or_default();
        containers.push(queue_proxy_requests(configs, template, &user));
    }
    containers
}

fn canary(
    prediction: &Prediction<'_>,
    outcome: &ComponentOutcome,
    facts: &Facts,
) -> ComponentExplanation {
    let mut chain = Chain::default();
    decided(prediction, facts).link(&mut chain);
    let written = prediction
        .service
        .canaries
        .iter()
        .map(|canary| &canary.predictor);
    let component = written
        .into_iter()
        .find(|predictor| predictor.pointer == outcome.pointer);
    let name = component.map_or("canary", |component| {
        component.predictor_name(facts.release())
    });
    let pods = outcome
        .hpa()
        .and_then(|hpa| hpa.kept.min_replicas)
        .map(i64::from);
    let pods = pods.or_else(|| outcome.standard().and_then(|standard| standard.replicas));
    let source = super::chain::Source::field(format!("{}/minReplicas", outcome.pointer));
    let source = match component {
        Some(component) if component.extension.min_replicas.is_some() => source,
        _ => super::chain::Source::default("KServe: the canary's share of the stable minReplicas"),
    };
    chain.link(
        "replicas",
        pods,
        source,
        "a canary has a fixed size; its autoscaler has the same lower and upper bound",
    );
    let end = End {
        autoscaler: Some(if outcome.failure.is_some() {
            Autoscaler::Unmanaged
        } else {
            Autoscaler::None
        }),
        min: pods,
        max: pods,
        ..End::default()
    };
    let failure = outcome.failure.as_ref().map(|failure| failure.text.clone());
    finish(
        &format!("canary {name}"),
        end,
        chain,
        class(outcome),
        creates::objects(outcome, facts.knative.value),
        failure,
    )
}

fn class(outcome: &ComponentOutcome) -> Option<String> {
    match &outcome.result {
        ComponentResult::Nothing => None,
        ComponentResult::Standard(standard) => Some(standard.class.clone()),
        ComponentResult::Knative(knative) => {
            let key = crate::knative::annotations::CLASS.canonical;
            knative.service.template_annotations.get(key).cloned()
        }
    }
}

/// Puts a component's explanation together.
pub(super) fn finish(
    name: &str,
    end: End,
    chain: Chain,
    class: Option<String>,
    creates: Vec<Value>,
    failure: Option<String>,
) -> ComponentExplanation {
    let target: Option<Target> = end.target;
    ComponentExplanation {
        name: name.to_owned(),
        autoscaler: end.autoscaler.unwrap_or(Autoscaler::Unmanaged),
        class,
        metric: end.metric,
        target,
        min_replicas: end.min,
        max_replicas: end.max,
        scale_to_zero: end.scale_to_zero,
        creates,
        failure,
        because: chain.because,
        inert: chain.inert,
    }
}

/// The first text with which a system refuses a component.
pub(super) fn refusal(prediction: &Prediction<'_>, by: RefusedBy) -> Option<String> {
    let outcomes = prediction
        .components
        .iter()
        .flat_map(|outcome| std::iter::once(outcome).chain(&outcome.canaries));
    let mut failures = outcomes.filter_map(|outcome| outcome.failure.as_ref());
    failures
        .find(|failure| failure.by == by)
        .map(|failure| failure.refusal.clone())
}

fn admission(prediction: &Prediction<'_>) -> Admission {
    let keda = prediction.components.iter().find_map(|outcome| {
        let standard = outcome.standard()?;
        keda::refusal(&standard.keda_errors).cloned()
    });
    Admission {
        kserve: prediction.webhook_error().map(str::to_owned),
        knative: refusal(prediction, RefusedBy::Knative),
        kubernetes: creates::schema_refusal(prediction)
            .or_else(|| refusal(prediction, RefusedBy::Kubernetes)),
        keda,
    }
}
