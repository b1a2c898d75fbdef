//! Planning anew, where an object has changed since it was planned.

use kscale_rules::switch::{
    Plan, PlannedRequest, Refusal, RefusalReason, Replaced, RequestVerb, replaced,
};
use serde_json::{Map, Value};

use super::carry_out::Run;
use super::ground::{Errand, Ground, read};
use crate::cluster::Failure;
use crate::render;

/// What has become of an errand.
pub(super) enum Again {
    /// The object is as it is wished already.
    Settled(Value),
    /// What was shown holds as it is; what changed is none of its business, such as the status.
    Same(Errand),
    /// What is to be done now is another thing than what was shown.
    Other(Errand),
    /// There is nothing that could be done any more.
    Refused(Refusal),
}

/// Reads the object once more and plans for what it is now.
pub(super) async fn again(
    run: &Run<'_>,
    ground: &Ground<'_>,
    errand: &Errand,
) -> Result<Again, Failure> {
    let object = read(run.cluster, &errand.plan.object).await?;
    Ok(match ground.errand(object.clone(), errand.aim.clone()) {
        Ok(new) if is_same(&errand.plan, &new.plan) => Again::Same(new),
        Ok(new) => Again::Other(new),
        Err(refused) if refused.refusal.reason == RefusalReason::AlreadySo => {
            Again::Settled(object)
        }
        Err(refused) => Again::Refused(refused.refusal),
    })
}

/// Whether everything is the same that somebody may have said yes to.
fn is_same(shown: &Plan, new: &Plan) -> bool {
    shown.changes == new.changes
        && settings(shown) == settings(new)
        && deletions(shown).eq(deletions(new))
        && shown.rolls == new.rolls
        && shown.costs == new.costs
        && shown.risks == new.risks
        && shown.preconditions == new.preconditions
        && shown.leftovers == new.leftovers
        && shown.blocked == new.blocked
}

/// What is written and taken away. Whether the map around it comes or goes with it depends on what others have in there.
fn settings(plan: &Plan) -> Vec<Replaced> {
    let mut settings = replaced(&plan.before, &plan.after);
    settings.retain(|one| !is_empty(one.before.as_ref()) && !is_empty(one.after.as_ref()));
    settings
}

fn deletions(plan: &Plan) -> impl Iterator<Item = &PlannedRequest> {
    let all = plan.requests.iter();
    all.filter(|request| request.verb == RequestVerb::Delete)
}

fn is_empty(value: Option<&Value>) -> bool {
    let map = value.and_then(Value::as_object);
    map.is_some_and(Map::is_empty)
}

/// What somebody else has changed of an object, a line each: `spec.predictor.maxReplicas: 5 → 7`.
pub(super) fn changed(before: &Value, now: &Value) -> Vec<String> {
    let (before, now) = (essence(before), essence(now));
    let each = replaced(&before, &now).into_iter();
    let told = each.filter(|one| !is_empty(one.before.as_ref()) && !is_empty(one.after.as_ref()));
    told.map(|one| {
        format!(
            "{}: {} → {}",
            render::readable(&one.pointer),
            shown(one.before.as_ref()),
            shown(one.after.as_ref())
        )
    })
    .collect()
}

/// A value; of what may hold a secret, only that there is something.
fn shown(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::Array(_) | Value::Object(_)) => "…".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// What is written by people and tools, and not by the API server or controllers.
fn essence(object: &Value) -> Value {
    let mut essence = Map::new();
    for key in ["annotations", "labels"] {
        if let Some(value) = object.pointer(&format!("/metadata/{key}")) {
            let metadata = essence
                .entry("metadata")
                .or_insert_with(|| Value::Object(Map::new()));
            metadata[key] = value.clone();
            // The whole manifest once more.
            if let Some(map) = metadata[key].as_object_mut() {
                map.remove("kubectl.kubernetes.io/last-applied-configuration");
            }
        }
    }
    if let Some(spec) = object.get("spec") {
        essence.insert("spec".to_owned(), spec.clone());
    }
    Value::Object(essence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_others_changed_is_told_without_bookkeeping() {
        let before = json!({
            "metadata": {"resourceVersion": "1", "labels": {"a": "1"}},
            "spec": {"predictor": {"maxReplicas": 5, "minReplicas": 1}},
            "status": {"ready": false},
        });
        let now = json!({
            "metadata": {"resourceVersion": "2", "labels": {"a": "1"}, "annotations": {"b/c": "x"}},
            "spec": {"predictor": {"maxReplicas": 7}},
            "status": {"ready": true},
        });
        insta::assert_snapshot!(changed(&before, &now).join("\n"), @"
        annotation b/c: nothing → x
        spec.predictor.maxReplicas: 5 → 7
        spec.predictor.minReplicas: 1 → nothing
        ");
    }
}
