//! Every behaviour by an input whose answer changes with exactly the release of its row.

use serde_json::{Value, json};

use super::super::*;
use crate::knative::annotations::Annotations;
use crate::knative::configs::ConfigData;
use crate::knative::{Bounds, Configs, ParsedService, PodAutoscaler, queue_proxy_requests};
use crate::kubernetes::pod::container_requests;

type Pairs<'a> = &'a [(&'a str, &'a str)];

/// The last patch of the minor release before, or of the same one.
fn before(release: KnativeVersion) -> KnativeVersion {
    match release.patch {
        0 => at(release.minor - 1, 99),
        patch => at(release.minor, patch - 1),
    }
}

/// What `ask` says of the release before and of the release itself, which is not the same.
fn flip<T: PartialEq + fmt::Debug>(
    release: KnativeVersion,
    ask: impl Fn(KnativeVersion) -> T,
) -> (T, T) {
    let (old, new) = (ask(before(release)), ask(release));
    assert_ne!(old, new, "nothing changes with {release}");
    (old, new)
}

fn data(pairs: Pairs<'_>) -> Annotations {
    let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    pairs.iter().map(own).collect()
}

fn service(annotations: Pairs<'_>, pod: &Value) -> Value {
    json!({
        "apiVersion": "serving.knative.dev/v1", "kind": "Service",
        "metadata": {"name": "app", "namespace": "default"},
        "spec": {"template": {"metadata": {"annotations": data(annotations)}, "spec": pod}}
    })
}

fn one_container() -> Value {
    json!({"containers": [{"image": "model"}]})
}

/// The webhook's words on a Service; empty where it is accepted.
fn refusal(value: &Value, configs: &Configs) -> String {
    ParsedService::new(value)
        .service()
        .validate(configs)
        .unwrap_or_default()
}

fn refused(release: KnativeVersion, annotations: Pairs<'_>) -> String {
    let value = service(annotations, &one_container());
    refusal(&value, &Configs::shipped(release))
}

fn pod_refused(release: KnativeVersion, pod: &Value) -> String {
    refusal(&service(&[], pod), &Configs::shipped(release))
}

fn predicted(release: KnativeVersion, annotations: Pairs<'_>) -> PodAutoscaler {
    let value = service(annotations, &one_container());
    ParsedService::new(&value)
        .service()
        .predict(&Configs::shipped(release))
}

fn autoscaler(release: KnativeVersion, pairs: Pairs<'_>) -> Result<Configs, String> {
    let map = data(pairs);
    let data = ConfigData {
        autoscaler: Some(&map),
        ..ConfigData::default()
    };
    Configs::parse_at(&data, release)
}

fn defaults(release: KnativeVersion, pairs: Pairs<'_>) -> Result<Configs, String> {
    let map = data(pairs);
    let data = ConfigData {
        defaults: Some(&map),
        ..ConfigData::default()
    };
    Configs::parse_at(&data, release)
}

fn features(release: KnativeVersion, pairs: Pairs<'_>) -> Configs {
    let map = data(pairs);
    let data = ConfigData {
        features: Some(&map),
        ..ConfigData::default()
    };
    Configs::parse_at(&data, release).unwrap()
}

const CLASS: (&str, &str) = (
    "autoscaling.knative.dev/class",
    "hpa.autoscaling.knative.dev",
);

#[test]
fn one_spelling_became_two() {
    let min = |release| predicted(release, &[("autoscaling.knative.dev/min-scale", "2")]).bounds;
    let none = Bounds { min: 0, max: 0 };
    assert_eq!(flip(at(1, 0), min), (none, Bounds { min: 2, max: 0 }));
    let old = |release| predicted(release, &[("autoscaling.knative.dev/minScale", "2")]).bounds;
    assert_eq!(old(at(0, 0)), old(KnativeVersion::NEWEST));
    let words = |release| {
        let bounds = [
            ("autoscaling.knative.dev/minScale", "2"),
            ("autoscaling.knative.dev/maxScale", "1"),
        ];
        refused(release, &bounds)
    };
    let (old, new) = flip(at(1, 0), words);
    assert!(
        old.starts_with("maxScale=1 is less than minScale=2"),
        "{old}"
    );
    assert!(
        new.starts_with("max-scale=1 is less than min-scale=2"),
        "{new}"
    );
}

#[test]
fn the_cluster_got_a_minimum() {
    let min = |release| {
        let configs = autoscaler(release, &[("min-scale", "3")]).unwrap();
        configs.autoscaler.min_scale
    };
    assert_eq!(flip(at(1, 0), min), (0, 3));
}

