//! What steers the controller: its flags, and the spec of the HPA, checked.

use std::fmt;

use crate::kubernetes::hpa::{HpaSpec, MetricIdentifier, MetricSpec, MetricTarget, ScalingRules};
use crate::kubernetes::{Quantity, default_hpa, validate_hpa};

/// Flags of kube-controller-manager; the default is that of the binary.
///
/// Source: kubernetes/kubernetes 1.36, pkg/controller/podautoscaler/config/v1alpha1/defaults.go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flags {
    /// `--horizontal-pod-autoscaler-tolerance`: how far a ratio may be off 1, as a fraction.
    pub tolerance: f64,
    /// `--horizontal-pod-autoscaler-downscale-stabilization`, in milliseconds.
    pub downscale_stabilization_ms: i64,
    /// `--horizontal-pod-autoscaler-cpu-initialization-period`, in milliseconds.
    pub cpu_initialization_period_ms: i64,
    /// `--horizontal-pod-autoscaler-initial-readiness-delay`, in milliseconds.
    pub initial_readiness_delay_ms: i64,
}

impl Default for Flags {
    fn default() -> Self {
        Self {
            tolerance: 0.1,
            downscale_stabilization_ms: 300_000,
            cpu_initialization_period_ms: 300_000,
            initial_readiness_delay_ms: 30_000,
        }
    }
}

/// How far a ratio may be off 1 before anything is done, as fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerances {
    /// Below 1.
    pub down: f64,
    /// Above 1.
    pub up: f64,
}

impl Tolerances {
    /// True if the ratio is close enough to 1, the bounds included.
    #[must_use]
    pub fn is_within(self, ratio: f64) -> bool {
        (1.0 - self.down) <= ratio && ratio <= (1.0 + self.up)
    }
}

/// The target of a metric of type `Resource` or `ContainerResource`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceTarget {
    /// Percent of the requests.
    Utilization(i32),
    /// Thousandths a pod.
    AverageValue(i64),
}

/// The target of a metric of type `External`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueTarget {
    /// Thousandths for all pods together.
    Value(i64),
    /// Thousandths a pod.
    AverageValue(i64),
}

/// A metric of the spec.
#[derive(Debug, Clone, PartialEq)]
pub enum Metric {
    /// CPU or memory, of one container or of all.
    Resource {
        /// `cpu` or `memory`.
        name: String,
        /// The container, for a metric of type `ContainerResource`.
        container: Option<String>,
        /// What to aim for.
        target: ResourceTarget,
    },
    /// A metric of each pod.
    Pods {
        /// Which metric.
        metric: MetricIdentifier,
        /// Thousandths a pod.
        average_milli: i64,
    },
    /// A metric from outside.
    External {
        /// Which metric.
        metric: MetricIdentifier,
        /// What to aim for.
        target: ValueTarget,
    },
}

/// Why a spec cannot be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanError {
    /// The API server refuses it, in these words.
    Refused(Vec<String>),
    /// It is fine, but this metric is of a type that is not simulated.
    NotSimulated {
        /// The metric's place in `spec.metrics`.
        index: usize,
        /// Its type.
        kind: String,
    },
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(errors) => write!(
                f,
                "the API server refuses this HorizontalPodAutoscaler: {}",
                errors.join("; ")
            ),
            Self::NotSimulated { index, kind } => write!(
                f,
                "spec.metrics[{index}] is of type {kind}, which is not simulated; leave it out to simulate the rest"
            ),
        }
    }
}

impl std::error::Error for PlanError {}

/// The spec as it is stored, fit to be run.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    namespace: String,
    spec: HpaSpec,
    metrics: Vec<Metric>,
}

impl Plan {
    /// Fills in what the API server fills in, and checks what it checks.
    ///
    /// # Errors
    /// [`PlanError`]: refused by the API server, or with a metric of type `Object`.
    pub fn new(spec: &HpaSpec, namespace: &str) -> Result<Self, PlanError> {
        let spec = default_hpa(spec);
        let errors = validate_hpa(&spec);
        if !errors.is_empty() {
            return Err(PlanError::Refused(errors));
        }
        let metrics = spec
            .metrics
            .iter()
            .enumerate()
            .map(|(index, metric)| {
                read(metric).ok_or_else(|| PlanError::NotSimulated {
                    index,
                    kind: metric.kind.clone(),
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            namespace: namespace.to_owned(),
            spec,
            metrics,
        })
    }

    /// The spec after defaulting.
    #[must_use]
    pub const fn spec(&self) -> &HpaSpec {
        &self.spec
    }

    /// The metrics in order.
    #[must_use]
    pub fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    /// The namespace of the HPA and its pods.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The fewest pods.
    #[must_use]
    pub fn min_replicas(&self) -> i32 {
        self.spec.min_replicas.unwrap_or(1)
    }

    /// The tolerances: the flag, unless the behavior says otherwise for a direction.
    #[must_use]
    pub fn tolerances(&self, flags: &Flags) -> Tolerances {
        let behavior = self.spec.behavior.as_ref();
        let of = |rules: Option<&ScalingRules>| {
            let tolerance = rules.and_then(|rules| rules.tolerance.as_ref());
            tolerance.map_or(flags.tolerance, stored)
        };
        Tolerances {
            down: of(behavior.and_then(|behavior| behavior.scale_down.as_ref())),
            up: of(behavior.and_then(|behavior| behavior.scale_up.as_ref())),
        }
    }

    /// How the target is named in errors.
    pub(super) fn reference(&self) -> String {
        let target = &self.spec.scale_target_ref;
        format!("{}/{}/{}", target.kind, self.namespace, target.name)
    }
}

/// The controller reads what was stored, in canonical form, whose float may differ in the last bit from that of the
/// text that was sent.
fn stored(tolerance: &Quantity) -> f64 {
    Quantity::parse(&tolerance.to_string()).map_or(f64::NAN, |stored| stored.approximate())
}

fn read(spec: &MetricSpec) -> Option<Metric> {
    match spec.kind.as_str() {
        "Resource" => spec.resource.as_ref().and_then(|resource| {
            Some(Metric::Resource {
                name: resource.name.clone(),
                container: None,
                target: resource_target(&resource.target)?,
            })
        }),
        "ContainerResource" => spec.container_resource.as_ref().and_then(|resource| {
            Some(Metric::Resource {
                name: resource.name.clone(),
                container: Some(resource.container.clone()),
                target: resource_target(&resource.target)?,
            })
        }),
        "Pods" => spec.pods.as_ref().and_then(|pods| {
            Some(Metric::Pods {
                metric: pods.metric.clone(),
                average_milli: pods.target.average_value.as_ref()?.milli_value(),
            })
        }),
        "External" => spec.external.as_ref().and_then(|external| {
            Some(Metric::External {
                metric: external.metric.clone(),
                target: value_target(&external.target)?,
            })
        }),
        _ => None,
    }
}

/// What is set decides, whatever `type` says; so upstream.
fn resource_target(target: &MetricTarget) -> Option<ResourceTarget> {
    match &target.average_value {
        Some(average) => Some(ResourceTarget::AverageValue(average.milli_value())),
        None => target.average_utilization.map(ResourceTarget::Utilization),
    }
}

fn value_target(target: &MetricTarget) -> Option<ValueTarget> {
    match (&target.average_value, &target.value) {
        (Some(average), _) => Some(ValueTarget::AverageValue(average.milli_value())),
        (None, Some(value)) => Some(ValueTarget::Value(value.milli_value())),
        (None, None) => None,
    }
}
