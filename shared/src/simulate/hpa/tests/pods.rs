//! Pods that are unready, missing, or ignored, and what they request.

use super::super::{
    Amounts, Calculated, Calculator, Failure, Flags, Phase, Pod, PodUsage, Reading, Ready,
    ReadyStatus, ResourceQuery, Role, Tolerances,
};
use super::{NOW_MS, container, fleet, pod, usage};

const CPU: ResourceQuery<'_> = ResourceQuery {
    resource: "cpu",
    container: None,
};

fn ask(
    pods: &[Pod],
    reading: &Reading<PodUsage>,
    current: i32,
    percent: i32,
) -> Result<Calculated, Failure> {
    ask_for(CPU, pods, reading, current, percent)
}

fn ask_for(
    query: ResourceQuery<'_>,
    pods: &[Pod],
    reading: &Reading<PodUsage>,
    current: i32,
    percent: i32,
) -> Result<Calculated, Failure> {
    let flags = Flags::default();
    let tolerances = Tolerances { down: 0.1, up: 0.1 };
    let now_ms = NOW_MS;
    let calculator = Calculator {
        flags: &flags,
        tolerances,
        now_ms,
        pods,
    };
    calculator.resource_replicas(current, percent, query, reading)
}

fn replicas(used: &[Option<i64>], percent: i32) -> i32 {
    let (pods, reading) = fleet(used);
    let current = i32::try_from(used.len()).unwrap();
    ask(&pods, &reading, current, percent).unwrap().replicas
}

#[test]
fn the_ratio_is_that_of_whole_percents() {
    // 55.9 % counts as 55 %, which is within a tenth of 50 %; 56 % is not.
    assert_eq!(replicas(&[Some(559); 4], 50), 4);
    assert_eq!(replicas(&[Some(560); 4], 50), 5);
}

#[test]
fn a_pod_without_metrics_uses_all_it_requests_when_scaling_down() {
    assert_eq!(replicas(&[Some(100), Some(100), None], 50), 3);
    assert_eq!(replicas(&[Some(100), Some(100)], 50), 1);
}

#[test]
fn a_pod_without_metrics_uses_the_target_where_that_is_over_its_requests() {
    // Three at 60 % and one at 150 % are 82 % of the 150 %: three pods. With the 1000 it requests it would be two.
    assert_eq!(replicas(&[Some(600), Some(600), Some(600), None], 150), 3);
}

#[test]
fn a_pod_without_metrics_uses_nothing_when_scaling_up() {
    // 70 % of 50 % would be five pods; with the missing one it is 52 %, within the tolerance.
    assert_eq!(replicas(&[Some(700), Some(700), Some(700), None], 50), 4);
}

#[test]
fn failed_and_deleted_pods_do_not_count_even_with_metrics() {
    let (mut pods, reading) = fleet(&[Some(900), Some(900), Some(0)]);
    pods[2].phase = Phase::Failed;
    assert_eq!(ask(&pods, &reading, 3, 50).unwrap().replicas, 4);
    pods[2].phase = Phase::Running;
    pods[2].deleting = true;
    assert_eq!(ask(&pods, &reading, 3, 50).unwrap().replicas, 4);
}

/// Whether the second pod's figure counts, it having started and changed so many seconds ago.
fn counts(status: ReadyStatus, started_s: i64, changed_s: i64) -> bool {
    let (mut pods, reading) = fleet(&[Some(900), Some(900)]);
    pods[1].started_ms = Some(NOW_MS - started_s * 1000);
    pods[1].ready = Some(Ready {
        status,
        since_ms: NOW_MS - changed_s * 1000,
    });
    ask(&pods, &reading, 2, 50).unwrap().replicas == 4
}

#[test]
fn a_young_pod_counts_once_a_whole_window_lies_after_it_turned_ready() {
    assert!(counts(ReadyStatus::True, 299, 25));
    assert!(!counts(ReadyStatus::True, 299, 24));
    assert!(!counts(ReadyStatus::False, 299, 100));
    assert!(counts(ReadyStatus::Unknown, 299, 100));
}

#[test]
fn an_old_pod_counts_even_unready_unless_it_never_was_ready() {
    // At exactly the initialization period it is old.
    assert!(counts(ReadyStatus::True, 300, 1));
    assert!(!counts(ReadyStatus::False, 300, 271));
    assert!(counts(ReadyStatus::False, 300, 270));
}

