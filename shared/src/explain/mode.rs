//! The first link: the deployment mode.

use super::chain::{Chain, Source};
use crate::facts::Facts;
use crate::kserve::annotations::DEPLOYMENT_MODE;
use crate::kserve::{Mode, ModeSource, Prediction};
use crate::rules;

/// Adds the reason for the deployment mode.
pub(super) fn link(chain: &mut Chain, prediction: &Prediction<'_>, facts: &Facts) {
    let release = facts.release();
    let mode = &prediction.mode;
    let assumed = if facts.kserve_config.is_known() {
        ""
    } else {
        " (assumed)"
    };
    let config_map = format!("ConfigMap inferenceservice-config, defaultDeploymentMode{assumed}");
    let source = match mode.source {
        ModeSource::Status => Source::field("/status/deploymentMode"),
        ModeSource::Annotation => Source::annotation("/metadata", DEPLOYMENT_MODE),
        ModeSource::ConfigMap | ModeSource::ConfigMapAfterUnknownAnnotation => {
            Source::default(config_map)
        }
    };
    let effect = if mode.is_model_mesh() {
        "KServe leaves the predictor to ModelMesh".to_owned()
    } else if mode.is_standard(release) {
        "KServe makes a Deployment and its autoscaler".to_owned()
    } else if mode.is_knative(release) {
        "KServe makes a Knative Service".to_owned()
    } else {
        format!(
            "no mode that KServe {release} knows: everything but Standard mode takes the Knative way"
        )
    };
    chain.link("deploymentMode", mode.word.as_str(), source, effect);
    unused_annotation(chain, prediction, mode);
}

/// The annotation, where something else decided.
fn unused_annotation(chain: &mut Chain, prediction: &Prediction<'_>, mode: &Mode) {
    let annotations = prediction.service.annotations;
    let Some(value) = annotations.and_then(|map| map.get(DEPLOYMENT_MODE)) else {
        return;
    };
    let pointer = crate::manifest::child("/metadata/annotations", DEPLOYMENT_MODE);
    match mode.source {
        ModeSource::Status if value.as_str() != Some(mode.word.as_str()) => {
            chain.inert(
                &rules::KS113,
                pointer,
                value,
                "the mode recorded in status.deploymentMode wins",
            );
        }
        ModeSource::ConfigMapAfterUnknownAnnotation => {
            chain.inert(
                &rules::KS105,
                pointer,
                value,
                "not a deployment mode that this KServe release knows, so the cluster's default counts",
            );
        }
        _ => {}
    }
}
