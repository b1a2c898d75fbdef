//! From a manifest and facts to an [`Explanation`]: what becomes of the object, with the reason for every value.

mod assumptions;
mod chain;
mod creates;
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

/// Explains an object: an InferenceService, an InferenceGraph or a Knative Service. None for every other kind.
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
    let group = object.api_version.split('/').next().unwrap_or_default();
    match (group, object.kind.as_str()) {
        ("serving.kserve.io", "InferenceService") => {
            Some(inference_service::explain(value, object, facts))
        }
        ("serving.kserve.io", "InferenceGraph") => {
            Some(inference_graph::explain(value, object, facts))
        }
        ("serving.knative.dev", "Service") => Some(knative_service::explain(value, object, facts)),
        _ => None,
    }
}

/// What rules find about a workload, without the rest of the explanation. None for other kinds than [`explain`] knows.
pub(crate) fn findings(value: &Value, facts: &Facts) -> Option<Vec<Finding>> {
    let group = value.get("apiVersion")?.as_str()?.split('/').next()?;
    match (group, value.get("kind")?.as_str()?) {
        ("serving.kserve.io", "InferenceService") => {
            Some(inference_service::findings(value, facts))
        }
        ("serving.kserve.io", "InferenceGraph") => Some(inference_graph::findings(value, facts)),
        ("serving.knative.dev", "Service") => Some(knative_service::findings(value, facts)),
        _ => None,
    }
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
