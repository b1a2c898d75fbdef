//! What would change, object by object.

use serde_json::Value;

use super::super::extension::{NAMES, Sight, State, deployment_path, service_path};
use super::overlay::overlay;
use super::retire;
use crate::cluster::{Cluster, NotApplied, Owned, Persist, Why};
use crate::error::Error;
use crate::release::{Manifest, NAME};
use crate::render;

/// One object, and what becomes of it.
#[derive(Debug)]
pub(super) struct Step {
    /// As kubectl names it.
    pub(super) name: &'static str,
    /// Where it is.
    pub(super) path: String,
    /// What is sent.
    pub(super) wanted: Value,
    /// As it is; none where it is not there.
    pub(super) before: Option<Value>,
    /// What is taken away first; none where that is not needed.
    pub(super) first: Option<Value>,
    /// As it will be.
    pub(super) after: Value,
}

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It comes to be.
    Created,
    /// It changes.
    Changed,
    /// It stays as it is.
    Unchanged,
}

impl Step {
    /// What applying it may leave half of.
    fn retired(&self) -> Option<Value> {
        retire::patch(self.before.as_ref()?, &self.wanted)
    }

    /// What happens to it.
    pub(super) fn change(&self) -> Change {
        match &self.before {
            None => Change::Created,
            Some(before) if essence(before) == essence(&self.after) => Change::Unchanged,
            Some(_) => Change::Changed,
        }
    }

    /// The same line by line, for people. What comes to be is shown as it is written, without what the API server adds.
    pub(super) fn diff(&self) -> Result<String, Error> {
        let (before, after) = match (self.change(), &self.before) {
            (Change::Unchanged, _) => return Ok(String::new()),
            (_, Some(before)) => (render::yaml(&essence(before))?, essence(&self.after)),
            (_, None) => (String::new(), self.wanted.clone()),
        };
        Ok(render::diff_page(
            self.name,
            &before,
            &render::yaml(&after)?,
        ))
    }
}

/// The steps, Deployment first, with nothing sent.
pub(super) fn steps(sight: &Sight, manifest: &Manifest) -> Vec<Step> {
    let namespace = &sight.namespace;
    let paths = [deployment_path(namespace), service_path(namespace)];
    let kinds = [("apps", "Deployment"), ("", "Service")];
    let places = NAMES.into_iter().zip(paths).zip(kinds);
    places
        .zip(manifest.objects())
        .map(|(((name, path), (group, kind)), wanted)| {
            let before = match sight.of_knative(group, kind, NAME) {
                State::There(object) => Some(object.clone()),
                _ => None,
            };
            let after = match &before {
                Some(before) => overlay(before, wanted),
                None => wanted.clone(),
            };
            Step {
                name,
                path,
                wanted: wanted.clone(),
                before,
                first: None,
                after,
            }
        })
        .collect()
}

/// Fields that are taken over from others: who they are, and which fields.
pub(super) type Taken = Vec<(String, Vec<String>)>;

/// Has the API server say what each object would be; and whose fields would be taken over, where that is wanted.
pub(super) async fn rehearse(
    cluster: &Cluster,
    steps: &mut [Step],
    owned: Owned,
) -> Result<Taken, Error> {
    let mut taken = Vec::new();
    for step in steps {
        let what = format!("{} cannot be applied", step.name);
        let tried = cluster
            .apply(&step.path, &step.wanted, Owned::Respect, Persist::DryRun)
            .await;
        let tried = match tried {
            Err(NotApplied::Conflicts(owners)) if owned == Owned::Take => {
                taken.extend(owners);
                let forced = cluster.apply(&step.path, &step.wanted, Owned::Take, Persist::DryRun);
                forced.await
            }
            other => other,
        };
        match tried {
            Ok(after) => step.after = after,
            Err(NotApplied::Failed(failure)) if failure.why == Why::Invalid => {
                let gone = step.before.as_ref().zip(step.retired());
                let Some((before, gone)) = gone else {
                    return Err(failure.error(&what));
                };
                let tried = cluster.merge(&step.path, &gone, Persist::DryRun).await;
                tried.map_err(|failure| failure.error(&what))?;
                step.after = overlay(&retire::patched(before, &gone), &step.wanted);
                step.first = Some(gone);
            }
            Err(error) => return Err(error.error(&what)),
        }
    }
    Ok(taken)
}

/// What an object is about: without its status, and without what the API server keeps of it for itself.
pub(super) fn essence(object: &Value) -> Value {
    const OWN: [&str; 6] = [
        "creationTimestamp",
        "generation",
        "managedFields",
        "resourceVersion",
        "selfLink",
        "uid",
    ];
    const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|key, _| !OWN.contains(&key.as_str()));
        if let Some(annotations) = metadata
            .get_mut("annotations")
            .and_then(Value::as_object_mut)
        {
            annotations.remove(LAST_APPLIED);
            if annotations.is_empty() {
                metadata.remove("annotations");
            }
        }
    }
    object
}
