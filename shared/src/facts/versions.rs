//! Which release runs, told from the objects that a cluster shows. The APIs themselves do not say.
//! Source: the manifests of kserve/kserve 0.11–0.20 and knative/serving 1.0–1.23; knative/operator 1.23.

use serde_json::Value;

use super::fact::Fact;
use super::knative_version::KnativeVersion;
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

/// The Knative release: the operator's status, else the version label of a core Deployment, the namespace or a CRD.
/// The first found of the best kind counts; `rank` is lower for better kinds.
#[must_use]
pub(super) fn knative(object: &Value) -> Option<(u8, Fact<KnativeVersion>)> {
    let kind = text(object, "/kind")?;
    let name = text(object, "/metadata/name")?;
    let (rank, found) = match kind {
        "KnativeServing" => (0, text(object, "/status/version")),
        "Deployment" if matches!(name, "controller" | "autoscaler" | "webhook") => {
            (1, label(object))
        }
        "Namespace" if name == "knative-serving" => (2, label(object)),
        "CustomResourceDefinition" if name == "services.serving.knative.dev" => (3, label(object)),
        _ => return None,
    };
    let version = KnativeVersion::parse(found?).ok()?;
    Some((rank, Fact::known(version, format!("{kind} {name}"))))
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
