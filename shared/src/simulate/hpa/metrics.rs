//! What all metrics together ask for.
//!
//! Source: horizontal.go, `computeReplicasForMetrics`.

use super::calculator::Calculator;
use super::metric::{self, MetricFailure};
use super::observed::{Observed, Scale};
use super::outcome::{CurrentMetric, Event, EventType};
use super::plan::{Flags, Plan};

/// What all metrics together ask for.
pub(super) struct Computed {
    /// The highest number, and the name of the metric; `None` if no metric works, or one fails and the others would
    /// scale down.
    pub(super) wish: Option<(i32, String)>,
    /// One entry a metric.
    pub(super) statuses: Vec<Option<CurrentMetric>>,
    /// One event a failed metric.
    pub(super) events: Vec<Event>,
    /// Reason and message of the condition `ScalingActive`; it is true if there is a wish.
    pub(super) active: (&'static str, String),
    /// Set if any metric failed.
    pub(super) error: Option<String>,
}

/// Asks every metric in turn.
pub(super) fn compute(
    plan: &Plan,
    flags: &Flags,
    observed: &Observed<'_>,
    scale: Scale,
) -> Computed {
    let calculator = Calculator {
        flags,
        tolerances: plan.tolerances(flags),
        now_ms: observed.now_ms,
        pods: observed.pods,
    };
    let (mut replicas, mut name) = (0, String::new());
    let (mut statuses, mut failures) = (Vec::new(), Vec::new());
    for metric in plan.metrics() {
        match metric::ask(&calculator, plan, metric, observed, scale) {
            Ok(proposal) => {
                statuses.push(Some(proposal.status));
                if replicas == 0 || proposal.replicas > replicas {
                    (replicas, name) = (proposal.replicas, proposal.name);
                }
            }
            Err(failure) => {
                statuses.push(None);
                failures.push(failure);
            }
        }
    }
    let (failed, total) = (failures.len(), statuses.len());
    // A metric that fails might have asked for more than the others: up is safe, down is not.
    let blocked = failed >= total || replicas < scale.spec_replicas;
    let error = failures.first().map(|first| {
        let error = &first.error;
        format!("invalid metrics ({failed} invalid out of {total}), first error is: {error}")
    });
    let active = match failures.first().filter(|_| blocked) {
        Some(first) => {
            let message = &first.message;
            let message = format!("the HPA was unable to compute the replica count: {message}");
            (first.reason, message)
        }
        None => {
            let message =
                format!("the HPA was able to successfully calculate a replica count from {name}");
            ("ValidMetricFound", message)
        }
    };
    Computed {
        wish: (failed == 0 || !blocked).then_some((replicas, name)),
        statuses,
        events: failures.into_iter().map(event).collect(),
        active,
        error,
    }
}

fn event(failure: MetricFailure) -> Event {
    Event {
        kind: EventType::Warning,
        reason: failure.reason.to_owned(),
        message: failure.message,
    }
}
