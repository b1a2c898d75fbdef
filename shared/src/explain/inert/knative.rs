//! What has no effect in Knative mode.

use super::Subject;
use crate::explain::chain::Chain;
use crate::knative::PodAutoscaler;
use crate::knative::annotations::{
    AUTOSCALING_GROUP, CLASS, INITIAL_SCALE, MAX_SCALE, METRIC, TARGET, read_as,
};
use crate::knative::class::Owner;
use crate::knative::release::KnativeVersion;
use crate::kserve::annotations::AUTOSCALER_CLASS;
use crate::kserve::{KnativeOutcome, drops_initial_scale};
use crate::manifest::child;
use crate::rules::{self, Rule};

pub(in crate::explain) use crate::knative::annotations::KPA_ONLY;

/// What becomes of a lower bound of zero under the HPA class.
pub(in crate::explain) const NEVER_ZERO: &str = "the HPA class never scales to zero: one pod stays";

/// Why [`KPA_ONLY`] have no effect under the HPA class.
pub(in crate::explain) const KPA_READS: &str =
    "the HPA class does not read it; only Knative's own autoscaler does";

/// Looks at fields and annotations.
pub(super) fn gather(subject: &Subject<'_>, outcome: &KnativeOutcome, chain: &mut Chain) {
    subject.field(
        chain,
        &rules::KS213,
        "autoScaling",
        "only Standard mode reads autoScaling",
    );
    let pruned = "Knative's Service has no such field on its pod, so the API server drops it";
    subject.field(
        chain,
        &rules::KS402,
        "terminationGracePeriodSeconds",
        pruned,
    );
    subject.field(chain, &rules::KS402, "serviceAccount", pruned);
    subject.field(chain, &rules::KS401, "resources", "Knative's Service has no resources on its pod, so the API server drops them; each container has its own");
    initial_scale(subject, outcome, chain);
    annotations(subject, outcome, chain);
}

/// Annotations that Knative or KServe passes over, and fields that the class does not look at.
pub(super) fn annotations(subject: &Subject<'_>, outcome: &KnativeOutcome, chain: &mut Chain) {
    for (parent, key, value) in subject.levels() {
        if let Some((rule, why)) = annotation(subject, outcome, key) {
            chain.inert(
                rule,
                child(&format!("{parent}/annotations"), key),
                value,
                why,
            );
        }
    }
    let hpa = outcome.pod_autoscaler.as_ref();
    if hpa.is_some_and(|pa| pa.owner == Owner::Hpa) {
        hpa_class(subject, outcome, chain);
    }
}

fn annotation(
    subject: &Subject<'_>,
    outcome: &KnativeOutcome,
    key: &str,
) -> Option<(&'static Rule, String)> {
    let extension = subject.extension;
    let annotations = &subject.effective.annotations;
    if key == AUTOSCALER_CLASS {
        let why = format!(
            "only Standard mode reads it; in Knative mode the class is {}",
            CLASS.canonical
        );
        return Some((&rules::KS101, why));
    }
    if key == METRIC.canonical && extension.scale_metric.is_some() {
        return Some((
            &rules::KS108,
            format!("scaleMetric of the {} wins", subject.noun),
        ));
    }
    if key == TARGET.canonical && extension.scale_target.is_some() {
        return Some((
            &rules::KS108,
            format!("scaleTarget of the {} wins", subject.noun),
        ));
    }
    if !key.starts_with(AUTOSCALING_GROUP) {
        return None;
    }
    let release = subject.facts.knative.value;
    let Some((known, read)) = read_as(key, release) else {
        return Some((&rules::KS110, unknown(key, release)));
    };
    let shadowed = read.alias == Some(key)
        && outcome
            .service
            .template_annotations
            .contains_key(read.canonical);
    if shadowed {
        let writer = if known == MAX_SCALE || annotations.get(known.canonical).is_none() {
            "which KServe writes itself, "
        } else {
            ""
        };
        let why = format!("{}, {writer}wins over this older spelling", known.canonical);
        return Some((&rules::KS111, why));
    }
    let hpa = outcome
        .pod_autoscaler
        .as_ref()
        .is_some_and(|pa| pa.owner == Owner::Hpa);
    (hpa && KPA_ONLY.contains(&known)).then(|| (&rules::KS211, KPA_READS.to_owned()))
}

/// Why a release reads nothing of this name.
pub(in crate::explain) fn unknown(key: &str, release: KnativeVersion) -> String {
    if read_as(key, KnativeVersion::NEWEST).is_some() {
        return format!("Knative {release} knows no annotation of this name yet");
    }
    "Knative knows no annotation of this name".to_owned()
}

/// What the HPA class makes of settings that read otherwise.
fn hpa_class(subject: &Subject<'_>, outcome: &KnativeOutcome, chain: &mut Chain) {
    let extension = subject.extension;
    if extension.min_replicas == Some(0) {
        subject.field(chain, &rules::KS304, "minReplicas", NEVER_ZERO);
    }
    let Some(pa) = &outcome.pod_autoscaler else {
        return;
    };
    if !drops_metric(pa) {
        return;
    }
    subject.field(chain, &rules::KS203, "scaleMetric", METRIC_DROPPED);
    if extension.scale_metric.is_some() {
        return;
    }
    // The nearest level is the one that counts.
    let levels = [
        (subject.pointer, extension.annotations),
        ("/metadata", subject.object),
    ];
    let mut written = levels.into_iter().filter_map(|(parent, annotations)| {
        let value = annotations?.get(METRIC.canonical)?;
        Some((
            child(&format!("{parent}/annotations"), METRIC.canonical),
            value,
        ))
    });
    if let Some((pointer, value)) = written.next() {
        chain.inert(&rules::KS203, pointer, value, METRIC_DROPPED);
    }
}

/// Why a metric without a target has no effect under the HPA class.
pub(in crate::explain) const METRIC_DROPPED: &str =
    "without a target Knative leaves it out of the HPA, which gets cpu at 80 %";

/// Whether the HPA class leaves the metric out, since it has no target.
pub(in crate::explain) fn drops_metric(pod_autoscaler: &PodAutoscaler) -> bool {
    pod_autoscaler.owner == Owner::Hpa
        && pod_autoscaler.annotation_target.is_none()
        && pod_autoscaler.metric != "cpu"
}

/// An initial-scale that KServe's controller drops.
pub(super) fn initial_scale(subject: &Subject<'_>, outcome: &KnativeOutcome, chain: &mut Chain) {
    // A status in old words, which some releases do not know again, keeps the controller from looking.
    let annotations = &outcome.service.template_annotations;
    if annotations.contains_key(INITIAL_SCALE.canonical) {
        return;
    }
    let written = subject
        .object
        .and_then(|map| map.get(INITIAL_SCALE.canonical));
    if let Some(value) =
        written.filter(|_| subject.is_first && drops_initial_scale(subject.found, subject.facts))
    {
        let zero = value.as_str() == Some("0");
        let why = if zero {
            "KServe drops it: config-autoscaler does not set allow-zero-initial-scale"
        } else {
            "KServe drops it, since it is no whole number"
        };
        chain.inert(
            &rules::KS307,
            child("/metadata/annotations", INITIAL_SCALE.canonical),
            value,
            why,
        );
    }
}
