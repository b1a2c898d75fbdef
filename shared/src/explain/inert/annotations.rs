//! Annotations that nothing reads, that are stripped, or that a nearer one overrides.

use serde_json::{Map, Value};

use super::Subject;
use crate::explain::chain::Chain;
use crate::kserve::annotations::{
    BUILT_IN_DISALLOWED, DEPLOYMENT_MODE, METRIC, METRICS, STOP, TARGET_UTILIZATION,
};
use crate::kserve::{Behaviour, Level};
use crate::manifest::child;
use crate::rules;

/// Looks at the annotations of the component, and of the object.
pub(super) fn gather(subject: &Subject<'_>, chain: &mut Chain) {
    let object = subject.prediction.service.annotations;
    let component = subject.component.extension.annotations;
    if subject.is_first() {
        for (key, value) in object.into_iter().flatten() {
            dead(subject, chain, "/metadata", key, value);
        }
    }
    for (key, value) in component.into_iter().flatten() {
        dead(subject, chain, &subject.component.pointer, key, value);
        misplaced(subject, chain, key, value);
    }
    overridden(subject, chain, object, component);
}

fn pointer(parent: &str, key: &str) -> String {
    child(&format!("{parent}/annotations"), key)
}

fn dead(subject: &Subject<'_>, chain: &mut Chain, parent: &str, key: &str, value: &Value) {
    let release = subject.facts.release();
    let reads = release.has(Behaviour::AnnotationHpa);
    let config = &subject.facts.kserve_config.value;
    let rule = match key {
        METRIC | METRICS | TARGET_UTILIZATION => &rules::KS201,
        _ => &rules::KS306,
    };
    let why = match key {
        METRIC => "no KServe release reads this annotation".to_owned(),
        METRICS if reads => "KServe checks this annotation and then uses it for nothing".to_owned(),
        METRICS | TARGET_UTILIZATION if !reads => {
            format!("KServe reads this annotation only until 0.14; this is {release}")
        }
        _ if config.disallowed.iter().any(|entry| entry == key) => {
            let field = match key {
                "autoscaling.knative.dev/min-scale" => "; use minReplicas",
                "autoscaling.knative.dev/max-scale" => "; use maxReplicas",
                _ if BUILT_IN_DISALLOWED.contains(&key) => return,
                _ => "",
            };
            format!("KServe strips this annotation from everything it makes{field}")
        }
        _ => return,
    };
    chain.inert(rule, pointer(parent, key), value, why);
}

/// Annotations that count only on the object itself.
fn misplaced(subject: &Subject<'_>, chain: &mut Chain, key: &str, value: &Value) {
    if key == DEPLOYMENT_MODE && subject.outcome.knative().is_some() {
        let why = "the deployment mode is read from the object's own annotations only";
        chain.inert(
            &rules::KS106,
            pointer(&subject.component.pointer, key),
            value,
            why,
        );
    }
    if key == STOP && !subject.outcome.stopped && value.as_str() != Some("false") {
        let why = "only \"true\" stops a service";
        chain.inert(
            &rules::KS107,
            pointer(&subject.component.pointer, key),
            value,
            why,
        );
    }
}

/// Annotations of the object where the component has the same key.
fn overridden(
    subject: &Subject<'_>,
    chain: &mut Chain,
    object: Option<&Map<String, Value>>,
    component: Option<&Map<String, Value>>,
) {
    for (key, value) in object.into_iter().flatten() {
        let same = component.and_then(|map| map.get(key));
        let wins = subject.outcome.effective.level(key) == Some(Level::Component);
        if same.is_some() && wins && is_scaling(key) {
            let kind = subject.component.kind.as_str();
            let why = format!("the annotation of the same name on the {kind} wins");
            chain.inert(&rules::KS109, pointer("/metadata", key), value, why);
        }
    }
}

fn is_scaling(key: &str) -> bool {
    key.starts_with("autoscaling.knative.dev/")
        || key == crate::kserve::annotations::AUTOSCALER_CLASS
}
