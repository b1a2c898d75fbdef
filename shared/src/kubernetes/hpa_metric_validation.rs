//! What the API server refuses in one metric of a HorizontalPodAutoscaler.
//!
//! Source: kubernetes/kubernetes 1.36, pkg/apis/autoscaling/validation/validation.go; the shape of the texts is that of
//! k8s.io/apimachinery 0.34, pkg/util/validation/field/errors.go.

use std::fmt::Display;

use super::hpa::{MetricIdentifier, MetricSpec, MetricTarget, ResourceMetric};
use super::hpa_validation::validate_reference;
use super::names;
use crate::go::quote;

const SOURCES: [&str; 5] = [
    "ContainerResource",
    "External",
    "Object",
    "Pods",
    "Resource",
];

/// A value that is not allowed.
pub(super) fn invalid(path: &str, value: impl Display, what: &str) -> String {
    format!("{path}: Invalid value: {value}: {what}")
}

/// A value that is missing.
pub(super) fn required(path: &str, what: &str) -> String {
    if what.is_empty() {
        format!("{path}: Required value")
    } else {
        format!("{path}: Required value: {what}")
    }
}

/// A value that may not be there.
pub(super) fn forbidden(path: &str, what: &str) -> String {
    format!("{path}: Forbidden: {what}")
}

/// A value that is none of the known ones.
pub(super) fn not_supported(path: &str, value: &str, known: &[&str]) -> String {
    let known = known
        .iter()
        .map(|k| quote(k))
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        "{path}: Unsupported value: {}: supported values: {known}",
        quote(value)
    )
}

/// Checks the metric at `index`.
pub(super) fn validate_metric(spec: &MetricSpec, index: usize, errors: &mut Vec<String>) {
    let path = format!("spec.metrics[{index}]");
    if spec.kind.is_empty() {
        errors.push(required(
            &format!("{path}.type"),
            "must specify a metric source type",
        ));
    }
    let known = SOURCES.contains(&spec.kind.as_str());
    if !known {
        errors.push(not_supported(&format!("{path}.type"), &spec.kind, &SOURCES));
    }
    let present = present_sources(spec);
    // Only the first source that is there is looked into.
    if let Some((_, first)) = present.first() {
        validate_source(spec, first, &format!("{path}.{first}"), errors);
    }
    let expected = present.iter().find(|(kind, _)| *kind == spec.kind);
    if !known {
        errors.push(not_supported(&format!("{path}.type"), &spec.kind, &SOURCES));
    } else if expected.is_none() {
        let field = field_of(&spec.kind);
        errors.push(required(
            &format!("{path}.{field}"),
            "must populate information for the given metric source",
        ));
    }
    if present.len() != 1 {
        // Upstream walks a set in no order; the names in order are as good as any.
        let mut others: Vec<_> = present
            .iter()
            .filter(|(kind, _)| *kind != spec.kind)
            .map(|(_, field)| field)
            .collect();
        others.sort_unstable();
        for field in others {
            errors.push(forbidden(
                &format!("{path}.{field}"),
                "must populate the given metric source only",
            ));
        }
    }
}

fn field_of(kind: &str) -> &'static str {
    match kind {
        "Object" => "object",
        "External" => "external",
        "Pods" => "pods",
        "Resource" => "resource",
        _ => "containerResource",
    }
}

/// Type and field name of each source that is there, in the order in which upstream looks.
fn present_sources(spec: &MetricSpec) -> Vec<(&'static str, &'static str)> {
    [
        ("Object", spec.object.is_some()),
        ("External", spec.external.is_some()),
        ("Pods", spec.pods.is_some()),
        ("Resource", spec.resource.is_some()),
        ("ContainerResource", spec.container_resource.is_some()),
    ]
    .into_iter()
    .filter(|(_, there)| *there)
    .map(|(kind, _)| (kind, field_of(kind)))
    .collect()
}

