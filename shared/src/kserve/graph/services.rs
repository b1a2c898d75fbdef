//! The InferenceServices that a graph refers to: the controller makes nothing before all of them are there and ready.
//! Source: kserve/kserve 0.20, `pkg/controller/v1alpha1/inferencegraph/controller.go` and
//! `pkg/controller/v1beta1/inferenceservice/utils/utils.go` `GetPredictorEndpoint`.

use std::collections::BTreeMap;

use crate::kserve::{Failure, RefusedBy};
use crate::manifest::InferenceGraph;

/// What is known of the InferenceServices in the graph's namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum GraphServices {
    /// Nobody said; all are taken to be there and ready.
    #[default]
    Assumed,
    /// All there are, by name, and whether each has an address yet.
    Known(BTreeMap<String, bool>),
}

/// Why the graph waits, if it does.
///
/// Upstream goes through the nodes in no order; where several services are missing, the first by node is told here.
pub(super) fn awaited(graph: &InferenceGraph<'_>, services: &GraphServices) -> Option<Failure> {
    let GraphServices::Known(ready) = services else {
        return None;
    };
    let steps = graph.nodes.iter().flat_map(|node| &node.steps);
    for step in steps.filter(|step| !step.service_name.is_empty()) {
        let name = step.service_name;
        let text = match ready.get(name) {
            None => format!(
                "Failed to find graph service {name}: inferenceservices.serving.kserve.io \"{name}\" not found"
            ),
            // A URL beside the name, which the webhook refuses, would be used as it is.
            Some(false) if step.service_url.is_empty() => {
                format!("service {name} is not ready: service {name} is not ready")
            }
            Some(_) => continue,
        };
        return Some(Failure::new(RefusedBy::Kserve, "", &text));
    }
    None
}
