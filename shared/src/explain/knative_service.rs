//! The explanation of a Knative Service.

use serde_json::{Map, Value};

use super::chain::Chain;
use super::differences::Summary;
use super::inert::knative::{
    KPA_ONLY, KPA_READS, METRIC_DROPPED, NEVER_ZERO, drops_metric, unknown,
};
use super::inference_service::{finish, with_queue_proxy};
use super::knative::{End, Scaled};
use super::types::{Admission, Autoscaler, ComponentExplanation, Explanation, Finding, ObjectRef};
use super::versions::of_knative;
use super::{judge, requests};
use crate::facts::Facts;
use crate::knative::KnativeVersion;
use crate::knative::annotations::{AUTOSCALING_GROUP, METRIC, MIN_SCALE, read_as};
use crate::knative::class::Owner;
use crate::knative::service::decode_error;
use crate::knative::{ParsedService, PodAutoscaler, Service};
use crate::kserve::{Effective, Hpa};
use crate::kubernetes::pod::pod_requests;
use crate::manifest::child;
use crate::rules::{self, Pod};

/// Where the template's metadata stands.
const TEMPLATE: &str = "/spec/template/metadata";

/// Where the template's annotations stand.
const ANNOTATIONS: &str = "/spec/template/metadata/annotations";

/// Where the template's limit of requests at a time stands.
const LIMIT: &str = "/spec/template/spec/containerConcurrency";

/// Explains a Knative Service.
pub(super) fn explain(value: &Value, object: ObjectRef, facts: &Facts) -> Explanation {
    let (admission, component, findings) = answer(value, facts, true);
    let components = vec![component];
    let here = Summary::of_knative(&components, admission.knative.clone());
    let parsed = ParsedService::new(value);
    let templates = std::iter::once(parsed.service().template.annotations);
    let versions = of_knative(value, templates, &here, facts, |facts| {
        let (admission, component, _) = answer(value, facts, false);
        Ok(Summary::of_knative(&[component], admission.knative))
    });
    Explanation {
        object,
        deployment_mode: None,
        admission,
        components,
        versions,
        findings,
        observed: None,
    }
}

/// The explanation alone.
pub(super) fn bare(value: &Value, facts: &Facts) -> Explanation {
    let (admission, component, findings) = answer(value, facts, false);
    Explanation {
        object: ObjectRef::default(),
        deployment_mode: None,
        admission,
        components: vec![component],
        versions: Vec::new(),
        findings,
        observed: None,
    }
}

/// What rules find about a Knative Service.
pub(super) fn findings(value: &Value, facts: &Facts) -> Vec<Finding> {
    answer(value, facts, true).2
}

/// Findings only where they are asked for: other releases are compared without.
fn answer(
    value: &Value,
    facts: &Facts,
    judges: bool,
) -> (Admission, ComponentExplanation, Vec<Finding>) {
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
    let pod_autoscaler = configs.ok().map(|configs| service.predict(configs));
    let accepted = pod_autoscaler
        .as_ref()
        .filter(|_| admission.knative.is_none());
    let hpa = accepted.and_then(|one| one.hpa.clone()).map(Hpa::of);
    if let Some(hpa) = hpa.as_ref().filter(|hpa| !hpa.errors.is_empty()) {
        admission.kubernetes = Some(hpa.errors.join(", "));
    }
    let pod = value.pointer("/spec/template/spec").unwrap_or(&Value::Null);
    let containers = pod_requests(pod, []).containers;
    let effective = Effective::of_component(service.template.annotations);
    let end = match accepted {
        Some(pod_autoscaler) => {
            let with_proxy =
                with_queue_proxy(containers.clone(), service.template.annotations, facts);
            Scaled {
                pointer: TEMPLATE,
                extension: None,
                limit: value
                    .pointer(LIMIT)
                    .filter(|limit| !limit.is_null())
                    .map(|_| LIMIT.to_owned()),
                effective: &effective,
                template: service.template.annotations,
                pod_autoscaler,
                hpa: hpa.as_ref(),
                containers: &with_proxy,
                requests: requests::of_pod(false),
                facts,
            }
            .explain(&mut chain)
        }
        None => End {
            autoscaler: Some(Autoscaler::Unmanaged),
            ..End::default()
        },
    };
    let written = value.pointer(ANNOTATIONS).and_then(Value::as_object);
    inert(&mut chain, &service, written, accepted, facts.knative.value);
    let class = pod_autoscaler.as_ref().map(|one| one.class.clone());
    let component = finish("service", end, chain, class, Vec::new(), failure);
    if !judges {
        return (admission, component, Vec::new());
    }
    let scaled = rules::Scaled {
        pointer: "/spec/template",
        explained: &component,
        extension: None,
        fields: None,
        component: None,
        outcome: None,
        effective: Some(&effective),
        template: Some(service.template.annotations),
        pod_autoscaler: accepted,
        hpa: hpa.as_ref(),
        standard: None,
        written: written
            .map(|map| (ANNOTATIONS.to_owned(), map))
            .into_iter()
            .collect(),
        pod: Pod::Containers(&containers),
    };
    let findings = judge::knative_service(value, scaled, &admission, facts);
    (admission, component, findings)
}

/// Template annotations that nothing reads: older spellings beside the new ones, and names that nobody knows.
fn inert(
    chain: &mut Chain,
    service: &Service<'_>,
    written: Option<&Map<String, Value>>,
    pod_autoscaler: Option<&PodAutoscaler>,
    release: KnativeVersion,
) {
    let hpa = pod_autoscaler.is_some_and(|one| one.owner == Owner::Hpa);
    for (key, text) in written.into_iter().flatten() {
        if !key.starts_with(AUTOSCALING_GROUP) {
            continue;
        }
        let pointer = child(ANNOTATIONS, key);
        match read_as(key, release) {
            None => chain.inert(&rules::KS110, pointer, text, unknown(key, release)),
            Some((_, read))
                if read.alias == Some(key)
                    && service.template.annotations.contains_key(read.canonical) =>
            {
                chain.inert(
                    &rules::KS111,
                    pointer,
                    text,
                    format!("{} wins over this older spelling", read.canonical),
                );
            }
            Some((known, _)) if hpa && KPA_ONLY.contains(&known) => {
                chain.inert(&rules::KS211, pointer, text, KPA_READS);
            }
            Some((METRIC, _)) if pod_autoscaler.is_some_and(drops_metric) => {
                chain.inert(&rules::KS203, pointer, text, METRIC_DROPPED);
            }
            Some((MIN_SCALE, _)) if hpa && text.as_str() == Some("0") => {
                chain.inert(&rules::KS304, pointer, text, NEVER_ZERO);
            }
            Some(_) => {}
        }
    }
}
