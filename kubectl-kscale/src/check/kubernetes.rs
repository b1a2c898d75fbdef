//! Kubernetes itself: is it new enough for this Knative, and does it serve the autoscaling API that is written to it.

use kscale_rules::facts::KnativeVersion;

use super::about::checks;
use super::deployments::{Health, health};
use super::knative_serving::is_installed;
use super::needs;
use super::report::CheckResult;
use super::view::{KNATIVE, Told, View};
use crate::facts::text;

checks! {
    "kubernetes";
    API: "api", "the API server answers";
    VERSION: "version", "Kubernetes is new enough for this Knative";
    HPA_API: "hpa-api", "the autoscaling API is served that HPAs are made in";
}

/// What Knative's processes take for the oldest Kubernetes, where it is set.
const OVERRIDE: &str = "KUBERNETES_MIN_VERSION";

/// The checks.
pub(super) fn checks(view: &View<'_>) -> Vec<CheckResult> {
    let mut found = Vec::new();
    if view.is_live()
        && let Some(server) = view.server_version()
    {
        found.push(API.ok(format!("it is {}", text(server, "/gitVersion"))));
    }
    found.push(version(view));
    found.push(hpa_api(view));
    found
}

/// Major, minor and patch, as far as they can be read.
fn numbers(version: &str) -> Option<(u16, u16, u16)> {
    let version = KnativeVersion::parse(version).ok()?;
    Some((version.major, version.minor, version.patch))
}

fn version(view: &View<'_>) -> CheckResult {
    let Some(server) = view.server_version() else {
        return VERSION.unknown("no version of the API server was given");
    };
    let git = text(server, "/gitVersion");
    let Some(found) = numbers(git) else {
        return VERSION.unknown(format!("the API server calls its version {git}"));
    };
    let knative = &view.facts.knative;
    let overridden = override_of(view);
    let least = match (&overridden, knative.value.minimum_kubernetes()) {
        (Some(set), _) => set.clone(),
        _ if is_installed(view) == Told::Absent => {
            return VERSION.info(format!("Kubernetes is {git}"));
        }
        (None, Some((major, minor))) if knative.is_known() => format!("v{major}.{minor}.0"),
        (None, _) if !knative.is_known() => {
            return VERSION.unknown(format!("it is {git}, and which Knative runs was not told"));
        }
        (None, _) => {
            let release = knative.value;
            return VERSION.unknown(format!(
                "it is {git}, and what Knative {release} needs is not known"
            ));
        }
    };
    let release = knative.value;
    let needed = match (&overridden, knative.is_known()) {
        (Some(set), _) => format!("{OVERRIDE} of Deployment controller is {set}"),
        _ => format!("Knative {release} needs {least}"),
    };
    let Some(minimum) = numbers(&least) else {
        return VERSION.error(
            format!("{needed}, which is no version: the components of Knative do not start"),
            format!("write {OVERRIDE} like v1.32.0"),
        );
    };
    if found >= minimum {
        return VERSION.ok(format!("it is {git}, and {needed}"));
    }
    let said = KnativeVersion::too_old_kubernetes(git, &least);
    let hint = format!("upgrade Kubernetes to {least}, or run a Knative that starts on {git}");
    let runs = matches!(
        view.deployment(KNATIVE, "controller"),
        Told::There(controller) if matches!(health(controller), Health::Available(..))
    );
    if runs {
        let message =
            format!("{needed}; the controller runs, but one that starts may end with: {said}");
        return VERSION.warning(message, hint);
    }
    VERSION.error(format!("{needed}; its components end with: {said}"), hint)
}

/// What the Deployment of Knative's controller sets for the oldest Kubernetes.
fn override_of(view: &View<'_>) -> Option<String> {
    let Told::There(controller) = view.deployment(KNATIVE, "controller") else {
        return None;
    };
    let containers = controller.pointer("/spec/template/spec/containers")?;
    let variables = containers
        .as_array()?
        .iter()
        .filter_map(|container| container.get("env")?.as_array())
        .flatten();
    variables
        .filter(|variable| text(variable, "/name") == OVERRIDE)
        .map(|variable| text(variable, "/value").to_owned())
        .find(|value| !value.is_empty())
}

/// Somebody who makes HPAs.
struct Writer {
    who: String,
    version: &'static str,
    /// Whether workloads are known that it makes them for.
    is_needed: bool,
}

fn writers(view: &View<'_>) -> Vec<Writer> {
    let mut writers = Vec::new();
    let knative = &view.facts.knative;
    if knative.is_known() && is_installed(view) != Told::Absent {
        writers.push(Writer {
            who: format!("the HPA extension of Knative {}", knative.value),
            version: knative.value.hpa_api_version(),
            is_needed: needs::of_extension(view).is_there(),
        });
    }
    if matches!(
        view.crd("inferenceservices.serving.kserve.io"),
        Told::There(_)
    ) && !view.pre
    {
        let config = &view.facts.kserve_config;
        let mode = config.value.default_mode.as_deref();
        writers.push(Writer {
            who: "KServe in Standard mode".to_owned(),
            // Since 0.11.
            version: "autoscaling/v2",
            is_needed: config.is_known() && matches!(mode, Ok("Standard" | "RawDeployment")),
        });
    }
    writers
}

