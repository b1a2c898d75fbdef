//! What was changed by hand where nobody should, and what stays of it.

use super::Case;
use crate::knative::annotations::{HPA_CLASS, KPA_CLASS};
use crate::observed::component::newest;
use crate::observed::read::condition;
use crate::observed::types::{Cause, Condition, ObservedComponent, ObservedHpa, ObservedScaling};

const CLASS: &str = "autoscaling.knative.dev/class";

/// `class-flipped-in-place`, `two-writers`, `leftover-metric`
pub(super) fn find(case: &Case<'_>, component: &ObservedComponent, causes: &mut Vec<Cause>) {
    let already = causes.len();
    flipped(component, causes);
    let is_flipped = causes.len() > already;
    for revision in super::current(component) {
        two_writers(case, &revision.scaling, causes);
        let pa = revision.scaling.pod_autoscaler.as_ref();
        let of_hpa = pa.is_some_and(|pa| pa.class.as_deref() == Some(HPA_CLASS) && pa.has_status);
        let group = "autoscaling.internal.knative.dev";
        let metric = case
            .index
            .find(group, "Metric", case.namespace, &revision.name);
        if of_hpa && metric.is_some() && !is_flipped {
            let message = format!(
                "{} has had class {KPA_CLASS} for a while: the Metric from then is left, and does no harm",
                revision.name
            );
            let object = format!("Metric/{}", revision.name);
            causes.push(
                Cause::note("leftover-metric", object.clone(), message).seen(format!(
                    "{object} is there, beside a PodAutoscaler of class {HPA_CLASS}"
                )),
            );
        }
    }
}

/// The newest Revision has another class than the template that it was made of.
fn flipped(component: &ObservedComponent, causes: &mut Vec<Cause>) {
    let (Some(service), Some(revision)) = (&component.service, newest(component)) else {
        return;
    };
    let is_made_of_it = revision.configuration_generation == service.generation
        && service.generation == service.observed_generation;
    let pa = revision.scaling.pod_autoscaler.as_ref();
    let classes = [
        (
            "Service",
            service.name.as_str(),
            service.template_annotations.get(CLASS),
        ),
        (
            "Revision",
            revision.name.as_str(),
            revision.annotations.get(CLASS),
        ),
        (
            "PodAutoscaler",
            revision.name.as_str(),
            pa.and_then(|pa| pa.class.as_ref()),
        ),
    ];
    let mut all = classes
        .iter()
        .filter_map(|(kind, name, class)| Some((kind, name, class.as_ref()?)));
    let Some((_, _, first)) = all.next() else {
        return;
    };
    let Some((kind, name, class)) = all.find(|(_, _, class)| *class != first) else {
        return;
    };
    if !is_made_of_it {
        return;
    }
    let object = format!("{kind}/{name}");
    let message = format!(
        "{object} was given class {class} by hand, where its template says {first}: a class is not changed in place, what the other class had made stays"
    );
    let mut cause = Cause::problem("class-flipped-in-place", object, message);
    for (kind, name, class) in &classes {
        if let Some(class) = class {
            cause = cause.seen(format!("{kind}/{name}: class {class}"));
        }
    }
    let ready = pa.and_then(|pa| condition(&pa.conditions, "Ready"));
    let title = format!("PodAutoscaler/{}", revision.name);
    let stuck = ready.filter(|ready| !ready.is_true());
    causes.push(cause.seen_in(&title, stuck).help(
        "put the old class back on the Revision, and change it where the template comes from: that makes a new Revision",
    ));
}

/// Two autoscalers on one Deployment: each sets its number of pods.
pub(super) fn two_writers(case: &Case<'_>, scaling: &ObservedScaling, causes: &mut Vec<Cause>) {
    let Some(hpa) = &scaling.hpa else {
        return;
    };
    let of_keda = hpa
        .owner
        .as_deref()
        .is_some_and(|owner| owner.starts_with("ScaledObject/"));
    let other = match (&scaling.pod_autoscaler, &scaling.scaled_object) {
        (Some(pa), _) if pa.class.as_deref() == Some(KPA_CLASS) && pa.has_status => {
            let wanted = pa
                .desired
                .map_or_else(|| "nothing yet".to_owned(), |one| one.to_string());
            (
                format!("PodAutoscaler/{}", pa.name),
                "Knative's own autoscaler",
                wanted,
            )
        }
        (None, Some(scaled)) if !of_keda => (
            format!("ScaledObject/{}", scaled.name),
            "KEDA",
            "as its own HPA".to_owned(),
        ),
        _ => return,
    };
    let (object, who, wanted) = other;
    let title = format!("HorizontalPodAutoscaler/{}", hpa.name);
    let message = format!(
        "two autoscalers set the pods of one Deployment: {who}, and the HPA {}{}",
        hpa.name,
        acts(hpa)
    );
    let mut cause = Cause::problem("two-writers", title.clone(), message)
        .seen(format!(
            "{title}: desiredReplicas {}",
            hpa.desired
                .map_or_else(|| "none".to_owned(), |one| one.to_string())
        ))
        .seen(format!("{object}: desired {wanted}"));
    if let Some(owner) = &hpa.owner {
        cause = cause.seen(format!("{title}: made by {owner}"));
    }
    causes.push(cause.help(format!(
        "take one away: kubectl -n {} delete hpa {}",
        case.namespace, hpa.name
    )));
}

/// Whether the HPA does more than keep within its bounds.
fn acts(hpa: &ObservedHpa) -> &'static str {
    match condition(&hpa.conditions, "ScalingActive") {
        Some(active) if active.is_false() => {
            "; for now the HPA cannot read its metric, and only keeps within its bounds"
        }
        Some(active) if Condition::is_true(active) => "",
        _ => ", which has not looked yet",
    }
}
