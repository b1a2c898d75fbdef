//! Where HPAs get their numbers from.

use serde_json::Value;

use super::about::{About, checks};
use super::needs::{self, Metrics, Need};
use super::report::CheckResult;
use super::view::{Told, View, condition, name_of, some_of, words};
use crate::facts::text;

checks! {
    "metrics";
    RESOURCE: "resource", "the resource metrics API answers (cpu, memory)";
    CUSTOM: "custom", "the custom metrics API answers (metrics of pods and objects)";
    EXTERNAL: "external", "the external metrics API answers";
    HPAS: "hpas", "HPAs get the numbers that they ask for";
}

/// The checks.
pub(super) fn checks(view: &View<'_>) -> Vec<CheckResult> {
    let mut found = vec![resource(view)];
    if view.pre {
        return found;
    }
    found.extend(by_need(
        view,
        &CUSTOM,
        Metrics::Custom,
        "custom.metrics.k8s.io",
    ));
    found.extend(by_need(
        view,
        &EXTERNAL,
        Metrics::External,
        "external.metrics.k8s.io",
    ));
    found.extend(hpas(view));
    found
}

/// How an API of metrics is.
enum Api {
    Answers(String),
    Fails(String),
    Missing,
    Unknown(String),
}

fn api(view: &View<'_>, group: &str, version: &str) -> Api {
    let name = format!("{version}.{group}");
    if let Some(service) = view.api_service(&name) {
        return match condition(service, "Available") {
            Some(available) if text(available, "/status") == "True" => Api::Answers(name),
            Some(available) => Api::Fails(format!(
                "APIService {name} is not available ({})",
                words(available)
            )),
            None => Api::Unknown(format!("APIService {name} has no condition yet")),
        };
    }
    if view.is_absent("APIService", "", &name)
        || view.has_all_api_services()
        || view.group(group) == Some(false)
    {
        return Api::Missing;
    }
    let why = view.unread(&["APIService", &name]);
    Api::Unknown(why.unwrap_or_else(|| format!("no APIService {name} was given")))
}

fn resource(view: &View<'_>) -> CheckResult {
    const GROUP: &str = "metrics.k8s.io";
    let need = needs::of_metrics(view, Metrics::Resource);
    let mut sentence = need.sentence(&view.scope());
    if view.pre {
        sentence = "the HPA class is of little use without it".to_owned();
    }
    match api(view, GROUP, "v1beta1") {
        Api::Answers(name) => RESOURCE.ok(format!("APIService {name} is available")),
        Api::Fails(why) => RESOURCE.as_needed(
            need.is_there(),
            format!("{why}; {sentence}"),
            "see after the pods of metrics-server: kubectl get pods -n kube-system",
        ),
        Api::Missing => {
            let message = format!(
                "there is no APIService v1beta1.{GROUP}: HPAs on cpu and memory stay as they are; {sentence}"
            );
            let hint = "install metrics-server: https://github.com/kubernetes-sigs/metrics-server";
            match need {
                Need::Nobody if !view.pre => RESOURCE.info(message),
                _ => RESOURCE.as_needed(need.is_there(), message, hint),
            }
        }
        Api::Unknown(why) => RESOURCE.unknown(why),
    }
}

/// A line only where something needs the API, or where it is registered and does not answer.
fn by_need(view: &View<'_>, about: &About, which: Metrics, group: &str) -> Option<CheckResult> {
    let need = needs::of_metrics(view, which);
    // The versions that the HPA controller asks for, in its order.
    let versions: &[&str] = match which {
        Metrics::Custom => &["v1beta2", "v1beta1"],
        _ => &["v1beta1"],
    };
    let told: Vec<Api> = versions
        .iter()
        .map(|version| api(view, group, version))
        .collect();
    let hint = format!(
        "install an adapter that serves {group}, or see why the one that is there does not answer"
    );
    let mut worst = None;
    for one in told {
        match one {
            Api::Answers(name) if need.is_there() => {
                return Some(about.ok(format!("APIService {name} is available")));
            }
            Api::Answers(_) => return None,
            Api::Fails(why) => worst = Some(Api::Fails(why)),
            Api::Unknown(why) if !matches!(worst, Some(Api::Fails(_))) => {
                worst = Some(Api::Unknown(why))
            }
            _ => {}
        }
    }
    let sentence = need.sentence(&view.scope());
    match (worst, need.is_there()) {
        (Some(Api::Fails(why)), needed) => {
            Some(about.as_needed(needed, format!("{why}; {sentence}"), hint))
        }
        (_, false) => None,
        (Some(Api::Unknown(why)), true) => Some(about.unknown(why)),
        (_, true) => Some(about.error(
            format!("there is no APIService of {group}; {sentence}"),
            hint,
        )),
    }
}

