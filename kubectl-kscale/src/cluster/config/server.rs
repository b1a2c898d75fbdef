//! From the chosen entries to kube's settings.

use http::Uri;
use kube::config::{AuthInfo, Cluster};

use super::choice::Choice;
use super::proxy::{self, Environment};
use super::{Target, Trust, trust};
use crate::cli::ClusterArgs;
use crate::error::Error;
use crate::input::visible;

impl Choice {
    /// The settings of the chosen cluster.
    pub(super) fn target(self, arguments: &ClusterArgs) -> Result<Target, Error> {
        let Self {
            cluster, mut user, ..
        } = self;
        let server = address(&cluster, &user)?;
        let mut config = kube::Config::new(server.clone());
        config.default_namespace = self.namespace.unwrap_or_else(|| "default".to_owned());
        config.tls_server_name = cluster.tls_server_name.clone().filter(|it| !it.is_empty());
        config.accept_invalid_certs = cluster.insecure_skip_tls_verify == Some(true);
        let encrypted = server.scheme_str() == Some("https");
        if encrypted {
            config.root_cert = trust::authorities(&cluster, &self.cluster_name)?;
        } else {
            // Nobody gives credentials to a wire that everybody reads; `client-go` does not either.
            user = AuthInfo {
                impersonate: user.impersonate,
                impersonate_uid: user.impersonate_uid,
                impersonate_groups: user.impersonate_groups,
                impersonate_user_extra: user.impersonate_user_extra,
                ..AuthInfo::default()
            };
        }
        trust::check_identity(&user, &self.user_name)?;
        let mut plugin = user.exec.take();
        if let Some(plugin) = plugin.as_mut().filter(|it| it.provide_cluster_info) {
            plugin.cluster = Some((&cluster).try_into().map_err(|_| {
                Error::input("the certificate authority of the cluster cannot be read")
            })?);
        }
        config.auth_info = user;
        config.proxy_url = match cluster.proxy_url.as_deref().filter(|it| !it.is_empty()) {
            Some(url) => Some(proxy::of_cluster(url)?),
            None => Environment::of_process().proxy_for(&server),
        };
        Ok(Target {
            trust: Trust::of(&config),
            identity: identity(&self.user_name, arguments),
            config,
            plugin,
        })
    }
}

/// As whom the caller asks, for messages.
pub(super) fn identity(user: &str, arguments: &ClusterArgs) -> String {
    if arguments.token.is_some() {
        return "the token of --token".to_owned();
    }
    match user {
        "" => "nobody: the context names no user".to_owned(),
        user => format!("user \"{}\" of the kubeconfig", visible(user)),
    }
}

/// The address of the API server. One without a scheme is https where anything speaks for it, as in `client-go`
/// (`rest/url_utils.go`).
fn address(cluster: &Cluster, user: &AuthInfo) -> Result<Uri, Error> {
    let text = cluster.server.as_deref().unwrap_or_default().trim();
    let some = |field: &Option<String>| field.as_deref().is_some_and(|it| !it.is_empty());
    let encrypted = some(&cluster.certificate_authority)
        || some(&cluster.certificate_authority_data)
        || some(&user.client_certificate)
        || some(&user.client_certificate_data)
        || cluster.insecure_skip_tls_verify == Some(true);
    read(text, if encrypted { "https" } else { "http" }).ok_or_else(|| {
        let shown = proxy::shown(text);
        Error::input(format!("the server {} is no address", visible(&shown)))
            .hint("write it as https://HOST:PORT")
    })
}

/// An address, without what comes after the path.
pub(super) fn read(text: &str, scheme: &str) -> Option<Uri> {
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("{scheme}://{text}")
    };
    let bare = whole.split(['?', '#']).next().unwrap_or_default();
    let address: Uri = bare.parse().ok()?;
    let known = matches!(address.scheme_str(), Some("http" | "https"));
    (known && names_host(&address)).then_some(address)
}

/// Whether there is a host and, after a colon, a number.
pub(super) fn names_host(address: &Uri) -> bool {
    let host = address.host().unwrap_or_default();
    let authority = address
        .authority()
        .map_or("", |authority| authority.as_str());
    let place = authority.rsplit('@').next().unwrap_or_default();
    let port = place.strip_prefix(host).unwrap_or_default();
    !host.is_empty() && (port.is_empty() || address.port_u16().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_do_without_a_scheme() {
        let read = |text, scheme| read(text, scheme).map(|address| address.to_string());
        assert_eq!(read("k8s:6443", "https").unwrap(), "https://k8s:6443/");
        assert_eq!(
            read("localhost:8080", "http").unwrap(),
            "http://localhost:8080/"
        );
        assert_eq!(
            read("https://k8s/a/b?x#y", "http").unwrap(),
            "https://k8s/a/b"
        );
        for nonsense in ["ftp://k8s", "", "https://", "a b", "https://k8s:port"] {
            assert_eq!(read(nonsense, "https"), None, "{nonsense}");
        }
    }

    #[test]
    fn an_address_without_a_scheme_is_encrypted_where_anything_speaks_for_it() {
        let mut cluster = Cluster {
            server: Some("k8s:6443".to_owned()),
            ..Cluster::default()
        };
        let mut user = AuthInfo::default();
        let scheme = |cluster: &Cluster, user: &AuthInfo| {
            address(cluster, user)
                .unwrap()
                .scheme_str()
                .map(str::to_owned)
        };
        assert_eq!(scheme(&cluster, &user).as_deref(), Some("http"));
        user.client_certificate = Some("file".to_owned());
        assert_eq!(scheme(&cluster, &user).as_deref(), Some("https"));
        user.client_certificate = None;
        cluster.insecure_skip_tls_verify = Some(true);
        assert_eq!(scheme(&cluster, &user).as_deref(), Some("https"));
    }
}
