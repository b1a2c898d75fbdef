//! The HPA that KServe makes in Standard mode.
//! Source: kserve/kserve 0.11–0.20, `reconcilers/hpa/hpa_reconciler.go`.

use crate::go::atoi;
use crate::knative::annotations::Annotations;
use crate::kserve::annotations::TARGET_UTILIZATION;
use crate::kserve::outcome::Failure;
use crate::kserve::release::{Behaviour, Release};
use crate::kubernetes::hpa::{Behavior, HpaSpec, MetricSpec, MetricTarget, ObjectReference};
use crate::manifest::{AutoScaling, Extension, ResourceMetric};

/// The default utilisation for cpu, in percent.
pub const DEFAULT_UTILIZATION: i32 = 80;

/// Builds the HPA of a component whose objects are called `name`.
///
/// # Errors
/// The release's controller crashes on this input.
pub fn build(
    name: &str,
    extension: &Extension<'_>,
    annotations: &Annotations,
    release: Release,
) -> Result<HpaSpec, Failure> {
    let min = truncate(extension.min_replicas.unwrap_or(1).max(1));
    let max = truncate(extension.max_replicas).max(min);
    Ok(HpaSpec {
        scale_target_ref: ObjectReference::deployment(name.to_owned()),
        min_replicas: Some(min),
        max_replicas: max,
        metrics: metrics(extension, annotations, release)?,
        behavior: Some(Behavior::default()),
    })
}

/// Go's conversion to 32 bits, which wraps. Only releases before 0.15 accept numbers it changes.
fn truncate(number: i64) -> i32 {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the wrap-around is what upstream does"
    )]
    let wrapped = number as i32;
    wrapped
}

fn metrics(
    extension: &Extension<'_>,
    annotations: &Annotations,
    release: Release,
) -> Result<Vec<MetricSpec>, Failure> {
    if release.has(Behaviour::AnnotationHpa) {
        return Ok(vec![annotation_metric(extension, annotations)]);
    }
    match &extension.auto_scaling {
        Some(scaling) => listed(scaling, release),
        None => Ok(single(extension).into_iter().collect()),
    }
}

/// Until 0.14: one metric, whatever its name, with a default of 80 %.
fn annotation_metric(extension: &Extension<'_>, annotations: &Annotations) -> MetricSpec {
    let utilization = match (extension.scale_target, annotations.get(TARGET_UTILIZATION)) {
        (Some(target), _) => truncate(target),
        // The error of a text that is no number is dropped, and zero is left.
        (None, Some(text)) => atoi(text).map_or(0, truncate),
        (None, None) => DEFAULT_UTILIZATION,
    };
    let name = extension.scale_metric.unwrap_or("cpu");
    MetricSpec::resource(name, MetricTarget::utilization(utilization))
}

/// Since 0.15, without autoScaling: cpu has a default, memory has none, and any other name means no metric at all.
fn single(extension: &Extension<'_>) -> Option<MetricSpec> {
    let target = extension.scale_target.map(truncate);
    match extension.scale_metric.unwrap_or("cpu") {
        "cpu" => {
            let target = target.unwrap_or(DEFAULT_UTILIZATION);
            Some(MetricSpec::resource(
                "cpu",
                MetricTarget::utilization(target),
            ))
        }
        "memory" => Some(MetricSpec::resource(
            "memory",
            MetricTarget::utilization(target?),
        )),
        _ => None,
    }
}

fn listed(scaling: &AutoScaling<'_>, release: Release) -> Result<Vec<MetricSpec>, Failure> {
    let mut specs = Vec::new();
    for metric in &scaling.metrics {
        match &metric.resource {
            Some(resource) => specs.extend(of_resource(resource)),
            None if release.has(Behaviour::PanicsWithoutResource) => {
                return Err(Failure::nil_pointer());
            }
            None => {}
        }
    }
    Ok(specs)
}

fn of_resource(resource: &ResourceMetric<'_>) -> Option<MetricSpec> {
    let target = &resource.target;
    let utilization = target.average_utilization.map(truncate);
    match resource.name {
        // For cpu the target's type is not looked at.
        "cpu" => {
            let percent = utilization.unwrap_or(DEFAULT_UTILIZATION);
            Some(MetricSpec::resource(
                "cpu",
                MetricTarget::utilization(percent),
            ))
        }
        "memory" => {
            let mut sent = MetricTarget::default();
            match target.kind {
                "Utilization" => {
                    sent.kind = "Utilization".to_owned();
                    sent.average_utilization = utilization;
                }
                "AverageValue" => {
                    sent.kind = "AverageValue".to_owned();
                    sent.average_value = target
                        .average_value
                        .as_ref()
                        .map(|value| value.quantity.clone());
                }
                _ => {}
            }
            Some(MetricSpec::resource("memory", sent))
        }
        _ => None,
    }
}
