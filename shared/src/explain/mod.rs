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
pub(crate) use creates::schema_refusal;
pub(crate) use inert::{edit_distance, nearest_field};
pub(crate) use inference_service::components;
pub use types::*;

use crate::facts::Facts;

/// Explains an object: an InferenceService (`v1beta1`), an InferenceGraph (`v1alpha1`) or a Knative Service (`v1`). None for
/// every other kind, and for other versions of these: no release in question serves them.
///
/// The origin of the object, and lines and columns, are the host's to fill in: nothing here knows files.
#[must_use]
pub fn explain(value: &Value, facts: &Facts) -> Option<Explanation> {
    let object = ObjectRef::of(value);
    match Workload::of(value)? {
        Workload::InferenceService => Some(inference_service::explain(value, object, facts)),
        Workload::InferenceGraph => Some(inference_graph::explain(value, object, facts)),
        Workload::KnativeService => Some(knative_service::explain(value, object, facts)),
    }
}

/// The explanation of an InferenceGraph or a Knative Service alone: no findings, and no look at other releases. None for other
/// kinds.
pub(crate) fn bare(value: &Value, facts: &Facts) -> Option<Explanation> {
    match Workload::of(value)? {
        Workload::InferenceService => None,
        Workload::InferenceGraph => Some(inference_graph::bare(value, facts)),
        Workload::KnativeService => Some(knative_service::bare(value, facts)),
    }
}

/// The kinds of objects that something scales.
pub(crate) enum Workload {
    /// `serving.kserve.io/v1beta1` InferenceService
    InferenceService,
    /// `serving.kserve.io/v1alpha1` InferenceGraph
    InferenceGraph,
    /// `serving.knative.dev/v1` Service
    KnativeService,
}

impl Workload {
    /// The kind of an object; none of another.
    pub(crate) fn of(value: &Value) -> Option<Self> {
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

impl ObjectRef {
    /// Which object this is; where it was read is the host's to fill in.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        let text = |pointer: &str| {
            let text = value.pointer(pointer).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        Self {
            api_version: text("/apiVersion"),
            kind: text("/kind"),
            namespace: text("/metadata/namespace"),
            name: text("/metadata/name"),
            origin: String::new(),
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
