//! Which cluster to ask, and as whom: kubectl's own flags.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args};

/// Which cluster to ask, and as whom.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Cluster")]
pub(crate) struct ClusterArgs {
    /// Path of the kubeconfig file, instead of those that KUBECONFIG names or ~/.kube/config
    #[arg(long, value_name = "FILE")]
    pub(crate) kubeconfig: Option<PathBuf>,

    /// Context of the kubeconfig to use
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,

    /// Cluster of the kubeconfig to use, instead of the context's
    #[arg(long, value_name = "NAME")]
    pub(crate) cluster: Option<String>,

    /// User of the kubeconfig to use, instead of the context's
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,

    /// Address of the API server, instead of the kubeconfig's
    #[arg(short = 's', long, value_name = "URL")]
    pub(crate) server: Option<String>,

    /// Bearer token, instead of the kubeconfig's token or plugin; a client certificate still goes before it, as in kubectl
    #[arg(long, value_name = "TOKEN")]
    pub(crate) token: Option<String>,

    /// File with a client certificate, instead of the kubeconfig's
    #[arg(long, value_name = "FILE")]
    pub(crate) client_certificate: Option<PathBuf>,

    /// File with the key of the client certificate
    #[arg(long, value_name = "FILE")]
    pub(crate) client_key: Option<PathBuf>,

    /// User to act as
    #[arg(long = "as", value_name = "USER")]
    pub(crate) act_as: Option<String>,

    /// Group to act as a member of; may be given several times
    #[arg(long, value_name = "GROUP")]
    pub(crate) as_group: Vec<String>,

    /// UID to act as
    #[arg(long, value_name = "UID")]
    pub(crate) as_uid: Option<String>,

    /// File with the certificate authorities to trust the API server by
    #[arg(long, value_name = "FILE")]
    pub(crate) certificate_authority: Option<PathBuf>,

    /// Name to expect in the certificate of the API server, instead of its host name
    #[arg(long, value_name = "NAME")]
    pub(crate) tls_server_name: Option<String>,

    /// Do not check the certificate of the API server: anybody can then read what is sent
    #[arg(
        long,
        action = ArgAction::Set,
        num_args = 0..=1,
        require_equals = true,
        default_value_t = false,
        default_missing_value = "true",
        value_name = "BOOL",
        hide_possible_values = true
    )]
    pub(crate) insecure_skip_tls_verify: bool,

    /// How long to wait for an answer of the API server, such as 10s or 1m; 0 waits for ever
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = timeout)]
    pub(crate) request_timeout: Timeout,

    /// Say which requests are sent and how they are answered; more with a larger number, as in kubectl
    #[arg(
        short = 'v',
        long = "v",
        value_name = "LEVEL",
        default_value_t = 0,
        num_args = 0..=1,
        default_missing_value = "6"
    )]
    pub(crate) verbosity: u8,
}

impl ClusterArgs {
    /// What was given of this, once more, for another command; but no token.
    pub(crate) fn again(&self) -> Vec<String> {
        let path = |path: &Option<PathBuf>| {
            let path = path.as_deref();
            path.map(|path| path.to_string_lossy().into_owned())
        };
        let values = [
            ("kubeconfig", path(&self.kubeconfig)),
            ("context", self.context.clone()),
            ("cluster", self.cluster.clone()),
            ("user", self.user.clone()),
            ("server", self.server.clone()),
            ("client-certificate", path(&self.client_certificate)),
            ("client-key", path(&self.client_key)),
            ("certificate-authority", path(&self.certificate_authority)),
            ("tls-server-name", self.tls_server_name.clone()),
            ("as", self.act_as.clone()),
            ("as-uid", self.as_uid.clone()),
        ];
        let groups = self
            .as_group
            .iter()
            .map(|group| ("as-group", Some(group.clone())));
        let given = values.into_iter().chain(groups);
        let mut flags: Vec<String> = given
            .filter_map(|(name, value)| Some(format!("--{name}={}", value?)))
            .collect();
        if self.insecure_skip_tls_verify {
            flags.push("--insecure-skip-tls-verify".to_owned());
        }
        flags
    }
}

/// How long to wait for one answer; none waits for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timeout(pub(crate) Option<Duration>);

impl Timeout {
    /// This, or less.
    pub(crate) fn at_most(self, most: Duration) -> Self {
        Self(Some(self.0.map_or(most, |own| own.min(most))))
    }
}

impl Default for Timeout {
    fn default() -> Self {
        Self(Some(Duration::from_secs(30)))
    }
}

/// A number of seconds, or a Go duration (`client-go`: `clientcmd.ParseTimeout`).
fn timeout(text: &str) -> Result<Timeout, String> {
    let seconds = text.parse::<u64>().map(Duration::from_secs);
    let duration = seconds.or_else(|_| crate::cluster::duration(text))?;
    Ok(Timeout((!duration.is_zero()).then_some(duration)))
}
