//! Deleting one object: the very one that was looked at.

use http::Method;
use serde_json::{Value, json};

use super::apply::Persist;
use super::write::Write;
use super::{Cluster, Failure, Why};

/// What becomes of what the object owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cascade {
    /// It goes first, and the object last.
    Foreground,
    /// It goes afterwards.
    Background,
    /// It stays.
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
        let mut options = json!({
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "propagationPolicy": cascade.policy(),
        });
        if let Some(uid) = object.pointer("/metadata/uid") {
            options["preconditions"] = json!({"uid": uid});
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
