//! The real kubectl, where there is one.

use std::process::{Command, Output};

use crate::{ControlPlane, Error};

impl ControlPlane {
    /// What kubectl says as the administrator; None where there is none on the PATH.
    pub fn kubectl(&self, args: &[&str]) -> Result<Option<Output>, Error> {
        let mut command = self.command("kubectl");
        match command.args(args).output() {
            Ok(output) => Ok(Some(output)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::new(format!("cannot run kubectl: {error}"))),
        }
    }

    /// A program with the administrator's kubeconfig in `KUBECONFIG`, and without what the environment would have it do
    /// otherwise.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("KUBECONFIG", self.kubeconfig());
        command.env("HOME", self.folder());
        for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"] {
            command.env_remove(name).env_remove(name.to_lowercase());
        }
        for name in ["KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"] {
            command.env_remove(name);
        }
        command
    }
}
