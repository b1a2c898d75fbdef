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
