//! The explanation of an InferenceGraph: one component, its router.
//!
//! Explained is a new graph whose InferenceServices are ready: neither is among the facts. What an older graph leaves behind
//! is told in the chain.

#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::explain::chain::{Chain, Source};
use crate::explain::inert::Subject;
use crate::explain::inference_service::{finish, with_queue_proxy};
use crate::explain::knative::End;
use crate::explain::mode::Decided;
use crate::explain::replicas::KnativeBounds;
use crate::explain::types::{
    Admission, Autoscaler, ComponentExplanation, Explanation, Finding, ObjectRef,
};
use crate::explain::{creates, judge, knative, refused, standard, versions};
use crate::facts::Facts;
use crate::knative::annotations::{Annotations, CLASS, INITIAL_SCALE, MIN_SCALE};
use crate::kserve::annotations::STOP;
use crate::kserve::graph::{
    GraphContext, GraphPrediction, RouterConfig, extension, own_resources, predict,
    router_container, since,
};
use crate::kserve::standard::keda;
use crate::kserve::{
    ComponentResult, Effective, KnativeOutcome, Refused, RefusedBy, StandardOutcome,
    drops_initial_scale,
};
use crate::kubernetes::pod::ContainerRequests;
use crate::manifest::Extension;

/// Where the scaling fields stand.
const SPEC: &str = "/spec";
/// What Knative calls a container that has no name.
const USER_CONTAINER: &str = "user-container";

/// Explains an InferenceGraph.
pub(super) fn explain(value: &Value, object: ObjectRef, facts: &Facts) -> Explanation {
    let (mut explanation, template) = under(value, object, facts, true);
    let again = |other: &Facts| under(value, explanation.object.clone(), other, false).0;
    explanation.versions = versions::of_graph(value, &explanation, template.as_ref(), facts, again);
    explanation
}

/// The explanation alone.
pub(super) fn bare(value: &Value, facts: &Facts) -> Explanation {
    under(value, ObjectRef::default(), facts, false).0
}

/// What rules find about an InferenceGraph.
pub(super) fn findings(value: &Value, facts: &Facts) -> Vec<Finding> {
    under(value, ObjectRef::default(), facts, true).0.findings
}

/// The same without a look at other releases, and without findings where nobody asks; and the annotations of the router's
/// revision, in Knative mode.
fn under(
    value: &Value,
    object: ObjectRef,
    facts: &Facts,
    judges: bool,
) -> (Explanation, Option<Annotations>) {
    let context = GraphContext {
        router: facts.kserve_config.value.router.clone(),
        ..GraphContext::default()
    };
    let mut explanation = Explanation {
        object,
        ..Explanation::default()
    };
    let mut template = None;
    match predict(value, facts, &context) {
        Err(error) => {
            explanation.admission.kserve = Some(error.text.clone());
            let refused = Refused::Decode(error);
            explanation.findings = judge::refused(value, &refused, &explanation.admission, facts);
        }
        Ok(prediction) => {
            let router = Router {
                prediction: &prediction,
                facts,
                extension: extension(&prediction.graph),
                effective: effective(&prediction, facts),
            };
            explanation.components.push(router.explain());
            explanation.admission = admission(&prediction);
            if judges {
                explanation.findings = router.judge(value, &explanation);
            }
            let knative = prediction.knative();
            template = knative.map(|outcome| outcome.service.template_annotations.clone());
            explanation.deployment_mode = prediction.mode.map(|mode| mode.word);
        }
    }
    (explanation, template)
}

/// The annotations with which the objects are made, and where each comes from: the graph's own, none of them filtered.
fn effective(prediction: &GraphPrediction<'_>, facts: &Facts) -> Effective {
    let mut own: Annotations = prediction.annotations.clone();
    let mut added = Vec::new();
    if let ComponentResult::Knative(outcome) = &prediction.result {
        if drops_initial_scale(&own, facts) {
            own.remove(INITIAL_SCALE.canonical);
        }
        if !since::stamps_fields(facts.release()) {
            let template = &outcome.service.template_annotations;
            let absent = [CLASS, MIN_SCALE]
                .into_iter()
                .filter(|key| !own.contains_key(key.canonical));
            added = absent
                .filter_map(|key| template.get_key_value(key.canonical))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
        }
    }
    Effective::unite(None, &own, None, &[], &added)
}

