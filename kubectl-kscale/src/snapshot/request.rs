//! One thing asked of a cluster, and what its answer says.

use futures::FutureExt as _;
use serde_json::Value;

use super::about::{About, Absent, Unread};
use crate::cluster::{Cluster, Failure, Why};

/// One thing that is asked.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) asked: Asked,
    kind: &'static str,
    namespace: String,
    name: String,
    /// For people, where it cannot be read.
    what: String,
    /// Asked one after the other, until one is there.
    paths: Vec<String>,
}

/// What kind of answer it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// `GET /version`
    Version,
    /// `GET /apis`
    Groups,
    /// One object
    Object,
    /// Its metadata alone, filled up with this `apiVersion`
    Metadata(&'static str),
    /// A list of objects
    List,
}

impl Request {
    pub(super) fn version() -> Self {
        Self::new(
            Asked::Version,
            "",
            "the version of the API server",
            &["/version"],
        )
    }

    pub(super) fn groups() -> Self {
        Self::new(Asked::Groups, "", "the list of APIs", &["/apis"])
    }

    pub(super) fn list(kind: &'static str, what: &str, paths: &[&str]) -> Self {
        Self::new(Asked::List, kind, what, paths)
    }

    pub(super) fn object(kind: &'static str, namespace: &str, name: &str, paths: &[&str]) -> Self {
        let what = if namespace.is_empty() {
            format!("{kind} {name}")
        } else {
            format!("{kind} {namespace}/{name}")
        };
        Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            ..Self::new(Asked::Object, kind, &what, paths)
        }
    }

    pub(super) fn metadata(
        kind: &'static str,
        version: &'static str,
        name: &str,
        path: &str,
    ) -> Self {
        Self {
            asked: Asked::Metadata(version),
            ..Self::object(kind, "", name, &[path])
        }
    }

    fn new(asked: Asked, kind: &'static str, what: &str, paths: &[&str]) -> Self {
        Self {
            asked,
            kind,
            namespace: String::new(),
            name: String::new(),
            what: what.to_owned(),
            paths: paths.iter().map(|&path| path.to_owned()).collect(),
        }
    }

    /// Asks.
    pub(super) async fn send(&self, cluster: &Cluster) -> Result<Vec<Value>, Failure> {
        let mut last = Ok(Vec::new());
        for path in &self.paths {
            last = self.send_to(cluster, path).boxed_local().await;
            let absent = match &last {
                Ok(objects) => objects.is_empty() && self.asked != Asked::List,
                Err(failure) => failure.why == Why::Absent,
            };
            if !absent {
                break;
            }
        }
        last
    }

    async fn send_to(&self, cluster: &Cluster, path: &str) -> Result<Vec<Value>, Failure> {
        // A name looked for in all namespaces is a list of one.
        if self.asked == Asked::List || path.contains("fieldSelector=metadata.name") {
            let mut objects = Vec::new();
            cluster.list(path, |object| objects.push(object)).await?;
            return Ok(objects);
        }
        let object = match self.asked {
            Asked::Metadata(version) => {
                let mut object = cluster.get_metadata(path).await?;
                if let Some(fields) = object.as_object_mut() {
                    fields.insert("apiVersion".to_owned(), version.into());
                    fields.insert("kind".to_owned(), self.kind.into());
                }
                object
            }
            _ => cluster.get(path).await?,
        };
        Ok(vec![object])
    }

    /// Takes in the answer: objects, or what is to be said of their absence.
    pub(super) fn take(
        self,
        answer: Result<Vec<Value>, Failure>,
        about: &mut About,
        objects: &mut Vec<Value>,
    ) {
        match (self.asked, answer) {
            (Asked::Version, Ok(mut answer)) => about.server_version = answer.pop(),
            (Asked::Groups, Ok(answer)) => about.groups = answer.first().map(groups),
            (Asked::List, Ok(mut list)) => objects.append(&mut list),
            (_, Ok(mut found)) if !found.is_empty() => objects.append(&mut found),
            (_, Ok(_)) => about.absent.push(self.absent()),
            (_, Err(failure)) if failure.why == Why::Absent => about.absent.push(self.absent()),
            (_, Err(failure)) => about.unread.push(Unread {
                what: self.what,
                why: failure.message,
            }),
        }
    }

    fn absent(&self) -> Absent {
        Absent {
            kind: self.kind.to_owned(),
            namespace: self.namespace.clone(),
            name: self.name.clone(),
        }
    }
}

/// Names and versions of the groups that discovery lists.
fn groups(list: &Value) -> Vec<Value> {
    let groups = list.get("groups").and_then(Value::as_array);
    let one = |group: &Value| {
        let versions = group.get("versions").and_then(Value::as_array);
        let versions = versions.into_iter().flatten();
        let versions: Vec<&Value> = versions.filter_map(|one| one.get("version")).collect();
        serde_json::json!({"name": group.get("name"), "versions": versions})
    };
    groups.into_iter().flatten().map(one).collect()
}
