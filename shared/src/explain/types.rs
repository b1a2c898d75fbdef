//! The output contract: what `-o json` prints, version `kscale.dev/v1alpha1`.

use serde::Serialize;
use serde_json::Value;

use crate::facts::FactsSource;
use crate::observed::Observation;

/// The version of this contract.
pub const API_VERSION: &str = "kscale.dev/v1alpha1";

/// The answer to one question, about any number of objects.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplanationList {
    /// Always `kscale.dev/v1alpha1`.
    pub api_version: String,
    /// Always `ExplanationList`.
    pub kind: String,
    /// What the answer rests on.
    pub facts: FactsSummary,
    /// One entry an object, in the order in which they were given.
    pub items: Vec<Explanation>,
}

/// What an answer rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactsSummary {
    /// Where the facts come from on the whole.
    pub source: FactsSource,
    /// The KServe release.
    pub kserve_version: String,
    /// The Knative Serving release.
    pub knative_version: String,
    /// What was assumed, one sentence each.
    pub assumed: Vec<String>,
}

/// What becomes of one object.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Explanation {
    /// The object.
    pub object: ObjectRef,
    /// The deployment mode as the controller sees it; null where it does not get that far, and for a Knative Service.
    pub deployment_mode: Option<String>,
    /// Who refuses it, with the exact text.
    pub admission: Admission,
    /// Its components; a Knative Service and an InferenceGraph have one.
    pub components: Vec<ComponentExplanation>,
    /// Releases of KServe and of Knative that would answer otherwise; none of a system whose release is known or makes no
    /// difference.
    pub versions: Vec<VersionNote>,
    /// What rules find.
    pub findings: Vec<Finding>,
    /// What is seen of it in the cluster; left out where nobody looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed: Option<Observation>,
}

/// Which object is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObjectRef {
    /// `apiVersion`
    pub api_version: String,
    /// `kind`
    pub kind: String,
    /// `metadata.namespace`; empty where none is written.
    pub namespace: String,
    /// `metadata.name`
    pub name: String,
    /// Where it was read: a file and the position in it, or the cluster.
    pub origin: String,
}

/// Exact texts of refusals; null means accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Admission {
    /// KServe's webhooks.
    pub kserve: Option<String>,
    /// Knative's webhook, on the Knative Service that is created.
    pub knative: Option<String>,
    /// The API server, on the object's schema or on the HPA that is created.
    pub kubernetes: Option<String>,
    /// KEDA's webhook, on the ScaledObject that is created.
    pub keda: Option<String>,
}

/// What scales one component, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ComponentExplanation {
    /// predictor, transformer, explainer, the name of a canary, router, or service.
    pub name: String,
    /// What scales it.
    pub autoscaler: Autoscaler,
    /// The class in effect: Knative's in Knative mode, KServe's in Standard mode.
    pub class: Option<String>,
    /// The metric it is scaled on; the first, where there are several.
    pub metric: Option<String>,
    /// The target of that metric.
    pub target: Option<Target>,
    /// The lower bound.
    pub min_replicas: Option<i64>,
    /// The upper bound; null means unbounded, or that nothing bounds it.
    pub max_replicas: Option<i64>,
    /// Whether it can go down to no pod at all.
    pub scale_to_zero: bool,
    /// What is created for it, as far as autoscaling goes.
    pub creates: Vec<Value>,
    /// Why the controller fails, if it does.
    pub failure: Option<String>,
    /// The chain of reasons behind every value above, in the order in which it is walked.
    pub because: Vec<Reason>,
    /// What was written and has no effect.
    pub inert: Vec<InertSetting>,
}

/// What scales a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Autoscaler {
    /// Knative's own autoscaler
    Kpa,
    /// An HPA that Knative's extension makes
    KnativeHpa,
    /// An HPA that KServe makes
    Hpa,
    /// KEDA
    Keda,
    /// Something outside of KServe
    External,
    /// Nothing: the number of pods is fixed
    None,
    /// Nothing: the service is stopped
    Stopped,
    /// Nothing, although something should: nobody acts on it, or it never comes to be
    Unmanaged,
}

impl Autoscaler {
    /// The name, as `-o json` writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kpa => "kpa",
            Self::KnativeHpa => "knative-hpa",
            Self::Hpa => "hpa",
            Self::Keda => "keda",
            Self::External => "external",
            Self::None => "none",
            Self::Stopped => "stopped",
            Self::Unmanaged => "unmanaged",
        }
    }
}

/// A target.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Target {
    /// The value as configured: a number, or a quantity as text.
    pub value: Value,
    /// What the value counts.
    pub unit: Unit,
    /// What the autoscaler aims at a pod, where that is another number.
    pub effective: Option<f64>,
}

/// What a target counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Unit {
    /// Requests at the same time, a pod
    ConcurrentRequests,
    /// Requests a second, a pod
    RequestsPerSecond,
    /// Percent of what the pod's containers request
    PercentOfRequest,
    /// Mebibytes, a pod
    MebibytesPerPod,
    /// A Kubernetes quantity
    Quantity,
    /// Whatever the custom metric counts
    Custom,
}

/// One link of the chain.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reason {
    /// What is decided: deploymentMode, class, metric, target, minReplicas, maxReplicas, scaleToZero, initialScale, …
    pub field: String,
    /// The value decided on.
    pub value: Value,
    /// Who decided: an annotation, a spec field, a ConfigMap key, a controller's default.
    pub source: String,
    /// Where that stands in the object, where it does.
    pub pointer: Option<String>,
    /// The line in the file, from 1, where the object came from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column in that line, in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// What follows from it.
    pub effect: String,
}

/// Something that was written and has no effect.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InertSetting {
    /// Where it stands.
    pub pointer: String,
    /// What was written.
    pub value: Value,
    /// Why it has no effect.
    pub why: String,
    /// The rule that reports it, where there is one.
    pub rule: Option<String>,
    /// The line in the file, from 1, where the object came from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column in that line, in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

/// A system whose releases differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum System {
    /// KServe
    Kserve,
    /// Knative Serving
    Knative,
}

/// Other releases, other answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VersionNote {
    /// Whose releases are meant.
    pub system: System,
    /// The first release with this answer.
    pub from: String,
    /// The first release that no longer has it.
    pub until: String,
    /// What is different, against the release that was assumed.
    pub differs: Vec<String>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Severity {
    /// Advice
    Info,
    /// Works otherwise than it reads
    Warning,
    /// Will be refused, or will not scale as written
    Error,
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// The rule's code, which never changes its meaning.
    pub code: String,
    /// The rule's name.
    pub slug: String,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub pointer: String,
    /// The line in the file, from 1, where the object came from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column in that line, in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// The line on which it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
    /// The column just after its last character in that line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where to read more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
    /// How to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// A JSON Patch, and whether it may be applied unseen.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fix {
    /// Whether it may be applied unseen.
    pub safety: Safety,
    /// The patch (RFC 6902).
    pub patch: Vec<Value>,
}

/// Whether a fix may be applied unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Safety {
    /// It changes nothing that runs.
    Safe,
    /// It changes what runs, or a value was chosen.
    NeedsReview,
}
