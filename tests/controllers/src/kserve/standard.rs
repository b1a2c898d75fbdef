//! Standard mode: a Deployment for each component, and the autoscaler of the class in effect.

use kscale_rules::facts::Facts;
use kscale_rules::kserve::Prediction;
use serde_json::Value;

use crate::error::Error;
use crate::scene::Scene;

/// Makes the objects; why it fails, if it does.
pub(super) fn reconcile(
    _scene: &mut Scene<'_>,
    _service: &Value,
    _facts: &Facts,
    _prediction: &Prediction<'_>,
) -> Result<Option<String>, Error> {
    Ok(None)
}
