//! Whether what was given or fetched is the extension, and nothing else.

use kscale_rules::facts::KnativeVersion;
use serde_json::Value;

use super::objects::IMAGE;
use super::{IMAGE_POINTER, Manifest, NAME, NAMESPACE, Named, catalogue, version_of};
use crate::facts::text;

/// What it must be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected<'a> {
    /// Of this release; of any one where none is named.
    pub(crate) release: Option<KnativeVersion>,
    /// In this namespace, or in that of the releases.
    pub(crate) namespace: &'a str,
    /// Whether the image must be the one that Knative publishes: what comes from the network is held to it, what the user
    /// gives may name a mirror.
    pub(crate) published: bool,
    /// Where it is from, for people.
    pub(crate) origin: &'a str,
}

/// The manifest in `objects`.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn accept(objects: &[&Value], expected: Expected<'_>) -> Result<Manifest, Vec<String>> {
    let mut wrong = Vec::new();
    let deployment = only(objects, "apps/v1", "Deployment", &mut wrong);
    let service = only(objects, "v1", "Service", &mut wrong);
    let others: Vec<String> = objects
        .iter()
        .filter(|object| !is_of_these(object))
        .map(|object| words(object))
        .collect();
    if let Some(first) = others.first() {
        let more = match others.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        wrong.push(format!(
            "it holds {first}{more}, which is no part of the extension"
        ));
    }
    let (Some(deployment), Some(service)) = (deployment, service) else {
        return Err(wrong);
    };
    for object in [deployment, service] {
        let namespace = text(object, "/metadata/namespace");
        if namespace != NAMESPACE && namespace != expected.namespace {
            wrong.push(format!("{} is of namespace \"{namespace}\"", words(object)));
        }
    }
    let release = release([deployment, service], expected.release, &mut wrong);
    pod(deployment, &mut wrong);
    let mut doubts = Vec::new();
    let image = deployment.pointer(IMAGE_POINTER).and_then(Value::as_str);
    judge_image(
        image.unwrap_or_default(),
        release,
        expected.published,
        &mut wrong,
        &mut doubts,
    );
    match release {
        Some(release) if wrong.is_empty() => Ok(Manifest {
            release,
            deployment: deployment.clone(),
            service: service.clone(),
            origin: expected.origin.to_owned(),
            doubts,
        }),
        _ => Err(wrong),
    }
}

/// Whether it is called like a part of the extension; whether it is one is another question.
fn is_of_these(object: &Value) -> bool {
    matches!(text(object, "/kind"), "Deployment" | "Service")
        && text(object, "/metadata/name") == NAME
}

/// The one object of a kind that is called as it should be.
fn only<'a>(
    objects: &[&'a Value],
    version: &str,
    kind: &str,
    wrong: &mut Vec<String>,
) -> Option<&'a Value> {
    let found: Vec<&'a Value> = objects
        .iter()
        .copied()
        .filter(|object| {
            text(object, "/apiVersion") == version
                && text(object, "/kind") == kind
                && text(object, "/metadata/name") == NAME
        })
        .collect();
    match found.as_slice() {
        [one] => Some(one),
        [] => {
            wrong.push(format!("it holds no {kind} {NAME}"));
            None
        }
        _ => {
            wrong.push(format!("it holds several of {kind} {NAME}"));
            None
        }
    }
}

/// The release that both objects name.
fn release(
    objects: [&Value; 2],
    expected: Option<KnativeVersion>,
    wrong: &mut Vec<String>,
) -> Option<KnativeVersion> {
    let mut found = None;
    for object in objects {
        match version_of(object) {
            Some(Named::Release(release)) => {
                let meant = expected.or(found);
                if meant.is_some_and(|meant| meant != release) {
                    let meant = meant.map(|meant| meant.to_string()).unwrap_or_default();
                    wrong.push(format!(
                        "{} is of release {release}, not {meant}",
                        words(object)
                    ));
                }
                found = found.or(Some(release));
            }
            Some(other) => wrong.push(format!(
                "{} names \"{other}\", which is no release",
                words(object)
            )),
            None => wrong.push(format!(
                "{} has no label that names its release",
                words(object)
            )),
        }
    }
    found
}

/// What the pods may be: the extension runs with the rights of Knative's controller.
fn pod(deployment: &Value, wrong: &mut Vec<String>) {
    let spec = |pointer: &str| deployment.pointer(&format!("/spec/template/spec/{pointer}"));
    let count = |pointer: &str| spec(pointer).and_then(Value::as_array).map_or(0, Vec::len);
    if count("containers") != 1 || count("initContainers") != 0 {
        wrong.push("its pods have other containers than the extension".to_owned());
    }
    let account = spec("serviceAccountName").and_then(Value::as_str);
    if account != Some("controller") {
        let account = account.unwrap_or_default();
        wrong.push(format!(
            "its pods run as ServiceAccount \"{account}\", not controller"
        ));
    }
}

fn judge_image(
    image: &str,
    release: Option<KnativeVersion>,
    published: bool,
    wrong: &mut Vec<String>,
    doubts: &mut Vec<String>,
) {
    let (path, digest) = image.split_once("@sha256:").unwrap_or((image, ""));
    let whole = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    if published {
        if path != IMAGE || !whole {
            wrong.push(format!(
                "its image is \"{image}\", not one of {IMAGE} by its digest"
            ));
        }
        return;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.split_once(':').map_or(name, |(name, _)| name);
    if !name.contains(NAME) {
        wrong.push(format!(
            "its image is \"{image}\", which is not called {NAME}"
        ));
        return;
    }
    let known = release.and_then(catalogue::digest);
    if !whole {
        doubts.push(format!(
            "its image {image} is named by a tag: what is behind it can change"
        ));
    } else if let Some(known) = known.filter(|known| *known != digest) {
        doubts.push(format!(
            "its image is another one than that of the release: sha256:{digest}, not sha256:{known}"
        ));
    }
}

/// `Deployment autoscaler-hpa`
fn words(object: &Value) -> String {
    let or = |text: &str, other: &str| {
        if text.is_empty() {
            other.to_owned()
        } else {
            text.to_owned()
        }
    };
    let kind = or(text(object, "/kind"), "an object without a kind");
    format!("{kind} {}", text(object, "/metadata/name"))
        .trim_end()
        .to_owned()
}
