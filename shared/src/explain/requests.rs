//! What 100 % of a request is: the containers of the pod and what each requests.

use serde_json::{Value, json};

use super::chain::{Chain, Source};
use crate::kubernetes::pod::{ContainerRequests, Request};

/// Adds the link that says what a percentage is a percentage of, or which container keeps it from being worked out.
pub(super) fn link(
    chain: &mut Chain,
    resource: &str,
    containers: &[ContainerRequests],
    source: Source,
) {
    let of = |one: &ContainerRequests| -> Option<Request> {
        if resource == "memory" {
            one.memory.clone()
        } else {
            one.cpu.clone()
        }
    };
    let listed: Vec<String> = containers
        .iter()
        .map(|one| match of(one) {
            Some(request) => format!("{} {}", one.name, request.amount),
            None => format!("{} none", one.name),
        })
        .collect();
    let missing: Vec<&str> = containers
        .iter()
        .filter(|one| of(one).is_none())
        .map(|one| one.name.as_str())
        .collect();
    let effect = if missing.is_empty() {
        "the percentage is of what all containers request together".to_owned()
    } else {
        format!(
            "without a {resource} request on {} no percentage can be worked out, and nothing scales",
            missing.join(", ")
        )
    };
    let value: Value = json!(listed.join(" + "));
    chain.link("requests", value, source, effect);
}

/// Where the requests of a model's pod come from.
pub(super) fn of_pod(assumed: bool) -> Source {
    Source::default(if assumed {
        "pod: the runtime's requests (assumed), and what Knative adds"
    } else {
        "pod: the requests of its containers"
    })
}
