//! What one metric asks for, and how it is told.
//!
//! Source: horizontal.go, `computeReplicasForMetric` and what it calls.

use super::calculator::{Calculated, Calculator, ResourceQuery};
use super::observed::{Observed, PodUsage, PodValue, Reading, Scale, find};
use super::outcome::CurrentMetric;
use super::plan::{Metric, Plan, ResourceTarget, ValueTarget};
use super::selector_text::selector_text;
use crate::kubernetes::hpa::MetricIdentifier;
use crate::kubernetes::{Format, Quantity};

/// What one metric asks for.
pub(super) struct Proposal {
    pub(super) replicas: i32,
    /// How the metric is named in conditions and events.
    pub(super) name: String,
    pub(super) status: CurrentMetric,
}

/// Why a metric failed.
pub(super) struct MetricFailure {
    /// Of the event and the condition.
    pub(super) reason: &'static str,
    /// Of the event, and in the condition.
    pub(super) message: String,
    /// As it is told on, with more around it.
    pub(super) error: String,
}

/// Asks one metric.
pub(super) fn ask(
    calculator: &Calculator<'_>,
    plan: &Plan,
    metric: &Metric,
    observed: &Observed<'_>,
    scale: Scale,
) -> Result<Proposal, MetricFailure> {
    let readings = observed.readings;
    match metric {
        Metric::Resource {
            name,
            container,
            target,
        } => {
            let query = ResourceQuery {
                resource: name,
                container: container.as_deref(),
            };
            resource(calculator, query, *target, &readings.resource, scale)
        }
        Metric::Pods {
            metric,
            average_milli,
        } => {
            let none = Reading::default();
            let reading = find(&readings.pods, metric).unwrap_or(&none);
            pods(calculator, &metric.name, *average_milli, reading, scale)
        }
        Metric::External { metric, target } => {
            let none = Reading::default();
            let reading = find(&readings.external, metric).unwrap_or(&none);
            external(
                calculator,
                plan.namespace(),
                metric,
                *target,
                reading,
                scale,
            )
        }
    }
}

fn resource(
    calculator: &Calculator<'_>,
    query: ResourceQuery<'_>,
    target: ResourceTarget,
    reading: &Reading<PodUsage>,
    scale: Scale,
) -> Result<Proposal, MetricFailure> {
    let (resource, current) = (query.resource, scale.spec_replicas);
    let (asked, what) = match target {
        ResourceTarget::AverageValue(target) => (
            calculator.raw_resource_replicas(current, target, query, reading),
            "usage",
        ),
        ResourceTarget::Utilization(target) => (
            calculator.resource_replicas(current, target, query, reading),
            "utilization",
        ),
    };
    let asked = asked.map_err(|failure| {
        let message = format!("failed to get {resource} {what}: {}", failure.message);
        let (reason, of) = match query.container {
            Some(container) => (
                "FailedGetContainerResourceMetric",
                format!("{container} container"),
            ),
            None => ("FailedGetResourceMetric", format!("{resource} resource")),
        };
        MetricFailure {
            reason,
            error: format!("failed to get {of} metric value: {message}"),
            message,
        }
    })?;
    let name = match (target, query.container) {
        (ResourceTarget::AverageValue(_), _) => format!("{resource} resource"),
        (_, None) => format!("{resource} resource utilization (percentage of request)"),
        (_, Some(_)) => {
            format!("{resource} container resource utilization (percentage of request)")
        }
    };
    Ok(Proposal {
        replicas: asked.replicas,
        name,
        status: CurrentMetric {
            container: query.container.map(str::to_owned),
            average_utilization: asked.utilization,
            average_value: Some(resource_amount(resource, &asked)),
            ..named(resource)
        },
    })
}

fn pods(
    calculator: &Calculator<'_>,
    name: &str,
    target_milli: i64,
    reading: &Reading<PodValue>,
    scale: Scale,
) -> Result<Proposal, MetricFailure> {
    let asked = calculator
        .pods_metric_replicas(scale.spec_replicas, target_milli, name, reading)
        .map_err(|failure| MetricFailure {
            reason: "FailedGetPodsMetric",
            error: format!("failed to get pods metric value: {}", failure.message),
            message: failure.message,
        })?;
    Ok(Proposal {
        replicas: asked.replicas,
        name: format!("pods metric {name}"),
        status: CurrentMetric {
            average_value: Some(milli(asked.usage_milli)),
            ..named(name)
        },
    })
}

fn external(
    calculator: &Calculator<'_>,
    namespace: &str,
    metric: &MetricIdentifier,
    target: ValueTarget,
    reading: &Reading<i64>,
    scale: Scale,
) -> Result<Proposal, MetricFailure> {
    let name = &metric.name;
    let selector = selector_text(metric.selector.as_ref());
    let full_name = format!("{namespace}/{name}/{selector}");
    let (asked, what) = match target {
        ValueTarget::Value(target) => (
            calculator.external_replicas(scale.spec_replicas, target, &full_name, reading),
            format!("external metric {name}"),
        ),
        ValueTarget::AverageValue(target) => (
            calculator.external_per_pod_replicas(
                scale.status_replicas,
                target,
                &full_name,
                reading,
            ),
            format!("{name} external metric"),
        ),
    };
    let asked = asked.map_err(|failure| {
        let message = failure.message;
        MetricFailure {
            reason: "FailedGetExternalMetric",
            error: format!(
                "failed to get {name} external metric value: failed to get {what}: {message}"
            ),
            message,
        }
    })?;
    let amount = Some(milli(asked.usage_milli));
    let (value, average_value) = match target {
        ValueTarget::Value(_) => (amount, None),
        ValueTarget::AverageValue(_) => (None, amount),
    };
    Ok(Proposal {
        replicas: asked.replicas,
        name: format!("external metric {name}({selector})"),
        status: CurrentMetric {
            value,
            average_value,
            ..named(name)
        },
    })
}

fn named(name: &str) -> CurrentMetric {
    CurrentMetric {
        name: name.to_owned(),
        container: None,
        average_utilization: None,
        average_value: None,
        value: None,
    }
}

fn milli(amount: i64) -> Quantity {
    Quantity::from_milli(amount, Format::DecimalSi)
}

/// Memory is shown in whole bytes, with a binary suffix where one fits.
fn resource_amount(resource: &str, asked: &Calculated) -> Quantity {
    if resource == "memory" {
        Quantity::new(asked.usage_milli / 1000, Format::BinarySi)
    } else {
        milli(asked.usage_milli)
    }
}
