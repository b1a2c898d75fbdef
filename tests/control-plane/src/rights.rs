//! What ordinary users may do.

use serde_json::{Value, json};

use crate::{ControlPlane, Error};

impl ControlPlane {
    /// Lets a user do what the rules say: RBAC's own, `{"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}`. In one
    /// namespace, or everywhere. Returns when the API server goes by it.
    pub fn grant(&self, user: &str, namespace: Option<&str>, rules: &[Value]) -> Result<(), Error> {
        let name = format!("{user}-{}", self.next_number());
        let prefix = if namespace.is_some() { "" } else { "Cluster" };
        let mut role = json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": format!("{prefix}Role"),
            "metadata": { "name": name },
            "rules": rules,
        });
        let mut binding = json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": format!("{prefix}RoleBinding"),
            "metadata": { "name": name },
            "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": role["kind"], "name": name },
            "subjects": [{ "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user }],
        });
        if let Some(namespace) = namespace {
            role["metadata"]["namespace"] = namespace.into();
            binding["metadata"]["namespace"] = namespace.into();
        }
        self.create_all(&[role, binding])?;
        self.wait_for_right(user, namespace, rules)
    }

    /// The authorizer reads roles by a watch of its own, so a moment later.
    fn wait_for_right(
        &self,
        user: &str,
        namespace: Option<&str>,
        rules: &[Value],
    ) -> Result<(), Error> {
        let first = |rule: &Value, key: &str| rule[key][0].as_str().unwrap_or_default().to_owned();
        let Some(rule) = rules.last().filter(|rule| rule["resources"].is_array()) else {
            return Ok(());
        };
        let resource = first(rule, "resources");
        let (resource, subresource) = resource.split_once('/').unwrap_or((&resource, ""));
        let review = json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SubjectAccessReview",
            "spec": {
                "user": user,
                "resourceAttributes": {
                    "namespace": namespace,
                    "verb": first(rule, "verbs"),
                    "group": first(rule, "apiGroups"),
                    "resource": resource,
                    "subresource": subresource,
                    "name": first(rule, "resourceNames"),
                },
            },
        });
        for _ in 0..500 {
            if self.create(&review)?["status"]["allowed"] == true {
                return Ok(());
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        Err(Error::new(format!("{user} never got the right to {rule}")))
    }
}
