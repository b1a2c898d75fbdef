//! See [`KS201`].

use serde_json::Value;

use super::case::{Inert, Scaled};
use super::findings::{Advice, add, remove};
use super::ks206_leftover_target::target_with_sign;
use super::rule::{Check, rule};
use crate::explain::{Severity, Unit, dotted};
use crate::kserve::annotations::TARGET_UTILIZATION;
use crate::manifest::escape;

rule! {
    /// ## What it does
    ///
    /// Finds the annotations `serving.kserve.io/metrics` and `serving.kserve.io/targetUtilizationPercentage` where the
    /// KServe release no longer reads them, and `serving.kserve.io/metric`, which none ever read.
    ///
    /// ## Why it matters
    ///
    /// Until 0.14 the percentage of an HPA was an annotation. KServe 0.15 took that away and left the names in its
    /// code, so nothing says that they are dead: the object is accepted, and the HPA scales on cpu at 80 % whatever
    /// they say. Many manifests and posts still carry them. It is an error where the annotation says something else
    /// than what is in force, a warning where a field decides, and advice where it happens to say the same.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    ///     serving.kserve.io/metrics: memory
    ///     serving.kserve.io/targetUtilizationPercentage: "60"
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     serving.kserve.io/deploymentMode: Standard
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     maxReplicas: 4
    ///     scaleMetric: memory
    ///     scaleTarget: 60
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review where the annotation becomes `scaleMetric` or `scaleTarget`, since the HPA then scales otherwise.
    /// Safe where it is only removed: a field says the same or more, or there is no plain HPA that it could be for.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/constants/constants.go`, `reconcilers/hpa/hpa_reconciler.go`
    /// - kserve/kserve 0.14, the same files
    KS201: "dead-annotation", Error, "an annotation that no KServe release in use reads",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let scaled = inert.scaled;
    let pointer = inert.setting.pointer.as_str();
    let text = inert.setting.value.as_str().unwrap_or_default();
    let is_target = pointer.ends_with(&*escape(TARGET_UTILIZATION));
    let field = if is_target {
        "scaleTarget"
    } else {
        "scaleMetric"
    };
    let gone = vec![remove(pointer)];
    if scaled
        .standard
        .is_none_or(|standard| standard.class != "hpa")
    {
        let advice = Advice::help("remove it; it was for the HPA of Standard mode")
            .severity(Severity::Warning);
        // Where it tells what the target was meant for, KS206 needs it until that is settled.
        let tells = target_with_sign(scaled).is_some();
        return Some(if tells { advice } else { advice.safe(gone) });
    }
    if is_in_force(scaled, text, is_target) {
        let help = format!("remove it; a change of it would have no effect, one of {field} would");
        return Some(Advice::help(help).severity(Severity::Info).safe(gone));
    }
    if scaled.is_written(field) || scaled.is_written("autoScaling") {
        let help = "remove it; the fields of the component decide";
        return Some(Advice::help(help).severity(Severity::Warning).safe(gone));
    }
    let place = scaled.at(field);
    let advice = Advice::help(format!("write {} instead", dotted(&place)));
    let Some(mut patch) = as_field(scaled, text, is_target) else {
        return Some(advice);
    };
    patch.extend(gone);
    Some(advice.review(patch))
}

/// Whether the HPA scales on what the annotation says, for other reasons.
fn is_in_force(scaled: &Scaled<'_>, text: &str, is_target: bool) -> bool {
    let explained = scaled.explained;
    if !is_target {
        return explained.metric.as_deref() == Some(text);
    }
    explained.target.as_ref().is_some_and(|target| {
        let percent = target.value.as_i64();
        target.unit == Unit::PercentOfRequest && percent.is_some() && percent == text.parse().ok()
    })
}

/// Operations that write the field; none where the value does not fit it.
fn as_field(scaled: &Scaled<'_>, text: &str, is_target: bool) -> Option<Vec<Value>> {
    let metric = scaled.extension?.scale_metric;
    if is_target {
        let fits = matches!(metric, None | Some("cpu" | "memory"));
        let percent = percentage(text).filter(|_| fits)?;
        return Some(vec![add(&scaled.at("scaleTarget"), percent)]);
    }
    let mut patch = vec![add(&scaled.at("scaleMetric"), text)];
    let has_target = scaled.is_written("scaleTarget")
        || scaled
            .annotation(TARGET_UTILIZATION)
            .is_some_and(|(_, text)| percentage(text).is_some());
    match text {
        "cpu" => {}
        "memory" if has_target => {}
        // Memory without a target would be dropped.
        "memory" => patch.push(add(&scaled.at("scaleTarget"), 80)),
        _ => return None,
    }
    Some(patch)
}

fn percentage(text: &str) -> Option<i64> {
    text.parse()
        .ok()
        .filter(|percent| (1..=100).contains(percent))
}
