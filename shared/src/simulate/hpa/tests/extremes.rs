//! Numbers from the far ends: the controller wraps or saturates, and so must this, without a panic.

use serde_json::{Value, json};

use super::super::{
    Flags, NamedReading, Observed, Pod, PodUsage, Reading, Readings, Recommendation, Scale,
    ScaleEvent, State, sync,
};
use super::{bounded, cpu, pod, queue, usage};

const LONG: [i64; 5] = [i64::MIN, -1, 0, 1, i64::MAX];
const SHORT: [i32; 5] = [i32::MIN, 0, 1, 7, i32::MAX];

/// Two pods, of which one has the extreme in all places.
fn extreme_pods(extreme: i64) -> (Vec<Pod>, Reading<PodUsage>) {
    let mut pods = vec![pod("p0"), pod("p1"), pod("p2")];
    pods[1].started_ms = Some(extreme);
    if let Some(ready) = &mut pods[1].ready {
        ready.since_ms = extreme;
    }
    pods[1].containers[0].requests.cpu_milli = Some(extreme);
    let mut used = usage("p1", extreme);
    (used.at_ms, used.window_ms) = (extreme, extreme);
    (pods, Reading::Items(vec![usage("p0", 900), used]))
}

fn extreme_state(extreme: i64, replicas: i32) -> State {
    let event = ScaleEvent {
        change: replicas,
        at_ms: extreme,
        outdated: false,
    };
    let recommendation = Recommendation {
        replicas,
        at_ms: extreme,
    };
    State {
        recommendations: vec![recommendation; 2],
        scale_up_events: vec![event; 2],
        scale_down_events: vec![event; 2],
        ..State::default()
    }
}

#[test]
fn no_number_is_too_far_out() {
    let policies = json!([
        {"type": "Percent", "value": i32::MAX, "periodSeconds": 1800},
        {"type": "Pods", "value": i32::MAX, "periodSeconds": 1},
    ]);
    let behavior = json!({"scaleUp": {"policies": policies}, "scaleDown": {"policies": policies}});
    let mut syncs = 0;
    for behavior in [Value::Null, behavior] {
        let metrics = json!([cpu(i32::MAX), queue("1m")]);
        let plan = bounded(metrics, behavior, 1, i32::MAX);
        let metric = plan.spec().metrics[1].external.clone().unwrap().metric;
        for extreme in LONG {
            let (pods, resource) = extreme_pods(extreme);
            let readings = Readings {
                resource,
                external: vec![NamedReading {
                    metric: metric.clone(),
                    reading: Reading::Items(vec![extreme, 1, extreme]),
                }],
                ..Readings::default()
            };
            for replicas in SHORT {
                for now_ms in LONG {
                    let flags = Flags {
                        downscale_stabilization_ms: extreme,
                        cpu_initialization_period_ms: extreme,
                        initial_readiness_delay_ms: extreme,
                        ..Flags::default()
                    };
                    let observed = Observed {
                        now_ms,
                        scale: Ok(Scale {
                            spec_replicas: replicas,
                            status_replicas: replicas,
                        }),
                        pods: &pods,
                        readings: &readings,
                        scale_update_error: None,
                    };
                    let mut state = extreme_state(extreme, replicas);
                    let outcome = sync(&plan, &flags, &mut state, &observed);
                    assert_eq!(outcome.status, state.status);
                    syncs += 1;
                }
            }
        }
    }
    assert_eq!(syncs, 250);
}
