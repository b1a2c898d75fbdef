//! A change worked out, as `-o json` prints it.

use serde::Serialize;
use serde_json::Value;

use super::wish::Destination;
use crate::explain::{Autoscaler, FactsSummary, Finding, ObjectRef, Target};

/// Changes of several objects.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanList {
    /// Always `kscale.dev/v1alpha1`.
    pub api_version: String,
    /// Always `PlanList`.
    pub kind: String,
    /// What the plans rest on.
    pub facts: FactsSummary,
    /// One entry an object that is to be changed.
    pub items: Vec<Plan>,
    /// Objects for which there is no plan, with why.
    pub refused: Vec<RefusedPlan>,
}

/// An object for which there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RefusedPlan {
    /// The object.
    pub object: ObjectRef,
    /// Why.
    #[serde(flatten)]
    pub refusal: Refusal,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refusal {
    /// What kind of refusal it is.
    pub reason: RefusalReason,
    /// Why, in one sentence without a full stop.
    pub message: String,
    /// What to do instead; empty where there is nothing to do.
    pub help: String,
}

/// What kind of refusal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RefusalReason {
    /// It is so already: nothing is to be done, which is no failure
    AlreadySo,
    /// A value is missing that nobody but the caller can choose
    ValueMissing,
    /// What is wished makes no sense for this object
    NotPossible,
    /// Another object must be changed instead
    ChangeElsewhere,
    /// The object does not get past its webhooks as it is, so that nothing can be predicted of it
    Refused,
}

/// A change of one object, worked out.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Plan {
    /// The object.
    pub object: ObjectRef,
    /// What it is for.
    pub purpose: Purpose,
    /// The deployment mode; null of a Knative Service.
    pub deployment_mode: Option<String>,
    /// What scales each component, before and after. Components that stay as they are are left out.
    pub changes: Vec<ComponentChange>,
    /// The values that were chosen, each with why.
    pub decisions: Vec<Decision>,
    /// What is sent, in order: one request an object.
    pub requests: Vec<PlannedRequest>,
    /// What is rolled by that. One entry a component.
    pub rolls: Vec<Roll>,
    /// What that costs while it is under way.
    pub costs: Vec<Cost>,
    /// What can go wrong, or turns out otherwise than one might think.
    pub risks: Vec<Risk>,
    /// What must be there.
    pub preconditions: Vec<Precondition>,
    /// What stays behind, or goes by itself.
    pub leftovers: Vec<Leftover>,
    /// What happens, step by step.
    pub steps: Vec<Step>,
    /// The JSON Patch that takes the object back to what it was.
    pub undo: Vec<Value>,
    /// What rules find afterwards and did not find before.
    pub findings: Vec<Finding>,
    /// Why it is not carried out unless findings are allowed; empty where nothing speaks against it.
    pub blocked: Vec<String>,
    /// The object as it was.
    #[serde(skip)]
    pub before: Value,
    /// The object as it will be.
    #[serde(skip)]
    pub after: Value,
}

/// What a plan is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "verb")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Purpose {
    /// Another autoscaler, or another setting of the same
    Switch {
        /// Which autoscaler.
        to: Destination,
    },
    /// The way back
    Undo {
        /// The number of the record that says how it was.
        revision: i64,
    },
}

/// What scales a component before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ComponentChange {
    /// As in an Explanation: predictor, transformer, explainer, the name of a canary, or service.
    pub name: String,
    /// Before.
    pub before: Scaling,
    /// After.
    pub after: Scaling,
}

/// What scales a component.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scaling {
    /// What scales it.
    pub autoscaler: Autoscaler,
    /// The class in effect.
    pub class: Option<String>,
    /// The metric; the first, where there are several.
    pub metric: Option<String>,
    /// The target of that metric.
    pub target: Option<Target>,
    /// The lower bound.
    pub min_replicas: Option<i64>,
    /// The upper bound; null means unbounded, or that nothing bounds it.
    pub max_replicas: Option<i64>,
    /// Whether it can go down to no pod at all.
    pub scale_to_zero: bool,
}

/// A value that was chosen for the caller.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decision {
    /// The component; null where it is about all of them.
    pub component: Option<String>,
    /// What was decided: class, metric, target, minReplicas, maxReplicas, window, initialScale, …
    pub field: String,
    /// The value; null where a setting is taken away.
    pub value: Value,
    /// Why, in half a sentence.
    pub why: String,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlannedRequest {
    /// What is done.
    pub verb: RequestVerb,
    /// `apiVersion` of the object.
    pub api_version: String,
    /// `kind` of the object.
    pub kind: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The JSON Patch (RFC 6902), of a patch.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub patch: Vec<Value>,
    /// Why, in half a sentence.
    pub why: String,
}

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RequestVerb {
    /// Changes the object
    Patch,
    /// Deletes it
    Delete,
}

/// What is rolled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Roll {
    /// The component.
    pub component: String,
    /// What is rolled.
    pub what: Rolled,
    /// How many pods run now; null where nobody looked.
    pub pods: Option<i64>,
    /// With how many pods what is new starts; null where that is not known or nothing is new.
    pub starts_with: Option<i64>,
    /// Why, in half a sentence.
    pub why: String,
}

/// What an edit rolls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Rolled {
    /// A new Knative Revision is made, and gets the traffic once it is ready
    Revision,
    /// The Deployment replaces its pods
    Pods,
    /// Nothing
    Nothing,
}

/// What a change costs while it is under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cost {
    /// The component.
    pub component: String,
    /// How many pods run beside those of now, at most.
    pub extra_pods: i64,
    /// What these request together, by resource, as quantities: `cpu`, `memory`, `nvidia.com/gpu`, …
    pub requests: std::collections::BTreeMap<String, String>,
    /// In a sentence.
    pub message: String,
}

/// What can go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Risk {
    /// Its name, which never changes its meaning.
    pub slug: String,
    /// The rule that judges the same.
    pub rule: Option<String>,
    /// The component; null where it is about all of them.
    pub component: Option<String>,
    /// What can go wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it; empty where there is nothing to do.
    pub help: String,
}

/// Something that must be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Precondition {
    /// Its name, which never changes its meaning.
    pub slug: String,
    /// The rule that judges the same.
    pub rule: Option<String>,
    /// Whether it holds.
    pub state: PreconditionState,
    /// What is there or missing, in one sentence without a full stop.
    pub message: String,
    /// What to do about it; empty where it holds.
    pub help: String,
}

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PreconditionState {
    /// It holds
    Met,
    /// Nobody said
    Unknown,
    /// It does not hold
    Unmet,
}

/// Something that is there afterwards though nothing uses it, or that goes by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Leftover {
    /// `kind` of the object.
    pub kind: String,
    /// Its name; empty where it is not known yet, as of a Revision that nobody looked up.
    pub name: String,
    /// Whether it stays until somebody deletes it.
    pub stays: bool,
    /// What becomes of it, in one sentence without a full stop.
    pub message: String,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Step {
    /// Who does it: kscale, KServe, Knative, Kubernetes or KEDA.
    pub by: String,
    /// What, in one sentence without a full stop.
    pub what: String,
}
