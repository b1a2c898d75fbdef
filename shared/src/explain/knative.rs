//! The chain of a component in Knative mode, and of a Knative Service by itself.

use serde_json::{Value, json};

use super::chain::{Chain, Source};
use super::replicas::KnativeBounds;
use super::requests;
use super::types::{Autoscaler, Target, Unit};
use crate::facts::Facts;
use crate::go::{float_to_i64, parse_float};
use crate::knative::annotations::{CLASS, METRIC, TARGET, TARGET_UTILIZATION};
use crate::knative::class::Owner;
use crate::knative::{Annotations, PodAutoscaler};
use crate::kserve::{Effective, Hpa};
use crate::kubernetes::pod::ContainerRequests;
use crate::manifest::Extension;

/// What a Knative component comes down to.
pub(super) struct Scaled<'a> {
    /// The JSON pointer of the component, or of the revision template.
    pub(super) pointer: &'a str,
    /// The scaling fields; none for a Knative Service that nobody but Knative made.
    pub(super) extension: Option<&'a Extension<'a>>,
    /// Where containerConcurrency is written, if it is.
    pub(super) limit: Option<String>,
    /// The annotations with their levels.
    pub(super) effective: &'a Effective,
    /// The annotations of the template as sent.
    pub(super) template: &'a Annotations,
    /// What Knative makes of them.
    pub(super) pod_autoscaler: &'a PodAutoscaler,
    /// The HPA, for the HPA class.
    pub(super) hpa: Option<&'a Hpa>,
    /// The containers of the pod, queue-proxy among them.
    pub(super) containers: &'a [ContainerRequests],
    /// Where the containers' requests come from.
    pub(super) requests: Source,
    /// The facts.
    pub(super) facts: &'a Facts,
}

/// What the chain ends in.
#[derive(Debug, Default)]
pub(super) struct End {
    pub(super) autoscaler: Option<Autoscaler>,
    pub(super) metric: Option<String>,
    pub(super) target: Option<Target>,
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) scale_to_zero: bool,
}

