//! What is seen in the cluster, as `-o json` prints it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::explain::Autoscaler;

/// What is seen of one workload, beside what is predicted of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Observation {
    /// Its condition `Ready`; null where its status has none.
    pub ready: Option<Condition>,
    /// Its components, as far as objects of theirs are there.
    pub components: Vec<ObservedComponent>,
    /// Where what is seen is not what is predicted.
    pub differences: Vec<Difference>,
    /// What is going on, most important first.
    pub causes: Vec<Cause>,
    /// Warnings of controllers that matter.
    pub events: Vec<ObservedEvent>,
}

/// A condition of an object's status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Condition {
    /// `type`
    #[serde(rename = "type")]
    pub kind: String,
    /// `True`, `False` or `Unknown`
    pub status: String,
    /// `reason`, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// `message`, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// `lastTransitionTime`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// What is seen of one component.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObservedComponent {
    /// As in the prediction: predictor, transformer, explainer, the name of a canary, router, or service.
    pub name: String,
    /// What scales the pods that serve; null where nothing serves, or where it cannot be told.
    pub autoscaler: Option<Autoscaler>,
    /// Its Knative Service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<ObservedService>,
    /// The Revisions of that Service, newest first.
    pub revisions: Vec<ObservedRevision>,
    /// Its Deployment and what scales it, in Standard mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scaling: Option<ObservedScaling>,
}

/// A Knative Service.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObservedService {
    /// `metadata.name`
    pub name: String,
    /// `metadata.generation`
    pub generation: Option<i64>,
    /// `status.observedGeneration`; less than the generation means that Knative has not acted on the newest yet.
    pub observed_generation: Option<i64>,
    /// The autoscaling annotations of its template, by their keys.
    pub template_annotations: BTreeMap<String, String>,
    /// `status.latestCreatedRevisionName`
    pub latest_created: Option<String>,
    /// `status.latestReadyRevisionName`
    pub latest_ready: Option<String>,
    /// Where its requests go.
    pub traffic: Vec<Traffic>,
    /// Its conditions.
    pub conditions: Vec<Condition>,
}

/// A share of the requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Traffic {
    /// The Revision that gets them.
    pub revision: String,
    /// How many in a hundred.
    pub percent: i64,
    /// The name under which it can be asked directly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// A Revision of a Knative Service.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObservedRevision {
    /// `metadata.name`
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// How many requests in a hundred it gets; null where no route names it.
    pub percent: Option<i64>,
    /// The tag of the route that names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// `active`, `reserve` or `pending`
    pub routing_state: Option<String>,
    /// Its autoscaling annotations, by their keys.
    pub annotations: BTreeMap<String, String>,
    /// The generation of the template that it was made of.
    pub configuration_generation: Option<i64>,
    /// `metadata.creationTimestamp`
    pub created: Option<String>,
    /// Its conditions.
    pub conditions: Vec<Condition>,
    /// Its Deployment and what scales it.
    pub scaling: ObservedScaling,
}

/// What a Revision is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Role {
    /// It gets requests
    Serving,
    /// The newest, on its way to get requests
    Next,
    /// An older one that no request reaches
    #[default]
    Leftover,
}

/// A Deployment, and all that scales it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObservedScaling {
    /// Knative's PodAutoscaler.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod_autoscaler: Option<ObservedPodAutoscaler>,
    /// A HorizontalPodAutoscaler.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hpa: Option<ObservedHpa>,
    /// KEDA's ScaledObject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scaled_object: Option<ObservedScaledObject>,
    /// The Deployment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployment: Option<ObservedDeployment>,
    /// Pods that are not ready, with why; no more than twenty.
    pub unready_pods: Vec<ObservedPod>,
}

/// Knative's PodAutoscaler of a Revision.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObservedPodAutoscaler {
    /// `metadata.name`
    pub name: String,
    /// Its class.
    pub class: Option<String>,
    /// Its metric.
    pub metric: Option<String>,
    /// Its autoscaling annotations, by their keys.
    pub annotations: BTreeMap<String, String>,
    /// `Reachable`, `Unreachable`, or empty
    pub reachability: Option<String>,
    /// Whether it has a status at all: one that no controller acts on has none.
    pub has_status: bool,
    /// `metadata.generation`
    pub generation: Option<i64>,
    /// `status.observedGeneration`
    pub observed_generation: Option<i64>,
    /// `status.desiredScale`; null where it is not known yet.
    pub desired: Option<i64>,
    /// `status.actualScale`; null where it is not known yet.
    pub actual: Option<i64>,
    /// `metadata.creationTimestamp`
    pub created: Option<String>,
    /// Its conditions.
    pub conditions: Vec<Condition>,
}

