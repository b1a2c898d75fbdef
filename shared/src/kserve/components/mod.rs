//! The component reconcilers: predictor with its canaries, transformer, explainer.
//! Source: kserve/kserve 0.11–0.20, `pkg/controller/v1beta1/inferenceservice/components/*.go`.

mod canary;
mod knative;

use std::collections::BTreeSet;

use serde_json::Value;

use self::canary::created;
pub(super) use self::canary::merged_fields;
use super::effective::{Effective, from_controller};
use super::mode::Mode;
use super::outcome::{ComponentOutcome, Failure, RefusedBy, Result};
use super::pod::component_containers;
use super::release::{Behaviour, Release};
use super::standard::{Stage, Workers, Workload};
use super::webhook::implementation_count;
use crate::facts::{Facts, Runtime, RuntimeChoice};
use crate::knative::annotations::Annotations;
use crate::manifest::{Component, ComponentKind, Extension, InferenceService};

/// What all component reconcilers share.
pub(super) struct Context<'a> {
    pub(super) service: &'a InferenceService<'a>,
    pub(super) annotations: &'a Annotations,
    pub(super) mode: &'a Mode,
    pub(super) facts: &'a Facts,
    pub(super) converts_frameworks: bool,
}

/// Runs the reconcilers of all components.
pub(super) fn reconcile(context: &Context<'_>) -> Vec<ComponentOutcome> {
    let mesh = context.mode.is_model_mesh();
    context
        .service
        .components()
        .filter(|component| !(mesh && component.kind == ComponentKind::Predictor))
        .map(|component| context.component(component))
        .collect()
}

