//! Knative's HPA extension: what acts on PodAutoscalers of the HPA class. Without it they wait for ever, in silence.

use kscale_rules::knative::annotations::{CLASS, HPA_CLASS, KPA_CLASS};
use serde_json::Value;

use super::about::checks;
use super::deployments::{Health, health, troubles};
use super::knative_serving::version_of;
use super::needs::{self, Need, is_untouched};
use super::report::CheckResult;
use super::view::{KNATIVE, Told, View, annotation, name_of, some_of};

checks! {
    "hpa-extension";
    PRESENT: "present", "the HPA extension of Knative is installed";
    RELEASE: "release", "it is of the release that the controller is of";
    AVAILABLE: "available", "it runs";
    PODS: "pods", "its pods are ready";
    WAITING: "waiting", "no workload of the HPA class waits for it";
    CLASSES: "classes", "every class that a workload asks for has somebody who acts on it";
}

const NAME: &str = "autoscaler-hpa";

/// The checks.
pub(super) fn checks(view: &View<'_>) -> Vec<CheckResult> {
    let need = needs::of_extension(view);
    let mut found = Vec::new();
    match view.deployment(KNATIVE, NAME) {
        Told::There(extension) => {
            found.push(PRESENT.ok(""));
            found.push(release(view, extension));
            found.push(available(view, extension, &need));
            found.extend(pods(view, extension, &need));
            found.extend(waiting(view, extension));
        }
        Told::Absent => found.push(missing(view, &need)),
        Told::Unknown(why) => found.push(PRESENT.unknown(why)),
    }
    found.extend(classes(view));
    found
}

fn missing(view: &View<'_>, need: &Need) -> CheckResult {
    let there_is_none = format!("there is no Deployment {KNATIVE}/{NAME}");
    let operated = view.facts.knative_operated;
    let hint = if operated {
        "the Knative operator brings it: see why it does not, in the status of the KnativeServing"
    } else {
        "kubectl kscale install"
    };
    match need {
        Need::By(_) => PRESENT.error(format!("{there_is_none}: {}", victims(view)), hint),
        Need::Nobody if class_by_default(view) => PRESENT.warning(
            format!("{there_is_none}, and {HPA_CLASS} is the cluster's default class: the next Knative Service without a class waits for ever"),
            hint,
        ),
        Need::Nobody => PRESENT.info(format!("the HPA extension is not installed: {there_is_none}, and {}", need.sentence(&view.scope()))),
        Need::Unknown(_) => {
            PRESENT.warning(format!("{there_is_none}; {}", need.sentence("")), hint)
        }
    }
}

/// What comes of PodAutoscalers of the class: new ones wait, those that the extension has seen before are left alone.
fn victims(view: &View<'_>) -> String {
    let Told::There(all) = needs::of_hpa_class(view) else {
        return String::new();
    };
    let (new, old): (Vec<&Value>, Vec<&Value>) = all.into_iter().partition(|one| is_untouched(one));
    let names = |all: Vec<&Value>| some_of(&all.into_iter().map(name_of).collect::<Vec<_>>());
    let waits = if new.len() == 1 { "waits" } else { "wait" };
    match (new.is_empty(), old.is_empty()) {
        (false, true) => format!(
            "{} of class {HPA_CLASS} {waits} for it, and without it for ever",
            names(new)
        ),
        (true, _) => format!(
            "nobody acts any more on {} of class {HPA_CLASS}",
            names(old)
        ),
        (false, false) => format!(
            "{} of class {HPA_CLASS} {waits} for it, and without it for ever; nobody acts any more on {}",
            names(new),
            names(old)
        ),
    }
}

/// Whether Knative Services that name no class get the HPA's.
fn class_by_default(view: &View<'_>) -> bool {
    let configs = &view.facts.knative_configs;
    let class = configs
        .as_ref()
        .map(|all| all.autoscaler.pod_autoscaler_class.as_str());
    view.facts.config_autoscaler.is_known() && class == Ok(HPA_CLASS)
}

