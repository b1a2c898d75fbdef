//! Models over several nodes (`workerSpec`), 0.15 and later.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Verdict;
use crate::go::quote;
use crate::knative::annotations::Annotations;
use crate::kserve::annotations::{AUTOSCALER_CLASS, GPU_RESOURCE_TYPES};
use crate::kserve::release::{Behaviour, Release};
use crate::manifest::{InferenceService, containers, env_value};

/// GPU resource names that KServe knows without being told.
const KNOWN_GPUS: [&str; 4] = [
    "nvidia.com/gpu",
    "amd.com/gpu",
    "intel.com/gpu",
    "habana.ai/gaudi",
];

pub(super) fn validate(
    service: &InferenceService<'_>,
    annotations: &Annotations,
    release: Release,
) -> Verdict {
    let Some(Value::Object(worker)) = service.predictor.fields.get("workerSpec") else {
        return Ok(());
    };
    let invalid = |what: &str| {
        Err(format!(
            "the InferenceService {} is invalid: {what}",
            quote(service.name)
        ))
    };
    let workers = containers(worker, "containers");
    if workers.len() > 1 {
        return invalid("setting multiple containers in workerSpec is not allowed");
    }
    if let Some(model) = service.predictor.model {
        for name in ["PIPELINE_PARALLEL_SIZE", "TENSOR_PARALLEL_SIZE"] {
            if env_value(model.fields, name).is_some() {
                return invalid(&format!(
                    "setting {name} in environment variables is not allowed"
                ));
            }
        }
        if has_unknown_gpu(model.fields, annotations)? {
            return invalid(UNKNOWN_GPU);
        }
        if let Err(what) = storage(model.fields, release) {
            return invalid(&what);
        }
        let class = annotations.get(AUTOSCALER_CLASS).map_or("", String::as_str);
        let wanted = if release.has(Behaviour::ExternalSetsReplicas) {
            "external"
        } else {
            "none"
        };
        if class != wanted {
            return invalid(&format!(
                "Multinode only supports '{wanted}' autoscaler({class})"
            ));
        }
    }
    let least_pipeline = if release.has(Behaviour::ExternalSetsReplicas) {
        2
    } else {
        1
    };
    for (field, name, least) in [
        (
            "pipelineParallelSize",
            "PipelineParallelSize",
            least_pipeline,
        ),
        ("tensorParallelSize", "TensorParallelSize", 1),
    ] {
        if let Some(size) = worker
            .get(field)
            .and_then(Value::as_i64)
            .filter(|size| *size < least)
        {
            return invalid(&format!(
                "WorkerSpec.{name} cannot be less than {least}({size})"
            ));
        }
    }
    for container in workers {
        if has_unknown_gpu(container.fields, annotations)? {
            return invalid(UNKNOWN_GPU);
        }
    }
    Ok(())
}

const UNKNOWN_GPU: &str = "Unknown GPU resource type. Set 'serving.kserve.io/gpu-resource-types' annotation to use custom gpu resource type";

fn storage(model: &Map<String, Value>, release: Release) -> Verdict {
    let Some(uri) = model.get("storageUri").and_then(Value::as_str) else {
        return Err("StorageURI must be set for multinode enabled".to_owned());
    };
    let protocol = uri.split("://").next().unwrap_or_default();
    let oci = release.has(Behaviour::MultiNodeOci);
    if protocol == "pvc" || (oci && protocol == "oci") {
        return Ok(());
    }
    let kinds = if oci { "'pvc' and 'oci'" } else { "'pvc'" };
    Err(format!(
        "Multinode only supports {kinds} Storage Protocol({protocol})"
    ))
}

/// Whether a container asks for a resource that is neither ordinary nor a known GPU.
fn has_unknown_gpu(
    container: &Map<String, Value>,
    annotations: &Annotations,
) -> Result<bool, String> {
    let mut known: BTreeSet<String> = KNOWN_GPUS.iter().map(|name| (*name).to_owned()).collect();
    let written = annotations.get(GPU_RESOURCE_TYPES);
    if let Some(text) = written.filter(|text| !text.is_empty()) {
        let listed: Vec<String> = serde_json::from_str(text).unwrap_or_default();
        if listed.is_empty() || listed.iter().any(String::is_empty) {
            return Err(format!(
                "invalid GPU format({text}) for {GPU_RESOURCE_TYPES} annotation: must be a valid JSON array"
            ));
        }
        known.extend(listed);
    }
    let resources = container.get("resources").and_then(Value::as_object);
    let lists = ["limits", "requests"].into_iter();
    let names = lists
        .filter_map(|list| resources?.get(list)?.as_object())
        .flat_map(Map::keys);
    let ordinary = |name: &str| matches!(name, "cpu" | "memory" | "storage" | "ephemeral-storage");
    Ok(names
        .into_iter()
        .any(|name| !ordinary(name) && !known.contains(name)))
}
