//! Namespaces: fresh ones, and objects that move from one into another.

use serde_json::{Value, json};

use crate::{ControlPlane, Error};

impl ControlPlane {
    /// A namespace that nobody else has.
    pub fn namespace(&self) -> Result<String, Error> {
        let name = format!("test-{}", self.next_number());
        self.create(&namespace(&name))?;
        Ok(name)
    }

    /// Makes the namespace if it is not there.
    pub fn ensure_namespace(&self, name: &str) -> Result<(), Error> {
        let body = namespace(name);
        let list = "/api/v1/namespaces";
        let answer = self
            .client()
            .send("POST", list, "application/json", Some(&body))?;
        match answer.status {
            201 | 409 => Ok(()),
            status => Err(Error::new(format!(
                "namespace {name}: {status} {}",
                answer.body
            ))),
        }
    }
}

fn namespace(name: &str) -> Value {
    json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } })
}

/// A namespace that a system has, not somebody who uses it.
fn is_of_a_system(name: &str) -> bool {
    name.starts_with("kube-")
        || name.starts_with("knative-")
        || matches!(name, "kserve" | "keda" | "default")
}

/// Moves an object of a user's namespace, with every place that says in which one it is.
pub(crate) fn move_into(object: &mut Value, into: &str) {
    let of_a_system = |value: &Value| value.as_str().is_none_or(is_of_a_system);
    if object["kind"] == "Namespace" && !of_a_system(&object["metadata"]["name"]) {
        object["metadata"]["name"] = into.into();
    }
    for pointer in ["/metadata/namespace", "/involvedObject/namespace"] {
        if let Some(value) = object.pointer_mut(pointer)
            && !of_a_system(value)
        {
            *value = into.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_objects_move_and_those_of_systems_stay() {
        let object = |namespace: &str| json!({ "kind": "Event", "metadata": { "namespace": namespace }, "involvedObject": { "namespace": namespace } });
        let mut users = object("s03");
        move_into(&mut users, "test-1");
        assert_eq!(users, object("test-1"));
        let mut systems = object("knative-serving");
        move_into(&mut systems, "test-1");
        assert_eq!(systems, object("knative-serving"));
    }
}
