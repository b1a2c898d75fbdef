//! From a manifest and facts to an [`Explanation`]: what becomes of the object, with the reason for every value.

mod assumptions;
mod chain;
mod creates;
pub(crate) mod differences;
mod inert;
mod inference_graph;
mod inference_service;
mod judge;
mod knative;
mod knative_service;
mod mode;
mod refused;
mod replicas;
mod requests;
mod standard;
pub mod types;
mod versions;

use serde_json::Value;

pub(crate) use chain::dotted;
pub(crate) use inert::{edit_distance, nearest_field};
pub use types::*;

use crate::facts::Facts;

/// Explains an object: an InferenceService (`v1beta1`), an InferenceGraph (`v1alpha1`) or a Knative Service (`v1`). None for
/// every other kind, and for other versions of these: no release in question serves them.
///
/// The origin of the object, and lines and columns, are the host's to fill in: nothing here knows files.
#[must_use]
pub fn explain(value: &Value, facts: &Facts) -> Option<Explanation> {
    let text = |pointer: &str| {
        value
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let object = ObjectRef {
        api_version: text("/apiVersion"),
        kind: text("/kind"),
        namespace: text("/metadata/namespace"),
        name: text("/metadata/name"),
        origin: String::new(),
    };
    match Workload::of(value)? {
        Workload::InferenceService => Some(inference_service::explain(value, object, facts)),
        Workload::InferenceGraph => Some(inference_graph::explain(value, object, facts)),
        Workload::KnativeService => Some(knative_service::explain(value, object, facts)),
    }
}

/// The kinds of objects that something scales.
enum Workload {
    InferenceService,
    InferenceGraph,
    KnativeService,
}

impl Workload {
    fn of(value: &Value) -> Option<Self> {
        match (
            value.get("apiVersion")?.as_str()?,
            value.get("kind")?.as_str()?,
        ) {
            ("serving.kserve.io/v1beta1", "InferenceService") => Some(Self::InferenceService),
            ("serving.kserve.io/v1alpha1", "InferenceGraph") => Some(Self::InferenceGraph),
            ("serving.knative.dev/v1", "Service") => Some(Self::KnativeService),
            _ => None,
        }
    }
}

/// What rules find about a workload, without the rest of the explanation. None for other kinds than [`explain`] knows.
pub(crate) fn findings(value: &Value, facts: &Facts) -> Option<Vec<Finding>> {
    Some(match Workload::of(value)? {
        Workload::InferenceService => inference_service::findings(value, facts),
        Workload::InferenceGraph => inference_graph::findings(value, facts),
        Workload::KnativeService => knative_service::findings(value, facts),
    })
}

/// The whole answer about several objects.
#[must_use]
pub fn list(items: Vec<Explanation>, facts: &Facts) -> ExplanationList {
    ExplanationList {
        api_version: API_VERSION.to_owned(),
        kind: "ExplanationList".to_owned(),
        facts: FactsSummary {
            source: facts.source,
            kserve_version: facts.kserve.value.to_string(),
            knative_version: facts.knative.value.to_string(),
            assumed: assumptions::of(facts, &items),
        },
        items,
    }
}
