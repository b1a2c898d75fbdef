//! Whether the extension can work where it is to go: everything that is missing, told at once.

use serde_json::Value;

use super::super::extension::{CRDS, METRICS, Sight, State};
use crate::cluster::{Access, Failure, Permission};
use crate::release::{Kubernetes, Manifest, NAME, Named, Running, least_kubernetes};

/// The ConfigMaps that the extension watches: it ends where one is missing.
const CONFIG_MAPS: [&str; 6] = [
    "config-autoscaler",
    "config-deployment",
    "config-leader-election",
    "config-logging",
    "config-network",
    "config-observability",
];

/// How much something matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// It is as it should be.
    Fine,
    /// It may keep the extension from working, or keep kscale from telling.
    Doubt,
    /// The extension cannot be installed, or cannot work.
    Fatal,
    /// The caller may not install it.
    Denied,
}

/// What was found of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// How much it matters.
    pub(super) mark: Mark,
    /// What was found.
    pub(super) what: String,
    /// What to do about it; empty where nothing is.
    pub(super) hint: String,
}

fn verdict(mark: Mark, what: impl Into<String>, hint: impl Into<String>) -> Verdict {
    Verdict {
        mark,
        what: what.into(),
        hint: hint.into(),
    }
}

/// What the caller must be allowed to do; of the last ones, only what is told suffers.
pub(super) fn accesses(namespace: &str) -> Vec<Access<'_>> {
    let access = |verb, group, resource, name| Access {
        verb,
        group,
        resource,
        namespace,
        name,
    };
    vec![
        access("get", "apps", "deployments", NAME),
        access("create", "apps", "deployments", ""),
        access("patch", "apps", "deployments", NAME),
        access("get", "", "services", NAME),
        access("create", "", "services", ""),
        access("patch", "", "services", NAME),
        access("list", "", "pods", ""),
    ]
}

