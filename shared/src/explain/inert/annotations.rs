//! Annotations that nothing reads, that are stripped, or that a nearer one overrides.

use serde_json::{Map, Value};

use super::Subject;
use crate::explain::chain::Chain;
use crate::kserve::annotations::{
    BUILT_IN_DISALLOWED, DEPLOYMENT_MODE, METRIC, METRICS, MODEL_FORMAT, STOP, TARGET_UTILIZATION,
};
use crate::kserve::{Behaviour, ComponentResult, Level};
use crate::manifest::child;
use crate::rules;

/// Looks at the annotations of the component, and of the object.
pub(super) fn gather(subject: &Subject<'_>, chain: &mut Chain) {
    let object = subject.object;
    let component = subject.extension.annotations;
    if subject.is_first {
        for (key, value) in object.into_iter().flatten() {
            dead(subject, chain, "/metadata", key, value);
        }
    }
    for (key, value) in component.into_iter().flatten() {
        dead(subject, chain, subject.pointer, key, value);
        misplaced(subject, chain, key, value);
    }
    overridden(subject, chain, object, component);
}

fn pointer(parent: &str, key: &str) -> String {
    child(&format!("{parent}/annotations"), key)
}

fn dead(subject: &Subject<'_>, chain: &mut Chain, parent: &str, key: &str, value: &Value) {
    let config = &subject.facts.kserve_config.value;
    let why = unread(subject, key).or_else(|| {
        let stripped = config.disallowed.iter().any(|entry| entry == key);
        let field = match key {
            _ if !stripped => return None,
            "autoscaling.knative.dev/min-scale" => "; use minReplicas",
            "autoscaling.knative.dev/max-scale" => "; use maxReplicas",
            // KServe's own bookkeeping: nobody wrote it to have an effect.
            _ if BUILT_IN_DISALLOWED.contains(&key) || key == MODEL_FORMAT => return None,
            _ => "",
        };
        Some(format!(
            "KServe strips this annotation from everything it makes{field}"
        ))
    });
    if let Some(why) = why {
        let rule = match key {
            METRIC | METRICS | TARGET_UTILIZATION => &rules::KS201,
            _ => &rules::KS306,
        };
        chain.inert(rule, pointer(parent, key), value, why);
    }
}

/// Why the release does not read an annotation of KServe's own, if it does not.
pub(super) fn unread(subject: &Subject<'_>, key: &str) -> Option<String> {
    let release = subject.facts.release();
    let reads = release.has(Behaviour::AnnotationHpa);
    match key {
        METRIC => Some("no KServe release reads this annotation".to_owned()),
        METRICS if reads => {
            Some("KServe checks this annotation and then uses it for nothing".to_owned())
        }
        METRICS | TARGET_UTILIZATION if !reads => Some(format!(
            "KServe reads this annotation only until 0.14; this is {release}"
        )),
        _ => None,
    }
}

/// Annotations that count only on the object itself.
fn misplaced(subject: &Subject<'_>, chain: &mut Chain, key: &str, value: &Value) {
    if key == DEPLOYMENT_MODE && matches!(subject.result, ComponentResult::Knative(_)) {
        let why = "the deployment mode is read from the object's own annotations only";
        chain.inert(&rules::KS106, pointer(subject.pointer, key), value, why);
    }
    let says = |wanted: &str| {
        let text = value.as_str().unwrap_or_default();
        text.eq_ignore_ascii_case(wanted)
    };
    if key == STOP && !subject.stopped && !says("false") {
        let release = subject.facts.release();
        let says_true = says("true");
        let why = if says_true {
            format!("KServe {release} does not stop services in this mode (0.16 does)")
        } else {
            "only \"true\" stops a service".to_owned()
        };
        chain.inert(&rules::KS107, pointer(subject.pointer, key), value, why);
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
        let wins = subject.effective.level(key) == Some(Level::Component);
        if same.is_some() && wins && is_scaling(key) {
            let why = format!(
                "the annotation of the same name on the {} wins",
                subject.name
            );
            chain.inert(&rules::KS109, pointer("/metadata", key), value, why);
        }
    }
}

fn is_scaling(key: &str) -> bool {
    key.starts_with("autoscaling.knative.dev/")
        || key == crate::kserve::annotations::AUTOSCALER_CLASS
}
