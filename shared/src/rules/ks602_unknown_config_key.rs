//! See [`KS602`].

use super::case::Bystander;
use super::findings::{Advice, Findings, Report, moved, remove};
use super::rule::{Check, rule};
use crate::explain::edit_distance;
use crate::knative::Behaviour;
use crate::manifest::child;

rule! {
    /// ## What it does
    ///
    /// Finds keys of config-autoscaler that Knative does not read, and keys of inferenceservice-config that come close
    /// to `deploy`, `autoscaler` or `inferenceService`.
    ///
    /// ## Why it matters
    ///
    /// Both take any key and say nothing about the ones they do not know. `max-scales: "10"` leaves the cluster without
    /// a bound. Keys that Knative read years ago, such as `tick-interval` and `panic-window`, still stand in many
    /// ConfigMaps.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   max-scales: "10"
    ///   tick-interval: 2s
    /// ```
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: inferenceservice-config
    ///   namespace: kserve
    /// data:
    ///   autoScaler: |
    ///     {"scaleDownStabilizationWindowSeconds": "60"}
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   max-scale: "10"
    /// ```
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: inferenceservice-config
    ///   namespace: kserve
    /// data:
    ///   autoscaler: |
    ///     {"scaleDownStabilizationWindowSeconds": "60"}
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review where a key was meant that is free: its value counts from then on. Safe otherwise: the key is
    /// removed.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/autoscaler/config/config.go`
    /// - kserve/kserve 0.20, `pkg/apis/serving/v1beta1/configmap.go`
    KS602: "unknown-config-key", Warning, "a key in a ConfigMap that nothing reads",
    Check::Bystander(check)
}

/// The keys of config-autoscaler.
const AUTOSCALER: [&str; 20] = [
    "activator-capacity",
    "allow-zero-initial-scale",
    "container-concurrency-target-default",
    "container-concurrency-target-percentage",
    "enable-scale-to-zero",
    "initial-scale",
    "max-scale",
    "max-scale-down-rate",
    "max-scale-limit",
    "max-scale-up-rate",
    MIN_SCALE,
    "panic-threshold-percentage",
    "panic-window-percentage",
    "pod-autoscaler-class",
    "requests-per-second-target-default",
    "scale-down-delay",
    "scale-to-zero-grace-period",
    "scale-to-zero-pod-retention-period",
    "stable-window",
    "target-burst-capacity",
];

const MIN_SCALE: &str = "min-scale";

/// The keys of inferenceservice-config that bear on scaling. It has many more, and more with every release.
const KSERVE: [&str; 3] = ["autoscaler", "deploy", "inferenceService"];

fn check(object: &Bystander<'_>, findings: &mut Findings<'_>) {
    let data = object
        .object
        .get("data")
        .and_then(serde_json::Value::as_object);
    let keys = data.into_iter().flatten().map(|(key, _)| key.as_str());
    if object.is_knative_config("config-autoscaler") {
        // What begins so is for people to read.
        for key in keys.filter(|key| !key.starts_with('_')) {
            if !AUTOSCALER.contains(&key) {
                findings.push(unknown(object, key, nearest(key, &AUTOSCALER)));
            } else if key == MIN_SCALE
                && !object.facts.knative.value.has(Behaviour::ClusterMinScale)
            {
                findings.push(unknown(object, key, None));
            }
        }
    } else if object.is_kserve_config() {
        for key in keys.filter(|key| !KSERVE.contains(key)) {
            if let Some(meant) = nearest(key, &KSERVE) {
                findings.push(unknown(object, key, Some(meant)));
            }
        }
    }
}

/// The key that differs in no more than two letters, not counting case.
fn nearest(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let key = key.to_lowercase().replace('_', "-");
    known
        .iter()
        .copied()
        .find(|known| edit_distance(&key, &known.to_lowercase()) <= 2)
}

fn unknown(object: &Bystander<'_>, key: &str, meant: Option<&str>) -> Report {
    let pointer = child("/data", key);
    let message = format!("nothing reads the key {key} of {}", object.name());
    let advice = match meant {
        Some(meant) if object.data(meant).is_none() => Advice::help(format!("write {meant}"))
            .review(vec![moved(&pointer, &child("/data", meant))]),
        Some(meant) => {
            Advice::help(format!("remove it: {meant} counts")).safe(vec![remove(&pointer)])
        }
        None => Advice::help("remove it").safe(vec![remove(&pointer)]),
    };
    Report::at(pointer, message).advice(advice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::facts::Facts;
    use crate::knative::AutoscalerConfig;
    use crate::rules::judge;

    #[test]
    fn keys_of_kserve_s_that_mean_something_else_are_left_alone() {
        let names = [
            "_example",
            "explainers",
            "storageInitializer",
            "credentials",
            "ingress",
            "logger",
            "batcher",
            "agent",
            "router",
            "deploy",
            "metricsAggregator",
            "localModel",
            "security",
            "inferenceService",
            "opentelemetryCollector",
            "autoscaler",
            "autoscaling-wva-controller-config",
            "multiNode",
            "predictors",
            "transformers",
            "oauthProxy",
        ];
        let mut object = json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "inferenceservice-config", "namespace": "kserve"}, "data": {},
        });
        for name in names {
            object["data"][name] = json!("{\"defaultDeploymentMode\": \"Knative\"}");
        }
        let found = judge(&object, None, &Facts::shipped()).unwrap();
        assert!(found.iter().all(|one| one.code != "KS602"), "{found:#?}");
    }

    #[test]
    fn every_key_that_is_known_is_read() {
        for key in super::AUTOSCALER {
            let data = [(key.to_owned(), "x".to_owned())].into();
            let read = AutoscalerConfig::parse(&data) != Ok(AutoscalerConfig::default());
            assert!(read, "{key}");
        }
    }
}
