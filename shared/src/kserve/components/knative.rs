//! A component in Knative mode: the Knative Service that the controller sends, and what Knative makes of it.
//! Source: kserve/kserve 0.11–0.20, `pkg/controller/v1beta1/inferenceservice/components/*.go`.

use serde_json::{Map, Value};

use super::{Context, outcome};
use crate::knative::{Service, Template};
use crate::kserve::annotations::STOP;
use crate::kserve::effective::Effective;
use crate::kserve::knative_mode;
use crate::kserve::outcome::{ComponentOutcome, Failure, Hpa, KnativeOutcome, RefusedBy, Result};
use crate::kserve::release::Behaviour;
use crate::manifest::Component;

impl Context<'_> {
    pub(super) fn knative(
        &self,
        component: &Component<'_>,
        name: String,
        effective: Effective,
    ) -> ComponentOutcome {
        let release = self.release();
        let rolled_out = self.service.latest_rolledout_revision(component.kind);
        let service = knative_mode::build(
            &name,
            &effective.annotations,
            &component.extension,
            rolled_out,
            release,
        );
        let stop = service.template_annotations.get(STOP);
        let stopped = stop.is_some_and(|value| value.eq_ignore_ascii_case("true"));
        if stopped && release.has(Behaviour::StopKnative) {
            return ComponentOutcome {
                stopped: true,
                ..outcome(component, name, effective, None)
            };
        }
        let configs = match &self.facts.knative_configs {
            Ok(configs) => configs,
            Err(text) => {
                let failure = Failure::new(RefusedBy::Knative, "", text);
                return outcome(component, name, effective, Some(failure));
            }
        };
        let pod = gated_pod_fields(component);
        let sent = Service {
            name: &name,
            generate_name: "",
            annotations: &service.annotations,
            template: Template {
                annotations: &service.template_annotations,
                name: "",
                generate_name: "",
                container_concurrency: service.container_concurrency,
                timeout_seconds: service.timeout_seconds,
                pod: pod.as_ref(),
            },
            traffic: &[],
        };
        let error = sent.validate(configs);
        let failure = error.as_ref().map(|text| {
            let prefix = format!("fails to reconcile {}: ", component.kind.as_str());
            let refusal = format!(
                "admission webhook \"validation.webhook.serving.knative.dev\" denied the request: validation failed: {text}"
            );
            Failure::new(RefusedBy::Knative, &prefix, &refusal)
        });
        let pod_autoscaler = error.is_none().then(|| sent.predict(configs));
        let hpa = pod_autoscaler
            .as_ref()
            .and_then(|pa| pa.hpa.clone())
            .map(Hpa::of);
        ComponentOutcome {
            created: vec![format!("Service.serving.knative.dev/{name}")],
            result: Result::Knative(Box::new(KnativeOutcome {
                service,
                error,
                pod_autoscaler,
                hpa,
            })),
            ..outcome(component, name, effective, failure)
        }
    }
}

/// Pod fields that a Knative Service may have only behind a feature flag, where the component writes any.
const GATED: [&str; 15] = [
    "affinity",
    "dnsConfig",
    "dnsPolicy",
    "hostAliases",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "nodeSelector",
    "priorityClassName",
    "runtimeClassName",
    "schedulerName",
    "securityContext",
    "shareProcessNamespace",
    "tolerations",
    "topologySpreadConstraints",
];

fn gated_pod_fields(component: &Component<'_>) -> Option<Value> {
    let written = GATED
        .iter()
        .filter_map(|key| Some((*key, component.fields.get(*key)?)));
    let mut pod: Map<String, Value> = written
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .collect();
    if pod.is_empty() {
        return None;
    }
    pod.insert(
        "containers".to_owned(),
        serde_json::json!([{"name": "kserve-container", "image": "model"}]),
    );
    Some(Value::Object(pod))
}
