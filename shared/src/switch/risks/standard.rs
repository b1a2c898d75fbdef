//! What can go wrong with it in Standard mode.

use super::super::created::{deployment, metrics};
use super::super::judge::Case;
use super::super::made::Made;
use super::super::outcome::is_wished;
use super::super::types::{Plan, Risk};
use crate::explain::{Autoscaler, ComponentExplanation};
use crate::facts::ScalerKind;

/// All of them.
pub(super) fn all(case: &Case<'_>, _plan: &Plan) -> Vec<Risk> {
    let mut risks = Vec::new();
    for one in case.remaining.iter().filter(|one| !one.goes) {
        risks.extend(gap(&one.component, one.kind, &one.name, &one.class));
    }
    let components = case.after.components.iter();
    for component in components.filter(|one| is_wished(case, &one.name)) {
        let Some(class) = component.class.as_deref() else {
            continue;
        };
        let changes = |before: &ComponentExplanation| {
            before.name == component.name && before.class.as_deref() != Some(class)
        };
        let is_new = case.before.components.iter().any(changes);
        match class {
            "hpa" | "keda" => scaled(case, component, &mut risks),
            "none" if is_new => risks.push(fixed(component)),
            "external" if is_new => risks.push(external(component)),
            _ => {}
        }
    }
    risks
}

fn risk(slug: &str, component: &str, message: impl Into<String>, help: impl Into<String>) -> Risk {
    Risk {
        slug: slug.to_owned(),
        rule: None,
        component: Some(component.to_owned()),
        message: message.into(),
        help: help.into(),
    }
}

/// Between the autoscaler before and the next nobody scales.
fn gap(component: &str, kind: ScalerKind, name: &str, class: &str) -> Option<Risk> {
    match (kind, class) {
        (ScalerKind::Hpa, "keda") => Some(risk(
            "nobody-scales-for-a-moment",
            component,
            format!(
                "from the deletion of the HPA {name} until KServe tries again and KEDA has read its metric, nobody scales; the pods stay as many as they are"
            ),
            "do it when load is steady, with some pods to spare",
        )),
        (ScalerKind::ScaledObject, "hpa") => Some(risk(
            "two-scale-for-a-moment",
            component,
            format!(
                "until the ScaledObject {name} is deleted, the HPA of KEDA and that of KServe are on the same Deployment, and recent Kubernetes lets neither of two scale"
            ),
            "",
        )),
        _ => None,
    }
}

fn scaled(case: &Case<'_>, component: &ComponentExplanation, risks: &mut Vec<Risk>) {
    let name = component.name.as_str();
    if component.max_replicas.is_some() && component.max_replicas <= component.min_replicas {
        risks.push(risk(
            "never-scales",
            name,
            format!(
                "both bounds are {}, so it never scales",
                component.min_replicas.unwrap_or(1)
            ),
            "give --max above the lower bound",
        ));
    }
    if component.autoscaler == Autoscaler::Keda && component.scale_to_zero {
        risks.push(risk(
            "no-pod-answers",
            name,
            "KEDA goes down to no pod, and in Standard mode nothing holds requests until one is there: callers get errors",
            "give --min 1, unless the query tells of load before a request comes",
        ));
    }
    let metrics = metrics(component);
    if metrics.contains(&"cpu") && has_gpu(case, name) {
        risks.push(risk(
            "cpu-beside-a-gpu",
            name,
            "its pods compute on a GPU, so their cpu may tell little of the load, and it may never scale",
            "scale on a query of KEDA's, such as the requests that wait, or watch the cpu under load first",
        ));
    }
    if metrics.contains(&"memory") {
        risks.push(risk(
            "memory-is-kept",
            name,
            "servers of models seldom give memory back, so it scales up on memory and hardly ever down",
            "scale on another metric, or keep --max low enough to stay there",
        ));
    }
    if metrics.contains(&"graphite") {
        risks.push(risk(
            "graphite-without-query-time",
            name,
            "KEDA's graphite scaler wants queryTime, which KServe does not write, so it fails to read the metric",
            "use --metric prometheus, or --to external with a ScaledObject of your own",
        ));
    }
}

/// Whether a container asks for a GPU, of whatever make.
fn has_gpu(case: &Case<'_>, name: &str) -> bool {
    let made = Made::of(case.edited, case.scene.facts);
    let containers = made.part(name).map(|part| part.containers.as_slice());
    let lists = containers.unwrap_or_default().iter().flat_map(|container| {
        let list = |key: &str| container.pointer(&format!("/resources/{key}"))?.as_object();
        ["requests", "limits"].into_iter().filter_map(list)
    });
    lists
        .flat_map(|list| list.keys())
        .any(|resource| resource.ends_with("/gpu"))
}

fn fixed(component: &ComponentExplanation) -> Risk {
    let count = component.max_replicas.or(component.min_replicas);
    let (slug, message) = match count {
        Some(0) => (
            "no-pod-runs",
            "no pod runs, and nothing starts one".to_owned(),
        ),
        Some(1) => (
            "fixed-size",
            "one pod runs, whatever the load is".to_owned(),
        ),
        Some(count) => (
            "fixed-size",
            format!("{count} pods run, whatever the load is"),
        ),
        None => (
            "fixed-size",
            "the number of pods is fixed, whatever the load is".to_owned(),
        ),
    };
    risk(
        slug,
        &component.name,
        message,
        "change minReplicas, or switch to hpa or keda; a number that somebody sets on the Deployment is put back",
    )
}

fn external(component: &ComponentExplanation) -> Risk {
    let deployment = deployment(component).unwrap_or("of the component");
    Risk {
        rule: Some("KS705".to_owned()),
        ..risk(
            "nobody-scales-yet",
            &component.name,
            format!(
                "nobody scales Deployment {deployment} until your own autoscaler is there, and KServe overwrites and then deletes an HPA that is called {deployment}"
            ),
            format!("give your HPA another name than {deployment}"),
        )
    }
}
