//! The validating webhook of graphs: its exact texts, in its exact order. It checks no scaling field.
//! Source: kserve/kserve 0.11–0.20, `pkg/apis/serving/v1alpha1/inference_graph_validation.go`.

use std::collections::BTreeSet;

use crate::manifest::InferenceGraph;

type Verdict = Result<(), String>;

/// The names that KServe accepts, as its message prints the rule.
const NAME_RULE: &str = "[a-z]([-a-z0-9]*[a-z0-9])?";
/// The node that every graph starts at.
const ROOT: &str = "root";

/// Validates a graph on creation, and on an update unless it is being deleted.
///
/// Upstream goes through the nodes in no order at all. Where several are wrong, the first by name is told here, and a live
/// webhook may tell of another.
///
/// # Errors
/// The webhook's text.
pub fn validate(graph: &InferenceGraph<'_>) -> Verdict {
    name(graph.name)?;
    if !graph.nodes.iter().any(|node| node.name == ROOT) {
        return Err(
            "root node not found, InferenceGraph needs a node with name 'root' as the root node of the graph".to_owned(),
        );
    }
    unique_steps(graph)?;
    one_target_each(graph)?;
    weights(graph)
}

fn name(name: &str) -> Verdict {
    let inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    let bytes = name.as_bytes();
    let starts = bytes.first().is_some_and(u8::is_ascii_lowercase);
    let ends = bytes.last().is_some_and(|byte| *byte != b'-');
    if starts && ends && bytes.iter().all(inner) {
        return Ok(());
    }
    Err(format!(
        "The InferenceGraph \"{name}\" is invalid: a InferenceGraph name must consist of lower case alphanumeric \
         characters or '-', and must start with alphabetical character. (e.g. \"my-name\" or \"abc-123\", regex used for \
         validation is '{NAME_RULE}')"
    ))
}

fn unique_steps(graph: &InferenceGraph<'_>) -> Verdict {
    for node in &graph.nodes {
        let mut seen = BTreeSet::new();
        for step in node.steps.iter().filter(|step| !step.name.is_empty()) {
            if !seen.insert(step.name) {
                return Err(format!(
                    "Node \"{}\" of InferenceGraph \"{}\" contains more than one step with name \"{}\"",
                    node.name, graph.name, step.name
                ));
            }
        }
    }
    Ok(())
}

fn one_target_each(graph: &InferenceGraph<'_>) -> Verdict {
    for node in &graph.nodes {
        for (index, step) in node.steps.iter().enumerate() {
            let targets = [step.node_name, step.service_name, step.service_url];
            let wrong = match targets.iter().filter(|target| !target.is_empty()).count() {
                0 => "does not specify an inference target",
                1 => continue,
                _ => "specifies more than one of nodeName, serviceName, serviceUrl",
            };
            return Err(format!(
                "Step {index} (\"{}\") in node \"{}\" of InferenceGraph \"{}\" {wrong}",
                step.name, node.name, graph.name
            ));
        }
    }
    Ok(())
}

fn weights(graph: &InferenceGraph<'_>) -> Verdict {
    let splitters = graph
        .nodes
        .iter()
        .filter(|node| node.router_type == Some("Splitter"));
    for node in splitters {
        let mut sum = 0i64;
        for step in &node.steps {
            let Some(weight) = step.weight else {
                return Err(format!(
                    "InferenceGraph[{}] Node[{}] Route[{}] missing the 'Weight'",
                    graph.name, node.name, step.service_name
                ));
            };
            sum = sum.wrapping_add(weight);
        }
        if sum != 100 {
            return Err(format!(
                "InferenceGraph[{}] Node[{}] splitter node: the sum of traffic weights for all routing targets should be 100",
                graph.name, node.name
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kserve::Release;
    use serde_json::{Value, json};

    fn verdict(name: &str, nodes: &Value) -> Option<String> {
        let value = json!({"metadata": {"name": name}, "spec": {"nodes": nodes}});
        let graph = InferenceGraph::decode(&value, Release::MAIN).unwrap();
        validate(&graph).err()
    }

    #[test]
    fn the_first_check_that_fails_speaks() {
        let fine = json!({"root": {"routerType": "Sequence", "steps": [{"serviceName": "a"}]}});
        assert_eq!(verdict("g", &fine), None);
        assert!(
            verdict("1g", &json!({}))
                .unwrap()
                .contains("\"1g\" is invalid")
        );
        assert!(
            verdict("g", &json!({"other": {}}))
                .unwrap()
                .starts_with("root node not found")
        );
        let twice = json!({"root": {"steps": [{"name": "x"}, {"name": "x"}]}});
        assert_eq!(
            verdict("g", &twice).unwrap(),
            "Node \"root\" of InferenceGraph \"g\" contains more than one step with name \"x\""
        );
        let none = json!({"root": {"steps": [{"name": "x"}]}});
        assert_eq!(
            verdict("g", &none).unwrap(),
            "Step 0 (\"x\") in node \"root\" of InferenceGraph \"g\" does not specify an inference target"
        );
    }

    #[test]
    fn a_splitter_needs_weights_that_make_100() {
        let splitter = |steps: Value| json!({"root": {"routerType": "Splitter", "steps": steps}});
        assert_eq!(
            verdict("g", &splitter(json!([{"serviceName": "a"}]))).unwrap(),
            "InferenceGraph[g] Node[root] Route[a] missing the 'Weight'"
        );
        assert!(
            verdict("g", &splitter(json!([{"serviceName": "a", "weight": 99}])))
                .unwrap()
                .ends_with("should be 100")
        );
        assert_eq!(
            verdict("g", &splitter(json!([{"serviceName": "a", "weight": 100}]))),
            None
        );
        assert!(verdict("g", &splitter(json!([]))).is_some());
    }
}
