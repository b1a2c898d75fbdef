//! KServe: its controller, its ConfigMap, and what its API checks.

use kscale_rules::explain::Severity;
use kscale_rules::kserve::Release;
use kscale_rules::rules;
use serde_json::Value;

use super::about::checks;
use super::config_autoscaler::of_finding;
use super::deployments::{Health, health};
use super::knative_serving::{is_installed as knative, of_pods};
use super::report::CheckResult;
use super::view::{Told, View, name_of};
use crate::facts::text;

checks! {
    "kserve";
    INSTALLED: "installed", "KServe is installed";
    CONTROLLER: "controller", "its controller is available";
    RELEASE: "release", "its release is one that kscale knows";
    CONFIG: "config", "KServe can read its ConfigMap";
    MODE: "mode", "what runs an InferenceService that names no mode is there";
    FLAVOUR: "crd", "how much the API server checks of an InferenceService";
    RUNTIMES: "runtimes", "there are runtimes for models";
    WEBHOOKS: "webhooks", "its webhooks are registered";
}

const CRD: &str = "inferenceservices.serving.kserve.io";
const CONTROLLER_NAME: &str = "kserve-controller-manager";
const CONFIG_NAME: &str = "inferenceservice-config";

/// The checks. Without KServe there is one line: Knative Services are explained all the same.
pub(super) fn checks(view: &View<'_>) -> Vec<CheckResult> {
    let crd = match view.crd(CRD) {
        Told::There(crd) => crd,
        Told::Absent => {
            return vec![INSTALLED.info(format!(
                "KServe is not installed: there is no CustomResourceDefinition {CRD}"
            ))];
        }
        Told::Unknown(why)
            if controller_of(view).is_none() && view.group("serving.kserve.io") != Some(true) =>
        {
            return vec![INSTALLED.unknown(why)];
        }
        Told::Unknown(_) => &Value::Null,
    };
    let mut found = vec![INSTALLED.ok("")];
    found.push(controller(view));
    found.push(release(view));
    found.push(config(view));
    found.extend(mode(view));
    found.push(flavour(crd));
    found.push(runtimes(view));
    found.extend(webhooks(view));
    found
}

/// Its namespace is the administrator's choice.
fn controller_of<'a>(view: &View<'a>) -> Option<&'a Value> {
    let mut all = view.all("apps", "Deployment");
    all.find(|one| text(one, "/metadata/name") == CONTROLLER_NAME)
}

fn controller(view: &View<'_>) -> CheckResult {
    let Some(deployment) = controller_of(view) else {
        if ["", "kserve"]
            .iter()
            .any(|namespace| view.is_absent("Deployment", namespace, CONTROLLER_NAME))
        {
            return CONTROLLER.error(
                format!(
                    "there is no Deployment {CONTROLLER_NAME}: nobody acts on InferenceServices"
                ),
                "install KServe again, or remove what is left of it",
            );
        }
        let why = view.unread(&[CONTROLLER_NAME]);
        let why = why.unwrap_or_else(|| format!("no Deployment {CONTROLLER_NAME} was given"));
        return CONTROLLER.unknown(why);
    };
    let name = name_of(deployment);
    let namespace = text(deployment, "/metadata/namespace");
    let hint = format!("kubectl get pods -n {namespace}, and the logs of those that do not run");
    match health(deployment) {
        Health::Available(available, wanted) => {
            CONTROLLER.ok(format!("{name}, {available} of {wanted} replicas"))
        }
        Health::ScaledToZero => CONTROLLER.error(
            format!("{name} is scaled to zero: nobody acts on InferenceServices, and its webhook refuses every change"),
            format!("kubectl scale deployment -n {namespace} {CONTROLLER_NAME} --replicas 1"),
        ),
        Health::Unavailable(why) => {
            CONTROLLER.error(format!("{name}: {why}{}", of_pods(view, deployment)), hint)
        }
        Health::Unknown => CONTROLLER.unknown(format!("Deployment {name} has no status")),
    }
}

