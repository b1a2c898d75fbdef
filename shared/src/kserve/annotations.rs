//! The annotation keys that KServe reads or writes.
//! Source: kserve/kserve 0.20, `pkg/constants/constants.go`.

/// Knative mode or Standard mode; on the InferenceService itself.
pub const DEPLOYMENT_MODE: &str = "serving.kserve.io/deploymentMode";
/// Which autoscaler in Standard mode: hpa, keda, external, none.
pub const AUTOSCALER_CLASS: &str = "serving.kserve.io/autoscalerClass";
/// `true` deletes what runs.
pub const STOP: &str = "serving.kserve.io/stop";
/// `true` stops the controller from touching a service that is ready.
pub const DISABLE_AUTO_UPDATE: &str = "serving.kserve.io/disable-auto-update";
/// The HPA's percentage until 0.14; read by nothing since.
pub const TARGET_UTILIZATION: &str = "serving.kserve.io/targetUtilizationPercentage";
/// Validated until 0.14, used by nothing.
pub const METRICS: &str = "serving.kserve.io/metrics";
/// Never existed; common in manifests all the same.
pub const METRIC: &str = "serving.kserve.io/metric";
/// `true` gives the newest revision a traffic tag.
pub const ENABLE_TAG_ROUTING: &str = "serving.kserve.io/enable-tag-routing";
/// GPU resource names for multi-node services, a JSON list.
pub const GPU_RESOURCE_TYPES: &str = "serving.kserve.io/gpu-resource-types";
/// The model format, copied here by the defaulter.
pub const MODEL_FORMAT: &str = "modelFormat";
/// Where the model comes from; written by the controller.
pub const SOURCE_URI: &str = "internal.serving.kserve.io/storage-initializer-sourceuri";
/// What the internal annotations start with.
pub const INTERNAL_PREFIX: &str = "internal.serving.kserve.io/";

/// Annotations that are put on the Knative Service itself rather than on its template.
pub const KSVC_ONLY: [&str; 2] = [
    "serving.knative.dev/rollout-duration",
    "serving.knative.openshift.io/enablePassthrough",
];

/// Keys that never reach a component's objects, whatever the ConfigMap says.
pub const BUILT_IN_DISALLOWED: [&str; 4] = [
    "autoscaling.knative.dev/min-scale",
    "autoscaling.knative.dev/max-scale",
    SOURCE_URI,
    "kubectl.kubernetes.io/last-applied-configuration",
];
