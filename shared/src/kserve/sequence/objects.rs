//! What exists of the workloads of Standard mode between two reconciles, and what is written to it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::template::PodTemplate;
use crate::knative::annotations::Annotations;
use crate::kserve::annotations::STOP;
use crate::kserve::defaulter::owned;
use crate::kserve::graph::{ObjectKind, Operation, Verb};
use crate::kubernetes::{HpaSpec, default_hpa};
use crate::manifest::ComponentKind;

/// The objects of one namespace that decide what a reconcile does, by their names. Whatever KServe or a user made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkloadObjects {
    /// The Deployments that KServe made.
    pub deployments: BTreeMap<String, KeptDeployment>,
    /// All HPAs, those of others among them.
    pub hpas: BTreeMap<String, KeptHpa>,
    /// All ScaledObjects, those of others among them.
    pub scaled_objects: BTreeMap<String, KeptScaledObject>,
}

/// A Deployment that KServe made.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptDeployment {
    /// The InferenceService whose label it has.
    pub service: String,
    /// The component whose label it has.
    pub component: ComponentKind,
    /// `spec.replicas` as KServe last set it; none where it never did. Whoever scales it goes from there.
    pub replicas: Option<i64>,
    /// What its pod template was made from.
    pub template: PodTemplate,
    /// `spec.strategy` as the component writes it.
    pub strategy: Value,
}

/// An HPA.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptHpa {
    /// `spec`, as the API server keeps it.
    pub spec: HpaSpec,
    /// `metadata.annotations`
    pub annotations: Annotations,
    /// `metadata.ownerReferences`
    pub owners: Vec<Owner>,
}

/// A ScaledObject.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptScaledObject {
    /// `spec`
    pub spec: Value,
    /// `metadata.ownerReferences`
    pub owners: Vec<Owner>,
}

/// An owner reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// `apiVersion`
    pub api_version: String,
    /// `kind`
    pub kind: String,
    /// `name`
    pub name: String,
}

impl Owner {
    /// The reference to an InferenceService, as KServe sets it on what it makes.
    #[must_use]
    pub fn inference_service(name: &str) -> Self {
        Self {
            api_version: "serving.kserve.io/v1beta1".to_owned(),
            kind: "InferenceService".to_owned(),
            name: name.to_owned(),
        }
    }

    /// Whether it is any InferenceService, by KServe's own test.
    #[must_use]
    pub fn is_inference_service(&self) -> bool {
        self.api_version.starts_with("serving.kserve.io") && self.kind == "InferenceService"
    }

    fn of(object: &Value) -> Vec<Self> {
        let references = object.pointer("/metadata/ownerReferences");
        let items = references.and_then(Value::as_array).into_iter().flatten();
        let text = |item: &Value, key: &str| {
            let text = item.get(key).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        items
            .map(|item| Self {
                api_version: text(item, "apiVersion"),
                kind: text(item, "kind"),
                name: text(item, "name"),
            })
            .collect()
    }
}

impl KeptDeployment {
    pub(super) fn is_predictor_of(&self, service: &str) -> bool {
        self.component == ComponentKind::Predictor && self.service == service
    }
}

impl KeptHpa {
    /// Whether an InferenceService owns it; only then does KServe delete it.
    #[must_use]
    pub fn is_of_inference_service(&self) -> bool {
        self.owners.iter().any(Owner::is_inference_service)
    }

    /// Whether it carries the annotation `stop` itself, which it got from the service when it was last written.
    pub(super) fn is_stopped(&self) -> bool {
        let stop = self.annotations.get(STOP);
        stop.is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}

impl WorkloadObjects {
    /// Adds an object that exists already: an `autoscaling/v2` HorizontalPodAutoscaler or a ScaledObject. What lies in
    /// another namespace, is of another kind or has no readable `spec` is left out, and told by `false`.
    pub fn add(&mut self, object: &Value, namespace: &str) -> bool {
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
        let Some(name) = text("/metadata/name") else {
            return false;
        };
        if text("/metadata/namespace").unwrap_or_default() != namespace {
            return false;
        }
        let spec = object.get("spec").cloned().unwrap_or_default();
        let owners = Owner::of(object);
        match text("/kind") {
            Some("HorizontalPodAutoscaler") => {
                let Ok(spec) = serde_json::from_value::<HpaSpec>(spec) else {
                    return false;
                };
                let annotations = object.pointer("/metadata/annotations");
                let annotations = annotations.and_then(Value::as_object);
                let kept = KeptHpa {
                    spec: default_hpa(&spec),
                    annotations: annotations.map(owned).unwrap_or_default(),
                    owners,
                };
                self.hpas.insert(name.to_owned(), kept);
            }
            Some("ScaledObject") if spec.is_object() => {
                let kept = KeptScaledObject { spec, owners };
                self.scaled_objects.insert(name.to_owned(), kept);
            }
            _ => return false,
        }
        true
    }
}

/// One write of the controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// What is done, with what kind of object.
    pub operation: Operation,
    /// The name of the object.
    pub name: String,
    /// Whether the API server or a webhook refuses it, so that everything stays as it is.
    pub refused: bool,
}

/// What one reconcile does, while it is being worked out.
pub(super) struct Writes {
    pub(super) done: Vec<Write>,
    pub(super) after: WorkloadObjects,
}

impl Writes {
    pub(super) fn note(&mut self, verb: Verb, object: ObjectKind, name: &str, refused: bool) {
        self.done.push(Write {
            operation: Operation { verb, object },
            name: name.to_owned(),
            refused,
        });
    }
}
