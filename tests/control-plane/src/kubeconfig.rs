//! Kubeconfig files, as small as they can be.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};

use crate::Error;

/// How a user proves who it is.
pub(crate) enum Proof {
    /// A bearer token.
    Token(String),
    /// Files with a certificate and its key.
    Certificate(PathBuf, PathBuf),
}

/// Writes one with a single context, called `test`. JSON is YAML, and every reader of kubeconfigs takes it.
pub(crate) fn write(
    file: &Path,
    server: &str,
    authority: Option<&Path>,
    user: (&str, &Proof),
) -> Result<(), Error> {
    let (name, proof) = user;
    let mut cluster = json!({ "server": server });
    if let Some(authority) = authority {
        cluster["certificate-authority"] = authority.display().to_string().into();
    }
    let proof: Value = match proof {
        Proof::Token(token) => json!({ "token": token }),
        Proof::Certificate(certificate, key) => json!({
            "client-certificate": certificate.display().to_string(),
            "client-key": key.display().to_string(),
        }),
    };
    let config = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{ "name": "test", "cluster": cluster }],
        "users": [{ "name": name, "user": proof }],
        "contexts": [{ "name": "test", "context": { "cluster": "test", "user": name } }],
        "current-context": "test",
    });
    std::fs::write(file, format!("{config:#}\n"))
        .map_err(Error::of(format!("write {}", file.display())))
}
