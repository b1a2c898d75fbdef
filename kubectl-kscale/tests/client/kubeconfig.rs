//! Kubeconfig files for tests.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::certificates::Pair;
use crate::process::{Run, kscale};

/// A folder with a kubeconfig in it.
pub(crate) struct Kubeconfig {
    pub(crate) folder: TempDir,
    pub(crate) value: Value,
}

impl Kubeconfig {
    /// One context, `here`, with a token; the cluster is trusted by nothing yet.
    pub(crate) fn new(server: &str) -> Self {
        let value = json!({
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "here",
            "contexts": [{ "name": "here", "context": { "cluster": "here", "user": "me" } }],
            "clusters": [{ "name": "here", "cluster": { "server": server } }],
            "users": [{ "name": "me", "user": { "token": "SECRETTOKEN" } }],
        });
        Self {
            folder: tempfile::tempdir().unwrap(),
            value,
        }
    }

    /// Trusts by this certificate. The path is relative to the file.
    pub(crate) fn trusting(mut self, authority: &Pair) -> Self {
        fs::write(self.folder.path().join("ca.pem"), &authority.certificate).unwrap();
        self.cluster()["certificate-authority"] = "ca.pem".into();
        self
    }

    pub(crate) fn cluster(&mut self) -> &mut Value {
        &mut self.value["clusters"][0]["cluster"]
    }

    pub(crate) fn user(&mut self) -> &mut Value {
        &mut self.value["users"][0]["user"]
    }

    /// Writes it.
    pub(crate) fn file(&self) -> PathBuf {
        let file = self.folder.path().join("config");
        fs::write(&file, self.value.to_string()).unwrap();
        file
    }

    /// Puts a program beside it.
    pub(crate) fn program(&self, name: &str, script: &str) -> PathBuf {
        program(self.folder.path(), name, script)
    }

    /// `kubectl kscale list`, with this kubeconfig.
    pub(crate) fn list(&self, arguments: &[&str]) -> Run {
        list(arguments).env("KUBECONFIG", self.file().to_str().unwrap())
    }
}

/// `kubectl kscale list` without a proxy that a developer's shell may name.
pub(crate) fn list(arguments: &[&str]) -> Run {
    let names = [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "NO_PROXY",
        "no_proxy",
    ];
    let run = kscale(&[&["list"], arguments].concat());
    names.into_iter().fold(run, |run, name| run.env(name, ""))
}

/// A shell script.
pub(crate) fn program(folder: &Path, name: &str, script: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// A message with what is another in each run taken out.
pub(crate) fn steady(text: &str, ports: &[u16], folder: &Path) -> String {
    let mut text = text.replace(folder.to_str().unwrap(), "DIR");
    for port in ports {
        text = text.replace(&format!(":{port}"), ":PORT");
    }
    text
}
