//! The mutating webhook, as far as it bears on autoscaling.
//! Source: kserve/kserve 0.11–0.20, `pkg/apis/serving/v1beta1/inference_service_defaults.go`.

use super::annotations::{DEPLOYMENT_MODE, MODEL_FORMAT};
use super::config::KserveConfig;
use super::mode::{normalise, standard_word};
use super::release::{Behaviour, Release};
use crate::knative::annotations::Annotations;
use crate::manifest::{InferenceService, containers};

/// What the defaulter leaves: the object's annotations, and what became of the mode annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaulted {
    /// The annotations after the webhook.
    pub annotations: Annotations,
    /// The mode annotation that the webhook wrote or rewrote, if it did.
    pub stamped_mode: Option<String>,
    /// Whether frameworks were turned into `model`. They are not for ModelMesh by annotation.
    pub converts_frameworks: bool,
}

/// The text with which the webhook itself fails on a predictor without any implementation (0.18 and later): a crash.
pub const PANIC_WITHOUT_PREDICTOR: &str =
    "panic: runtime error: index out of range [0] with length 0 [recovered]";

/// Runs the defaulter.
///
/// # Errors
/// The text with which the webhook fails: its own crash, where it crashes.
pub fn apply(
    service: &InferenceService<'_>,
    config: &KserveConfig,
    release: Release,
) -> Result<Defaulted, String> {
    let mut annotations = service.annotations.map(owned).unwrap_or_default();
    let written = annotations.get(DEPLOYMENT_MODE).cloned();
    let mut stamped_mode = None;
    let mut mode = written.clone().unwrap_or_default();
    if let Some(word) = &written {
        let new = normalise(word);
        if release.has(Behaviour::NormalisesMode) && new != word {
            stamped_mode = Some(new.to_owned());
            new.clone_into(&mut mode);
        }
    } else if let Ok(default) = &config.default_mode
        && (default == "ModelMesh" || default == standard_word(release))
    {
        stamped_mode = Some(default.clone());
    }
    if let Some(word) = &stamped_mode {
        annotations.insert(DEPLOYMENT_MODE.to_owned(), word.clone());
    }
    // The mode that counts here is the annotation as the user wrote it, not the default that was just stamped.
    let converts_frameworks = written.is_none() || mode != "ModelMesh";
    if converts_frameworks && release.has(Behaviour::ModelFormatAnnotation) {
        let format = service.predictor.model.map(|model| model.format);
        if let Some(format) = format.filter(|format| !format.is_empty()) {
            annotations
                .entry(MODEL_FORMAT.to_owned())
                .or_insert_with(|| format.to_owned());
        }
    }
    if release.has(Behaviour::PanicsWithoutPredictor)
        && service.predictor.model.is_none()
        && containers(service.predictor.fields, "containers").is_empty()
    {
        return Err(PANIC_WITHOUT_PREDICTOR.to_owned());
    }
    Ok(Defaulted {
        annotations,
        stamped_mode,
        converts_frameworks,
    })
}

/// A map of strings as owned annotations; values that are no strings were refused by the decoder already.
#[must_use]
pub fn owned(map: &serde_json::Map<String, serde_json::Value>) -> Annotations {
    map.iter()
        .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect()
}