fn release(view: &View<'_>, extension: &Value) -> CheckResult {
    let own = version_of(extension);
    let own = own.strip_prefix('v').unwrap_or(own);
    let core = match view.deployment(KNATIVE, "controller") {
        Told::There(controller) => version_of(controller).to_owned(),
        _ => String::new(),
    };
    let core = core.strip_prefix('v').unwrap_or(&core);
    match (own, core) {
        ("", _) => RELEASE.unknown(format!("the Deployment {NAME} names none")),
        (_, "") => RELEASE.unknown("no Deployment controller that was given names one"),
        (own, core) if own == core => RELEASE.ok(own),
        (own, core) => RELEASE.warning(
            format!("it is of {own}, the controller of {core}: they are made to run together"),
            if view.facts.knative_operated {
                "see in the status of the KnativeServing why the operator has not brought it along"
                    .to_owned()
            } else {
                format!("kubectl kscale install, which brings the one of {core}")
            },
        ),
    }
}

fn available(view: &View<'_>, extension: &Value, need: &Need) -> CheckResult {
    let needed = need.is_there();
    let sentence = need.sentence(&view.scope());
    match health(extension) {
        Health::Available(available, wanted) => {
            AVAILABLE.ok(format!("{available} of {wanted} replicas"))
        }
        // Its condition Available is true then.
        Health::ScaledToZero => AVAILABLE.as_needed(
            needed,
            format!("it is scaled to zero replicas; {sentence}"),
            format!("kubectl scale deployment -n {KNATIVE} {NAME} --replicas 1"),
        ),
        Health::Unavailable(why) => AVAILABLE.as_needed(
            needed,
            format!("{why}; {sentence}"),
            format!("kubectl describe deployment -n {KNATIVE} {NAME}"),
        ),
        Health::Unknown => AVAILABLE.unknown("its Deployment has no status"),
    }
}

fn pods(view: &View<'_>, extension: &Value, need: &Need) -> Option<CheckResult> {
    if health(extension) == Health::ScaledToZero {
        return None;
    }
    Some(match troubles(view, extension) {
        Told::Unknown(why) => PODS.unknown(why),
        Told::Absent => PODS.as_needed(
            need.is_there(),
            "there is no pod of it: whoever makes pods refuses, or has not come to it",
            format!("kubectl describe replicaset -n {KNATIVE} -l app={NAME}"),
        ),
        Told::There(all) if all.is_empty() => PODS.ok(""),
        Told::There(all) => {
            let hint = format!("kubectl describe pods -n {KNATIVE} -l app={NAME}");
            // One of several that is not ready holds nothing up.
            let is_down = matches!(health(extension), Health::Unavailable(_));
            PODS.as_needed(need.is_there() && is_down, some_of(&all), hint)
        }
    })
}

/// While it runs, a PodAutoscaler gets its status within a second.
fn waiting(view: &View<'_>, extension: &Value) -> Option<CheckResult> {
    let all = match needs::of_hpa_class(view) {
        Told::There(all) if !all.is_empty() => all,
        Told::Unknown(why) => return Some(WAITING.unknown(why)),
        _ => return None,
    };
    let count = all.len();
    let waiting: Vec<String> = all
        .into_iter()
        .filter(|one| is_untouched(one))
        .map(name_of)
        .collect();
    if waiting.is_empty() {
        return Some(WAITING.ok(format!("{count} of {count} have a status")));
    }
    let message = format!("{}: nobody has acted on it yet", some_of(&waiting));
    if matches!(health(extension), Health::Available(..)) {
        return Some(WAITING.warning(
            message,
            format!(
                "this takes a second; where it lasts: kubectl logs -n {KNATIVE} deployment/{NAME}"
            ),
        ));
    }
    Some(WAITING.error(message, "see why the extension does not run, above"))
}

