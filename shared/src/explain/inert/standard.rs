//! What has no effect in Standard mode.

use super::Subject;
use crate::explain::chain::Chain;
use crate::knative::annotations::AUTOSCALING_GROUP;
use crate::kserve::StandardOutcome;
use crate::manifest::child;
use crate::rules;

/// Looks at annotations, and at fields by class.
pub(super) fn gather(subject: &Subject<'_>, outcome: &StandardOutcome, chain: &mut Chain) {
    annotations(subject, chain);
    subject.field(
        chain,
        &rules::KS701,
        "canaryTrafficPercent",
        "only Knative mode splits traffic by revision",
    );
    subject.field(
        chain,
        &rules::KS219,
        "containerConcurrency",
        "Standard mode limits no concurrency: at most it sets the number of workers of a custom container",
    );
    by_class(subject, outcome, chain);
}

/// Fields that the class does not look at.
pub(super) fn by_class(subject: &Subject<'_>, outcome: &StandardOutcome, chain: &mut Chain) {
    match outcome.class.as_str() {
        "hpa" => hpa(subject, outcome, chain),
        "keda" => {
            let why = "the class keda scales on autoScaling.metrics only";
            subject.field(chain, &rules::KS216, "scaleMetric", why);
            subject.field(chain, &rules::KS216, "scaleTarget", why);
        }
        class => without_autoscaler(subject, class, chain),
    }
}

/// Annotations of Knative's.
pub(super) fn annotations(subject: &Subject<'_>, chain: &mut Chain) {
    for (parent, key, value) in subject.levels() {
        if key.starts_with(AUTOSCALING_GROUP) {
            let why = "only Knative mode reads it; in Standard mode the class is serving.kserve.io/autoscalerClass";
            chain.inert(
                &rules::KS102,
                child(&format!("{parent}/annotations"), key),
                value,
                why,
            );
        }
    }
}

fn hpa(subject: &Subject<'_>, outcome: &StandardOutcome, chain: &mut Chain) {
    let extension = subject.extension;
    if extension.min_replicas == Some(0) {
        subject.field(
            chain,
            &rules::KS304,
            "minReplicas",
            "an HPA of KServe's never scales to zero: 0 becomes 1",
        );
    }
    let Some(scaling) = &extension.auto_scaling else {
        let sent = outcome
            .hpa
            .as_ref()
            .is_some_and(|hpa| !hpa.sent.metrics.is_empty());
        if !sent {
            let metric = extension.scale_metric.unwrap_or_default();
            let why = if metric == "memory" {
                "memory without scaleTarget is dropped: the HPA scales on cpu at 80 %".to_owned()
            } else {
                format!("KServe's HPA knows no {metric}: it scales on cpu at 80 %")
            };
            let rule = if metric == "memory" {
                &rules::KS203
            } else {
                &rules::KS202
            };
            subject.field(chain, rule, "scaleMetric", &why);
            if metric != "memory" {
                subject.field(chain, rule, "scaleTarget", &why);
            }
        }
        return;
    };
    let why = "autoScaling wins over it";
    subject.field(chain, &rules::KS215, "scaleMetric", why);
    subject.field(chain, &rules::KS215, "scaleTarget", why);
    let written = subject.fields.and_then(|fields| fields.get("autoScaling"));
    if let Some(value) = written
        .and_then(|value| value.get("behavior"))
        .filter(|_| scaling.has_behavior)
    {
        chain.inert(
            &rules::KS212,
            subject.at("autoScaling/behavior"),
            value,
            "KServe writes an empty behavior into its HPAs",
        );
    }
    let entries = written.and_then(|value| value.get("metrics")?.as_array());
    for (index, metric) in scaling.metrics.iter().enumerate() {
        let entry = entries.and_then(|entries| entries.get(index));
        if let (None, Some(value)) = (&metric.resource, entry) {
            let why = "an HPA of KServe's scales on resources only; External and PodMetric need the class keda";
            chain.inert(
                &rules::KS214,
                subject.at(&format!("autoScaling/metrics/{index}")),
                value,
                why,
            );
        }
    }
}

fn without_autoscaler(subject: &Subject<'_>, class: &str, chain: &mut Chain) {
    let why = format!("with the class {class} KServe makes no autoscaler");
    for field in ["maxReplicas", "scaleMetric", "scaleTarget", "autoScaling"] {
        subject.field(chain, &rules::KS217, field, &why);
    }
    if class == "external" {
        subject.field(
            chain,
            &rules::KS217,
            "minReplicas",
            "with the class external KServe leaves the number of pods alone",
        );
    }
}
