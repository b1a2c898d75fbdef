//! What becomes of the Revision that serves now.

use super::super::super::types::Risk;
use super::Subject;
use crate::knative::annotations::{HPA_CLASS, KPA_CLASS};

/// How long that takes where nothing says otherwise, in seconds; it is no more than what everybody expects.
const WINDOW: f64 = 60.0;

pub(super) fn all(subject: &Subject<'_>, risks: &mut Vec<Risk>) {
    match subject.before.class.as_deref() {
        Some(HPA_CLASS) => risks.push(keeps_a_pod(subject)),
        Some(KPA_CLASS) => risks.extend(drains_late(subject)),
        _ => {}
    }
}

/// Its HPA cannot go to zero, and falls to one pod only while it can read its metric.
fn keeps_a_pod(subject: &Subject<'_>) -> Risk {
    let (name, delete) = match subject.serving() {
        Some(name) => (name.to_owned(), format!("kubectl delete revision {name}")),
        None => (
            "the old Revision".to_owned(),
            "kubectl delete revision with its name".to_owned(),
        ),
    };
    let metrics = subject.case.scene.facts.metrics_api.value == Some(false);
    let pods = if metrics {
        "all the pods that it has, as long as no metrics API answers"
    } else {
        "at least one pod"
    };
    let message = format!(
        "{name} is of the HPA class: it keeps its HPA and {pods} for good, though no request reaches it"
    );
    let namespace = match subject.case.scene.explanation.object.namespace.as_str() {
        "" => String::new(),
        namespace => format!(" -n {namespace}"),
    };
    let help = format!(
        "delete it once the new one has all requests, with --cleanup or {delete}{namespace}"
    );
    subject.risk("old-revision-stays", Some("KS707"), message, help)
}

/// Under load its pods go only after they have had none for the whole window.
fn drains_late(subject: &Subject<'_>) -> Option<Risk> {
    // Without pods there is nothing to drain.
    if subject.roll.pods == Some(0) {
        return None;
    }
    let made =
        super::super::super::made::Made::of(subject.case.scene.object, subject.case.scene.facts);
    let part = made.part(&subject.roll.component)?;
    let window = part.pod_autoscaler()?.kpa.as_ref()?.stable_window.seconds();
    if window <= WINDOW {
        return None;
    }
    let message = format!(
        "the old Revision keeps its pods for {window} s after its last request, beside those of the new one"
    );
    Some(subject.risk("old-revision-drains", None, message, String::new()))
}
