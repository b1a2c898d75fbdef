//! Knative Serving: is it there, is all of it of one release, does it run, and who owns it.

use std::collections::BTreeMap;

use kscale_rules::facts::KnativeVersion;
use serde_json::Value;

use super::about::checks;
use super::deployments::{Health, health, troubles};
use super::report::CheckResult;
use super::view::{KNATIVE, Told, View, condition, label, some_of, words};
use crate::facts::text;

checks! {
    "knative-serving";
    INSTALLED: "installed", "Knative Serving is installed";
    NAMESPACE: "namespace", "its namespace is there";
    RELEASE: "release", "every part of it is of one release";
    KNOWN: "known", "its release is one that kscale knows";
    OPERATOR: "operator", "the Knative operator has no complaint, where it manages Knative Serving";
    DEPLOYMENTS: "deployments", "its Deployments are available";
    WEBHOOKS: "webhooks", "its webhooks are registered";
}

/// The Deployments of Knative's core.
const CORE: [&str; 4] = ["activator", "autoscaler", "controller", "webhook"];

/// The webhooks that judge what this plugin predicts.
const HOOKS: [(&str, &str); 3] = [
    (
        "MutatingWebhookConfiguration",
        "webhook.serving.knative.dev",
    ),
    (
        "ValidatingWebhookConfiguration",
        "validation.webhook.serving.knative.dev",
    ),
    (
        "ValidatingWebhookConfiguration",
        "config.webhook.serving.knative.dev",
    ),
];

/// Whether it is installed, as far as that is known.
pub(super) fn is_installed(view: &View<'_>) -> Told<()> {
    match view.crd("services.serving.knative.dev") {
        Told::There(_) => Told::There(()),
        Told::Absent => Told::Absent,
        // What only Knative brings is there.
        Told::Unknown(_) if view.facts.knative.is_known() => Told::There(()),
        // Who may read nothing else may list the APIs.
        Told::Unknown(_) if view.group("serving.knative.dev") == Some(true) => Told::There(()),
        Told::Unknown(why) => Told::Unknown(why),
    }
}

/// The checks.
pub(super) fn checks(view: &View<'_>) -> Vec<CheckResult> {
    let installed = installed(view);
    if is_installed(view) == Told::Absent {
        return vec![installed];
    }
    let mut found = vec![installed];
    if view.pre {
        found.push(namespace(view));
    }
    found.push(release(view));
    found.extend(known(view));
    found.extend(operator(view));
    if !view.pre {
        found.push(deployments(view));
        found.extend(webhooks(view));
    }
    found
}

fn installed(view: &View<'_>) -> CheckResult {
    match is_installed(view) {
        Told::There(()) => INSTALLED.ok(""),
        Told::Unknown(why) => INSTALLED.unknown(why),
        Told::Absent => {
            let message = "there is no CustomResourceDefinition services.serving.knative.dev";
            let hint = "install Knative Serving: https://knative.dev/docs/install/";
            let standard = view.facts.kserve_config.value.default_mode.as_deref();
            let of_standard = matches!(standard, Ok("Standard" | "RawDeployment"));
            let kserve = view.crd("inferenceservices.serving.kserve.io");
            let is_enough = of_standard
                && view.facts.kserve_config.is_known()
                && matches!(kserve, Told::There(_));
            if is_enough && !view.pre {
                return INSTALLED.info(format!(
                    "it is not installed; KServe's default mode, Standard, needs none"
                ));
            }
            INSTALLED.error(message, hint)
        }
    }
}

fn namespace(view: &View<'_>) -> CheckResult {
    match view.object("", "Namespace", "", KNATIVE) {
        Told::There(one) if one.pointer("/metadata/deletionTimestamp").is_some() => NAMESPACE
            .error(
                format!("{KNATIVE} is being deleted"),
                "wait until it is gone, and install Knative Serving again",
            ),
        Told::There(_) => NAMESPACE.ok(KNATIVE),
        Told::Absent => NAMESPACE.error(
            format!("there is no namespace {KNATIVE}"),
            "the HPA extension runs beside Knative Serving: install that first",
        ),
        Told::Unknown(why) => NAMESPACE.unknown(why),
    }
}

/// The release that each part names, and none for parts that name none.
fn releases<'a>(view: &View<'a>) -> BTreeMap<String, &'a str> {
    let mut found = BTreeMap::new();
    let mut put = |part: String, version: &'a str| {
        if !version.is_empty() {
            found.insert(part, version.strip_prefix('v').unwrap_or(version));
        }
    };
    for name in CORE {
        if let Told::There(one) = view.deployment(KNATIVE, name) {
            put(format!("Deployment {name}"), version_of(one));
        }
    }
    if let Told::There(one) = view.object("", "Namespace", "", KNATIVE) {
        put(format!("Namespace {KNATIVE}"), version_of(one));
    }
    if let Told::There(one) = view.crd("services.serving.knative.dev") {
        let name = "CustomResourceDefinition services.serving.knative.dev";
        put(name.to_owned(), version_of(one));
    }
    for one in view.all("operator.knative.dev", "KnativeServing") {
        let name = text(one, "/metadata/name");
        put(
            format!("KnativeServing {name}"),
            text(one, "/status/version"),
        );
    }
    found
}

