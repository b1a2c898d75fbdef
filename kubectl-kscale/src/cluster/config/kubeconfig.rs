//! The kubeconfig files: which they are, and what they say together.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use granit_parser::Parser;
use kube::config::{Kubeconfig, KubeconfigError};

use crate::cli::ClusterArgs;
use crate::error::Error;

/// What the kubeconfig files say together, and which they are.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// What they say, the first one first.
    pub(super) config: Kubeconfig,
    /// Those that were read.
    pub(super) read: Vec<PathBuf>,
    /// Those that were looked for.
    pub(super) sought: Vec<PathBuf>,
}

impl Files {
    /// Reads the file that `--kubeconfig` names, else those of KUBECONFIG, else `~/.kube/config`.
    pub(super) fn read(arguments: &ClusterArgs) -> Result<Self, Error> {
        let explicit = arguments.kubeconfig.as_deref();
        if let Some(path) = explicit.filter(|path| !path.as_os_str().is_empty()) {
            return Self::read_all(vec![path.to_owned()], true);
        }
        let named = std::env::var_os("KUBECONFIG");
        Self::read_all(sought(named.as_deref(), std::env::home_dir()), false)
    }

    fn read_all(sought: Vec<PathBuf>, must_exist: bool) -> Result<Self, Error> {
        let mut files = Self::default();
        for path in &sought {
            let config = match Kubeconfig::read_from(path) {
                Ok(config) => config,
                Err(KubeconfigError::ReadConfig(error, _))
                    if error.kind() == io::ErrorKind::NotFound && !must_exist =>
                {
                    continue;
                }
                Err(error) => return Err(unreadable(path, &error)),
            };
            files.read.push(path.clone());
            let merged = std::mem::take(&mut files.config).merge(normal(config));
            files.config = merged.map_err(|error| unreadable(path, &error))?;
        }
        files.sought = sought;
        Ok(files)
    }

    /// The files for messages.
    pub(super) fn names(&self) -> String {
        let names = if self.read.is_empty() {
            &self.sought
        } else {
            &self.read
        };
        let names: Vec<_> = names
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        names.join(", ")
    }
}

/// Empty names are passed over, but a KUBECONFIG of nothing else is no reason to look at home.
fn sought(named: Option<&OsStr>, home: Option<PathBuf>) -> Vec<PathBuf> {
    let Some(named) = named.filter(|named| !named.is_empty()) else {
        let file = home.map(|home| home.join(".kube").join("config"));
        return file.into_iter().collect();
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for path in std::env::split_paths(named) {
        if !path.as_os_str().is_empty() && !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

/// An empty `current-context` is none, so that a later file may name one.
fn normal(mut config: Kubeconfig) -> Kubeconfig {
    config.current_context = config.current_context.filter(|name| !name.is_empty());
    config
}

/// What is wrong with a file, without a word of what stands in it: the parser's own message quotes lines, tokens included.
fn unreadable(path: &Path, error: &KubeconfigError) -> Error {
    let file = path.display();
    match error {
        KubeconfigError::ReadConfig(error, _) if error.kind() == io::ErrorKind::NotFound => {
            Error::input(format!("the kubeconfig {file} does not exist"))
        }
        KubeconfigError::ReadConfig(error, _) => {
            Error::input(format!("the kubeconfig {file} cannot be read: {error}"))
        }
        KubeconfigError::Parse(error) => {
            let place = error
                .location()
                .map_or_else(String::new, |at| format!(":{}:{}", at.line(), at.column()));
            let text = std::fs::read_to_string(path).unwrap_or_default();
            let line = error.location().map_or(0, |at| at.line());
            let line = usize::try_from(line).unwrap_or_default();
            let what = wrong(&text, line);
            Error::input(format!("{file}{place}: the kubeconfig {what}"))
                .hint("what stands there is not shown, for it may be a secret")
        }
        KubeconfigError::KindMismatch | KubeconfigError::ApiVersionMismatch => Error::input(
            format!("{file} is of another kind or version than the kubeconfig files before it"),
        ),
        _ => Error::input(format!("the kubeconfig {file} cannot be used")),
    }
}

/// What kind of thing is wrong; of the line, only a field that every kubeconfig may have is named.
fn wrong(text: &str, line: usize) -> String {
    if Parser::new_from_str(text).any(|event| event.is_err()) {
        return "is no valid YAML".to_owned();
    }
    let written = line.checked_sub(1).and_then(|line| text.lines().nth(line));
    let field = written.and_then(|line| line.split_once(':'));
    let field = field.map(|(field, _)| field.trim_start_matches([' ', '-']));
    match field.filter(|field| FIELDS.contains(field)) {
        Some(field) => format!("has a value of the wrong type for `{field}`"),
        None => "has a value of the wrong type".to_owned(),
    }
}

/// The fields of a kubeconfig.
const FIELDS: [&str; 41] = [
    "apiVersion",
    "args",
    "as",
    "as-groups",
    "as-uid",
    "as-user-extra",
    "auth-provider",
    "certificate-authority",
    "certificate-authority-data",
    "client-certificate",
    "client-certificate-data",
    "client-key",
    "client-key-data",
    "cluster",
    "clusters",
    "command",
    "config",
    "context",
    "contexts",
    "current-context",
    "disable-compression",
    "env",
    "exec",
    "extensions",
    "insecure-skip-tls-verify",
    "installHint",
    "interactiveMode",
    "kind",
    "name",
    "namespace",
    "password",
    "preferences",
    "provideClusterInfo",
    "proxy-url",
    "server",
    "tls-server-name",
    "token",
    "tokenFile",
    "user",
    "username",
    "users",
];

#[cfg(test)]
#[path = "kubeconfig_tests.rs"]
mod tests;
