//! The chain of a component in Standard mode.

use serde_json::{Value, json};

use super::chain::{Chain, Source};
use super::knative::End;
use super::requests;
use super::types::{Autoscaler, Target, Unit};
use crate::facts::Facts;
use crate::kserve::annotations::{AUTOSCALER_CLASS, TARGET_UTILIZATION};
use crate::kserve::{Behaviour, Effective, Hpa, StandardOutcome};
use crate::kubernetes::hpa::MetricSpec;
use crate::kubernetes::pod::ContainerRequests;
use crate::manifest::Extension;

/// What a Standard component comes down to.
pub(super) struct Scaled<'a> {
    /// The JSON pointer of the component.
    pub(super) pointer: &'a str,
    /// The scaling fields.
    pub(super) extension: &'a Extension<'a>,
    /// The annotations with their levels.
    pub(super) effective: &'a Effective,
    /// What the controller makes.
    pub(super) outcome: &'a StandardOutcome,
    /// The containers of the pod.
    pub(super) containers: &'a [ContainerRequests],
    /// Where the containers' requests come from.
    pub(super) requests: Source,
    /// The facts.
    pub(super) facts: &'a Facts,
}

impl Scaled<'_> {
    /// Walks the chain.
    pub(super) fn explain(&self, chain: &mut Chain) -> End {
        self.class(chain);
        if let Some(hpa) = &self.outcome.hpa {
            return self.hpa(chain, hpa);
        }
        match &self.outcome.scaled_object {
            Some(spec) => self.keda(chain, spec),
            None => self.fixed(chain),
        }
    }

    fn class(&self, chain: &mut Chain) {
        let class = self.outcome.class.as_str();
        let source = if self.effective.annotations.contains_key(AUTOSCALER_CLASS) {
            Source::effective(self.effective, self.pointer, AUTOSCALER_CLASS)
        } else {
            Source::default("KServe controller default")
        };
        let effect = match class {
            "hpa" => "KServe makes a HorizontalPodAutoscaler",
            "keda" => match self.facts.keda_installed.value {
                Some(true) => "KServe makes a KEDA ScaledObject; KEDA runs here",
                Some(false) => "KServe makes a KEDA ScaledObject, but KEDA is not installed here",
                None => "KServe makes a KEDA ScaledObject; KEDA must be installed",
            },
            "external" => {
                "KServe makes no autoscaler and leaves the number of pods to another controller"
            }
            _ => "KServe makes no autoscaler",
        };
        chain.link("class", class, source, effect);
    }

    fn min_source(&self) -> Source {
        match self.extension.min_replicas {
            Some(_) => Source::field(format!("{}/minReplicas", self.pointer)),
            None => Source::default("KServe default"),
        }
    }

    fn bounds(&self, chain: &mut Chain, min: i64, max: i64) {
        let written = self.extension.min_replicas;
        let effect = match written {
            Some(less) if less < min => {
                format!("{less} becomes {min}: this HPA never scales to zero")
            }
            _ if min == 0 => "no pod at all without load".to_owned(),
            _ => "never fewer pods".to_owned(),
        };
        chain.link("minReplicas", min, self.min_source(), effect);
        let (source, effect) = match self.extension.max_replicas {
            0 => (
                Source::default("KServe default"),
                if max <= min {
                    "unset becomes the same as minReplicas: it never scales"
                } else {
                    "never more pods"
                },
            ),
            less if less < max => (
                Source::field(format!("{}/maxReplicas", self.pointer)),
                "raised to minReplicas: it never scales",
            ),
            _ => (
                Source::field(format!("{}/maxReplicas", self.pointer)),
                "never more pods",
            ),
        };
        chain.link("maxReplicas", max, source, effect);
    }

    fn hpa(&self, chain: &mut Chain, hpa: &Hpa) -> End {
        let min: i64 = hpa.kept.min_replicas.unwrap_or(1).into();
        let max: i64 = hpa.kept.max_replicas.into();
        if hpa.sent.metrics.is_empty() {
            self.dropped_metric(chain);
        } else {
            for (index, metric) in hpa.kept.metrics.iter().enumerate() {
                self.metric(chain, metric, index);
            }
        }
        let first = hpa.kept.metrics.first();
        self.bounds(chain, min, max);
        let refused = !hpa.errors.is_empty();
        End {
            autoscaler: Some(if refused {
                Autoscaler::Unmanaged
            } else {
                Autoscaler::Hpa
            }),
            metric: first.map(|metric| name(metric).to_owned()),
            target: first.and_then(target),
            min: Some(min),
            max: Some(max),
            scale_to_zero: false,
        }
    }

    fn dropped_metric(&self, chain: &mut Chain) {
        let effect = match (self.extension.scale_metric, &self.extension.auto_scaling) {
            (_, Some(_)) => {
                "KServe sends an HPA without metrics, since autoScaling has none it uses; the API server puts cpu at 80 %".to_owned()
            }
            (Some(metric), None) => {
                format!("KServe sends an HPA without metrics for {metric}; the API server puts cpu at 80 %")
            }
            (None, None) => "KServe sends an HPA without metrics; the API server puts cpu at 80 %".to_owned(),
        };
        chain.link(
            "metric",
            "cpu",
            Source::default("Kubernetes API server default"),
            effect,
        );
        requests::link(chain, "cpu", self.containers, self.requests.clone());
    }

    fn metric(&self, chain: &mut Chain, metric: &MetricSpec, index: usize) {
        let name = name(metric);
        let (metric_source, target_source) = self.metric_sources(index);
        chain.link(
            "metric",
            name,
            metric_source,
            "of all pods of the component",
        );
        let Some(target) = target(metric) else {
            return;
        };
        let effect = match target.unit {
            Unit::PercentOfRequest => {
                format!("{} % of what the pod's containers request", target.value)
            }
            _ => "a pod on average".to_owned(),
        };
        let is_percentage = target.unit == Unit::PercentOfRequest;
        chain.link("target", target.value, target_source, effect);
        if is_percentage {
            requests::link(chain, name, self.containers, self.requests.clone());
        }
    }

    fn metric_sources(&self, index: usize) -> (Source, Source) {
        let pointer = self.pointer;
        let extension = self.extension;
        if let Some(scaling) = &extension.auto_scaling {
            // The HPA's metrics are those entries that have a resource, in order.
            let of_resource =
                |(_, metric): &(usize, &crate::manifest::Metric<'_>)| metric.resource.is_some();
            let entry = scaling
                .metrics
                .iter()
                .enumerate()
                .filter(of_resource)
                .nth(index);
            let at = entry.map_or(index, |(at, _)| at);
            let resource = format!("{pointer}/autoScaling/metrics/{at}/resource");
            return (
                Source::field(format!("{resource}/name")),
                Source::field(format!("{resource}/target")),
            );
        }
        let metric = match extension.scale_metric {
            Some(_) => Source::field(format!("{pointer}/scaleMetric")),
            None => Source::default("KServe default"),
        };
        let reads_annotation = self.facts.release().has(Behaviour::AnnotationHpa);
        let target = if extension.scale_target.is_some() {
            Source::field(format!("{pointer}/scaleTarget"))
        } else if reads_annotation && self.effective.annotations.contains_key(TARGET_UTILIZATION) {
            Source::effective(self.effective, pointer, TARGET_UTILIZATION)
        } else {
            Source::default("KServe default")
        };
        (metric, target)
    }

    fn keda(&self, chain: &mut Chain, spec: &Value) -> End {
        let triggers = spec.get("triggers").and_then(Value::as_array);
        let triggers = triggers.map(Vec::as_slice).unwrap_or_default();
        for (index, trigger) in triggers.iter().enumerate() {
            let at = format!("{}/autoScaling/metrics/{index}", self.pointer);
            let (kind, value, effect) = trigger_parts(trigger);
            chain.link("metric", kind, Source::field(at.clone()), effect);
            chain.link(
                "target",
                value,
                Source::field(at),
                "the threshold of that trigger",
            );
        }
        if triggers.is_empty() {
            chain.link(
                "metric",
                Value::Null,
                Source::default("KServe controller"),
                "triggers are made from autoScaling.metrics only, and there are none",
            );
        }
        let number = |key: &str| spec.get(key).and_then(Value::as_i64).unwrap_or_default();
        let (min, max) = (number("minReplicaCount"), number("maxReplicaCount"));
        self.bounds(chain, min, max);
        let refused = crate::kserve::standard::keda::refusal(&self.outcome.keda_errors).is_some();
        let absent = self.facts.keda_installed.value == Some(false);
        let first = triggers.first();
        End {
            autoscaler: Some(if refused || absent {
                Autoscaler::Unmanaged
            } else {
                Autoscaler::Keda
            }),
            metric: first.map(|trigger| trigger_parts(trigger).0),
            target: first.map(trigger_target),
            min: Some(min),
            max: Some(max),
            scale_to_zero: min == 0 && !refused,
        }
    }

    fn fixed(&self, chain: &mut Chain) -> End {
        let external = self.outcome.class == "external";
        let replicas = self.outcome.replicas;
        let (value, effect) = match replicas {
            Some(n) => (
                json!(n),
                "the number of pods is fixed, and put back when somebody changes it",
            ),
            None => (
                Value::Null,
                "KServe sets no number: the Deployment starts with one pod and keeps what it has",
            ),
        };
        chain.link("replicas", value, self.min_source(), effect);
        End {
            autoscaler: Some(if external {
                Autoscaler::External
            } else {
                Autoscaler::None
            }),
            min: replicas,
            max: replicas,
            ..End::default()
        }
    }
}

