//! A change in Knative mode, step by step, and what may be in its way.

use serde_json::json;

use super::world::{HPA, KPA, conditions, deployment, hpa, inference_service, revision, service};
use super::*;

const OLD: &str = "bert-predictor-00001";
const NEW: &str = "bert-predictor-00002";

fn to_hpa() -> Goal {
    goal(
        &inference_service(KPA),
        &inference_service(HPA),
        &Facts::shipped(),
    )
}

/// What is there before anybody acts.
fn before() -> Seen {
    let mut seen = Seen::of(revision(OLD, KPA, "True", true));
    seen.put(inference_service(HPA));
    seen.put(service(KPA, OLD, OLD, &[(OLD, 100)]));
    seen.put(deployment(OLD, 2, 2));
    seen
}

/// What is there once the new Revision is made, and `ready` says of it.
fn made(ready: &str, acted: bool) -> Seen {
    let mut seen = before();
    seen.put(service(HPA, NEW, OLD, &[(OLD, 100)]));
    revision(NEW, HPA, ready, acted)
        .into_iter()
        .for_each(|one| seen.put(one));
    seen
}

#[test]
fn a_change_comes_about_step_by_step_and_each_step_is_told() {
    let goal = to_hpa();
    let mut told = super::super::stage::Told::default();
    let mut seen = before();
    let look = |seen: &Seen, told: &mut super::super::stage::Told| {
        let standing = judge(&goal, seen);
        let news = told
            .news(&standing)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>();
        (short(&standing), news)
    };
    assert_eq!(
        look(&seen, &mut told),
        ("edit? revision?".to_owned(), vec![])
    );

    seen.put(service(HPA, OLD, OLD, &[(OLD, 100)]));
    let (standing, news) = look(&seen, &mut told);
    assert_eq!(standing, "edit revision?");
    assert_eq!(
        news,
        ["KServe has written the change into Service bert-predictor"]
    );

    let mut seen = made("Unknown Deploying", false);
    seen.put(deployment(NEW, 0, 2));
    let (standing, news) = look(&seen, &mut told);
    assert_eq!(standing, "edit revision scaler? hpa? pods? ready? traffic?");
    assert_eq!(news, ["bert-predictor-00002 is created"]);

    revision(NEW, HPA, "Unknown Deploying", true)
        .into_iter()
        .for_each(|one| seen.put(one));
    seen.put(hpa(NEW, ""));
    seen.put(deployment(NEW, 1, 2));
    let (standing, news) = look(&seen, &mut told);
    assert_eq!(
        standing,
        "edit revision scaler hpa active? pods? ready? traffic?"
    );
    assert_eq!(
        news,
        [
            "PodAutoscaler bert-predictor-00002 is reconciled, of class hpa.autoscaling.knative.dev",
            "HorizontalPodAutoscaler bert-predictor-00002 is there, for 2 to 4 pods",
            "1 of 2 pods of bert-predictor-00002 are ready",
        ]
    );

    revision(NEW, HPA, "True", true)
        .into_iter()
        .for_each(|one| seen.put(one));
    seen.put(hpa(NEW, "True ValidMetricFound"));
    seen.put(deployment(NEW, 2, 2));
    seen.put(service(HPA, NEW, NEW, &[(NEW, 100)]));
    let (standing, news) = look(&seen, &mut told);
    assert_eq!(
        standing,
        "edit revision scaler hpa active pods ready traffic"
    );
    assert_eq!(
        news,
        [
            "HorizontalPodAutoscaler bert-predictor-00002 reads its metric",
            "2 of 2 pods of bert-predictor-00002 are ready",
            "bert-predictor-00002 is ready",
            "100 % of the requests go to bert-predictor-00002",
        ]
    );
    assert!(judge(&goal, &seen).is_done());
}

#[test]
fn a_newest_revision_of_an_earlier_change_is_not_taken_for_the_new_one() {
    let goal = to_hpa();
    // Somebody else's edit, a moment before.
    let mut seen = before();
    seen.put(service(HPA, NEW, OLD, &[(OLD, 100)]));
    revision(NEW, KPA, "True", true)
        .into_iter()
        .for_each(|one| seen.put(one));
    assert_eq!(short(&judge(&goal, &seen)), "edit revision?");
    // And on the way back, the first Revision is of the old class, and not the new one.
    let back = goal_back();
    let mut seen = Seen::of(revision(OLD, HPA, "True", true));
    seen.put(inference_service(KPA));
    seen.put(service(KPA, OLD, OLD, &[(OLD, 100)]));
    assert_eq!(short(&judge(&back, &seen)), "edit revision?");
}

fn goal_back() -> Goal {
    goal(
        &inference_service(HPA),
        &inference_service(KPA),
        &Facts::shipped(),
    )
}

