//! What is seen of a workload in a cluster, beside what is predicted of it: the objects that controllers made, where they
//! are not as predicted, and what is going on.
//!
//! Nothing is said that the objects do not prove. Where they can be read in two ways, both are said.

mod causes;
mod component;
mod differences;
mod events;
mod hpa;
mod index;
mod pods;
mod read;
mod scaling;
mod service;
mod time;
mod told;
mod types;

use serde_json::Value;

pub use index::Index;
pub use types::*;

use crate::explain::Explanation;
use crate::facts::Facts;
use read::{condition, conditions, name, text};

/// What is seen of a workload that is predicted to become as `explanation` says.
///
/// `object` is the InferenceService, InferenceGraph or Knative Service; where it was read from a file and has no status,
/// the one of the same name among the objects of `index` is looked at.
///
/// ```
/// use kscale_rules::{explain::explain, facts::{Facts, FactsSource}, observed::{Index, observe}};
/// use serde_json::json;
///
/// // All objects that are known; here only the workload itself, on which no controller has acted.
/// let objects = [json!({
///     "apiVersion": "serving.kserve.io/v1beta1",
///     "kind": "InferenceService",
///     "metadata": {"name": "iris", "namespace": "ml", "creationTimestamp": "2026-11-22T11:00:00Z"},
///     "spec": {"predictor": {"model": {"modelFormat": {"name": "sklearn"}}}},
/// })];
/// let facts = Facts::from_objects(&objects, FactsSource::Snapshot);
/// let index = Index::new(&objects).at("2026-11-22T11:00:05Z");
///
/// let explanation = explain(&objects[0], &facts).ok_or("not a kind that is explained")?;
/// let observation = observe(&objects[0], &explanation, &facts, &index);
/// assert_eq!(observation.causes[0].slug, "not-reconciled-yet");
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn observe(
    object: &Value,
    explanation: &Explanation,
    facts: &Facts,
    index: &Index<'_>,
) -> Observation {
    let given = object;
    let object = live(given, index);
    let components = component::all(object, explanation, index);
    let differences = differences::all(
        object,
        explanation,
        &components,
        facts,
        !std::ptr::eq(given, object),
    );
    let case = causes::Case {
        object,
        namespace: text(object, "/metadata/namespace"),
        facts,
        index,
        differences: &differences,
    };
    let causes = causes::all(&case, &components);
    Observation {
        ready: condition(&conditions(object), "Ready").cloned(),
        events: events::all(index, object, &components),
        components,
        differences,
        causes,
    }
}

/// The object as the cluster has it.
fn live<'a>(object: &'a Value, index: &Index<'a>) -> &'a Value {
    if object.get("status").is_some() {
        return object;
    }
    let version = text(object, "/apiVersion");
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let namespace = text(object, "/metadata/namespace");
    let found = index.find(group, text(object, "/kind"), namespace, name(object));
    found.unwrap_or(object)
}
