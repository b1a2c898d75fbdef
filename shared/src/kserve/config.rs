//! `inferenceservice-config`: what KServe reads of its own ConfigMap.
//! Source: kserve/kserve 0.11–0.20, `pkg/apis/serving/v1beta1/configmap.go`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::annotations::{BUILT_IN_DISALLOWED, MODEL_FORMAT};
use super::graph::RouterConfig;
use super::outcome::Failure;
use super::release::{Behaviour, Release};

/// The parts of `inferenceservice-config` that bear on autoscaling, as one release reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KserveConfig {
    /// The default deployment mode in the release's own words; empty when the key `deploy` is absent. An error is KServe's
    /// own text: every webhook call and reconcile then fails with it.
    pub default_mode: Result<String, String>,
    /// Annotation keys that never reach a component's objects.
    pub disallowed: Vec<String>,
    /// Stabilisation windows for KEDA, in seconds as written: (scale up, scale down).
    pub keda_windows: Result<(String, String), String>,
    /// The address of KEDA's OpenTelemetry scaler.
    pub otel_endpoint: String,
    /// Requests and limits given to containers that have none.
    pub resources: ResourceDefaults,
    /// The router of InferenceGraphs. An error is the controller's own: it then makes nothing of any graph.
    pub router: Result<RouterConfig, Failure>,
    /// How many pods beyond their number the Deployments of Standard mode may have while they roll, as written; none leaves it
    /// to the default of 25 %. It counts from 0.16 on, where Standard is the default mode.
    pub max_surge: Option<String>,
}

/// The `resource` defaults for custom containers, transformers and explainers. Empty means none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceDefaults {
    /// `cpuRequest`
    pub cpu_request: String,
    /// `memoryRequest`
    pub memory_request: String,
    /// `cpuLimit`
    pub cpu_limit: String,
    /// `memoryLimit`
    pub memory_limit: String,
}

impl Default for ResourceDefaults {
    fn default() -> Self {
        Self {
            cpu_request: "1".to_owned(),
            memory_request: "2Gi".to_owned(),
            cpu_limit: "1".to_owned(),
            memory_limit: "2Gi".to_owned(),
        }
    }
}

