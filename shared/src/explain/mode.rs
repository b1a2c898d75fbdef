//! The first link: the deployment mode.

use serde_json::{Map, Value};

use super::chain::{Chain, Source};
use crate::facts::Facts;
use crate::kserve::annotations::DEPLOYMENT_MODE;
use crate::kserve::standard::refuses_mode;
use crate::kserve::{Mode, ModeSource};
use crate::manifest::child;
use crate::rules;

/// A deployment mode, and what was written about it.
pub(super) struct Decided<'a> {
    /// The mode.
    pub(super) mode: &'a Mode,
    /// The annotations of the object, as written.
    pub(super) annotations: Option<&'a Map<String, Value>>,
    /// What ModelMesh means for this kind of object.
    pub(super) model_mesh: &'static str,
    /// The facts.
    pub(super) facts: &'a Facts,
}

impl Decided<'_> {
    /// Adds the reason for the deployment mode.
    pub(super) fn link(&self, chain: &mut Chain) {
        let mode = self.mode;
        let assumed = if self.facts.kserve_config.is_known() {
            ""
        } else {
            " (assumed)"
        };
        let config_map =
            format!("ConfigMap inferenceservice-config, defaultDeploymentMode{assumed}");
        let source = match mode.source {
            ModeSource::Status => Source::field("/status/deploymentMode"),
            ModeSource::Annotation => Source::annotation("/metadata", DEPLOYMENT_MODE),
            ModeSource::ConfigMap | ModeSource::ConfigMapAfterUnknownAnnotation => {
                Source::default(config_map)
            }
        };
        let release = self.facts.release();
        let effect = if mode.is_model_mesh() {
            self.model_mesh.to_owned()
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
        self.annotation(chain);
    }

    /// The annotation, where something else decided.
    fn annotation(&self, chain: &mut Chain) {
        let written = self.annotations.and_then(|map| map.get(DEPLOYMENT_MODE));
        let Some(value) = written else {
            return;
        };
        let release = self.facts.release();
        let (rule, why) = match self.mode.source {
            ModeSource::Status if value.as_str() != Some(self.mode.word.as_str()) => (
                &rules::KS113,
                "the mode recorded in status.deploymentMode wins",
            ),
            ModeSource::ConfigMapAfterUnknownAnnotation => (
                &rules::KS105,
                "not a deployment mode that this KServe release knows, so the cluster's default counts",
            ),
            _ => return,
        };
        // It decides over the mode no more, and yet it is read once more.
        let word = value.as_str().unwrap_or_default();
        if self.mode.is_standard(release) && refuses_mode(word, release) {
            chain.link(
                "deploymentMode",
                value.clone(),
                Source::annotation("/metadata", DEPLOYMENT_MODE),
                format!(
                    "{why}; but the annotation is read once more for the Deployment, and refused there"
                ),
            );
            return;
        }
        chain.inert(
            rule,
            child("/metadata/annotations", DEPLOYMENT_MODE),
            value,
            why,
        );
    }
}
