//! The command line of `snapshot`.

use std::path::PathBuf;

use clap::Args;

use super::ClusterArgs;

/// Write down what is known of a cluster, for --facts
///
/// Writes the objects that tell what scales what: versions, ConfigMaps and runtimes of KServe and Knative, and of the
/// namespaces asked for the workloads with everything that was made for them. What --facts reads then stands for the cluster:
/// explain, list, check and preview answer from the file as they would from the cluster itself.
///
/// It is plain YAML, to be read before it is given away. Bookkeeping of the API server is left out, and what could be
/// a secret: the values of environment variables, the arguments of containers. Secrets are never read.
///
/// What the caller may not read is named in the first document, and is assumed by whoever reads the file.
///
/// Exit codes: 0 when it was written; 2 when the cluster or the file cannot be used; 3 when the cluster refuses.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Snapshot {
    /// Namespace whose workloads are written, too; may be given several times. Without it, that of the kubeconfig's context
    #[arg(
        short = 'n',
        long,
        value_name = "NAMESPACE",
        value_delimiter = ',',
        help_heading = "Selection",
        value_parser = clap::builder::NonEmptyStringValueParser::new()
    )]
    pub(crate) namespace: Vec<String>,

    /// The workloads of all namespaces
    #[arg(
        short = 'A',
        long,
        conflicts_with = "namespace",
        help_heading = "Selection"
    )]
    pub(crate) all_namespaces: bool,

    /// File to write to, instead of standard output
    ///
    /// One that is there is replaced once everything has been read, or not at all.
    #[arg(short = 'o', long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
}

const EXAMPLES: &str = "\
Examples:
  kubectl kscale snapshot -n ml -o snapshot.yaml
  kubectl kscale snapshot -A > snapshot.yaml
  kubectl kscale explain isvc/bert -n ml --facts snapshot.yaml";
