//! What KServe does with an InferenceGraph: webhook, mode, controller, and what comes of it in either mode.
//!
//! A graph is one router, scaled as one component. [`predict`] says what one reconcile makes of it. Other than with an
//! InferenceService there is no defaulter, the webhook checks no scaling field, no annotation is filtered, and what exists
//! already decides: an HPA is updated for ever and never deleted, and a change of mode leaves the old objects behind. So
//! the objects go in and come out again ([`GraphObjects`]), and a series of changes is a series of calls.
//! Source: kserve/kserve 0.11–0.20, `pkg/controller/v1alpha1/inferencegraph/controller.go`.

mod knative;
mod objects;
mod router;
pub mod schema;
mod services;
pub mod since;
mod standard;
pub mod webhook;

pub use knative::build as build_knative_service;
pub use objects::{GraphObjects, ObjectKind, Operation, RouterDeployment, Verb};
pub use router::{
    RouterConfig, container as router_container, own_resources, resources as router_resources,
};
pub use services::GraphServices;
pub use standard::extension;

use serde_json::Value;

use super::annotations::{DEPLOYMENT_MODE, STOP};
use super::mode::{self, Mode};
use super::outcome::{Failure, Hpa, KnativeOutcome, RefusedBy, Result as Outcome, StandardOutcome};
use super::release::Release;
use super::schema::SchemaError;
use crate::facts::Facts;
use crate::knative::annotations::Annotations;
use crate::manifest::{DecodeError, InferenceGraph};
use objects::Writes;

/// What a graph meets in its cluster, beside the facts that all workloads share.
#[derive(Clone, Debug)]
pub struct GraphContext {
    /// The router's configuration, or why it cannot be read.
    pub router: Result<RouterConfig, Failure>,
    /// The InferenceServices that it may refer to.
    pub services: GraphServices,
    /// What exists of it.
    pub objects: GraphObjects,
}

impl Default for GraphContext {
    /// A new graph in a cluster with the shipped router, whose services are all ready.
    fn default() -> Self {
        Self {
            router: Ok(RouterConfig::shipped()),
            services: GraphServices::default(),
            objects: GraphObjects::default(),
        }
    }
}

/// What one reconcile of a graph ends in.
#[derive(Clone, Debug)]
pub struct GraphPrediction<'a> {
    /// The graph as the release decodes it.
    pub graph: InferenceGraph<'a>,
    /// Its annotations.
    pub annotations: Annotations,
    /// Values that the CRD's schema refuses.
    pub schema_errors: Vec<SchemaError>,
    /// The validating webhook's text, if it refuses.
    pub create_error: Option<String>,
    /// The deployment mode; none where KServe's ConfigMap is broken.
    pub mode: Option<Mode>,
    /// Whether the annotation `stop` keeps it from running.
    pub stopped: bool,
    /// Why the controller fails, if it does.
    pub failure: Option<Failure>,
    /// What scales the router.
    pub result: Outcome,
    /// What the controller writes, in order, refused writes among them.
    pub operations: Vec<Operation>,
    /// What exists afterwards.
    pub after: GraphObjects,
    /// Whether the controller comes back by itself: it waits for a service or for its Deployment.
    pub requeues: bool,
}

