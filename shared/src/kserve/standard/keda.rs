//! The ScaledObject that KServe makes for class `keda`, and what KEDA's webhook says of it.
//! Source: kserve/kserve 0.15–0.20, `reconcilers/keda/keda_reconciler.go`; kedacore/keda 2.18,
//! `apis/keda/v1alpha1/scaledobject_webhook.go`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::go::parse_int;
use crate::kserve::config::KserveConfig;
use crate::kserve::outcome::{Failure, RefusedBy};
use crate::kserve::release::{Behaviour, Release};
use crate::kubernetes::pod::ContainerRequests;
use crate::manifest::{Extension, ExternalMetric, Metric, PodMetric, QuantityText, ResourceMetric};

/// The check of KEDA's webhook that looks at the pods of the Deployment, and that a dry run is spared.
pub const POD_CHECK: &str = "verifyCPUMemoryScalers";

/// What a ScaledObject is built from.
pub struct Scaled<'a> {
    /// The name of the component's objects.
    pub name: &'a str,
    /// The namespace.
    pub namespace: &'a str,
    /// The component's scaling fields.
    pub extension: &'a Extension<'a>,
    /// KServe's ConfigMap.
    pub config: &'a KserveConfig,
    /// The release.
    pub release: Release,
}

impl Scaled<'_> {
    /// The lower and upper bound.
    fn bounds(&self) -> (i64, i64) {
        let min = self.extension.min_replicas.unwrap_or(1);
        (min, self.extension.max_replicas.max(min))
    }

    /// The `spec` of the ScaledObject, as Go writes it.
    ///
    /// # Errors
    /// The controller crashes, or cannot read its ConfigMap.
    pub fn build(&self) -> Result<Value, Failure> {
        let (min, max) = self.bounds();
        let windows = self.windows()?;
        let mut triggers = Vec::new();
        for metric in self
            .extension
            .auto_scaling
            .iter()
            .flat_map(|scaling| &scaling.metrics)
        {
            triggers.extend(self.trigger(metric)?);
        }
        let mut spec = json!({
            "scaleTargetRef": {"name": self.name},
            "minReplicaCount": min,
            "maxReplicaCount": max,
            "triggers": if triggers.is_empty() { Value::Null } else { Value::Array(triggers) },
        });
        let mut behavior = Map::new();
        for (key, window) in [("scaleUp", windows.0), ("scaleDown", windows.1)] {
            if let Some(seconds) = window {
                behavior.insert(
                    key.to_owned(),
                    json!({"stabilizationWindowSeconds": seconds}),
                );
            }
        }
        if !behavior.is_empty() {
            spec["advanced"] = json!({
                "horizontalPodAutoscalerConfig": {"behavior": behavior},
                "scalingModifiers": {},
            });
        }
        Ok(spec)
    }

    /// The stabilisation windows in seconds: the component's, else the ConfigMap's where they are numbers.
    fn windows(&self) -> Result<(Option<i64>, Option<i64>), Failure> {
        if !self.release.has(Behaviour::KedaWindows) {
            return Ok((None, None));
        }
        let scaling = self.extension.auto_scaling.as_ref();
        let up = scaling.and_then(|scaling| scaling.scale_up_window);
        let down = scaling.and_then(|scaling| scaling.scale_down_window);
        if up.is_some() && down.is_some() {
            return Ok((up, down));
        }
        let (default_up, default_down) = self
            .config
            .keda_windows
            .as_ref()
            .map_err(|text| Failure::new(RefusedBy::Kserve, "", text))?;
        let number = |text: &str| parse_int(text, 32).ok();
        Ok((
            up.or_else(|| number(default_up)),
            down.or_else(|| number(default_down)),
        ))
    }

    fn trigger(&self, metric: &Metric<'_>) -> Result<Option<Value>, Failure> {
        let body = match metric.kind {
            "Resource" => self.resource(metric.resource.as_ref().ok_or_else(Failure::nil_pointer)?),
            "External" => {
                self.external(metric.external.as_ref().ok_or_else(Failure::nil_pointer)?)?
            }
            "PodMetric" => self.pod(metric.pod.as_ref().ok_or_else(Failure::nil_pointer)?)?,
            _ => return Ok(None),
        };
        Ok(Some(body))
    }

    fn resource(&self, metric: &ResourceMetric<'_>) -> Value {
        let target = &metric.target;
        let quantity = |value: &Option<QuantityText<'_>>| match value {
            None => "0".to_owned(),
            Some(value) if self.release.has(Behaviour::KedaWindows) => original(value),
            Some(value) => value.quantity.to_string(),
        };
        let text = match target.kind {
            "Utilization" => self.utilization(metric),
            "AverageValue" => quantity(&target.average_value),
            "Value" if self.release.has(Behaviour::KedaPointerTarget) => {
                let value = target.value.as_ref();
                value.map_or_else(|| "0".to_owned(), |value| float(value))
            }
            "Value" => quantity(&target.value),
            _ => "0".to_owned(),
        };
        let mut trigger = json!({"type": metric.name, "metadata": {"value": text}});
        if !target.kind.is_empty() {
            trigger["metricType"] = Value::from(target.kind);
        }
        trigger
    }

    fn utilization(&self, metric: &ResourceMetric<'_>) -> String {
        match metric.target.average_utilization {
            // 0.15.0 prints the address of the number instead of the number.
            Some(_) if self.release.has(Behaviour::KedaPointerTarget) => "POINTER".to_owned(),
            Some(percent) => percent.to_string(),
            None if metric.name == "cpu" && !self.release.has(Behaviour::KedaPointerTarget) => {
                "80".to_owned()
            }
            None => "0".to_owned(),
        }
    }

    /// A threshold: the text as written since 0.16, a float with six digits before, which needs the value to be there.
    fn threshold(&self, value: Option<&QuantityText<'_>>) -> Result<String, Failure> {
        match value {
            _ if !self.release.has(Behaviour::KedaWindows) => {
                value.map(float).ok_or_else(Failure::nil_pointer)
            }
            None => Ok("0".to_owned()),
            Some(value) => Ok(original(value)),
        }
    }

    fn external(&self, metric: &ExternalMetric<'_>) -> Result<Value, Failure> {
        let threshold = self.threshold(metric.target.value.as_ref())?;
        let mut metadata = json!({
            "serverAddress": metric.server_address,
            "query": metric.query,
            "threshold": threshold,
        });
        if metric.backend == "prometheus" && !metric.namespace.is_empty() {
            metadata["namespace"] = Value::from(metric.namespace);
        }
        if let Some(modes) = metric.auth_modes.filter(|modes| !modes.is_empty()) {
            metadata["authModes"] = Value::from(modes);
        }
        let mut trigger = json!({"type": metric.backend, "metadata": metadata});
        if metric.auth_modes.is_some() && !metric.auth_name.is_empty() {
            trigger["authenticationRef"] = json!({"name": metric.auth_name});
        }
        Ok(trigger)
    }

    fn pod(&self, metric: &PodMetric<'_>) -> Result<Value, Failure> {
        let target = self.threshold(metric.target.value.as_ref())?;
        if metric.backend != "opentelemetry" {
            return Ok(json!({"type": "", "metadata": {}}));
        }
        let endpoint = if metric.server_address.is_empty() {
            &self.config.otel_endpoint
        } else {
            metric.server_address
        };
        let mut metadata = json!({"targetValue": target, "scalerAddress": endpoint});
        if self.release.has(Behaviour::KedaWindows) {
            let (query, namespace, name) = (metric.query, self.namespace, self.name);
            metadata["metricQuery"] = Value::from(format!(
                "sum({query}{{namespace=\"{namespace}\", deployment=\"{name}\"}})"
            ));
        } else {
            let (min, max) = self.bounds();
            metadata["metricQuery"] = Value::from(metric.query);
            metadata["clampMin"] = Value::from(min.to_string());
            metadata["clampMax"] = Value::from(max.to_string());
        }
        if !metric.operation_over_time.is_empty() {
            metadata["operationOverTime"] = Value::from(metric.operation_over_time);
        }
        Ok(json!({"type": "external", "metadata": metadata}))
    }
}

