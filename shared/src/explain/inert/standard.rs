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
    let fields = subject.fields;
    let has_containers = fields.is_some_and(|fields| fields.contains_key("containers"));
    let sets_workers = !subject.is_first && has_containers;
    let why = if sets_workers {
        "Standard mode limits no concurrency, and this only sets the number of workers of the custom container"
    } else {
        "nothing limits concurrency in Standard mode"
    };
    subject.field(chain, &rules::KS219, "containerConcurrency", why);
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
            behavior_under_keda(subject, chain);
        }
        class => without_autoscaler(subject, class, outcome.replicas, chain),
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
        dropped_metric(subject, outcome, chain);
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

/// A metric that KServe leaves out of its HPA.
fn dropped_metric(subject: &Subject<'_>, outcome: &StandardOutcome, chain: &mut Chain) {
    let extension = subject.extension;
    let sent = outcome
        .hpa
        .as_ref()
        .is_some_and(|hpa| !hpa.sent.metrics.is_empty());
    if !sent {
        let metric = extension.scale_metric.unwrap_or_default();
        let why = if metric == "memory" {
            "without scaleTarget KServe drops memory, and the HPA scales on cpu at 80 %".to_owned()
        } else {
            format!("KServe's HPA knows no {metric} and scales on cpu at 80 %")
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
}

/// Of `behavior` a ScaledObject gets the two windows.
fn behavior_under_keda(subject: &Subject<'_>, chain: &mut Chain) {
    let scaling = subject.extension.auto_scaling.as_ref();
    let written = subject.fields.and_then(|fields| fields.get("autoScaling"));
    let behavior = written.and_then(|value| value.get("behavior"));
    // Releases that do not know the field drop all of it.
    let Some(behavior) = behavior.filter(|_| scaling.is_some_and(|one| one.has_behavior)) else {
        return;
    };
    for direction in ["scaleUp", "scaleDown"] {
        let rules = behavior
            .get(direction)
            .and_then(serde_json::Value::as_object);
        for (key, value) in rules.into_iter().flatten() {
            if key != "stabilizationWindowSeconds" && !value.is_null() {
                let at = subject.at(&format!("autoScaling/behavior/{direction}/{key}"));
                let why = "KServe passes only stabilizationWindowSeconds on to KEDA";
                chain.inert(&rules::KS212, at, value, why);
            }
        }
    }
}

fn without_autoscaler(
    subject: &Subject<'_>,
    class: &str,
    replicas: Option<i64>,
    chain: &mut Chain,
) {
    let why = format!("with the class {class} KServe makes no autoscaler");
    for field in ["maxReplicas", "scaleMetric", "scaleTarget", "autoScaling"] {
        subject.field(chain, &rules::KS217, field, &why);
    }
    // 0.15.0 sets the number for this class too.
    if class == "external" && replicas.is_none() {
        subject.field(
            chain,
            &rules::KS217,
            "minReplicas",
            "with the class external KServe leaves the number of pods alone",
        );
    }
}
