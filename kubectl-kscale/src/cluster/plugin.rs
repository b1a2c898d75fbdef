//! Credentials of an exec plugin (`client.authentication.k8s.io`), such as `aws eks get-token`.
//!
//! Not kube's own: that one runs the plugin once for the token and once more for a certificate, so that a person logs in
//! twice; it hides what the plugin says where it may not ask; and its error holds the plugin's output, tokens included.

mod answer;

use std::ffi::OsString;
use std::io::{self, IsTerminal as _};
use std::process::{Command, Stdio};
use std::sync::Arc;

use http::HeaderValue;
use jiff::{SignedDuration, Timestamp};
use kube::config::{ExecConfig, ExecInteractiveMode};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::{Failure, Why};
use crate::input::visible;
use answer::Credential;

/// How long before its end a token is no longer used.
const MARGIN: SignedDuration = SignedDuration::from_secs(10);

/// A plugin, and what it last gave.
#[derive(Clone)]
pub(super) struct Plugin {
    config: Arc<ExecConfig>,
    current: Arc<Mutex<Credential>>,
}

impl Plugin {
    /// Runs the plugin. What it says on standard error is seen at once, so nothing may draw there meanwhile.
    pub(super) async fn start(config: ExecConfig) -> Result<Self, Failure> {
        let config = Arc::new(config);
        let credential = run(Arc::clone(&config)).await?;
        Ok(Self {
            config,
            current: Arc::new(Mutex::new(credential)),
        })
    }

    /// Certificate and key in PEM, where the plugin gives such.
    pub(super) async fn identity(&self) -> Option<(String, String)> {
        self.current.lock().await.identity.clone()
    }

    /// The header that says who asks. A token at its end is renewed, by one request for all.
    pub(super) async fn header(&self) -> Result<Option<HeaderValue>, Failure> {
        let mut current = self.current.lock().await;
        let over = |at: Timestamp| at < Timestamp::now() + MARGIN;
        if current.token.is_some() && current.expires.is_some_and(over) {
            *current = run(Arc::clone(&self.config)).await?;
        }
        let Some(token) = &current.token else {
            return Ok(None);
        };
        let mut header = HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| {
            broken(
                &self.config,
                "gave a token that is none: it has line breaks or the like",
            )
        })?;
        header.set_sensitive(true);
        Ok(Some(header))
    }

    /// The command, for messages.
    pub(super) fn command(&self) -> String {
        name(&self.config)
    }
}

/// Runs the plugin beside the runtime, so that Ctrl-C ends the wait.
async fn run(config: Arc<ExecConfig>) -> Result<Credential, Failure> {
    let job = tokio::task::spawn_blocking(move || run_now(&config));
    match job.await {
        Ok(credential) => credential,
        Err(error) => Err(Failure::new(Why::Unauthorized, error.to_string())),
    }
}

fn run_now(config: &ExecConfig) -> Result<Credential, Failure> {
    let program = config
        .command
        .as_deref()
        .filter(|command| !command.is_empty());
    let Some(program) = program else {
        return Err(Failure::new(
            Why::Unauthorized,
            "the exec plugin of the kubeconfig has no command",
        ));
    };
    let interactive = interactive(config)?;
    let mut command = Command::new(program);
    command.args(config.args.iter().flatten());
    command.envs(environment(config));
    command.env(
        "KUBERNETES_EXEC_INFO",
        asked(config, interactive).to_string(),
    );
    command.stdin(if interactive {
        Stdio::inherit()
    } else {
        Stdio::null()
    });
    command.stdout(Stdio::piped()).stderr(Stdio::inherit());
    let output = command
        .output()
        .map_err(|error| not_started(config, &error))?;
    if !output.status.success() {
        let how = output.status.code().map_or_else(
            || "was ended by a signal".to_owned(),
            |code| format!("failed with exit code {code}"),
        );
        return Err(
            broken(config, &how).hint("what it said stands above; run it by itself to mend it")
        );
    }
    Credential::read(&output.stdout, config.api_version.as_deref())
        .map_err(|why| broken(config, why))
}

/// Whether the plugin may ask the person at the terminal (`client-go`: `isInteractive`).
fn interactive(config: &ExecConfig) -> Result<bool, Failure> {
    let terminal = io::stdin().is_terminal();
    match &config.interactive_mode {
        Some(ExecInteractiveMode::Never) => Ok(false),
        Some(ExecInteractiveMode::Always) if !terminal => Err(broken(
            config,
            "must ask at a terminal (interactiveMode: Always), and standard input is none",
        )),
        Some(ExecInteractiveMode::Always) => Ok(true),
        Some(ExecInteractiveMode::IfAvailable) | None => Ok(terminal),
    }
}

fn environment(config: &ExecConfig) -> Vec<(OsString, OsString)> {
    let entries = config.env.iter().flatten();
    let pairs = entries.filter_map(|entry| Some((entry.get("name")?, entry.get("value")?)));
    pairs
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

/// What the plugin is told.
fn asked(config: &ExecConfig, interactive: bool) -> Value {
    let mut spec = json!({ "interactive": interactive });
    if let Some(cluster) = config
        .cluster
        .as_ref()
        .filter(|_| config.provide_cluster_info)
    {
        spec["cluster"] = json!(cluster);
    }
    let version = config.api_version.as_deref().unwrap_or(answer::VERSIONS[0]);
    json!({ "apiVersion": version, "kind": "ExecCredential", "spec": spec })
}

fn not_started(config: &ExecConfig, error: &io::Error) -> Failure {
    if error.kind() != io::ErrorKind::NotFound {
        return broken(config, &format!("cannot be run: {error}"));
    }
    let failure = broken(config, "is not installed").hint(
        "the kubeconfig gets its credentials from this program; install it, or put it into PATH",
    );
    let lines = config.install_hint.as_deref().unwrap_or_default().lines();
    let lines = lines.map(str::trim).filter(|line| !line.is_empty());
    lines.fold(failure, Failure::hint)
}

fn broken(config: &ExecConfig, what: &str) -> Failure {
    let message = format!("the credential plugin {} {what}", name(config));
    Failure::new(Why::Unauthorized, message)
}

/// The command without its arguments: those may hold secrets.
fn name(config: &ExecConfig) -> String {
    visible(config.command.as_deref().unwrap_or_default()).into_owned()
}

#[cfg(test)]
#[path = "plugin_tests.rs"]
mod tests;
