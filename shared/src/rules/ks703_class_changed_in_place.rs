//! See [`KS703`].

use super::case::Bystander;
use super::findings::{Advice, Findings, Report, annotate};
use super::rule::{Check, rule};
use crate::knative::annotations::CLASS;
use crate::manifest::child;

rule! {
    /// ## What it does
    ///
    /// Finds a change of the class annotation on a Revision or a PodAutoscaler that exists.
    ///
    /// ## Why it matters
    ///
    /// Knative makes the objects of a class when a revision is new, and cleans up neither on a change. On a Revision
    /// the change lasts: the HPA of the old class stays, Knative's own autoscaler joins in, and both write the number
    /// of pods, one against the other. On a PodAutoscaler the Revision's class comes back within a moment, and an HPA
    /// or a Metric of the other class is left behind. Nothing forbids either.
    ///
    /// It needs the object as it was before, so it is found where changes are looked at, and not in a manifest alone.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.knative.dev/v1
    /// kind: Revision
    /// metadata:
    ///   name: iris-predictor-00001
    ///   annotations:
    ///     autoscaling.knative.dev/class: kpa.autoscaling.knative.dev
    /// spec:
    ///   containers:
    ///     - image: example.com/iris:1
    /// ---
    /// apiVersion: serving.knative.dev/v1
    /// kind: Revision
    /// metadata:
    ///   name: iris-predictor-00001
    ///   annotations:
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    /// spec:
    ///   containers:
    ///     - image: example.com/iris:1
    /// ```
    ///
    /// ```yaml
    /// apiVersion: autoscaling.internal.knative.dev/v1alpha1
    /// kind: PodAutoscaler
    /// metadata:
    ///   name: iris-predictor-00001
    ///   annotations:
    ///     autoscaling.knative.dev/class: hpa.autoscaling.knative.dev
    /// spec:
    ///   protocolType: http1
    /// ---
    /// apiVersion: autoscaling.internal.knative.dev/v1alpha1
    /// kind: PodAutoscaler
    /// metadata:
    ///   name: iris-predictor-00001
    ///   annotations:
    ///     autoscaling.knative.dev/class: kpa.autoscaling.knative.dev
    /// spec:
    ///   protocolType: http1
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: serving.knative.dev/v1
    /// kind: Revision
    /// metadata:
    ///   name: iris-predictor-00001
    ///   annotations:
    ///     autoscaling.knative.dev/class: kpa.autoscaling.knative.dev
    /// spec:
    ///   containers:
    ///     - image: example.com/iris:1
    /// ---
    /// apiVersion: serving.knative.dev/v1
    /// kind: Revision
    /// metadata:
    ///   name: iris-predictor-00001
    ///   annotations:
    ///     autoscaling.knative.dev/class: kpa.autoscaling.knative.dev
    /// spec:
    ///   containers:
    ///     - image: example.com/iris:1
    /// ```
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
    /// Needs review: the class that the object had is written back. The way to another class is a new revision: change
    /// the annotation of the InferenceService, or of the Service's template.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/revision/resources/pa.go`,
    ///   `pkg/reconciler/revision/reconcile_resources.go`
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/hpa/hpa.go`, `pkg/reconciler/autoscaling/kpa/kpa.go`
    KS703: "class-changed-in-place", Error, "another class on an existing Revision or PodAutoscaler",
    Check::Bystander(check)
}

fn check(object: &Bystander<'_>, findings: &mut Findings<'_>) {
    let of_knative = object
        .object
        .get("apiVersion")
        .and_then(serde_json::Value::as_str);
    let of_knative = of_knative.is_some_and(|version| version.contains("knative.dev/"));
    let Some(old) = object.old.filter(|_| of_knative) else {
        return;
    };
    let effect = match object.kind() {
        "Revision" => {
            "the objects of the old class stay, and both classes then write the number of pods"
        }
        "PodAutoscaler" => {
            "its Revision puts the old class back, and what the other class has made stays"
        }
        _ => return,
    };
    let default = object
        .facts
        .knative_configs
        .as_ref()
        .map(|configs| configs.autoscaler.pod_autoscaler_class.as_str());
    let pointer = child("/metadata/annotations", CLASS.canonical);
    let class = |value: &'_ serde_json::Value| {
        let written = value
            .pointer(&pointer)
            .and_then(serde_json::Value::as_str)
            .map(str::to_owned);
        written.or_else(|| default.ok().map(str::to_owned))
    };
    let (Some(before), Some(after)) = (class(old), class(object.object)) else {
        return;
    };
    if before == after {
        return;
    }
    let patch = annotate(
        object.object,
        "/metadata/annotations",
        CLASS.canonical,
        before.as_str(),
    );
    let message = format!(
        "the class changes from {before} to {after} on a {} that exists: {effect}",
        object.kind()
    );
    let help = "change the class on the InferenceService or on the Service's template, which makes a new revision";
    let at = if object.object.pointer(&pointer).is_some() {
        pointer.as_str()
    } else {
        "/metadata"
    };
    findings.push(Report::at(at, message).advice(Advice::help(help).review(patch)));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::facts::Facts;
    use crate::rules::judge;

    #[test]
    fn the_default_class_in_words_is_no_change() {
        let object = |class: Option<&str>| {
            let mut object = json!({"apiVersion": "serving.knative.dev/v1", "kind": "Revision", "metadata": {"name": "iris-00001"}});
            if let Some(class) = class {
                object["metadata"]["annotations"] = json!({"autoscaling.knative.dev/class": class});
            }
            object
        };
        let found = |old: Option<&str>, new: Option<&str>| {
            judge(&object(new), Some(&object(old)), &Facts::shipped())
                .unwrap_or_default()
                .len()
        };
        assert_eq!(found(None, Some("kpa.autoscaling.knative.dev")), 0);
        assert_eq!(found(None, Some("hpa.autoscaling.knative.dev")), 1);
        assert_eq!(found(Some("hpa.autoscaling.knative.dev"), None), 1);
        let new = object(Some("hpa.autoscaling.knative.dev"));
        assert!(
            judge(&new, None, &Facts::shipped()).unwrap().is_empty(),
            "no change is known"
        );
    }
}
