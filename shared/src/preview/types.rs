//! The output contract: what `preview -o json` prints, version `kscale.dev/v1alpha1`.

use serde::Serialize;
use serde_json::Value;

use super::cause::Cause;
use crate::explain::ObjectRef;
use crate::facts::FactsSource;

/// What an upgrade would change.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PreviewList {
    /// Always `kscale.dev/v1alpha1`.
    pub api_version: String,
    /// Always `PreviewList`.
    pub kind: String,
    /// What the answer rests on.
    pub facts: PreviewFacts,
    /// From which releases to which.
    pub upgrade: Upgrade,
    /// What concerns the upgrade as a whole.
    pub notes: Vec<Note>,
    /// How many workloads are concerned.
    pub summary: Summary,
    /// What changes about any of them, the most dangerous first.
    pub causes: Vec<CauseSummary>,
    /// The workloads about which something changes, in the order in which they were given.
    pub items: Vec<Previewed>,
}

/// What the answer rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PreviewFacts {
    /// Where the facts come from on the whole.
    pub source: FactsSource,
    /// What was assumed, one sentence each.
    pub assumed: Vec<String>,
}

/// From which releases to which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Upgrade {
    /// KServe
    pub kserve: Step,
    /// Knative Serving
    pub knative: Step,
    /// Kubernetes; null where none was asked for.
    pub kubernetes: Option<Step>,
}

/// One system's step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Step {
    /// The version that runs; null where it is not known.
    pub from: Option<String>,
    /// The version that is asked for; the one that runs, where none was.
    pub to: String,
    /// Whether `from` was read, and not assumed.
    pub known: bool,
}

/// What concerns the upgrade as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Note {
    /// A stable name of what it is about.
    pub cause: String,
    /// Whether the upgrade breaks something by it.
    pub breaks: bool,
    /// What happens.
    pub message: String,
    /// What to do before upgrading; empty where nothing need be done.
    pub help: String,
}

/// How many workloads are concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// How many were looked at.
    pub workloads: usize,
    /// About how many something changes.
    pub changed: usize,
    /// How many would break.
    pub broken: usize,
}

/// One cause, and how many workloads it concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CauseSummary {
    /// What changes.
    pub cause: Cause,
    /// Whether the upgrade breaks what it changes so.
    pub breaks: bool,
    /// What it means.
    pub title: &'static str,
    /// What to do before upgrading; empty where nothing need be done.
    pub help: &'static str,
    /// How many workloads it concerns.
    pub workloads: usize,
}

/// What changes about one workload.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Previewed {
    /// The workload.
    pub object: ObjectRef,
    /// What changes, the most dangerous first.
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Change {
    /// What changes.
    pub cause: Cause,
    /// Whether the upgrade breaks it.
    pub breaks: bool,
    /// The component that it is about; null where it is about the whole workload.
    pub component: Option<String>,
    /// The change in a sentence.
    pub message: String,
    /// What is so under the release that runs.
    pub before: Value,
    /// What will be so.
    pub after: Value,
    /// The exact text of whoever refuses; null where nobody does.
    pub text: Option<String>,
    /// What to do about this one, where the prediction shows that it helps; null where none was found.
    pub help: Option<String>,
    /// The first release on the way that does this; null where it is not told by KServe's release alone.
    pub since: Option<String>,
    /// The first later release of KServe under which none of this workload's breaks is there any more; null where none is known.
    pub until: Option<String>,
}
