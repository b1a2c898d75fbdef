//! Environment variables and storage URIs that the webhook refuses. Nothing here scales, but its errors come first.

use serde_json::{Map, Value};

use super::Verdict;
use crate::go::quote;
use crate::kserve::effective::storage_uri;
use crate::manifest::{Component, ComponentKind, InferenceService, containers};

/// Variables that could make a model server load foreign code.
const BLOCKED: &str = "PYTHONPATH";

pub(super) fn blocked_env(service: &InferenceService<'_>) -> Verdict {
    let check = |fields: &Map<String, Value>| {
        let names = fields.get("env").and_then(Value::as_array);
        let blocked = names
            .into_iter()
            .flatten()
            .any(|entry| entry.get("name").and_then(Value::as_str) == Some(BLOCKED));
        let container = fields
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if blocked {
            Err(format!(
                "the InferenceService {} is invalid: setting {BLOCKED} in container {} is not allowed for security reasons",
                quote(service.name),
                quote(container)
            ))
        } else {
            Ok(())
        }
    };
    let lists = |spec: &Map<String, Value>| {
        ["containers", "initContainers"]
            .into_iter()
            .flat_map(|key| containers(spec, key))
            .try_for_each(|container| check(container.fields))
    };
    lists(service.predictor.fields)?;
    if let Some(model) = service.predictor.model {
        check(model.fields)?;
    }
    if let Some(Value::Object(worker)) = service.predictor.fields.get("workerSpec") {
        lists(worker)?;
    }
    for component in service.components().skip(1) {
        lists(component.fields)?;
        if let Some(Value::Object(art)) = component.fields.get("art") {
            check(art)?;
        }
    }
    Ok(())
}

pub(super) fn collocation(predictor: &Component<'_>) -> Verdict {
    let own = containers(predictor.fields, "containers");
    let transformer = own.iter().find(|one| one.name() == "transformer-container");
    match transformer.and_then(|one| one.env("STORAGE_URI")) {
        Some(_) => Err("storage uri should not be specified in transformer container".to_owned()),
        None => Ok(()),
    }
}

pub(super) fn uris(service: &InferenceService<'_>) -> Verdict {
    let ordered = [
        service.transformer.as_ref(),
        service.explainer.as_ref(),
        Some(&service.predictor),
    ];
    for component in ordered.into_iter().flatten() {
        let Some(Value::Array(items)) = component.fields.get("storageUris") else {
            continue;
        };
        if storage_uri(component).is_some() {
            return Err("Setting both StorageURI and StorageURIs is not supported.".to_owned());
        }
        several(items)?;
    }
    Ok(())
}

fn several(items: &[Value]) -> Verdict {
    let mut paths = Vec::new();
    let mut claims: Vec<&str> = Vec::new();
    for item in items {
        let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default();
        // The CRD's schema fills in an absent one before any webhook sees the object.
        let path = match item.get("mountPath") {
            None => "/mnt/models",
            Some(_) => text("mountPath"),
        };
        if text("uri").is_empty() {
            return Err("storage URI cannot be empty".to_owned());
        }
        if path == "/" {
            return Err("storage path cannot be empty".to_owned());
        }
        if !path.starts_with('/') {
            return Err(format!("storage path must be absolute: {path}"));
        }
        if path.contains("..") {
            return Err(format!(
                "storage path cannot contain '..' for security reasons: {path}"
            ));
        }
        if text("uri").starts_with("pvc://") {
            claims.push(path);
        } else {
            paths.push(path);
        }
    }
    if paths.len() <= 1 {
        return Ok(());
    }
    if claims
        .iter()
        .enumerate()
        .any(|(index, path)| claims.iter().skip(index + 1).any(|other| other == path))
    {
        return Err("PVC storage paths must be unique".to_owned());
    }
    let first = |path: &&str| {
        path.trim_matches('/')
            .split('/')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let shared = paths.first().map(first).unwrap_or_default();
    if shared.is_empty() || paths.iter().any(|path| first(path) != shared) {
        return Err(format!(
            "storage paths must have a common parent directory. Current paths: [{}] have no common parent beyond root",
            paths.join(" ")
        ));
    }
    Ok(())
}

/// Confidential models need a storage URI (0.20 and later).
pub(super) fn confidential(predictor: &Component<'_>) -> Verdict {
    debug_assert_eq!(predictor.kind, ComponentKind::Predictor);
    let Some(model) = predictor.model else {
        return Ok(());
    };
    let spec = model.fields.get("confidential").and_then(Value::as_object);
    let enabled = spec.and_then(|spec| spec.get("enabled")?.as_bool()) == Some(true);
    if !enabled {
        return Ok(());
    }
    if storage_uri(predictor).is_none_or(str::is_empty) {
        return Err("confidential model serving requires storageUri to be set".to_owned());
    }
    let id = spec
        .and_then(|spec| spec.get("resourceId")?.as_str())
        .unwrap_or_default();
    let parts: Vec<&str> = id
        .strip_prefix("kbs:///")
        .unwrap_or_default()
        .split('/')
        .collect();
    if id.is_empty() || (parts.len() == 3 && parts.iter().all(|part| !part.is_empty())) {
        return Ok(());
    }
    Err(format!(
        "spec.predictor.confidential.resourceId: Invalid value: {}: must be in the format kbs:///<repo>/<type>/<tag>",
        quote(id)
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::facts::Facts;
    use crate::rules::judge;

    #[test]
    fn an_absent_mount_path_is_that_of_the_schema() {
        let object = json!({
            "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
            "metadata": {"name": "iris", "namespace": "default"},
            "spec": {"predictor": {
                "storageUris": [{"uri": "s3://models/a"}, {"uri": "s3://models/b", "mountPath": "/mnt/models/b"}],
                "model": {"modelFormat": {"name": "sklearn"}},
            }},
        });
        assert_eq!(judge(&object, None, &Facts::shipped()), Some(Vec::new()));
    }
}
