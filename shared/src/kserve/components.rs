//! The component reconcilers: predictor with its canaries, transformer, explainer.
//! Source: kserve/kserve 0.11–0.20, `pkg/controller/v1beta1/inferenceservice/components/*.go`.

use serde_json::{Map, Value};

use super::annotations::STOP;
use super::effective::{Effective, from_controller};
use super::knative_mode;
use super::mode::Mode;
use super::outcome::{ComponentOutcome, Failure, Hpa, KnativeOutcome, RefusedBy, Result};
use super::pod::component_containers;
use super::release::{Behaviour, Release};
use super::standard::{Stage, Workers, Workload};
use super::webhook::implementation_count;
use crate::facts::{Facts, Runtime, RuntimeChoice, choose_runtime};
use crate::knative::annotations::Annotations;
use crate::knative::{Service, Template};
use crate::manifest::{Canary, Component, ComponentKind, Extension, InferenceService};

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
        let runtime = match self.runtime(component) {
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
    fn runtime(&self, component: &Component<'_>) -> std::result::Result<Option<&Runtime>, Failure> {
        if component.kind != ComponentKind::Predictor || !self.converts_frameworks {
            return Ok(None);
        }
        let Some(model) = component.model else {
            return Ok(None);
        };
        let multi_node = component.is_multi_node(self.release());
        match choose_runtime(
            &self.facts.runtimes,
            &model,
            self.service.namespace,
            multi_node,
        ) {
            RuntimeChoice::Known(runtime) => Ok(Some(runtime)),
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
        let canaries: Vec<ComponentOutcome> = if component.kind == ComponentKind::Predictor {
            self.service
                .canaries
                .iter()
                .map(|canary| self.canary(component, canary))
                .collect()
        } else {
            Vec::new()
        };
        let extension = self.reduced_for_canaries(component);
        let mut made = self.workload(component, &name, &effective, &extension, runtime);
        made.canaries = canaries;
        let mut created: Vec<String> = made
            .canaries
            .iter()
            .flat_map(|canary| canary.created.iter().cloned())
            .collect();
        created.append(&mut made.created);
        made.created = created;
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
            workers: self.workers(component, name),
            config,
            release,
        };
        let made = workload.make();
        let failure = made.failure.map(|(failure, stage)| {
            let kind = component.kind.as_str();
            let prefix = match (failure.by, stage) {
                (RefusedBy::Crash, _) => String::new(),
                (_, Stage::Preparing) => {
                    format!("fails to create NewRawKubeReconciler for {kind}: ")
                }
                (_, Stage::Sending) => format!("fails to reconcile {kind}: "),
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

    /// minReplicas of the stable predictor while canaries run.
    fn reduced_for_canaries<'c>(&self, component: &Component<'c>) -> Extension<'c> {
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

    fn canary(&self, stable: &Component<'_>, canary: &Canary<'_>) -> ComponentOutcome {
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

    fn knative(
        &self,
        component: &Component<'_>,
        name: String,
        effective: Effective,
    ) -> ComponentOutcome {
        let release = self.release();
        let rolled_out = self.service.latest_rolledout_revision(component.kind);
        let service = knative_mode::build(
            &name,
            &effective.annotations,
            &component.extension,
            rolled_out,
            release,
        );
        let stop = service.template_annotations.get(STOP);
        let stopped = stop.is_some_and(|value| value.eq_ignore_ascii_case("true"));
        if stopped && release.has(Behaviour::StopKnative) {
            return ComponentOutcome {
                stopped: true,
                ..outcome(component, name, effective, None)
            };
        }
        let configs = match &self.facts.knative_configs {
            Ok(configs) => configs,
            Err(text) => {
                let failure = Failure::new(RefusedBy::Knative, "", text);
                return outcome(component, name, effective, Some(failure));
            }
        };
        let pod = gated_pod_fields(component);
        let sent = Service {
            name: &name,
            generate_name: "",
            annotations: &service.annotations,
            template: Template {
                annotations: &service.template_annotations,
                name: "",
                generate_name: "",
                container_concurrency: service.container_concurrency,
                timeout_seconds: service.timeout_seconds,
                pod: pod.as_ref(),
            },
            traffic: &[],
        };
        let error = sent.validate(configs);
        let failure = error.as_ref().map(|text| {
            let prefix = format!("fails to reconcile {}: ", component.kind.as_str());
            let refusal = format!(
                "admission webhook \"validation.webhook.serving.knative.dev\" denied the request: validation failed: {text}"
            );
            Failure::new(RefusedBy::Knative, &prefix, &refusal)
        });
        let pod_autoscaler = error.is_none().then(|| sent.predict(configs));
        let hpa = pod_autoscaler
            .as_ref()
            .and_then(|pa| pa.hpa.clone())
            .map(Hpa::of);
        ComponentOutcome {
            created: vec![format!("Service.serving.knative.dev/{name}")],
            result: Result::Knative(Box::new(KnativeOutcome {
                service,
                error,
                pod_autoscaler,
                hpa,
            })),
            ..outcome(component, name, effective, failure)
        }
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

/// Pod fields that a Knative Service may have only behind a feature flag, where the component writes any.
const GATED: [&str; 15] = [
    "affinity",
    "dnsConfig",
    "dnsPolicy",
    "hostAliases",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "nodeSelector",
    "priorityClassName",
    "runtimeClassName",
    "schedulerName",
    "securityContext",
    "shareProcessNamespace",
    "tolerations",
    "topologySpreadConstraints",
];

fn gated_pod_fields(component: &Component<'_>) -> Option<Value> {
    let written = GATED
        .iter()
        .filter_map(|key| Some((*key, component.fields.get(*key)?)));
    let mut pod: Map<String, Value> = written
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .collect();
    if pod.is_empty() {
        return None;
    }
    pod.insert(
        "containers".to_owned(),
        serde_json::json!([{"name": "kserve-container", "image": "model"}]),
    );
    Some(Value::Object(pod))
}
