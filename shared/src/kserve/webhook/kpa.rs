//! The rules for the KPA: everything that is not Standard mode and not Knative's HPA class.

use super::{Verdict, unsupported_metric};
use crate::kserve::release::{Behaviour, Release};
use crate::manifest::Extension;

pub(super) fn validate(extension: &Extension<'_>, release: Release) -> Verdict {
    if extension.has_deployment_strategy {
        return Err(
            "customizing deploymentStrategy is only supported for raw deployment mode".to_owned(),
        );
    }
    let metric = extension.scale_metric.unwrap_or("concurrency");
    if !matches!(metric, "concurrency" | "rps") {
        return Err(unsupported_metric(metric, release));
    }
    // The text says greater than 1, the check accepts 1.
    if metric == "rps" && extension.scale_target.is_some_and(|target| target < 1) {
        let capital = if release.has(Behaviour::CapitalRpsMessage) {
            "The"
        } else {
            "the"
        };
        return Err(format!("{capital} target for rps should be greater than 1"));
    }
    Ok(())
}
