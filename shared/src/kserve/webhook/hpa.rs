//! The rules for the HPA: class `hpa` in Standard mode, and Knative's HPA class.

use super::{Verdict, percentage, unsupported_metric};
use crate::kserve::release::{Behaviour, Release};
use crate::manifest::Extension;

pub(super) fn metric(metric: &str, release: Release) -> Verdict {
    if matches!(metric, "cpu" | "memory") {
        Ok(())
    } else {
        Err(unsupported_metric(metric, release))
    }
}

pub(super) fn validate(extension: &Extension<'_>, release: Release) -> Verdict {
    let name = extension.scale_metric.unwrap_or("cpu");
    metric(name, release)?;
    if let Some(target) = extension.scale_target {
        // The precedence of Go's && and ||: a memory target above 100 is refused as a percentage too.
        if (name == "cpu" && target < 1) || target > 100 {
            return Err(percentage(release));
        }
        if name == "memory" && target < 1 {
            let capital = if release.has(Behaviour::OldMessages) {
                "The"
            } else {
                "the"
            };
            return Err(format!(
                "{capital} target memory should be greater than 1 MiB"
            ));
        }
    }
    let metrics = extension
        .auto_scaling
        .iter()
        .flat_map(|scaling| &scaling.metrics);
    for entry in metrics {
        if entry.kind != "Resource" {
            return Err(format!(
                "invalid HPA metric source type with value [{}],valid metric source types are Resource",
                entry.kind
            ));
        }
        if entry.resource.is_none() {
            return Err(
                "metricSpec.Resource is not set for resource metric source type".to_owned(),
            );
        }
    }
    Ok(())
}
