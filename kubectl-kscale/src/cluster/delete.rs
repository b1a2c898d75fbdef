//! Deleting one object: the very one that was looked at.

use clap::ValueEnum;
use http::Method;
use serde_json::{Value, json};

use super::apply::Persist;
use super::write::Write;
use super::{Cluster, Failure, Why};

/// What becomes of what an object owns, in kubectl's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Cascade {
    /// They go first, and their owner last
    Foreground,
    /// They go after their owner
    Background,
    /// They stay
    Orphan,
}

impl Cascade {
    fn policy(self) -> &'static str {
        match self {
            Self::Foreground => "Foreground",
            Self::Background => "Background",
            Self::Orphan => "Orphan",
        }
    }
}

impl Cluster {
    /// Deletes `object`, which is at `path`, unless another one has taken its place. Whether it was there.
    pub(crate) async fn delete(
        &self,
        path: &str,
        object: &Value,
        cascade: Cascade,
        persist: Persist,
    ) -> Result<bool, Failure> {
        let uid = object.pointer("/metadata/uid");
        let conditions = uid.map(|uid| json!({"uid": uid}));
        self.delete_if(path, conditions, cascade, persist).await
    }

    /// Deletes `object` only as it is: somebody who has changed it since may need it.
    pub(crate) async fn delete_unchanged(
        &self,
        path: &str,
        object: &Value,
        cascade: Cascade,
        persist: Persist,
    ) -> Result<bool, Failure> {
        let field = |pointer: &str| object.pointer(pointer);
        let conditions = json!({
            "uid": field("/metadata/uid"),
            "resourceVersion": field("/metadata/resourceVersion"),
        });
        self.delete_if(path, Some(conditions), cascade, persist)
            .await
    }

    async fn delete_if(
        &self,
        path: &str,
        conditions: Option<Value>,
        cascade: Cascade,
        persist: Persist,
    ) -> Result<bool, Failure> {
        let mut options = json!({
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "propagationPolicy": cascade.policy(),
        });
        if let Some(conditions) = conditions {
            options["preconditions"] = conditions;
        }
        if persist == Persist::DryRun {
            options["dryRun"] = json!(["All"]);
        }
        let write = Write {
            method: Method::DELETE,
            path,
            content_type: "application/json",
            body: &options,
        };
        match self.write(&write).await {
            Ok(_) => Ok(true),
            Err(refused) if refused.failure.why == Why::Absent => Ok(false),
            Err(refused) => Err(refused.failure),
        }
    }
}