impl KserveConfig {
    /// The ConfigMap's `data` as a release ships it (`config/configmap/inferenceservice.yaml` of its tag), without the
    /// keys that have nothing to do with autoscaling. The charts of some distributions ship other defaults.
    #[must_use]
    pub fn shipped_data(release: Release) -> BTreeMap<String, String> {
        let mut data = BTreeMap::new();
        let mut put = |key: &str, text: &str| data.insert(key.to_owned(), text.to_owned());
        put("deploy", r#"{"defaultDeploymentMode": "Serverless"}"#);
        put(
            "router",
            r#"{"image": "kserve/router:latest", "memoryRequest": "100Mi", "memoryLimit": "1Gi", "cpuRequest": "100m", "cpuLimit": "1"}"#,
        );
        if release.has(Behaviour::AutoScalingField) {
            put(
                "opentelemetryCollector",
                r#"{"metricScalerEndpoint": "keda-otel-scaler.keda.svc:4318"}"#,
            );
            put(
                "inferenceService",
                r#"{"resource": {"cpuLimit": "1", "memoryLimit": "2Gi", "cpuRequest": "1", "memoryRequest": "2Gi"}}"#,
            );
        }
        if release.has(Behaviour::KedaWindows) {
            put(
                "autoscaler",
                r#"{"scaleUpStabilizationWindowSeconds": "0", "scaleDownStabilizationWindowSeconds": "300"}"#,
            );
        }
        data
    }

    /// Reads the ConfigMap's `data` as `release` does.
    #[must_use]
    pub fn read(data: &BTreeMap<String, String>, release: Release) -> Self {
        Self {
            default_mode: default_mode(data, release),
            disallowed: disallowed(data, release),
            keda_windows: keda_windows(data),
            otel_endpoint: data
                .get("opentelemetryCollector")
                .and_then(|text| object(text).ok())
                .and_then(|map| Some(member(&map, "metricScalerEndpoint")?.as_str()?.to_owned()))
                .unwrap_or_default(),
            resources: resources(data, release),
            router: RouterConfig::read(data),
            max_surge: max_surge(data, release),
        }
    }
}

fn object(text: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Go matches the keys of a ConfigMap's JSON without regard to case.
fn member<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    map.get(name).or_else(|| {
        map.iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}

fn max_surge(data: &BTreeMap<String, String>, release: Release) -> Option<String> {
    let counts = release.has(Behaviour::NewModeNames)
        && default_mode(data, release).as_deref() == Ok("Standard");
    let map = object(data.get("deploy").filter(|_| counts)?).ok()?;
    let rollout = member(&map, "deploymentRolloutStrategy")?.as_object()?;
    let rollout = member(rollout, "defaultRollout")?.as_object()?;
    let surge = member(rollout, "maxSurge")?.as_str()?;
    (!surge.is_empty()).then(|| surge.to_owned())
}

fn default_mode(data: &BTreeMap<String, String>, release: Release) -> Result<String, String> {
    let Some(text) = data.get("deploy") else {
        return Ok(String::new());
    };
    let capital = |capitalised: &str, plain: &str| {
        let old = release.has(Behaviour::OldConfigMessages);
        if old {
            capitalised.to_owned()
        } else {
            plain.to_owned()
        }
    };
    let map = object(text).map_err(|error| {
        capital(
            &format!("Unable to parse deploy config json: {error}"),
            &format!("unable to parse deploy config json: {error}"),
        )
    })?;
    let written = member(&map, "defaultDeploymentMode")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if written.is_empty() {
        return Err(capital(
            "Invalid deploy config, defaultDeploymentMode is required.",
            "invalid deploy config, defaultDeploymentMode is required",
        ));
    }
    if !release.has(Behaviour::NewModeNames) {
        return match written {
            "Serverless" | "RawDeployment" | "ModelMesh" => Ok(written.to_owned()),
            _ => Err(capital(
                "Invalid deployment mode. Supported modes are Serverless, RawDeployment and ModelMesh",
                "invalid deployment mode. Supported modes are Serverless, RawDeployment and ModelMesh",
            )),
        };
    }
    match written {
        "Serverless" | "Knative" => Ok("Knative".to_owned()),
        "RawDeployment" | "Standard" => Ok("Standard".to_owned()),
        "ModelMesh" => Ok(written.to_owned()),
        _ => Err(
            "invalid deployment mode. Supported modes are Knative, Standard and ModelMesh"
                .to_owned(),
        ),
    }
}

fn disallowed(data: &BTreeMap<String, String>, release: Release) -> Vec<String> {
    let mut built_in: Vec<String> = BUILT_IN_DISALLOWED
        .iter()
        .map(|key| (*key).to_owned())
        .collect();
    if release.has(Behaviour::ModelFormatAnnotation) {
        built_in.push(MODEL_FORMAT.to_owned());
    }
    if !release.has(Behaviour::DisallowedListConfig) {
        return built_in;
    }
    // Without the key the list stays empty, built-in entries included.
    let Some(map) = data
        .get("inferenceService")
        .and_then(|text| object(text).ok())
    else {
        return Vec::new();
    };
    let more = member(&map, "serviceAnnotationDisallowedList").and_then(Value::as_array);
    let more = more.into_iter().flatten().filter_map(Value::as_str);
    built_in.extend(more.map(str::to_owned));
    built_in
}

fn keda_windows(data: &BTreeMap<String, String>) -> Result<(String, String), String> {
    let Some(text) = data.get("autoscaler") else {
        return Ok((String::new(), String::new()));
    };
    let map =
        object(text).map_err(|error| format!("unable to parse autoscaler config json: {error}"))?;
    let text = |name| {
        let value = member(&map, name).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    Ok((
        text("scaleUpStabilizationWindowSeconds"),
        text("scaleDownStabilizationWindowSeconds"),
    ))
}

fn resources(data: &BTreeMap<String, String>, release: Release) -> ResourceDefaults {
    if !release.has(Behaviour::DisallowedListConfig) {
        return ResourceDefaults::default();
    }
    let config = data
        .get("inferenceService")
        .and_then(|text| object(text).ok());
    let resource = config
        .as_ref()
        .and_then(|map| member(map, "resource")?.as_object());
    let text = |name| {
        let value = resource.and_then(|map| member(map, name)?.as_str());
        value.unwrap_or_default().to_owned()
    };
    ResourceDefaults {
        cpu_request: text("cpuRequest"),
        memory_request: text("memoryRequest"),
        cpu_limit: text("cpuLimit"),
        memory_limit: text("memoryLimit"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deploy(text: &str) -> BTreeMap<String, String> {
        BTreeMap::from([("deploy".to_owned(), text.to_owned())])
    }

    #[test]
    fn mode_names_are_read_as_the_release_knows_them() {
        let data = deploy(r#"{"defaultDeploymentMode": "RawDeployment"}"#);
        let read = |release| KserveConfig::read(&data, release).default_mode;
        assert_eq!(read(Release::new(0, 15, 2)), Ok("RawDeployment".to_owned()));
        assert_eq!(read(Release::NEWEST), Ok("Standard".to_owned()));
        let data = deploy(r#"{"DefaultDeploymentMode": "Standard"}"#);
        assert!(
            KserveConfig::read(&data, Release::new(0, 15, 2))
                .default_mode
                .is_err()
        );
        assert_eq!(
            KserveConfig::read(&data, Release::NEWEST).default_mode,
            Ok("Standard".to_owned())
        );
    }

    #[test]
    fn without_its_key_the_disallowed_list_is_empty_since_0_15() {
        let none = BTreeMap::new();
        assert!(
            KserveConfig::read(&none, Release::NEWEST)
                .disallowed
                .is_empty()
        );
        assert_eq!(
            KserveConfig::read(&none, Release::new(0, 14, 1))
                .disallowed
                .len(),
            4
        );
        let shipped = KserveConfig::shipped_data(Release::NEWEST);
        assert_eq!(
            KserveConfig::read(&shipped, Release::NEWEST)
                .disallowed
                .len(),
            5
        );
    }
}
