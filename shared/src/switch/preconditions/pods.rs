//! What the containers of the pods must request.

use super::super::created::created;
use super::super::judge::Case;
use super::super::types::{Precondition, PreconditionState};
use super::{of_keda, precondition, resources};
use crate::explain::ComponentExplanation;
use crate::kserve::pod::containers_of;
use crate::kserve::predict;
use crate::manifest::child;

/// That every container requests what a percentage is taken of.
pub(super) fn requests(case: &Case<'_>, component: &ComponentExplanation) -> Vec<Precondition> {
    let percentages = percentages(component);
    let of_keda: Vec<&str> = of_keda(component).collect();
    let needed = resources(component)
        .into_iter()
        .filter(|name| percentages.contains(name) || of_keda.contains(name));
    needed
        .map(|name| of_resource(case, component, name))
        .collect()
}

/// What an HPA takes a percentage of.
fn percentages(component: &ComponentExplanation) -> Vec<&str> {
    let hpa = created(component, "HorizontalPodAutoscaler");
    let metrics = hpa.and_then(|hpa| hpa.pointer("/spec/metrics")?.as_array());
    let percentage = |metric: &&serde_json::Value| {
        let resource = metric.get("resource");
        let newer = resource.and_then(|one| one.pointer("/target/averageUtilization"));
        let older = resource.and_then(|one| one.get("targetAverageUtilization"));
        newer.or(older).is_some_and(|percent| !percent.is_null())
    };
    metrics
        .into_iter()
        .flatten()
        .filter(percentage)
        .filter_map(|metric| metric.pointer("/resource/name")?.as_str())
        .collect()
}

fn of_resource(case: &Case<'_>, component: &ComponentExplanation, name: &str) -> Precondition {
    let who = component.name.as_str();
    let at = pointer(who);
    let of_component = |pointer: &str| pointer == at || pointer.starts_with(&child(&at, ""));
    let missing = case.after.findings.iter().find(|finding| {
        let speaks = finding.message.contains(&format!("requests no {name}"));
        finding.code == "KS403" && speaks && of_component(&finding.pointer)
    });
    let rule = Some("KS403");
    if let Some(finding) = missing {
        return precondition(
            "requests",
            rule,
            PreconditionState::Unmet,
            format!("{who}: {}", finding.message),
            finding.help.clone(),
        );
    }
    let keda = case.after.admission.keda.as_deref();
    let keda = keda.filter(|text| text.contains(&format!("{name} request defined")));
    if let Some(text) = keda.filter(|_| component.class.as_deref() == Some("keda")) {
        return precondition(
            "requests",
            rule,
            PreconditionState::Unmet,
            format!("{who}: KEDA refuses it: {text}"),
            format!("write resources.requests.{name} on that container"),
        );
    }
    if is_assumed(case, who) {
        return precondition(
            "requests",
            rule,
            PreconditionState::Unknown,
            format!(
                "every container of the {who} must request {name}; its ServingRuntime is not known, and KServe's own all do"
            ),
            "look at it: kubectl get clusterservingruntimes,servingruntimes -o yaml",
        );
    }
    precondition(
        "requests",
        rule,
        PreconditionState::Met,
        format!("every container of the {who} that is known requests {name}"),
        "",
    )
}

fn pointer(name: &str) -> String {
    match name {
        "service" => "/spec/template".to_owned(),
        name => child("/spec", name),
    }
}

/// Whether the containers are those of a runtime that nobody has shown.
fn is_assumed(case: &Case<'_>, name: &str) -> bool {
    let facts = case.scene.facts;
    let Ok(prediction) = predict(case.edited, facts) else {
        return false;
    };
    let service = &prediction.service;
    let mut components = service.components();
    let component = components.find(|one| one.kind.as_str() == name);
    component.is_some_and(|component| containers_of(component, service.namespace, facts).1)
}
