//! The command line of `lint`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use kscale_rules::explain::Severity;

use super::{ClusterArgs, FactsArgs, Input};

/// Find what cannot have been meant, and mend it
///
/// Judges each InferenceService, Knative Service and InferenceGraph, and the ConfigMaps, Revisions and PodAutoscalers around
/// them, by the rules that `kubectl kscale rules` lists. A finding says where it is, what really happens, and what to do.
///
/// Objects of other kinds are passed over and counted. A document that cannot be read is reported with its place, and the
/// rest is judged all the same. Where --facts, or an earlier document, holds the same object, it is taken for the state
/// before: some things are wrong only as a change.
///
/// Suppress a finding by a comment on its line or above it: # kscale: ignore[KS101] the reason. What holds for a whole
/// folder goes into .kscale.yaml, which is looked for from the current folder upwards.
///
/// Exit codes: 0 when nothing was found at or above --fail-on; 1 when something was, or when --diff has something to
/// show; 2 when something could not be read or the command line is wrong, whatever was found in the rest.
#[derive(Debug, Args)]
#[command(after_long_help = LINT_EXAMPLES)]
pub(crate) struct Lint {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) checks: Checks,
    #[command(flatten)]
    pub(crate) fixes: Fixes,
    #[command(flatten)]
    pub(crate) facts: FactsArgs,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Form of the report; may be given several times, each but one with =FILE
    ///
    /// One of text, concise, json, yaml, sarif, github, junit. With =FILE the report goes to that file, as in
    /// -o sarif=report.sarif; without, to standard output. Where all go to files, standard output gets text.
    #[arg(
        short = 'o',
        long,
        value_name = "FORMAT[=FILE]",
        help_heading = "Output"
    )]
    pub(crate) output: Vec<ReportTo>,
}

const LINT_EXAMPLES: &str = "\
Examples:
  kubectl kscale lint -f model.yaml
  kubectl kscale lint -f manifests/ -R --facts snapshot.yaml
  kubectl kscale lint -f manifests/ -R --diff
  kubectl kscale lint -f manifests/ -R --fix --unsafe-fixes
  kubectl kscale lint -f manifests/ -R -o github -o sarif=kscale.sarif
  kubectl get isvc,ksvc,cm -A -o yaml | kubectl kscale lint -f - --fail-on warning";

/// What is looked for, and what counts.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct Checks {
    /// Only these rules, instead of those that .kscale.yaml selects
    ///
    /// A code, the beginning of codes such as KS3, or a name such as unbounded-hpa; several with commas. What is given
    /// here puts select and ignore of .kscale.yaml out of force.
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub(crate) select: Vec<String>,

    /// Not these rules
    ///
    /// Written as for --select. Where both name a rule, the longer beginning counts: --select KS301 --ignore KS3 leaves
    /// KS301.
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,

    /// How bad a finding must be for exit code 1; error unless .kscale.yaml says otherwise
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOn>,

    /// Take doubts about the input for errors, with exit code 2
    ///
    /// These are keys written twice, text that kubectl never reads, and documents without a kind.
    #[arg(long)]
    pub(crate) strict: bool,

    /// Use this .kscale.yaml instead of looking for one
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,

    /// Look for no .kscale.yaml
    #[arg(long)]
    pub(crate) no_config: bool,
}

/// What is done about findings.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fixes")]
pub(crate) struct Fixes {
    /// Mend the files: apply the fixes that leave what scales each model as it is
    ///
    /// Comments, order and quotes stay. Of standard input, the mended text goes to standard output.
    #[arg(long)]
    pub(crate) fix: bool,

    /// Show what --fix would change, as a unified diff, and write nothing
    #[arg(long, conflicts_with = "fix")]
    pub(crate) diff: bool,

    /// Also apply fixes that need a review: they change what scales, or a value was chosen
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
}

/// Where `--fail-on` draws the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Will be refused, or will not scale as written
    #[default]
    Error,
    /// Works otherwise than it reads
    Warning,
    /// Advice
    Info,
    /// Findings never decide on the exit code
    Never,
}

impl FailOn {
    /// The mildest severity that counts.
    pub(crate) fn least(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

/// A report, and the file it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReportTo {
    pub(crate) format: ReportFormat,
    /// None is standard output.
    pub(crate) file: Option<PathBuf>,
}

/// Forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people: each finding drawn below its lines
    Text,
    /// For people: a line for each finding
    Concise,
    /// One FindingList of kscale.dev/v1alpha1, as JSON
    Json,
    /// The same as YAML
    Yaml,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// JUnit XML
    Junit,
}

impl FromStr for ReportTo {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, file) = match text.split_once('=') {
            Some((_, "")) => return Err("no file is named behind the =".to_owned()),
            Some((format, file)) => (format, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let format = ReportFormat::from_str(format, false).map_err(|_| {
            let names: Vec<_> = ReportFormat::value_variants()
                .iter()
                .filter_map(ReportFormat::to_possible_value)
                .map(|value| value.get_name().to_owned())
                .collect();
            format!("the forms are {}", names.join(", "))
        })?;
        Ok(Self { format, file })
    }
}
