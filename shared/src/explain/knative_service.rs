//! The explanation of a Knative Service.

use serde_json::Value;

use super::chain::Chain;
use super::inert::knative::{KPA_ONLY, KPA_READS, METRIC_DROPPED, drops_metric};
use super::inference_service::{finish, with_queue_proxy};
use super::knative::{End, Scaled};
use super::types::{Admission, Autoscaler, Explanation, ObjectRef};
use crate::facts::Facts;
use crate::knative::annotations::{AUTOSCALING, AUTOSCALING_GROUP, METRIC};
use crate::knative::class::Owner;
use crate::knative::service::decode_error;
use crate::knative::{Configs, ParsedService, PodAutoscaler, Service};
use crate::kserve::{Effective, Hpa};
use crate::kubernetes::pod::pod_requests;
use crate::manifest::child;
use crate::rules;

/// Where the template's metadata stands.
const TEMPLATE: &str = "/spec/template/metadata";

/// Explains a Knative Service.
pub(super) fn explain(value: &Value, object: ObjectRef, facts: &Facts) -> Explanation {
    let parsed = ParsedService::new(value);
    let service = parsed.service();
    let mut chain = Chain::default();
    let mut admission = Admission::default();
    let refused = decode_error(value);
    let configs = facts.knative_configs.as_ref();
    admission.knative = match (refused, configs) {
        (Some(text), _) => Some(text),
        (None, Ok(configs)) => service
            .validate(configs)
            .map(|text| format!("validation failed: {text}")),
        (None, Err(_)) => None,
    };
    let failure = configs
        .err()
        .map(|text| format!("{text}: Knative keeps what it read before, which is unknown here"));
    let end = match configs {
        Ok(configs) if admission.knative.is_none() => {
            let (end, hpa) = walk(&mut chain, value, &service, configs, facts);
            if let Some(hpa) = hpa.filter(|hpa| !hpa.errors.is_empty()) {
                admission.kubernetes = Some(hpa.errors.join(", "));
            }
            end
        }
        _ => End {
            autoscaler: Some(Autoscaler::Unmanaged),
            ..End::default()
        },
    };
    let pod_autoscaler = configs.ok().map(|configs| service.predict(configs));
    inert(&mut chain, &service, pod_autoscaler.as_ref(), value);
    let class = pod_autoscaler.map(|pod_autoscaler| pod_autoscaler.class);
    Explanation {
        object,
        deployment_mode: None,
        admission,
        components: vec![finish("service", end, chain, class, Vec::new(), failure)],
        versions: Vec::new(),
        findings: Vec::new(),
    }
}

fn walk(
    chain: &mut Chain,
    value: &Value,
    service: &Service<'_>,
    configs: &Configs,
    facts: &Facts,
) -> (End, Option<Hpa>) {
    let pod_autoscaler = service.predict(configs);
    let hpa = pod_autoscaler.hpa.clone().map(Hpa::of);
    let effective = Effective::of_component(service.template.annotations);
    let pod = value.pointer("/spec/template/spec").unwrap_or(&Value::Null);
    let containers = pod_requests(pod, []).containers;
    let containers = with_queue_proxy(containers, service.template.annotations, facts);
    let end = Scaled {
        pointer: TEMPLATE,
        extension: None,
        effective: &effective,
        template: service.template.annotations,
        pod_autoscaler: &pod_autoscaler,
        hpa: hpa.as_ref(),
        containers: &containers,
        containers_assumed: false,
        facts,
    }
    .explain(chain);
    (end, hpa)
}

/// Template annotations that nothing reads: older spellings beside the new ones, names that nobody knows, and what the class
/// has no use for.
fn inert(
    chain: &mut Chain,
    service: &Service<'_>,
    pod_autoscaler: Option<&PodAutoscaler>,
    value: &Value,
) {
    let hpa = pod_autoscaler.filter(|pod_autoscaler| pod_autoscaler.owner == Owner::Hpa);
    let written = value
        .pointer("/spec/template/metadata/annotations")
        .and_then(Value::as_object);
    for (key, text) in written.into_iter().flatten() {
        if !key.starts_with(AUTOSCALING_GROUP) {
            continue;
        }
        let pointer = child(&format!("{TEMPLATE}/annotations"), key);
        let known = AUTOSCALING
            .iter()
            .find(|known| known.canonical == key || known.alias == Some(key));
        match known {
            None => chain.inert(
                &rules::KS110,
                pointer,
                text,
                "Knative knows no annotation of this name",
            ),
            Some(known)
                if known.alias == Some(key)
                    && service.template.annotations.contains_key(known.canonical) =>
            {
                chain.inert(
                    &rules::KS111,
                    pointer,
                    text,
                    format!("{} wins over this older spelling", known.canonical),
                );
            }
            Some(known) if hpa.is_some() && KPA_ONLY.contains(known) => {
                chain.inert(&rules::KS211, pointer, text, KPA_READS);
            }
            Some(known) if *known == METRIC && hpa.is_some_and(drops_metric) => {
                chain.inert(&rules::KS203, pointer, text, METRIC_DROPPED);
            }
            Some(_) => {}
        }
    }
}
