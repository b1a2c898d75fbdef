//! Fields that the API does not know: they are dropped without a word, a near miss of a scaling field most of all.

use super::Subject;
use crate::explain::chain::Chain;
use crate::rules;

/// Scaling fields, for which a near miss is worth naming.
const SCALING: [&str; 10] = [
    "minReplicas",
    "maxReplicas",
    "scaleTarget",
    "scaleMetric",
    "scaleMetricType",
    "autoScaling",
    "containerConcurrency",
    "timeout",
    "canaryTrafficPercent",
    "deploymentStrategy",
];

/// Everything else that a component may hold: kserve/kserve 0.20 `ComponentExtensionSpec`, `PredictorSpec`, `ExplainerSpec`,
/// and core/v1 `PodSpec` of Kubernetes 1.34.
const OTHER: [&str; 62] = [
    "activeDeadlineSeconds",
    "affinity",
    "alibi",
    "annotations",
    "art",
    "automountServiceAccountToken",
    "batcher",
    "containers",
    "dnsConfig",
    "dnsPolicy",
    "enableServiceLinks",
    "ephemeralContainers",
    "hostAliases",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostUsers",
    "hostname",
    "hostnameOverride",
    "huggingface",
    "imagePullSecrets",
    "initContainers",
    "labels",
    "lightgbm",
    "logger",
    "model",
    "name",
    "nodeName",
    "nodeSelector",
    "onnx",
    "os",
    "overhead",
    "paddle",
    "pmml",
    "preemptionPolicy",
    "priority",
    "priorityClassName",
    "pytorch",
    "readinessGates",
    "resourceClaims",
    "resources",
    "restartPolicy",
    "runtimeClassName",
    "schedulerName",
    "schedulingGates",
    "securityContext",
    "serviceAccount",
    "serviceAccountName",
    "setHostnameAsFQDN",
    "shareProcessNamespace",
    "sklearn",
    "storageContainerName",
    "storageUris",
    "subdomain",
    "tensorflow",
    "terminationGracePeriodSeconds",
    "tolerations",
    "topologySpreadConstraints",
    "triton",
    "volumes",
    "workerSpec",
    "xgboost",
];

/// Marks unknown fields of the component and, with the predictor, of the object's `spec`.
pub(super) fn gather(subject: &Subject<'_>, chain: &mut Chain) {
    for (key, value) in subject.fields.into_iter().flatten() {
        let name = key.as_str();
        if SCALING.contains(&name) || OTHER.contains(&name) {
            continue;
        }
        chain.inert(
            &rules::KS311,
            subject.at(key),
            value,
            why(name, "this component", &SCALING),
        );
    }
    if subject.is_first {
        top_level(subject, chain);
    }
}

/// Scaling fields directly under `spec`, where no API has them.
fn top_level(subject: &Subject<'_>, chain: &mut Chain) {
    let Some(spec) = subject.spec else {
        return;
    };
    for (key, value) in spec {
        if SCALING.contains(&key.as_str()) {
            let why = format!("there is no spec.{key}; it belongs under spec.predictor");
            chain.inert(&rules::KS310, format!("/spec/{key}"), value, why);
        }
    }
}

/// Why a field that nobody knows is dropped, and which of `known` was meant.
pub(super) fn why(name: &str, place: &str, known: &[&'static str]) -> String {
    match nearest(name, known) {
        Some(meant) => {
            format!("{place} has no field {name}, so it is dropped; did you mean {meant}?")
        }
        None => format!("{place} has no field {name}, so it is dropped"),
    }
}

/// The scaling field of a component that a name comes close to.
pub(crate) fn nearest_field(name: &str) -> Option<&'static str> {
    nearest(name, &SCALING)
}

/// The scaling field that differs in no more than two letters, not counting case.
fn nearest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    known
        .iter()
        .copied()
        .find(|known| edit_distance(&name.to_lowercase(), &known.to_lowercase()) <= 2)
}

/// Levenshtein distance.
#[must_use]
pub(crate) fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut last = i + 1;
        for (j, right) in b.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(usize::MAX);
            let cost = (diagonal + usize::from(left != *right))
                .min(last + 1)
                .min(above + 1);
            if let Some(slot) = row.get_mut(j) {
                *slot = last;
            }
            diagonal = above;
            last = cost;
        }
        if let Some(slot) = row.last_mut() {
            *slot = last;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_named() {
        assert_eq!(nearest("minReplica", &SCALING), Some("minReplicas"));
        assert_eq!(nearest("scaletarget", &SCALING), Some("scaleTarget"));
        assert_eq!(nearest("autoscaling", &SCALING), Some("autoScaling"));
        assert_eq!(nearest("replicas", &SCALING), None);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("", "abc"), 3);
    }
}
