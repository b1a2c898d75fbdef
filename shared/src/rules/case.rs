//! What rules look at: an object, what is known of the cluster, and what the chain makes of it.

use serde_json::{Map, Value};

use crate::explain::{Admission, ComponentExplanation, InertSetting};
use crate::facts::Facts;
use crate::knative::annotations::{Annotations, Key};
use crate::knative::class::Owner;
use crate::knative::{PodAutoscaler, queue_proxy_requests};
use crate::kserve::graph::GraphPrediction;
use crate::kserve::pod::containers_of;
use crate::kserve::{ComponentOutcome, Effective, Hpa, Prediction, Refused, StandardOutcome};
use crate::kubernetes::pod::ContainerRequests;
use crate::manifest::{Component, Extension, child};

/// A workload with everything that is known of it.
pub(crate) struct Case<'a> {
    /// The object as written.
    pub(crate) object: &'a Value,
    /// What is known of the cluster.
    pub(crate) facts: &'a Facts,
    /// What is predicted.
    pub(crate) workload: Workload<'a>,
    /// Who refuses it.
    pub(crate) admission: &'a Admission,
    /// What is scaled of it, as [`Self::object`] has it: components, canaries, the router of a graph, the one revision of a
    /// Knative Service.
    pub(crate) scaled: Vec<Scaled<'a>>,
}

/// What kind of workload it is, with its prediction.
#[derive(Clone, Copy)]
pub(crate) enum Workload<'a> {
    /// An InferenceService.
    InferenceService(&'a Prediction<'a>),
    /// An InferenceGraph.
    InferenceGraph(&'a GraphPrediction<'a>),
    /// A Knative Service.
    KnativeService,
    /// An InferenceService that does not get past KServe's mutating webhook; nothing of it is scaled.
    Refused(&'a Refused),
}

/// One thing that something scales, or should.
pub(crate) struct Scaled<'a> {
    /// Where its settings stand: `/spec/predictor`, `/spec` of a graph, `/spec/template` of a Knative Service.
    pub(crate) pointer: &'a str,
    /// The verdict on it.
    pub(crate) explained: &'a ComponentExplanation,
    /// Its scaling fields; a Knative Service has none.
    pub(crate) extension: Option<&'a Extension<'a>>,
    /// All fields as written, where KServe has them.
    pub(crate) fields: Option<&'a Map<String, Value>>,
    /// The component of an InferenceService.
    pub(crate) component: Option<&'a Component<'a>>,
    /// What KServe's controller makes of that component.
    pub(crate) outcome: Option<&'a ComponentOutcome>,
    /// Its annotations with the level each comes from.
    pub(crate) effective: Option<&'a Effective>,
    /// The annotations of the revision, in Knative mode.
    pub(crate) template: Option<&'a Annotations>,
    /// The PodAutoscaler, in Knative mode and where Knative accepts the Service.
    pub(crate) pod_autoscaler: Option<&'a PodAutoscaler>,
    /// The HPA, whoever makes it.
    pub(crate) hpa: Option<&'a Hpa>,
    /// The outcome in Standard mode.
    pub(crate) standard: Option<&'a StandardOutcome>,
    /// The annotations that count for it as written, the nearest level first, each with the pointer of its map.
    pub(crate) written: Vec<(String, &'a Map<String, Value>)>,
    /// Its pods.
    pub(crate) pod: Pod<'a>,
}

/// Where the containers of a pod are known from. Few rules ask, so they are worked out when one does.
#[derive(Clone, Copy)]
pub(crate) enum Pod<'a> {
    /// A component of an InferenceService, in this namespace.
    Component(&'a Component<'a>, &'a str),
    /// These containers.
    Containers(&'a [ContainerRequests]),
}

/// A workload before and after a change.
pub(crate) struct Change<'a> {
    /// As it was.
    pub(crate) old: &'a Value,
    /// As it is to be.
    pub(crate) new: &'a Value,
    /// What is known of the cluster.
    pub(crate) facts: &'a Facts,
}

/// An object that is no workload.
pub(crate) struct Bystander<'a> {
    /// The object as written.
    pub(crate) object: &'a Value,
    /// The same object as it was before, where that is known.
    pub(crate) old: Option<&'a Value>,
    /// What is known of the cluster.
    pub(crate) facts: &'a Facts,
}