fn admission(prediction: &GraphPrediction<'_>) -> Admission {
    let failure = prediction.failure.as_ref();
    let refusal = |by: RefusedBy| {
        failure
            .filter(|failure| failure.by == by)
            .map(|failure| failure.refusal.clone())
    };
    let keda = prediction
        .standard()
        .and_then(|outcome| keda::refusal(&outcome.keda_errors));
    Admission {
        kserve: prediction.create_error.clone(),
        knative: refusal(RefusedBy::Knative),
        kubernetes: schema(prediction).or_else(|| refusal(RefusedBy::Kubernetes)),
        keda: keda.cloned(),
    }
}

/// The API server's words about the schema, as kubectl prints them.
fn schema(prediction: &GraphPrediction<'_>) -> Option<String> {
    let errors = &prediction.schema_errors;
    creates::invalid(
        "InferenceGraph.serving.kserve.io",
        prediction.graph.name,
        errors.iter().map(|error| error.text.as_str()),
    )
}

/// The router of a graph, and everything that decides over it.
struct Router<'a> {
    prediction: &'a GraphPrediction<'a>,
    facts: &'a Facts,
    extension: Extension<'a>,
    effective: Effective,
}

impl Router<'_> {
    fn explain(&self) -> ComponentExplanation {
        let prediction = self.prediction;
        let mut chain = Chain::default();
        if let Some(mode) = &prediction.mode {
            Decided {
                mode,
                annotations: prediction.graph.annotations,
                model_mesh: "graphs know no ModelMesh: everything but Standard mode takes the Knative way",
                facts: self.facts,
            }
            .link(&mut chain);
        }
        let failure = prediction.failure.as_ref();
        let stopped = prediction.stopped && failure.is_none();
        let mut end = if stopped {
            self.stop(&mut chain);
            End::default()
        } else {
            self.walk(&mut chain)
        };
        self.subject(stopped).gather_graph(&mut chain);
        if stopped {
            end.autoscaler = Some(Autoscaler::Stopped);
        } else if failure.is_some() {
            end.autoscaler = Some(Autoscaler::Unmanaged);
        }
        let made = if stopped {
            Vec::new()
        } else {
            creates::scaled(
                prediction.graph.name,
                &prediction.result,
                self.facts.knative.value,
            )
        };
        let failure = failure.map(|failure| failure.text.clone());
        finish("router", end, chain, self.class(), made, failure)
    }

    fn judge(&self, value: &Value, explanation: &Explanation) -> Vec<Finding> {
        let Some(explained) = explanation.components.first() else {
            return Vec::new();
        };
        let router = self.facts.kserve_config.value.router.as_ref();
        let containers = router.map(|router| router_container(&self.prediction.graph, router));
        let containers: Vec<ContainerRequests> = containers.into_iter().collect();
        let router = judge::Router {
            prediction: self.prediction,
            explained,
            extension: &self.extension,
            effective: &self.effective,
            containers: &containers,
        };
        judge::graph(value, &router, &explanation.admission, self.facts)
    }

    fn subject(&self, stopped: bool) -> Subject<'_> {
        let graph = &self.prediction.graph;
        Subject {
            name: "graph",
            noun: "graph",
            pointer: SPEC,
            fields: graph.spec,
            extension: &self.extension,
            object: graph.annotations,
            found: &self.prediction.annotations,
            spec: graph.spec,
            is_first: true,
            effective: &self.effective,
            stopped,
            result: &self.prediction.result,
            facts: self.facts,
        }
    }

    fn class(&self) -> Option<String> {
        match &self.prediction.result {
            ComponentResult::Nothing => None,
            ComponentResult::Standard(outcome) => {
                Some(outcome.class.clone()).filter(|class| !class.is_empty())
            }
            ComponentResult::Knative(outcome) => {
                let annotations = &outcome.service.template_annotations;
                annotations.get(CLASS.canonical).cloned()
            }
        }
    }

    fn stop(&self, chain: &mut Chain) {
        let standard = matches!(self.prediction.result, ComponentResult::Standard(_));
        let effect = if standard {
            "KServe deletes the router's Deployment and Service; an HPA that it has made stays, since KServe deletes those of InferenceServices only"
        } else {
            "KServe deletes the router's Knative Service"
        };
        let source = Source::annotation("/metadata", STOP);
        chain.link("stop", true, source, effect);
    }

    fn walk(&self, chain: &mut Chain) -> End {
        match (
            &self.prediction.result,
            &self.facts.kserve_config.value.router,
        ) {
            (ComponentResult::Standard(outcome), Ok(router)) => {
                self.standard(chain, outcome, router)
            }
            (ComponentResult::Knative(outcome), Ok(router)) => self.knative(chain, outcome, router),
            (_, Err(failure)) => {
                chain.link(
                    "router",
                    Value::Null,
                    self.router_config(),
                    &*failure.refusal,
                );
                End::default()
            }
            (ComponentResult::Nothing, Ok(_)) => End::default(),
        }
    }

    fn standard(&self, chain: &mut Chain, outcome: &StandardOutcome, router: &RouterConfig) -> End {
        let end = standard::Scaled {
            pointer: SPEC,
            extension: &self.extension,
            effective: &self.effective,
            outcome,
            containers: &[router_container(&self.prediction.graph, router)],
            requests: self.requests(),
            facts: self.facts,
        }
        .explain(chain);
        self.left_hpa(chain, &outcome.class);
        end
    }

    /// What becomes of the HPA that a graph had under the class `hpa`.
    fn left_hpa(&self, chain: &mut Chain, class: &str) {
        let effect = match (class, since::left_hpa(self.facts.release())) {
            ("hpa", _) => return,
            ("keda", _) => {
                "an HPA from before is not deleted, and KEDA then refuses the ScaledObject on its account"
            }
            ("external", since::LeftHpa::Deleted) => return,
            ("external", since::LeftHpa::Untouched) => {
                "an HPA from before is not deleted and goes on scaling"
            }
            _ => {
                "an HPA from before is not deleted but kept up to date, and goes on scaling: KServe deletes those of InferenceServices only"
            }
        };
        let source = Source::default("KServe controller");
        chain.link("leftHpa", "kept", source, effect);
    }

    fn knative(&self, chain: &mut Chain, outcome: &KnativeOutcome, router: &RouterConfig) -> End {
        let template = &outcome.service.template_annotations;
        let stamps = since::stamps_fields(self.facts.release());
        let extension = Some(&self.extension).filter(|_| stamps);
        let Some(pod_autoscaler) = &outcome.pod_autoscaler else {
            let bounds = KnativeBounds {
                pointer: SPEC,
                extension,
                effective: &self.effective,
                facts: self.facts,
            };
            refused::link(chain, &bounds, template);
            return End::default();
        };
        let containers = vec![ContainerRequests {
            name: USER_CONTAINER.to_owned(),
            ..router_container(&self.prediction.graph, router)
        }];
        knative::Scaled {
            pointer: SPEC,
            extension,
            limit: None,
            effective: &self.effective,
            template,
            pod_autoscaler,
            hpa: outcome.hpa.as_ref(),
            containers: &with_queue_proxy(containers, template, self.facts),
            requests: self.requests(),
            facts: self.facts,
        }
        .explain(chain)
    }

    /// Where the router's requests come from. The graph's own replace the ConfigMap's as a whole.
    fn requests(&self) -> Source {
        if own_resources(&self.prediction.graph) {
            Source::field("/spec/resources")
        } else {
            self.router_config()
        }
    }

    fn router_config(&self) -> Source {
        let assumed = if self.facts.kserve_config.is_known() {
            ""
        } else {
            " (assumed)"
        };
        Source::default(format!(
            "ConfigMap inferenceservice-config, router{assumed}"
        ))
    }
}
