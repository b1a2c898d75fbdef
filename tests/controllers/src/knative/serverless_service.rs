//! ServerlessService: whether pods stand behind a Revision.

use serde_json::{Value, json};

use super::NOT_READY;
use crate::conditions::{Condition, ready};
use crate::error::Error;
use crate::json::{name, number, text};
use crate::kinds::Kind;
use crate::scene::Scene;

pub(super) fn reconcile(scene: &mut Scene<'_>, service: &Value) -> Result<(), Error> {
    let deployment = scene.get(Kind::Deployment, text(service, "/spec/objectRef/name"));
    let pods = deployment
        .and_then(|one| number(&one, "/status/readyReplicas"))
        .unwrap_or(0);
    let populated = if pods > 0 {
        Condition::yes("EndpointsPopulated")
    } else {
        Condition::unknown("EndpointsPopulated", "NoHealthyBackends", NOT_READY)
    };
    let by_activator = pods == 0 || text(service, "/spec/mode") == "Proxy";
    let activator = Condition::new(
        "ActivatorEndpointsPopulated",
        if by_activator { "True" } else { "False" },
        "ActivatorEndpointsPopulated",
        "Revision is backed by Activator",
    );
    let all = [activator.info(), populated.clone(), ready(&[populated])];
    let new = json!({
        "observedGeneration": service["metadata"]["generation"],
        "serviceName": name(service),
        "privateServiceName": format!("{}-private", name(service)),
    });
    scene.status(Kind::ServerlessService, service, new, &all)?;
    Ok(())
}
