//! The class hpa: KServe's own HorizontalPodAutoscaler.

use serde_json::{Value, json};

use super::super::Scene;
use super::super::draft::Draft;
use super::super::refusal::{missing, not_possible};
use super::super::types::Refusal;
use super::bounds::{self, Zero};
use super::part::Part;
use super::target::{self, Amount, CPU_PERCENT};
use super::{metrics, no_use};
use crate::kserve::Behaviour;

/// What the HPA is to scale on.
enum Choice {
    /// What it scales on already.
    Same,
    /// What `autoScaling.metrics` says already, for KEDA.
    Listed,
    /// A resource, of which a pod is to have so much.
    Resource(String, Amount),
}

pub(super) fn edit(scene: &Scene<'_>, part: &Part<'_>, draft: &mut Draft) -> Result<(), Refusal> {
    no_use(
        scene.wish.window.is_some(),
        "--window",
        "KServe writes an empty behavior into its HPAs (KS212)",
        "leave --window away, or use --to keda",
    )?;
    match choose(scene, part)? {
        Choice::Same => {}
        Choice::Listed => keep_list(part, draft),
        Choice::Resource(name, amount) => write(scene, part, draft, &name, &amount)?,
    }
    let zero = Zero {
        possible: false,
        why: "an HPA of KServe's never goes below one pod",
        instead: "leave --min away; KEDA goes down to none on an external metric",
    };
    let is_new = part.changes_class || metrics::is_edited(scene, part, &draft.object);
    bounds::edit(scene, part, draft, &zero, is_new)
}

fn choose(scene: &Scene<'_>, part: &Part<'_>) -> Result<Choice, Refusal> {
    let wish = scene.wish;
    let release = scene.facts.release();
    let wished = wish.metric.as_deref();
    if let Some(metric) = wished.filter(|metric| !matches!(*metric, "cpu" | "memory")) {
        return Err(not_possible(
            format!("KServe's HPA scales on cpu and memory, not on {metric}"),
            "use --metric cpu or memory; KEDA scales on queries, and Knative mode on requests",
        ));
    }
    let current = metrics::in_effect(part);
    let listed = metrics::listed(part);
    let can_keep =
        part.class == "keda" && !listed.is_empty() && listed.iter().all(metrics::fits_hpa);
    // A metric that the webhook refuses cannot stay.
    let is_refused = scene.explanation.admission.kserve.is_some() && current.is_empty();
    let is_single = |name: &str| match part.class.as_str() {
        "hpa" => matches!(current.as_slice(), [(one, _)] if one == name),
        _ => can_keep && matches!(listed, [one] if metrics::name(one) == name),
    };
    let same = if part.class == "hpa" {
        Choice::Same
    } else {
        Choice::Listed
    };
    match (wished, wish.target.as_deref()) {
        (None, None) if (part.class == "hpa" && !is_refused) || can_keep => return Ok(same),
        (Some(name), None) if is_single(name) => return Ok(same),
        _ => {}
    }
    let name = match (wished, current.as_slice()) {
        (Some(name), _) => name,
        (None, [(name, _)]) => name.as_str(),
        (None, []) => "cpu",
        (None, _) => {
            return Err(missing(
                format!("the {} scales on several metrics", part.name()),
                "give --metric to say which the --target is of; the others go",
            ));
        }
    };
    let amount = target::resource(name, wish.target.as_deref(), release)?;
    let wanted = (name.to_owned(), Some(amount.clone()));
    if current == [wanted] {
        return Ok(Choice::Same);
    }
    Ok(Choice::Resource(name.to_owned(), amount))
}

/// KEDA's list has nothing that an HPA cannot do, in units that are the same.
fn keep_list(part: &Part<'_>, draft: &mut Draft) {
    let names: Vec<&str> = metrics::listed(part).iter().map(metrics::name).collect();
    draft.decide(
        Some(part.name()),
        "metric",
        names.join(", "),
        "autoScaling.metrics says so already, in units that an HPA has, too",
    );
    for field in ["scaleMetric", "scaleTarget", "scaleMetricType"] {
        part.drop_field(draft, field, "autoScaling wins over it");
    }
    part.drop_field(
        draft,
        "autoScaling/behavior",
        "KServe writes an empty behavior into its HPAs",
    );
}

fn write(
    scene: &Scene<'_>,
    part: &Part<'_>,
    draft: &mut Draft,
    name: &str,
    amount: &Amount,
) -> Result<(), Refusal> {
    let has_list = scene.facts.release().has(Behaviour::AutoScalingField);
    part.drop_field(draft, "scaleMetricType", "nothing reads it");
    let (value, why) = match amount {
        Amount::Percent(percent) => {
            let value = json!(format!("{percent}%"));
            if !part.judged_as_knative {
                list_gone(part, draft, name);
                draft.set(&part.at("scaleMetric"), name);
                draft.set(&part.at("scaleTarget"), *percent);
                (value, "of what the pod's containers request")
            } else if has_list {
                listed(part, draft, name, amount);
                (
                    value,
                    "of what the pod's containers request; under autoScaling, since KServe's webhook judges this service by the rules of Knative mode",
                )
            } else if name == "cpu" {
                part.drop_field(draft, "scaleMetric", "KServe's webhook judges this service by the rules of Knative mode, and cpu is the default");
                draft.set(&part.at("scaleTarget"), *percent);
                (value, "of what the pod's containers request")
            } else {
                return Err(not_possible(
                    "KServe's webhook judges this service by the rules of Knative mode, and refuses memory as its scaleMetric",
                    "write its deployment mode into the annotation serving.kserve.io/deploymentMode first, or scale on cpu",
                ));
            }
        }
        Amount::Quantity(text) => {
            listed(part, draft, name, amount);
            (
                json!(text),
                "an amount stands under autoScaling; scaleTarget is a percentage",
            )
        }
    };
    decide(scene, part, draft, name, value, why);
    Ok(())
}

/// Takes away the list that would win over the fields.
fn list_gone(part: &Part<'_>, draft: &mut Draft, name: &str) {
    let why = match metrics::lost(part, Some(name)) {
        Some(lost) => {
            format!("it would win over the new metric; what it says of {lost} is lost")
        }
        None => "it would win over the new metric".to_owned(),
    };
    part.drop_field(draft, "autoScaling", &why);
}

/// Writes the metric as the only entry of the list.
fn listed(part: &Part<'_>, draft: &mut Draft, name: &str, amount: &Amount) {
    part.drop_field(draft, "scaleMetric", "autoScaling wins over it");
    part.drop_field(draft, "scaleTarget", "autoScaling wins over it");
    if metrics::lost(part, Some(name)).is_some() {
        list_gone(part, draft, name);
    }
    let entry = metrics::resource(name, amount);
    draft.set(&part.at("autoScaling"), json!({"metrics": [entry]}));
}

fn decide(
    scene: &Scene<'_>,
    part: &Part<'_>,
    draft: &mut Draft,
    name: &str,
    value: Value,
    why: &str,
) {
    if scene.wish.metric.is_none() {
        let why = if part.class == "hpa" {
            "it scales on it already"
        } else {
            "the default; --metric chooses another"
        };
        draft.decide(Some(part.name()), "metric", name, why);
    }
    let why = match (&scene.wish.target, value.as_str()) {
        (None, _) => format!(
            "the default ({CPU_PERCENT}%) {why}; no target is carried over from another unit"
        ),
        _ => why.to_owned(),
    };
    draft.decide(Some(part.name()), "target", value, why);
}