fn hpas(view: &View<'_>) -> Option<CheckResult> {
    let all = match view.list("autoscaling", "HorizontalPodAutoscaler") {
        Told::There(all) if !all.is_empty() => all,
        _ => return None,
    };
    let failing: Vec<String> = all.into_iter().filter_map(failure).collect();
    if failing.is_empty() {
        return Some(HPAS.ok(""));
    }
    Some(HPAS.warning(
        some_of(&failing),
        "kubectl kscale explain names the cause for each; a new HPA gets its first numbers after about 15 s",
    ))
}

/// What an HPA says of numbers that it does not get; none where it gets them, or is between one bound and the same.
fn failure(hpa: &Value) -> Option<String> {
    let active = condition(hpa, "ScalingActive")?;
    let failed =
        text(active, "/status") == "False" && text(active, "/reason").starts_with("Failed");
    let spec = hpa.get("spec")?;
    let number = |field: &str| spec.get(field).and_then(Value::as_i64);
    let scales = number("maxReplicas") > Some(number("minReplicas").unwrap_or(1));
    (failed && scales).then(|| format!("{}: {}", name_of(hpa), words(active)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::report::State;
    use super::super::tests::{named, pod_autoscaler, results, states};

    fn hpa(kind: &str, max: i64) -> Value {
        json!({
            "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": "bert", "namespace": "ml"},
            "spec": {"maxReplicas": max, "metrics": [{"type": kind}]},
        })
    }

    fn service(name: &str, status: &str) -> Value {
        json!({
            "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name": name},
            "status": {"conditions": [{
                "type": "Available", "status": status, "reason": "FailedDiscoveryCheck", "message": "no endpoints",
            }]},
        })
    }

    fn absent() -> Value {
        json!({
            "apiVersion": "kscale.dev/v1alpha1", "kind": "Snapshot",
            "absent": [{"kind": "APIService", "name": "v1beta1.metrics.k8s.io"}],
        })
    }

    #[test]
    fn a_missing_api_is_an_error_only_where_something_needs_it() {
        let id = "metrics/resource";
        assert_eq!(states(&[absent()], id), [State::Info]);
        assert_eq!(states(&[absent(), hpa("Resource", 1)], id), [State::Info]);
        let told = named(&[absent(), hpa("Resource", 3)], id);
        assert_eq!(told.state, State::Error);
        assert!(
            told.message.ends_with("needed by ml/bert"),
            "{}",
            told.message
        );
    }

    #[test]
    fn a_workload_that_waits_for_the_extension_will_need_it_too() {
        let waiting = pod_autoscaler("bert-00001", "hpa.autoscaling.knative.dev");
        assert_eq!(
            states(&[absent(), waiting], "metrics/resource"),
            [State::Error]
        );
    }

    #[test]
    fn an_api_that_does_not_answer_says_why_in_its_own_words() {
        let objects = [
            service("v1beta1.metrics.k8s.io", "False"),
            hpa("Resource", 3),
        ];
        let told = named(&objects, "metrics/resource");
        assert_eq!(told.state, State::Error);
        assert!(
            told.message.starts_with("APIService v1beta1.metrics.k8s.io is not available (FailedDiscoveryCheck: no endpoints)"),
            "{}",
            told.message
        );
    }

    #[test]
    fn custom_metrics_are_looked_at_only_where_something_needs_them() {
        let id = "metrics/custom";
        assert!(results(&[absent()], id).is_empty());
        let all = json!({"apiVersion": "kscale.dev/v1alpha1", "kind": "Snapshot", "groups": []});
        assert_eq!(states(&[all.clone(), hpa("Pods", 3)], id), [State::Error]);
        let newer = service("v1beta2.custom.metrics.k8s.io", "True");
        assert_eq!(states(&[all, newer, hpa("Pods", 3)], id), [State::Ok]);
    }

    #[test]
    fn an_hpa_that_gets_no_numbers_is_named() {
        let mut failing = hpa("Resource", 3);
        failing["status"] = json!({"conditions": [{
            "type": "ScalingActive", "status": "False", "reason": "FailedGetResourceMetric", "message": "unable to get metrics",
        }]});
        let told = named(&[failing.clone()], "metrics/hpas");
        assert_eq!(told.state, State::Warning);
        assert_eq!(
            told.message,
            "ml/bert: FailedGetResourceMetric: unable to get metrics"
        );
        // The condition of an HPA at zero replicas.
        failing["status"]["conditions"][0]["reason"] = json!("ScalingDisabled");
        assert_eq!(states(&[failing], "metrics/hpas"), [State::Ok]);
    }

    #[test]
    fn without_any_word_of_it_nothing_is_judged() {
        assert_eq!(
            states(&[hpa("Resource", 3)], "metrics/resource"),
            [State::Skipped]
        );
    }
}