impl GraphPrediction<'_> {
    /// The objects it creates, as `Kind.group/name`, in order; also where they are refused.
    #[must_use]
    pub fn created(&self) -> Vec<String> {
        let made = self
            .operations
            .iter()
            .filter(|operation| operation.verb == Verb::Create);
        made.map(|operation| format!("{}/{}", operation.object.group_kind(), self.graph.name))
            .collect()
    }

    /// The outcome in Knative mode.
    #[must_use]
    pub fn knative(&self) -> Option<&KnativeOutcome> {
        match &self.result {
            Outcome::Knative(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// The outcome in Standard mode. Of a stopped graph it holds the HPA that is left behind, and an empty class.
    #[must_use]
    pub fn standard(&self) -> Option<&StandardOutcome> {
        match &self.result {
            Outcome::Standard(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// The HPA that is sent, by KServe or by Knative.
    #[must_use]
    pub fn hpa(&self) -> Option<&Hpa> {
        match &self.result {
            Outcome::Knative(outcome) => outcome.hpa.as_ref(),
            Outcome::Standard(outcome) => outcome.hpa.as_ref(),
            Outcome::Nothing => None,
        }
    }
}

/// Predicts one reconcile of a graph. Every stage is run, also behind a webhook that refuses.
///
/// # Errors
/// A value of a type that the API does not accept.
pub fn predict<'a>(
    value: &'a Value,
    facts: &Facts,
    context: &GraphContext,
) -> Result<GraphPrediction<'a>, DecodeError> {
    let release = facts.release();
    let graph = InferenceGraph::decode(value, release)?;
    let annotations = annotations(&graph);
    let stopped = is_stopped(&annotations, release);
    let default_mode = facts.kserve_config.value.default_mode.as_ref();
    let written = annotations.get(DEPLOYMENT_MODE).map(String::as_str);
    let mode =
        default_mode.map(|default| mode::resolve(graph.status_mode, written, default, release));
    let mut writes = Writes::on(&context.objects);
    let reconcile = Reconcile {
        graph: &graph,
        annotations: &annotations,
        facts,
        context,
        stopped,
    };
    let (result, failure) = reconcile.run(mode.as_ref().map_err(|text| text.as_str()), &mut writes);
    let waits_for_service = services::awaited(&graph, &context.services).is_some();
    let waits = match &failure {
        Some(_) => context.router.is_ok() && waits_for_service && !stopped,
        None => matches!(result, Outcome::Standard(_)) && !stopped && !is_available(&writes.after),
    };
    Ok(GraphPrediction {
        schema_errors: schema::validate(&graph),
        create_error: webhook::validate(&graph).err(),
        mode: mode.ok(),
        stopped,
        failure,
        result,
        operations: writes.done,
        after: writes.after,
        requeues: waits,
        annotations,
        graph,
    })
}

struct Reconcile<'a> {
    graph: &'a InferenceGraph<'a>,
    annotations: &'a Annotations,
    facts: &'a Facts,
    context: &'a GraphContext,
    stopped: bool,
}

impl Reconcile<'_> {
    /// The controller's own order: router, services, mode, and then the way of that mode.
    fn run(&self, mode: Result<&Mode, &str>, writes: &mut Writes) -> (Outcome, Option<Failure>) {
        let fail = |failure| (Outcome::Nothing, Some(failure));
        let router = match &self.context.router {
            Ok(router) => router,
            Err(failure) => return fail(failure.clone()),
        };
        if !self.stopped
            && let Some(failure) = services::awaited(self.graph, &self.context.services)
        {
            return fail(failure);
        }
        let mode = match mode {
            Ok(mode) => mode,
            Err(text) => {
                return fail(Failure::new(
                    RefusedBy::Kserve,
                    "fails to create DeployConfig: ",
                    text,
                ));
            }
        };
        if mode.is_standard(self.facts.release()) {
            return standard::reconcile(self.graph, self.annotations, router, self.facts, writes);
        }
        if let Some(failure) = knative::gate(self.graph, self.facts) {
            return fail(failure);
        }
        knative::reconcile(self.graph, self.annotations, router, self.facts, writes)
    }
}

fn is_available(objects: &GraphObjects) -> bool {
    objects
        .deployment
        .is_some_and(|deployment| deployment.available)
}

/// Whether the annotation `stop` counts and says `true`, in any case.
fn is_stopped(annotations: &Annotations, release: Release) -> bool {
    let stop = annotations
        .get(STOP)
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    stop && since::stops(release)
}

/// An annotation that is null counts as an empty one.
fn annotations(graph: &InferenceGraph<'_>) -> Annotations {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let written = graph.annotations.into_iter().flatten();
    written
        .map(|(key, value)| (key.clone(), text(value)))
        .collect()
}

#[cfg(test)]
mod tests;
