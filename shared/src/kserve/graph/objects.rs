//! The objects of one graph, before and after a reconcile, and what the controller does with them.

use std::fmt;

use serde_json::Value;

use crate::kserve::KnativeService;
use crate::kubernetes::HpaSpec;

/// What exists of a graph. All objects are called as the graph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GraphObjects {
    /// The Knative Service.
    pub knative_service: Option<KnativeService>,
    /// Whether there is the Service of Standard mode.
    pub service: bool,
    /// The Deployment of Standard mode.
    pub deployment: Option<RouterDeployment>,
    /// The HPA of Standard mode, as the API server keeps it.
    pub hpa: Option<HpaSpec>,
    /// The `spec` of the ScaledObject.
    pub scaled_object: Option<Value>,
}

/// The router's Deployment, as far as it is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RouterDeployment {
    /// `spec.replicas` as KServe last set it.
    pub replicas: Option<i64>,
    /// Whether it has the condition `Available`, whatever its status.
    pub available: bool,
}

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// Knative's Service
    KnativeService,
    /// The Service of Kubernetes
    Service,
    /// The Deployment
    Deployment,
    /// The HorizontalPodAutoscaler
    Hpa,
    /// KEDA's ScaledObject
    ScaledObject,
}

impl ObjectKind {
    /// The kind alone, which both Services share.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::KnativeService | Self::Service => "Service",
            Self::Deployment => "Deployment",
            Self::Hpa => "HorizontalPodAutoscaler",
            Self::ScaledObject => "ScaledObject",
        }
    }

    /// The kind with its group, `Kind.group`.
    #[must_use]
    pub fn group_kind(self) -> &'static str {
        match self {
            Self::KnativeService => "Service.serving.knative.dev",
            Self::Service => "Service",
            Self::Deployment => "Deployment.apps",
            Self::Hpa => "HorizontalPodAutoscaler.autoscaling",
            Self::ScaledObject => "ScaledObject.keda.sh",
        }
    }
}

/// What is done with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// It is made.
    Create,
    /// It is sent as an update that is not kept, to see the defaults.
    DryRunUpdate,
    /// It is replaced.
    Update,
    /// It is changed where it differs, which may be nowhere.
    Patch,
    /// It is deleted.
    Delete,
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Create => "create",
            Self::DryRunUpdate => "dry-run-update",
            Self::Update => "update",
            Self::Patch => "patch",
            Self::Delete => "delete",
        })
    }
}

/// One write of the controller, refused ones among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// What is done.
    pub verb: Verb,
    /// With what.
    pub object: ObjectKind,
}

/// What one reconcile does, while it is being worked out.
pub(super) struct Writes {
    pub(super) done: Vec<Operation>,
    pub(super) after: GraphObjects,
}

impl Writes {
    pub(super) fn on(before: &GraphObjects) -> Self {
        Self {
            done: Vec::new(),
            after: before.clone(),
        }
    }

    pub(super) fn note(&mut self, verb: Verb, object: ObjectKind) {
        self.done.push(Operation { verb, object });
    }
}
