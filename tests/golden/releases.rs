//! Notes on other Knative releases, held against asking each of them: only those with a difference in play are predicted,
//! and none may be passed over by that.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its input fails"
)]

use kscale_rules::explain::{Explanation, System, VersionNote, explain};
use kscale_rules::facts::{Fact, Facts, FactsSource, KnativeVersion};
use kscale_rules::knative::milestones;
use serde_json::{Value, json};

use crate::cluster;
use crate::run::{corpora, roots};

#[test]
fn notes_tell_the_knative_releases_that_answer_otherwise_and_no_others() {
    let (mut objects, mut noted) = (0, 0);
    for path in roots().iter().take(1).flat_map(|root| corpora(root)) {
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            if !matches!(line["kind"].as_str(), Some("isvc" | "ksvc")) {
                continue;
            }
            let facts = cluster::facts(&line);
            let kserve = Fact::known(facts.kserve.value, "the corpus");
            noted += check(&line, &facts.with_kserve(kserve));
            objects += 1;
        }
    }
    assert!(objects > 300 && noted > 50, "{noted} notes in {objects}");
}

/// Parts of a template, and ConfigMaps, with what the corpus does not touch.
#[rustfmt::skip]
const CASES: [(&str, &str); 19] = [
    (r#"{"annotations": {"autoscaling.knative.dev/activation-scale": "1"}}"#, "{}"),
    (r#"{"annotations": {"serving.knative.dev/progress-deadline": "x"}}"#, "{}"),
    (r#"{"annotations": {"networking.knative.dev/unknown": "x"}}"#, "{}"),
    (r#"{"annotations": {"queue.sidecar.serving.knative.dev/cpu-resource-limit": "x"}}"#, "{}"),
    (r#"{"annotations": {"autoscaling.knative.dev/metric-aggregation-algorithm": "x", "autoscaling.knative.dev/class": "kpa.autoscaling.knative.dev"}}"#, "{}"),
    (r#"{"annotations": {"autoscaling.knative.dev/metric": "cpu"}}"#, r#"{"config-autoscaler": {"pod-autoscaler-class": "hpa.autoscaling.knative.dev"}}"#),
    ("{}", r#"{"config-autoscaler": {"min-scale": "2"}}"#),
    ("{}", r#"{"config-autoscaler": {"pod-autoscaler-class": " hpa.autoscaling.knative.dev"}}"#),
    ("{}", r#"{"config-defaults": {"revision-timeout-seconds": "120"}}"#),
    ("{}", r#"{"config-defaults": {"revision-idle-timeout-seconds": "301"}}"#),
    ("{}", r#"{"config-defaults": {"revision-response-start-timeout-seconds": "301"}}"#),
    (r#"{"spec": {"hostname": "a"}}"#, "{}"),
    (r#"{"spec": {"hostIPC": true}}"#, "{}"),
    (r#"{"spec": {"shareProcessNamespace": true}}"#, "{}"),
    (r#"{"spec": {"dnsPolicy": "Default"}}"#, r#"{"config-features": {"kubernetes.podspec-dnspolicy": "enabled"}}"#),
    (r#"{"spec": {"topologySpreadConstraints": []}}"#, r#"{"config-features": {"kubernetes.podspec-topologyspreadconstraints": "enabled"}}"#),
    (r#"{"spec": {"securityContext": {}}}"#, r#"{"config-features": {"secure-pod-defaults": "enabled"}}"#),
    (r#"{"spec": {"securityContext": {}}}"#, r#"{"config-features": {"secure-pod-defaults": "AllowRootBounded"}}"#),
    (r#"{"spec": {"containers": [{"name": "a", "image": "i", "ports": [{"containerPort": 1}]}, {"name": "a", "image": "i"}]}}"#, "{}"),
];

#[test]
fn whatever_differs_between_knative_releases_is_noted() {
    for (template, config_maps) in CASES {
        let template: Value = serde_json::from_str(template).unwrap();
        let config_maps: Value = serde_json::from_str(config_maps).unwrap();
        let mut spec = json!({"containers": [{"image": "i"}]});
        for (field, value) in template["spec"].as_object().into_iter().flatten() {
            spec[field] = value.clone();
        }
        let metadata = json!({"annotations": template["annotations"]});
        let line = json!({"id": [template, config_maps], "input": {
            "apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": "a", "namespace": "b"},
            "spec": {"template": {"metadata": metadata, "spec": spec}}}});
        let objects: Vec<Value> = config_maps
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, data)| {
                let metadata = json!({"name": name, "namespace": "knative-serving"});
                json!({"kind": "ConfigMap", "metadata": metadata, "data": data})
            })
            .collect();
        let facts = Facts::from_objects(&objects, FactsSource::Snapshot);
        assert_ne!(check(&line, &facts), 0, "{}", line["id"]);
    }
}

/// Checks the notes on one object; the answer is how many there are.
fn check(line: &Value, facts: &Facts) -> usize {
    assert!(!facts.knative.is_known(), "the corpus names no release");
    let here = explain(&line["input"], facts).unwrap();
    for release in milestones() {
        let known = Fact::known(release, "a test");
        let there = explain(&line["input"], &facts.clone().with_knative(known)).unwrap();
        assert_eq!(there.versions, [], "{}", line["id"]);
        let mut notes = here.versions.iter().filter(|note| covers(note, release));
        let note = notes.next();
        assert!(notes.next().is_none(), "two notes on {release}");
        let differs = summary(&here) != summary(&there);
        let other_refusal = |note: &VersionNote| {
            note.differs
                .iter()
                .any(|text| text.contains(" refuses it: "))
        };
        assert!(
            differs == note.is_some() || (!differs && note.is_some_and(other_refusal)),
            "{} under Knative {release}: {note:?}\n{}\n{}",
            line["id"],
            summary(&here),
            summary(&there)
        );
    }
    here.versions.len()
}

fn covers(note: &VersionNote, release: KnativeVersion) -> bool {
    let version = |text: &str| KnativeVersion::parse(text).unwrap();
    note.system == System::Knative && (version(&note.from)..version(&note.until)).contains(&release)
}

fn summary(explanation: &Explanation) -> Value {
    let refused = explanation.admission.knative.is_some();
    let components = explanation.components.iter();
    let lines: Vec<Value> = components
        .map(|one| {
            json!([
                one.autoscaler,
                one.metric,
                one.target,
                one.min_replicas,
                one.max_replicas,
                one.scale_to_zero
            ])
        })
        .collect();
    json!([refused, lines])
}
