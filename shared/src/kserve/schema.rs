//! What the full CRD's schema says of the scaling fields, after the defaulter.
//!
//! The minimal CRD says nothing: with it, none of this is checked. Only the enums of the scaling fields are predicted here;
//! the rest of the schema is the API server's business and is seen with a server-side dry run.
//! Source: kserve/kserve 0.11–0.20, `config/crd/full/serving.kserve.io_inferenceservices.yaml`.

use super::release::{Behaviour, Release};
use crate::manifest::{Component, InferenceService, Metric, Target};

/// One value that the schema refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// The field, as the API server names it.
    pub field: String,
    /// The API server's text.
    pub text: String,
}

const METRICS: &[&str] = &["cpu", "memory", "concurrency", "rps"];
const TARGET_TYPES: &[&str] = &["Utilization", "Value", "AverageValue"];
const METRIC_TYPES: &[&str] = &["Resource", "External", "PodMetric"];
const RESOURCES: &[&str] = &["cpu", "memory"];
const EXTERNAL_BACKENDS: &[&str] = &["prometheus", "graphite"];
const POD_BACKENDS: &[&str] = &["opentelemetry"];

/// Checks the enums of all components.
#[must_use]
pub fn validate(service: &InferenceService<'_>, release: Release) -> Vec<SchemaError> {
    let mut found = Vec::new();
    let canaries = service.canaries.iter().map(|canary| &canary.predictor);
    for component in service.components().chain(canaries) {
        let at = component.pointer.trim_start_matches('/').replace('/', ".");
        component_enums(component, &at, release, &mut found);
    }
    found
}

fn check(found: &mut Vec<SchemaError>, field: String, value: &str, allowed: &[&str]) {
    if allowed.contains(&value) {
        return;
    }
    let list: Vec<String> = allowed.iter().map(|one| format!("\"{one}\"")).collect();
    let text = format!(
        "{field}: Unsupported value: \"{value}\": supported values: {}",
        list.join(", ")
    );
    found.push(SchemaError { field, text });
}

fn component_enums(
    component: &Component<'_>,
    at: &str,
    release: Release,
    found: &mut Vec<SchemaError>,
) {
    let extension = &component.extension;
    let metrics = extension
        .auto_scaling
        .iter()
        .flat_map(|scaling| &scaling.metrics);
    for (index, metric) in metrics.enumerate() {
        metric_enums(
            metric,
            &format!("{at}.autoScaling.metrics[{index}]"),
            release,
            found,
        );
    }
    if let Some(metric) = extension.scale_metric {
        check(found, format!("{at}.scaleMetric"), metric, METRICS);
    }
    if let Some(kind) = extension.scale_metric_type {
        check(found, format!("{at}.scaleMetricType"), kind, TARGET_TYPES);
    }
}

/// Go writes an absent `type`, `name` or `backend` back as an empty text, which no enum lists.
fn metric_enums(metric: &Metric<'_>, at: &str, release: Release, found: &mut Vec<SchemaError>) {
    debug_assert!(release.has(Behaviour::AutoScalingField));
    if let Some(external) = &metric.external {
        let field = format!("{at}.external.metric.backend");
        check(found, field, external.backend, EXTERNAL_BACKENDS);
        target(&external.target, &format!("{at}.external"), found);
    }
    if let Some(pod) = &metric.pod {
        check(
            found,
            format!("{at}.podmetric.metric.backend"),
            pod.backend,
            POD_BACKENDS,
        );
        target(&pod.target, &format!("{at}.podmetric"), found);
    }
    if let Some(resource) = &metric.resource {
        check(
            found,
            format!("{at}.resource.name"),
            resource.name,
            RESOURCES,
        );
        target(&resource.target, &format!("{at}.resource"), found);
    }
    check(found, format!("{at}.type"), metric.kind, METRIC_TYPES);
}

fn target(target: &Target<'_>, at: &str, found: &mut Vec<SchemaError>) {
    check(
        found,
        format!("{at}.target.type"),
        target.kind,
        TARGET_TYPES,
    );
}
