//! What the pods request: the base of a utilisation.
//!
//! Source: replica_calculator.go, `calculateRequests`; k8s.io/component-helpers, resource/helpers.go, `PodRequests`.

use std::collections::BTreeMap;

use super::pods::{Amounts, Container, Pod, Role};

/// The request of each pod in thousandths, by its name. A container by name goes before requests of the pod itself.
pub(super) fn requests<'a>(
    pods: &'a [Pod],
    container: Option<&str>,
    resource: &str,
) -> Result<BTreeMap<&'a str, i64>, String> {
    let mut requests = BTreeMap::new();
    for pod in pods {
        let own = pod.pod_requests.filter(|own| *own != Amounts::default());
        let request = match (own, container) {
            (Some(own), None) => own
                .of(resource)
                .or_else(|| aggregate(&pod.containers, resource))
                .ok_or_else(|| {
                    format!(
                        "missing pod-level request for {resource} in Pod {}",
                        pod.name
                    )
                })?,
            _ => of_containers(pod, container, resource)?,
        };
        requests.insert(pod.name.as_str(), request);
    }
    Ok(requests)
}

/// Every container that keeps running must have a request, the main ones being looked at first.
fn of_containers(pod: &Pod, only: Option<&str>, resource: &str) -> Result<i64, String> {
    let with = |role: Role| pod.containers.iter().filter(move |c| c.role == role);
    let mut total = 0i64;
    for container in with(Role::Main).chain(with(Role::RestartableInit)) {
        if only.is_some_and(|only| only != container.name) {
            continue;
        }
        let request = container.requests.of(resource).ok_or_else(|| {
            let (container, pod) = (&container.name, &pod.name);
            format!("missing request for {resource} in container {container} of Pod {pod}")
        })?;
        total = total.wrapping_add(request);
        if only.is_some() {
            return Ok(total);
        }
    }
    match only {
        Some(only) => Err(format!("container {only} not found in Pod {}", pod.name)),
        None => Ok(total),
    }
}

/// What the scheduler reckons for the containers: those that run together, or the start if that takes more. Here a
/// container may lack a request; `None` if all do.
fn aggregate(containers: &[Container], resource: &str) -> Option<i64> {
    let add = |a: Option<i64>, b: Option<i64>| match (a, b) {
        (Some(a), Some(b)) => Some(a.wrapping_add(b)),
        (a, b) => a.or(b),
    };
    let (mut together, mut sidecars, mut start) = (None, None, None);
    for container in containers {
        let request = container.requests.of(resource);
        match container.role {
            Role::Main => together = add(together, request),
            Role::RestartableInit => {
                together = add(together, request);
                sidecars = add(sidecars, request);
                start = start.max(sidecars);
            }
            Role::Init => start = start.max(add(request, sidecars)),
        }
    }
    together.max(start)
}
