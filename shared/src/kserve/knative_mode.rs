//! The Knative Service that KServe makes.
//! Source: kserve/kserve 0.11–0.20, `reconcilers/knative/ksvc_reconciler.go` and
//! `pkg/controller/v1alpha1/utils/utils.go` `SetAutoScalingAnnotations`.

use super::annotations::{ENABLE_TAG_ROUTING, KSVC_ONLY};
use super::release::{Behaviour, Release};
use crate::knative::annotations::{
    Annotations, CLASS, KPA_CLASS, MAX_SCALE, METRIC, MIN_SCALE, TARGET,
};
use crate::manifest::Extension;

/// A Knative Service as KServe sends it, as far as scaling and traffic go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnativeService {
    /// `metadata.name`
    pub name: String,
    /// `metadata.annotations`
    pub annotations: Annotations,
    /// `spec.template.metadata.annotations`
    pub template_annotations: Annotations,
    /// `spec.template.spec.containerConcurrency`
    pub container_concurrency: Option<i64>,
    /// `spec.template.spec.timeoutSeconds`, and `responseStartTimeoutSeconds` with it
    pub timeout_seconds: Option<i64>,
    /// `spec.traffic`
    pub traffic: Vec<TrafficTarget>,
}

/// One entry of `spec.traffic`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrafficTarget {
    /// The revision; none means the latest.
    pub revision: Option<String>,
    /// Its share of the traffic.
    pub percent: i64,
    /// Its tag, which keeps the revision reachable.
    pub tag: Option<&'static str>,
}

/// The four scaling fields that KServe stamps as annotations.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamped<'a> {
    /// `scaleTarget`
    pub target: Option<i64>,
    /// `scaleMetric`
    pub metric: Option<&'a str>,
    /// `minReplicas`
    pub min: Option<i64>,
    /// `maxReplicas`
    pub max: i64,
}

/// Stamps class, target, metric, min-scale and max-scale. The class is always written, so a cluster-wide default class
/// never counts; min-scale is always written; max-scale only where it is not zero.
pub(super) fn stamp(annotations: &mut Annotations, fields: Stamped<'_>) {
    let class = annotations.entry(CLASS.canonical.to_owned());
    class.or_insert_with(|| KPA_CLASS.to_owned());
    if let Some(target) = fields.target {
        annotations.insert(TARGET.canonical.to_owned(), target.to_string());
    }
    if let Some(metric) = fields.metric {
        annotations.insert(METRIC.canonical.to_owned(), metric.to_owned());
    }
    annotations.insert(
        MIN_SCALE.canonical.to_owned(),
        fields.min.unwrap_or(1).to_string(),
    );
    if fields.max != 0 {
        annotations.insert(MAX_SCALE.canonical.to_owned(), fields.max.to_string());
    }
}

/// Builds the Knative Service of a component. `rolled_out` is the revision that last took all traffic, or empty.
#[must_use]
pub(super) fn build(
    name: &str,
    effective: &Annotations,
    extension: &Extension<'_>,
    rolled_out: &str,
    release: Release,
) -> KnativeService {
    let mut template = effective.clone();
    stamp(
        &mut template,
        Stamped {
            target: extension.scale_target,
            metric: extension.scale_metric,
            min: extension.min_replicas,
            max: extension.max_replicas,
        },
    );
    let moved = KSVC_ONLY
        .iter()
        .filter_map(|key| template.remove_entry(*key));
    let annotations: Annotations = moved.collect();
    let unlimited = release
        .has(Behaviour::StampsContainerConcurrency)
        .then_some(0);
    KnativeService {
        name: name.to_owned(),
        traffic: traffic(&template, extension.canary_traffic_percent, rolled_out),
        annotations,
        template_annotations: template,
        container_concurrency: extension.container_concurrency.or(unlimited),
        timeout_seconds: extension.timeout,
    }
}

fn traffic(template: &Annotations, canary: Option<i64>, rolled_out: &str) -> Vec<TrafficTarget> {
    let tagged = template
        .get(ENABLE_TAG_ROUTING)
        .is_some_and(|value| value == "true");
    let latest = |percent| TrafficTarget {
        revision: None,
        percent,
        tag: tagged.then_some("latest"),
    };
    match canary {
        Some(percent) if !rolled_out.is_empty() => {
            let mut targets = vec![latest(percent)];
            if percent < 100 {
                targets.push(TrafficTarget {
                    revision: Some(rolled_out.to_owned()),
                    percent: 100 - percent,
                    tag: Some("prev"),
                });
            }
            targets
        }
        _ => vec![latest(100)],
    }
}
