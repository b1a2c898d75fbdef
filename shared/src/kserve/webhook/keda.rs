//! The rules for class `keda` in Standard mode (0.15 and later).

use super::Verdict;
use crate::kubernetes::{Format, Quantity};
use crate::manifest::{Extension, Metric, ResourceMetric, Target};

const MEBIBYTE: i64 = 1 << 20;

pub(super) fn validate(extension: &Extension<'_>) -> Verdict {
    if extension.scale_metric.is_some() {
        return Err("ScaleMetric is not supported for KEDA".to_owned());
    }
    let metrics = extension
        .auto_scaling
        .iter()
        .flat_map(|scaling| &scaling.metrics);
    metrics.into_iter().try_for_each(metric)
}

fn metric(metric: &Metric<'_>) -> Verdict {
    match metric.kind {
        "Resource" => {
            let missing = "metricSpec.Resource is not set for resource metric source type";
            resource(metric.resource.as_ref().ok_or(missing)?)
        }
        "External" => {
            let missing = "metricSpec.External is not set for external metric source type";
            let external = metric.external.as_ref().ok_or(missing)?;
            query(external.query, &external.target)
        }
        "PodMetric" => {
            let missing = "metricSpec.PodMetric is not set for pod metric source type";
            let pod = metric.pod.as_ref().ok_or(missing)?;
            query(pod.query, &pod.target)
        }
        other => Err(format!(
            "unknown KEDA metric type with value [{other}].Valid types are Resource,External,PodMetric"
        )),
    }
}

fn resource(metric: &ResourceMetric<'_>) -> Verdict {
    let kind = metric.target.kind;
    match metric.name {
        "cpu" if kind != "Utilization" => {
            return Err("the cpu target value type should be Utilization".to_owned());
        }
        "cpu" => {}
        "memory" if !matches!(kind, "AverageValue" | "Utilization") => {
            return Err(
                "the memory target value type should be AverageValue or Utilization".to_owned(),
            );
        }
        "memory" => {
            // An absent value counts as zero here, so it is "too small" before it is "not set".
            let value = metric.target.average_value.as_ref();
            let enough = value
                .is_some_and(|value| value.quantity >= Quantity::new(MEBIBYTE, Format::BinarySi));
            if kind == "AverageValue" && !enough {
                return Err("the memory target value should be greater than 1 MiB".to_owned());
            }
        }
        other => return Err(format!("resource type {other} is not supported")),
    }
    target(&metric.target)
}

fn query(query: &str, scale_target: &Target<'_>) -> Verdict {
    if query.is_empty() {
        return Err("the query should not be empty".to_owned());
    }
    if scale_target.value.is_none() {
        return Err("the target threshold value should not be empty".to_owned());
    }
    target(scale_target)
}

fn target(target: &Target<'_>) -> Verdict {
    match target.kind {
        "Utilization" => match target.average_utilization {
            None => Err("the AverageUtilization type should be set".to_owned()),
            Some(percent) if (1..=100).contains(&percent) => Ok(()),
            Some(_) => {
                Err("the target utilization percentage should be a [1-100] integer".to_owned())
            }
        },
        "AverageValue" if target.average_value.is_none() => {
            Err("the AverageValue type should be set".to_owned())
        }
        "Value" if target.value.is_none() => Err("the Value type should be set".to_owned()),
        _ => Ok(()),
    }
}
