//! One sync of the controller.
//!
//! Source: horizontal.go, `reconcileAutoscaler`, `normalizeDesiredReplicas`, `normalizeDesiredReplicasWithBehaviors`.

use super::limits::{self, Bounds, Limited};
use super::metrics;
use super::observed::{Observed, Scale};
use super::outcome::{Condition, ConditionType, CurrentMetric, Event, EventType, Outcome};
use super::plan::{Flags, Plan};
use super::stabilise::{self, Windows};
use super::state::State;
use crate::kubernetes::hpa::{Behavior, ScalingRules};

/// Runs the controller once: looks at what is observed, and does what it does. `state` is what it remembers, and is
/// brought up to date.
#[must_use]
pub fn sync(plan: &Plan, flags: &Flags, state: &mut State, observed: &Observed<'_>) -> Outcome {
    let mut step = Step {
        plan,
        flags,
        state,
        observed,
        proposal: None,
        scale_to: None,
        events: Vec::new(),
    };
    let error = step.run();
    Outcome {
        proposal: step.proposal,
        scale_to: step.scale_to,
        events: step.events,
        status: step.state.status.clone(),
        error,
    }
}

/// What is to become of the scale.
struct Decision {
    replicas: i32,
    /// False: leave the scale alone.
    rescale: bool,
    reason: String,
    metrics: Vec<Option<CurrentMetric>>,
    /// An error that does not keep the scale from being written.
    error: Option<String>,
}

impl Decision {
    const fn without_metrics(replicas: i32, rescale: bool, reason: String) -> Self {
        Self {
            replicas,
            rescale,
            reason,
            metrics: Vec::new(),
            error: None,
        }
    }
}

struct Step<'a> {
    plan: &'a Plan,
    flags: &'a Flags,
    state: &'a mut State,
    observed: &'a Observed<'a>,
    proposal: Option<i32>,
    scale_to: Option<i32>,
    events: Vec<Event>,
}