/// The version label of today, or that of Knative before 1.0.
pub(super) fn version_of(object: &Value) -> &str {
    match label(object, "app.kubernetes.io/version") {
        "" => label(object, "serving.knative.dev/release"),
        version => version,
    }
}

fn release(view: &View<'_>) -> CheckResult {
    let releases = releases(view);
    let Some(first) = releases.values().next().copied() else {
        return RELEASE.unknown("nothing that was given names it");
    };
    if releases.values().all(|version| *version == first) {
        let parts = releases.len();
        return RELEASE.ok(match parts {
            1 => format!(
                "{first}, says {}",
                releases.keys().cloned().collect::<String>()
            ),
            _ => format!("{first}, say all {parts} parts that name one"),
        });
    }
    let told: Vec<String> = releases
        .iter()
        .map(|(part, version)| format!("{part} {version}"))
        .collect();
    RELEASE.warning(
        format!("it is of several: {}", told.join(", ")),
        "an upgrade is under way, or one stopped half way: see that all of Knative Serving gets to one release",
    )
}

fn known(view: &View<'_>) -> Option<CheckResult> {
    let knative = &view.facts.knative;
    if !knative.is_known() {
        return None;
    }
    let version = knative.value;
    if version.is_supported() {
        return Some(KNOWN.ok(version.to_string()));
    }
    let (oldest, newest) = (KnativeVersion::OLDEST, KnativeVersion::NEWEST);
    Some(KNOWN.warning(
        format!(
            "{version} is none of {}.{} to {}.{}: predictions are those of the nearest of them",
            oldest.major, oldest.minor, newest.major, newest.minor
        ),
        "look for a newer kscale, or take what it says with care",
    ))
}

fn operator(view: &View<'_>) -> Option<CheckResult> {
    let mut owners = view.all("operator.knative.dev", "KnativeServing");
    if let Some(owner) = owners.next() {
        let name = super::view::name_of(owner);
        let ready = condition(owner, "Ready").filter(|one| text(one, "/status") != "True");
        return Some(match ready {
            None => OPERATOR.info(format!(
                "the Knative operator manages it, by KnativeServing {name}: it brings the HPA extension, and writes the ConfigMaps from spec.config"
            )),
            Some(condition) => OPERATOR.warning(
                format!("KnativeServing {name} is not ready ({})", words(condition)),
                format!("kubectl describe knativeserving -n {} {}", text(owner, "/metadata/namespace"), text(owner, "/metadata/name")),
            ),
        });
    }
    let crd = view.crd("knativeservings.operator.knative.dev");
    let none = "it is not managed by the Knative operator: there is no KnativeServing";
    match crd {
        Told::Absent => Some(OPERATOR.info(none)),
        Told::There(_) => match view.list("operator.knative.dev", "KnativeServing") {
            Told::Unknown(why) => Some(OPERATOR.unknown(why)),
            _ => Some(OPERATOR.info(none)),
        },
        Told::Unknown(why) => Some(OPERATOR.unknown(why)),
    }
}

fn deployments(view: &View<'_>) -> CheckResult {
    let (mut good, mut bad, mut unknown) = (0, Vec::new(), None);
    for name in CORE {
        match view.deployment(KNATIVE, name) {
            Told::Unknown(why) => unknown = Some(why),
            Told::Absent => bad.push(format!("there is no Deployment {name}")),
            Told::There(one) => match health(one) {
                Health::Available(..) => good += 1,
                Health::ScaledToZero => bad.push(format!("{name} is scaled to zero")),
                Health::Unavailable(why) => {
                    bad.push(format!("{name}: {why}{}", of_pods(view, one)))
                }
                Health::Unknown => unknown = Some(format!("Deployment {name} has no status")),
            },
        }
    }
    if !bad.is_empty() {
        let hint = format!("kubectl get pods -n {KNATIVE}, and the logs of those that do not run");
        return DEPLOYMENTS.error(bad.join("; "), hint);
    }
    match unknown {
        Some(why) => DEPLOYMENTS.unknown(why),
        None => DEPLOYMENTS.ok(format!("{good} of {good}: {}", CORE.join(", "))),
    }
}

/// What pods say of themselves, to be put behind what their Deployment says.
pub(super) fn of_pods(view: &View<'_>, deployment: &Value) -> String {
    match troubles(view, deployment) {
        Told::There(all) if !all.is_empty() => format!("; {}", some_of(&all)),
        _ => String::new(),
    }
}