/// A class that nobody acts on looks like a missing extension: the PodAutoscaler never gets a status.
fn classes(view: &View<'_>) -> Option<CheckResult> {
    let all = match needs::pod_autoscalers(view) {
        Told::There(all) if !all.is_empty() => all,
        _ => return None,
    };
    let orphans = all.into_iter().filter_map(|one| {
        let class = annotation(one, CLASS.canonical);
        let of_knative = [KPA_CLASS, HPA_CLASS].contains(&class);
        (!of_knative && is_untouched(one)).then(|| (class, format!("{} ({class})", name_of(one))))
    });
    let (classes, orphans): (Vec<&str>, Vec<String>) = orphans.unzip();
    if orphans.is_empty() {
        return Some(CLASSES.ok(""));
    }
    // Somebody else's autoscaler has a domain of its own in its class, and may be slow.
    let of_nobody = classes
        .iter()
        .any(|class| !class.contains('.') || class.ends_with(".knative.dev"));
    Some(CLASSES.as_needed(
        of_nobody,
        format!("nobody has acted on {}: Knative knows {KPA_CLASS} and {HPA_CLASS}", some_of(&orphans)),
        format!("write {} as one of these two on the workload, or see after whoever should act on that class", CLASS.canonical),
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::report::State;
    use super::super::tests::{deployment, knative, named, pod_autoscaler, states};

    const HPA: &str = "hpa.autoscaling.knative.dev";

    fn with_extension(version: &str) -> Vec<Value> {
        let mut objects = knative("1.23.0");
        objects.push(deployment("knative-serving", "autoscaler-hpa", version));
        objects
    }

    fn nothing_else() -> Value {
        json!({"apiVersion": "kscale.dev/v1alpha1", "kind": "Snapshot"})
    }

    #[test]
    fn a_missing_extension_is_an_error_only_where_something_waits_for_it() {
        let id = "hpa-extension/present";
        let mut objects = knative("1.23.0");
        let unknown = named(&objects, id);
        assert_eq!(unknown.state, State::Warning, "{}", unknown.message);
        objects.push(nothing_else());
        assert_eq!(named(&objects, id).state, State::Info);
        objects.push(pod_autoscaler("bert-00001", HPA));
        let told = named(&objects, id);
        assert_eq!(told.state, State::Error);
        assert!(
            told.message.contains("ml/bert-00001 of class"),
            "{}",
            told.message
        );
        assert_eq!(told.hint, "kubectl kscale install");
    }

    #[test]
    fn a_default_class_without_the_extension_is_a_trap_for_the_next_service() {
        let mut objects = knative("1.23.0");
        objects.push(nothing_else());
        objects.push(json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "config-autoscaler", "namespace": "knative-serving"},
            "data": {"pod-autoscaler-class": HPA},
        }));
        assert_eq!(states(&objects, "hpa-extension/present"), [State::Warning]);
    }

    #[test]
    fn an_extension_of_another_release_is_a_warning() {
        let id = "hpa-extension/release";
        assert_eq!(states(&with_extension("1.23.0"), id), [State::Ok]);
        assert_eq!(states(&with_extension("1.22.0"), id), [State::Warning]);
    }

    #[test]
    fn an_extension_scaled_to_zero_says_that_it_is_available_and_is_not() {
        let mut objects = with_extension("1.23.0");
        objects[4]["spec"]["replicas"] = json!(0);
        objects.push(nothing_else());
        let id = "hpa-extension/available";
        assert_eq!(states(&objects, id), [State::Warning]);
        objects.push(pod_autoscaler("bert-00001", HPA));
        assert_eq!(states(&objects, id), [State::Error]);
        assert_eq!(states(&objects, "hpa-extension/waiting"), [State::Error]);
    }

    #[test]
    fn its_pods_say_why_they_are_not_ready() {
        let mut objects = with_extension("1.23.0");
        objects[4]["status"] = json!({"availableReplicas": 0});
        objects.push(pod_autoscaler("bert-00001", HPA));
        objects.push(json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "p", "namespace": "knative-serving", "labels": {"app": "autoscaler-hpa"}},
            "status": {"containerStatuses": [{
                "name": "autoscaler-hpa",
                "state": {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image"}},
            }]},
        }));
        let told = named(&objects, "hpa-extension/pods");
        assert_eq!(told.state, State::Error);
        assert_eq!(
            told.message,
            "pod p: container autoscaler-hpa ImagePullBackOff: Back-off pulling image"
        );
    }

    #[test]
    fn a_class_that_nobody_acts_on_is_told_from_a_missing_extension() {
        let mut objects = with_extension("1.23.0");
        objects.push(pod_autoscaler("bert-00001", "hpa"));
        let told = named(&objects, "hpa-extension/classes");
        assert_eq!(told.state, State::Error);
        assert!(
            told.message.contains("ml/bert-00001 (hpa)"),
            "{}",
            told.message
        );
        // One that somebody acts on has a status.
        objects[5]["status"] = json!({"conditions": [{"type": "Ready", "status": "True"}]});
        assert_eq!(states(&objects, "hpa-extension/classes"), [State::Ok]);
    }
}
