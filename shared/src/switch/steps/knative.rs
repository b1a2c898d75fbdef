//! The story in Knative mode, and that of a Knative Service.
//! Source: knative/serving 1.23; times as recorded on a real cluster.

use serde_json::Value;

use super::super::judge::Case;
use super::super::types::{Plan, Roll, Rolled};
use super::{Story, row};
use crate::explain::{Autoscaler, ComponentExplanation};
use crate::observed::{ObservedComponent, Role};

/// What KServe, Knative and Kubernetes do after the edit.
pub(super) fn tell(case: &Case<'_>, plan: &Plan, story: &mut Story) {
    let rolled: Vec<&Roll> = plan
        .rolls
        .iter()
        .filter(|roll| roll.what == Rolled::Revision)
        .collect();
    let services: Vec<String> = rolled
        .iter()
        .filter_map(|roll| service(case, roll))
        .collect();
    if case.scene.explanation.object.kind == "InferenceService" && !services.is_empty() {
        story.tell(
            "KServe",
            format!("writes the same into Knative Service {}", row(&services)),
        );
    }
    for roll in &rolled {
        revision(case, roll, story);
    }
    if rolled.is_empty() {
        story.tell(
            "Knative",
            "makes no new Revision, since nothing in the template changes",
        );
        return;
    }
    for roll in &rolled {
        ready(case, roll, story);
    }
    story.tell(
        "Knative",
        "sends all requests to the new Revision once it is ready; until then nothing changes for callers",
    );
    for left in plan.leftovers.iter().filter(|left| left.kind == "Revision") {
        let what = if left.name.is_empty() {
            "the Revision before"
        } else {
            &left.name
        };
        let told = if left.stays {
            format!("leaves {what} one pod for good; --cleanup deletes it")
        } else {
            format!("lets the pods of {what} go, about a minute after its last request")
        };
        story.tell("Knative", told);
    }
}

fn component<'a>(case: &'a Case<'_>, roll: &Roll) -> Option<&'a ComponentExplanation> {
    let mut components = case.after.components.iter();
    components.find(|one| one.name == roll.component)
}

fn observed<'a>(case: &'a Case<'_>, roll: &Roll) -> Option<&'a ObservedComponent> {
    let seen = case.scene.explanation.observed.as_ref()?;
    seen.components
        .iter()
        .find(|one| one.name == roll.component)
}

/// The name of the Knative Service.
fn service(case: &Case<'_>, roll: &Roll) -> Option<String> {
    let created = &component(case, roll)?.creates;
    let is_service = |one: &&Value| one.get("kind").and_then(Value::as_str) == Some("Service");
    let name = created.iter().find(is_service)?.get("name")?.as_str()?;
    Some(name.to_owned())
}

/// The name of the next Revision, where it is certain: Knative has acted on the newest template, and the Revision that it made
/// of it has a number.
fn next(seen: &ObservedComponent) -> Option<String> {
    let service = seen.service.as_ref()?;
    if service.generation.is_none() || service.generation != service.observed_generation {
        return None;
    }
    let newest = service.latest_created.as_deref()?;
    let number = newest.strip_prefix(&service.name)?.strip_prefix('-')?;
    if number.len() != 5 {
        return None;
    }
    let number: u32 = number.parse().ok()?;
    Some(format!("{}-{:05}", service.name, number.checked_add(1)?))
}

fn revision(case: &Case<'_>, roll: &Roll, story: &mut Story) {
    let name = observed(case, roll).and_then(next);
    let name = name.map_or_else(
        || format!("a new Revision of the {}", roll.component),
        |name| format!("Revision {name}"),
    );
    let pods = match roll.starts_with {
        Some(1) => "with one pod".to_owned(),
        Some(pods) => format!("with {pods} pods"),
        None => "with as many pods as its initial scale says".to_owned(),
    };
    story.tell(
        "Knative",
        format!("makes {name}, which starts {pods} beside those of now"),
    );
}

fn ready(case: &Case<'_>, roll: &Roll, story: &mut Story) {
    let scaler = component(case, roll).map(|one| one.autoscaler);
    let serving = observed(case, roll).and_then(|seen| {
        let mut revisions = seen.revisions.iter();
        revisions.find(|one| one.role == Role::Serving)
    });
    match scaler {
        Some(Autoscaler::KnativeHpa) => {
            story.tell(
                "Knative",
                "lets its HPA extension make a HorizontalPodAutoscaler named as the Revision",
            );
            story.tell(
                "Kubernetes",
                "looks at that HPA for the first time within 15 s; only then is the Revision ready",
            );
        }
        Some(Autoscaler::Kpa) => {
            let from =
                serving.map_or_else(String::new, |one| format!(", while {} serves", one.name));
            story.tell(
                "Knative",
                format!(
                    "starts to count requests; the Revision is ready as soon as its pods are{from}"
                ),
            );
        }
        _ => {}
    }
}
