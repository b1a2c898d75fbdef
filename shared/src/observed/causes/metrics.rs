//! HPAs that cannot read what they scale on, and those that have nothing to decide.

use super::Case;
use super::cause::count;
use crate::knative::annotations::KPA_CLASS;
use crate::observed::read::condition;
use crate::observed::types::{
    Cause, CauseSeverity, Condition, ObservedComponent, ObservedHpa, ObservedScaling,
};

/// `never-scales`, `metrics-missing`, `metrics-not-yet`, `request-missing`, `hpa-cannot-scale`, `at-max`
pub(super) fn find(
    case: &Case<'_>,
    component: &ObservedComponent,
    scaling: &ObservedScaling,
    causes: &mut Vec<Cause>,
) {
    let Some(hpa) = &scaling.hpa else {
        return;
    };
    // An HPA beside Knative's own autoscaler is not what is meant to scale.
    let pa = scaling.pod_autoscaler.as_ref();
    if pa.is_some_and(|pa| pa.class.as_deref() == Some(KPA_CLASS)) {
        return;
    }
    let title = format!("HorizontalPodAutoscaler/{}", hpa.name);
    never(case, component, hpa, &title, causes);
    let active = condition(&hpa.conditions, "ScalingActive").filter(|active| active.is_false());
    if let Some(active) = active {
        causes.extend(blind(case, hpa, &title, active));
    }
    let able = condition(&hpa.conditions, "AbleToScale").filter(|able| able.is_false());
    if let Some(able) = able {
        let message = "the HPA cannot read or write the number of pods";
        causes.push(
            Cause::problem("hpa-cannot-scale", title.clone(), message)
                .seen_in(&title, Some(able))
                .help("see what the condition names"),
        );
    }
    let limited = condition(&hpa.conditions, "ScalingLimited")
        .filter(|limited| limited.is_true() && limited.has_reason("TooManyReplicas"));
    if let (Some(limited), Some(max)) = (limited, hpa.max_replicas) {
        let message = format!(
            "it is at its upper bound, and would have more than {}",
            count(max)
        );
        causes.push(
            Cause::note("at-max", title.clone(), message)
                .seen_in(&title, Some(limited))
                .help("raise maxReplicas to let it grow"),
        );
    }
}

/// Both bounds are the same.
fn never(
    case: &Case<'_>,
    component: &ObservedComponent,
    hpa: &ObservedHpa,
    title: &str,
    causes: &mut Vec<Cause>,
) {
    let (min, Some(max)) = (hpa.min_replicas.unwrap_or(1), hpa.max_replicas) else {
        return;
    };
    if min != max {
        return;
    }
    // In Knative mode, only who writes both bounds gets them so.
    let written = component.service.is_some()
        || [
            format!("/spec/{}/maxReplicas", component.name),
            "/spec/maxReplicas".to_owned(),
        ]
        .iter()
        .any(|pointer| case.object.pointer(pointer).is_some());
    let message = format!(
        "it never scales: {} is the lower bound of its HPA, and the upper one",
        count(max)
    );
    let cause = Cause::note("never-scales", title.to_owned(), message)
        .seen(format!("{title}: minReplicas {min}, maxReplicas {max}"));
    causes.push(if written {
        cause
    } else {
        cause
            .weighs(CauseSeverity::Problem)
            .help("set maxReplicas: unset, it is the lower bound in this mode")
    });
}

/// The HPA cannot read its metric.
fn blind(case: &Case<'_>, hpa: &ObservedHpa, title: &str, active: &Condition) -> Option<Cause> {
    let reason = active.reason.as_deref().unwrap_or_default();
    let text = active.message.as_deref().unwrap_or_default();
    if reason == "ScalingDisabled" {
        return None;
    }
    let metric = hpa
        .metrics
        .first()
        .map_or("its metric", |metric| metric.name.as_str());
    let cause = if text.contains("missing request for") {
        let message = format!("the HPA cannot work out {metric}: a container requests none of it");
        Cause::problem("request-missing", title.to_owned(), message)
            .help("give every container of the pod a request, injected ones too")
    } else if text.contains("did not receive metrics for")
        || text.contains("no metrics returned from")
    {
        let message = format!(
            "the metrics API answers, and has no {metric} of these pods: they are new, or their node does not report"
        );
        Cause::waiting("metrics-not-yet", title.to_owned(), message)
            .help("figures of a new pod take a minute or two; if none come, see metrics-server")
    } else {
        missing(case, metric, title, text)
    };
    Some(cause.seen_in(title, Some(active)))
}

fn missing(case: &Case<'_>, metric: &str, title: &str, text: &str) -> Cause {
    let name = title.rsplit('/').next().unwrap_or(title);
    let of_resources = text.contains("resource metrics API");
    let unregistered = text.contains("the server could not find the requested resource");
    let unanswered = text.contains("currently unable to handle the request");
    let here_now = of_resources
        && case.facts.metrics_api.is_known()
        && case.facts.metrics_api.value == Some(true);
    if here_now && (unregistered || unanswered) {
        let message = format!(
            "the HPA of {name} could not read {metric} when it looked last; the metrics API answers now, so the next look, within 15 s, should do"
        );
        return Cause::waiting("metrics-missing", title.to_owned(), message);
    }
    let (why, help) = if of_resources && unregistered {
        ("no resource metrics API is there", "install metrics-server")
    } else if of_resources && unanswered {
        (
            "the resource metrics API is registered and does not answer",
            "see metrics-server",
        )
    } else if text.contains("no custom metrics API") {
        (
            "no custom metrics API is there",
            "install an adapter that serves custom.metrics.k8s.io, or choose another metric",
        )
    } else if text.contains("no external metrics API") {
        (
            "no external metrics API is there",
            "install an adapter that serves external.metrics.k8s.io, or choose another metric",
        )
    } else {
        ("see the text", "see what the condition names")
    };
    let message = format!(
        "{name} does not scale: its HPA cannot read {metric} ({why}) and only keeps within its bounds, which no condition Ready tells"
    );
    Cause::problem("metrics-missing", title.to_owned(), message).help(help)
}