/// A HorizontalPodAutoscaler.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObservedHpa {
    /// `metadata.name`
    pub name: String,
    /// The kind and the name of what made it, such as `PodAutoscaler/bert-predictor-00001`.
    pub owner: Option<String>,
    /// `spec.minReplicas`
    pub min_replicas: Option<i64>,
    /// `spec.maxReplicas`
    pub max_replicas: Option<i64>,
    /// Its metrics.
    pub metrics: Vec<ObservedMetric>,
    /// `status.currentReplicas`; null until it has looked for the first time.
    pub current: Option<i64>,
    /// `status.desiredReplicas`
    pub desired: Option<i64>,
    /// Its conditions.
    pub conditions: Vec<Condition>,
}

/// A metric of a HorizontalPodAutoscaler.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObservedMetric {
    /// `Resource`, `Pods`, `External`, `Object` or `ContainerResource`
    #[serde(rename = "type")]
    pub kind: String,
    /// The metric's name.
    pub name: String,
    /// What it aims at, such as `75%` or `500Mi`.
    pub target: String,
    /// What it is now; null where the HPA could not read it.
    pub current: Option<String>,
}

/// KEDA's ScaledObject.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObservedScaledObject {
    /// `metadata.name`
    pub name: String,
    /// `spec.minReplicaCount`
    pub min_replicas: Option<i64>,
    /// `spec.maxReplicaCount`
    pub max_replicas: Option<i64>,
    /// The types of its triggers.
    pub triggers: Vec<String>,
    /// The annotation that pauses it, as `key=value`.
    pub paused: Option<String>,
    /// Its conditions.
    pub conditions: Vec<Condition>,
}

/// A Deployment.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObservedDeployment {
    /// `metadata.name`
    pub name: String,
    /// `spec.replicas`: how many pods it is to have.
    pub replicas: i64,
    /// `status.readyReplicas`
    pub ready: i64,
    /// Its conditions.
    pub conditions: Vec<Condition>,
}

/// A pod that is not ready.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObservedPod {
    /// `metadata.name`
    pub name: String,
    /// Why it is not ready: the reason of a container that waits or has ended, or of the condition that says so.
    pub reason: String,
    /// What is said to that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// `metadata.creationTimestamp`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
}

/// A warning of a controller.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObservedEvent {
    /// The kind and the name of the object that it is about.
    pub object: String,
    /// `reason`
    pub reason: String,
    /// `message`
    pub message: String,
    /// How often it was said.
    pub count: i64,
    /// When it was said last.
    pub last: Option<String>,
}

/// Where what is seen is not what is predicted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Difference {
    /// Which component.
    pub component: String,
    /// What differs: autoscaler, class, metric, target, minReplicas, maxReplicas, or another annotation's key.
    pub field: String,
    /// The value that is predicted; null where none is.
    pub predicted: Value,
    /// The value that is seen; null where there is none.
    pub observed: Value,
    /// The kind and the name of the object in which it is seen.
    pub object: String,
    /// Why they differ, or what may be the reason.
    pub why: String,
}

/// Something that is going on, told from what is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cause {
    /// Its name, which never changes its meaning.
    pub slug: String,
    /// How much it matters.
    pub severity: CauseSeverity,
    /// Which component; null where it is about the whole workload.
    pub component: Option<String>,
    /// The kind and the name of the object that it was told from.
    pub object: String,
    /// What is going on, in a sentence.
    pub message: String,
    /// What that is told from: conditions and events in their exact words.
    pub evidence: Vec<String>,
    /// What to do; empty where there is nothing to do.
    pub help: String,
}

/// How much something matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CauseSeverity {
    /// It does not mend itself
    Problem,
    /// It is under way
    Waiting,
    /// Good to know
    Note,
}
