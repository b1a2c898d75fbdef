//! Objects in and out, through the API server.

use serde_json::Value;

use crate::kinds::Kind;
use crate::{ControlPlane, Error};

const JSON: &str = "application/json";
const APPLY: &str = "application/apply-patch+yaml";
const MERGE: &str = "application/merge-patch+json";

impl ControlPlane {
    /// Creates one object, and returns what became of it.
    pub fn create(&self, object: &Value) -> Result<Value, Error> {
        let (list, _) = self.place(object)?;
        self.client().ask("POST", &list, JSON, Some(object))
    }

    /// Creates several, in their order.
    pub fn create_all(&self, objects: &[Value]) -> Result<(), Error> {
        objects
            .iter()
            .try_for_each(|object| self.create(object).map(drop))
    }

    /// Server-side apply of several, in their order, as field manager `test`.
    pub fn apply(&self, objects: &[Value]) -> Result<(), Error> {
        for object in objects {
            let (_, path) = self.place(object)?;
            let path = format!("{path}?fieldManager=test&force=true");
            self.client().ask("PATCH", &path, APPLY, Some(object))?;
        }
        Ok(())
    }

    /// Puts an object in the place of the one that is there, whatever version that has.
    pub fn replace(&self, object: &Value) -> Result<Value, Error> {
        let (_, path) = self.place(object)?;
        self.put(&path, &path, object)
    }

    /// Writes the status of an object that is there, as its controller would.
    pub fn replace_status(&self, object: &Value) -> Result<Value, Error> {
        let (_, path) = self.place(object)?;
        self.put(&path, &format!("{path}/status"), object)
    }

    /// Changes an object by a merge patch; `object` names it by its kind, namespace and name.
    pub fn patch(&self, object: &Value, patch: &Value) -> Result<Value, Error> {
        let (_, path) = self.place(object)?;
        self.client().ask("PATCH", &path, MERGE, Some(patch))
    }

    /// Deletes an object.
    pub fn delete(&self, object: &Value) -> Result<Value, Error> {
        let (_, path) = self.place(object)?;
        self.client().ask("DELETE", &path, "", None)
    }

    /// The object as the API server has it; `object` names it by its kind, namespace and name.
    pub fn read(&self, object: &Value) -> Result<Value, Error> {
        let (_, path) = self.place(object)?;
        self.get(&path)
    }

    /// What stands under a path.
    pub fn get(&self, path: &str) -> Result<Value, Error> {
        self.client().get(path)
    }

    /// The path of an object: `/apis/apps/v1/namespaces/ml/deployments/bert`.
    pub fn path(&self, object: &Value) -> Result<String, Error> {
        Ok(self.place(object)?.1)
    }

    /// The paths of its list and of itself.
    fn place(&self, object: &Value) -> Result<(String, String), Error> {
        let kind = self.kind(object)?;
        let list = kind.list(namespace(object));
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        let path = format!("{list}/{name}");
        Ok((list, path))
    }

    /// How the object's kind is addressed.
    pub(crate) fn kind(&self, object: &Value) -> Result<Kind, Error> {
        let text = |key: &str| object[key].as_str().unwrap_or_default();
        let (api_version, kind) = (text("apiVersion"), text("kind"));
        self.kinds
            .find(self.client(), api_version, kind)?
            .ok_or_else(|| {
                Error::new(format!(
                    "the API server serves no {kind} of {api_version}: is its definition installed?"
                ))
            })
    }

    fn put(&self, path: &str, to: &str, object: &Value) -> Result<Value, Error> {
        let there = self.get(path)?;
        let mut object = object.clone();
        object["metadata"]["resourceVersion"] = there["metadata"]["resourceVersion"].clone();
        if let Some(metadata) = object["metadata"].as_object_mut() {
            metadata.remove("uid");
        }
        self.client().ask("PUT", to, JSON, Some(&object))
    }
}

/// The namespace that an object names, else `default`.
pub(crate) fn namespace(object: &Value) -> &str {
    object["metadata"]["namespace"]
        .as_str()
        .unwrap_or("default")
}
