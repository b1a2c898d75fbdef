//! See [`KS601`].

use super::case::Bystander;
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::facts::Data;
use crate::knative::{AutoscalerConfig, DefaultsConfig, DeploymentConfig};
use crate::kserve::KserveConfig;
use crate::manifest::child;

rule! {
    /// ## What it does
    ///
    /// Finds values in config-autoscaler, config-defaults, config-deployment and inferenceservice-config that Knative
    /// or KServe cannot read.
    ///
    /// ## Why it matters
    ///
    /// Knative's components keep the ConfigMap that they read last and write the error to their log; one that restarts
    /// does not start any more. KServe reads its ConfigMap for every call: with a broken `deploy`, every
    /// InferenceService of the cluster is refused, on deletion too.
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
    ///   stable-window: 5s
    /// ```
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: config-autoscaler
    ///   namespace: knative-serving
    /// data:
    ///   max-scale: 10
    /// ```
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: inferenceservice-config
    ///   namespace: kserve
    /// data:
    ///   deploy: |
    ///     {"defaultDeploymentMode": "Raw"}
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
    ///   stable-window: 60s
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
    ///   deploy: |
    ///     {"defaultDeploymentMode": "Standard"}
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: only the administrator knows the right value.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/autoscaler/config/config.go`, `pkg/apis/config/defaults.go`,
    ///   `pkg/deployment/config.go`
    /// - knative/pkg, `configmap/store.go`
    /// - kserve/kserve 0.20, `pkg/apis/serving/v1beta1/configmap.go`
    KS601: "config-refused", Error, "a ConfigMap that Knative or KServe cannot read",
    Check::Bystander(check)
}

fn check(object: &Bystander<'_>, findings: &mut Findings<'_>) {
    let names = ["config-autoscaler", "config-defaults", "config-deployment"];
    let of_knative = names.iter().any(|name| object.is_knative_config(name));
    if !of_knative && !object.is_kserve_config() {
        return;
    }
    let written = object
        .object
        .get("data")
        .and_then(serde_json::Value::as_object);
    let mut data = Data::new();
    for (key, value) in written.into_iter().flatten() {
        match value.as_str() {
            Some(text) => {
                data.insert(key.clone(), text.to_owned());
            }
            None => {
                let message = format!("the API server refuses the ConfigMap: {key} is no text");
                let advice = Advice::help("write the value in quotes");
                findings.push(Report::at(child("/data", key), message).advice(advice));
            }
        }
    }
    if of_knative {
        knative(object, &data, findings);
    } else {
        kserve(object, &data, findings);
    }
}

fn knative(object: &Bystander<'_>, data: &Data, findings: &mut Findings<'_>) {
    let release = object.facts.knative.value;
    let error = match object.name() {
        "config-autoscaler" => AutoscalerConfig::parse_at(data, release).err(),
        "config-defaults" => DefaultsConfig::parse_at(data, release).err(),
        _ => DeploymentConfig::parse(data).err(),
    };
    if let Some(text) = error {
        // The longest key that the text names: max-scale is part of max-scale-limit.
        let named = data.keys().filter(|key| text.contains(key.as_str()));
        let pointer = named
            .max_by_key(|key| key.len())
            .map(|key| child("/data", key));
        let message = format!(
            "Knative {release} refuses the ConfigMap and goes on with what it read before: {text}"
        );
        let advice = Advice::help("write a value that Knative takes");
        findings.push(
            Report::at(pointer.unwrap_or_else(|| "/data".to_owned()), message).advice(advice),
        );
    }
}

fn kserve(object: &Bystander<'_>, data: &Data, findings: &mut Findings<'_>) {
    let release = object.facts.release();
    let config = KserveConfig::read(data, release);
    let report = |key: &str, message: String| {
        let advice = Advice::help("write a value that KServe takes");
        Report::at(child("/data", key), message).advice(advice)
    };
    match &config.default_mode {
        Err(text) => {
            let message = format!(
                "KServe {release} fails on every InferenceService: {}",
                text.trim_end_matches('.')
            );
            findings.push(report("deploy", message));
        }
        // A part of the ConfigMap, such as a patch, need not have the key.
        Ok(mode)
            if mode.is_empty()
                && ["ingress", "storageInitializer"]
                    .iter()
                    .all(|key| data.contains_key(*key)) =>
        {
            let message = "without deploy there is no default deployment mode, and KServe makes no ingress where no mode is written";
            let advice = Advice::help("add deploy with a defaultDeploymentMode");
            findings.push(Report::at("/data", message).advice(advice));
        }
        Ok(_) => {}
    }
    if let Err(text) = &config.keda_windows {
        findings.push(report(
            "autoscaler",
            format!("KServe {release} fails on every workload of the class keda: {text}"),
        ));
    }
    if let Err(failure) = config.router.as_ref().map_err(|failure| &failure.text)
        && data.contains_key("router")
    {
        findings.push(report(
            "router",
            format!("KServe {release} fails on every InferenceGraph: {failure}"),
        ));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::facts::Facts;
    use crate::rules::judge;

    fn found(name: &str, namespace: &str, data: &Value) -> Vec<String> {
        let object = json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}, "data": data,
        });
        let findings = judge(&object, None, &Facts::shipped()).unwrap_or_default();
        findings
            .into_iter()
            .filter(|one| one.code == "KS601")
            .map(|one| one.pointer)
            .collect()
    }

    #[test]
    fn the_key_is_named_that_the_text_is_about() {
        let data = json!({"max-scale": "9", "max-scale-limit": "-1"});
        assert_eq!(
            found("config-autoscaler", "knative-serving", &data),
            ["/data/max-scale-limit"]
        );
        let data = json!({"revision-timeout-seconds": "soon"});
        assert_eq!(
            found("config-defaults", "", &data),
            ["/data/revision-timeout-seconds"]
        );
    }

    #[test]
    fn a_configmap_of_that_name_elsewhere_is_not_knative_s() {
        assert!(found("config-autoscaler", "shop", &json!({"stable-window": "5s"})).is_empty());
    }

    #[test]
    fn a_patch_of_kserve_s_configmap_need_not_have_every_key() {
        assert!(
            found(
                "inferenceservice-config",
                "kserve",
                &json!({"ingress": "{}"})
            )
            .is_empty()
        );
        let whole = json!({"ingress": "{}", "storageInitializer": "{}"});
        assert_eq!(
            found("inferenceservice-config", "kserve", &whole),
            ["/data"]
        );
    }
}
