//! The connection: TCP, a proxy, TLS, HTTP.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Request, Uri};
use hyper::rt::{Read, Write};
use hyper_rustls::{FixedServerNameResolver, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::legacy::connect::{Connection, HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::client::{Body, ConfigExt as _};
use tower::{BoxError, Service, ServiceBuilder, ServiceExt as _};

use super::config::proxy;
use super::log::Log;
use super::{Failure, Why};

/// How long a silent connection is believed in, and how long it may take to prove itself: `client-go`'s figures
/// (`apimachinery/pkg/util/net/http.go`). A watch hears by it that the other side is gone.
const SILENCE: Duration = Duration::from_secs(30);
const PROOF: Duration = Duration::from_secs(15);

/// A client that sends one request once.
pub(super) fn sender(config: &kube::Config, log: Log) -> Result<kube::Client, Failure> {
    let tcp = tcp(config.connect_timeout);
    let Some(through) = config.proxy_url.clone() else {
        return finish(config, tcp, log);
    };
    let user = proxy::user(&through);
    match through.scheme_str() {
        Some("socks5" | "socks5h") => {
            let socks = SocksV5::new(through, tcp);
            let socks = match user {
                Some((name, password)) => socks.with_auth(name, password),
                None => socks,
            };
            finish(config, socks, log)
        }
        Some("https") => {
            let encrypted = encrypted(config, tcp, false)?;
            finish(config, known(Tunnel::new(through, encrypted), user), log)
        }
        _ => finish(config, known(Tunnel::new(through, tcp), user), log),
    }
}

/// TCP with TCP_NODELAY on: without it, each first request waits about 44 ms for a delayed acknowledgement.
fn tcp(limit: Option<Duration>) -> HttpConnector {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(SILENCE));
    tcp.set_connect_timeout(limit);
    tcp
}

/// Says to a proxy who asks.
fn known<C>(tunnel: Tunnel<C>, user: Option<(String, String)>) -> Tunnel<C> {
    let Some((name, password)) = user else {
        return tunnel;
    };
    let pair = STANDARD.encode(format!("{name}:{password}"));
    match HeaderValue::try_from(format!("Basic {pair}")) {
        Ok(header) => tunnel.with_auth(header),
        Err(_) => tunnel,
    }
}

/// TLS over `inner`, with an offer of HTTP/2 or without.
fn encrypted<C>(
    config: &kube::Config,
    inner: C,
    http2: bool,
) -> Result<HttpsConnector<C>, Failure> {
    let tls = config.rustls_client_config().map_err(unusable)?;
    let builder = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http();
    let builder = match config.tls_server_name.clone() {
        Some(name) => {
            let name = name.try_into().map_err(|_| {
                Failure::new(
                    Why::Unreachable,
                    "the TLS server name is no name that a certificate can have",
                )
            })?;
            builder.with_server_name_resolver(FixedServerNameResolver::new(name))
        }
        None => builder,
    };
    Ok(if http2 {
        builder.enable_all_versions().wrap_connector(inner)
    } else {
        builder.enable_http1().wrap_connector(inner)
    })
}

/// HTTP over `inner`: HTTP/2 where the server speaks it, so that facts fetched at once share one connection and one handshake.
fn finish<C>(config: &kube::Config, inner: C, log: Log) -> Result<kube::Client, Failure>
where
    C: Service<Uri> + Clone + Send + Sync + 'static,
    C::Response: Connection + Read + Write + Send + Unpin + 'static,
    C::Future: Send + 'static,
    C::Error: Into<BoxError>,
{
    let connector = encrypted(config, inner, true)?;
    let http = HyperClient::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .timer(TokioTimer::new())
        .http2_keep_alive_interval(SILENCE)
        .http2_keep_alive_timeout(PROOF)
        .build::<_, Body>(connector);
    let http = tower::service_fn(move |request: Request<Body>| {
        let entry = log.begin(&request);
        let answer = http.request(request);
        async move {
            let answer = answer.await;
            match (entry, &answer) {
                (Some(entry), Ok(response)) => entry.answered(response),
                (Some(entry), Err(_)) => entry.failed(),
                (None, _) => {}
            }
            answer.map_err(BoxError::from)
        }
    });
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .option_layer(config.auth_layer().map_err(unusable)?)
        .layer(config.extra_headers_layer().map_err(unusable)?)
        .service(http)
        .map_err(BoxError::from);
    Ok(kube::Client::new(service, config.default_namespace.clone()))
}

/// Credentials or certificates that cannot be used. What is wrong is told by its kind: kube's own words may hold what was read.
fn unusable(error: kube::Error) -> Failure {
    use kube::client::{AuthError, RustlsTlsError};
    use kube::config::{KubeconfigError, LoadDataError};
    let message = match error {
        kube::Error::Auth(AuthError::ReadTokenFile(error, path)) => {
            format!("the token file {} cannot be read: {error}", path.display())
        }
        kube::Error::Auth(AuthError::Oidc(_)) => {
            "the OpenID Connect credentials of the kubeconfig cannot be used".to_owned()
        }
        kube::Error::Auth(_) => "the auth-provider of the kubeconfig cannot be used".to_owned(),
        kube::Error::InferKubeconfig(error) => match error {
            KubeconfigError::LoadClientCertificate(LoadDataError::DecodeBase64(_)) => {
                "client-certificate-data of the kubeconfig is no base64".to_owned()
            }
            KubeconfigError::LoadClientKey(LoadDataError::DecodeBase64(_)) => {
                "client-key-data of the kubeconfig is no base64".to_owned()
            }
            KubeconfigError::LoadClientCertificate(LoadDataError::ReadFile(error, path))
            | KubeconfigError::LoadClientKey(LoadDataError::ReadFile(error, path)) => {
                format!("{} cannot be read: {error}", path.display())
            }
            _ => "the client certificate of the kubeconfig cannot be used".to_owned(),
        },
        kube::Error::RustlsTls(error) => match error {
            RustlsTlsError::AddRootCertificate(_) => {
                "a certificate authority of the kubeconfig cannot be used".to_owned()
            }
            RustlsTlsError::MissingCertificate => "the client certificate holds none".to_owned(),
            RustlsTlsError::MissingPrivateKey => {
                "the client key holds none in PKCS8, PKCS1 or SEC1".to_owned()
            }
            _ => "the client certificate and its key cannot be used together".to_owned(),
        },
        _ => "the settings of the kubeconfig cannot be used".to_owned(),
    };
    Failure::new(Why::Unauthorized, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_does_not_wait_to_fill_packets() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let socket = tcp(None).oneshot(address.parse().unwrap()).await.unwrap();
        assert!(socket.inner().nodelay().unwrap());
    }
}