/// Only where webhooks were read at all: an admission policy may forbid that, and it says nothing then.
fn webhooks(view: &View<'_>) -> Option<CheckResult> {
    const GROUP: &str = "admissionregistration.k8s.io";
    let mut kinds = HOOKS.iter().map(|(kind, _)| *kind);
    if !kinds.any(|kind| view.all(GROUP, kind).next().is_some()) {
        return None;
    }
    let missing = HOOKS.iter().filter(|(kind, name)| {
        !view
            .all(GROUP, kind)
            .any(|one| text(one, "/metadata/name") == *name)
    });
    let missing: Vec<String> = missing.map(|(_, name)| (*name).to_owned()).collect();
    if missing.is_empty() {
        return Some(WEBHOOKS.ok(""));
    }
    Some(WEBHOOKS.error(
        format!(
            "{} is not registered: what it would refuse comes in",
            missing.join(", ")
        ),
        "apply serving-core.yaml of this release again",
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::report::State;
    use super::super::tests::{deployment, knative, named, results, results_before, states};

    fn about(document: &Value) -> Value {
        let mut whole = json!({"apiVersion": "kscale.dev/v1alpha1", "kind": "Snapshot"});
        for (key, value) in document.as_object().unwrap() {
            whole[key] = value.clone();
        }
        whole
    }

    fn without_knative() -> Vec<Value> {
        vec![about(
            &json!({"groups": [{"name": "apps", "versions": ["v1"]}]}),
        )]
    }

    #[test]
    fn a_cluster_without_its_api_has_no_knative() {
        let told = named(&without_knative(), "knative-serving/installed");
        assert_eq!(told.state, State::Error);
        assert!(states(&without_knative(), "knative-serving/release").is_empty());
        assert!(states(&without_knative(), "config-autoscaler/present").is_empty());
    }

    #[test]
    fn models_in_standard_mode_need_no_knative_but_install_does() {
        let mut objects = without_knative();
        objects.push(json!({
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "inferenceservices.serving.kserve.io"},
        }));
        objects.push(json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "inferenceservice-config", "namespace": "kserve"},
            "data": {"deploy": "{\"defaultDeploymentMode\": \"Standard\"}"},
        }));
        let id = "knative-serving/installed";
        assert_eq!(states(&objects, id), [State::Info]);
        assert_eq!(results_before(&objects, id)[0].state, State::Error);
    }

    #[test]
    fn parts_of_several_releases_are_an_upgrade_half_way() {
        let mut objects = knative("1.21.0");
        objects[3] = deployment("knative-serving", "webhook", "1.22.0");
        let told = named(&objects, "knative-serving/release");
        assert_eq!(told.state, State::Warning);
        assert!(
            told.message.contains("Deployment webhook 1.22.0"),
            "{}",
            told.message
        );
    }

    #[test]
    fn every_part_that_names_a_release_is_asked() {
        let mut objects = knative("1.21.0");
        assert_eq!(states(&objects, "knative-serving/release"), [State::Ok]);
        objects.push(json!({
            "apiVersion": "operator.knative.dev/v1beta1", "kind": "KnativeServing",
            "metadata": {"name": "knative-serving", "namespace": "knative-serving"},
            "status": {"version": "1.22.0"},
        }));
        assert_eq!(
            states(&objects, "knative-serving/release"),
            [State::Warning]
        );
        let operator = named(&objects, "knative-serving/operator");
        assert_eq!(operator.state, State::Info);
    }

    #[test]
    fn a_release_that_nobody_has_tried_is_a_warning() {
        let known = |version: &str| states(&knative(version), "knative-serving/known");
        assert_eq!(known("1.23.0"), [State::Ok]);
        assert_eq!(known("1.99.0"), [State::Warning]);
        assert_eq!(known("0.22.3"), [State::Warning]);
    }

    #[test]
    fn a_deployment_that_does_not_run_is_an_error_with_its_pods_reasons() {
        let mut objects = knative("1.21.0");
        objects[2]["status"] = json!({"availableReplicas": 0});
        objects.push(json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "controller-0", "namespace": "knative-serving", "labels": {"app": "controller"}},
            "status": {"containerStatuses": [
                {"name": "controller", "state": {"waiting": {"reason": "ImagePullBackOff"}}},
            ]},
        }));
        let told = named(&objects, "knative-serving/deployments");
        assert_eq!(told.state, State::Error);
        assert_eq!(
            told.message,
            "controller: 0 of 1 replicas are available; pod controller-0: container controller ImagePullBackOff"
        );
    }

    #[test]
    fn a_deployment_that_is_missing_is_told_from_one_that_was_not_read() {
        let mut objects = knative("1.21.0");
        objects.truncate(3);
        assert_eq!(
            states(&objects, "knative-serving/deployments"),
            [State::Error]
        );
        let unread = json!({"unread": [{"what": "Deployments of namespace knative-serving", "why": "forbidden"}]});
        let none = [about(&unread)];
        assert_eq!(
            states(&none, "knative-serving/deployments"),
            [State::Skipped]
        );
    }

    #[test]
    fn webhooks_are_judged_only_where_some_were_read() {
        let id = "knative-serving/webhooks";
        let mut objects = knative("1.21.0");
        assert!(results(&objects, id).is_empty());
        objects.push(json!({
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": "validation.webhook.serving.knative.dev"},
        }));
        assert_eq!(states(&objects, id), [State::Error]);
    }
}