fn release(view: &View<'_>) -> CheckResult {
    let fact = &view.facts.kserve;
    if !fact.is_known() {
        return RELEASE.unknown("neither image nor label of its controller names one");
    }
    let release = fact.value;
    if release.is_supported() {
        return RELEASE.ok(format!("{release}, by the {}", fact.provenance.text()));
    }
    let (oldest, newest) = (Release::OLDEST, Release::NEWEST);
    RELEASE.warning(
        format!("{release} is none of {oldest} to {newest}: predictions are those of the nearest of them"),
        "look for a newer kscale, or take what it says with care",
    )
}

/// The ConfigMap of the controller's namespace, else any of that name.
fn config_map<'a>(view: &View<'a>) -> Told<&'a Value> {
    let namespace = controller_of(view).map(|one| text(one, "/metadata/namespace"));
    let namespace = namespace
        .filter(|name| !name.is_empty())
        .unwrap_or("kserve");
    let told = view.object("", "ConfigMap", namespace, CONFIG_NAME);
    let Told::Unknown(_) = told else {
        return told;
    };
    if view.is_absent("ConfigMap", "", CONFIG_NAME) {
        return Told::Absent;
    }
    let mut all = view.all("", "ConfigMap");
    match all.find(|one| text(one, "/metadata/name") == CONFIG_NAME) {
        Some(config) => Told::There(config),
        None => told,
    }
}

fn config(view: &View<'_>) -> CheckResult {
    let config = match config_map(view) {
        Told::There(config) => config,
        Told::Absent => {
            return CONFIG.error(
                format!("there is no ConfigMap {CONFIG_NAME}: KServe can neither default nor reconcile any InferenceService"),
                "apply the ConfigMap of this release again",
            );
        }
        Told::Unknown(why) => return CONFIG.unknown(why),
    };
    let findings = rules::judge(config, None, &view.facts).unwrap_or_default();
    let worst = [Severity::Error, Severity::Warning]
        .into_iter()
        .find_map(|severity| findings.iter().find(|one| one.severity == severity));
    match worst {
        Some(finding) => of_finding(&CONFIG, finding),
        None => CONFIG.ok(name_of(config)),
    }
}

fn mode(view: &View<'_>) -> Option<CheckResult> {
    let fact = &view.facts.kserve_config;
    if !fact.is_known() {
        return None;
    }
    let mode = fact.value.default_mode.as_deref().ok()?;
    let is_knative = matches!(mode, "Knative" | "Serverless");
    match (is_knative, knative(view)) {
        (true, Told::Absent) => Some(MODE.error(
            format!("the default mode is {mode}, and Knative Serving is not installed: an InferenceService that names no mode comes to nothing"),
            "install Knative Serving, or set defaultDeploymentMode to Standard in inferenceservice-config",
        )),
        (_, _) if mode.is_empty() => None,
        (true, Told::Unknown(_)) => Some(MODE.info(format!("the default mode is {mode}"))),
        _ => Some(MODE.ok(format!("the default mode is {mode}"))),
    }
}

/// Full: the API server refuses wrong types and drops unknown fields. Minimal: it takes everything.
fn flavour(crd: &Value) -> CheckResult {
    let versions = crd.pointer("/spec/versions").and_then(Value::as_array);
    let schemas: Vec<&Value> = versions
        .into_iter()
        .flatten()
        .filter_map(|version| version.pointer("/schema/openAPIV3Schema"))
        .collect();
    let has = |pointer: &str| {
        schemas
            .iter()
            .any(|schema| schema.pointer(pointer).is_some())
    };
    const OPEN: &str = "x-kubernetes-preserve-unknown-fields";
    let is_full = has("/properties/spec/properties/predictor");
    let is_minimal = has(&format!("/properties/spec/{OPEN}")) || has(&format!("/{OPEN}"));
    if !is_full && !is_minimal {
        return FLAVOUR.unknown("the schema of its CustomResourceDefinition was not given");
    }
    FLAVOUR.info(if is_full {
        "the definition of InferenceServices is the full one: the API server refuses wrong types, and drops fields that it does not know"
    } else {
        "the definition of InferenceServices is the minimal one: the API server takes every field and type, so that a misspelt field stays and does nothing"
    })
}

