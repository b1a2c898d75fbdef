//! See [`KS110`].

use super::case::Inert;
use super::findings::{Advice, moved};
use super::rule::{Check, rule};
use crate::explain::{Severity, edit_distance};
use crate::knative::annotations::autoscaling;
use crate::manifest::child;

rule! {
    /// ## What it does
    ///
    /// Finds annotations of the group `autoscaling.knative.dev` that the Knative release does not know.
    ///
    /// ## Why it matters
    ///
    /// Knative ignores them without a word. `max-scales` bounds nothing, and `activationScale` is none of the older
    /// spellings: `activation-scale` never had one.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/activationScale: "3"
    /// spec:
    ///   predictor:
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
    ///     autoscaling.knative.dev/activation-scale: "3"
    /// spec:
    ///   predictor:
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// Needs review: an annotation that counts changes how the workload scales. There is a fix for names that come
    /// close to one annotation that is not set yet.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/apis/autoscaling/register.go`
    KS110: "unknown-autoscaling-annotation", Error, "an autoscaling.knative.dev annotation that Knative does not know",
    Check::Inert(advise)
}

fn advise(inert: &Inert<'_>) -> Option<Advice> {
    let (parent, escaped) = inert.setting.pointer.rsplit_once('/')?;
    let written = plain(escaped.rsplit("~1").next().unwrap_or_default());
    let release = inert.case.facts.knative.value;
    let name = |key: &str| plain(key.rsplit('/').next().unwrap_or_default());
    let meant = autoscaling(release)
        .map(|key| key.canonical)
        .filter(|key| edit_distance(&name(key), &written) <= 2)
        .min_by_key(|key| edit_distance(&name(key), &written));
    let Some(meant) = meant else {
        return Some(
            Advice::help("remove it, or write the name of one that exists")
                .severity(Severity::Warning),
        );
    };
    let advice = Advice::help(format!("did you mean {meant}?"));
    let free = inert.scaled.annotation(meant).is_none();
    Some(if free {
        advice.review(vec![moved(&inert.setting.pointer, &child(parent, meant))])
    } else {
        advice
    })
}

/// Without what the two spellings differ in.
fn plain(name: &str) -> String {
    name.replace('-', "").to_ascii_lowercase()
}
