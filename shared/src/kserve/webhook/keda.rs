//! The rules for class `keda` in Standard mode (0.15 and later).

use super::Verdict;
use crate::kserve::outcome::NIL_POINTER;
use crate::kserve::release::{Behaviour, Release};
use crate::kubernetes::{Format, Quantity};
use crate::manifest::{Extension, Metric, ResourceMetric, Target};

const MEBIBYTE: i64 = 1 << 20;

pub(super) fn validate(extension: &Extension<'_>, release: Release) -> Verdict {
    if extension.scale_metric.is_some() {
        return Err("ScaleMetric is not supported for KEDA".to_owned());
    }
    let metrics = extension
        .auto_scaling
        .iter()
        .flat_map(|scaling| &scaling.metrics);
    metrics
        .into_iter()
        .try_for_each(|entry| metric(entry, release))
}

fn metric(metric: &Metric<'_>, release: Release) -> Verdict {
    match metric.kind {
        "Resource" => {
            let missing = "metricSpec.Resource is not set for resource metric source type";
            resource(metric.resource.as_ref().ok_or(missing)?, release)
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

fn resource(metric: &ResourceMetric<'_>, release: Release) -> Verdict {
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
            let value = metric.target.average_value.as_ref();
            let crashes = release.has(Behaviour::PanicsWithoutAverageValue);
            if kind == "AverageValue" && value.is_none() && crashes {
                return Err(NIL_POINTER.to_owned());
            }
            // An absent value counts as zero since, so it is "too small" before it is "not set".
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::knative::annotations::Annotations;
    use crate::kserve::Release;
    use crate::kserve::webhook::validate_create;
    use crate::manifest::InferenceService;

    /// kserve/kserve 0.15.2, `validateScalingKedaCompExtension` compares a nil quantity; 0.16.0 takes it for zero. All
    /// checks of a component run before any is looked at, so the crash comes before the error about minReplicas.
    #[test]
    fn a_memory_metric_without_a_value_crashes_0_15() {
        let value = json!({"metadata": {"name": "m"}, "spec": {"predictor": {
            "sklearn": {}, "minReplicas": -1,
            "autoScaling": {"metrics": [{"type": "Resource", "resource": {
                "name": "memory", "target": {"type": "AverageValue"},
            }}]},
        }}});
        let told = |release, mode: &str| {
            let service = InferenceService::decode(&value, release).unwrap();
            let annotations = Annotations::from([
                (
                    "serving.kserve.io/deploymentMode".to_owned(),
                    mode.to_owned(),
                ),
                (
                    "serving.kserve.io/autoscalerClass".to_owned(),
                    "keda".to_owned(),
                ),
            ]);
            validate_create(&service, &annotations, release).unwrap_err()
        };
        assert_eq!(
            told(Release::new(0, 15, 2), "RawDeployment"),
            "panic: runtime error: invalid memory address or nil pointer dereference [recovered]"
        );
        assert_eq!(
            told(Release::new(0, 16, 0), "Standard"),
            "'MinReplicas' cannot be less than 0"
        );
    }
}
