//! The InferenceGraph.
//! Source: kserve/kserve 0.20, `pkg/apis/serving/v1alpha1/inference_graph.go`.

use serde_json::{Map, Value};

use super::decode::{DecodeError, Fields};

/// An InferenceGraph, as far as its router's scaling goes.
#[derive(Clone, Debug)]
pub struct InferenceGraph<'a> {
    /// `metadata.name`
    pub name: &'a str,
    /// `metadata.namespace`, or empty
    pub namespace: &'a str,
    /// `metadata.annotations`
    pub annotations: Option<&'a Map<String, Value>>,
    /// `spec.minReplicas`
    pub min_replicas: Option<i64>,
    /// `spec.maxReplicas`; 0 and absent are the same.
    pub max_replicas: i64,
    /// `spec.scaleTarget`
    pub scale_target: Option<i64>,
    /// `spec.scaleMetric`
    pub scale_metric: Option<&'a str>,
    /// `spec.timeout`, in seconds
    pub timeout: Option<i64>,
    /// All of `spec`.
    pub spec: Option<&'a Map<String, Value>>,
    /// `status.deploymentMode`, or empty
    pub status_mode: &'a str,
}

impl<'a> InferenceGraph<'a> {
    /// Decodes a manifest.
    ///
    /// # Errors
    /// A value has a type that the API does not accept.
    pub fn decode(value: &'a Value) -> Result<Self, DecodeError> {
        let root = Fields::new(value.as_object(), "", "InferenceGraph");
        let metadata = Fields::new(
            root.object("metadata", "v1.ObjectMeta")?,
            "/metadata",
            "ObjectMeta.metadata",
        );
        let spec_map = root.object("spec", "v1alpha1.InferenceGraphSpec")?;
        let spec = Fields::new(spec_map, "/spec", "InferenceGraphSpec.spec");
        let status = Fields::new(
            root.object("status", "v1alpha1.InferenceGraphStatus")?,
            "/status",
            "InferenceGraphStatus.status",
        );
        Ok(Self {
            name: metadata.string("name", "string")?.unwrap_or_default(),
            namespace: metadata.string("namespace", "string")?.unwrap_or_default(),
            annotations: metadata.strings("annotations")?,
            min_replicas: spec.integer("minReplicas", 32)?,
            max_replicas: spec.integer("maxReplicas", 32)?.unwrap_or_default(),
            scale_target: spec.integer("scaleTarget", 32)?,
            scale_metric: spec.string("scaleMetric", "v1alpha1.ScaleMetric")?,
            timeout: spec.integer("timeout", 64)?,
            spec: spec_map,
            status_mode: status.string("deploymentMode", "string")?.unwrap_or_default(),
        })
    }
}
