//! Several metrics, of which some fail.

use serde_json::{Value, json};

use super::super::{
    ConditionType, NamedReading, Outcome, Plan, PlanError, Reading, Readings, State, selector_text,
};
use super::{cpu, fleet, look, look_at, plan, queue};

/// Two metrics, with these figures of the queue and of each of two pods.
fn both(queued: Option<i64>, used: Option<i64>) -> Outcome {
    let plan = plan(json!([cpu(50), queue("10")]), Value::Null);
    let (pods, resource) = fleet(&[used; 2]);
    let mut readings = Readings {
        resource,
        ..Readings::default()
    };
    if let Some(milli) = queued {
        let metric = plan.spec().metrics[1].external.clone().unwrap().metric;
        let reading = Reading::Items(vec![milli]);
        readings.external = vec![NamedReading { metric, reading }];
    }
    look_at(&plan, &mut State::default(), 0, 2, &pods, &readings)
}

#[test]
fn the_metric_that_asks_for_most_wins() {
    let outcome = both(Some(40_000), Some(600));
    assert_eq!(outcome.proposal, Some(4));
    assert_eq!(
        outcome.events[0].message,
        "New size: 4; reason: external metric queue(nil) above target"
    );
    assert_eq!(both(Some(40_000), Some(1500)).proposal, Some(6));
}

#[test]
fn a_metric_that_fails_does_not_keep_another_from_scaling_up() {
    let outcome = both(Some(40_000), None);
    assert_eq!(outcome.scale_to, Some(4));
    assert_eq!(
        outcome.error.as_deref(),
        Some(
            "invalid metrics (1 invalid out of 2), first error is: failed to get cpu resource metric value: \
             failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API"
        )
    );
    let reasons: Vec<_> = outcome.events.iter().map(|e| e.reason.as_str()).collect();
    assert_eq!(reasons, ["FailedGetResourceMetric", "SuccessfulRescale"]);
    let active = &outcome.status.conditions[&ConditionType::ScalingActive];
    assert!(active.status, "{active:?}");
    assert!(outcome.status.current_metrics[0].is_none());
}

#[test]
fn a_metric_that_fails_keeps_the_others_from_scaling_down() {
    let outcome = both(Some(1000), None);
    assert_eq!((outcome.proposal, outcome.scale_to), (None, None));
    let active = &outcome.status.conditions[&ConditionType::ScalingActive];
    assert_eq!(
        (active.status, active.reason.as_str()),
        (false, "FailedGetResourceMetric")
    );
    let last = outcome.events.last().unwrap();
    assert_eq!(last.reason, "FailedComputeMetricsReplicas");
}

#[test]
fn the_desired_replicas_stay_while_metrics_fail() {
    let plan = plan(json!([cpu(50)]), Value::Null);
    let mut state = State::default();
    let none = Readings::default();
    let (pods, _) = fleet(&[None, None]);
    let outcome = look_at(&plan, &mut state, 0, 2, &pods, &none);
    assert_eq!(outcome.status.desired_replicas, 0);
    assert_eq!(look(&plan, &mut state, 15, 2, 1000).scale_to, Some(4));
    let outcome = look_at(&plan, &mut state, 30, 4, &pods, &none);
    assert_eq!(outcome.status.desired_replicas, 4);
    // Only the number at the start was remembered, and what the metrics asked for when they worked.
    assert_eq!(state.recommendations.len(), 2);
}

#[test]
fn memory_is_shown_in_bytes() {
    let target = json!({"type": "AverageValue", "averageValue": "1Gi"});
    let memory = json!([{"type": "Resource", "resource": {"name": "memory", "target": target}}]);
    let plan = plan(memory, Value::Null);
    let (pods, reading) = fleet(&[Some(0), Some(0)]);
    let Reading::Items(mut items) = reading else {
        panic!("items");
    };
    let shown = |items: &[super::PodUsage]| {
        let readings = Readings {
            resource: Reading::Items(items.to_vec()),
            ..Readings::default()
        };
        let outcome = look_at(&plan, &mut State::default(), 0, 2, &pods, &readings);
        let metric = outcome.status.current_metrics[0].clone().unwrap();
        metric.average_value.unwrap().to_string()
    };
    for item in &mut items {
        item.containers[0].usage.memory_milli = Some(200 * 1024 * 1024 * 1000);
    }
    assert_eq!(shown(&items), "200Mi");
    // The half byte of the average is cut off.
    items[0].containers[0].usage.memory_milli = Some((200 * 1024 * 1024 + 1) * 1000);
    assert_eq!(shown(&items), "200Mi");
}

#[test]
fn a_selector_is_told_as_go_prints_it() {
    let selector = json!({
        "matchLabels": {"b": "2", "a": "1"},
        "matchExpressions": [{"key": "k", "operator": "In", "values": ["x", "y"]}],
    });
    assert_eq!(
        selector_text(Some(&selector)),
        "&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:k,Operator:In,Values:[x y],},},}"
    );
    assert_eq!(selector_text(None), "nil");
}

#[test]
fn what_cannot_be_run_is_said() {
    let mut spec = plan(json!([cpu(50)]), Value::Null).spec().clone();
    spec.min_replicas = Some(0);
    let error = Plan::new(&spec, "default").unwrap_err();
    assert!(matches!(error, PlanError::Refused(errors) if errors.len() == 2));
    let object = json!({"type": "Object", "object": {
        "describedObject": {"kind": "Service", "name": "m"}, "metric": {"name": "rps"}, "target": {"type": "Value", "value": "10"},
    }});
    spec.min_replicas = Some(1);
    spec.metrics = vec![serde_json::from_value(object).unwrap()];
    let error = Plan::new(&spec, "default").unwrap_err();
    let expected = PlanError::NotSimulated {
        index: 0,
        kind: "Object".to_owned(),
    };
    assert_eq!(error, expected);
}