impl Step<'_> {
    /// The error of the sync, if there is one.
    fn run(&mut self) -> Option<String> {
        let scale = match &self.observed.scale {
            Ok(scale) => *scale,
            Err(error) => return Some(self.no_scale(error)),
        };
        self.condition(
            ConditionType::AbleToScale,
            true,
            "SucceededGetScale",
            "the HPA controller was able to get the target's current scale".to_owned(),
        );
        let current = scale.spec_replicas;
        self.state.record_first(current, self.observed.now_ms);
        let decision = match self.decide(scale) {
            Ok(decision) => decision,
            Err(error) => return Some(error),
        };
        if !decision.rescale {
            self.status(current, current, decision.metrics);
            return decision.error;
        }
        if let Some(refused) = &self.observed.scale_update_error {
            return Some(self.refused(current, decision, refused));
        }
        self.write(current, &decision);
        self.status(current, decision.replicas, decision.metrics);
        self.state.status.last_scale_ms = Some(self.observed.now_ms);
        decision.error
    }

    fn no_scale(&mut self, error: &str) -> String {
        self.event(EventType::Warning, "FailedGetScale", error.to_owned());
        let message =
            format!("the HPA controller was unable to get the target's current scale: {error}");
        self.condition(ConditionType::AbleToScale, false, "FailedGetScale", message);
        let reference = self.plan.reference();
        format!("failed to query scale subresource for {reference}: {error}")
    }

    /// The bounds come first; only between them are the metrics looked at.
    fn decide(&mut self, scale: Scale) -> Result<Decision, String> {
        let current = scale.spec_replicas;
        let (min, max) = (self.plan.min_replicas(), self.plan.spec().max_replicas);
        if current == 0 && min != 0 {
            let message = "scaling is disabled since the replica count of the target is zero";
            let active = ConditionType::ScalingActive;
            self.condition(active, false, "ScalingDisabled", message.to_owned());
            return Ok(Decision::without_metrics(0, false, String::new()));
        }
        if current > max {
            let reason = "Current number of replicas above Spec.MaxReplicas".to_owned();
            return Ok(Decision::without_metrics(max, true, reason));
        }
        if current < min {
            let reason = "Current number of replicas below Spec.MinReplicas".to_owned();
            return Ok(Decision::without_metrics(min, true, reason));
        }
        self.by_metrics(scale)
    }

    fn by_metrics(&mut self, scale: Scale) -> Result<Decision, String> {
        let current = scale.spec_replicas;
        let computed = metrics::compute(self.plan, self.flags, self.observed, scale);
        self.events.extend(computed.events);
        let (reason, message) = computed.active;
        let active = ConditionType::ScalingActive;
        self.condition(active, computed.wish.is_some(), reason, message);
        let Some((proposal, metric)) = computed.wish else {
            let desired = self.state.status.desired_replicas;
            self.status(current, desired, computed.statuses);
            let error = computed.error.unwrap_or_default();
            let reason = "FailedComputeMetricsReplicas";
            self.event(EventType::Warning, reason, error.clone());
            let reference = self.plan.reference();
            return Err(format!(
                "failed to compute desired number of replicas based on listed metrics for {reference}: {error}"
            ));
        };
        self.proposal = Some(proposal);
        let wanted = proposal.max(0);
        let metric = if proposal > 0 { metric } else { String::new() };
        // Told of the wish, not of what becomes of it: held back, a scaling can have no reason at all.
        let reason = match wanted.cmp(&current) {
            std::cmp::Ordering::Greater => format!("{metric} above target"),
            std::cmp::Ordering::Less => "All metrics below target".to_owned(),
            std::cmp::Ordering::Equal => String::new(),
        };
        let replicas = self.normalise(current, wanted);
        Ok(Decision {
            replicas,
            rescale: replicas != current,
            reason,
            metrics: computed.statuses,
            error: computed.error,
        })
    }

    /// Stabilises and limits a wish.
    fn normalise(&mut self, current: i32, wanted: i32) -> i32 {
        let now_ms = self.observed.now_ms;
        let bounds = Bounds {
            min: self.plan.min_replicas(),
            max: self.plan.spec().max_replicas,
        };
        let (stabilised, limited) = match &self.plan.spec().behavior {
            None => {
                let window_ms = self.flags.downscale_stabilization_ms;
                let stabilised = stabilise::plain(self.state, wanted, window_ms, now_ms);
                let limited = limits::plain(current, stabilised.replicas, bounds);
                (stabilised, limited)
            }
            Some(behavior) => {
                let none = ScalingRules::default();
                let up = behavior.scale_up.as_ref().unwrap_or(&none);
                let down = behavior.scale_down.as_ref().unwrap_or(&none);
                let windows = self.windows(behavior);
                let stabilised =
                    stabilise::by_windows(self.state, current, wanted, windows, now_ms);
                let desired = stabilised.replicas;
                let limited =
                    limits::by_rules(current, desired, bounds, (up, down), self.state, now_ms);
                (stabilised, limited)
            }
        };
        let (reason, message) = if stabilised.replicas == wanted {
            ("ReadyForNewScale", "recommended size matches current size")
        } else {
            (stabilised.reason, stabilised.message)
        };
        self.condition(ConditionType::AbleToScale, true, reason, message.to_owned());
        let Limited {
            replicas,
            reason,
            message,
        } = limited;
        let held = replicas != stabilised.replicas;
        self.condition(
            ConditionType::ScalingLimited,
            held,
            reason,
            message.to_owned(),
        );
        replicas
    }

    /// The flag stands in for a missing window downwards, cut to whole seconds.
    fn windows(&self, behavior: &Behavior) -> Windows {
        let seconds = |rules: &Option<ScalingRules>| {
            rules
                .as_ref()
                .and_then(|rules| rules.stabilization_window_seconds)
        };
        let flag = self.flags.downscale_stabilization_ms / 1000;
        Windows {
            up_ms: i64::from(seconds(&behavior.scale_up).unwrap_or(0)) * 1000,
            down_ms: seconds(&behavior.scale_down).map_or(flag, i64::from) * 1000,
        }
    }

    fn refused(&mut self, current: i32, decision: Decision, error: &str) -> String {
        let Decision {
            replicas, reason, ..
        } = &decision;
        let message = format!("New size: {replicas}; reason: {reason}; error: {error}");
        self.event(EventType::Warning, "FailedRescale", message);
        let message = format!("the HPA controller was unable to update the target scale: {error}");
        self.condition(
            ConditionType::AbleToScale,
            false,
            "FailedUpdateScale",
            message,
        );
        let desired = self.state.status.desired_replicas;
        self.status(current, desired, decision.metrics);
        format!("failed to rescale {}: {error}", self.plan.reference())
    }

    fn write(&mut self, current: i32, decision: &Decision) {
        let Decision {
            replicas, reason, ..
        } = decision;
        let message =
            format!("the HPA controller was able to update the target scale to {replicas}");
        self.condition(
            ConditionType::AbleToScale,
            true,
            "SucceededRescale",
            message,
        );
        let message = format!("New size: {replicas}; reason: {reason}");
        self.event(EventType::Normal, "SuccessfulRescale", message);
        self.scale_to = Some(*replicas);
        if let Some(behavior) = &self.plan.spec().behavior {
            let now_ms = self.observed.now_ms;
            self.state.scaled(behavior, current, *replicas, now_ms);
        }
    }

    fn status(&mut self, current: i32, desired: i32, metrics: Vec<Option<CurrentMetric>>) {
        let status = &mut self.state.status;
        status.current_replicas = current;
        status.desired_replicas = desired;
        status.current_metrics = metrics;
    }

    fn condition(&mut self, kind: ConditionType, status: bool, reason: &str, message: String) {
        let condition = Condition {
            status,
            reason: reason.to_owned(),
            message,
        };
        self.state.status.conditions.insert(kind, condition);
    }

    fn event(&mut self, kind: EventType, reason: &str, message: String) {
        self.events.push(Event {
            kind,
            reason: reason.to_owned(),
            message,
        });
    }
}
