//! Between which bounds it is scaled from now on, and on what.

use super::super::super::types::Risk;
use super::Subject;
use crate::explain::Autoscaler;
use crate::knative::annotations::WINDOW;

pub(super) fn all(subject: &Subject<'_>, risks: &mut Vec<Risk>) {
    risks.extend(never_zero(subject));
    risks.extend(goes_to_zero(subject));
    risks.extend(unbounded(subject));
    risks.extend(no_metrics(subject));
    risks.extend(waits_to_scale_up(subject));
}

fn never_zero(subject: &Subject<'_>) -> Option<Risk> {
    if !subject.before.scale_to_zero || subject.after.scale_to_zero {
        return None;
    }
    let min = subject.after.min_replicas.unwrap_or(1).max(1);
    let (pods, stay) = if min == 1 {
        ("pod", "stays")
    } else {
        ("pods", "stay")
    };
    let message =
        format!("it no longer goes to no pod at all without requests: {min} {pods} {stay}");
    let is_hpa = subject.after.autoscaler == Autoscaler::KnativeHpa;
    let help = if is_hpa {
        "only Knative's own autoscaler scales to zero".to_owned()
    } else {
        "write --min 0 to keep it so".to_owned()
    };
    Some(subject.risk("no-scale-to-zero", is_hpa.then_some("KS304"), message, help))
}

fn goes_to_zero(subject: &Subject<'_>) -> Option<Risk> {
    if subject.before.scale_to_zero || !subject.after.scale_to_zero {
        return None;
    }
    let own = format!("/spec/{}/", subject.roll.component);
    let is_own = |pointer: &str| {
        subject.is_service() || pointer.starts_with(&own) || pointer == own.trim_end_matches('/')
    };
    let mut findings = subject.case.after.findings.iter();
    let accelerator = findings.find(|one| one.code == "KS801" && is_own(&one.pointer));
    let (rule, message) = match accelerator {
        Some(finding) => (Some("KS801"), finding.message.clone()),
        None => (
            None,
            "without requests the last pod goes too, and the next request waits until one has started".to_owned(),
        ),
    };
    let help = "keep a pod with --min 1".to_owned();
    Some(subject.risk("scale-to-zero", rule, message, help))
}

fn unbounded(subject: &Subject<'_>) -> Option<Risk> {
    let (before, after) = (subject.before, subject.after);
    let is_new = before.max_replicas.is_some() || before.autoscaler != after.autoscaler;
    if after.max_replicas.is_some() || !is_new {
        return None;
    }
    let (rule, message) = match after.autoscaler {
        Autoscaler::Kpa => (None, "nothing bounds the number of pods from above"),
        Autoscaler::KnativeHpa => (
            Some("KS303"),
            "nothing bounds the number of pods from above: the HPA may make 2147483647",
        ),
        _ => return None,
    };
    let help = "write an upper bound with --max".to_owned();
    Some(subject.risk("unbounded", rule, message.to_owned(), help))
}

/// The Revision gets ready all the same, so that nothing tells but the HPA's own conditions.
fn no_metrics(subject: &Subject<'_>) -> Option<Risk> {
    if subject.after.autoscaler != Autoscaler::KnativeHpa {
        return None;
    }
    let facts = subject.case.scene.facts;
    let metric = subject.after.metric.as_deref()?;
    let (api, rule) = match metric {
        "cpu" | "memory" => (facts.metrics_api.value, Some("KS405")),
        _ => (facts.custom_metrics_api.value, None),
    };
    if api != Some(false) {
        return None;
    }
    let message = format!(
        "no metrics API supplies {metric} here: the new Revision gets ready and the number of its pods then stays as it is"
    );
    let help = match metric {
        "cpu" | "memory" => "install metrics-server, or mend it",
        _ => "install an adapter for custom metrics that supplies it for pods",
    };
    Some(subject.risk("no-metrics", rule, message, help.to_owned()))
}

fn waits_to_scale_up(subject: &Subject<'_>) -> Option<Risk> {
    if subject.after.autoscaler != Autoscaler::KnativeHpa {
        return None;
    }
    let window = subject.annotation(WINDOW.canonical)?;
    let message = format!(
        "pods are added only after the window of {window}: under the HPA class it holds for scaling up too"
    );
    let help =
        "leave --window out: then an HPA adds pods at once and takes them away after 5 minutes"
            .to_owned();
    Some(subject.risk("slow-scale-up", Some("KS223"), message, help))
}