/// A setting without effect, and whose it is.
pub(crate) struct Inert<'a> {
    /// The workload.
    pub(crate) case: &'a Case<'a>,
    /// The component.
    pub(crate) scaled: &'a Scaled<'a>,
    /// The setting.
    pub(crate) setting: &'a InertSetting,
}

impl Case<'_> {
    /// Whether a setting at a pointer speaks for several things that are scaled: an annotation of the object does. What is
    /// without effect on one of them, or means the same, may still count for another.
    pub(crate) fn is_shared(&self, pointer: &str) -> bool {
        self.scaled.len() > 1 && pointer.starts_with("/metadata/")
    }
}

impl<'a> Scaled<'a> {
    /// The pointer of one of its fields.
    pub(crate) fn at(&self, field: &str) -> String {
        format!("{}/{field}", self.pointer)
    }

    /// Whether Knative scales it, by whichever class.
    pub(crate) fn is_knative(&self) -> bool {
        self.template.is_some()
    }

    /// Whether Knative's HPA class scales it.
    pub(crate) fn is_knative_hpa(&self) -> bool {
        self.pod_autoscaler
            .is_some_and(|pod_autoscaler| pod_autoscaler.owner == Owner::Hpa)
    }

    /// Whether Knative's own autoscaler scales it.
    pub(crate) fn is_kpa(&self) -> bool {
        self.pod_autoscaler
            .is_some_and(|pod_autoscaler| pod_autoscaler.owner == Owner::Kpa)
    }

    /// An annotation as written at the nearest level: where it stands, and its text.
    pub(crate) fn annotation(&self, key: &str) -> Option<(String, &'a str)> {
        self.written.iter().find_map(|(pointer, map)| {
            let text = map.get(key)?.as_str()?;
            Some((child(pointer, key), text))
        })
    }

    /// An autoscaling annotation by either of its spellings.
    pub(crate) fn knative_annotation(&self, key: Key) -> Option<(String, &'a str)> {
        self.annotation(key.canonical)
            .or_else(|| self.annotation(key.alias?))
    }

    /// Where a setting that is a field for KServe and an annotation for Knative stands; none where neither is written.
    pub(crate) fn field_or_annotation(&self, field: &str, key: Key) -> Option<String> {
        if self.is_written(field) {
            return Some(self.at(field));
        }
        self.knative_annotation(key).map(|(pointer, _)| pointer)
    }

    /// Whether one of its fields is there and not null.
    pub(crate) fn is_written(&self, field: &str) -> bool {
        let value = self.fields.and_then(|fields| fields.get(field));
        value.is_some_and(|value| !value.is_null())
    }

    /// The containers of its pods with what they request, queue-proxy among them, and whether they are those of a runtime
    /// that nobody has shown.
    pub(crate) fn containers(&self, facts: &Facts) -> (Vec<ContainerRequests>, bool) {
        let (mut containers, assumed) = match self.pod {
            Pod::Component(component, namespace) => containers_of(component, namespace, facts),
            Pod::Containers(containers) => (containers.to_vec(), false),
        };
        if let (Some(template), Ok(configs)) = (self.template, &facts.knative_configs) {
            let user = containers.first().cloned().unwrap_or_default();
            containers.push(queue_proxy_requests(configs, template, &user));
        }
        (containers, assumed)
    }
}

impl Bystander<'_> {
    /// The object's kind, or empty.
    pub(crate) fn kind(&self) -> &str {
        text(self.object, "/kind")
    }

    /// The object's name, or empty.
    pub(crate) fn name(&self) -> &str {
        text(self.object, "/metadata/name")
    }

    /// Whether it is a ConfigMap of Knative's by this name, in its namespace or in none.
    pub(crate) fn is_knative_config(&self, name: &str) -> bool {
        let namespace = text(self.object, "/metadata/namespace");
        self.is_config_map(name) && matches!(namespace, "" | "knative-serving")
    }

    /// Whether it is KServe's ConfigMap. Its namespace is that of KServe's controller, whichever that is.
    pub(crate) fn is_kserve_config(&self) -> bool {
        self.is_config_map("inferenceservice-config")
    }

    fn is_config_map(&self, name: &str) -> bool {
        self.kind() == "ConfigMap" && self.name() == name
    }

    /// One key of a ConfigMap's data.
    pub(crate) fn data(&self, key: &str) -> Option<&str> {
        self.object.get("data")?.get(key)?.as_str()
    }
}

/// A text at a pointer, or empty.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_default()
}
