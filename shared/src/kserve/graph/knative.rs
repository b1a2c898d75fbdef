//! A graph in Knative mode, which is every mode but Standard.
//! Source: kserve/kserve 0.11–0.20, `pkg/controller/v1alpha1/inferencegraph/{controller,knative_reconciler}.go` and
//! `pkg/controller/v1alpha1/utils/utils.go`.

use super::objects::{ObjectKind, Verb, Writes};
use super::router::knative_pod;
use super::since;
use super::{RouterConfig, is_stopped};
use crate::facts::{ConfigAutoscaler, Facts};
use crate::go::parse_bool;
use crate::knative::annotations::{Annotations, CLASS, INITIAL_SCALE, KPA_CLASS, MIN_SCALE};
use crate::knative::{Configs, Service, Template};
use crate::kserve::annotations::KSVC_ONLY;
use crate::kserve::knative_mode::{Stamped, stamp};
use crate::kserve::mode::knative_word;
use crate::kserve::outcome::{Hpa, Result as Outcome};
use crate::kserve::{
    Behaviour, Failure, KnativeOutcome, KnativeService, RefusedBy, Release, drops_initial_scale,
};
use crate::manifest::InferenceGraph;

/// The one annotation of [`KSVC_ONLY`] that a graph moves; the rollout duration stays on the template, where it does nothing.
const MOVED: &str = KSVC_ONLY[1];

/// What stops the controller before it builds anything, whatever word stands for the mode.
pub(super) fn gate(graph: &InferenceGraph<'_>, facts: &Facts) -> Option<Failure> {
    let release = facts.release();
    let refuse = |prefix: &str, text: &str| Some(Failure::new(RefusedBy::Kserve, prefix, text));
    if release.has(Behaviour::KnativeGate) && !facts.knative_installed.value {
        let text = format!(
            "the resolved deployment mode of InferenceGraph '{}' is {}, but Knative Serving is not available",
            graph.name,
            knative_word(release)
        );
        return refuse("terminal error: ", &text);
    }
    if !release.has(Behaviour::ConfigAutoscalerGate) {
        return None;
    }
    let prefix = "failed to retrieve the knative autoscaler configuration: ";
    match &facts.config_autoscaler.value {
        ConfigAutoscaler::Missing => refuse(
            prefix,
            "fails to retrieve the config-autoscaler configmap from the knative-serving namespace.: configmaps \
             \"config-autoscaler\" not found",
        ),
        ConfigAutoscaler::Data { data, .. } => {
            let zero = data
                .get("allow-zero-initial-scale")
                .map_or("false", String::as_str);
            parse_bool(zero)
                .err()
                .and_then(|error| refuse(prefix, &error.to_string()))
        }
    }
}

/// Builds the Knative Service. Nothing is filtered: all annotations of the graph go to the template.
#[must_use]
pub fn build(
    graph: &InferenceGraph<'_>,
    annotations: &Annotations,
    facts: &Facts,
) -> KnativeService {
    let release = facts.release();
    let mut template = annotations.clone();
    if drops_initial_scale(annotations, facts) {
        template.remove(INITIAL_SCALE.canonical);
    }
    scaling(graph, &mut template, release);
    KnativeService {
        name: graph.name.to_owned(),
        annotations: template.remove_entry(MOVED).into_iter().collect(),
        template_annotations: template,
        container_concurrency: None,
        timeout_seconds: graph.timeout,
        traffic: Vec::new(),
    }
}

/// Until 0.15.0 the scaling fields were accepted and ignored, and an annotation could set min-scale.
fn scaling(graph: &InferenceGraph<'_>, template: &mut Annotations, release: Release) {
    if since::stamps_fields(release) {
        let fields = Stamped {
            target: graph.scale_target,
            metric: graph.scale_metric,
            min: graph.min_replicas,
            max: graph.max_replicas,
        };
        return stamp(template, fields);
    }
    for (key, default) in [(CLASS, KPA_CLASS), (MIN_SCALE, "1")] {
        template
            .entry(key.canonical.to_owned())
            .or_insert_with(|| default.to_owned());
    }
}

/// Sends the Knative Service, or deletes it where the graph is stopped.
pub(super) fn reconcile(
    graph: &InferenceGraph<'_>,
    annotations: &Annotations,
    router: &RouterConfig,
    facts: &Facts,
    writes: &mut Writes,
) -> (Outcome, Option<Failure>) {
    let release = facts.release();
    let kind = ObjectKind::KnativeService;
    if is_stopped(annotations, release) {
        if writes.after.knative_service.take().is_some() {
            writes.note(Verb::Delete, kind);
        }
        return (Outcome::Nothing, None);
    }
    let exists = writes.after.knative_service.is_some();
    writes.note(
        if exists {
            Verb::DryRunUpdate
        } else {
            Verb::Create
        },
        kind,
    );
    let service = build(graph, annotations, facts);
    let wrap = |text: &str| {
        let again = if exists {
            "fails to reconcile inference graph knative service: "
        } else {
            ""
        };
        let prefix = format!("fails to reconcile inference graph ksvc: {again}");
        Failure::new(RefusedBy::Knative, &prefix, text)
    };
    let configs = match &facts.knative_configs {
        Ok(configs) => configs,
        Err(text) => return (Outcome::Nothing, Some(wrap(text))),
    };
    let outcome = judge(service, graph, router, configs, release);
    let failure = outcome.error.as_ref().map(|text| {
        wrap(&format!(
            "admission webhook \"validation.webhook.serving.knative.dev\" denied the request: validation failed: {text}"
        ))
    });
    if failure.is_none() {
        if exists {
            writes.note(Verb::Update, kind);
        }
        writes.after.knative_service = Some(outcome.service.clone());
    }
    (Outcome::Knative(Box::new(outcome)), failure)
}

/// What Knative makes of the Service.
fn judge(
    service: KnativeService,
    graph: &InferenceGraph<'_>,
    router: &RouterConfig,
    configs: &Configs,
    release: Release,
) -> KnativeOutcome {
    let pod = knative_pod(graph, router, release);
    let sent = Service {
        name: &service.name,
        generate_name: "",
        annotations: &service.annotations,
        template: Template {
            annotations: &service.template_annotations,
            name: "",
            generate_name: "",
            container_concurrency: service.container_concurrency,
            timeout_seconds: service.timeout_seconds,
            pod: Some(&pod),
        },
        traffic: &[],
    };
    let error = sent.validate(configs);
    let pod_autoscaler = error.is_none().then(|| sent.predict(configs));
    let hpa = pod_autoscaler
        .as_ref()
        .and_then(|pa| pa.hpa.clone())
        .map(Hpa::of);
    KnativeOutcome {
        error,
        pod_autoscaler,
        hpa,
        service,
    }
}
