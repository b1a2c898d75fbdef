//! What the controller observes, read from a line of the corpus.

use std::collections::BTreeMap;

use kscale_rules::kubernetes::Quantity;
use kscale_rules::kubernetes::hpa::{HpaSpec, MetricIdentifier};
use kscale_rules::simulate::hpa::{
    Amounts, Container, ContainerUsage, Flags, NamedReading, Phase, Plan, Pod, PodUsage, PodValue,
    Reading, Readings, Ready, ReadyStatus, Role,
};
use serde::Deserialize;
use serde_json::Value;

/// Where the corpus has its objects.
pub(super) const NAMESPACE: &str = "default";

#[derive(Deserialize)]
pub(super) struct ControllerLine {
    tolerance: f64,
    downscale_stabilization_s: f64,
    cpu_initialization_period_s: f64,
    initial_readiness_delay_s: f64,
}

impl ControllerLine {
    pub(super) fn flags(&self) -> Flags {
        Flags {
            tolerance: self.tolerance,
            downscale_stabilization_ms: millis(self.downscale_stabilization_s),
            cpu_initialization_period_ms: millis(self.cpu_initialization_period_s),
            initial_readiness_delay_ms: millis(self.initial_readiness_delay_s),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct ContainerLine {
    name: String,
    #[serde(default)]
    restartable_init: bool,
    #[serde(flatten)]
    requests: BTreeMap<String, Value>,
}

impl ContainerLine {
    fn container(&self) -> Container {
        Container {
            name: self.name.clone(),
            role: if self.restartable_init {
                Role::RestartableInit
            } else {
                Role::Main
            },
            requests: amounts(&self.requests),
        }
    }
}

#[derive(Deserialize)]
struct MetricsLine {
    age_s: f64,
    window_s: f64,
    #[serde(default)]
    cpu_milli: Vec<Option<i64>>,
    #[serde(default)]
    memory_bytes: Vec<Option<i64>>,
}

#[derive(Deserialize)]
pub(super) struct PodLine {
    name: String,
    phase: Option<String>,
    #[serde(default)]
    deleting: bool,
    ready: Option<bool>,
    ready_change_age_s: Option<f64>,
    start_age_s: Option<f64>,
    metrics: Option<MetricsLine>,
    pods_metric_milli: Option<i64>,
    containers: Option<Vec<ContainerLine>>,
    pod_requests: Option<BTreeMap<String, Value>>,
}

/// What is seen at a sync, or by one call.
#[derive(Deserialize)]
pub(super) struct Seen {
    pods: Option<Vec<PodLine>>,
    #[serde(default)]
    metrics_api: String,
    external_milli: Option<Vec<i64>>,
}

/// Seen together with the pod template, and what the controller made of it.
pub(super) struct Context<'a> {
    pub(super) seen: &'a Seen,
    pub(super) template: &'a [ContainerLine],
    pub(super) expected: &'a Value,
    pub(super) now_ms: i64,
}

impl Context<'_> {
    fn lines(&self) -> impl Iterator<Item = (&PodLine, &[ContainerLine])> {
        let pods = self.seen.pods.iter().flatten();
        pods.map(|pod| (pod, pod.containers.as_deref().unwrap_or(self.template)))
    }

    /// Pods in order of the lister.
    pub(super) fn pods(&self) -> Vec<Pod> {
        let ago = |age: f64| self.now_ms - millis(age);
        self.lines()
            .map(|(pod, containers)| Pod {
                name: pod.name.clone(),
                phase: match pod.phase.as_deref() {
                    None | Some("" | "Running") => Phase::Running,
                    Some("Pending") => Phase::Pending,
                    Some("Failed") => Phase::Failed,
                    Some("Succeeded") => Phase::Succeeded,
                    Some(_) => Phase::Unknown,
                },
                deleting: pod.deleting,
                ready: pod.ready.map(|ready| Ready {
                    status: if ready {
                        ReadyStatus::True
                    } else {
                        ReadyStatus::False
                    },
                    // No time is the first of all times.
                    since_ms: pod.ready_change_age_s.map_or(i64::MIN / 2, ago),
                }),
                started_ms: pod.start_age_s.map(ago),
                containers: containers.iter().map(ContainerLine::container).collect(),
                pod_requests: pod.pod_requests.as_ref().map(amounts),
            })
            .collect()
    }

    /// The answer of metrics.k8s.io.
    pub(super) fn resource(&self) -> Reading<PodUsage> {
        match self.seen.metrics_api.as_str() {
            "error" => Reading::Failed(self.told("resource metrics API: ").unwrap_or_default()),
            "empty" => Reading::default(),
            _ => Reading::Items(self.usage()),
        }
    }

    fn usage(&self) -> Vec<PodUsage> {
        let measured = self
            .lines()
            .filter_map(|(pod, containers)| Some((pod, containers, pod.metrics.as_ref()?)));
        measured
            .map(|(pod, containers, metrics)| {
                let of = |list: &[Option<i64>], index: usize| list.get(index).copied().flatten();
                let containers = containers.iter().enumerate();
                let containers = containers.map(|(index, container)| ContainerUsage {
                    name: container.name.clone(),
                    usage: Amounts {
                        cpu_milli: of(&metrics.cpu_milli, index),
                        memory_milli: of(&metrics.memory_bytes, index).map(|bytes| bytes * 1000),
                    },
                });
                PodUsage {
                    pod: pod.name.clone(),
                    at_ms: self.now_ms - millis(metrics.age_s),
                    window_ms: millis(metrics.window_s),
                    containers: containers.collect(),
                }
            })
            .collect()
    }

    /// The answer of custom.metrics.k8s.io.
    pub(super) fn custom(&self) -> Reading<PodValue> {
        let pods = self.seen.pods.iter().flatten();
        let items = pods.filter_map(|pod| {
            Some(PodValue {
                pod: pod.name.clone(),
                milli: pod.pods_metric_milli?,
            })
        });
        self.other("custom", items.collect())
    }

    /// The answer of external.metrics.k8s.io.
    pub(super) fn external(&self) -> Reading<i64> {
        let items = self.seen.external_milli.clone();
        self.other("external", items.unwrap_or_default())
    }

    /// The corpus does not say whether `metrics_api` is about this API too; that is taken from what the controller was
    /// told.
    fn other<T>(&self, api: &str, items: Vec<T>) -> Reading<T> {
        let after = |words: &str| self.told(&format!("{words} from {api} metrics API"));
        match self.seen.metrics_api.as_str() {
            "error" => match after("unable to fetch metrics") {
                Some(error) => Reading::Failed(error.trim_start_matches(": ").to_owned()),
                None => Reading::Items(items),
            },
            "empty" if after("no metrics returned").is_some() => Reading::default(),
            _ => Reading::Items(items),
        }
    }

    pub(super) fn readings(&self, plan: &Plan) -> Readings {
        let metrics = &plan.spec().metrics;
        let pods = metrics.iter().filter_map(|metric| metric.pods.as_ref());
        let external = metrics.iter().filter_map(|metric| metric.external.as_ref());
        Readings {
            resource: self.resource(),
            pods: pods.map(|m| named(&m.metric, self.custom())).collect(),
            external: external
                .map(|m| named(&m.metric, self.external()))
                .collect(),
        }
    }

    /// What an API outside of the controller said of a failure: an input, which the corpus gives only in what the
    /// controller makes of it.
    pub(super) fn told(&self, before: &str) -> Option<String> {
        let error = self.expected["error"].as_str();
        let messages = self.expected["events"].as_array().into_iter().flatten();
        messages
            .filter_map(|event| event[2].as_str())
            .chain(error)
            .find_map(|text| text.split_once(before))
            .map(|(_, told)| told.to_owned())
    }
}

fn named<T>(metric: &MetricIdentifier, reading: Reading<T>) -> NamedReading<T> {
    NamedReading {
        metric: metric.clone(),
        reading,
    }
}

/// The keys say the unit: `cpu…` is in thousandths, `memory…` in bytes; a text is a quantity.
fn amounts(amounts: &BTreeMap<String, Value>) -> Amounts {
    let of = |resource: &str, factor: i64| {
        let (_, amount) = amounts.iter().find(|(key, _)| key.starts_with(resource))?;
        match amount.as_str() {
            Some(text) => Quantity::parse(text).ok().map(|q| q.milli_value()),
            None => Some(amount.as_i64()? * factor),
        }
    };
    Amounts {
        cpu_milli: of("cpu", 1),
        memory_milli: of("memory", 1000),
    }
}

/// Reads a part of a line.
pub(super) fn read<T: for<'de> Deserialize<'de>>(value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| error.to_string())
}

pub(super) fn plan(spec: &HpaSpec) -> Result<Plan, String> {
    Plan::new(spec, NAMESPACE).map_err(|error| error.to_string())
}

pub(super) fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

pub(super) fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}