fn hpa_api(view: &View<'_>) -> CheckResult {
    let unknown = || HPA_API.unknown("neither the API's groups nor its version were given");
    let writers = writers(view);
    let mut refused: Vec<&Writer> = Vec::new();
    for writer in &writers {
        match serves(view, writer.version) {
            None => return unknown(),
            Some(true) => {}
            Some(false) => refused.push(writer),
        }
    }
    if !refused.is_empty() {
        let told = refused
            .iter()
            .map(|one| format!("{} makes HPAs of {}", one.who, one.version));
        let told: Vec<String> = told.collect();
        return HPA_API.as_needed(
            refused.iter().any(|one| one.is_needed),
            format!("{}, which this API server does not serve", told.join(" and ")),
            "autoscaling/v2 is served from Kubernetes 1.23 on, v2beta2 up to 1.25, v2beta1 up to 1.24: run releases that meet",
        );
    }
    if writers.is_empty() {
        return match serves(view, "autoscaling/v2") {
            Some(true) => HPA_API.ok("autoscaling/v2"),
            Some(false) => {
                HPA_API.info("autoscaling/v2 is not served, and who writes HPAs is unknown")
            }
            None => unknown(),
        };
    }
    let told = writers
        .iter()
        .map(|one| format!("{} for {}", one.version, one.who));
    HPA_API.ok(told.collect::<Vec<_>>().join(", "))
}

/// By its groups, else by what its version serves unless somebody switched it off.
fn serves(view: &View<'_>, version: &str) -> Option<bool> {
    let short = version.strip_prefix("autoscaling/").unwrap_or(version);
    view.serves("autoscaling", short).or_else(|| {
        let (_, minor, _) = numbers(text(view.server_version()?, "/gitVersion"))?;
        Some(match short {
            "v2" => minor >= 23,
            "v2beta2" => (12..=25).contains(&minor),
            _ => (8..=24).contains(&minor),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::report::State;
    use super::super::tests::{knative, named, states};
    use serde_json::json;

    #[test]
    fn a_kubernetes_older_than_knative_needs_is_refused_in_knative_s_words() {
        let mut objects = knative("1.23.0");
        objects.push(json!({"apiVersion": "v1", "kind": "ServerVersion", "version": {"gitVersion": "v1.30.2"}}));
        let version = named(&objects, "kubernetes/version");
        assert_eq!(
            version.state,
            State::Warning,
            "the controller runs all the same"
        );
        assert!(
            version.message.contains(
                "kubernetes version \"1.30.2\" is not compatible, need at least \"1.34.0-0\""
            ),
            "{}",
            version.message
        );
        for object in &mut objects {
            if object["metadata"]["name"] == "controller" {
                object["status"]["availableReplicas"] = json!(0);
            }
        }
        assert_eq!(named(&objects, "kubernetes/version").state, State::Error);
    }

    #[test]
    fn the_environment_of_the_controller_counts_instead() {
        let mut objects = knative("1.23.0");
        objects.push(json!({"apiVersion": "v1", "kind": "ServerVersion", "version": {"gitVersion": "v1.30.2"}}));
        for object in &mut objects {
            if object["metadata"]["name"] == "controller" {
                object["spec"]["template"]["spec"]["containers"] = json!([{"name": "controller", "env": [{"name": "KUBERNETES_MIN_VERSION", "value": "v1.28.0"}]}]);
            }
        }
        assert_eq!(named(&objects, "kubernetes/version").state, State::Ok);
    }

    #[test]
    fn an_old_knative_writes_an_api_that_a_new_kubernetes_has_not() {
        let at = |knative_version: &str, kubernetes: &str| {
            let mut objects = knative(knative_version);
            objects.push(json!({"apiVersion": "v1", "kind": "ServerVersion", "version": {"gitVersion": kubernetes}}));
            states(&objects, "kubernetes/hpa-api")
        };
        assert_eq!(at("1.7.4", "v1.25.0"), [State::Ok]);
        assert_eq!(at("1.7.4", "v1.26.0"), [State::Warning]);
        assert_eq!(at("1.8.0", "v1.26.0"), [State::Ok]);
        assert_eq!(at("1.8.0", "v1.20.15"), [State::Warning]);
    }

    #[test]
    fn what_is_served_is_believed_before_what_the_version_should_serve() {
        let mut objects = knative("1.23.0");
        objects.push(json!({
            "apiVersion": "kscale.dev/v1alpha1", "kind": "Snapshot",
            "serverVersion": {"gitVersion": "v1.34.0"},
            "groups": [
                {"name": "autoscaling", "versions": ["v1"]},
                {"name": "serving.knative.dev", "versions": ["v1"]},
            ],
        }));
        assert_eq!(states(&objects, "kubernetes/hpa-api"), [State::Warning]);
    }

    #[test]
    fn without_a_version_nothing_is_judged() {
        assert_eq!(
            states(&knative("1.23.0"), "kubernetes/version"),
            [State::Skipped]
        );
    }
}