#[test]
fn the_hpa_class_took_any_metric() {
    let custom = [
        CLASS,
        ("autoscaling.knative.dev/metric", "queue"),
        ("autoscaling.knative.dev/target", "5"),
    ];
    let (old, new) = flip(at(1, 0), |release| refused(release, &custom));
    assert!(old.starts_with("invalid value: queue"), "{old}");
    assert_eq!(new, "");
    let metrics = |release| predicted(release, &custom).hpa.unwrap().metrics.len();
    assert_eq!(flip(at(1, 0), metrics), (0, 1));
}

#[test]
fn the_hpa_class_took_the_window() {
    let window = [
        CLASS,
        ("autoscaling.knative.dev/metric", "cpu"),
        ("autoscaling.knative.dev/window", "90s"),
    ];
    let (old, new) = flip(at(1, 0), |release| refused(release, &window));
    assert!(old.starts_with("invalid key name"), "{old}");
    assert_eq!(new, "");
    let behavior = |release| predicted(release, &window).hpa.unwrap().behavior.is_some();
    assert_eq!(flip(at(1, 0), behavior), (false, true));
}

#[test]
fn the_hpa_moved_from_one_api_to_the_next() {
    let api = KnativeVersion::hpa_api_version;
    let (first, second) = flip(at(1, 0), api);
    assert_eq!(
        (first, second),
        ("autoscaling/v2beta1", "autoscaling/v2beta2")
    );
    assert_eq!(flip(at(8, 0), api), (second, "autoscaling/v2"));
}

#[test]
fn ports_were_counted_otherwise_in_the_first_release_alone() {
    let container =
        json!({"image": "model", "ports": [{"containerPort": 1}, {"containerPort": 2}]});
    let pod = json!({"containers": [container]});
    let (old, new) = flip(at(0, 1), |release| pod_refused(release, &pod));
    assert!(
        old.starts_with("More than one container port is set"),
        "{old}"
    );
    assert!(
        new.starts_with("more than one container port is set"),
        "{new}"
    );
}

#[test]
fn containers_must_have_names_of_their_own() {
    let pod = json!({"containers": [
        {"name": "a", "image": "model", "ports": [{"containerPort": 1}]},
        {"name": "a", "image": "model"}]});
    let (old, new) = flip(at(2, 0), |release| pod_refused(release, &pod));
    assert_eq!(old, "");
    assert!(new.starts_with("duplicate container name \"a\""), "{new}");
}

#[test]
fn refusals_became_more_precise() {
    let target = |release| refused(release, &[("autoscaling.knative.dev/target", "x")]);
    let (old, new) = flip(at(3, 0), target);
    assert!(old.starts_with("target x should be at least 0.01"), "{old}");
    assert!(new.starts_with("invalid value: x"), "{new}");
    let initial = |release| refused(release, &[("autoscaling.knative.dev/initial-scale", "0")]);
    let (old, new) = flip(at(3, 0), initial);
    assert!(old.ends_with("/initial-scale"), "{old}");
    assert!(
        new.ends_with("/initial-scale=0 not allowed by cluster"),
        "{new}"
    );
}

#[test]
fn the_burst_capacity_grew() {
    let burst = |release| Configs::shipped(release).autoscaler.target_burst_capacity;
    assert_eq!(flip(at(4, 0), burst), (200.0, 211.0));
}

#[test]
fn annotations_came_that_older_releases_leave_alone() {
    let cases = [
        (at(4, 0), "serving.knative.dev/progress-deadline", "1.5s"),
        (at(7, 0), "autoscaling.knative.dev/activation-scale", "1"),
        (
            at(11, 0),
            "queue.sidecar.serving.knative.dev/cpu-resource-request",
            "x",
        ),
        (at(21, 0), "networking.knative.dev/unknown", "x"),
    ];
    for (release, key, value) in cases {
        let (old, new) = flip(release, |release| refused(release, &[(key, value)]));
        assert_eq!(old, "", "{key}");
        assert!(new.contains(key), "{new}");
    }
}

