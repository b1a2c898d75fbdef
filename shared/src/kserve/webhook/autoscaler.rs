//! `serving.kserve.io/autoscalerClass` and the annotations that went with it until 0.14. Checked in every mode.

use super::{Verdict, hpa, metrics_annotation, percentage};
use crate::go::atoi;
use crate::knative::annotations::Annotations;
use crate::kserve::annotations::AUTOSCALER_CLASS;
use crate::kserve::release::{Behaviour, Release};

/// Which classes a release accepts. `kpa` is none of them, in any release.
fn is_allowed(class: &str, release: Release) -> bool {
    match class {
        "hpa" => true,
        "external" => release.has(Behaviour::ClassExternal),
        "keda" => release.has(Behaviour::ClassKeda),
        "none" => release.has(Behaviour::ClassNone),
        _ => false,
    }
}

pub(super) fn class(annotations: &Annotations, release: Release) -> Verdict {
    let Some(class) = annotations.get(AUTOSCALER_CLASS) else {
        return Ok(());
    };
    if !is_allowed(class, release) {
        let end = if release.has(Behaviour::OldMessages) {
            ".\n"
        } else {
            ""
        };
        return Err(format!(
            "[{class}] is not a supported autoscaler class type{end}"
        ));
    }
    match metrics_annotation(annotations) {
        Some(metric) if class == "hpa" && release.has(Behaviour::AnnotationHpa) => {
            hpa::metric(metric, release)
        }
        _ => Ok(()),
    }
}

pub(super) fn target_utilization(value: Option<&String>, release: Release) -> Verdict {
    match value.map(|text| atoi(text)) {
        None => Ok(()),
        Some(Ok(number)) if (1..=100).contains(&number) => Ok(()),
        Some(_) => Err(percentage(release)),
    }
}
