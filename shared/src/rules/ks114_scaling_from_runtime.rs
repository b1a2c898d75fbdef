//! See [`KS114`].

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::knative::annotations::{CLASS, METRIC, TARGET};
use crate::kserve::Level;
use crate::kserve::annotations::AUTOSCALER_CLASS;

rule! {
    /// ## What it does
    ///
    /// Finds predictors whose autoscaler, metric or target comes from the annotations of their ServingRuntime.
    ///
    /// ## Why it matters
    ///
    /// KServe puts `spec.annotations` of the runtime under those of the InferenceService. So a runtime that everybody
    /// shares can choose the autoscaler of every model that it serves, and no manifest of a model shows it. KServe's
    /// webhook does not look there: it judges `scaleMetric: cpu` by Knative's own autoscaler and refuses it, although
    /// the class would be the HPA's.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1alpha1
    /// kind: ClusterServingRuntime
    /// metadata:
    ///   name: shared
    /// spec:
    ///   annotations:
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    ///     autoscaling.knative.dev/target: "75"
    ///     autoscaling.knative.dev/metric: cpu
    ///   supportedModelFormats:
    ///     - name: sklearn
    ///       autoSelect: true
    ///   containers:
    ///     - name: kserve-container
    ///       image: registry.example.com/sklearn:1
    ///       resources:
    ///         requests:
    ///           cpu: "1"
    /// ---
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     maxReplicas: 3
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
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    /// spec:
    ///   predictor:
    ///     scaleMetric: cpu
    ///     scaleTarget: 75
    ///     maxReplicas: 3
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: whether the runtime or the model should say it is for their authors to settle.
    ///
    /// ## References
    ///
    /// - kserve/kserve 0.20, `pkg/controller/v1beta1/inferenceservice/components/predictor.go`
    KS114: "scaling-from-runtime", Warning, "an autoscaling setting that comes from the ServingRuntime",
    Check::Component(check)
}

fn check(_case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let Some(effective) = scaled.effective.filter(|_| scaled.component.is_some()) else {
        return;
    };
    // What the mode does not read decides nothing, wherever it comes from.
    let keys: &[&str] = if scaled.is_knative() {
        &[CLASS.canonical, METRIC.canonical, TARGET.canonical]
    } else {
        &[AUTOSCALER_CLASS]
    };
    let field_wins = |key: &str| {
        (key == METRIC.canonical && scaled.is_written("scaleMetric"))
            || (key == TARGET.canonical && scaled.is_written("scaleTarget"))
    };
    let of_runtime = keys
        .iter()
        .filter(|key| effective.level(key) == Some(Level::Runtime) && !field_wins(key));
    let said: Vec<String> = of_runtime
        .filter_map(|key| Some(format!("{key} {}", effective.annotations.get(*key)?)))
        .collect();
    if said.is_empty() {
        return;
    }
    let message = format!(
        "the ServingRuntime decides here, and KServe's webhook does not look at it: {}",
        said.join(", ")
    );
    let advice = Advice::help("write it in the InferenceService, or remove it from the runtime");
    findings.push(Report::at(scaled.pointer, message).advice(advice));
}
