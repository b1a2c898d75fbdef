//! What is made of an object, as far as an edit can roll it.

use serde_json::{Value, json};

use crate::facts::Facts;
use crate::knative::{ParsedService, PodAutoscaler, queue_proxy_requests};
use crate::kserve::pod::whole_containers_of;
use crate::kserve::sequence::{KeptDeployment, WorkloadObjects, reconcile};
use crate::kserve::{ComponentOutcome, Gate, KnativeOutcome, Prediction, predict};
use crate::kubernetes::pod::container_requests;
use crate::manifest::Component;

/// Everything that is made of an object.
#[derive(Default)]
pub(super) struct Made {
    /// Whether KServe leaves what is there as it is.
    pub(super) is_frozen: bool,
    /// One entry a component, by its name.
    pub(super) parts: Vec<MadePart>,
}

/// What is made of a component.
pub(super) struct MadePart {
    /// As in an Explanation.
    pub(super) name: String,
    /// The name of its Knative Service or Deployment.
    pub(super) object: String,
    /// Whether it is kept from running.
    pub(super) is_stopped: bool,
    /// What rolls it.
    pub(super) rolled: RolledPart,
    /// The containers of a pod, as far as they are known.
    pub(super) containers: Vec<Value>,
}

/// What rolls a component.
pub(super) enum RolledPart {
    /// A Revision, and what its template says. Two Revisions differ where that differs.
    Revision(Value, Box<PodAutoscaler>),
    /// A Deployment.
    Deployment(Box<KeptDeployment>),
    /// Nothing is made.
    Nothing,
}

impl Made {
    /// Of an object of any kind.
    pub(super) fn of(object: &Value, facts: &Facts) -> Self {
        if object.get("kind").and_then(Value::as_str) == Some("Service") {
            return Self {
                is_frozen: false,
                parts: knative_service(object, facts).into_iter().collect(),
            };
        }
        let Ok(prediction) = predict(object, facts) else {
            return Self::default();
        };
        let mut parts = Vec::new();
        for outcome in &prediction.components {
            let mut components = prediction.service.components();
            if let Some(component) = components.find(|one| one.kind == outcome.kind) {
                component_of(object, &prediction, (component, outcome), facts, &mut parts);
            }
        }
        Self {
            is_frozen: prediction.gate == Some(Gate::AutoUpdateDisabled),
            parts,
        }
    }

    /// A component of it.
    pub(super) fn part(&self, name: &str) -> Option<&MadePart> {
        self.parts.iter().find(|part| part.name == name)
    }
}

impl MadePart {
    /// What Knative makes of its Revisions.
    pub(super) fn pod_autoscaler(&self) -> Option<&PodAutoscaler> {
        match &self.rolled {
            RolledPart::Revision(_, pod_autoscaler) => Some(pod_autoscaler),
            _ => None,
        }
    }

    /// Whether something new is made where the other was.
    pub(super) fn rolls(&self, before: &Self) -> bool {
        match (&before.rolled, &self.rolled) {
            (RolledPart::Revision(old, _), RolledPart::Revision(new, _)) => old != new,
            (RolledPart::Deployment(old), RolledPart::Deployment(new)) => {
                old.template != new.template
            }
            _ => false,
        }
    }
}

fn component_of(
    object: &Value,
    prediction: &Prediction<'_>,
    (component, outcome): (&Component<'_>, &ComponentOutcome),
    facts: &Facts,
    parts: &mut Vec<MadePart>,
) {
    let (mut containers, _) = whole_containers_of(component, prediction.service.namespace, facts);
    let name = outcome.kind.as_str().to_owned();
    if let Some(knative) = outcome.knative() {
        let template = &knative.service.template_annotations;
        proxy(&mut containers, template, facts);
        parts.push(MadePart {
            name,
            object: outcome.name.clone(),
            is_stopped: outcome.stopped,
            rolled: revision(knative),
            containers,
        });
        return;
    }
    let reconciled = reconcile(object, facts, outcome.kind, &WorkloadObjects::default());
    let deployments = reconciled
        .map(|made| made.after.deployments)
        .unwrap_or_default();
    let deployment = |name: &str| match deployments.get(name) {
        Some(made) => RolledPart::Deployment(Box::new(made.clone())),
        None => RolledPart::Nothing,
    };
    for (canary, written) in outcome.canaries.iter().zip(&prediction.service.canaries) {
        let own = written.predictor.predictor_name(facts.release());
        parts.push(MadePart {
            name: format!("canary {own}"),
            object: canary.name.clone(),
            is_stopped: canary.stopped,
            rolled: deployment(&canary.name),
            containers: containers.clone(),
        });
    }
    parts.push(MadePart {
        name,
        object: outcome.name.clone(),
        is_stopped: outcome.stopped,
        rolled: deployment(&outcome.name),
        containers,
    });
}

fn revision(knative: &KnativeOutcome) -> RolledPart {
    let service = &knative.service;
    let template = json!({
        "annotations": service.template_annotations,
        "containerConcurrency": service.container_concurrency,
        "timeoutSeconds": service.timeout_seconds,
    });
    match &knative.pod_autoscaler {
        Some(made) => RolledPart::Revision(template, Box::new(made.clone())),
        None => RolledPart::Nothing,
    }
}

fn knative_service(object: &Value, facts: &Facts) -> Option<MadePart> {
    let configs = facts.knative_configs.as_ref().ok()?;
    let parsed = ParsedService::new(object);
    let service = parsed.service();
    let template = object.pointer("/spec/template")?;
    let list = template
        .pointer("/spec/containers")
        .and_then(Value::as_array);
    let mut containers = list.cloned().unwrap_or_default();
    proxy(&mut containers, service.template.annotations, facts);
    Some(MadePart {
        name: "service".to_owned(),
        object: service.name.to_owned(),
        is_stopped: false,
        rolled: RolledPart::Revision(template.clone(), Box::new(service.predict(configs))),
        containers,
    })
}

/// Knative puts queue-proxy beside every container.
fn proxy(containers: &mut Vec<Value>, template: &crate::knative::Annotations, facts: &Facts) {
    let Ok(configs) = &facts.knative_configs else {
        return;
    };
    let user = containers
        .first()
        .map(container_requests)
        .unwrap_or_default();
    let requests = queue_proxy_requests(configs, template, &user);
    let mut proxy = json!({"name": requests.name, "resources": {"requests": {}}});
    for (resource, request) in [("cpu", requests.cpu), ("memory", requests.memory)] {
        if let Some(request) = request {
            proxy["resources"]["requests"][resource] = json!(request.amount);
        }
    }
    containers.push(proxy);
}
