//! What a snapshot leaves out: bookkeeping of the API server, and what could be a secret.

use serde_json::Value;

/// Written down by `kubectl apply`: the whole manifest once more.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Variables whose values decide something that is predicted; the value of any other could be a secret.
const READ: [&str; 4] = [
    "KUBERNETES_MIN_VERSION",
    "STORAGE_URI",
    "PIPELINE_PARALLEL_SIZE",
    "TENSOR_PARALLEL_SIZE",
];

/// What stands in the place of a value that was left out.
const LEFT_OUT: &str = "(left out)";

/// Makes an object smaller, and safe to give away, without changing what is told by it.
pub(super) fn object(object: &mut Value) {
    let kind = object.get("kind").and_then(Value::as_str);
    let is_definition = kind == Some("CustomResourceDefinition");
    let is_pod = kind == Some("Pod");
    if let Some(Value::Object(metadata)) = object.get_mut("metadata") {
        metadata.remove("managedFields");
        if let Some(Value::Object(annotations)) = metadata.get_mut("annotations") {
            annotations.remove(LAST_APPLIED);
            if annotations.is_empty() {
                metadata.remove("annotations");
            }
        }
    }
    if is_definition {
        definition(object);
    }
    if let Some(spec) = object.get_mut("spec") {
        secrets(spec);
        if is_pod && let Some(spec) = spec.as_object_mut() {
            spec.remove("volumes");
            spec.remove("tolerations");
        }
    }
}

/// Blanks the values of variables, and the arguments of containers: tokens are often among them, and nothing is told by them.
fn secrets(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(secrets),
        Value::Object(fields) => {
            if let Some(Value::Array(variables)) = fields.get_mut("env") {
                variables.iter_mut().for_each(variable);
            }
            for key in ["args", "command"] {
                if let Some(Value::Array(words)) = fields.get_mut(key)
                    && words.iter().all(Value::is_string)
                {
                    words.iter_mut().for_each(|word| *word = LEFT_OUT.into());
                }
            }
            fields.values_mut().for_each(secrets);
        }
        _ => {}
    }
}

fn variable(variable: &mut Value) {
    let name = variable.get("name").and_then(Value::as_str);
    if name.is_some_and(|name| READ.contains(&name)) {
        return;
    }
    if let Some(value) = variable.get_mut("value").filter(|value| value.is_string()) {
        *value = LEFT_OUT.into();
    }
}

/// Of a CustomResourceDefinition's schema, which is a megabyte, only whether it says what a spec holds.
fn definition(object: &mut Value) {
    let versions = object.pointer_mut("/spec/versions");
    for version in versions.and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(spec) = version.pointer_mut("/schema/openAPIV3Schema/properties/spec")
            && let Some(properties) = spec.get_mut("properties").and_then(Value::as_object_mut)
        {
            properties
                .values_mut()
                .for_each(|one| *one = Value::Object(Default::default()));
        }
        if let Some(Value::Object(properties)) =
            version.pointer_mut("/schema/openAPIV3Schema/properties")
        {
            properties.retain(|key, _| key == "spec");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn tokens_and_bookkeeping_are_left_out() {
        let mut object = json!({
            "kind": "InferenceService",
            "metadata": {
                "name": "a",
                "managedFields": [{}],
                "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "TOKEN"},
            },
            "spec": {"predictor": {"containers": [{
                "args": ["--token", "TOKEN"],
                "env": [
                    {"name": "HF_KEY", "value": "TOKEN"},
                    {"name": "STORAGE_URI", "value": "gs://a"},
                    {"name": "FROM", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
                ],
            }]}},
        });
        super::object(&mut object);
        assert!(!object.to_string().contains("TOKEN\""), "{object}");
        assert_eq!(object["metadata"], json!({"name": "a"}));
        let env = &object["spec"]["predictor"]["containers"][0]["env"];
        assert_eq!(env[0], json!({"name": "HF_KEY", "value": "(left out)"}));
        assert_eq!(env[1]["value"], "gs://a");
        assert_eq!(env[2]["valueFrom"]["secretKeyRef"]["name"], "s");
    }
}
