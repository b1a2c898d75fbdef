//! How the past and the rules hold a change back.

use serde_json::{Value, json};

use super::super::{Recommendation, ScaleEvent, State};
use super::{NOW_MS, bounded, cpu, look, plan};

fn at(at_s: i64, replicas: i32) -> Recommendation {
    Recommendation {
        replicas,
        at_ms: NOW_MS + at_s * 1000,
    }
}

fn remembering(recommendations: Vec<Recommendation>) -> State {
    State {
        recommendations,
        ..State::default()
    }
}

#[test]
fn without_a_behavior_a_recommendation_as_old_as_the_window_still_holds() {
    let plan = plan(json!([cpu(50)]), Value::Null);
    let mut state = remembering(vec![at(0, 4)]);
    assert_eq!(look(&plan, &mut state, 300, 4, 100).scale_to, None);
    let mut state = remembering(vec![at(0, 4)]);
    assert_eq!(look(&plan, &mut state, 301, 4, 100).scale_to, Some(1));
    assert_eq!(state.recommendations, [at(301, 1)], "the old slot is taken");
}

#[test]
fn with_a_behavior_it_no_longer_does_and_its_slot_is_not_yet_free() {
    let plan = plan(json!([cpu(50)]), json!({}));
    let mut state = remembering(vec![at(0, 4)]);
    assert_eq!(look(&plan, &mut state, 300, 4, 100).scale_to, Some(1));
    assert_eq!(state.recommendations, [at(0, 4), at(300, 1)]);
    assert_eq!(look(&plan, &mut state, 301, 1, 500).scale_to, None);
    assert_eq!(state.recommendations, [at(301, 1), at(300, 1)]);
}

#[test]
fn of_several_old_slots_the_last_one_is_taken() {
    let plan = plan(json!([cpu(50)]), Value::Null);
    let mut state = remembering(vec![at(0, 1), at(15, 1), at(400, 1)]);
    let _ = look(&plan, &mut state, 410, 1, 500);
    assert_eq!(state.recommendations, [at(0, 1), at(410, 1), at(400, 1)]);
}

#[test]
fn a_window_upwards_takes_the_lowest_of_it() {
    let behavior = json!({"scaleUp": {"stabilizationWindowSeconds": 60}});
    let plan = plan(json!([cpu(50)]), behavior);
    let mut state = State::default();
    assert_eq!(look(&plan, &mut state, 0, 2, 500).scale_to, None);
    let outcome = look(&plan, &mut state, 30, 2, 1000);
    assert_eq!((outcome.proposal, outcome.scale_to), (Some(4), None));
    let able = &outcome.status.conditions[&super::super::ConditionType::AbleToScale];
    assert_eq!(able.reason, "ScaleUpStabilized");
    assert_eq!(look(&plan, &mut state, 60, 2, 1000).scale_to, Some(4));
}

#[test]
fn without_a_behavior_the_scale_doubles_at_most_and_four_are_always_allowed() {
    let plan = plan(json!([cpu(10)]), Value::Null);
    assert_eq!(
        look(&plan, &mut State::default(), 0, 1, 1000).scale_to,
        Some(4)
    );
    assert_eq!(
        look(&plan, &mut State::default(), 0, 3, 1000).scale_to,
        Some(6)
    );
}

#[test]
fn a_policy_counts_from_what_the_scale_was_when_its_period_began() {
    let policy = json!({"type": "Pods", "value": 2, "periodSeconds": 60});
    let plan = plan(json!([cpu(10)]), json!({"scaleUp": {"policies": [policy]}}));
    let mut state = State::default();
    assert_eq!(look(&plan, &mut state, 0, 2, 1000).scale_to, Some(4));
    assert_eq!(look(&plan, &mut state, 59, 4, 1000).scale_to, None);
    // Exactly as old as the period: out.
    assert_eq!(look(&plan, &mut state, 60, 4, 1000).scale_to, Some(6));
}

