//! The command line of `list`.

use clap::{Args, ValueEnum};
use kscale_rules::explain::Autoscaler;

use super::{ClusterArgs, FactsArgs, SelectionArgs};

/// List what scales each workload
///
/// One line for each component of each InferenceService, InferenceGraph, and Knative Service that KServe has not made:
/// what scales it, on what, between which bounds, how many pods it has now, and what the rules find.
///
/// NOW counts the pods of all its revisions, as its autoscaler or its Deployment tells; it is <unknown> where neither does.
///
/// Exit codes: 0 when everything was listed; 2 when something could not be read or the command line is wrong; 3 when the
/// cluster refuses.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct List {
    /// Only these kinds, such as isvc or isvc,ksvc; names may follow
    #[arg(value_name = "TYPE")]
    pub(crate) targets: Vec<String>,

    /// Namespace to look into, instead of that of the kubeconfig's context
    #[arg(short = 'n', long, value_name = "NAMESPACE", help_heading = "Selection", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) namespace: Option<String>,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    /// Only what one of these scales; several with commas
    #[arg(
        long,
        value_name = "AUTOSCALER",
        value_delimiter = ',',
        help_heading = "Selection"
    )]
    pub(crate) autoscaler: Vec<AutoscalerName>,

    /// Only what rules find something in
    #[arg(long, help_heading = "Selection")]
    pub(crate) findings: bool,

    /// Go on after the list, and print each line that changes
    #[arg(short = 'w', long, conflicts_with = "facts", help_heading = "Output")]
    pub(crate) watch: bool,

    #[command(flatten)]
    pub(crate) facts: FactsArgs,

    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,

    /// Form of the list
    #[arg(
        short = 'o',
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Output"
    )]
    pub(crate) output: ListFormat,

    /// No line with the names of the columns
    #[arg(long, help_heading = "Output")]
    pub(crate) no_headers: bool,
}

const EXAMPLES: &str = "\
Examples:
  kubectl kscale list
  kubectl kscale list -A --findings -o wide
  kubectl kscale list isvc -l team=search --autoscaler knative-hpa,keda
  kubectl kscale list -n ml -w
  kubectl kscale list -A --facts snapshot.yaml -o json";

/// Forms of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// A table
    Text,
    /// A table with the kind, the class, whether it is ready, and the codes of what was found
    Wide,
    /// One WorkloadList of kscale.dev/v1alpha1, as JSON; with -w, a Workload a line
    Json,
    /// The same as YAML
    Yaml,
    /// The names of the objects, one a line
    Name,
}

/// What scales, by the name that JSON has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AutoscalerName {
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
    /// Nothing, although something should
    Unmanaged,
}

impl From<AutoscalerName> for Autoscaler {
    fn from(name: AutoscalerName) -> Self {
        match name {
            AutoscalerName::Kpa => Self::Kpa,
            AutoscalerName::KnativeHpa => Self::KnativeHpa,
            AutoscalerName::Hpa => Self::Hpa,
            AutoscalerName::Keda => Self::Keda,
            AutoscalerName::External => Self::External,
            AutoscalerName::None => Self::None,
            AutoscalerName::Stopped => Self::Stopped,
            AutoscalerName::Unmanaged => Self::Unmanaged,
        }
    }
}
