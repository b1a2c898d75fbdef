//! The command line: types only. What each flag says of itself here is its help and its page in `docs/cli.md`.

mod check;
mod cluster;
mod install;
mod lint;
mod list;
mod preview;
mod selection;
mod snapshot;
mod switch;

use std::ffi::OsString;

pub(crate) use check::{Check, CheckFormat};
pub(crate) use cluster::ClusterArgs;
#[cfg(test)]
pub(crate) use cluster::Timeout;
pub(crate) use install::{ChangeArgs, DryRun, Install, NameFormat, ObjectFormat, Uninstall};
pub(crate) use lint::{Checks, FailOn, Lint, ReportFormat, ReportTo};
pub(crate) use list::{List, ListFormat};
pub(crate) use preview::{Preview, PreviewFormat, Target};
pub(crate) use selection::SelectionArgs;
pub(crate) use snapshot::Snapshot;
pub(crate) use switch::{PlanFormat, RollArgs, Switch, Undo, WishArgs};

use clap::{Args, Parser, Subcommand, ValueEnum};
use kscale_rules::facts::KnativeVersion;
use kscale_rules::kserve::Release;

/// Which autoscaler really scales my model, on what, between which bounds, and why
#[derive(Debug, Parser)]
#[command(
    name = "kubectl-kscale",
    bin_name = "kubectl kscale",
    display_name = "kubectl-kscale",
    version,
    arg_required_else_help = true,
    args_override_self = true,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colours
    ///
    /// `auto` uses them on a terminal, unless NO_COLOR, CLICOLOR=0 or TERM=dumb is set; CLICOLOR_FORCE uses them
    /// everywhere. This flag overrides all of these.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Output"
    )]
    pub(crate) color: Color,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Explain(Explain),
    List(List),
    Lint(Lint),
    Check(Check),
    Preview(Preview),
    Switch(Box<Switch>),
    Undo(Box<Undo>),
    Rules(Rules),
    Snapshot(Snapshot),
    Install(Box<Install>),
    Uninstall(Box<Uninstall>),
    #[command(hide = true)]
    Generate(Generate),
}

/// Say what scales each object, and why
///
/// Says for each InferenceService, Knative Service and InferenceGraph which autoscaler scales it, on which metric,
/// between which bounds; then why, link by link; then what is refused, by whom, with the exact text; then what is
/// written and has no effect. Of what is in a cluster or in a snapshot it says, too, what is observed there, and why that
/// differs where it does.
///
/// Objects of other kinds among manifests are passed over and counted. ConfigMaps of KServe and Knative, and ServingRuntimes,
/// are taken as facts about the cluster, and count instead of those in it.
///
/// Facts come from --facts, else from the cluster of the kubeconfig, else (--offline, or no kubeconfig) they are the shipped
/// defaults. What the caller may not read is assumed, and marked as assumed.
///
/// Exit codes: 0 when everything given was explained, whatever the answer; 2 when something could not be read or the
/// command line is wrong (the rest is explained all the same); 3 when the cluster refuses.
#[derive(Debug, Args)]
#[command(after_long_help = EXPLAIN_EXAMPLES)]
pub(crate) struct Explain {
    /// What to explain in the cluster: isvc/NAME, ksvc/NAME, ig/NAME, a kind alone or with names; or a rule such as KS101,
    /// for its page
    #[arg(value_name = "TARGET", conflicts_with_all = ["filename", "recursive"])]
    pub(crate) targets: Vec<String>,
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
    #[command(flatten)]
    pub(crate) facts: FactsArgs,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    #[command(flatten)]
    pub(crate) output: Output,
}

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  kubectl kscale explain isvc/bert -n ml
  kubectl kscale explain -A -l team=search
  kubectl kscale explain isvc/bert -n ml --facts snapshot.yaml
  kubectl kscale explain -f model.yaml
  kubectl kscale explain -f manifests/ -R -o wide --offline
  kubectl kscale explain -f model.yaml --facts snapshot.yaml -o json
  kubectl kscale explain -f model.yaml --kserve-version 0.15.2
  kubectl kscale explain KS101";

