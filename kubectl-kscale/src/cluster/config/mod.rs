//! Where the cluster is, as whom it is asked, and what is trusted: from the kubeconfig files and kubectl's flags.
//!
//! What `client-go` does decides here (`tools/clientcmd`), not kube's own loader: that one leaves KUBECONFIG's missing files
//! unforgiven, matches NO_PROXY against the proxy, and shows lines of the file in its errors.

mod choice;
mod flags;
mod kubeconfig;
mod no_proxy;
mod pod;
pub(super) mod proxy;
mod server;
mod trust;

use kube::config::ExecConfig;

use crate::cli::ClusterArgs;
use crate::error::Error;
use choice::Choice;
use kubeconfig::Files;

pub(super) use trust::Trust;

/// All that is needed to reach a cluster.
#[derive(Debug)]
pub(super) struct Target {
    /// Address, certificates and who asks; the exec plugin is taken out of it.
    pub(super) config: kube::Config,
    /// The plugin that gives the credentials.
    pub(super) plugin: Option<ExecConfig>,
    /// How the caller is known to the kubeconfig, for messages.
    pub(super) identity: String,
    /// By what the certificate of the API server is judged.
    pub(super) trust: Trust,
}

impl Target {
    /// The cluster that the command line asks for.
    pub(super) fn find(arguments: &ClusterArgs) -> Result<Self, Error> {
        let files = Files::read(arguments)?;
        match Choice::make(&files, arguments)? {
            Some(choice) => choice.target(arguments),
            None if pod::is_one() => pod::target(arguments),
            None => Err(none(&files)),
        }
    }

    /// Whether there is a cluster to ask at all. What is broken counts: asking then says how.
    pub(super) fn exists(arguments: &ClusterArgs) -> bool {
        let choice = Files::read(arguments).and_then(|files| Choice::make(&files, arguments));
        !matches!(choice, Ok(None)) || pod::is_one()
    }
}

/// That nothing says which cluster to ask.
fn none(files: &Files) -> Error {
    let contexts = choice::names(files.config.contexts.iter().map(|it| &it.name));
    if contexts.is_empty() {
        let error = Error::input("no cluster to ask: there is no kubeconfig with a context in it");
        return match files.names() {
            names if names.is_empty() => {
                error.hint("name one with --kubeconfig FILE or KUBECONFIG")
            }
            names => error.hint(format!("looked at: {names}")),
        };
    }
    Error::input("no cluster to ask: the kubeconfig has no current context")
        .hint(format!("name one with --context: {contexts}"))
        .hint("kubectl config use-context NAME sets it for good")
}
