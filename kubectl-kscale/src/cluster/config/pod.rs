//! Inside of a pod: the cluster that it runs in, as its service account. Only where no kubeconfig names another one.

use std::fs;
use std::path::Path;

use super::{Target, Trust, server, trust};
use crate::cli::ClusterArgs;
use crate::error::Error;

/// Where the kubelet puts the service account.
const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Whether this runs in a pod (`client-go`: `inClusterClientConfig.Possible`).
pub(super) fn is_one() -> bool {
    let named = |name| std::env::var(name).is_ok_and(|value| !value.is_empty());
    named("KUBERNETES_SERVICE_HOST")
        && named("KUBERNETES_SERVICE_PORT")
        && Path::new(ACCOUNT).join("token").is_file()
}

/// The pod's cluster. Of the flags, `--token`, `--certificate-authority` and those to act as somebody count, as in `client-go`
/// (`--server` alone is a cluster of its own).
pub(super) fn target(arguments: &ClusterArgs) -> Result<Target, Error> {
    let variable = |name| std::env::var(name).unwrap_or_default();
    let host = variable("KUBERNETES_SERVICE_HOST");
    let port = variable("KUBERNETES_SERVICE_PORT");
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host
    };
    let address = server::read(&format!("{host}:{port}"), "https");
    let address = address.ok_or_else(|| {
        Error::input("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are no address")
    })?;
    let mut config = kube::Config::new(address);
    config.default_namespace = namespace();
    let given = arguments.certificate_authority.clone();
    let authority = given.unwrap_or_else(|| Path::new(ACCOUNT).join("ca.crt"));
    let from = format!("the certificate authority {}", authority.display());
    let pem = fs::read(&authority);
    let pem = pem.map_err(|error| Error::input(format!("{from} cannot be read: {error}")))?;
    config.accept_invalid_certs = arguments.insecure_skip_tls_verify;
    config.root_cert = Some(trust::certificates(&pem, &from)?);
    config.auth_info.token_file = Some(format!("{ACCOUNT}/token"));
    super::flags::over_user(&mut config.auth_info, arguments)?;
    Ok(Target {
        trust: Trust::of(&config),
        identity: "the service account of this pod".to_owned(),
        config,
        plugin: None,
    })
}

fn namespace() -> String {
    let named = std::env::var("POD_NAMESPACE").unwrap_or_default();
    let account = || fs::read_to_string(Path::new(ACCOUNT).join("namespace"));
    let known = if named.is_empty() {
        account().unwrap_or_default()
    } else {
        named
    };
    match known.trim() {
        "" => "default".to_owned(),
        known => known.to_owned(),
    }
}
