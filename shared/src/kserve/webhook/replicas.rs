//! containerConcurrency, replicas and logger of a component, in that order.

use serde_json::Value;

use super::Verdict;
use crate::kserve::release::{Behaviour, Release};
use crate::manifest::Extension;

pub(super) fn validate(extension: &Extension<'_>, release: Release) -> Verdict {
    let old = release.has(Behaviour::OldMessages);
    let text = |before: &str, now: &str| Err(if old { before } else { now }.to_owned());
    if extension
        .container_concurrency
        .is_some_and(|limit| limit < 0)
    {
        return text(
            "Parallelism cannot be less than 0.",
            "parallelism cannot be less than 0",
        );
    }
    let min = extension.min_replicas.unwrap_or(1);
    let max = extension.max_replicas;
    if min < 0 {
        return text(
            "MinReplicas cannot be less than 0.",
            "'MinReplicas' cannot be less than 0",
        );
    }
    if max < 0 {
        return text(
            "MaxReplicas cannot be less than 0.",
            "'MaxReplicas' cannot be less than 0",
        );
    }
    if min > max && max != 0 {
        return text(
            "MinReplicas cannot be greater than MaxReplicas.",
            "'MinReplicas' cannot be greater than MaxReplicas",
        );
    }
    logger(extension, release)
}

fn logger(extension: &Extension<'_>, release: Release) -> Verdict {
    let Some(logger) = extension.logger else {
        return Ok(());
    };
    let mode = logger
        .get("mode")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !matches!(mode, "all" | "request" | "response") {
        let capital = if release.has(Behaviour::OldMessages) {
            "I"
        } else {
            "i"
        };
        return Err(format!("{capital}nvalid logger type"));
    }
    let storage = logger.get("storage").and_then(Value::as_object);
    let complete = storage.is_none_or(|storage| {
        let is_set = |name: &&str| storage.get(*name).is_some_and(|value| !value.is_null());
        ["path", "parameters", "key"].iter().all(is_set)
    });
    if complete || !release.has(Behaviour::KedaWindows) {
        Ok(())
    } else {
        Err("invalid logger storage configuration".to_owned())
    }
}
