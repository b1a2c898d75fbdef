//! What somebody wishes.

use serde::Serialize;

use crate::manifest::ComponentKind;

/// What somebody wishes of a workload.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wish {
    /// Which autoscaler.
    pub to: Destination,
    /// On what it is to scale: concurrency or rps; cpu, memory or the name of a custom metric; of KEDA also prometheus, graphite
    /// or opentelemetry. None leaves the choice.
    pub metric: Option<String>,
    /// How much of it a pod is to have, as written: `10`, `80%`, `500Mi`.
    pub target: Option<String>,
    /// The lower bound; of the class `none` the number of pods.
    pub min: Option<i64>,
    /// The upper bound.
    pub max: Option<i64>,
    /// The span over which load is averaged (KPA), or over which fewer pods must do before pods go (HPA, KEDA), as a Go duration.
    pub window: Option<String>,
    /// The query of KEDA's metric.
    pub query: Option<String>,
    /// The address of the server that answers the query.
    pub server_address: Option<String>,
    /// Which components; empty means all of them.
    pub components: Vec<ComponentKind>,
    /// Whether what is new starts with as many pods as run now. None means where more than one runs.
    pub keep_capacity: Option<bool>,
    /// Whether error findings about the outcome are no reason to refuse.
    pub allow_findings: bool,
}

/// An autoscaler that can be wished for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Destination {
    /// Knative's own autoscaler
    #[default]
    Kpa,
    /// A HorizontalPodAutoscaler: Knative's in Knative mode, KServe's in Standard mode
    Hpa,
    /// KEDA, in Standard mode
    Keda,
    /// Nothing: a fixed number of pods, in Standard mode
    None,
    /// Something outside of KServe, in Standard mode
    External,
}

impl Destination {
    /// As `--to` takes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kpa => "kpa",
            Self::Hpa => "hpa",
            Self::Keda => "keda",
            Self::None => "none",
            Self::External => "external",
        }
    }
}
