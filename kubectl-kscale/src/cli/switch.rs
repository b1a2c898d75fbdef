//! `switch` and `undo`.

use std::num::NonZeroUsize;

use clap::{Args, ValueEnum};
use kscale_rules::manifest::ComponentKind;
use kscale_rules::switch::Destination;

use super::install::ChangeArgs;
use super::{ClusterArgs, FactsArgs, Input, SelectionArgs};

/// Change the autoscaler of live services, or of manifests
///
/// Works out what to change so that another autoscaler scales a service: all edits in one request, a target in the unit of the
/// new metric, bounds that hold there. Shows it as a short story and a diff, says what rolls and what that costs, what can go
/// wrong and what is missing, and predicts the outcome: a change whose outcome has an error is refused. Then the API server tries
/// it, webhooks and all; then it asks, applies it to the very version of the object that was looked at, and watches until the new
/// autoscaler has taken over. What was replaced is kept for kubectl kscale undo.
///
/// An InferenceService is changed, never the Knative Service that KServe makes for it. The deployment mode of a service cannot be
/// changed: kpa and hpa are chosen in Knative mode, hpa, keda, none and external in Standard mode.
///
/// With -f, manifests are changed, and nothing in the cluster: comments, order and quotes stay. Prints the difference, which patch and
/// git apply take, unless --write or -o yaml is given. All or nothing: where an object that is meant cannot be changed, or its
/// outcome has an error, no file is. Templates and values of Helm, and what only Kustomize reads, are refused with what to do.
///
/// Exit codes: 0 when it is done, or was so already; 1 when there is a difference and --exit-code is given; 2 when it cannot be done;
/// 3 when the cluster refused; 4 when the new autoscaler did not take over in time.
#[derive(Args, Debug)]
#[command(
    after_long_help = SWITCH_EXAMPLES,
    mut_arg("filename", |filename| filename.conflicts_with_all(LIVE_ALONE)),
    mut_arg("namespace", |namespace| namespace.help(NAMESPACE).long_help(NAMESPACE_LONG))
)]
pub(crate) struct Switch {
    /// What to change in the cluster: isvc/NAME, ksvc/NAME, or a kind alone with -l or -A
    #[arg(value_name = "TARGET", conflicts_with_all = ["filename", "recursive"])]
    pub(crate) targets: Vec<String>,

    #[command(flatten)]
    pub(crate) wish: WishArgs,

    #[command(flatten)]
    pub(crate) input: Input,

    #[command(flatten)]
    pub(crate) files: FileArgs,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,

    #[command(flatten)]
    pub(crate) change: ChangeArgs,

    #[command(flatten)]
    pub(crate) roll: RollArgs,

    #[command(flatten)]
    pub(crate) facts: FactsArgs,

    /// Form of the plan; json and yaml print it as data
    #[arg(
        short = 'o',
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Output"
    )]
    pub(crate) output: PlanFormat,

    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
}

const NAMESPACE: &str = "Namespace of the objects";
const NAMESPACE_LONG: &str = "\
Namespace of the objects

Without it, that of the kubeconfig's context. With -f, only objects of it are changed, and those that name none, which are taken \
to be of it; nothing of that is written into a file.";

/// What means nothing for manifests.
const LIVE_ALONE: [&str; 7] = [
    "all_namespaces",
    "wait",
    "timeout",
    "rollback_on_failure",
    "cleanup",
    "parallel",
    "keep_going",
];

const SWITCH_EXAMPLES: &str = "\
Examples:
  kubectl kscale switch isvc/bert -n ml --to hpa --max 8
  kubectl kscale switch isvc/bert --to kpa --metric concurrency --target 4
  kubectl kscale switch isvc/bert --to hpa --dry-run=server -o json
  kubectl kscale switch isvc -l team=search --to hpa --metric cpu --target 70% --max 10 --parallel 2 -y
  kubectl kscale switch isvc/bert --to keda --metric prometheus --query 'sum(waiting)' --server-address http://prom:9090 --target 8
  kubectl kscale switch -f model.yaml --to hpa --max 8
  kubectl kscale switch -f models/ -R -l team=search --to hpa --max 8 --write";