/// Everything, in the order in which it is told.
pub(super) fn judge(
    sight: &Sight,
    running: &Running,
    manifest: &Manifest,
    permissions: &[(Access<'_>, Result<Permission, Failure>)],
) -> Vec<Verdict> {
    let mut verdicts = vec![
        same_release(running, manifest),
        namespace(sight),
        there(
            sight.of_knative("", "ServiceAccount", "controller"),
            "ServiceAccount controller",
            "the extension runs as it; it comes with Knative's serving-core.yaml",
        ),
    ];
    verdicts.extend(CRDS[1..].iter().map(|name| crd(sight, name)));
    verdicts.push(config_maps(sight));
    verdicts.push(kubernetes(sight, manifest));
    verdicts.push(hpa_api(sight, manifest));
    verdicts.push(metrics(sight));
    verdicts.extend(permitted(permissions));
    verdicts.extend(
        manifest
            .doubts
            .iter()
            .map(|doubt| verdict(Mark::Doubt, format!("manifest: {doubt}"), "")),
    );
    verdicts
}

fn same_release(running: &Running, manifest: &Manifest) -> Verdict {
    let release = manifest.release;
    let (mark, what) = match running {
        Running::Found { version, .. } if *version == Named::Release(release) => (
            Mark::Fine,
            format!("the manifest is of release {release}, as Knative Serving"),
        ),
        Running::Found { version, .. } => (
            Mark::Doubt,
            format!(
                "the manifest is of release {release}, Knative Serving of {version}: they are meant to be the same"
            ),
        ),
        _ => (
            Mark::Doubt,
            format!(
                "the manifest is of release {release}; of which one Knative Serving is, nothing says"
            ),
        ),
    };
    verdict(mark, what, "")
}

fn there(state: State<'_>, what: &str, hint: &str) -> Verdict {
    match state {
        State::There(_) => verdict(Mark::Fine, what, ""),
        State::Absent => verdict(Mark::Fatal, format!("{what} is missing"), hint),
        State::Unknown(why) => verdict(Mark::Doubt, format!("{what} could not be read: {why}"), ""),
    }
}

fn namespace(sight: &Sight) -> Verdict {
    let name = &sight.namespace;
    let state = sight.of_cluster("", "Namespace", name);
    if let State::There(object) = state
        && object.pointer("/metadata/deletionTimestamp").is_some()
    {
        let what = format!("namespace {name} is being deleted");
        return verdict(
            Mark::Fatal,
            what,
            "wait until it is gone, then install Knative Serving anew",
        );
    }
    let hint = "is Knative Serving somewhere else? then give --knative-namespace";
    there(state, &format!("namespace {name}"), hint)
}

/// Not everybody may read CustomResourceDefinitions; that the API has a group says nearly as much.
fn crd(sight: &Sight, name: &str) -> Verdict {
    let state = sight.of_cluster("apiextensions.k8s.io", "CustomResourceDefinition", name);
    let group = name.split_once('.').map_or(name, |(_, group)| group);
    if matches!(state, State::Unknown(_)) && serves(sight, group, None) == Some(true) {
        return verdict(Mark::Fine, format!("API group {group}"), "");
    }
    let hint = "it comes with Knative's serving-crds.yaml";
    there(state, &format!("CustomResourceDefinition {name}"), hint)
}

fn config_maps(sight: &Sight) -> Verdict {
    if let Some(unread) = sight.unread_list("ConfigMap", &sight.namespace) {
        let what = format!("Knative's ConfigMaps could not be read: {}", unread.why);
        return verdict(Mark::Doubt, what, "");
    }
    let missing: Vec<&str> = CONFIG_MAPS
        .into_iter()
        .filter(|name| sight.of_knative("", "ConfigMap", name) == State::Absent)
        .collect();
    if missing.is_empty() {
        return verdict(Mark::Fine, "Knative's ConfigMaps", "");
    }
    let what = format!(
        "the extension exits without ConfigMap {}",
        missing.join(", ")
    );
    verdict(
        Mark::Doubt,
        what,
        "they come with Knative's serving-core.yaml",
    )
}

/// Below what its release asks for, the extension ends when it starts. Whether somebody has told Knative otherwise, as can be
/// done for each of its programs, is not for kscale to judge: it warns.
fn kubernetes(sight: &Sight, manifest: &Manifest) -> Verdict {
    let version = sight
        .server()
        .and_then(|server| server.pointer("/serverVersion/gitVersion")?.as_str());
    let release = manifest.release;
    let Some((text, running)) = version.and_then(|text| Some((text, Kubernetes::read(text)?)))
    else {
        return verdict(Mark::Doubt, "the version of Kubernetes is not known", "");
    };
    match least_kubernetes(release) {
        Some(least) if running < least => verdict(
            Mark::Doubt,
            format!("Kubernetes is {text}: Knative {release} exits on one older than {least}"),
            format!(
                "with KUBERNETES_MIN_VERSION=v{running}.0 in the environment of Deployment {NAME} it starts all the same"
            ),
        ),
        Some(least) => verdict(
            Mark::Fine,
            format!("Kubernetes {text}, at least {least}"),
            "",
        ),
        None => verdict(
            Mark::Doubt,
            format!("Kubernetes {text}; what Knative {release} asks for is not known"),
            "",
        ),
    }
}

/// The extension makes HorizontalPodAutoscalers of one version, and Kubernetes has stopped to serve some.
fn hpa_api(sight: &Sight, manifest: &Manifest) -> Verdict {
    let api = manifest.release.hpa_api_version();
    let version = api.split_once('/').map(|(_, version)| version);
    match serves(sight, "autoscaling", version) {
        Some(true) => verdict(Mark::Fine, format!("API {api}"), ""),
        Some(false) => verdict(
            Mark::Doubt,
            format!(
                "Kubernetes does not serve {api}, which Knative {} makes HorizontalPodAutoscalers of",
                manifest.release
            ),
            "Kubernetes has v2beta1 up to 1.24, v2beta2 up to 1.25, and v2 from 1.23 on",
        ),
        None => verdict(
            Mark::Doubt,
            format!("whether Kubernetes serves {api} is not known"),
            "",
        ),
    }
}

fn metrics(sight: &Sight) -> Verdict {
    let name = format!("APIService {METRICS}");
    let hint = "install metrics-server: without it nothing scales on cpu or memory";
    match sight.of_cluster("apiregistration.k8s.io", "APIService", METRICS) {
        State::There(service) => {
            let conditions = service
                .pointer("/status/conditions")
                .and_then(Value::as_array);
            let available = conditions
                .into_iter()
                .flatten()
                .find(|one| one["type"] == "Available");
            match available {
                Some(one) if one["status"] != "True" => {
                    let why = one["message"].as_str().unwrap_or_default();
                    verdict(
                        Mark::Doubt,
                        format!("{name} is not available: {why}"),
                        "see to metrics-server: without it nothing scales on cpu or memory",
                    )
                }
                _ => verdict(Mark::Fine, "metrics of cpu and memory", ""),
            }
        }
        State::Absent => verdict(Mark::Doubt, format!("{name} is missing"), hint),
        State::Unknown(why) => match serves(sight, "metrics.k8s.io", None) {
            Some(true) => verdict(Mark::Fine, "metrics of cpu and memory", ""),
            _ => verdict(Mark::Doubt, format!("{name} could not be read: {why}"), ""),
        },
    }
}

fn permitted(permissions: &[(Access<'_>, Result<Permission, Failure>)]) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for (access, permission) in permissions {
        let words = access.words();
        match permission {
            Ok(Permission { allowed: true, .. }) => {}
            Ok(Permission { reason, .. }) => {
                let why = if reason.is_empty() {
                    String::new()
                } else {
                    format!(" ({reason})")
                };
                let denied = format!("you may not {words}{why}");
                verdicts.push(if access.resource == "pods" {
                    let what = format!("{denied}: why pods do not start cannot be told");
                    verdict(Mark::Doubt, what, "")
                } else {
                    verdict(Mark::Denied, denied, "")
                });
            }
            Err(failure) => {
                let what = format!("whether you may {words} is not known: {}", failure.message);
                verdicts.push(verdict(Mark::Doubt, what, ""));
            }
        }
    }
    if verdicts.is_empty() && !permissions.is_empty() {
        verdicts.push(verdict(Mark::Fine, "your permissions", ""));
    }
    verdicts
}

/// Whether the API server has a group, in a version; none where that is not known.
fn serves(sight: &Sight, group: &str, version: Option<&str>) -> Option<bool> {
    let groups = sight.server()?.get("groups")?.as_array()?;
    let found = groups.iter().find(|one| one["name"] == group);
    let versions = found.and_then(|one| one["versions"].as_array());
    Some(match version {
        Some(version) => versions.is_some_and(|all| all.iter().any(|one| one == version)),
        None => found.is_some(),
    })
}
