//! From a kind to its address, as the API server itself tells.

use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::Error;
use crate::client::Client;

/// How a kind is addressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// `/api/v1`, `/apis/apps/v1`
    root: String,
    /// The group, empty for the core's.
    pub(crate) group: String,
    /// `deployments`
    pub(crate) plural: String,
    pub(crate) namespaced: bool,
}

impl Kind {
    /// Where its objects of a namespace stand.
    pub(crate) fn list(&self, namespace: &str) -> String {
        let Self { root, plural, .. } = self;
        if self.namespaced {
            format!("{root}/namespaces/{namespace}/{plural}")
        } else {
            format!("{root}/{plural}")
        }
    }
}

/// What was asked of discovery before.
#[derive(Default)]
pub(crate) struct Kinds(Mutex<BTreeMap<String, Vec<Value>>>);

impl Kinds {
    /// The kind, or None where the server does not serve it (yet: only what was found is remembered).
    pub(crate) fn find(
        &self,
        client: &Client,
        api_version: &str,
        kind: &str,
    ) -> Result<Option<Kind>, Error> {
        let root = root(api_version);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let remembered = known.get(&root).and_then(|list| pick(list, kind));
        let resource = match remembered {
            Some(resource) => resource,
            None => {
                let answer = client.send("GET", &root, "", None)?;
                let list = answer.body["resources"].as_array().cloned();
                let list = list.unwrap_or_default();
                let Some(resource) = pick(&list, kind) else {
                    return Ok(None);
                };
                known.insert(root.clone(), list);
                resource
            }
        };
        Ok(Some(Kind {
            group: api_version
                .split_once('/')
                .map_or("", |(group, _)| group)
                .to_owned(),
            plural: resource["name"].as_str().unwrap_or_default().to_owned(),
            namespaced: resource["namespaced"] == true,
            root,
        }))
    }
}

fn root(api_version: &str) -> String {
    if api_version.contains('/') {
        format!("/apis/{api_version}")
    } else {
        format!("/api/{api_version}")
    }
}

/// Subresources have the kinds of others: `deployments/scale`.
fn pick(list: &[Value], kind: &str) -> Option<Value> {
    list.iter()
        .find(|resource| {
            resource["kind"] == kind
                && resource["name"]
                    .as_str()
                    .is_some_and(|name| !name.contains('/'))
        })
        .cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_subresource_is_not_taken_for_its_kind() {
        let list = [
            json!({ "name": "deployments/scale", "kind": "Scale" }),
            json!({ "name": "pods/eviction", "kind": "Pod" }),
            json!({ "name": "pods", "kind": "Pod" }),
        ];
        assert_eq!(pick(&list, "Pod").unwrap()["name"], "pods");
        assert_eq!(pick(&list, "Scale"), None);
    }

    #[test]
    fn the_core_has_a_root_of_its_own() {
        assert_eq!(root("v1"), "/api/v1");
        assert_eq!(root("apps/v1"), "/apis/apps/v1");
    }
}
