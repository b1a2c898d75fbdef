//! Exactly one implementation a component, and the checks that implementations bring along.
//! Source: kserve/kserve 0.11–0.20, `pkg/apis/serving/v1beta1/{predictor,predictor_*,transformer,explainer}.go`.

use serde_json::{Map, Value};

use super::Verdict;
use crate::kserve::release::{Behaviour, Release};
use crate::manifest::{Component, ComponentKind, FRAMEWORKS, containers};

/// How many implementations a component has once the defaulter has turned its first framework into `model`.
#[must_use]
pub fn implementation_count(component: &Component<'_>, release: Release) -> usize {
    let own = containers(component.fields, "containers");
    match component.kind {
        ComponentKind::Transformer => usize::from(!own.is_empty()),
        ComponentKind::Explainer => {
            let alibi = release.has(Behaviour::Alibi) && component.is_written("alibi");
            usize::from(component.is_written("art"))
                + usize::from(alibi)
                + usize::from(!own.is_empty())
        }
        ComponentKind::Predictor => {
            let mut frameworks = component.framework_count;
            if component.is_written("huggingface") && !release.has(Behaviour::HuggingFace) {
                frameworks -= 1;
            }
            // The first framework takes the place of `model`.
            let standard = frameworks.max(usize::from(component.is_written("model")));
            if own.is_empty() {
                standard
            } else if release.has(Behaviour::HuggingFace) {
                let models = own
                    .iter()
                    .filter(|one| one.name() == "kserve-container")
                    .count();
                (standard + models).max(1)
            } else {
                standard + 1
            }
        }
    }
}

pub(super) fn exactly_one(component: &Component<'_>, release: Release) -> Verdict {
    if implementation_count(component, release) == 1 {
        return Ok(());
    }
    let capital = if release.has(Behaviour::OldMessages) {
        "E"
    } else {
        "e"
    };
    let (fields, kind) = names(component.kind, release);
    Err(format!(
        "{capital}xactly one of [{}] must be specified in {kind}",
        fields.join(", ")
    ))
}

/// Go's names for all fields of the component's struct but the last, which is how KServe builds the message.
fn names(kind: ComponentKind, release: Release) -> (Vec<&'static str>, &'static str) {
    let mut fields = Vec::new();
    let uris = release.has(Behaviour::StorageUris);
    match kind {
        ComponentKind::Predictor => {
            if release.has(Behaviour::Canary) {
                fields.push("Name");
            }
            fields.extend([
                "SKLearn",
                "XGBoost",
                "Tensorflow",
                "PyTorch",
                "Triton",
                "ONNX",
            ]);
            if release.has(Behaviour::HuggingFace) {
                fields.push("HuggingFace");
            }
            fields.extend(["PMML", "LightGBM", "Paddle", "Model"]);
            if uris {
                fields.push("StorageUris");
            }
            if release.has(Behaviour::Canary) {
                fields.push("StorageContainerName");
            }
            if release.has(Behaviour::WorkerSpec) {
                fields.push("WorkerSpec");
            }
            fields.push("PodSpec");
            (fields, "PredictorSpec")
        }
        ComponentKind::Transformer => {
            fields.push("PodSpec");
            if uris {
                fields.push("ComponentExtensionSpec");
            }
            (fields, "TransformerSpec")
        }
        ComponentKind::Explainer => {
            if release.has(Behaviour::Alibi) {
                fields.push("Alibi");
            }
            fields.extend(["ART", "PodSpec"]);
            if uris {
                fields.push("ComponentExtensionSpec");
            }
            (fields, "ExplainerSpec")
        }
    }
}

/// What the one implementation checks of itself. Frameworks have become `model` by now, which checks nothing.
pub(super) fn validate(component: &Component<'_>, release: Release) -> Verdict {
    match component.kind {
        ComponentKind::Predictor if component.model.is_none() => {
            custom_protocol(component, release)
        }
        ComponentKind::Explainer => match component.fields.get("art").and_then(Value::as_object) {
            Some(art) => storage_spec(art, release),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn custom_protocol(component: &Component<'_>, release: Release) -> Verdict {
    let own = containers(component.fields, "containers");
    let Some(protocol) = own.first().and_then(|first| first.env("PROTOCOL")) else {
        return Ok(());
    };
    if matches!(protocol, "v1" | "v2") {
        return Ok(());
    }
    let capital = if release.has(Behaviour::OldMessages) {
        "I"
    } else {
        "i"
    };
    // Upstream passes the two arguments of its message in the wrong order.
    Err(format!(
        "{capital}nvalid protocol v1, v2. Must be one of [{protocol}]"
    ))
}

const SUPPORTED: [&str; 3] = ["s3://", "hdfs://", "webhdfs://"];

fn storage_spec(fields: &Map<String, Value>, release: Release) -> Verdict {
    let Some(storage) = fields.get("storage").and_then(Value::as_object) else {
        return Ok(());
    };
    let supported = |uri: &str| SUPPORTED.iter().any(|prefix| uri.starts_with(prefix));
    let list = SUPPORTED.join(", ");
    let stop = if release.has(Behaviour::OldMessages) {
        "."
    } else {
        ""
    };
    let uri = fields
        .get("storageUri")
        .and_then(Value::as_str)
        .filter(|uri| !uri.is_empty());
    if let Some(uri) = uri {
        return if supported(uri) {
            Ok(())
        } else {
            Err(format!(
                "storageUri, must be one of: [{list}] or match https://{{}}.blob.core.windows.net/{{}}/{{}} or be an absolute \
                 or relative local path. StorageUri [{uri}] is not supported{stop}"
            ))
        };
    }
    let kind = storage
        .get("parameters")
        .and_then(|map| map.get("type")?.as_str());
    match kind {
        Some(kind) if !supported(&format!("{kind}://")) => Err(format!(
            "storage.spec.type, must be one of: [{list}]. storage.spec.type [{kind}] is not supported{stop}"
        )),
        _ => Ok(()),
    }
}

/// The container name of a model may not be set (0.16 and later).
pub(super) fn model_name(predictor: &Component<'_>) -> Verdict {
    let named = |field: &str| {
        let fields = predictor.fields.get(field).and_then(Value::as_object);
        let name = fields.and_then(|fields| fields.get("name")?.as_str());
        name.is_some_and(|name| !name.is_empty())
    };
    // The first framework has been moved to `model`, and its name with it.
    let is_named = FRAMEWORKS.iter().any(|(field, _)| named(field))
        || (predictor.framework_count == 0 && named("model"));
    if is_named {
        Err("the 'name' field is not allowed in standard predictor".to_owned())
    } else {
        Ok(())
    }
}
