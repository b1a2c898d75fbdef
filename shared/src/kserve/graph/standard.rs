//! A graph in Standard mode: Service, Deployment, and the autoscaler of the class.
//! Source: kserve/kserve 0.12–0.20, `pkg/controller/v1alpha1/inferencegraph/raw_ig.go` and
//! `pkg/controller/v1beta1/inferenceservice/reconcilers/{raw,deployment,service,hpa,keda}/*.go`; kedacore/keda 2.18,
//! `apis/keda/v1alpha1/scaledobject_webhook.go`.

use std::collections::BTreeMap;

use super::objects::{GraphObjects, ObjectKind, RouterDeployment, Verb, Writes};
use super::router::container;
use super::since::LeftHpa;
use super::{RouterConfig, is_stopped, since};
use crate::facts::Facts;
use crate::knative::annotations::Annotations;
use crate::kserve::annotations::{AUTOSCALER_CLASS, STOP};
use crate::kserve::outcome::Result as Outcome;
use crate::kserve::standard::{Made, Stage, Workload, keda};
use crate::kserve::{Behaviour, Failure, RefusedBy, StandardOutcome};
use crate::kubernetes::pod::ContainerRequests;
use crate::manifest::{Extension, InferenceGraph};

const PREFIX: &str = "fails to reconcile inference graph raw deployment: ";

/// Sends the objects of Standard mode.
pub(super) fn reconcile(
    graph: &InferenceGraph<'_>,
    annotations: &Annotations,
    router: &RouterConfig,
    facts: &Facts,
    writes: &mut Writes,
) -> (Outcome, Option<Failure>) {
    let release = facts.release();
    if !since::standard_mode(release) {
        let text = "RawDeployment mode is not supported for InferenceGraph";
        return (
            Outcome::Nothing,
            Some(Failure::new(RefusedBy::Kserve, "", text)),
        );
    }
    let run = Run {
        graph,
        annotations,
        containers: [container(graph, router)],
        extension: extension(graph),
        facts,
        stopped: is_stopped(annotations, release),
    };
    let made = run.make(annotations);
    if let Some((failure, Stage::Preparing)) = &made.failure {
        return (Outcome::Nothing, Some(wrap(failure, Stage::Preparing)));
    }
    let replicas = made.outcome.as_ref().and_then(|outcome| outcome.replicas);
    run.workload(replicas, writes);
    let (mut outcome, failure) = run.scaler(made, writes);
    outcome.replicas = writes
        .after
        .deployment
        .and_then(|deployment| deployment.replicas);
    let failure = failure.map(|failure| wrap(&failure, Stage::Sending));
    (Outcome::Standard(Box::new(outcome)), failure)
}

fn wrap(failure: &Failure, stage: Stage) -> Failure {
    let stage = match (failure.by, stage) {
        (RefusedBy::Crash, _) => return failure.clone(),
        (_, Stage::Preparing) => "fails to create NewRawKubeReconciler for inference graph: ",
        (_, Stage::Sending) => "fails to reconcile inference graph raw: ",
    };
    Failure::new(failure.by, &format!("{PREFIX}{stage}"), &failure.refusal)
}

/// The scaling fields of a graph as those of a component. A graph has no `autoScaling`, so KEDA gets no trigger from it.
#[must_use]
pub fn extension<'a>(graph: &InferenceGraph<'a>) -> Extension<'a> {
    Extension {
        min_replicas: graph.min_replicas,
        max_replicas: graph.max_replicas,
        scale_target: graph.scale_target,
        scale_metric: graph.scale_metric,
        ..Extension::default()
    }
}

struct Run<'a> {
    graph: &'a InferenceGraph<'a>,
    annotations: &'a Annotations,
    containers: [ContainerRequests; 1],
    extension: Extension<'a>,
    facts: &'a Facts,
    stopped: bool,
}

