//! Who else writes an object: a change in the cluster lasts until they write it again.

use serde_json::Value;

/// Somebody who applies an object from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// Such as `Argo CD`.
    pub(crate) name: String,
    /// By what that is told, such as `annotation argocd.argoproj.io/tracking-id`.
    pub(crate) evidence: String,
    /// What to do, in half a sentence.
    pub(crate) help: String,
}

/// Everybody who applies `object` from elsewhere.
pub(crate) fn of(_object: &Value) -> Vec<Owner> {
    Vec::new()
}