/// What is wished.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "What to change to")]
pub(crate) struct WishArgs {
    /// Autoscaler that is to scale
    #[arg(long, value_name = "AUTOSCALER")]
    pub(crate) to: To,

    /// What it is to scale on
    ///
    /// kpa: concurrency or rps; concurrency unless given. hpa: cpu or memory, in Knative mode also the name of a custom metric. keda:
    /// cpu, memory, prometheus, graphite or opentelemetry. Unless given, hpa and keda keep what scales the service in the same unit
    /// already, and keda what autoScaling says; else cpu.
    #[arg(long, value_name = "METRIC")]
    pub(crate) metric: Option<String>,

    /// How much of it a pod is to have: 10 requests, 80% of what is requested, 500Mi of memory
    ///
    /// Never taken over from the old metric. 80% of the cpu unless given; of concurrency, what containerConcurrency allows; everything
    /// else must be given.
    #[arg(long, value_name = "TARGET")]
    pub(crate) target: Option<String>,

    /// Lower bound; with --to none the number of pods
    #[arg(long, value_name = "PODS", value_parser = clap::value_parser!(i32).range(0..))]
    pub(crate) min: Option<i32>,

    /// Upper bound; needed for hpa and keda where the service has none
    #[arg(long, value_name = "PODS", value_parser = clap::value_parser!(i32).range(1..))]
    pub(crate) max: Option<i32>,

    /// Span that load is averaged over (kpa), or that pods stay after load has gone (hpa in Knative mode, keda), such as 60s
    #[arg(long, value_name = "DURATION")]
    pub(crate) window: Option<String>,

    /// Query of the metric, of --to keda
    #[arg(long, value_name = "QUERY")]
    pub(crate) query: Option<String>,

    /// Address of the server that answers the query, of --to keda
    #[arg(long, value_name = "URL")]
    pub(crate) server_address: Option<String>,

    /// Component to change, instead of all; may be given several times
    #[arg(long = "component", value_name = "COMPONENT")]
    pub(crate) components: Vec<Component>,
}

/// What `--to` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum To {
    /// Knative's own autoscaler (Knative mode)
    Kpa,
    /// A HorizontalPodAutoscaler: Knative's in Knative mode, KServe's in Standard mode
    Hpa,
    /// KEDA (Standard mode)
    Keda,
    /// Nothing: a fixed number of pods (Standard mode)
    None,
    /// Something outside of KServe (Standard mode)
    External,
}

impl From<To> for Destination {
    fn from(to: To) -> Self {
        match to {
            To::Kpa => Self::Kpa,
            To::Hpa => Self::Hpa,
            To::Keda => Self::Keda,
            To::None => Self::None,
            To::External => Self::External,
        }
    }
}

/// What `--component` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Component {
    /// The model
    Predictor,
    /// What comes before and after it
    Transformer,
    /// What explains its answers
    Explainer,
}

impl From<Component> for ComponentKind {
    fn from(component: Component) -> Self {
        match component {
            Component::Predictor => Self::Predictor,
            Component::Transformer => Self::Transformer,
            Component::Explainer => Self::Explainer,
        }
    }
}

/// What to do with the manifests of `-f`.
#[derive(Args, Debug)]
#[command(next_help_heading = "Manifests")]
pub(crate) struct FileArgs {
    /// Change only the object of this name; may be given several times
    #[arg(long, value_name = "NAME", requires = "filename")]
    pub(crate) name: Vec<String>,

    /// Print the difference, and write nothing; so it is unless --write is given
    #[arg(long, requires = "filename", conflicts_with = "write")]
    pub(crate) diff: bool,

