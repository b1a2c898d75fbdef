//! Which release runs, told from the objects that a cluster shows. The APIs themselves do not say.
//! Source: the manifests of kserve/kserve 0.11–0.20 and knative/serving 1.0–1.23; knative/operator 1.23.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fact::Fact;
use crate::knative::release::KnativeVersion;
use crate::kserve::Release;

/// The KServe release: the image tag of its controller, else the version label of its Deployment.
#[must_use]
pub(super) fn kserve(deployment: &Value) -> Option<Fact<Release>> {
    let name = text(deployment, "/metadata/name")?;
    if name != "kserve-controller-manager" {
        return None;
    }
    let containers = deployment
        .pointer("/spec/template/spec/containers")?
        .as_array()?;
    let images = containers
        .iter()
        .filter_map(|one| one.get("image")?.as_str());
    for image in images {
        let without_digest = image.split('@').next().unwrap_or(image);
        let tag = without_digest
            .rsplit('/')
            .next()
            .and_then(|last| last.split_once(':'));
        if let Some((_, tag)) = tag
            && let Ok(release) = Release::parse(tag)
            && image.contains("kserve")
        {
            return Some(Fact::known(release, format!("image of Deployment {name}")));
        }
    }
    let label = text(deployment, "/metadata/labels/app.kubernetes.io~1version")?;
    let release = Release::parse(label).ok()?;
    Some(Fact::known(
        release,
        format!("version label of Deployment {name}"),
    ))
}

/// What the objects tell of the Knative release, however they are ordered.
#[derive(Debug, Default)]
pub(super) struct KnativeSeen {
    best: Option<(u8, Fact<KnativeVersion>)>,
    deployments: BTreeMap<String, KnativeVersion>,
}

impl KnativeSeen {
    /// Takes in what an object tells: the operator's status, else the version label of a core Deployment (`controller`
    /// before the others, since it makes what is predicted), of the namespace or of a CRD. The first of the best kind
    /// counts.
    pub(super) fn look_at(&mut self, object: &Value) {
        let Some((rank, version, from)) = knative(object) else {
            return;
        };
        if text(object, "/kind") == Some("Deployment")
            && let Some(name) = text(object, "/metadata/name")
        {
            self.deployments.insert(name.to_owned(), version);
        }
        if self.best.as_ref().is_none_or(|(best, _)| rank < *best) {
            self.best = Some((rank, Fact::known(version, from)));
        }
    }

    /// The release; none where no object tells one.
    pub(super) fn version(&self) -> Option<Fact<KnativeVersion>> {
        self.best.as_ref().map(|(_, fact)| fact.clone())
    }

    /// A sentence on Deployments of several releases; none where they agree.
    pub(super) fn upgrade(&self) -> Option<String> {
        let (_, counts) = self.best.as_ref()?;
        let agrees = self
            .deployments
            .values()
            .all(|version| *version == counts.value);
        if agrees {
            return None;
        }
        let found: Vec<String> = self
            .deployments
            .iter()
            .map(|(name, version)| format!("{name} {version}"))
            .collect();
        Some(format!(
            "Knative Serving is {} all over, while it is being upgraded: its Deployments are of other releases too ({})",
            counts.value,
            found.join(", ")
        ))
    }
}

/// The Knative release that an object tells, where it stands, and a rank that is lower for better kinds.
fn knative(object: &Value) -> Option<(u8, KnativeVersion, String)> {
    let kind = text(object, "/kind")?;
    let name = text(object, "/metadata/name")?;
    let (rank, found) = match (kind, name) {
        ("KnativeServing", _) => (0, text(object, "/status/version")),
        ("Deployment", "controller") => (1, label(object)),
        ("Deployment", "autoscaler" | "webhook") => (2, label(object)),
        ("Namespace", "knative-serving") => (3, label(object)),
        ("CustomResourceDefinition", "services.serving.knative.dev") => (4, label(object)),
        _ => return None,
    };
    let version = KnativeVersion::parse(found?).ok()?;
    Some((rank, version, format!("{kind} {name}")))
}

/// The Knative release that the version label of an object names.
pub(super) fn of_labels(object: &Value) -> Option<KnativeVersion> {
    KnativeVersion::parse(label(object)?).ok()
}

fn label(object: &Value) -> Option<&str> {
    if kind_needs_namespace(object)
        && text(object, "/metadata/namespace") != Some("knative-serving")
    {
        return None;
    }
    text(object, "/metadata/labels/app.kubernetes.io~1version")
        .or_else(|| text(object, "/metadata/labels/serving.knative.dev~1release"))
}

fn kind_needs_namespace(object: &Value) -> bool {
    text(object, "/kind") == Some("Deployment")
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
}
