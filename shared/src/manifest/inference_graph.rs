//! The InferenceGraph.
//! Source: kserve/kserve 0.11–0.20, `pkg/apis/serving/v1alpha1/inference_graph.go`.

use serde_json::{Map, Value};

use super::decode::{DecodeError, Fields};
use super::pointer::child;
use crate::kserve::{Behaviour, Release};

/// An InferenceGraph, as far as its router's scaling goes. A field that the release does not know is as if absent.
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
    /// `spec.resources`, of the router
    pub resources: Option<&'a Map<String, Value>>,
    /// `spec.nodes`, sorted by name
    pub nodes: Vec<GraphNode<'a>>,
    /// Whether `spec.nodes` is written at all.
    pub has_nodes: bool,
    /// All of `spec`.
    pub spec: Option<&'a Map<String, Value>>,
    /// `status.deploymentMode`, or empty. KServe itself never writes it.
    pub status_mode: &'a str,
}

/// One node: a router over its steps.
#[derive(Clone, Debug)]
pub struct GraphNode<'a> {
    /// Its key in `spec.nodes`
    pub name: &'a str,
    /// `routerType`; none where it is not written
    pub router_type: Option<&'a str>,
    /// `steps`
    pub steps: Vec<GraphStep<'a>>,
}

/// One step of a node. Texts that are not written are empty.
#[derive(Clone, Debug)]
pub struct GraphStep<'a> {
    /// `name`
    pub name: &'a str,
    /// `nodeName`: another node
    pub node_name: &'a str,
    /// `serviceName`: an InferenceService of the same namespace
    pub service_name: &'a str,
    /// `serviceUrl`
    pub service_url: &'a str,
    /// `weight`, in percent
    pub weight: Option<i64>,
    /// `dependency`
    pub dependency: Option<&'a str>,
}

impl<'a> InferenceGraph<'a> {
    /// Decodes a manifest as a release does.
    ///
    /// # Errors
    /// A value has a type that the API does not accept.
    pub fn decode(value: &'a Value, release: Release) -> Result<Self, DecodeError> {
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
        let nodes = spec.object("nodes", "map[string]v1alpha1.InferenceRouter")?;
        let mut graph = Self {
            name: metadata.string("name", "string")?.unwrap_or_default(),
            namespace: metadata.string("namespace", "string")?.unwrap_or_default(),
            annotations: metadata.strings("annotations")?,
            min_replicas: None,
            max_replicas: 0,
            scale_target: None,
            scale_metric: None,
            timeout: None,
            resources: spec.object("resources", "v1.ResourceRequirements")?,
            nodes: nodes.map(decode_nodes).transpose()?.unwrap_or_default(),
            has_nodes: nodes.is_some(),
            spec: spec_map,
            status_mode: status
                .string("deploymentMode", "string")?
                .unwrap_or_default(),
        };
        // The timeout and the scaling fields came with 0.12, as the autoscaler class `external` did, and shrank to 32 bits with 0.15.
        if release.has(Behaviour::ClassExternal) {
            let bits = if release.has(Behaviour::AutoScalingField) {
                32
            } else {
                64
            };
            graph.timeout = spec.integer("timeout", 64)?;
            graph.min_replicas = spec.integer("minReplicas", bits)?;
            graph.max_replicas = spec.integer("maxReplicas", bits)?.unwrap_or_default();
            graph.scale_target = spec.integer("scaleTarget", bits)?;
            graph.scale_metric = spec.string("scaleMetric", "v1alpha1.ScaleMetric")?;
        }
        Ok(graph)
    }

    /// Annotation `key` of the graph.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&'a str> {
        self.annotations?.get(key)?.as_str()
    }
}

fn decode_nodes(nodes: &Map<String, Value>) -> Result<Vec<GraphNode<'_>>, DecodeError> {
    let mut decoded = Vec::new();
    for (name, value) in nodes {
        let pointer = child("/spec/nodes", name);
        let holder = Fields::new(Some(nodes), "/spec/nodes", "InferenceGraphSpec.spec.nodes");
        let map = holder.object(name, "v1alpha1.InferenceRouter")?;
        let fields = Fields::new(map, &pointer, "InferenceRouter.spec.nodes");
        debug_assert!(map.is_some() || value.is_null());
        decoded.push(GraphNode {
            name,
            router_type: fields.string("routerType", "v1alpha1.InferenceRouterType")?,
            steps: decode_steps(&fields, &child(&pointer, "steps"))?,
        });
    }
    decoded.sort_by_key(|node| node.name);
    Ok(decoded)
}

fn decode_steps<'a>(
    node: &Fields<'a, '_>,
    pointer: &str,
) -> Result<Vec<GraphStep<'a>>, DecodeError> {
    let mut decoded = Vec::new();
    for (index, step) in node
        .list("steps", "[]v1alpha1.InferenceStep")?
        .iter()
        .enumerate()
    {
        let pointer = child(pointer, &index.to_string());
        if !(step.is_object() || step.is_null()) {
            return Err(DecodeError {
                text: "json: cannot unmarshal a step into Go struct field InferenceRouter.spec.nodes.steps of type \
                       v1alpha1.InferenceStep"
                    .to_owned(),
                pointer,
            });
        }
        let fields = Fields::new(step.as_object(), &pointer, "InferenceStep.spec.nodes.steps");
        let text = |name| Ok(fields.string(name, "string")?.unwrap_or_default());
        decoded.push(GraphStep {
            name: text("name")?,
            node_name: text("nodeName")?,
            service_name: text("serviceName")?,
            service_url: text("serviceUrl")?,
            weight: fields.integer("weight", 64)?,
            dependency: fields.string("dependency", "v1alpha1.InferenceStepDependencyType")?,
        });
    }
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nodes_are_sorted_and_say_where_they_are_wrong() {
        let value = json!({"spec": {"nodes": {"z": {}, "root": {"steps": [{"serviceName": "a", "weight": 3}]}}}});
        let graph = InferenceGraph::decode(&value, Release::MAIN).unwrap();
        assert_eq!(graph.nodes[0].name, "root");
        assert_eq!(graph.nodes[0].steps[0].weight, Some(3));
        let value = json!({"spec": {"nodes": {"a/b": {"steps": [{}, {"weight": "3"}]}}}});
        let error = InferenceGraph::decode(&value, Release::MAIN).unwrap_err();
        assert_eq!(error.pointer, "/spec/nodes/a~1b/steps/1/weight");
    }

    #[test]
    fn before_0_12_there_is_nothing_to_scale_by() {
        let value = json!({"spec": {"minReplicas": 3, "timeout": 30, "nodes": {}}});
        let read = |release| {
            let graph = InferenceGraph::decode(&value, release).unwrap();
            (graph.min_replicas, graph.timeout)
        };
        assert_eq!(read(Release::new(0, 11, 2)), (None, None));
        assert_eq!(read(Release::new(0, 12, 0)), (Some(3), Some(30)));
    }
}