#[test]
fn an_event_s_slot_is_free_only_after_the_longest_period() {
    let policy = json!({"type": "Pods", "value": 2, "periodSeconds": 60});
    let plan = plan(json!([cpu(10)]), json!({"scaleUp": {"policies": [policy]}}));
    let event = |at_s: i64| ScaleEvent {
        change: 2,
        at_ms: NOW_MS + at_s * 1000,
        outdated: false,
    };
    let mut state = State::default();
    for (at_s, replicas) in [(0, 2), (60, 4), (120, 6)] {
        let _ = look(&plan, &mut state, at_s, replicas, 1000);
    }
    assert_eq!(state.scale_up_events, [event(120), event(60)]);
}

#[test]
fn without_a_behavior_no_event_is_kept() {
    let plan = plan(json!([cpu(10)]), Value::Null);
    let mut state = State::default();
    assert_eq!(look(&plan, &mut state, 0, 2, 1000).scale_to, Some(4));
    assert!(state.scale_up_events.is_empty());
}

/// What four or more replicas that do nothing are scaled to.
fn down(rules: Value, replicas: i32) -> Option<i32> {
    let mut rules = rules;
    rules["stabilizationWindowSeconds"] = json!(0);
    let plan = plan(json!([cpu(50)]), json!({"scaleDown": rules}));
    look(&plan, &mut State::default(), 0, replicas, 0).scale_to
}

#[test]
fn percents_are_rounded_to_more_replicas_both_ways() {
    let policy = json!({"type": "Percent", "value": 10, "periodSeconds": 60});
    // 90 % of 15 is 13.5, of which the fraction is cut off; upwards 110 % is rounded up.
    assert_eq!(down(json!({"policies": [policy]}), 15), Some(13));
    let plan = plan(json!([cpu(10)]), json!({"scaleUp": {"policies": [policy]}}));
    assert_eq!(
        look(&plan, &mut State::default(), 0, 1, 1000).scale_to,
        Some(2)
    );
}

#[test]
fn the_policy_that_is_selected_decides() {
    let policies = json!([{"type": "Pods", "value": 1, "periodSeconds": 60}, {"type": "Percent", "value": 50, "periodSeconds": 60}]);
    assert_eq!(down(json!({"policies": policies}), 10), Some(5));
    let rules = json!({"policies": policies, "selectPolicy": "Min"});
    assert_eq!(down(rules, 10), Some(9));
    let rules = json!({"policies": policies, "selectPolicy": "Disabled"});
    assert_eq!(down(rules, 10), None);
}

#[test]
fn with_a_behavior_the_floor_is_not_looked_at_while_growing() {
    let plan = bounded(json!([cpu(50)]), json!({}), 3, 5);
    let outcome = look(&plan, &mut State::default(), 0, 4, 1000);
    let limited = &outcome.status.conditions[&super::super::ConditionType::ScalingLimited];
    assert_eq!(
        (outcome.scale_to, limited.reason.as_str()),
        (Some(5), "TooManyReplicas")
    );
}

#[test]
fn a_tolerance_of_the_behavior_goes_before_the_flag() {
    let look = |behavior: Value, used: i64| {
        let plan = plan(json!([cpu(50)]), behavior);
        look(&plan, &mut State::default(), 0, 10, used).proposal
    };
    assert_eq!(
        look(json!({"scaleUp": {"tolerance": "0.5"}}), 700),
        Some(10)
    );
    assert_eq!(look(json!({"scaleUp": {"tolerance": "0"}}), 510), Some(11));
    assert_eq!(look(json!({"scaleUp": {"tolerance": "0"}}), 460), Some(10));
    assert_eq!(
        look(json!({"scaleDown": {"tolerance": "0"}}), 460),
        Some(10)
    );
    assert_eq!(look(json!({"scaleDown": {"tolerance": "0"}}), 440), Some(9));
}
