//! What of a prediction the user cannot have meant. One file a rule; each finding has a stable code.

mod ks401_resources_beside_the_model;

use crate::explain::Finding;
use crate::facts::Facts;
use crate::kserve::Prediction;

/// Runs every rule on a prediction.
#[must_use]
pub fn check(prediction: &Prediction<'_>, facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    ks401_resources_beside_the_model::check(prediction, facts, &mut findings);
    findings
}