impl Context<'_> {
    fn release(&self) -> Release {
        self.facts.release()
    }

    fn component(&self, component: &Component<'_>) -> ComponentOutcome {
        let release = self.release();
        let name = object_name(self.service.name, component, release);
        if implementation_count(component, release) == 0 {
            let text = "panic: runtime error: index out of range [0] with length 0 [recovered]";
            let failure = Failure::new(RefusedBy::Crash, "", text);
            return outcome(component, name, Effective::default(), Some(failure));
        }
        if self.mode.is_model_mesh()
            && component.kind == ComponentKind::Transformer
            && !self.predictor_has_url()
        {
            // The transformer waits until ModelMesh has told the predictor's address.
            return outcome(component, name, Effective::default(), None);
        }
        let multi_node = component.is_multi_node(self.release());
        let runtime = match self.runtime(component, multi_node) {
            Ok(runtime) => runtime,
            Err(failure) => return outcome(component, name, Effective::default(), Some(failure)),
        };
        let effective = Effective::unite(
            runtime.map(|runtime| &runtime.annotations),
            self.annotations,
            component.extension.annotations,
            &self.facts.kserve_config.value.disallowed,
            &from_controller(component),
        );
        if self.mode.is_standard(release) {
            self.standard(component, name, effective, runtime)
        } else {
            self.knative(component, name, effective)
        }
    }

    fn predictor_has_url(&self) -> bool {
        let status = self.service.status;
        let url = status.and_then(|status| status.get("components")?.get("predictor")?.get("url"));
        url.is_some_and(|url| !url.is_null())
    }

    /// The runtime of a predictor's model; none for everything else, and while no runtime is known.
    fn runtime(
        &self,
        component: &Component<'_>,
        multi_node: bool,
    ) -> std::result::Result<Option<&Runtime>, Failure> {
        if component.kind != ComponentKind::Predictor || !self.converts_frameworks {
            return Ok(None);
        }
        let Some(model) = component.model else {
            return Ok(None);
        };
        let namespace = self.service.namespace;
        match self.facts.runtime_of(&model, namespace, multi_node) {
            RuntimeChoice::Known(runtime) => match runtime.refusal(&model) {
                Some(text) if model.fields.contains_key("runtime") => {
                    Err(Failure::new(RefusedBy::Kserve, "", &text))
                }
                _ => Ok(Some(runtime)),
            },
            RuntimeChoice::Unknown => Ok(None),
            RuntimeChoice::None => {
                let text = match model.fields.get("runtime").and_then(Value::as_str) {
                    Some(name) => {
                        format!(
                            "No ServingRuntimes or ClusterServingRuntimes with the name: {name}"
                        )
                    }
                    None => format!(
                        "no runtime found to support predictor with model type: {{{} <nil>}}",
                        model.format
                    ),
                };
                Err(Failure::new(RefusedBy::Kserve, "", &text))
            }
        }
    }

    fn standard(
        &self,
        component: &Component<'_>,
        name: String,
        effective: Effective,
        runtime: Option<&Runtime>,
    ) -> ComponentOutcome {
        let extension = self.reduced_for_canaries(component);
        let stable = || self.workload(component, &name, &effective, &extension, runtime, None);
        let mut made;
        if self.release().has(Behaviour::CanaryAfterStable) {
            made = stable();
            if made.failure.is_none() {
                let (canaries, failure) = self.canaries(component, runtime);
                made.created.extend(created(&canaries));
                (made.canaries, made.failure) = (canaries, failure);
            }
        } else {
            let (canaries, failure) = self.canaries(component, runtime);
            made = match failure {
                Some(_) => outcome(component, String::new(), Effective::default(), failure),
                None => stable(),
            };
            let after = std::mem::take(&mut made.created);
            made.created = created(&canaries).chain(after).collect();
            made.canaries = canaries;
        }
        // Canaries of one name share their objects, and one without a name has those of the stable predictor.
        let mut seen = BTreeSet::new();
        made.created.retain(|object| seen.insert(object.clone()));
        made.name = name;
        made.effective = effective;
        made
    }

    fn workload(
        &self,
        component: &Component<'_>,
        name: &str,
        effective: &Effective,
        extension: &Extension<'_>,
        runtime: Option<&Runtime>,
        canary: Option<&str>,
    ) -> ComponentOutcome {
        let config = &self.facts.kserve_config.value;
        let containers = component_containers(
            component,
            runtime.map(|runtime| runtime.containers.as_slice()),
            &config.resources,
        );
        let release = self.release();
        let workload = Workload {
            name,
            namespace: self.service.namespace,
            annotations: &effective.annotations,
            extension,
            containers: &containers,
            // A canary never spans several nodes, whatever its workerSpec says.
            workers: self.workers(component, name).filter(|_| canary.is_none()),
            config,
            release,
        };
        let made = workload.make();
        let failure = made.failure.map(|(failure, stage)| {
            let kind = component.kind.as_str();
            let prefix = match (failure.by, stage, canary) {
                (RefusedBy::Crash, ..) => String::new(),
                (_, Stage::Preparing, None) => {
                    format!("fails to create NewRawKubeReconciler for {kind}: ")
                }
                (_, Stage::Sending, None) => format!("fails to reconcile {kind}: "),
                (_, Stage::Preparing, Some(name)) => {
                    format!("fails to create canary reconciler for {name}: ")
                }
                (_, Stage::Sending, Some(name)) => format!("fails to reconcile canary {name}: "),
            };
            Failure::new(failure.by, &prefix, &failure.refusal)
        });
        let result = made.outcome.map_or(Result::Nothing, |outcome| {
            Result::Standard(Box::new(outcome))
        });
        ComponentOutcome {
            created: made.created,
            stopped: made.stopped,
            result,
            ..outcome(component, String::new(), Effective::default(), failure)
        }
    }

    /// The additional objects of a predictor over several nodes.
    fn workers(&self, component: &Component<'_>, name: &str) -> Option<Workers> {
        let release = self.release();
        let makes = component.kind == ComponentKind::Predictor
            && component.is_multi_node(release)
            && release.has(Behaviour::MultiNodeValidation);
        makes.then(|| {
            // Named after the generation, which is unknown for a manifest that no cluster has seen.
            let base = name.strip_suffix("-predictor").unwrap_or(name);
            let mut services = vec![format!("{base}-head-0")];
            if release.has(Behaviour::WorkerService) {
                services.push(format!("{base}-workers-0"));
            }
            Workers {
                services,
                deployments: vec![format!("{name}-worker")],
            }
        })
    }
}

fn outcome(
    component: &Component<'_>,
    name: String,
    effective: Effective,
    failure: Option<Failure>,
) -> ComponentOutcome {
    ComponentOutcome {
        kind: component.kind,
        pointer: component.pointer.clone(),
        name,
        effective,
        created: Vec::new(),
        stopped: false,
        failure,
        result: Result::Nothing,
        canaries: Vec::new(),
    }
}

/// The name of a component's objects: `<service>-<component>`, with the predictor's own name between where it has one.
fn object_name(service: &str, component: &Component<'_>, release: Release) -> String {
    let kind = component.kind.as_str();
    match component.kind {
        ComponentKind::Predictor => match component.predictor_name(release) {
            "" => format!("{service}-{kind}"),
            name => format!("{service}-{name}-{kind}"),
        },
        _ => format!("{service}-{kind}"),
    }
}
