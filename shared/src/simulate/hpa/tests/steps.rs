//! The sync around the metrics.

use serde_json::{Value, json};

use super::super::{ConditionType, Flags, Observed, Readings, Scale, State, sync};
use super::{NOW_MS, bounded, cpu, fleet, look, plan};

#[test]
fn a_target_at_zero_is_left_alone() {
    let plan = bounded(json!([cpu(50)]), Value::Null, 2, 5);
    let outcome = look(&plan, &mut State::default(), 0, 0, 0);
    assert_eq!((outcome.scale_to, outcome.error), (None, None));
    let active = &outcome.status.conditions[&ConditionType::ScalingActive];
    assert_eq!(
        (active.status, active.reason.as_str()),
        (false, "ScalingDisabled")
    );
}

#[test]
fn outside_of_the_bounds_the_metrics_are_not_looked_at() {
    let plan = bounded(json!([cpu(50)]), json!({}), 2, 5);
    let mut state = State::default();
    let outcome = look(&plan, &mut state, 0, 9, 1000);
    assert_eq!((outcome.proposal, outcome.scale_to), (None, Some(5)));
    assert!(outcome.status.current_metrics.is_empty());
    // Past any window or policy, but remembered as a change.
    assert_eq!(state.scale_down_events[0].change, 4);
    assert_eq!(state.recommendations.len(), 1);
    assert_eq!(
        look(&plan, &mut State::default(), 0, 1, 0).scale_to,
        Some(2)
    );
}

#[test]
fn a_scaling_that_only_the_past_asks_for_has_no_reason() {
    let plan = plan(json!([cpu(50)]), Value::Null);
    let mut state = State::default();
    let _ = look(&plan, &mut state, 0, 4, 500);
    // Somebody scales to two by hand, and the metric agrees; but a moment ago it asked for four.
    let outcome = look(&plan, &mut state, 15, 2, 500);
    assert_eq!(outcome.events[0].message, "New size: 4; reason: ");
}

#[test]
fn a_refused_write_is_remembered_as_a_wish_only() {
    let plan = plan(json!([cpu(50)]), json!({}));
    let (pods, resource) = fleet(&[Some(1000), Some(1000)]);
    let readings = Readings {
        resource,
        ..Readings::default()
    };
    let observed = Observed {
        now_ms: NOW_MS,
        scale: Ok(Scale {
            spec_replicas: 2,
            status_replicas: 2,
        }),
        pods: &pods,
        readings: &readings,
        scale_update_error: Some("quota".to_owned()),
    };
    let mut state = State::default();
    let outcome = sync(&plan, &Flags::default(), &mut state, &observed);
    assert_eq!((outcome.proposal, outcome.scale_to), (Some(4), None));
    assert_eq!(
        outcome.error.as_deref(),
        Some("failed to rescale Deployment/default/m-predictor: quota")
    );
    assert_eq!(
        outcome.events[0].message,
        "New size: 4; reason: cpu resource utilization (percentage of request) above target; error: quota"
    );
    assert_eq!(outcome.status.desired_replicas, 0);
    assert_eq!(outcome.status.current_metrics.len(), 1);
    assert_eq!(
        (state.recommendations.len(), state.scale_up_events.len()),
        (2, 0)
    );
}

#[test]
fn a_scale_that_cannot_be_read_changes_a_condition_and_nothing_else() {
    let plan = plan(json!([cpu(50)]), Value::Null);
    let mut state = State::default();
    let before = look(&plan, &mut state, 0, 2, 1000);
    let observed = Observed {
        now_ms: NOW_MS + 15_000,
        scale: Err("not found".to_owned()),
        pods: &[],
        readings: &Readings::default(),
        scale_update_error: None,
    };
    let outcome = sync(&plan, &Flags::default(), &mut state, &observed);
    assert_eq!(
        outcome.error.as_deref(),
        Some("failed to query scale subresource for Deployment/default/m-predictor: not found")
    );
    assert_eq!(
        outcome.status.current_metrics,
        before.status.current_metrics
    );
    assert_eq!(outcome.status.desired_replicas, 4);
    let able = &outcome.status.conditions[&ConditionType::AbleToScale];
    assert_eq!(
        (able.status, able.reason.as_str()),
        (false, "FailedGetScale")
    );
}

#[test]
fn an_edit_of_the_spec_works_on_what_is_remembered() {
    let slow = plan(json!([cpu(50)]), Value::Null);
    let mut state = State::default();
    assert_eq!(look(&slow, &mut state, 0, 4, 100).scale_to, None);
    let behavior = json!({"scaleDown": {"stabilizationWindowSeconds": 0}});
    let fast = plan(json!([cpu(50)]), behavior);
    assert_eq!(look(&fast, &mut state, 15, 4, 100).scale_to, Some(1));
}
