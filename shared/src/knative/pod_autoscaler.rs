//! The PodAutoscaler of a revision: from the template's annotations to what its reconciler works with.
//!
//! Source: knative/serving 1.23: pkg/reconciler/revision/resources/pa.go, pkg/reconciler/revision/cruds.go,
//! pkg/apis/autoscaling/v1alpha1/{pa_defaults,pa_lifecycle,pa_validation}.go.

use serde::Serialize;

use super::annotations::{
    AUTOSCALING_GROUP, Annotations, CLASS, MAX_SCALE, METRIC, MIN_SCALE, POD_RETENTION, TARGET,
};
use super::class::{self, Owner};
use super::config_autoscaler::AutoscalerConfig;
use super::configs::Configs;
use super::field_error::FieldErrors;
use super::kpa::{self, KpaSettings, duration, float, int32};
use super::{hpa, template, validate};
use crate::go::Duration;
use crate::kubernetes::HpaSpec;

/// A revision, as far as its autoscaling goes.
#[derive(Debug, Clone, Copy)]
pub struct Revision<'a> {
    /// Its name, such as `app-00001`.
    pub name: &'a str,
    /// Its annotations: those of the template.
    pub annotations: &'a Annotations,
    /// Requests at once per pod, 0 for no limit; after defaulting.
    pub container_concurrency: i64,
    /// False once no route leads to it.
    pub reachable: bool,
}

/// The fewest and the most pods; 0 is "no bound" for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Bounds {
    /// The fewest.
    pub min: i32,
    /// The most.
    pub max: i32,
}

/// A PodAutoscaler, and what comes of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PodAutoscaler {
    /// The class that is stamped on it.
    pub class: String,
    /// Who acts on that class.
    pub owner: Owner,
    /// The metric that is stamped on it.
    pub metric: String,
    /// The bounds in force.
    pub bounds: Bounds,
    /// The pods that the revision starts with.
    pub initial_scale: i32,
    /// The target annotation, if it can be read; `None` leaves the cluster's default.
    pub annotation_target: Option<f64>,
    /// Requests at once per pod, 0 for no limit.
    pub container_concurrency: i64,
    /// How long the last pod stays at least, if an annotation says so.
    pub scale_to_zero_pod_retention: Option<Duration>,
    /// Why the webhook refuses the PodAutoscaler, although it accepted the Service: classes stamped on it are checked
    /// only here.
    pub validation_error: Option<String>,
    /// What Knative's own autoscaler works with, for its class only.
    pub kpa: Option<KpaSettings>,
    /// The HorizontalPodAutoscaler that is sent to the API server, for the HPA class only.
    pub hpa: Option<HpaSpec>,
}

/// Predicts the PodAutoscaler of a revision and what its class makes of it.
#[must_use]
pub fn predict_pod_autoscaler(revision: &Revision<'_>, configs: &Configs) -> PodAutoscaler {
    let config = &configs.autoscaler;
    let annotations = revision.annotations;
    let class = class::resolve(config, annotations);
    let metric = METRIC
        .value(annotations)
        .unwrap_or_else(|| class::default_metric(class));
    let owner = class::owner_of(class);
    let bounds = scale_bounds(config, annotations, revision.reachable);
    PodAutoscaler {
        class: class.to_owned(),
        owner,
        metric: metric.to_owned(),
        bounds,
        initial_scale: kpa::initial_scale(config, annotations),
        annotation_target: float(annotations, TARGET),
        container_concurrency: revision.container_concurrency,
        scale_to_zero_pod_retention: duration(annotations, POD_RETENTION.at(config.release)),
        validation_error: validation_error(revision, configs),
        kpa: (owner == Owner::Kpa)
            .then(|| kpa::settings(config, annotations, metric, revision.container_concurrency)),
        hpa: (owner == Owner::Hpa)
            .then(|| hpa::make_hpa(config, revision.name, annotations, metric, bounds)),
    }
}