impl Run<'_> {
    fn class(&self) -> &str {
        self.annotations
            .get(AUTOSCALER_CLASS)
            .map_or("hpa", String::as_str)
    }

    fn make(&self, annotations: &Annotations) -> Made {
        let workload = Workload {
            name: self.graph.name,
            namespace: self.graph.namespace,
            annotations,
            extension: &self.extension,
            containers: &self.containers,
            workers: None,
            config: &self.facts.kserve_config.value,
            release: self.facts.release(),
        };
        workload.make()
    }

    /// Service and Deployment, in the order of the release.
    fn workload(&self, replicas: Option<i64>, writes: &mut Writes) {
        let order = if self.facts.release().has(Behaviour::ServiceFirst) {
            [ObjectKind::Service, ObjectKind::Deployment]
        } else {
            [ObjectKind::Deployment, ObjectKind::Service]
        };
        for kind in order {
            let exists = match kind {
                ObjectKind::Service => writes.after.service,
                _ => writes.after.deployment.is_some(),
            };
            match (exists, self.stopped) {
                (false, true) => {}
                (true, true) => writes.note(Verb::Delete, kind),
                (false, false) => writes.note(Verb::Create, kind),
                (true, false) if kind == ObjectKind::Deployment => writes.note(Verb::Patch, kind),
                // The Service of a graph is always the same.
                (true, false) => {}
            }
        }
        writes.after.service = !self.stopped;
        writes.after.deployment = (!self.stopped).then(|| match writes.after.deployment {
            // The class `none` takes its replicas back too, where minReplicas is gone; any other leaves what it finds.
            Some(before) if self.class() == "none" => RouterDeployment { replicas, ..before },
            Some(before) => RouterDeployment {
                replicas: replicas.or(before.replicas),
                ..before
            },
            None => RouterDeployment {
                replicas,
                available: false,
            },
        });
    }

    fn scaler(&self, made: Made, writes: &mut Writes) -> (StandardOutcome, Option<Failure>) {
        let mut sent = made.outcome.unwrap_or_else(|| StandardOutcome {
            // A stopped graph sends no Deployment that could carry a class.
            class: String::new(),
            replicas: None,
            hpa: None,
            scaled_object: None,
            keda_errors: BTreeMap::new(),
        });
        if self.class() == "keda" {
            let failure = self.scaled_object(&mut sent, writes);
            return (sent, failure);
        }
        if writes.after.hpa.is_some() {
            return self.update_hpa(sent, writes);
        }
        let failure = made.failure.map(|(failure, _)| failure);
        if let Some(hpa) = &sent.hpa {
            writes.note(Verb::Create, ObjectKind::Hpa);
            writes.after.hpa = failure.is_none().then(|| hpa.kept.clone());
        }
        (sent, failure)
    }

    /// An HPA that exists is updated on every reconcile, since what is sent never equals what the API server keeps. It is
    /// so whatever the class says and although the graph is stopped: the controller deletes only the HPAs that an
    /// InferenceService owns.
    fn update_hpa(
        &self,
        sent: StandardOutcome,
        writes: &mut Writes,
    ) -> (StandardOutcome, Option<Failure>) {
        if self.class() == "external" {
            match since::left_hpa(self.facts.release()) {
                LeftHpa::Updated => {}
                LeftHpa::Untouched => return (sent, None),
                LeftHpa::Deleted => {
                    writes.note(Verb::Delete, ObjectKind::Hpa);
                    writes.after.hpa = None;
                    return (sent, None);
                }
            }
        }
        let mut as_hpa = self.annotations.clone();
        as_hpa.remove(STOP);
        as_hpa.insert(AUTOSCALER_CLASS.to_owned(), "hpa".to_owned());
        let made = self.make(&as_hpa);
        let hpa = made.outcome.and_then(|outcome| outcome.hpa);
        let failure = made.failure.map(|(failure, _)| failure);
        writes.note(Verb::Update, ObjectKind::Hpa);
        if let (Some(hpa), None) = (&hpa, &failure) {
            writes.after.hpa = Some(hpa.kept.clone());
        }
        (StandardOutcome { hpa, ..sent }, failure)
    }

    fn scaled_object(&self, sent: &mut StandardOutcome, writes: &mut Writes) -> Option<Failure> {
        let kind = ObjectKind::ScaledObject;
        let exists = writes.after.scaled_object.is_some();
        let Some(spec) = &sent.scaled_object else {
            if exists {
                writes.note(Verb::Delete, kind);
                writes.after.scaled_object = None;
            }
            return None;
        };
        writes.note(
            if exists {
                Verb::DryRunUpdate
            } else {
                Verb::Create
            },
            kind,
        );
        let managed = self.managed_already(&writes.after);
        sent.keda_errors
            .extend(managed.map(|text| ("verifyHpas", text)));
        // The checks are asked in the order of their names, which puts other HPAs before missing triggers, as KEDA does.
        if let Some(failure) = keda::denial(&sent.keda_errors) {
            return Some(failure);
        }
        if exists && writes.after.scaled_object.as_ref() != Some(spec) {
            writes.note(Verb::Update, kind);
        }
        writes.after.scaled_object = Some(spec.clone());
        None
    }

    /// What KEDA says of another HPA on the Deployment. The one that KEDA itself makes has another name, and is no obstacle.
    fn managed_already(&self, objects: &GraphObjects) -> Option<String> {
        let name = self.graph.name;
        objects.hpa.as_ref().map(|_| {
            format!("the workload '{name}' of type 'apps/v1.Deployment' is already managed by the hpa '{name}'")
        })
    }
}