/// An empty text counts as no text.
fn original(value: &QuantityText<'_>) -> String {
    if value.text.is_empty() {
        "0".to_owned()
    } else {
        value.text.clone().into_owned()
    }
}

/// Go's `%f` of a quantity's approximate float.
fn float(value: &QuantityText<'_>) -> String {
    format!("{:.6}", value.quantity.approximate())
}

/// What KEDA's webhook says of a ScaledObject, by the check that says it. `containers` are those of the pod that it
/// scales. A key that says so names a check whose finding KEDA only logs.
#[must_use]
pub fn webhook_errors(
    spec: &Value,
    containers: &[ContainerRequests],
) -> BTreeMap<&'static str, String> {
    let mut errors = BTreeMap::new();
    let number = |key: &str| spec.get(key).and_then(Value::as_i64).unwrap_or_default();
    let triggers = spec.get("triggers").and_then(Value::as_array);
    let kinds: Vec<&str> = triggers
        .into_iter()
        .flatten()
        .map(|trigger| {
            trigger
                .get("type")
                .and_then(Value::as_str)
                .unwrap_or_default()
        })
        .collect();
    let (min, max) = (number("minReplicaCount"), number("maxReplicaCount"));
    if let Some(text) = cpu_memory(&kinds, min, containers) {
        errors.insert(POD_CHECK, text);
    }
    let least = min.max(1);
    if least > max {
        errors.insert(
            "(not enforced by webhook) CheckReplicaCountBoundsAreValid",
            format!("MinReplicaCount={least} must be less than MaxReplicaCount={max}"),
        );
    }
    if kinds.is_empty() {
        errors.insert(
            "verifyTriggers",
            "no triggers defined in the ScaledObject/ScaledJob".to_owned(),
        );
    }
    errors
}

/// The text with which KEDA's webhook refuses, if it refuses.
#[must_use]
pub fn refusal<'a>(errors: &'a BTreeMap<&'static str, String>) -> Option<&'a String> {
    errors
        .iter()
        .find(|(check, _)| check.starts_with("verify"))
        .map(|(_, text)| text)
}

/// The refusal as the controller gets it, if KEDA's webhook refuses.
#[must_use]
pub fn denial(errors: &BTreeMap<&'static str, String>) -> Option<Failure> {
    let text = refusal(errors)?;
    let text = format!("admission webhook \"vscaledobject.kb.io\" denied the request: {text}");
    Some(Failure::new(RefusedBy::Keda, "", &text))
}

fn cpu_memory(kinds: &[&str], min: i64, containers: &[ContainerRequests]) -> Option<String> {
    let is_resource = |kind: &&str| matches!(*kind, "cpu" | "memory");
    let first = kinds.iter().find(|kind| is_resource(kind))?;
    let lacks = |container: &&ContainerRequests| {
        let request = if *first == "cpu" {
            &container.cpu
        } else {
            &container.memory
        };
        request.is_none()
    };
    if let Some(container) = containers.iter().find(lacks) {
        return Some(format!(
            "the scaledobject has a {first} trigger but the container {} doesn't have the {first} request defined",
            container.name
        ));
    }
    (min == 0 && kinds.iter().all(is_resource)).then(|| {
        "scaledobject has only cpu/memory triggers AND minReplica is 0 (scale to zero doesn't work in this case)"
            .to_owned()
    })
}