#[test]
fn a_pod_without_start_or_condition_is_unready() {
    let (mut pods, reading) = fleet(&[Some(900)]);
    pods[0].started_ms = None;
    let failure = ask(&pods, &reading, 1, 50).unwrap_err();
    assert_eq!(
        failure.message,
        "did not receive metrics for targeted pods (pods might be unready)"
    );
    pods[0].started_ms = Some(0);
    pods[0].ready = None;
    assert!(ask(&pods, &reading, 1, 50).is_err());
}

#[test]
fn every_container_needs_a_request_unless_one_is_asked_for() {
    let mut pods = vec![pod("p0")];
    let agent = container("agent", None);
    pods[0].containers.push(agent);
    let reading = Reading::Items(vec![usage("p0", 900)]);
    let failure = ask(&pods, &reading, 1, 50).unwrap_err();
    assert_eq!(
        failure.message,
        "missing request for cpu in container agent of Pod p0"
    );
    let one = ResourceQuery {
        container: Some("kserve-container"),
        ..CPU
    };
    let found = ask_for(one, &pods, &reading, 1, 50).unwrap();
    assert_eq!(found.utilization, Some(90));
}

#[test]
fn a_sidecar_s_request_counts_and_that_of_an_init_container_does_not() {
    let mut pods = vec![pod("p0")];
    let mut sidecar = container("sidecar", Some(1000));
    sidecar.role = Role::RestartableInit;
    let mut init = container("storage-initializer", Some(5000));
    init.role = Role::Init;
    pods[0].containers.extend([sidecar, init]);
    let reading = Reading::Items(vec![usage("p0", 900)]);
    let found = ask(&pods, &reading, 1, 50).unwrap();
    assert_eq!(found.utilization, Some(45));
}

#[test]
fn requests_of_the_pod_itself_go_before_those_of_its_containers() {
    let mut pods = vec![pod("p0")];
    pods[0].pod_requests = Some(Amounts {
        cpu_milli: Some(3000),
        memory_milli: None,
    });
    let reading = Reading::Items(vec![usage("p0", 900)]);
    let found = ask(&pods, &reading, 1, 50).unwrap();
    assert_eq!(found.utilization, Some(30));
    // Of another resource only: what the scheduler reckons, where the start counts and a container may lack a request.
    pods[0].pod_requests = Some(Amounts {
        cpu_milli: None,
        memory_milli: Some(1),
    });
    pods[0].containers.push(container("agent", None));
    let mut init = container("storage-initializer", Some(1800));
    init.role = Role::Init;
    pods[0].containers.push(init);
    let found = ask(&pods, &reading, 1, 50).unwrap();
    assert_eq!(found.utilization, Some(50));
}

#[test]
fn a_pod_with_one_container_unmeasured_has_no_metric() {
    let (pods, reading) = fleet(&[Some(900), Some(900)]);
    let Reading::Items(mut items) = reading else {
        panic!("items");
    };
    let silent = super::ContainerUsage {
        name: "queue-proxy".to_owned(),
        usage: Amounts::default(),
    };
    items[1].containers.push(silent);
    let found = ask(&pods, &Reading::Items(items), 2, 50).unwrap();
    // 90 % of one pod, and nothing of the other: within the tolerance.
    assert_eq!(found.replicas, 2);
}

#[test]
fn numbers_that_no_replica_count_can_hold_are_those_of_amd64() {
    let (pods, reading) = fleet(&[Some(900)]);
    assert_eq!(ask(&pods, &reading, 1, 0).unwrap().replicas, i32::MIN);
    let flags = Flags::default();
    let calculator = Calculator {
        flags: &flags,
        tolerances: Tolerances { down: 0.1, up: 0.1 },
        now_ms: NOW_MS,
        pods: &pods,
    };
    let huge = Reading::Items(vec![i64::MAX, 9]);
    let total = calculator.external_replicas(1, 1, "m", &huge).unwrap();
    assert_eq!((total.replicas, total.usage_milli), (i32::MAX, i64::MAX));
    let none = calculator
        .external_per_pod_replicas(0, 10, "m", &Reading::Items(vec![50]))
        .unwrap();
    assert_eq!((none.replicas, none.usage_milli), (5, i64::MIN));
}
