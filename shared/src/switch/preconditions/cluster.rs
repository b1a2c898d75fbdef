//! What must be installed.

use serde_json::Value;

use super::super::created::created;
use super::super::judge::Case;
use super::super::types::{Precondition, PreconditionState};
use super::{precondition, resources};
use crate::explain::ComponentExplanation;
use crate::facts::{Fact, Facts};
use crate::knative::annotations::HPA_CLASS;

/// What the components need of the cluster as a whole.
pub(super) fn all(case: &Case<'_>, components: &[&ComponentExplanation]) -> Vec<Precondition> {
    let facts = case.scene.facts;
    let has_class = |wanted: fn(&str) -> bool| {
        let mut classes = components.iter().filter_map(|one| one.class.as_deref());
        classes.any(wanted)
    };
    let mut all = Vec::new();
    if has_class(|class| class.contains(".knative.dev")) {
        all.push(knative(facts));
    }
    if has_class(|class| class == HPA_CLASS) {
        all.push(extension(facts));
        all.extend(extension_release(facts));
    }
    if has_class(|class| class == "keda") {
        all.push(keda(facts));
    }
    if components.iter().any(|one| !resources(one).is_empty()) {
        all.push(metrics_api(facts));
    }
    if components.iter().any(|one| has_custom_metric(one)) {
        all.push(custom_metrics_api(facts));
    }
    if components.iter().any(|one| has_pod_metric(one)) {
        all.push(collector());
    }
    all
}

fn state(fact: &Fact<Option<bool>>) -> PreconditionState {
    match fact.value.filter(|_| fact.is_known()) {
        Some(true) => PreconditionState::Met,
        Some(false) => PreconditionState::Unmet,
        None => PreconditionState::Unknown,
    }
}

/// One of three texts, by the state.
fn said<'a>(state: PreconditionState, met: &'a str, unmet: &'a str, unknown: &'a str) -> &'a str {
    match state {
        PreconditionState::Met => met,
        PreconditionState::Unmet => unmet,
        PreconditionState::Unknown => unknown,
    }
}

fn knative(facts: &Facts) -> Precondition {
    let installed = &facts.knative_installed;
    let state = match (installed.is_known(), installed.value) {
        (true, true) => PreconditionState::Met,
        (true, false) => PreconditionState::Unmet,
        (false, _) => PreconditionState::Unknown,
    };
    let message = said(
        state,
        "Knative Serving is installed",
        "Knative Serving is not installed",
        "Knative Serving must be installed",
    );
    let help = said(
        state,
        "",
        "install Knative Serving",
        "look for it: kubectl get crd services.serving.knative.dev",
    );
    precondition("knative", Some("KS503"), state, message, help)
}

fn extension(facts: &Facts) -> Precondition {
    let state = state(&facts.hpa_extension);
    let message = said(
        state,
        "Knative's HPA extension runs",
        "Knative's HPA extension (autoscaler-hpa) does not run, so nobody would act on the class and the new revision would never be ready",
        "Knative's HPA extension (autoscaler-hpa) must run, or the new revision never becomes ready",
    );
    let help = match state {
        PreconditionState::Unmet if facts.hpa_extension_release.is_some() => {
            "see why Deployment knative-serving/autoscaler-hpa has no available pod".to_owned()
        }
        PreconditionState::Unmet => format!(
            "kubectl kscale install brings the one of Knative {}",
            facts.knative.value
        ),
        _ => "look for it: kubectl get deployment autoscaler-hpa -n knative-serving".to_owned(),
    };
    precondition("hpa-extension", Some("KS501"), state, message, help)
}

/// Parts of two releases are promised nothing, but mostly run: that is no reason to refuse.
fn extension_release(facts: &Facts) -> Option<Precondition> {
    let extension = facts.hpa_extension_release?;
    let knative = &facts.knative;
    if !knative.is_known() {
        return None;
    }
    let (state, message) = if knative.value == extension {
        (
            PreconditionState::Met,
            format!("Knative's HPA extension is of {extension}, as Knative is"),
        )
    } else {
        (
            PreconditionState::Unknown,
            format!(
                "Knative's HPA extension is of {extension}, everything else of Knative of {}: nobody has promised that they run together",
                knative.value
            ),
        )
    };
    let help = format!(
        "kubectl kscale install brings the one of Knative {}",
        knative.value
    );
    Some(precondition(
        "hpa-extension-release",
        Some("KS504"),
        state,
        message,
        help,
    ))
}

fn keda(facts: &Facts) -> Precondition {
    let state = state(&facts.keda_installed);
    let message = said(
        state,
        "KEDA is installed",
        "KEDA is not installed, so KServe cannot make the ScaledObject and nothing would scale",
        "KEDA must be installed before KServe's controller starts",
    );
    let help = said(
        state,
        "",
        "install KEDA and restart KServe's controller, or use --to hpa",
        "look for it: kubectl get crd scaledobjects.keda.sh",
    );
    precondition("keda", Some("KS502"), state, message, help)
}

fn metrics_api(facts: &Facts) -> Precondition {
    let state = state(&facts.metrics_api);
    let message = said(
        state,
        "the resource metrics API answers",
        "the resource metrics API does not answer, so nothing scales on cpu or memory",
        "the resource metrics API (metrics-server) must answer",
    );
    let help = said(
        state,
        "",
        "install metrics-server, or see why APIService v1beta1.metrics.k8s.io is not available",
        "look for it: kubectl get apiservice v1beta1.metrics.k8s.io",
    );
    precondition("metrics-api", Some("KS405"), state, message, help)
}

fn custom_metrics_api(facts: &Facts) -> Precondition {
    let state = state(&facts.custom_metrics_api);
    let message = said(
        state,
        "the custom metrics API answers",
        "the custom metrics API does not answer, so the HPA cannot read its metric",
        "the custom metrics API must answer, and know the metric",
    );
    let help = said(
        state,
        "",
        "install an adapter, such as prometheus-adapter, or scale on cpu or memory",
        "look for it: kubectl get --raw /apis/custom.metrics.k8s.io/v1beta1",
    );
    precondition("custom-metrics-api", None, state, message, help)
}

fn collector() -> Precondition {
    precondition(
        "opentelemetry",
        None,
        PreconditionState::Unknown,
        "the OpenTelemetry operator must be installed, since KServe makes an OpenTelemetryCollector, and KEDA's OpenTelemetry scaler must run",
        "look for it: kubectl get crd opentelemetrycollectors.opentelemetry.io",
    )
}

fn has_custom_metric(component: &ComponentExplanation) -> bool {
    let hpa = created(component, "HorizontalPodAutoscaler");
    let metrics = hpa.and_then(|hpa| hpa.pointer("/spec/metrics")?.as_array());
    let mut metrics = metrics.into_iter().flatten();
    metrics.any(|metric| metric.get("type").and_then(Value::as_str) == Some("Pods"))
}

fn has_pod_metric(component: &ComponentExplanation) -> bool {
    let object = created(component, "ScaledObject");
    let triggers = object.and_then(|object| object.pointer("/spec/triggers")?.as_array());
    let mut triggers = triggers.into_iter().flatten();
    triggers.any(|trigger| trigger.pointer("/metadata/scalerAddress").is_some())
}
