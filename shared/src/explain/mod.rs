//! From a manifest and facts to an [`Explanation`]: what becomes of the object, with the reason for every value.

pub mod types;

pub use types::*;

use serde_json::Value;

use crate::facts::Facts;

/// Explains an object; none for kinds that have nothing to explain.
#[must_use]
pub fn explain(value: &Value, facts: &Facts) -> Option<Explanation> {
    let _ = (value, facts);
    None
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
            assumed: Vec::new(),
        },
        items,
    }
}
