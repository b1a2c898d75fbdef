//! The command line of `check`.

use std::ffi::OsString;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::ClusterArgs;

/// Check whether a cluster has what autoscaling of models needs
///
/// Looks at Kubernetes, Knative Serving, its ConfigMap config-autoscaler, its HPA extension, the metrics APIs, KServe, KEDA and
/// Kubewarden where they are used, and at what the caller may do. What is not known is said to be unknown: it neither passes
/// nor fails. What is missing is an error only where something waits for it.
///
/// Each check has its page in docs/check.md, which says what it means and how to mend it.
///
/// Exit codes: 0 when no check fails, warnings or not; 1 when one does; 2 when the cluster cannot be reached, or something
/// could not be read.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Check {
    /// Only what must hold before `kubectl kscale install`
    #[arg(long, help_heading = "Checks")]
    pub(crate) pre: bool,

    /// Check again until nothing fails, but no longer than this; 5m where no time is given
    ///
    /// Warnings hold nothing up. Without it, everything is checked once.
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = crate::cluster::duration,
        num_args = 0..=1,
        default_missing_value = "5m",
        conflicts_with = "facts",
        help_heading = "Checks"
    )]
    pub(crate) wait: Option<Duration>,

    /// Namespace in which to look for workloads that wait for something; without it, all of them
    #[arg(short = 'n', long, value_name = "NAMESPACE", help_heading = "Checks", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) namespace: Option<String>,

    /// Look for workloads in all namespaces, as is done without it
    #[arg(
        short = 'A',
        long,
        conflicts_with = "namespace",
        help_heading = "Checks"
    )]
    pub(crate) all_namespaces: bool,

    /// Kubernetes objects to check instead of a cluster; may be given several times
    ///
    /// A file, a folder or - (standard input) with plain objects, as kubectl kscale snapshot writes them.
    #[arg(long, value_name = "FILE|DIR|-", help_heading = "Checks")]
    pub(crate) facts: Vec<OsString>,

    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,

    /// Form of the report
    #[arg(
        short = 'o',
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Output"
    )]
    pub(crate) output: CheckFormat,
}

const EXAMPLES: &str = "\
Examples:
  kubectl kscale check
  kubectl kscale check --pre
  kubectl kscale check --wait 5m -o short
  kubectl kscale check -n ml -o json
  kubectl kscale check --facts snapshot.yaml";

/// Forms of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people
    Text,
    /// For people, without what passes or is only to know
    Short,
    /// One CheckReport of kscale.dev/v1alpha1, as JSON
    Json,
    /// The same as YAML
    Yaml,
}
