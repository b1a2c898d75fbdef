//! A JSON Patch of one very version of an object.

use http::Method;
use serde_json::{Value, json};

use super::apply::{FIELD_MANAGER, Persist};
use super::write::{PAUSES, Write};
use super::{Cluster, Failure, Why};

/// What an edit has come to.
#[derive(Clone, Debug)]
pub(crate) enum Edited {
    /// It was made: the object as it has become.
    Made(Value),
    /// It was not made, which may be because the object is of another version. Where an answer was lost before that, the edit
    /// itself may be the reason.
    Refused {
        /// What the API server says.
        failure: Failure,
        /// Whether an earlier answer was lost.
        lost: bool,
    },
}

impl Cluster {
    /// Sends `patch`, which holds for `version` of the object at `path` alone. A lost answer is asked for again; a conflict is not,
    /// since what was planned was planned for that version.
    pub(crate) async fn edit(
        &self,
        path: &str,
        patch: &[Value],
        version: &str,
        persist: Persist,
    ) -> Result<Edited, Failure> {
        let dry = match persist {
            Persist::DryRun => "&dryRun=All",
            Persist::Yes => "",
        };
        let write = Write {
            method: Method::PATCH,
            path: &format!("{path}?fieldManager={FIELD_MANAGER}{dry}"),
            content_type: "application/json-patch+json",
            body: &of_version(patch, version),
        };
        let mut pauses = PAUSES.into_iter();
        let mut lost = false;
        loop {
            let failure = match self.write_once(&write).await {
                Ok(object) => return Ok(Edited::Made(object)),
                Err(refused) => refused.failure,
            };
            // What is to be taken away and is not there any more makes a patch invalid, before its version is looked at.
            if matches!(failure.why, Why::Conflict | Why::Invalid) {
                return Ok(Edited::Refused { failure, lost });
            }
            let again = matches!(failure.why, Why::Server | Why::Unreachable);
            let Some(pause) = pauses.next().filter(|_| again) else {
                return Err(failure);
            };
            lost = true;
            tokio::time::sleep(pause).await;
        }
    }
}

/// The API server compares the version that a patched object names with the one that it has.
fn of_version(patch: &[Value], version: &str) -> Value {
    let condition = json!({"op": "replace", "path": "/metadata/resourceVersion", "value": version});
    std::iter::once(condition)
        .chain(patch.iter().cloned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_names_the_version_that_it_is_for() {
        let patch = [json!({"op": "remove", "path": "/spec/a"})];
        assert_eq!(
            of_version(&patch, "7"),
            json!([
                {"op": "replace", "path": "/metadata/resourceVersion", "value": "7"},
                {"op": "remove", "path": "/spec/a"},
            ])
        );
    }
}
