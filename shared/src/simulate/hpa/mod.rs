//! The HorizontalPodAutoscaler controller of Kubernetes 1.36, one sync at a time.
//!
//! A run needs four things:
//!
//! 1. [`Plan`]: the HPA's spec as the API server stores it, checked once. An edit of the spec is another plan.
//! 2. [`Flags`]: what kube-controller-manager was started with.
//! 3. [`State`]: what the controller remembers between syncs, and the status of the object. It starts empty.
//! 4. [`Observed`]: what it sees at this sync: the scale subresource, the pods, the metrics APIs, the time.
//!
//! [`sync`] takes them and returns an [`Outcome`]: what is written to the scale, the status, the events, the error.
//! [`Calculator`] is the arithmetic alone, for one metric.
//!
//! ```
//! use kscale_rules::simulate::hpa::{Flags, Observed, Plan, Readings, Scale, State, sync};
//! use serde_json::json;
//!
//! let spec = serde_json::from_value(json!({
//!     "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "bert-predictor"},
//!     "minReplicas": 2, "maxReplicas": 5,
//! }))?;
//! let plan = Plan::new(&spec, "default")?;
//! let mut state = State::default();
//! let observed = Observed {
//!     now_ms: 0,
//!     scale: Ok(Scale { spec_replicas: 1, status_replicas: 1 }),
//!     pods: &[],
//!     readings: &Readings::default(),
//!     scale_update_error: None,
//! };
//! let outcome = sync(&plan, &Flags::default(), &mut state, &observed);
//! assert_eq!(outcome.scale_to, Some(2));
//! assert_eq!(outcome.events[0].message, "New size: 2; reason: Current number of replicas below Spec.MinReplicas");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Source: kubernetes/kubernetes 1.36, pkg/controller/podautoscaler (horizontal.go, replica_calculator.go,
//! metrics/client.go, metrics/utilization.go), with feature gates as they are by default: `HPAConfigurableTolerance` and
//! `PodLevelResources` on, `HPAScaleToZero` off. `int32(float64)` is that of amd64.
//!
//! Not simulated: metrics of type `Object`, label selectors that do not parse, several HPAs on the same pods, and a
//! restart of the controller, which is a new [`State`] with the old [`State::status`].

mod calculator;
mod group;
mod limits;
mod metric;
mod metrics;
mod observed;
mod outcome;
mod plan;
mod pods;
mod requests;
mod samples;
mod selector_text;
mod stabilise;
mod state;
mod step;
mod utilisation;

#[cfg(test)]
mod tests;

pub use calculator::{Calculated, Calculator, Failure, ResourceQuery};
pub use observed::{
    ContainerUsage, NamedReading, Observed, PodUsage, PodValue, Reading, Readings, Scale,
};
pub use outcome::{Condition, ConditionType, CurrentMetric, Event, EventType, Outcome, Status};
pub use plan::{Flags, Metric, Plan, PlanError, ResourceTarget, Tolerances, ValueTarget};
pub use pods::{Amounts, Container, Phase, Pod, Ready, ReadyStatus, Role};
pub use selector_text::selector_text;
pub use state::{Recommendation, ScaleEvent, State};
pub use step::sync;