/// What to read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct Input {
    /// File, folder, http(s) address or - (standard input) to read; may be given several times
    ///
    /// YAML and JSON, with any number of documents, and lists. Of a folder, the files that end in .yaml, .yml or .json
    /// are read. A document that cannot be read is reported with its place, and the others are taken all the same.
    #[arg(short = 'f', long, value_name = "FILE|DIR|URL|-")]
    pub(crate) filename: Vec<OsString>,

    /// Look into the folders below a folder, too
    #[arg(short = 'R', long)]
    pub(crate) recursive: bool,

    /// Namespace of the objects that name none
    ///
    /// Without it, that of the kubeconfig's context. An object that names another one is an error, as in kubectl.
    #[arg(short = 'n', long, value_name = "NAMESPACE", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) namespace: Option<String>,
}

/// What is known of the cluster.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Facts about the cluster")]
pub(crate) struct FactsArgs {
    /// Kubernetes objects that tell about the cluster; may be given several times
    ///
    /// A file, a folder or - (standard input) with plain objects, as kubectl kscale snapshot writes them: they stand for the
    /// cluster, which is not asked then. What they do not tell is assumed, and marked as assumed. An object of the same
    /// kind and name given with -f counts instead.
    #[arg(long, value_name = "FILE|DIR|-")]
    pub(crate) facts: Vec<OsString>,

    /// Use no network at all: the cluster is not asked, and addresses are refused
    #[arg(long)]
    pub(crate) offline: bool,

    /// KServe release to answer for, such as 0.15.2, or main
    ///
    /// Without it, the release is told from the cluster or --facts; failing that, the newest one known is assumed.
    #[arg(long, value_name = "VERSION", value_parser = kserve_release)]
    pub(crate) kserve_version: Option<Release>,

    /// Knative Serving release to answer for, such as 1.23.0
    ///
    /// Without it, the release is told from the cluster or --facts; failing that, the newest one known is assumed.
    #[arg(long, value_name = "VERSION", value_parser = knative_version)]
    pub(crate) knative_version: Option<KnativeVersion>,
}

/// How to answer.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Output {
    /// Form of the answer
    #[arg(short = 'o', long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: Format,
}

/// List the rules that lint judges by
///
/// The page of one: kubectl kscale explain KS101.
#[derive(Debug, Args)]
pub(crate) struct Rules {
    /// Form of the list
    #[arg(
        short = 'o',
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Output"
    )]
    pub(crate) output: Format,
}

/// Forms of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For people, with the effect of each link, JSON pointers and the objects that are created
    Wide,
    /// One ExplanationList of kscale.dev/v1alpha1, as JSON
    Json,
    /// The same as YAML
    Yaml,
    /// The names of the objects, one a line
    Name,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// Print what is generated from this program, for its own build
#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// What to print
    pub(crate) what: Generated,
}

/// What can be generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Generated {
    /// docs/cli.md
    CliReference,
    /// The JSON Schema of explain -o json
    JsonSchema,
    /// The JSON Schema of lint -o json
    FindingSchema,
    /// The JSON Schema of preview -o json
    PreviewSchema,
    /// The JSON Schema of switch -o json
    PlanSchema,
    /// The JSON Schema of undo --list -o json
    RecordSchema,
    /// The JSON Schema of rules -o json
    RuleSchema,
    /// The JSON Schema of check -o json
    CheckSchema,
    /// The JSON Schema of list -o json
    ListSchema,
    /// docs/rules, as one JSON object of file names and texts
    RulePages,
}

fn kserve_release(text: &str) -> Result<Release, String> {
    let release = Release::parse(text)?;
    if release.is_supported() {
        return Ok(release);
    }
    let (oldest, newest) = (Release::OLDEST, Release::NEWEST);
    Err(format!(
        "the releases known are {oldest} to {newest}, and main"
    ))
}

fn knative_version(text: &str) -> Result<KnativeVersion, String> {
    let version = KnativeVersion::parse(text)?;
    if version.is_supported() {
        return Ok(version);
    }
    let newest = KnativeVersion::NEWEST;
    Err(format!(
        "the releases known are 1.0 to {}.{}",
        newest.major, newest.minor
    ))
}
