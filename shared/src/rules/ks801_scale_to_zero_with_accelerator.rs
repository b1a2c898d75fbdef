//! See [`KS801`].

use serde_json::{Map, Value};

use super::case::{Case, Scaled};
use super::findings::{Advice, Findings, Report};
use super::rule::{Check, rule};
use crate::knative::annotations::{MIN_SCALE, POD_RETENTION};

rule! {
    /// ## What it does
    ///
    /// Finds workloads that scale to zero and request an accelerator.
    ///
    /// ## Why it matters
    ///
    /// The first request after a pause waits until a node with the accelerator is there, the image is pulled and the
    /// model is loaded. That is minutes for large models, and longer than Knative and most clients wait. Scaling to
    /// zero may be what was wanted, since accelerators cost money: then a retention period keeps the pod through short
    /// pauses.
    ///
    /// ## Example
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     minReplicas: 0
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    ///       resources:
    ///         limits:
    ///           nvidia.com/gpu: "1"
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    /// spec:
    ///   predictor:
    ///     minReplicas: 1
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    ///       resources:
    ///         limits:
    ///           nvidia.com/gpu: "1"
    /// ```
    ///
    /// ```yaml
    /// apiVersion: serving.kserve.io/v1beta1
    /// kind: InferenceService
    /// metadata:
    ///   name: iris
    ///   annotations:
    ///     autoscaling.knative.dev/scale-to-zero-pod-retention-period: 30m
    /// spec:
    ///   predictor:
    ///     minReplicas: 0
    ///     model:
    ///       modelFormat:
    ///         name: sklearn
    ///       storageUri: s3://models/iris
    ///       resources:
    ///         limits:
    ///           nvidia.com/gpu: "1"
    /// ```
    ///
    /// ## Fix safety
    ///
    /// There is no fix: it is a matter of money against waiting.
    ///
    /// ## References
    ///
    /// - knative/serving 1.23, `pkg/reconciler/autoscaling/kpa/scaler.go`
    KS801: "scale-to-zero-with-accelerator", Info, "scale to zero of a model that needs an accelerator",
    Check::Component(check)
}

/// What names of accelerators have in common; extended resources may as well be network cards.
const ACCELERATORS: [&str; 12] = [
    "gpu", "tpu", "npu", "mig-", "neuron", "gaudi", "ascend", "fpga", "i915", "/xe", "mlu", "qaic",
];

fn check(case: &Case<'_>, scaled: &Scaled<'_>, findings: &mut Findings<'_>) {
    let Ok(configs) = &case.facts.knative_configs else {
        return;
    };
    let (Some(pod_autoscaler), Some(template)) = (scaled.pod_autoscaler, scaled.template) else {
        return;
    };
    let to_zero = scaled.is_kpa()
        && pod_autoscaler.bounds.min == 0
        && configs.autoscaler.enable_scale_to_zero;
    let retention = POD_RETENTION.at(configs.release()).get(template).is_some()
        || configs.autoscaler.scale_to_zero_pod_retention > crate::go::Duration::ZERO;
    if !to_zero || retention {
        return;
    }
    let Some(resource) = containers(case, scaled).into_iter().find_map(accelerator) else {
        return;
    };
    let pointer = scaled.field_or_annotation("minReplicas", MIN_SCALE);
    let message = format!(
        "the first request after a pause waits for a node with {resource} and for the model to load"
    );
    let minimum = if scaled.extension.is_some() {
        "minReplicas"
    } else {
        MIN_SCALE.canonical
    };
    let help = format!(
        "set {minimum} to 1, or the annotation {} to keep the pod through short pauses",
        POD_RETENTION.canonical
    );
    findings.push(
        Report::at(
            pointer.unwrap_or_else(|| scaled.pointer.to_owned()),
            message,
        )
        .advice(Advice::help(help)),
    );
}

/// The containers that stand in the object itself.
fn containers<'c>(case: &'c Case<'_>, scaled: &Scaled<'c>) -> Vec<&'c Value> {
    let list = match scaled.fields {
        Some(fields) => fields.get("containers"),
        None => case.object.pointer("/spec/template/spec/containers"),
    };
    let list = list.and_then(Value::as_array).into_iter().flatten();
    let model = scaled
        .component
        .and_then(|component| component.fields.get(component.model?.field));
    list.chain(model).collect()
}

/// The accelerator that a container asks for.
fn accelerator(container: &Value) -> Option<&str> {
    let resources = container.get("resources")?;
    let lists = ["limits", "requests"]
        .into_iter()
        .filter_map(|list| resources.get(list)?.as_object());
    lists.flat_map(Map::iter).find_map(|(name, amount)| {
        let lower = name.to_lowercase();
        let none = matches!(amount.as_str(), Some("0")) || amount.as_i64() == Some(0);
        let is_one = lower.contains('/') && ACCELERATORS.iter().any(|part| lower.contains(part));
        (is_one && !none).then_some(name.as_str())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::accelerator;

    #[test]
    fn accelerators_are_told_from_other_extended_resources() {
        let asks = |name: &str, amount: &str| {
            let container = json!({"resources": {"requests": {name: amount, "cpu": "1"}}});
            accelerator(&container).is_some()
        };
        let yes = [
            "nvidia.com/gpu",
            "nvidia.com/mig-1g.5gb",
            "amd.com/gpu",
            "google.com/tpu",
            "gpu.intel.com/i915",
            "habana.ai/gaudi",
        ];
        assert!(yes.iter().all(|name| asks(name, "1")));
        let no = ["rdma/hca", "openshift.io/sriov", "hugepages-2Mi", "memory"];
        assert!(no.iter().all(|name| !asks(name, "1")));
        assert!(!asks("nvidia.com/gpu", "0"));
    }
}
