//! The labels that tell whether a Revision is routed to.

use serde_json::{Value, json};

use crate::conditions::{now, status};
use crate::error::Error;
use crate::json::{entry, list, name, text};
use crate::kinds::Kind;
use crate::scene::Scene;

const STATE: &str = "serving.knative.dev/routingState";

pub(super) fn reconcile(scene: &mut Scene<'_>, route: &Value) -> Result<(), Error> {
    // Its own state as it is by now.
    let Some(route) = scene.get(Kind::Route, name(route)) else {
        return Ok(());
    };
    if status(&route, "Ready") != "True" {
        return Ok(());
    }
    let Some(configuration) = scene.get(Kind::Configuration, name(&route)) else {
        return Ok(());
    };
    // Not before the Service has told that the traffic moved.
    let told = scene.get(Kind::KnativeService, name(&route));
    if told.is_some_and(|told| {
        told["status"]["traffic"] != route["status"]["traffic"]
            || status(&told, "RoutesReady") != "True"
    }) {
        return Ok(());
    }
    let mut active: Vec<&str> = list(&route, "/status/traffic")
        .map(|one| text(one, "/revisionName"))
        .collect();
    active.push(text(&configuration, "/status/latestCreatedRevisionName"));
    for revision in scene.children(Kind::Revision, &configuration) {
        let wanted = if active.contains(&name(&revision)) {
            "active"
        } else {
            "reserve"
        };
        if entry(&revision, "labels", STATE) == wanted {
            continue;
        }
        let routes = (wanted == "active").then(|| name(&route).to_owned());
        let patch = json!({
            "metadata": {
                "labels": { STATE: wanted },
                "annotations": {
                    "serving.knative.dev/routes": routes,
                    "serving.knative.dev/routingStateModified": now(),
                },
            },
        });
        scene.merge(Kind::Revision, name(&revision), &patch)?;
    }
    Ok(())
}
