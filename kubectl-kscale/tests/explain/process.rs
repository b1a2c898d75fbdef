//! The binary as a process, in the workspace's folder so that paths are short, and with an environment of its own.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What decides on colours, widths and the cluster, and must come from no developer's shell.
const AMBIENT: [&str; 7] = [
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "TERM",
    "CI",
    "KUBERNETES_SERVICE_HOST",
];

/// A run that is being prepared.
#[must_use]
pub(crate) struct Run {
    command: Command,
    stdin: Vec<u8>,
}

/// What became of it.
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

/// `kubectl kscale explain ARGUMENTS`
pub(crate) fn explain(arguments: &[&str]) -> Run {
    kscale(&[&["explain"], arguments].concat())
}

/// `kubectl kscale ARGUMENTS`
pub(crate) fn kscale(arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubectl-kscale"));
    command.args(arguments).current_dir(root());
    for name in AMBIENT {
        command.env_remove(name);
    }
    // No cluster, whatever the developer's kubeconfig names.
    command.env("KUBECONFIG", "/dev/null");
    Run {
        command,
        stdin: Vec::new(),
    }
}

/// The workspace.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap()
}

/// A fixture, as an argument.
pub(crate) fn fixture(name: &str) -> String {
    format!("kubectl-kscale/tests/fixtures/{name}")
}

impl Run {
    pub(crate) fn columns(self, columns: usize) -> Self {
        self.env("COLUMNS", &columns.to_string())
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Starts it, for a run that does not end by itself.
    pub(crate) fn start(mut self) -> std::process::Child {
        let command = self.command.stdin(Stdio::null());
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// In another folder than the workspace's.
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = text.into();
        self
    }

    pub(crate) fn run(mut self) -> Ran {
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        // Whoever does not read its input closes it, which is no concern of these tests.
        let _ = child.stdin.take().unwrap().write_all(&self.stdin);
        let output = child.wait_with_output().unwrap();
        Ran {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap(),
        }
    }
}

impl Ran {
    /// Nothing on standard error, exit code 0.
    #[track_caller]
    pub(crate) fn clean(self) -> String {
        assert_eq!((self.stderr.as_str(), self.code), ("", 0));
        self.stdout
    }

    /// Nothing on standard output, exit code 2.
    #[track_caller]
    pub(crate) fn refused(self) -> String {
        assert_eq!((self.stdout.as_str(), self.code), ("", 2));
        self.stderr
    }
}