fn validate_source(spec: &MetricSpec, field: &str, path: &str, errors: &mut Vec<String>) {
    if let (Some(object), "object") = (&spec.object, field) {
        validate_reference(
            &object.described_object,
            &format!("{path}.describedObject"),
            errors,
        );
        validate_identifier(&object.metric, path, errors);
        validate_target(&object.target, path, errors);
        if object.target.value.is_none() && object.target.average_value.is_none() {
            let what = "must set either a target value or averageValue";
            errors.push(required(&format!("{path}.target.averageValue"), what));
        }
    } else if let (Some(external), "external") = (&spec.external, field) {
        validate_identifier(&external.metric, path, errors);
        validate_target(&external.target, path, errors);
        match (&external.target.value, &external.target.average_value) {
            (None, None) => {
                let what = "must set either a target value for metric or a per-pod target";
                errors.push(required(&format!("{path}.target.averageValue"), what));
            }
            (Some(_), Some(_)) => {
                let what = "may not set both a target value for metric and a per-pod target";
                errors.push(forbidden(&format!("{path}.target.value"), what));
            }
            _ => {}
        }
    } else if let (Some(pods), "pods") = (&spec.pods, field) {
        validate_identifier(&pods.metric, path, errors);
        validate_target(&pods.target, path, errors);
        if pods.target.average_value.is_none() {
            let what = "must specify a positive target averageValue";
            errors.push(required(&format!("{path}.target.averageValue"), what));
        }
    } else if let (Some(resource), "resource") = (&spec.resource, field) {
        validate_resource(resource, path, errors);
    } else if let (Some(resource), "containerResource") = (&spec.container_resource, field) {
        if resource.name.is_empty() {
            errors.push(required(
                &format!("{path}.name"),
                "must specify a resource name",
            ));
        }
        if resource.container.is_empty() {
            errors.push(required(
                &format!("{path}.container"),
                "must specify a container",
            ));
        }
        validate_target(&resource.target, path, errors);
        validate_resource_target(&resource.target, path, errors);
    }
}

fn validate_resource(resource: &ResourceMetric, path: &str, errors: &mut Vec<String>) {
    if resource.name.is_empty() {
        errors.push(required(
            &format!("{path}.name"),
            "must specify a resource name",
        ));
    }
    validate_target(&resource.target, path, errors);
    validate_resource_target(&resource.target, path, errors);
}

/// A resource is aimed at by an amount or by a utilisation, not both.
fn validate_resource_target(target: &MetricTarget, path: &str, errors: &mut Vec<String>) {
    match (target.average_utilization, &target.average_value) {
        (None, None) => {
            let what = "must set either a target raw value or a target utilization";
            errors.push(required(&format!("{path}.target.averageUtilization"), what));
        }
        (Some(_), Some(_)) => {
            let what = "may not set both a target raw value and a target utilization";
            errors.push(forbidden(&format!("{path}.target.averageValue"), what));
        }
        _ => {}
    }
}

fn validate_target(target: &MetricTarget, path: &str, errors: &mut Vec<String>) {
    if target.kind.is_empty() {
        errors.push(required(
            &format!("{path}.target.type"),
            "must specify a metric target type",
        ));
    }
    if !["Utilization", "Value", "AverageValue"].contains(&target.kind.as_str()) {
        let what = "must be either Utilization, Value, or AverageValue";
        errors.push(invalid(
            &format!("{path}.target.type"),
            quote(&target.kind),
            what,
        ));
    }
    for (field, amount) in [
        ("value", &target.value),
        ("averageValue", &target.average_value),
    ] {
        if let Some(amount) = amount
            && !amount.is_positive()
        {
            errors.push(invalid(
                &format!("{path}.target.{field}"),
                quote(&amount.to_string()),
                "must be positive",
            ));
        }
    }
    if let Some(percent) = target.average_utilization
        && percent < 1
    {
        errors.push(invalid(
            &format!("{path}.target.averageUtilization"),
            percent,
            "must be greater than 0",
        ));
    }
}

fn validate_identifier(metric: &MetricIdentifier, path: &str, errors: &mut Vec<String>) {
    let path = format!("{path}.metric.name");
    if metric.name.is_empty() {
        errors.push(required(&path, "must specify a metric name"));
    }
    for message in names::path_segment_errors(&metric.name) {
        errors.push(invalid(&path, quote(&metric.name), &message));
    }
}