#[test]
fn knative_s_own_autoscaler_has_no_hpa_to_wait_for() {
    let mut seen = Seen::of(revision(NEW, KPA, "True", true));
    seen.put(inference_service(KPA));
    seen.put(service(KPA, NEW, NEW, &[(NEW, 100)]));
    // It has gone to zero already.
    seen.put(deployment(NEW, 0, 0));
    let standing = judge(&goal_back(), &seen);
    assert_eq!(short(&standing), "edit revision scaler pods ready traffic");
    assert!(standing.is_done());
    assert!(!lines(&standing).iter().any(|line| line.contains("pods")));
}

#[test]
fn an_hpa_that_cannot_read_its_metric_does_not_hold_up_what_is_ready() {
    let goal = to_hpa();
    let all = [
        ("True ValidMetricFound", true, true),
        (
            "False FailedGetResourceMetric: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)",
            true,
            true,
        ),
        (
            "False FailedGetResourceMetric: missing request for cpu in container x",
            true,
            true,
        ),
        (
            "False FailedGetResourceMetric: did not receive metrics for targeted pods (pods might be unready)",
            false,
            true,
        ),
        ("", false, false),
    ];
    for (active, done, over) in all {
        let mut seen = made("True", true);
        seen.put(service(HPA, NEW, NEW, &[(NEW, 100)]));
        seen.put(deployment(NEW, 2, 2));
        seen.put(hpa(NEW, active));
        let standing = judge(&goal, &seen);
        assert_eq!(
            (standing.is_done(), standing.is_over()),
            (done, over),
            "{active}"
        );
    }
}

#[test]
fn requests_are_waited_for_as_far_as_they_are_to_move() {
    let share = |percent: i64, service: Value, object: fn(&mut Value)| {
        let (mut old, mut new) = (inference_service(KPA), inference_service(HPA));
        object(&mut old);
        object(&mut new);
        let goal = goal(&old, &new, &Facts::shipped());
        let mut seen = made("True", true);
        seen.put(deployment(NEW, 2, 2));
        seen.put(hpa(NEW, "True ValidMetricFound"));
        seen.put(service);
        let standing = judge(&goal, &seen);
        let line = format!("{percent} % of the requests go to bert-predictor-00002");
        assert_eq!(
            lines(&standing).contains(&line.as_str()),
            percent > 0,
            "{:?}",
            told(&standing)
        );
        short(&standing).rsplit(' ').next().unwrap().to_owned()
    };
    let split = |percent: i64| service(HPA, NEW, NEW, &[(NEW, percent), (OLD, 100 - percent)]);
    let canary =
        |object: &mut Value| object["spec"]["predictor"]["canaryTrafficPercent"] = 10.into();
    assert_eq!(share(10, split(10), canary), "traffic");
    assert_eq!(share(10, split(10), |_| {}), "traffic?");
    // Nothing is to go to it.
    let none = |object: &mut Value| object["spec"]["predictor"]["canaryTrafficPercent"] = 0.into();
    assert_eq!(share(0, split(0), none), "ready");
    // Step by step, as the annotation rollout-duration says.
    let mut slow = split(30);
    slow["status"]["conditions"] = conditions(&[(
        "RoutesReady",
        "Unknown RolloutInProgress: A gradual rollout",
    )]);
    assert_eq!(share(30, slow, |_| {}), "traffic~");
    let mut waits = split(100);
    waits["status"]["conditions"] = conditions(&[("RoutesReady", "Unknown IngressNotConfigured")]);
    assert_eq!(share(100, waits, |_| {}), "traffic?");
}

#[test]
fn what_may_not_be_read_is_not_waited_for() {
    let goal = to_hpa();
    let mut seen = Seen::default();
    for kind in [
        "Service",
        "Revision",
        "PodAutoscaler",
        "HorizontalPodAutoscaler",
        "Deployment",
        "Pod",
        "ScaledObject",
    ] {
        seen.unread.insert(kind.to_owned(), "forbidden".to_owned());
    }
    seen.put(inference_service(HPA));
    assert_eq!(short(&judge(&goal, &seen)), "edit revision?");
    // KServe copies of Knative's status what matters most.
    let mut object = inference_service(HPA);
    let part = &mut object["status"]["components"]["predictor"];
    part["latestCreatedRevision"] = NEW.into();
    seen.put(object.clone());
    assert_eq!(short(&judge(&goal, &seen)), "edit revision ready? traffic?");
    let part = &mut object["status"]["components"]["predictor"];
    part["latestReadyRevision"] = NEW.into();
    part["traffic"] = json!([{"latestRevision": true, "percent": 100, "revisionName": NEW}]);
    seen.put(object);
    assert_eq!(short(&judge(&goal, &seen)), "edit revision ready traffic");
}
