use serde_json::{Value, json};

use super::super::super::extension::{CRDS, METRICS, Sight};
use super::super::preflight::{Mark, Verdict, accesses, judge};
use crate::cluster::{Failure, Permission, Why};
use crate::release::{Manifest, Named, Running, parse_release};
use crate::snapshot::{Snapshot, Unread};

const NAMESPACE: &str = "knative-serving";

/// A cluster in which the extension can work.
fn good() -> Vec<Value> {
    let object = |version: &str, kind: &str, name: &str| json!({"apiVersion": version, "kind": kind, "metadata": {"name": name}});
    let mut objects = vec![
        json!({
            "apiVersion": "kscale.dev/v1alpha1", "kind": "Snapshot",
            "serverVersion": {"gitVersion": "v1.36.0"},
            "groups": [
                {"name": "autoscaling", "versions": ["v2", "v1"]},
                {"name": "autoscaling.internal.knative.dev", "versions": ["v1alpha1"]},
            ],
        }),
        object("v1", "Namespace", NAMESPACE),
        object("v1", "ServiceAccount", "controller"),
        object("apiregistration.k8s.io/v1", "APIService", METRICS),
    ];
    objects.extend(
        CRDS.map(|name| object("apiextensions.k8s.io/v1", "CustomResourceDefinition", name)),
    );
    let maps = [
        "autoscaler",
        "deployment",
        "leader-election",
        "logging",
        "network",
        "observability",
    ];
    objects.extend(maps.map(|name| object("v1", "ConfigMap", &format!("config-{name}"))));
    for object in &mut objects {
        if matches!(
            object["kind"].as_str(),
            Some("ServiceAccount" | "ConfigMap")
        ) {
            object["metadata"]["namespace"] = NAMESPACE.into();
        }
    }
    objects
}

fn sight(objects: Vec<Value>, unread: &[(&str, &str)]) -> Sight {
    let unread = unread.iter().map(|(what, why)| Unread {
        what: (*what).to_owned(),
        why: (*why).to_owned(),
    });
    Sight {
        snapshot: Snapshot {
            objects,
            unread: unread.collect(),
            live: true,
        },
        namespace: NAMESPACE.to_owned(),
    }
}

fn runs(version: &str) -> Running {
    Running::Found {
        version: Named::read(version),
        by: "Deployment controller".to_owned(),
        others: Vec::new(),
        upgrading: false,
    }
}

fn verdicts(sight: &Sight, version: &str) -> Vec<Verdict> {
    let manifest = Manifest::of(parse_release(version).unwrap()).unwrap();
    judge(sight, &runs("1.23.0"), &manifest, &[])
}

/// What is not as it should be.
fn wrong(sight: &Sight, version: &str) -> String {
    let wrong = verdicts(sight, version)
        .into_iter()
        .filter(|one| one.mark != Mark::Fine);
    let lines: Vec<String> = wrong
        .map(|one| format!("{:?}: {}", one.mark, one.what))
        .collect();
    lines.join("\n")
}

#[test]
fn where_all_is_well_nothing_is_said_against_it() {
    assert_eq!(wrong(&sight(good(), &[]), "1.23.0"), "");
}