fn name(metric: &MetricSpec) -> &str {
    metric
        .resource
        .as_ref()
        .map_or("", |resource| resource.name.as_str())
}

fn target(metric: &MetricSpec) -> Option<Target> {
    let target = &metric.resource.as_ref()?.target;
    let (value, unit) = match (target.average_utilization, &target.average_value) {
        (Some(percent), _) => (json!(percent), Unit::PercentOfRequest),
        (None, Some(amount)) => (json!(amount.to_string()), Unit::Quantity),
        (None, None) => return None,
    };
    Some(Target {
        value,
        unit,
        effective: None,
    })
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
}

/// A trigger's kind, its threshold, and what it measures.
fn trigger_parts(trigger: &Value) -> (String, Value, String) {
    let kind = text(trigger, "/type").unwrap_or_default().to_owned();
    let metadata = |key: &str| text(trigger, &format!("/metadata/{key}"));
    let threshold = metadata("value")
        .or_else(|| metadata("threshold"))
        .or_else(|| metadata("targetValue"));
    let query = metadata("query").or_else(|| metadata("metricQuery"));
    let effect = match query {
        Some(query) => format!("the query {query}"),
        None => "of all pods of the component".to_owned(),
    };
    (kind, json!(threshold), effect)
}

fn trigger_target(trigger: &Value) -> Target {
    let unit = match text(trigger, "/metricType") {
        Some("Utilization") => Unit::PercentOfRequest,
        Some("AverageValue") => Unit::Quantity,
        _ => Unit::Custom,
    };
    Target {
        value: trigger_parts(trigger).1,
        unit,
        effective: None,
    }
}
