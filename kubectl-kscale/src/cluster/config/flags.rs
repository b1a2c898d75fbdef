//! kubectl's flags, laid over what the kubeconfig says.

use std::path::Path;

use kube::config::{AuthInfo, Cluster};

use crate::cli::ClusterArgs;
use crate::error::Error;

/// A flag for trust takes the place of all that the kubeconfig says about it. So does `--server` for the name that the certificate
/// must have: it is another server now.
pub(super) fn over_cluster(cluster: &mut Cluster, arguments: &ClusterArgs) {
    let server = arguments.server.as_ref().filter(|it| !it.is_empty());
    if let Some(server) = server {
        cluster.server = Some(server.clone());
    }
    let authority = arguments.certificate_authority.as_deref().and_then(text);
    if authority.is_some() || arguments.insecure_skip_tls_verify {
        cluster.insecure_skip_tls_verify = Some(arguments.insecure_skip_tls_verify);
        cluster.certificate_authority = authority;
        cluster.certificate_authority_data = None;
    }
    let name = arguments
        .tls_server_name
        .clone()
        .filter(|it| !it.is_empty());
    if name.is_some() || server.is_some() {
        cluster.tls_server_name = name;
    }
}

/// `--token` takes the place of a token, a password and a plugin, but not of a client certificate: kubectl sends both, and the API
/// server then goes by the certificate.
pub(super) fn over_user(user: &mut AuthInfo, arguments: &ClusterArgs) -> Result<(), Error> {
    if let Some(token) = arguments.token.as_ref().filter(|it| !it.is_empty()) {
        user.token = Some(token.clone().into());
        (user.token_file, user.username, user.password) = (None, None, None);
        (user.exec, user.auth_provider) = (None, None);
    }
    if let Some(file) = arguments.client_certificate.as_deref().and_then(text) {
        user.client_certificate = Some(file);
        user.client_certificate_data = None;
    }
    if let Some(file) = arguments.client_key.as_deref().and_then(text) {
        user.client_key = Some(file);
        user.client_key_data = None;
    }
    if let Some(name) = arguments.act_as.as_ref().filter(|it| !it.is_empty()) {
        user.impersonate = Some(name.clone());
    }
    if !arguments.as_group.is_empty() {
        user.impersonate_groups = Some(arguments.as_group.clone());
    }
    if let Some(uid) = arguments.as_uid.as_ref().filter(|it| !it.is_empty()) {
        user.impersonate_uid = Some(uid.clone());
    }
    let nobody = user.impersonate.as_deref().unwrap_or_default().is_empty();
    let more = user.impersonate_uid.is_some()
        || user
            .impersonate_groups
            .as_ref()
            .is_some_and(|it| !it.is_empty())
        || user
            .impersonate_user_extra
            .as_ref()
            .is_some_and(|it| !it.is_empty());
    if nobody && more {
        return Err(
            Error::usage("a group or UID to act as, but no user to act as")
                .hint("name the user with --as"),
        );
    }
    Ok(())
}

/// A path as the kubeconfig has it.
fn text(path: &Path) -> Option<String> {
    let text = path.to_string_lossy();
    (!text.is_empty()).then(|| text.into_owned())
}
