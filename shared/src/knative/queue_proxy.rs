//! What queue-proxy, the container that Knative puts beside every user container, requests.
//!
//! Source: knative/serving 1.23, pkg/reconciler/revision/resources/{queue,resourceboundary}.go.

use super::annotations::{
    Annotations, Key, QUEUE_CPU_REQUEST, QUEUE_MEMORY_REQUEST, QUEUE_RESOURCE_PERCENTAGE,
};
use super::config_features::Feature;
use super::configs::Configs;
use super::kpa::float;
use super::release::{Behaviour, KnativeVersion};
use crate::go;
use crate::kubernetes::pod::{ContainerRequests, Request, RequestSource};
use crate::kubernetes::{Format, Quantity};

const MEBIBYTE: i64 = 1 << 20;

/// The requests of queue-proxy: an explicit annotation wins over a percentage of the user container's request, and both
/// over `config-deployment`. Without all that it is 25m of CPU and no memory.
#[must_use]
pub fn queue_proxy_requests(
    configs: &Configs,
    annotations: &Annotations,
    user_container: &ContainerRequests,
) -> ContainerRequests {
    let (deployment, release) = (&configs.deployment, configs.release());
    let cpu_source = if deployment.queue_cpu_request_is_set {
        RequestSource::ConfigMap
    } else {
        RequestSource::Default
    };
    let configured =
        |amount: &Option<Quantity>, source| amount.clone().map(|amount| Request { amount, source });
    // The feature has a default for memory too.
    let memory =
        configured(&deployment.queue_memory_request, RequestSource::ConfigMap).or_else(|| {
            configs
                .features
                .is_enabled(Feature::QueueProxyResourceDefaults)
                .then(|| Request {
                    amount: Quantity::new(400 * MEBIBYTE, Format::BinarySi),
                    source: RequestSource::Default,
                })
        });
    let percentage = float(annotations, QUEUE_RESOURCE_PERCENTAGE.at(release));
    let fraction = percentage.map(|percentage| percentage / 100.0);
    let cpu_bounds = [25, 100].map(|milli| Quantity::from_milli(milli, Format::DecimalSi));
    let memory_bounds = [50, 200].map(|mib| Quantity::new(mib * MEBIBYTE, Format::BinarySi));
    ContainerRequests {
        name: "queue-proxy".to_owned(),
        cpu: explicit(annotations, QUEUE_CPU_REQUEST, release)
            .or_else(|| share(fraction, user_container.cpu.as_ref(), cpu_bounds))
            .or_else(|| configured(&deployment.queue_cpu_request, cpu_source)),
        memory: explicit(annotations, QUEUE_MEMORY_REQUEST, release)
            .or_else(|| share(fraction, user_container.memory.as_ref(), memory_bounds))
            .or(memory),
    }
}

fn explicit(annotations: &Annotations, key: Key, release: KnativeVersion) -> Option<Request> {
    if !release.has(Behaviour::QueueResources) {
        return None;
    }
    let amount = Quantity::parse(key.value(annotations)?).ok()?;
    Some(Request {
        amount,
        source: RequestSource::Annotation,
    })
}

/// A percentage of what the user container requests, within bounds.
fn share(fraction: Option<f64>, of: Option<&Request>, bounds: [Quantity; 2]) -> Option<Request> {
    let fraction = fraction?;
    // A limit becomes a request only in the pod itself, later than this.
    let of =
        of.filter(|request| request.source != RequestSource::Limit && !request.amount.is_zero())?;
    let milli = go::float_to_i64(of.amount.milli_value() as f64 * fraction);
    let [lowest, highest] = bounds;
    let amount = Quantity::from_milli(milli, Format::BinarySi)
        .max(lowest)
        .min(highest);
    Some(Request {
        amount,
        source: RequestSource::Annotation,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kubernetes::pod::container_requests;

    #[test]
    fn annotations_win_over_config_maps() {
        let user = container_requests(
            &json!({"name": "user", "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}}),
        );
        let cpu = |pairs: &[(&str, &str)]| {
            let prefix = "queue.sidecar.serving.knative.dev";
            let annotations = pairs
                .iter()
                .map(|(k, v)| (format!("{prefix}/{k}"), (*v).to_owned()))
                .collect();
            let requests = queue_proxy_requests(&Configs::default(), &annotations, &user);
            (
                requests.cpu.unwrap().amount.milli_value(),
                requests.memory.map(|m| m.amount.value() / MEBIBYTE),
            )
        };
        assert_eq!(cpu(&[]), (25, None));
        assert_eq!(cpu(&[("resource-percentage", "5")]), (50, Some(51)));
        assert_eq!(cpu(&[("resourcePercentage", "50")]), (100, Some(200)));
        assert_eq!(
            cpu(&[("resource-percentage", "5"), ("cpu-resource-request", "7m")]),
            (7, Some(51))
        );
    }
}
