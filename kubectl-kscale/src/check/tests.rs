//! What the checks of several categories share in their tests.

use serde_json::{Value, json};

use super::about::About;
use super::report::{CheckReport, CheckResult, State};
use super::{
    config_autoscaler, hpa_extension, judge, keda, knative_serving, kserve, kubernetes, kubewarden,
    metrics, permissions,
};
use crate::snapshot::{Snapshot, Unread};

/// A Deployment that runs.
pub(super) fn deployment(namespace: &str, name: &str, version: &str) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace, "labels": {"app.kubernetes.io/version": version}},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": name}}, "template": {"spec": {"containers": []}}},
        "status": {"availableReplicas": 1, "conditions": [{"type": "Available", "status": "True"}]},
    })
}

/// The Deployments of Knative's core.
pub(super) fn knative(version: &str) -> Vec<Value> {
    ["activator", "autoscaler", "controller", "webhook"]
        .into_iter()
        .map(|name| deployment("knative-serving", name, version))
        .collect()
}

/// A PodAutoscaler of namespace `ml`.
pub(super) fn pod_autoscaler(name: &str, class: &str) -> Value {
    json!({
        "apiVersion": "autoscaling.internal.knative.dev/v1alpha1", "kind": "PodAutoscaler",
        "metadata": {"name": name, "namespace": "ml", "annotations": {"autoscaling.knative.dev/class": class}},
    })
}

fn snapshot(objects: &[Value]) -> Snapshot {
    let unread = objects.iter().filter(|one| one["kind"] == "Snapshot");
    let unread = unread.filter_map(|one| one["unread"].as_array()).flatten();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let unread = unread.map(|one| Unread {
        what: text(&one["what"]),
        why: text(&one["why"]),
    });
    Snapshot {
        unread: unread.collect(),
        objects: objects.to_vec(),
        live: false,
    }
}

/// The whole report on some objects.
pub(super) fn report(objects: &[Value]) -> CheckReport {
    judge(&snapshot(objects), &[], false)
}

/// What a check found, each time that it was made.
pub(super) fn results(objects: &[Value], id: &str) -> Vec<CheckResult> {
    of(report(objects), id)
}

/// The same under `--pre`.
pub(super) fn results_before(objects: &[Value], id: &str) -> Vec<CheckResult> {
    of(judge(&snapshot(objects), &[], true), id)
}

fn of(report: CheckReport, id: &str) -> Vec<CheckResult> {
    let checks = report.categories.into_iter().flat_map(|one| one.checks);
    checks.filter(|check| check.id == id).collect()
}

/// What a check found that is made once.
#[track_caller]
pub(super) fn named(objects: &[Value], id: &str) -> CheckResult {
    let [one] = <[CheckResult; 1]>::try_from(results(objects, id)).unwrap();
    one
}

/// How a check went, each time that it was made.
pub(super) fn states(objects: &[Value], id: &str) -> Vec<State> {
    results(objects, id).iter().map(|one| one.state).collect()
}

fn all() -> impl Iterator<Item = &'static About> {
    [
        kubernetes::ALL,
        knative_serving::ALL,
        config_autoscaler::ALL,
        hpa_extension::ALL,
        metrics::ALL,
        kserve::ALL,
        keda::ALL,
        kubewarden::ALL,
        permissions::ALL,
    ]
    .into_iter()
    .flatten()
}

const GUIDE: &str = include_str!("../../../docs/check.md");

#[test]
fn every_check_has_its_heading_in_the_guide_and_no_other_is_there() {
    let headings: Vec<&str> = GUIDE
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .collect();
    let ids: Vec<&str> = all().map(|about| about.id).collect();
    assert_eq!(headings, ids);
}

#[test]
fn no_two_checks_share_an_anchor() {
    let mut anchors: Vec<String> = all().map(About::anchor).collect();
    let count = anchors.len();
    anchors.sort();
    anchors.dedup();
    assert_eq!(anchors.len(), count);
}

#[test]
fn of_nothing_at_all_nothing_is_judged() {
    let report = report(&[]);
    let judged: Vec<_> = report
        .categories
        .iter()
        .flat_map(|one| &one.checks)
        .filter(|check| check.state != State::Skipped)
        .collect();
    assert!(judged.is_empty(), "{judged:#?}");
}

#[test]
fn what_is_wrong_says_what_to_do() {
    let mut objects = vec![deployment("knative-serving", "controller", "1.23.0")];
    objects.push(pod_autoscaler("bert", "hpa.autoscaling.knative.dev"));
    objects.push(pod_autoscaler("gpt", "hpa"));
    let report = report(&objects);
    assert!(!report.success);
    let wrong = |check: &&CheckResult| matches!(check.state, State::Error | State::Warning);
    let checks = report.categories.iter().flat_map(|one| &one.checks);
    let wrong: Vec<_> = checks.filter(wrong).collect();
    assert!(wrong.len() >= 3, "{wrong:#?}");
    assert!(
        wrong.iter().all(|check| !check.hint.is_empty()),
        "{wrong:#?}"
    );
}
