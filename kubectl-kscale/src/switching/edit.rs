//! The edit itself: a JSON Patch that holds for the very version of the object that was looked at.

use serde_json::Value;

use crate::cluster::{Cluster, Edited, Failure, Persist, Why};
use crate::facts::text;

/// Applies `patch` to the object at `path`, if it still is of `resource_version`, and gives what it has become. Another version is a
/// conflict ([`crate::cluster::Why::Conflict`]), unless it was this very edit that made it: its answer may have been lost.
pub(crate) async fn apply(
    cluster: &Cluster,
    path: &str,
    patch: &[Value],
    resource_version: &str,
    persist: Persist,
) -> Result<Value, Failure> {
    let edited = cluster.edit(path, patch, resource_version, persist).await?;
    let (mut failure, lost) = match edited {
        Edited::Made(object) => return Ok(object),
        Edited::Refused { failure, lost } => (failure, lost),
    };
    let own = lost && persist == Persist::Yes;
    if failure.why == Why::Invalid || own {
        let object = cluster.get(path).await?;
        if own && holds(&object, patch) {
            return Ok(object);
        }
        if version(&object) != resource_version {
            failure.why = Why::Conflict;
        }
    }
    Err(failure)
}

/// The version of an object.
pub(crate) fn version(object: &Value) -> &str {
    text(object, "/metadata/resourceVersion")
}

/// Whether an object is as a patch leaves it.
pub(crate) fn holds(object: &Value, patch: &[Value]) -> bool {
    patch.iter().all(|operation| {
        let there = object.pointer(text(operation, "/path"));
        match operation.get("value") {
            Some(value) => there.is_some_and(|there| contains(there, value)),
            None => there.is_none(),
        }
    })
}

/// Whether every field of `part` is in `whole`: the API server fills in others.
fn contains(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => part
            .iter()
            .all(|(key, value)| whole.get(key).is_some_and(|there| contains(there, value))),
        (whole, part) => whole == part,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_object_tells_whether_an_edit_was_made() {
        let patch = [
            json!({"op": "add", "path": "/metadata/annotations", "value": {"a/b": "1"}}),
            json!({"op": "replace", "path": "/spec/max", "value": 2}),
            json!({"op": "remove", "path": "/spec/target"}),
        ];
        let made =
            json!({"metadata": {"annotations": {"a/b": "1", "theirs": "2"}}, "spec": {"max": 2}});
        assert!(holds(&made, &patch));
        for other in [
            json!({"metadata": {"annotations": {"a/b": "1"}}, "spec": {"max": 2, "target": 1}}),
            json!({"metadata": {"annotations": {"a/b": "1"}}, "spec": {"max": 1}}),
            json!({"metadata": {}, "spec": {"max": 2}}),
        ] {
            assert!(!holds(&other, &patch), "{other}");
        }
    }
}