/// The bounds in force: the annotation, else the cluster's; an unreachable revision has no minimum.
#[must_use]
pub fn scale_bounds(
    config: &AutoscalerConfig,
    annotations: &Annotations,
    reachable: bool,
) -> Bounds {
    Bounds {
        min: if reachable {
            int32(annotations, MIN_SCALE.at(config.release)).unwrap_or(config.min_scale)
        } else {
            0
        },
        max: int32(annotations, MAX_SCALE.at(config.release)).unwrap_or(config.max_scale),
    }
}

/// The PodAutoscaler's annotations of the autoscaling group: the template's, and the class and metric stamped on it.
#[must_use]
pub fn stamped_annotations(config: &AutoscalerConfig, template: &Annotations) -> Annotations {
    let class = class::resolve(config, template);
    let mut stamped: Annotations = template
        .iter()
        .filter(|(key, _)| key.starts_with(AUTOSCALING_GROUP))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    stamped
        .entry(CLASS.canonical.to_owned())
        .or_insert_with(|| class.to_owned());
    stamped
        .entry(METRIC.canonical.to_owned())
        .or_insert_with(|| class::default_metric(class).to_owned());
    stamped
}

fn validation_error(revision: &Revision<'_>, configs: &Configs) -> Option<String> {
    let mut errors = FieldErrors::default();
    let stamped = stamped_annotations(&configs.autoscaler, revision.annotations);
    errors.also(
        validate::validate_annotations(&configs.autoscaler, &stamped).via("metadata.annotations"),
    );
    template::check_concurrency(
        revision.container_concurrency,
        &configs.defaults,
        "spec.",
        &mut errors,
    );
    errors.into_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn predict(pairs: &[(&str, &str)], config: AutoscalerConfig) -> PodAutoscaler {
        let annotations = pairs
            .iter()
            .map(|(k, v)| (format!("autoscaling.knative.dev/{k}"), (*v).to_owned()))
            .collect();
        let configs = Configs {
            autoscaler: config,
            ..Configs::default()
        };
        let revision = Revision {
            name: "app-00001",
            annotations: &annotations,
            container_concurrency: 0,
            reachable: true,
        };
        predict_pod_autoscaler(&revision, &configs)
    }

    #[test]
    fn the_cluster_fills_in_what_annotations_leave_open() {
        let config = AutoscalerConfig {
            min_scale: 2,
            max_scale: 9,
            ..AutoscalerConfig::default()
        };
        let pa = predict(&[("max-scale", "0")], config);
        assert_eq!(
            (pa.class.as_str(), pa.metric.as_str()),
            ("kpa.autoscaling.knative.dev", "concurrency")
        );
        assert_eq!(pa.bounds, Bounds { min: 2, max: 0 });
        assert!(pa.hpa.is_none() && pa.kpa.is_some());
    }

    #[test]
    fn nobody_acts_on_a_misspelt_class() {
        let pa = predict(
            &[("class", "hpa"), ("metric", "x")],
            AutoscalerConfig::default(),
        );
        assert_eq!((pa.owner, pa.metric.as_str()), (Owner::Nobody, "x"));
        assert!(pa.hpa.is_none() && pa.kpa.is_none() && pa.validation_error.is_none());
    }

    #[test]
    fn the_stamped_class_is_checked_at_last() {
        let pa = predict(
            &[("metric-aggregation-algorithm", "bogus")],
            AutoscalerConfig::default(),
        );
        assert_eq!(
            pa.validation_error.as_deref(),
            Some(
                "invalid value: bogus: metadata.annotations.autoscaling.knative.dev/metric-aggregation-algorithm"
            )
        );
    }

    #[test]
    fn an_unreachable_revision_has_no_minimum() {
        let annotations = Annotations::from([(MIN_SCALE.canonical.to_owned(), "3".to_owned())]);
        assert_eq!(
            scale_bounds(&AutoscalerConfig::default(), &annotations, false),
            Bounds::default()
        );
    }
}