#[test]
fn pod_fields_came_with_their_features() {
    let cases = [
        (at(4, 0), "topologySpreadConstraints", json!([{}])),
        (at(5, 0), "dnsConfig", json!({})),
        (at(5, 0), "dnsPolicy", json!("Default")),
        (at(12, 0), "shareProcessNamespace", json!(true)),
        (at(16, 0), "hostIPC", json!(true)),
        (at(16, 0), "hostPID", json!(true)),
        (at(16, 0), "hostNetwork", json!(true)),
    ];
    for (release, field, value) in cases {
        let mut pod = one_container();
        pod[field] = value;
        let feature = format!("kubernetes.podspec-{}", field.to_lowercase());
        // Known, the feature lets the field pass; before 1.6 an unknown one is refused, later it is dropped unseen.
        let on = |release| {
            let configs = features(release, &[(&feature, "enabled")]);
            refusal(&service(&[], &pod), &configs)
        };
        let off = |release| pod_refused(release, &pod);
        let must_not = format!("must not set the field(s): spec.template.spec.{field}");
        assert_eq!(on(release), "", "{field}");
        assert_eq!(off(release), must_not);
        if release < at(6, 0) {
            assert_eq!(flip(release, on).0, must_not);
        } else {
            assert_eq!(flip(release, off).0, "");
        }
    }
}

#[test]
fn the_crd_began_to_drop_fields_that_it_does_not_list() {
    let mut pod = one_container();
    pod["hostname"] = json!("a");
    let (old, new) = flip(at(6, 0), |release| pod_refused(release, &pod));
    assert_eq!(
        old,
        "must not set the field(s): spec.template.spec.hostname"
    );
    assert_eq!(new, "");
}

#[test]
fn timeouts_came_to_config_defaults() {
    let key = "revision-idle-timeout-seconds";
    let idle = |release| defaults(release, &[(key, "301")]).is_err();
    assert_eq!(flip(at(7, 0), idle), (false, true));
    // The default of the response timeout was fixed for one patch release.
    let short = |release| defaults(release, &[("revision-timeout-seconds", "120")]).is_err();
    assert_eq!(flip(at(7, 0), short), (false, true));
    assert_eq!(flip(at(7, 1), short), (true, false));
}

#[test]
fn secure_defaults_let_a_security_context_pass() {
    let mut pod = one_container();
    pod["securityContext"] = json!({});
    let under = |word: &'static str| {
        let pod = pod.clone();
        move |release| {
            let configs = features(release, &[("secure-pod-defaults", word)]);
            refusal(&service(&[], &pod), &configs).is_empty()
        }
    };
    assert_eq!(flip(at(9, 0), under("enabled")), (false, true));
    assert_eq!(flip(at(20, 0), under("AllowRootBounded")), (false, true));
    assert_eq!(flip(at(20, 0), under("allowed")), (true, false));
}

#[test]
fn the_default_class_began_to_judge_the_metric() {
    let cpu = |release| {
        let configs = autoscaler(release, &[("pod-autoscaler-class", CLASS.1)]).unwrap();
        let value = service(
            &[("autoscaling.knative.dev/metric", "cpu")],
            &one_container(),
        );
        refusal(&value, &configs).is_empty()
    };
    assert_eq!(flip(at(11, 0), cpu), (false, true));
}

#[test]
fn queue_proxy_got_requests_of_its_own() {
    let user = container_requests(&json!({}));
    let annotation = data(&[(
        "queue.sidecar.serving.knative.dev/cpu-resource-request",
        "7m",
    )]);
    let cpu = |release| {
        let requests = queue_proxy_requests(&Configs::shipped(release), &annotation, &user);
        requests.cpu.unwrap().amount.milli_value()
    };
    assert_eq!(flip(at(11, 0), cpu), (25, 7));
    let memory = |release| {
        let configs = features(release, &[("queueproxy.resource-defaults", "enabled")]);
        let requests = queue_proxy_requests(&configs, &Annotations::new(), &user);
        requests.memory.map(|request| request.amount.value() >> 20)
    };
    assert_eq!(flip(at(11, 0), memory), (None, Some(400)));
}

#[test]
fn blanks_around_texts_became_nothing() {
    let padded = format!("{} ", CLASS.1);
    let class = |release| {
        let configs = autoscaler(release, &[("pod-autoscaler-class", &padded)]).unwrap();
        configs.autoscaler.pod_autoscaler_class
    };
    assert_eq!(flip(at(19, 0), class), (padded.clone(), CLASS.1.to_owned()));
    let flag = |release| autoscaler(release, &[("enable-scale-to-zero", "x")]).unwrap_err();
    let (old, new) = flip(at(19, 0), flag);
    assert!(!old.contains("enable-scale-to-zero"), "{old}");
    assert!(
        new.contains("failed to parse \"enable-scale-to-zero\""),
        "{new}"
    );
}
