//! Which `serving-hpa.yaml` belongs to which Knative.
//!
//! Knative releases its HPA extension as a file of two objects, which must be of the very release that runs. For the releases
//! that are known here (`catalogue`) the objects are made from a digest and what the releases have in common (`family`,
//! `objects`); for others the file is fetched, and `accept` says whether it is one. `running` tells the release that runs from
//! the objects of a cluster, `kubernetes` what it asks of Kubernetes. Nothing in this room asks a cluster.

mod accept;
mod catalogue;
mod family;
mod kubernetes;
mod objects;
mod registry;
mod running;
mod version;

use kscale_rules::facts::KnativeVersion;
use serde_json::Value;

pub(crate) use accept::{Expected, accept};
pub(crate) use catalogue::releases;
pub(crate) use kubernetes::{Kubernetes, least_kubernetes};
pub(crate) use registry::prefix as registry_prefix;
pub(crate) use running::{Operator, Running, extension, running};
pub(crate) use version::{Named, release as parse_release};

/// What both objects of the extension are called, and the label `app` of its pods.
pub(crate) const NAME: &str = "autoscaler-hpa";

/// Where the releases put Knative Serving.
pub(crate) const NAMESPACE: &str = "knative-serving";

/// Where Knative publishes its releases.
pub(crate) const RELEASES: &str = "https://github.com/knative/serving/releases/download";

/// The extension, ready to be applied.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Manifest {
    /// The release that its labels name.
    pub(crate) release: KnativeVersion,
    /// The Deployment.
    pub(crate) deployment: Value,
    /// The Service.
    pub(crate) service: Value,
    /// Where it is from, for people.
    pub(crate) origin: String,
    /// What is unusual in it.
    pub(crate) doubts: Vec<String>,
}

impl Manifest {
    /// That of a release that is known here.
    pub(crate) fn of(release: KnativeVersion) -> Option<Self> {
        let digest = catalogue::digest(release)?;
        let [deployment, service] = objects::of(release, digest);
        Some(Self {
            release,
            deployment,
            service,
            origin: "built-in manifest".to_owned(),
            doubts: Vec::new(),
        })
    }

    /// Both objects, in the order in which they are applied.
    pub(crate) fn objects(&self) -> [&Value; 2] {
        [&self.deployment, &self.service]
    }

    /// Moves it to another namespace: nothing else in it names one.
    pub(crate) fn in_namespace(mut self, namespace: &str) -> Self {
        for object in [&mut self.deployment, &mut self.service] {
            if let Some(own) = object.pointer_mut("/metadata/namespace") {
                *own = namespace.into();
            }
        }
        self
    }

    /// The image of its container.
    pub(crate) fn image(&self) -> &str {
        let image = self.deployment.pointer(IMAGE_POINTER);
        image.and_then(Value::as_str).unwrap_or_default()
    }

    /// Takes the image from elsewhere.
    pub(crate) fn with_registry(mut self, prefix: &str) -> Self {
        let image = registry::replace(self.image(), prefix);
        if let Some(own) = self.deployment.pointer_mut(IMAGE_POINTER) {
            *own = image.into();
        }
        self
    }
}

const IMAGE_POINTER: &str = "/spec/template/spec/containers/0/image";

/// Where a release publishes its manifest, below `base`.
pub(crate) fn address(base: &str, release: KnativeVersion) -> String {
    let base = base.trim_end_matches('/');
    // Since 1.0 the tags that begin with v are those of Go modules.
    let knative = if release.major == 0 { "" } else { "knative-" };
    format!("{base}/{knative}v{release}/serving-hpa.yaml")
}

/// What the labels of an object say of its version.
fn version_of(object: &Value) -> Option<Named> {
    let label = |key: &str| {
        let text = object
            .pointer(&format!("/metadata/labels/{key}"))?
            .as_str()?;
        (!text.is_empty()).then_some(text)
    };
    let text =
        label("app.kubernetes.io~1version").or_else(|| label("serving.knative.dev~1release"))?;
    Some(Named::read(text))
}

#[cfg(test)]
mod tests;
