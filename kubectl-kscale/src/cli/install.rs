//! `install` and `uninstall`.

use std::ffi::OsString;
use std::time::Duration;

use clap::{Args, ValueEnum};
use kscale_rules::facts::KnativeVersion;

use super::ClusterArgs;
use crate::cluster::Cascade;
use crate::release;

/// Install Knative's HPA extension, of the release that runs
///
/// Knative Serving scales by a HorizontalPodAutoscaler only where its extension autoscaler-hpa runs, a Deployment and a
/// Service of the very release that Knative is of. This finds out which one that is, checks what the extension needs, shows
/// what would change, asks, applies it on the server's side, and waits until it is available. What is there already is left
/// alone, and a run that was cut short is completed by the next one.
///
/// The manifests of Knative 1.0.0 to 1.23.0 are built in. That of another release is fetched from where Knative publishes it, and
/// taken only if it holds what it should. Where the Knative operator manages Knative, it installs the extension itself, and
/// nothing is changed.
///
/// Exit codes: 0 when the extension is there; 2 when something is missing or wrong; 3 when the cluster refused; 4 when the
/// extension did not become available in time.
#[derive(Args, Debug)]
#[command(after_long_help = INSTALL_EXAMPLES)]
pub(crate) struct Install {
    #[command(flatten)]
    pub(crate) what: What,

    /// Namespace that Knative Serving runs in
    #[arg(
        long,
        value_name = "NAMESPACE",
        default_value = release::NAMESPACE,
        value_parser = namespace,
        help_heading = "What to install"
    )]
    pub(crate) knative_namespace: String,

    #[command(flatten)]
    pub(crate) change: ChangeArgs,

    /// Take over fields that others own, such as kubectl, Argo CD or Flux
    #[arg(long, help_heading = "How to install")]
    pub(crate) force_conflicts: bool,

    /// Form of the answer
    #[arg(
        short = 'o',
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Output"
    )]
    pub(crate) output: ObjectFormat,

    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
}

const INSTALL_EXAMPLES: &str = "\
Examples:
  kubectl kscale install
  kubectl kscale install --dry-run=server
  kubectl kscale install -y --image-registry registry.example.com/mirror
  kubectl kscale install --from serving-hpa.yaml
  kubectl kscale install --offline --version 1.12.4 --dry-run=client -o yaml
  kubectl kscale install --list-versions";

/// Which manifest.
#[derive(Args, Debug)]
#[command(next_help_heading = "What to install")]
pub(crate) struct What {
    /// Manifest to install, instead of that of the release
    #[arg(long, value_name = "FILE|URL|-")]
    pub(crate) from: Option<OsString>,

    /// Release to install, instead of the one that Knative Serving is of
    #[arg(long, value_name = "VERSION", value_parser = release::parse_release)]
    pub(crate) version: Option<KnativeVersion>,

    /// Print the releases whose manifests are built in, newest first
    #[arg(long, conflicts_with_all = ["from", "version"])]
    pub(crate) list_versions: bool,

    /// Registry and path to take the image from, for a cluster that does not reach gcr.io
    ///
    /// They replace those of the release: registry.example.com/mirror gives
    /// registry.example.com/mirror/autoscaler-hpa@sha256:…, with the digest of the release.
    #[arg(long, value_name = "PREFIX", value_parser = release::registry_prefix)]
    pub(crate) image_registry: Option<String>,

    /// Address below which the manifests of other releases are published
    #[arg(long, value_name = "URL", default_value = release::RELEASES, value_parser = address)]
    pub(crate) base_url: String,

    /// Use no network at all: needs --dry-run=client, and --version or --from
    #[arg(long)]
    pub(crate) offline: bool,
}

/// Remove Knative's HPA extension
///
/// Refuses while there are PodAutoscalers of its class, names them, and says what would become of them. Removes the
/// Deployment and the Service autoscaler-hpa and nothing else.
///
/// Exit codes: 0 when the extension is not there any more; 2 when something speaks against it; 3 when the cluster refused; 4 when
/// it was not gone in time.
#[derive(Args, Debug)]
#[command(after_long_help = UNINSTALL_EXAMPLES)]
pub(crate) struct Uninstall {
    /// Namespace that Knative Serving runs in
    #[arg(
        long,
        value_name = "NAMESPACE",
        default_value = release::NAMESPACE,
        value_parser = namespace,
        help_heading = "What to remove"
    )]
    pub(crate) knative_namespace: String,

    /// Remove it although PodAutoscalers of its class are there, or it is not known whether any are
    #[arg(long, help_heading = "How to remove")]
    pub(crate) force: bool,

    /// What becomes of the pods
    #[arg(
        long,
        value_name = "HOW",
        default_value = "background",
        help_heading = "How to remove"
    )]
    pub(crate) cascade: Cascade,

    #[command(flatten)]
    pub(crate) change: ChangeArgs,

    /// Form of the answer
    #[arg(
        short = 'o',
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Output"
    )]
    pub(crate) output: NameFormat,

    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
}

const UNINSTALL_EXAMPLES: &str = "\
Examples:
  kubectl kscale uninstall
  kubectl kscale uninstall --dry-run=server
  kubectl kscale uninstall -y --force";

/// How to go about a change.
#[derive(Args, Debug)]
#[command(next_help_heading = "How to go about it")]
pub(crate) struct ChangeArgs {
    /// Change nothing: client sends nothing that could, server has the API server try it
    #[arg(
        long,
        value_name = "WHERE",
        default_value = "none",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "client"
    )]
    pub(crate) dry_run: DryRun,

    /// Do not ask
    #[arg(short = 'y', long)]
    pub(crate) yes: bool,

    /// Wait until it is done
    #[arg(
        long,
        value_name = "BOOL",
        default_value_t = true,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        action = clap::ArgAction::Set
    )]
    pub(crate) wait: bool,

    /// How long to wait, such as 90s or 10m
    #[arg(
        long,
        visible_alias = "wait-timeout",
        value_name = "DURATION",
        default_value = "5m",
        value_parser = crate::cluster::duration
    )]
    pub(crate) timeout: Duration,
}

/// Where a change is only tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DryRun {
    /// Nowhere: it is made
    None,
    /// Here
    Client,
    /// In the API server
    Server,
}

/// Forms of an answer that is Kubernetes objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ObjectFormat {
    /// For people
    Text,
    /// The objects as YAML documents
    Yaml,
    /// The objects as a List
    Json,
    /// The names of the objects, one a line
    Name,
}

/// Forms of an answer that is names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum NameFormat {
    /// For people
    Text,
    /// The names of the objects, one a line
    Name,
}

/// A namespace is part of addresses: what is none must not become another one's.
fn namespace(text: &str) -> Result<String, String> {
    let usual = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let edge = text.starts_with('-') || text.ends_with('-');
    if text.is_empty() || text.len() > 63 || edge || !text.chars().all(usual) {
        return Err("a namespace has up to 63 lower-case letters, digits and hyphens".to_owned());
    }
    Ok(text.to_owned())
}

fn address(text: &str) -> Result<String, String> {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    if rest.is_none_or(str::is_empty) {
        return Err("write it like https://host/path".to_owned());
    }
    Ok(text.to_owned())
}
