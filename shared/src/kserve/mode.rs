//! The deployment mode, and where it comes from.
//! Source: kserve/kserve 0.11–0.20, `pkg/controller/v1beta1/inferenceservice/utils/utils.go` `GetDeploymentMode`.

use super::release::{Behaviour, Release};

/// A deployment mode as one release sees it. Words that no release knows are kept: the controller acts on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mode {
    /// The word, in the release's own spelling: `Knative` or `Serverless`, `Standard` or `RawDeployment`, `ModelMesh`, or
    /// whatever the status held.
    pub word: String,
    /// What decided.
    pub source: ModeSource,
}

/// What decided the deployment mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeSource {
    /// `status.deploymentMode`, which wins over everything.
    Status,
    /// The annotation on the object.
    Annotation,
    /// `deploy.defaultDeploymentMode` of inferenceservice-config, since nothing better was said.
    ConfigMap,
    /// The same, since the annotation's value is no mode this release knows.
    ConfigMapAfterUnknownAnnotation,
}

impl Mode {
    /// Whether the controller makes plain Kubernetes objects.
    #[must_use]
    pub fn is_standard(&self, release: Release) -> bool {
        self.word == standard_word(release)
    }

    /// Whether the controller checks for Knative before it goes on. Every mode but Standard takes the Knative way; only
    /// this one is checked.
    #[must_use]
    pub fn is_knative(&self, release: Release) -> bool {
        self.word == knative_word(release)
    }

    /// Whether the predictor is left to ModelMesh.
    #[must_use]
    pub fn is_model_mesh(&self) -> bool {
        self.word == "ModelMesh"
    }

    /// The mode in the names used since 0.16; unknown words stay as they are.
    #[must_use]
    pub fn modern(&self) -> &str {
        normalise(&self.word)
    }
}

/// The release's word for Standard mode.
#[must_use]
pub(super) fn standard_word(release: Release) -> &'static str {
    if release.has(Behaviour::NewModeNames) {
        "Standard"
    } else {
        "RawDeployment"
    }
}

/// The release's word for Knative mode.
#[must_use]
pub(super) fn knative_word(release: Release) -> &'static str {
    if release.has(Behaviour::NewModeNames) {
        "Knative"
    } else {
        "Serverless"
    }
}

/// The new name of an old mode name; everything else unchanged.
#[must_use]
pub fn normalise(word: &str) -> &str {
    match word {
        "RawDeployment" => "Standard",
        "Serverless" => "Knative",
        other => other,
    }
}

/// Resolves the mode from the recorded status, the annotation and the cluster's default (the latter as
/// [`super::KserveConfig`] reads it). An empty default is possible: then the mode is empty too, and takes the Knative way.
#[must_use]
pub fn resolve(status: &str, annotation: Option<&str>, default: &str, release: Release) -> Mode {
    if !status.is_empty() {
        let word = if release.has(Behaviour::NormalisesStatus) {
            normalise(status)
        } else {
            status
        };
        return Mode {
            word: word.to_owned(),
            source: ModeSource::Status,
        };
    }
    let known = annotation.and_then(|written| known_word(written, release));
    let (word, source) = match (known, annotation) {
        (Some(word), _) => (word, ModeSource::Annotation),
        (None, Some(_)) => (default, ModeSource::ConfigMapAfterUnknownAnnotation),
        (None, None) => (default, ModeSource::ConfigMap),
    };
    Mode {
        word: word.to_owned(),
        source,
    }
}

fn known_word(written: &str, release: Release) -> Option<&str> {
    let word = if release.has(Behaviour::NewModeNames) {
        normalise(written)
    } else {
        written
    };
    let known = [standard_word(release), knative_word(release), "ModelMesh"];
    known.contains(&word).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_wins_and_unknown_words_fall_through() {
        let release = Release::NEWEST;
        let mode = resolve("RawDeployment", Some("Knative"), "Knative", release);
        assert_eq!(
            (mode.word.as_str(), mode.source),
            ("Standard", ModeSource::Status)
        );
        let mode = resolve("", Some("raw"), "Knative", release);
        assert_eq!(mode.source, ModeSource::ConfigMapAfterUnknownAnnotation);
        let mode = resolve("", Some("Serverless"), "Standard", release);
        assert_eq!(
            (mode.word.as_str(), mode.source),
            ("Knative", ModeSource::Annotation)
        );
    }

    #[test]
    fn before_0_16_the_new_names_are_unknown() {
        let mode = resolve("", Some("Standard"), "Serverless", Release::new(0, 15, 2));
        assert_eq!(mode.word, "Serverless");
        // From 0.16 to 0.18 an old name in the status is neither mode.
        let mode = resolve("RawDeployment", None, "Knative", Release::new(0, 17, 1));
        assert!(!mode.is_standard(Release::new(0, 17, 1)));
    }
}
