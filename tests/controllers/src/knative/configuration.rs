//! Configuration: a new Revision for every generation.

use serde_json::{Value, json};

use crate::conditions::{Condition, find, status};
use crate::error::Error;
use crate::json::{entry, name, number, text, uid};
use crate::kinds::Kind;
use crate::scene::{Scene, Wrote, owner};

const GENERATION: &str = "serving.knative.dev/configurationGeneration";
const COMPONENT: &str = "configuration-controller";

pub(super) fn reconcile(scene: &mut Scene<'_>, configuration: &Value) -> Result<(), Error> {
    let generation = number(configuration, "/metadata/generation").unwrap_or(1);
    let wanted = generation.to_string();
    let of_generation = |one: &&std::sync::Arc<Value>| entry(one, "labels", GENERATION) == wanted;
    let revisions = scene.children(Kind::Revision, configuration);
    let latest = match revisions.iter().find(of_generation) {
        Some(latest) => std::sync::Arc::clone(latest),
        None => match create(scene, configuration, generation)? {
            Some(latest) => latest,
            None => return Ok(()),
        },
    };
    write_status(scene, configuration, &latest, generation)
}

fn create(
    scene: &mut Scene<'_>,
    configuration: &Value,
    generation: i64,
) -> Result<Option<std::sync::Arc<Value>>, Error> {
    let template = &configuration["spec"]["template"];
    let own_name = text(template, "/metadata/name");
    let revision = match own_name {
        "" => format!("{}-{generation:05}", name(configuration)),
        own_name => own_name.to_owned(),
    };
    let mut labels = template["metadata"]["labels"].clone();
    let prefix = "serving.knative.dev";
    labels[format!("{prefix}/configuration")] = name(configuration).into();
    labels[GENERATION] = generation.to_string().into();
    labels[format!("{prefix}/configurationUID")] = uid(configuration).into();
    labels[format!("{prefix}/routingState")] = "active".into();
    for key in ["service", "serviceUID"] {
        let key = format!("{prefix}/{key}");
        labels[&key] = entry(configuration, "labels", &key).into();
    }
    let mut annotations = template["metadata"]["annotations"].clone();
    annotations[format!("{prefix}/creator")] = "admin".into();
    annotations[format!("{prefix}/routes")] = name(configuration).into();
    annotations[format!("{prefix}/routingStateModified")] = crate::conditions::now().into();
    let object = json!({
        "metadata": {
            "name": revision,
            "labels": labels,
            "annotations": annotations,
            "ownerReferences": owner(configuration),
        },
        "spec": template["spec"],
    });
    if scene.create(Kind::Revision, object)? != Wrote::Done {
        return Ok(None);
    }
    let message = format!("Created Revision \"{revision}\"");
    scene.event(configuration, ("Normal", "Created"), &message, COMPONENT)?;
    Ok(scene.get(Kind::Revision, &revision))
}

fn write_status(
    scene: &mut Scene<'_>,
    configuration: &Value,
    latest: &Value,
    generation: i64,
) -> Result<(), Error> {
    let before = text(configuration, "/status/latestReadyRevisionName");
    let mut ready = before;
    let condition = match status(latest, "Ready") {
        "True" => {
            ready = name(latest);
            Condition::yes("Ready")
        }
        "False" => {
            let said = find(latest, "Ready").map_or("", |one| text(one, "/message"));
            let message = format!("Revision \"{}\" failed with message: {said}.", name(latest));
            Condition::no("Ready", "RevisionFailed", &message)
        }
        _ => Condition::unknown("Ready", "", ""),
    };
    let mut new = json!({
        "observedGeneration": generation,
        "latestCreatedRevisionName": name(latest),
    });
    if !ready.is_empty() {
        new["latestReadyRevisionName"] = ready.into();
    }
    let done = scene.status(Kind::Configuration, configuration, new, &[condition])?;
    if done == Wrote::Done && ready != before {
        if before.is_empty() {
            let message = "Configuration becomes ready";
            scene.event(
                configuration,
                ("Normal", "ConfigurationReady"),
                message,
                COMPONENT,
            )?;
        }
        let message = format!("LatestReadyRevisionName updated to \"{ready}\"");
        scene.event(
            configuration,
            ("Normal", "LatestReadyUpdate"),
            &message,
            COMPONENT,
        )?;
    }
    Ok(())
}
