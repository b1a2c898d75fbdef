//! What is easily taken for granted about the controller, and is otherwise.

mod extremes;
mod limits;
mod metrics;
mod pods;
mod steps;

use super::{
    Amounts, Container, ContainerUsage, Flags, Observed, Outcome, Plan, Pod, PodUsage, Reading,
    Readings, Ready, ReadyStatus, Scale, State, sync,
};
use serde_json::{Value, json};

/// Late enough for any age.
const NOW_MS: i64 = 10_000_000;

/// A pod that has long been ready and requests one core.
fn pod(name: &str) -> Pod {
    Pod {
        name: name.to_owned(),
        ready: Some(Ready {
            status: ReadyStatus::True,
            since_ms: 0,
        }),
        started_ms: Some(0),
        containers: vec![container("kserve-container", Some(1000))],
        ..Pod::default()
    }
}

fn container(name: &str, cpu_milli: Option<i64>) -> Container {
    Container {
        name: name.to_owned(),
        requests: Amounts {
            cpu_milli,
            memory_milli: None,
        },
        ..Container::default()
    }
}

/// What a pod's one container used, measured ten seconds ago over fifteen.
fn usage(pod: &str, cpu_milli: i64) -> PodUsage {
    PodUsage {
        pod: pod.to_owned(),
        at_ms: NOW_MS - 10_000,
        window_ms: 15_000,
        containers: vec![ContainerUsage {
            name: "kserve-container".to_owned(),
            usage: Amounts {
                cpu_milli: Some(cpu_milli),
                memory_milli: None,
            },
        }],
    }
}

/// Pods `p0`, `p1`, … and what each used; `None` is a pod without metrics.
fn fleet(used: &[Option<i64>]) -> (Vec<Pod>, Reading<PodUsage>) {
    let name = |index: usize| format!("p{index}");
    let pods = (0..used.len()).map(|index| pod(&name(index))).collect();
    let measured = used.iter().enumerate();
    let items = measured.filter_map(|(index, used)| Some(usage(&name(index), (*used)?)));
    (pods, Reading::Items(items.collect()))
}

fn plan(metrics: Value, behavior: Value) -> Plan {
    bounded(metrics, behavior, 1, 100)
}

fn bounded(metrics: Value, behavior: Value, min: i32, max: i32) -> Plan {
    let mut spec = json!({
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "m-predictor"},
        "minReplicas": min, "maxReplicas": max,
    });
    spec["metrics"] = metrics;
    spec["behavior"] = behavior;
    Plan::new(&serde_json::from_value(spec).unwrap(), "default").unwrap()
}

fn cpu(percent: i32) -> Value {
    json!({"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": percent}}})
}

fn queue(value: &str) -> Value {
    json!({"type": "External", "external": {"metric": {"name": "queue"}, "target": {"type": "AverageValue", "averageValue": value}}})
}

/// A sync `at_s` seconds in, with this many replicas, each of which uses `cpu_milli`.
fn look(plan: &Plan, state: &mut State, at_s: i64, replicas: i32, cpu_milli: i64) -> Outcome {
    let used = vec![Some(cpu_milli); usize::try_from(replicas).unwrap()];
    let (pods, resource) = fleet(&used);
    let readings = Readings {
        resource,
        ..Readings::default()
    };
    look_at(plan, state, at_s, replicas, &pods, &readings)
}

fn look_at(
    plan: &Plan,
    state: &mut State,
    at_s: i64,
    replicas: i32,
    pods: &[Pod],
    readings: &Readings,
) -> Outcome {
    let observed = Observed {
        now_ms: NOW_MS + at_s * 1000,
        scale: Ok(Scale {
            spec_replicas: replicas,
            status_replicas: replicas,
        }),
        pods,
        readings,
        scale_update_error: None,
    };
    sync(plan, &Flags::default(), state, &observed)
}
