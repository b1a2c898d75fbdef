//! The command line of `preview`.

use clap::{Args, ValueEnum};
use kscale_rules::facts::KnativeVersion;
use kscale_rules::kserve::Release;
use kscale_rules::preview::Kubernetes;

use super::{ClusterArgs, FactsArgs, Input, SelectionArgs};

/// Say what an upgrade of KServe, Knative or Kubernetes would change
///
/// Predicts each InferenceService, InferenceGraph and Knative Service under the releases that run and under those asked for,
/// and says only what differs, by cause, the most dangerous first, with what to do before upgrading: what would be refused,
/// locked against updates, left behind, scaled by something else or otherwise, or rolled.
///
/// What runs is told by the cluster or by --facts, or named by --kserve-version and --knative-version. Workloads are those of
/// the cluster or of --facts (all of its namespaces, without -n), or manifests given with -f, as if they were applied again after
/// the upgrade. ConfigMaps and ServingRuntimes are taken to stay as they are.
///
/// Exit codes: 0 when nothing would break; 1 when something would; 2 when something could not be read or the command line is
/// wrong; 3 when the cluster refuses.
#[derive(Debug, Args)]
#[command(after_long_help = PREVIEW_EXAMPLES)]
pub(crate) struct Preview {
    #[command(flatten)]
    pub(crate) target: Target,
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
    #[command(flatten)]
    pub(crate) facts: FactsArgs,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Form of the answer
    #[arg(
        short = 'o',
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Output"
    )]
    pub(crate) output: PreviewFormat,
}

const PREVIEW_EXAMPLES: &str = "\
Examples:
  kubectl kscale preview --kserve 0.20.0 -A
  kubectl kscale preview --kserve 0.20.0 --facts snapshot.yaml
  kubectl kscale preview --kserve 0.20.0 --knative 1.23.0 --kubernetes 1.36 --facts snapshot.yaml -n ml
  kubectl kscale preview --kserve 0.18.0 --kserve-version 0.15.2 -f manifests/ -R
  kubectl kscale preview --knative 1.23.0 --facts snapshot.yaml -l team=nlp -o json";

/// Where the upgrade leads to.
#[derive(Debug, Args)]
#[command(next_help_heading = "Upgrade to")]
#[group(required = true, multiple = true)]
pub(crate) struct Target {
    /// KServe release to upgrade to, such as 0.20.0, or main
    #[arg(long, value_name = "VERSION", value_parser = super::kserve_release)]
    pub(crate) kserve: Option<Release>,

    /// Knative Serving release to upgrade to, such as 1.23.0
    #[arg(long, value_name = "VERSION", value_parser = super::knative_version)]
    pub(crate) knative: Option<KnativeVersion>,

    /// Kubernetes version to upgrade to, such as 1.36
    #[arg(long, value_name = "VERSION", value_parser = Kubernetes::parse)]
    pub(crate) kubernetes: Option<Kubernetes>,
}

/// Forms of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PreviewFormat {
    /// For people
    Text,
    /// For people, with every workload and both values of every change
    Wide,
    /// One PreviewList of kscale.dev/v1alpha1, as JSON
    Json,
    /// The same as YAML
    Yaml,
    /// The names of the workloads about which something changes, one a line
    Name,
}
