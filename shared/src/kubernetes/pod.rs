//! What the containers of a pod request: the denominator of every CPU percentage.
//!
//! Source: kubernetes/kubernetes 1.36: pkg/apis/core/v1/defaults.go (a limit stands in for a missing request) and
//! pkg/controller/podautoscaler/replica_calculator.go (which containers count; requests of the pod as a whole win).

use serde_json::Value;

use super::quantity::Quantity;

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestSource {
    /// `resources.requests` of the container or pod.
    Request,
    /// `resources.limits`: a limit without a request is the request too.
    Limit,
    /// An annotation.
    Annotation,
    /// A ConfigMap.
    ConfigMap,
    /// A default compiled into a controller.
    Default,
}

/// An amount that is requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// How much.
    pub amount: Quantity,
    /// Who says so.
    pub source: RequestSource,
}

/// What one container requests; `None` where it requests nothing, or nothing readable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContainerRequests {
    /// The container's name.
    pub name: String,
    /// CPU.
    pub cpu: Option<Request>,
    /// Memory.
    pub memory: Option<Request>,
}

/// What a pod requests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PodRequests {
    /// CPU of the pod as a whole (`spec.resources`); if set, the containers' do not count.
    pub pod_cpu: Option<Request>,
    /// Memory of the pod as a whole; if set, the containers' do not count.
    pub pod_memory: Option<Request>,
    /// Each container that runs as long as the pod, init containers with `restartPolicy: Always` included.
    pub containers: Vec<ContainerRequests>,
}

impl PodRequests {
    /// Names of the containers whose missing CPU request keeps a percentage of CPU from being worked out.
    #[must_use]
    pub fn without_cpu(&self) -> Vec<&str> {
        Self::missing(self.pod_cpu.as_ref(), &self.containers, |c| c.cpu.is_none())
    }

    /// Names of the containers whose missing memory request keeps a percentage of memory from being worked out.
    #[must_use]
    pub fn without_memory(&self) -> Vec<&str> {
        Self::missing(self.pod_memory.as_ref(), &self.containers, |c| {
            c.memory.is_none()
        })
    }

    fn missing<'a>(
        pod: Option<&Request>,
        containers: &'a [ContainerRequests],
        lacks: impl Fn(&ContainerRequests) -> bool,
    ) -> Vec<&'a str> {
        if pod.is_some() {
            return Vec::new();
        }
        containers
            .iter()
            .filter(|c| lacks(c))
            .map(|c| c.name.as_str())
            .collect()
    }

    /// The CPU that 100 % stands for, in thousandths of a core; `None` while a container lacks its request.
    #[must_use]
    pub fn cpu_milli(&self) -> Option<i64> {
        if let Some(pod) = &self.pod_cpu {
            return Some(pod.amount.milli_value());
        }
        self.containers.iter().try_fold(0i64, |sum, container| {
            container
                .cpu
                .as_ref()
                .map(|cpu| sum.saturating_add(cpu.amount.milli_value()))
        })
    }
}

/// Reads the requests of a pod spec; `extra` are the containers that a controller or mesh adds to it.
#[must_use]
pub fn pod_requests(
    spec: &Value,
    extra: impl IntoIterator<Item = ContainerRequests>,
) -> PodRequests {
    let list = |key: &str| {
        spec.get(key)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default()
    };
    let sidecars = list("initContainers")
        .iter()
        .filter(|c| c.get("restartPolicy").and_then(Value::as_str) == Some("Always"));
    let containers = list("containers")
        .iter()
        .chain(sidecars)
        .map(container_requests)
        .chain(extra)
        .collect();
    PodRequests {
        pod_cpu: request(spec, "cpu"),
        pod_memory: request(spec, "memory"),
        containers,
    }
}

/// Reads the requests of one container.
#[must_use]
pub fn container_requests(container: &Value) -> ContainerRequests {
    ContainerRequests {
        name: container
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        cpu: request(container, "cpu"),
        memory: request(container, "memory"),
    }
}

fn request(holder: &Value, resource: &str) -> Option<Request> {
    let resources = holder.get("resources")?;
    let read = |kind: &str| Quantity::from_json(resources.get(kind)?.get(resource)?).ok();
    if let Some(amount) = read("requests") {
        return Some(Request {
            amount,
            source: RequestSource::Request,
        });
    }
    read("limits").map(|amount| Request {
        amount,
        source: RequestSource::Limit,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_limit_stands_in_for_a_request() {
        let spec = json!({"containers": [
            {"name": "a", "resources": {"limits": {"cpu": "1", "memory": "1Gi"}}},
            {"name": "b", "resources": {"requests": {"cpu": 0.5}, "limits": {"cpu": 2}}},
            {"name": "c"}
        ], "initContainers": [{"name": "once"}, {"name": "side", "restartPolicy": "Always"}]});
        let requests = pod_requests(&spec, []);
        let sources: Vec<_> = requests
            .containers
            .iter()
            .map(|c| c.cpu.as_ref().map(|r| r.source))
            .collect();
        assert_eq!(
            sources,
            [
                Some(RequestSource::Limit),
                Some(RequestSource::Request),
                None,
                None
            ]
        );
        assert_eq!(requests.without_cpu(), ["c", "side"]);
        assert_eq!(requests.without_memory(), ["b", "c", "side"]);
        assert_eq!(requests.cpu_milli(), None);
    }

    #[test]
    fn requests_of_the_pod_win() {
        let spec = json!({"containers": [{"name": "a"}], "resources": {"requests": {"cpu": "3"}}});
        let requests = pod_requests(&spec, []);
        assert_eq!(requests.cpu_milli(), Some(3000));
        assert!(requests.without_cpu().is_empty());
    }
}
