//! What can go wrong with it in Standard mode.

use serde_json::Value;

use super::super::judge::Case;
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
            "hpa" | "keda" => scaled(component, &mut risks),
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
                "until the ScaledObject {name} is deleted, the HPA of KEDA and that of KServe are both there, and Kubernetes lets neither of them scale"
            ),
            "",
        )),
        _ => None,
    }
}

fn scaled(component: &ComponentExplanation, risks: &mut Vec<Risk>) {
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
    if metrics.iter().any(|metric| metric == "memory") {
        risks.push(risk(
            "memory-is-kept",
            name,
            "servers of models seldom give memory back, so it scales up on memory and hardly ever down",
            "compare with kubectl kscale simulate before relying on it",
        ));
    }
    if metrics.iter().any(|metric| metric == "graphite") {
        risks.push(risk(
            "graphite-without-query-time",
            name,
            "KEDA's graphite scaler wants queryTime, which KServe does not write, so it fails to read the metric",
            "use --metric prometheus, or --to external with a ScaledObject of your own",
        ));
    }
}

/// What it scales on, whoever reads it.
fn metrics(component: &ComponentExplanation) -> Vec<String> {
    let mut all = Vec::new();
    for created in &component.creates {
        let list = |pointer: &str| created.pointer(pointer).and_then(Value::as_array);
        for metric in list("/spec/metrics").into_iter().flatten() {
            all.extend(metric.pointer("/resource/name").and_then(Value::as_str));
        }
        for trigger in list("/spec/triggers").into_iter().flatten() {
            all.extend(trigger.get("type").and_then(Value::as_str));
        }
    }
    all.into_iter().map(str::to_owned).collect()
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
    let deployment = component.creates.iter().find_map(|one| {
        let is_deployment = one.get("kind").and_then(Value::as_str) == Some("Deployment");
        one.get("name").filter(|_| is_deployment)?.as_str()
    });
    let deployment = deployment.unwrap_or("of the component");
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