fn runtimes(view: &View<'_>) -> CheckResult {
    const GROUP: &str = "serving.kserve.io";
    let cluster = view.list(GROUP, "ClusterServingRuntime");
    let own = view.all(GROUP, "ServingRuntime").count();
    let all = match cluster {
        Told::There(all) => all,
        Told::Absent => Vec::new(),
        Told::Unknown(why) => return RUNTIMES.unknown(why),
    };
    let enabled = all
        .iter()
        .filter(|one| one.pointer("/spec/disabled").and_then(Value::as_bool) != Some(true));
    let enabled = enabled.count();
    match (enabled, own) {
        (0, 0) => RUNTIMES.warning(
            "there is no ClusterServingRuntime that is not disabled: a model finds no runtime unless its namespace has one",
            "apply the runtimes of this release (kserve-cluster-resources.yaml)",
        ),
        (enabled, 0) => RUNTIMES.ok(format!("{enabled} of {} ClusterServingRuntimes", all.len())),
        (enabled, own) => {
            RUNTIMES.ok(format!("{enabled} ClusterServingRuntimes, {own} ServingRuntimes"))
        }
    }
}

/// Only where webhooks were read at all.
fn webhooks(view: &View<'_>) -> Option<CheckResult> {
    const NAME: &str = "inferenceservice.serving.kserve.io";
    const GROUP: &str = "admissionregistration.k8s.io";
    let kinds = [
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
    ];
    let all: Vec<&Value> = kinds
        .iter()
        .flat_map(|kind| view.all(GROUP, kind))
        .collect();
    if all.is_empty() {
        return None;
    }
    let missing: Vec<&str> = kinds
        .into_iter()
        .filter(|kind| {
            !all.iter()
                .any(|one| text(one, "/kind") == *kind && text(one, "/metadata/name") == NAME)
        })
        .collect();
    if missing.is_empty() {
        return Some(WEBHOOKS.ok(""));
    }
    Some(WEBHOOKS.error(
        format!(
            "there is no {} {NAME}: nothing defaults or refuses InferenceServices",
            missing.join(" and no ")
        ),
        "apply kserve.yaml of this release again",
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::report::State;
    use super::super::tests::{deployment, named, results, states};

    fn crd(spec: &Value) -> Value {
        json!({
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "inferenceservices.serving.kserve.io"},
            "spec": {"versions": [{"schema": {"openAPIV3Schema": {"properties": {"spec": spec}}}}]},
        })
    }

    fn config(deploy: &str) -> Value {
        json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "inferenceservice-config", "namespace": "kserve"},
            "data": {"deploy": deploy},
        })
    }

    fn installed() -> Vec<Value> {
        vec![
            crd(&json!({"properties": {"predictor": {}}})),
            deployment("kserve", "kserve-controller-manager", "v0.15.2"),
        ]
    }

    #[test]
    fn without_kserve_there_is_one_line() {
        let none = [json!({"apiVersion": "kscale.dev/v1alpha1", "kind": "Snapshot", "groups": []})];
        assert_eq!(states(&none, "kserve/installed"), [State::Info]);
        assert!(results(&none, "kserve/controller").is_empty());
    }

    #[test]
    fn a_definition_that_a_snapshot_does_not_hold_may_be_there_all_the_same() {
        let other = json!({
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "services.serving.knative.dev"},
        });
        let about = |groups: &Value| json!({"apiVersion": "kscale.dev/v1alpha1", "kind": "Snapshot", "groups": groups});
        let served = json!([{"name": "serving.kserve.io", "versions": ["v1beta1"]}]);
        let objects = [about(&served), other.clone()];
        assert_eq!(states(&objects, "kserve/installed"), [State::Ok]);
        let mut untold = about(&served);
        untold.as_object_mut().unwrap().remove("groups");
        assert_eq!(
            states(&[untold, other], "kserve/installed"),
            [State::Skipped]
        );
    }

    #[test]
    fn the_flavour_is_told_by_the_schema() {
        let of = |spec: &Value| named(&[crd(spec)], "kserve/crd").message;
        assert!(of(&json!({"properties": {"predictor": {}}})).contains("is the full one"));
        assert!(
            of(&json!({"x-kubernetes-preserve-unknown-fields": true}))
                .contains("is the minimal one")
        );
        let mut bare = crd(&json!({}));
        bare.as_object_mut().unwrap().remove("spec");
        assert_eq!(states(&[bare], "kserve/crd"), [State::Skipped]);
    }

    #[test]
    fn what_kserve_cannot_read_is_told_in_its_words() {
        let mut objects = installed();
        objects.push(config("{\"defaultDeploymentMode\": \"Raw\"}"));
        let told = named(&objects, "kserve/config");
        assert_eq!(told.state, State::Error);
        let text =
            "invalid deployment mode. Supported modes are Serverless, RawDeployment and ModelMesh";
        assert!(told.message.contains(text), "{}", told.message);
        assert!(results(&objects, "kserve/mode").is_empty());
    }

    #[test]
    fn a_default_mode_needs_what_runs_it() {
        let mut objects = installed();
        objects.push(config("{\"defaultDeploymentMode\": \"Serverless\"}"));
        // CustomResourceDefinitions were given, and Knative's is not among them.
        let told = named(&objects, "kserve/mode");
        assert_eq!(told.state, State::Error, "{}", told.message);
        objects[2] = config("{\"defaultDeploymentMode\": \"RawDeployment\"}");
        assert_eq!(states(&objects, "kserve/mode"), [State::Ok]);
    }

    #[test]
    fn a_controller_that_does_not_run_is_an_error() {
        let id = "kserve/controller";
        let mut objects = installed();
        assert_eq!(states(&objects, id), [State::Ok]);
        objects[1]["spec"]["replicas"] = json!(0);
        assert_eq!(states(&objects, id), [State::Error]);
        objects.truncate(1);
        assert_eq!(states(&objects, id), [State::Skipped]);
        objects.push(json!({
            "apiVersion": "kscale.dev/v1alpha1", "kind": "Snapshot",
            "absent": [{"kind": "Deployment", "name": "kserve-controller-manager"}],
        }));
        assert_eq!(states(&objects, id), [State::Error]);
    }

    #[test]
    fn disabled_runtimes_are_none() {
        let runtime = |disabled: bool| {
            json!({
                "apiVersion": "serving.kserve.io/v1alpha1", "kind": "ClusterServingRuntime",
                "metadata": {"name": "r"}, "spec": {"disabled": disabled},
            })
        };
        let mut objects = installed();
        assert_eq!(states(&objects, "kserve/runtimes"), [State::Skipped]);
        objects.push(runtime(true));
        assert_eq!(states(&objects, "kserve/runtimes"), [State::Warning]);
        objects.push(runtime(false));
        assert_eq!(states(&objects, "kserve/runtimes"), [State::Ok]);
    }

    #[test]
    fn a_release_that_nobody_has_tried_is_a_warning() {
        let of = |version: &str| {
            let mut objects = installed();
            objects[1] = deployment("kserve", "kserve-controller-manager", version);
            states(&objects, "kserve/release")
        };
        assert_eq!(of("v0.15.2"), [State::Ok]);
        assert_eq!(of("v0.10.0"), [State::Warning]);
        assert_eq!(of("vendored"), [State::Skipped]);
    }
}
