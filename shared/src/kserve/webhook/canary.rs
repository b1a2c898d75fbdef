//! `spec.canary` (0.20 and later).

use super::{Verdict, implementation, replicas};
use crate::go::quote;
use crate::knative::annotations::Annotations;
use crate::kserve::annotations::DEPLOYMENT_MODE;
use crate::kserve::effective::storage_uri;
use crate::kserve::release::Release;
use crate::manifest::{Canary, InferenceService};

pub(super) fn validate(
    service: &InferenceService<'_>,
    annotations: &Annotations,
    release: Release,
) -> Verdict {
    if service.canaries.is_empty() {
        return Ok(());
    }
    if annotations
        .get(DEPLOYMENT_MODE)
        .is_none_or(|mode| mode != "Standard")
    {
        return Err("canary is only supported in Standard deployment mode".to_owned());
    }
    if storage_uri(&service.predictor).is_none() && service.predictor.model.is_none() {
        return Err(
            "canary requires a stable predictor with a model (multi-model serving is not supported with canary)".to_owned(),
        );
    }
    let stable = service.predictor.predictor_name(release);
    let mut names: Vec<&str> = Vec::new();
    let mut total = 0;
    for (index, canary) in service.canaries.iter().enumerate() {
        let name = canary.predictor.predictor_name(release);
        let quoted = quote(name);
        if name.is_empty() {
            return Err(format!("canary[{index}] predictor.name is required"));
        }
        if names.contains(&name) {
            return Err(format!("canary predictor.name {quoted} is duplicated"));
        }
        names.push(name);
        if name == stable {
            return Err(format!(
                "canary predictor.name {quoted} conflicts with stable predictor name"
            ));
        }
        if !(0..=100).contains(&canary.traffic_percent) {
            return Err(format!(
                "canary {quoted} trafficPercent must be between 0 and 100, got {}",
                canary.traffic_percent
            ));
        }
        total += canary.traffic_percent;
        one(canary, &quoted, release)?;
        let stable_min = service.predictor.extension.min_replicas.unwrap_or(1);
        if let Some(min) = canary
            .predictor
            .extension
            .min_replicas
            .filter(|min| *min > stable_min)
        {
            return Err(format!(
                "canary {quoted} minReplicas ({min}) must not exceed stable predictor minReplicas ({stable_min})"
            ));
        }
    }
    if total > 100 {
        return Err(format!(
            "sum of canary trafficPercent values ({total}) must be <= 100"
        ));
    }
    Ok(())
}

fn one(canary: &Canary<'_>, quoted: &str, release: Release) -> Verdict {
    let predictor = &canary.predictor;
    let within = |text: String| format!("canary {quoted} predictor: {text}");
    implementation::exactly_one(predictor, release).map_err(within)?;
    implementation::validate(predictor, release).map_err(within)?;
    replicas::validate(&predictor.extension, release).map_err(within)?;
    if predictor.is_multi_node(release) {
        return Err(format!(
            "canary {quoted} must not set workerSpec (multi-node is not yet supported for canary)"
        ));
    }
    let extension = &predictor.extension;
    let set = [
        ("maxReplicas", extension.max_replicas > 0),
        ("scaleTarget", extension.scale_target.is_some()),
        ("scaleMetric", extension.scale_metric.is_some()),
        ("autoScaling", extension.auto_scaling.is_some()),
    ];
    match set.iter().find(|(_, is_set)| *is_set) {
        Some((field, _)) => Err(format!(
            "canary {quoted} must not set {field} (canary uses fixed replicas)"
        )),
        None => Ok(()),
    }
}