#[test]
fn all_that_is_missing_is_told_at_once() {
    let missing = sight(Vec::new(), &[]);
    insta::assert_snapshot!(wrong(&missing, "1.23.0"), @"
    Fatal: namespace knative-serving is missing
    Fatal: ServiceAccount controller is missing
    Fatal: CustomResourceDefinition podautoscalers.autoscaling.internal.knative.dev is missing
    Fatal: CustomResourceDefinition metrics.autoscaling.internal.knative.dev is missing
    Fatal: CustomResourceDefinition serverlessservices.networking.internal.knative.dev is missing
    Doubt: the extension exits without ConfigMap config-autoscaler, config-deployment, config-leader-election, config-logging, config-network, config-observability
    Doubt: the version of Kubernetes is not known
    Doubt: whether Kubernetes serves autoscaling/v2 is not known
    Doubt: APIService v1beta1.metrics.k8s.io is missing
    ");
}

#[test]
fn what_could_not_be_read_is_doubtful_only() {
    let about = good().into_iter().take(1).collect();
    let why = "forbidden";
    let unread: Vec<(String, &str)> = CRDS
        .iter()
        .map(|name| (format!("CustomResourceDefinition {name}"), why))
        .chain([
            ("Namespace knative-serving".to_owned(), why),
            ("ServiceAccount knative-serving/controller".to_owned(), why),
            ("ConfigMaps of knative-serving".to_owned(), why),
            (format!("APIService {METRICS}"), why),
        ])
        .collect();
    let unread: Vec<(&str, &str)> = unread
        .iter()
        .map(|(what, why)| (what.as_str(), *why))
        .collect();
    insta::assert_snapshot!(wrong(&sight(about, &unread), "1.23.0"), @"
    Doubt: namespace knative-serving could not be read: forbidden
    Doubt: ServiceAccount controller could not be read: forbidden
    Doubt: CustomResourceDefinition serverlessservices.networking.internal.knative.dev could not be read: forbidden
    Doubt: Knative's ConfigMaps could not be read: forbidden
    Doubt: APIService v1beta1.metrics.k8s.io could not be read: forbidden
    ");
}

#[test]
fn kubernetes_must_be_new_enough_and_have_the_api() {
    let on = |git_version: &str, api: &str, release: &str| {
        let mut objects = good();
        objects[0]["serverVersion"]["gitVersion"] = git_version.into();
        objects[0]["groups"][0]["versions"] = json!(["v1", api]);
        wrong(&sight(objects, &[]), release)
    };
    assert_eq!(on("v1.34.0-alpha.1", "v2", "1.23.0"), "");
    let said = [
        on("v1.33.9", "v2", "1.23.0"),
        on("v1.20.2", "v2beta2", "1.1.0"),
        on("v1.36.0", "v2", "1.7.4"),
        on("nonsense", "v2", "1.23.0"),
    ];
    insta::assert_snapshot!(said.join("\n"), @"
    Doubt: Kubernetes is v1.33.9: Knative 1.23.0 exits on one older than 1.34
    Doubt: the manifest is of release 1.1.0, Knative Serving of 1.23.0: they are meant to be the same
    Doubt: the manifest is of release 1.7.4, Knative Serving of 1.23.0: they are meant to be the same
    Doubt: Kubernetes does not serve autoscaling/v2beta2, which Knative 1.7.4 makes HorizontalPodAutoscalers of
    Doubt: the version of Kubernetes is not known
    ");
}

#[test]
fn a_namespace_that_goes_away_and_metrics_that_are_down_are_told() {
    let mut objects = good();
    objects[1]["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z".into();
    objects[3]["status"] = json!({"conditions": [
        {"type": "Available", "status": "False", "message": "no response from metrics-server"},
    ]});
    insta::assert_snapshot!(wrong(&sight(objects, &[]), "1.22.1"), @"
    Doubt: the manifest is of release 1.22.1, Knative Serving of 1.23.0: they are meant to be the same
    Fatal: namespace knative-serving is being deleted
    Doubt: APIService v1beta1.metrics.k8s.io is not available: no response from metrics-server
    ");
}

#[test]
fn what_the_caller_may_not_do_is_told_by_its_own_word() {
    let all = accesses(NAMESPACE);
    let answer = |index: usize| match index {
        0 => Err(Failure::new(Why::Server, "etcd is away")),
        1 | 6 => Ok(Permission {
            allowed: false,
            reason: "no role".to_owned(),
        }),
        _ => Ok(Permission {
            allowed: true,
            reason: String::new(),
        }),
    };
    let asked: Vec<_> = all
        .into_iter()
        .enumerate()
        .map(|(index, access)| (access, answer(index)))
        .collect();
    let manifest = Manifest::of(parse_release("1.23.0").unwrap()).unwrap();
    let verdicts = judge(&sight(good(), &[]), &runs("1.23.0"), &manifest, &asked);
    let said = verdicts.iter().filter(|one| one.mark != Mark::Fine);
    let said: Vec<_> = said
        .map(|one| format!("{:?}: {}", one.mark, one.what))
        .collect();
    insta::assert_snapshot!(said.join("\n"), @"
    Doubt: whether you may get deployments.apps autoscaler-hpa in namespace knative-serving is not known: etcd is away
    Denied: you may not create deployments.apps in namespace knative-serving (no role)
    Doubt: you may not list pods in namespace knative-serving (no role): why pods do not start cannot be told
    ");
}