    /// Write the files
    #[arg(long, requires = "filename")]
    pub(crate) write: bool,

    /// Exit with 1 where there is a difference, for CI
    #[arg(long, requires = "filename", conflicts_with = "write")]
    pub(crate) exit_code: bool,
}

/// How a live change is rolled out.
#[derive(Args, Debug)]
#[command(next_help_heading = "How to roll it out")]
pub(crate) struct RollArgs {
    /// Let what is new start with as many pods as run now; so it is where more than one runs
    ///
    /// Of manifests only where it is given, and somebody says how many run, such as --facts: what is written is the number of
    /// today.
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        action = clap::ArgAction::Set
    )]
    pub(crate) keep_capacity: Option<bool>,

    /// Carry it out although its outcome has an error, or something it needs is missing
    #[arg(long)]
    pub(crate) allow_findings: bool,

    /// Take it back where the new autoscaler does not take over in time
    #[arg(long)]
    pub(crate) rollback_on_failure: bool,

    /// Afterwards, delete old revisions of the HPA class that get no traffic: each keeps a pod for good
    ///
    /// What is deleted cannot be gone back to by canaryTrafficPercent or a traffic target any more; undo makes a new revision.
    #[arg(long)]
    pub(crate) cleanup: bool,

    /// How many objects to change at the same time
    #[arg(long, value_name = "N", default_value = "1")]
    pub(crate) parallel: NonZeroUsize,

    /// Go on with the others where one object fails
    #[arg(long)]
    pub(crate) keep_going: bool,
}

/// Take a switch back
///
/// Every switch, and every undo, keeps what it replaced in a ControllerRevision of the object, the last ten. This works out how to
/// come back to before the last one that is in effect, or to before the one of --to-revision: a plan of its own, which is shown,
/// tried, asked and watched as a switch is. It is kept, too, so that undoing an undo does again what was undone.
///
/// What others have changed since stays where it means the same under every autoscaler, as the bounds do. A target is one of its
/// metric: it goes back with that, whoever changed it. Either is named as a risk. Where the object would be refused with the bounds
/// that others chose, these go back, too. What no switch ever touched stays as it is.
///
/// Records hold for the very object, and go when it is deleted: one of the same name that is made anew has none. Whoever may not
/// create controllerrevisions.apps is told the command that goes back instead.
///
/// Exit codes: as of switch.
#[derive(Args, Debug)]
#[command(after_long_help = UNDO_EXAMPLES)]
pub(crate) struct Undo {
    /// What to take back: isvc/NAME or ksvc/NAME
    #[arg(value_name = "TARGET", required = true)]
    pub(crate) targets: Vec<String>,

    /// Go back to before this one, by its number in --list
    #[arg(long, value_name = "N")]
    pub(crate) to_revision: Option<i64>,

    /// Print what can be taken back, newest first, and change nothing
    #[arg(long, conflicts_with = "to_revision")]
    pub(crate) list: bool,

    /// Namespace of the object
    #[arg(short = 'n', long, value_name = "NAMESPACE", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) namespace: Option<String>,

    #[command(flatten)]
    pub(crate) change: ChangeArgs,

    #[command(flatten)]
    pub(crate) roll: RollArgs,

    /// Form of the plan, or of the list; json and yaml print it as data
    #[arg(
        short = 'o',
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Output"
    )]
    pub(crate) output: PlanFormat,

    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
}

const UNDO_EXAMPLES: &str = "\
Examples:
  kubectl kscale undo isvc/bert -n ml
  kubectl kscale undo isvc/bert --list
  kubectl kscale undo isvc/bert --to-revision 2 --dry-run=server";

/// Forms of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// For people
    Text,
    /// For people, with every decision, request and pointer
    Wide,
    /// One PlanList of kscale.dev/v1alpha1, as JSON
    Json,
    /// The same as YAML; with -f, the changed manifests
    Yaml,
    /// The names of the objects, one a line
    Name,
}
