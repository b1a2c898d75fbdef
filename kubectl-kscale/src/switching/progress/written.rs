//! Whether what was changed still stands: somebody may delete the object, or write it otherwise, while its change is watched.

use kscale_rules::switch::{Plan, replaced};
use serde_json::Value;

use super::goal::Goal;
use super::seen::Seen;
use crate::facts::text;
use crate::render::readable;

/// What a change wrote, setting by setting, as the API server took it.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    settings: Vec<(String, Option<Value>)>,
}

impl Written {
    /// What carrying out `plan` wrote into the object, which was `changed` by that.
    pub(super) fn of(plan: &Plan, changed: &Value) -> Self {
        let all = replaced(&plan.before, &plan.after).into_iter();
        // A map that was new is told by what stands in it.
        let settings = all.filter(|one| !one.after.as_ref().is_some_and(Value::is_object));
        Self {
            settings: settings
                .map(|one| (one.pointer.clone(), changed.pointer(&one.pointer).cloned()))
                .filter(|(pointer, _)| !pointer.starts_with("/status"))
                .collect(),
        }
    }

    /// Why it stands no more; none as long as it does, and where that cannot be seen.
    pub(super) fn undone(&self, goal: &Goal, seen: &Seen) -> Option<String> {
        let Some(object) = seen.find(&goal.kind, &goal.name) else {
            return seen
                .reads(&goal.kind)
                .then(|| "it is gone: somebody has deleted it".to_owned());
        };
        if object.pointer("/metadata/deletionTimestamp").is_some() {
            return Some("somebody is deleting it".to_owned());
        }
        let mut settings = self.settings.iter();
        let (pointer, _) =
            settings.find(|(pointer, value)| object.pointer(pointer) != value.as_ref())?;
        let who = newest_manager(object)
            .map(|one| format!("; {one} wrote it last"))
            .unwrap_or_default();
        Some(format!(
            "somebody has changed it since: {} is not as it was written{who}",
            readable(pointer)
        ))
    }
}

/// Who wrote the object last, status aside.
fn newest_manager(object: &Value) -> Option<String> {
    let all = object.pointer("/metadata/managedFields")?.as_array()?;
    let own = all
        .iter()
        .filter(|one| text(one, "/subresource").is_empty());
    let newest = own.max_by_key(|one| text(one, "/time"))?;
    let name = text(newest, "/manager");
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{changed_to_hpa, plan_to_hpa};
    use super::*;

    #[test]
    fn what_somebody_else_writes_or_deletes_is_seen() {
        let (plan, changed) = (plan_to_hpa(), changed_to_hpa());
        let goal = Goal {
            kind: "InferenceService".to_owned(),
            namespace: "ml".to_owned(),
            name: "bert".to_owned(),
            ..Goal::default()
        };
        let written = Written::of(&plan, &changed);
        let undone = |object: Option<Value>| written.undone(&goal, &Seen::of(object));
        assert_eq!(undone(Some(changed.clone())), None);
        // Another setting, and the status, are others' business.
        let mut other = changed.clone();
        other["spec"]["predictor"]["timeout"] = 60.into();
        other["status"] = json!({});
        assert_eq!(undone(Some(other)), None);
        let mut other = changed.clone();
        other["spec"]["predictor"]["scaleTarget"] = 50.into();
        other["metadata"]["managedFields"] = json!([
            {"manager": "kubectl-kscale", "time": "2026-11-22T11:00:00Z"},
            {"manager": "argocd-controller", "time": "2026-11-22T11:00:05Z"},
            {"manager": "kserve", "time": "2026-11-22T11:00:09Z", "subresource": "status"},
        ]);
        assert_eq!(
            undone(Some(other)).as_deref(),
            Some(
                "somebody has changed it since: spec.predictor.scaleTarget is not as it was written; argocd-controller wrote it last"
            )
        );
        let mut back = changed;
        back["metadata"]
            .as_object_mut()
            .unwrap()
            .remove("annotations");
        assert_eq!(
            undone(Some(back)).as_deref(),
            Some(
                "somebody has changed it since: annotation autoscaling.knative.dev/class is not as it was written"
            )
        );
        assert_eq!(
            undone(None).as_deref(),
            Some("it is gone: somebody has deleted it")
        );
    }
}
