//! Probes that a release has and an older one has not. Applying without them leaves half of one behind on Kubernetes 1.20,
//! which refuses that; so they are taken away first.

use serde_json::{Map, Value, json};

const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];
const CONTAINERS: &str = "/spec/template/spec/containers";

/// The strategic merge patch that takes away what `wanted` has not; none where that is nothing.
pub(super) fn patch(before: &Value, wanted: &Value) -> Option<Value> {
    let containers: Vec<Value> = probed(before)
        .filter_map(|(name, probes)| {
            let kept = probed(wanted).find(|(other, _)| *other == name);
            let kept = kept.map(|(_, probes)| probes).unwrap_or_default();
            let mut gone: Map<String, Value> = probes
                .into_iter()
                .filter(|probe| !kept.contains(probe))
                .map(|probe| (probe.to_owned(), Value::Null))
                .collect();
            if gone.is_empty() {
                return None;
            }
            gone.insert("name".to_owned(), name.into());
            Some(gone.into())
        })
        .collect();
    let spec = json!({"template": {"spec": {"containers": containers}}});
    (!containers.is_empty()).then(|| json!({"spec": spec}))
}

/// `before` without what `patch` takes away.
pub(super) fn patched(before: &Value, patch: &Value) -> Value {
    let mut after = before.clone();
    let gone = patch.pointer(CONTAINERS).and_then(Value::as_array);
    let own = after.pointer_mut(CONTAINERS).and_then(Value::as_array_mut);
    for container in own.into_iter().flatten().filter_map(Value::as_object_mut) {
        let mut gone = gone.into_iter().flatten();
        let Some(gone) = gone.find(|one| one.get("name") == container.get("name")) else {
            continue;
        };
        container.retain(|key, _| !matches!(gone.get(key), Some(Value::Null)));
    }
    after
}

/// The containers by name, and which probes each has.
fn probed(deployment: &Value) -> impl Iterator<Item = (&str, Vec<&'static str>)> {
    let containers = deployment.pointer(CONTAINERS).and_then(Value::as_array);
    containers.into_iter().flatten().filter_map(|container| {
        let name = container.get("name")?.as_str()?;
        let has = |probe: &&str| container.get(*probe).is_some_and(|one| !one.is_null());
        Some((name, PROBES.into_iter().filter(has).collect()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::{Manifest, parse_release};

    #[test]
    fn what_an_older_release_does_not_have_goes_first() {
        let of = |release| {
            Manifest::of(parse_release(release).unwrap())
                .unwrap()
                .deployment
        };
        let (new, old) = (of("1.23.0"), of("1.0.0"));
        let gone = patch(&new, &old).unwrap();
        assert_eq!(
            gone["spec"]["template"]["spec"]["containers"],
            json!([{"name": "autoscaler-hpa", "livenessProbe": null, "readinessProbe": null}])
        );
        let after = patched(&new, &gone);
        let container = &after["spec"]["template"]["spec"]["containers"][0];
        assert!(container.get("livenessProbe").is_none() && container.get("image").is_some());
        assert_eq!(patch(&after, &old), None);
        assert_eq!(patch(&old, &new), None);
        assert_eq!(patch(&new, &new), None);
    }
}
