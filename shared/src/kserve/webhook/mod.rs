//! The validating webhook: its exact texts, in its exact order. The first error wins.
//! Source: kserve/kserve 0.11–0.20, `pkg/apis/serving/v1beta1/inference_service_validation.go` and `component.go`.

mod autoscaler;
mod canary;
mod hpa;
mod implementation;
mod keda;
mod kpa;
mod multi_node;
mod replicas;
mod storage;

pub use implementation::implementation_count;

use super::annotations::{AUTOSCALER_CLASS, DEPLOYMENT_MODE, METRICS, TARGET_UTILIZATION};
use super::mode::{normalise, standard_word};
use super::outcome::NIL_POINTER;
use super::release::{Behaviour, Release};
use crate::knative::annotations::{Annotations, CLASS, HPA_CLASS};
use crate::manifest::{Component, Extension, InferenceService};

/// What a check finds: KServe's own text, or nothing.
pub(super) type Verdict = Result<(), String>;

/// Validates an object on creation. `annotations` are those that the defaulter left.
///
/// # Errors
/// The webhook's text.
pub fn validate_create(
    service: &InferenceService<'_>,
    annotations: &Annotations,
    release: Release,
) -> Verdict {
    name(service, release)?;
    autoscaler::class(annotations, release)?;
    if release.has(Behaviour::AnnotationHpa) {
        autoscaler::target_utilization(annotations.get(TARGET_UTILIZATION), release)?;
    }
    if release.has(Behaviour::BlockedEnvCheck) {
        storage::blocked_env(service)?;
    }
    if release.has(Behaviour::MultiNodeValidation) {
        multi_node::validate(service, annotations, release)?;
    }
    if release.has(Behaviour::CollocationCheck) {
        storage::collocation(&service.predictor)?;
    }
    if release.has(Behaviour::ModelNameCheck) {
        implementation::model_name(&service.predictor)?;
    }
    if release.has(Behaviour::StorageUris) {
        storage::uris(service)?;
    }
    if release.has(Behaviour::Canary) {
        storage::confidential(&service.predictor)?;
    }
    for component in service.components() {
        implementation::exactly_one(component, release)?;
        let scaling = scaling(component, annotations, release);
        if scaling.as_ref().is_err_and(|text| text == NIL_POINTER) {
            // Upstream runs all three checks before it looks at any, so a crash in the last comes first.
            return scaling;
        }
        implementation::validate(component, release)?;
        replicas::validate(&component.extension, release)?;
        scaling?;
    }
    if release.has(Behaviour::Canary) {
        canary::validate(service, annotations, release)?;
    }
    Ok(())
}

/// Validates an update: what is compared with the recorded status first, then everything else as on creation.
/// `old_status` is `status.deploymentMode` of the object as it was.
///
/// # Errors
/// The webhook's text.
pub fn validate_update(
    service: &InferenceService<'_>,
    annotations: &Annotations,
    old_status: &str,
    release: Release,
) -> Verdict {
    if service.deleting && release.has(Behaviour::SkipsDeleting) {
        return Ok(());
    }
    if release.has(Behaviour::StatusMode) {
        mode_unchanged(annotations, old_status, release)?;
    }
    validate_create(service, annotations, release)
}

fn mode_unchanged(annotations: &Annotations, old_status: &str, release: Release) -> Verdict {
    let recorded = match (old_status, release.has(Behaviour::NormalisesStatus)) {
        ("", _) if release.has(Behaviour::EmptyStatusIsStandard) => "Standard",
        ("", _) => return Ok(()),
        (status, true) => normalise(status),
        (status, false) => status,
    };
    match annotations.get(DEPLOYMENT_MODE) {
        Some(written) if written != recorded => Err(format!(
            "update rejected: deploymentMode cannot be changed from '{recorded}' to '{written}'"
        )),
        _ => Ok(()),
    }
}

/// The names that KServe accepts, as its messages print the rule.
const NAME_RULE: &str = "[a-z]([-a-z0-9]*[a-z0-9])?";

fn name(service: &InferenceService<'_>, release: Release) -> Verdict {
    let name = service.name;
    let letter = |byte: u8| byte.is_ascii_lowercase();
    let inner = |byte: u8| letter(byte) || byte.is_ascii_digit() || byte == b'-';
    let bytes = name.as_bytes();
    let starts = bytes.first().copied().is_some_and(letter);
    let ends = bytes
        .last()
        .copied()
        .is_some_and(|byte| inner(byte) && byte != b'-');
    if starts && ends && bytes.iter().copied().all(inner) {
        return Ok(());
    }
    let start = if release.has(Behaviour::OldMessages) {
        "The"
    } else {
        "the"
    };
    Err(format!(
        "{start} InferenceService \"{name}\" is invalid: a InferenceService name must consist of lower case alphanumeric \
         characters or '-', and must start with alphabetical character. (e.g. \"my-name\" or \"abc-123\", regex used for \
         validation is '{NAME_RULE}')"
    ))
}

/// Which rules judge a component's scaling fields. Only annotations of the object itself count here, although the
/// controller later reads the component's and the runtime's too: most of the traps come from that difference.
fn scaling(component: &Component<'_>, annotations: &Annotations, release: Release) -> Verdict {
    let extension = &component.extension;
    let knative_hpa = CLASS.value(annotations) == Some(HPA_CLASS);
    let standard = judged_as_standard(annotations, release);
    if !release.has(Behaviour::ValidatesByClass) {
        return if standard || knative_hpa {
            hpa::validate(extension, release)
        } else {
            kpa::validate(extension, release)
        };
    }
    if !standard {
        return if knative_hpa {
            hpa::validate(extension, release)
        } else {
            kpa::validate(extension, release)
        };
    }
    match annotations.get(AUTOSCALER_CLASS).map(String::as_str) {
        Some("hpa") => hpa::validate(extension, release),
        Some("keda") => keda::validate(extension, release),
        _ => Ok(()),
    }
}

/// Whether the rules of Standard mode judge the scaling fields of an object with these annotations. The mode that the status
/// records, and that the controller goes by, is not asked.
pub(crate) fn judged_as_standard(annotations: &Annotations, release: Release) -> bool {
    let mode = annotations.get(DEPLOYMENT_MODE).map_or("", String::as_str);
    mode == standard_word(release)
        && !(release.has(Behaviour::OldNameJudgedAsKnative) && mode == "RawDeployment")
}

/// Whether the rules for the class keda take the scaling fields of a component.
pub(crate) fn keda_accepts(extension: &Extension<'_>, release: Release) -> bool {
    keda::validate(extension, release).is_ok()
}

/// The message about a metric that is not among those of an autoscaler; the same for all of them.
fn unsupported_metric(metric: &str, release: Release) -> String {
    let end = if release.has(Behaviour::OldMessages) {
        ".\n"
    } else {
        ""
    };
    format!("[{metric}] is not a supported metric{end}")
}

/// The message about a percentage.
fn percentage(release: Release) -> String {
    if release.has(Behaviour::OldMessages) {
        "The target utilization percentage should be a [1-100] integer.".to_owned()
    } else {
        "the target utilization percentage should be a [1-100] integer".to_owned()
    }
}

/// The deprecated `metrics` annotation, where it is still validated.
fn metrics_annotation(annotations: &Annotations) -> Option<&String> {
    annotations.get(METRICS)
}
