//! What the full CRD's schema says of a graph: enums and required fields. The minimal CRD says nothing.
//! Source: kserve/kserve 0.20, `config/crd/full/serving.kserve.io_inferencegraphs.yaml`.

use crate::kserve::schema::SchemaError;
use crate::manifest::InferenceGraph;

const METRICS: &[&str] = &["cpu", "memory", "concurrency", "rps"];
const ROUTERS: &[&str] = &["Sequence", "Splitter", "Ensemble", "Switch"];
const DEPENDENCIES: &[&str] = &["Soft", "Hard"];

/// Checks a graph as it stands.
#[must_use]
pub fn validate(graph: &InferenceGraph<'_>) -> Vec<SchemaError> {
    let mut found = Vec::new();
    if graph.spec.is_some() && !graph.has_nodes {
        found.push(required("spec.nodes".to_owned()));
    }
    for node in &graph.nodes {
        let at = format!("spec.nodes.{}", node.name);
        let router = format!("{at}.routerType");
        match node.router_type {
            None => found.push(required(router)),
            Some(kind) => found.extend(unsupported(router, kind, ROUTERS)),
        }
        for (index, step) in node.steps.iter().enumerate() {
            let field = format!("{at}.steps[{index}].dependency");
            found.extend(
                step.dependency
                    .and_then(|kind| unsupported(field, kind, DEPENDENCIES)),
            );
        }
    }
    let metric = graph.scale_metric;
    found.extend(
        metric.and_then(|metric| unsupported("spec.scaleMetric".to_owned(), metric, METRICS)),
    );
    found
}

fn required(field: String) -> SchemaError {
    let text = format!("{field}: Required value");
    SchemaError { field, text }
}

fn unsupported(field: String, value: &str, allowed: &[&str]) -> Option<SchemaError> {
    if allowed.contains(&value) {
        return None;
    }
    let list: Vec<String> = allowed.iter().map(|one| format!("\"{one}\"")).collect();
    let text = format!(
        "{field}: Unsupported value: \"{value}\": supported values: {}",
        list.join(", ")
    );
    Some(SchemaError { field, text })
}