impl Scaled<'_> {
    /// Walks the chain.
    pub(super) fn explain(&self, chain: &mut Chain) -> End {
        self.class(chain);
        match self.pod_autoscaler.owner {
            Owner::Kpa => self.kpa(chain),
            Owner::Hpa => self.hpa(chain),
            Owner::Nobody => End {
                autoscaler: Some(Autoscaler::Unmanaged),
                ..End::default()
            },
        }
    }

    fn class(&self, chain: &mut Chain) {
        let class = self.pod_autoscaler.class.as_str();
        let source = if CLASS.value(&self.effective.annotations).is_some() {
            Source::effective(self.effective, self.pointer, CLASS.canonical)
        } else if self.extension.is_some() {
            Source::default("KServe controller default")
        } else {
            Source::config_autoscaler(self.facts, "pod-autoscaler-class")
        };
        let effect = match self.pod_autoscaler.owner {
            Owner::Kpa => "Knative's own autoscaler, part of every installation".to_owned(),
            Owner::Hpa => match self.facts.hpa_extension.value {
                Some(true) => "a HorizontalPodAutoscaler, made by the HPA extension, which runs here".to_owned(),
                Some(false) => {
                    "a HorizontalPodAutoscaler, made by the HPA extension, which does not run here: a new revision never becomes ready"
                        .to_owned()
                }
                None => {
                    "a HorizontalPodAutoscaler, made by the HPA extension, which must be installed (serving-hpa.yaml)".to_owned()
                }
            },
            Owner::Nobody => {
                "no controller of Knative's acts on this class: unless you run one that does, the revision never becomes ready"
                    .to_owned()
            }
        };
        chain.link("class", class, source, effect);
    }

    /// Where the metric comes from.
    fn metric_source(&self) -> Option<Source> {
        let written = self
            .extension
            .is_some_and(|extension| extension.scale_metric.is_some());
        if written {
            return Some(Source::field(format!("{}/scaleMetric", self.pointer)));
        }
        let (key, _) = METRIC.get(&self.effective.annotations)?;
        Some(Source::effective(self.effective, self.pointer, key))
    }

    /// Where the target comes from.
    fn target_source(&self) -> Option<Source> {
        let written = self
            .extension
            .is_some_and(|extension| extension.scale_target.is_some());
        if written {
            return Some(Source::field(format!("{}/scaleTarget", self.pointer)));
        }
        let (key, _) = TARGET.get(&self.effective.annotations)?;
        Some(Source::effective(self.effective, self.pointer, key))
    }

    fn bounds(&self) -> KnativeBounds<'_> {
        KnativeBounds {
            pointer: self.pointer,
            extension: self.extension,
            effective: self.effective,
            facts: self.facts,
        }
    }

    fn kpa(&self, chain: &mut Chain) -> End {
        let pa = self.pod_autoscaler;
        let metric = pa.metric.clone();
        let source = self
            .metric_source()
            .unwrap_or_else(|| Source::default("Knative default for this class"));
        let unit = if metric == "rps" {
            Unit::RequestsPerSecond
        } else {
            Unit::ConcurrentRequests
        };
        let what = match unit {
            Unit::RequestsPerSecond => "requests a second, a pod",
            _ => "requests at the same time, a pod",
        };
        chain.link("metric", metric.as_str(), source, what);
        let target = self.kpa_target(chain, &metric, unit);
        let bounds = self.bounds();
        bounds.min(chain, pa.bounds);
        bounds.max(chain, pa.bounds);
        let zero = self.scale_to_zero(chain);
        bounds.initial(chain, pa.initial_scale, pa.bounds.min);
        End {
            autoscaler: Some(Autoscaler::Kpa),
            metric: Some(metric),
            target,
            min: Some(pa.bounds.min.into()),
            max: (pa.bounds.max != 0).then_some(pa.bounds.max.into()),
            scale_to_zero: zero,
        }
    }

    fn kpa_target(&self, chain: &mut Chain, metric: &str, unit: Unit) -> Option<Target> {
        let resolved = self.pod_autoscaler.kpa.as_ref()?.resolved;
        let limit = self.pod_autoscaler.container_concurrency;
        let key = if metric == "rps" {
            "requests-per-second-target-default"
        } else {
            "container-concurrency-target-default"
        };
        let written = self.target_source();
        let capped = metric != "rps" && limit != 0 && number(resolved.total) == json!(limit);
        let source = match written {
            Some(source)
                if !capped || self.pod_autoscaler.annotation_target == Some(resolved.total) =>
            {
                source
            }
            _ if capped => match &self.limit {
                Some(pointer) => Source::field(pointer),
                None => Source::default("ConfigMap config-defaults, container-concurrency"),
            },
            _ => Source::config_autoscaler(self.facts, key),
        };
        let share = self.utilization_source(metric);
        chain.link(
            "target",
            number(resolved.total),
            source,
            "what one pod is taken to carry",
        );
        chain.link(
            "effectiveTarget",
            number(resolved.target),
            share,
            "what the autoscaler aims at a pod, so that there is room to spare",
        );
        Some(Target {
            value: number(resolved.total),
            unit,
            effective: Some(round(resolved.target)),
        })
    }

    fn utilization_source(&self, metric: &str) -> Source {
        match TARGET_UTILIZATION.get(&self.effective.annotations) {
            Some((key, _)) => Source::effective(self.effective, self.pointer, key),
            None if metric == "rps" => Source::default("Knative, fixed 70 % for rps"),
            None => {
                Source::config_autoscaler(self.facts, "container-concurrency-target-percentage")
            }
        }
    }

    fn scale_to_zero(&self, chain: &mut Chain) -> bool {
        let Ok(configs) = &self.facts.knative_configs else {
            return false;
        };
        let enabled = configs.autoscaler.enable_scale_to_zero;
        if self.pod_autoscaler.bounds.min != 0 {
            return false;
        }
        let source = Source::config_autoscaler(self.facts, "enable-scale-to-zero");
        let effect = if enabled {
            "without requests the last pod goes too; the next request waits for a cold start"
        } else {
            "the cluster forbids it: one pod stays"
        };
        chain.link("scaleToZero", enabled, source, effect);
        enabled
    }

    fn hpa(&self, chain: &mut Chain) -> End {
        let Some(hpa) = self.hpa else {
            return End::default();
        };
        let mut end = self.hpa_metric(chain, hpa);
        let written_min = i64::from(self.pod_autoscaler.bounds.min);
        let min_effect = if written_min == 0 {
            "0 becomes 1: an HPA never scales to zero"
        } else {
            "never fewer pods, and never to zero"
        };
        let min = hpa.kept.min_replicas.unwrap_or(1);
        chain.link("minReplicas", min, self.bounds().min_source(), min_effect);
        let unbounded = hpa.kept.max_replicas == i32::MAX;
        let (value, effect) = if unbounded {
            (Value::Null, "no upper bound: the HPA gets 2147483647")
        } else {
            (hpa.kept.max_replicas.into(), "never more pods")
        };
        chain.link("maxReplicas", value, self.bounds().max_source(), effect);
        let absent = self.facts.hpa_extension.value == Some(false);
        let refused = !hpa.errors.is_empty();
        end.autoscaler = Some(if absent || refused {
            Autoscaler::Unmanaged
        } else {
            Autoscaler::KnativeHpa
        });
        end.min = Some(min.into());
        end.max = (!unbounded).then_some(hpa.kept.max_replicas.into());
        end
    }

    fn hpa_metric(&self, chain: &mut Chain, hpa: &Hpa) -> End {
        let sent = hpa.sent.metrics.is_empty();
        let metric = self.pod_autoscaler.metric.as_str();
        if sent {
            let source = Source::default("Kubernetes API server default");
            let effect = if metric == "cpu" {
                "no target is set, so the API server puts one into the HPA".to_owned()
            } else {
                format!(
                    "no target is set, so {metric} is dropped and the API server puts cpu at 80 % into the HPA"
                )
            };
            chain.link("metric", "cpu", source, effect);
            requests::link(chain, "cpu", self.containers, self.requests.clone());
            return End {
                metric: Some("cpu".to_owned()),
                target: Some(Target {
                    value: json!(80),
                    unit: Unit::PercentOfRequest,
                    effective: None,
                }),
                ..End::default()
            };
        }
        let source = self
            .metric_source()
            .unwrap_or_else(|| Source::default("Knative default for this class"));
        let (unit, effect) = match metric {
            "cpu" => (Unit::PercentOfRequest, "CPU, as a percentage of requests"),
            "memory" => (
                Unit::MebibytesPerPod,
                "memory in MiB of the whole pod, not a percentage",
            ),
            _ => (
                Unit::Custom,
                "a custom metric of the pods, which an adapter must supply",
            ),
        };
        chain.link("metric", metric, source, effect);
        let value = self.hpa_target(metric);
        let source = self
            .target_source()
            .unwrap_or_else(|| Source::default("Knative"));
        let effect = match unit {
            Unit::PercentOfRequest => format!("{value} % of what the pod's containers request"),
            Unit::MebibytesPerPod => format!("{value} MiB a pod on average"),
            _ => format!("{value} a pod on average"),
        };
        chain.link("target", value.clone(), source, effect);
        if unit == Unit::PercentOfRequest {
            requests::link(chain, "cpu", self.containers, self.requests.clone());
        }
        End {
            metric: Some(metric.to_owned()),
            target: Some(Target {
                value,
                unit,
                effective: None,
            }),
            ..End::default()
        }
    }

    /// The target as the HPA gets it: cpu is rounded up, everything else cut off.
    fn hpa_target(&self, metric: &str) -> Value {
        let text = TARGET.value(self.template).unwrap_or_default();
        match parse_float(text) {
            Ok(value) if metric == "cpu" => json!(float_to_i64(value.ceil())),
            Ok(value) => json!(float_to_i64(value)),
            Err(_) => Value::Null,
        }
    }
}

/// A float that is whole, as an integer, so that it prints as people write it.
pub(super) fn number(value: f64) -> Value {
    let rounded = round(value);
    if rounded.fract() == 0.0 && rounded.abs() < 1e15 {
        json!(float_to_i64(rounded))
    } else {
        json!(rounded)
    }
}

/// To six decimals: 10 × 0.7 is 7, not 6.999999999999999.
fn round(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
