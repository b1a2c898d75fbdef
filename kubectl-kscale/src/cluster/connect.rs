//! From the command line to a client.

use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use kube::client::ConfigExt as _;
use kube::config::{KubeConfigOptions, Kubeconfig};
use tower::ServiceBuilder;

use super::Cluster;
use crate::cli::ClusterArgs;
use crate::error::Error;

impl Cluster {
    /// The client that the command line asks for.
    pub(crate) async fn connect(arguments: &ClusterArgs) -> Result<Self, Error> {
        let config = config(arguments).await?;
        let namespace = config.default_namespace.clone();
        let server = config.cluster_url.to_string();
        let client = client(config)?;
        Ok(Self {
            client,
            namespace,
            server: server.trim_end_matches('/').to_owned(),
        })
    }

    /// Whether there is a cluster to ask at all: a kubeconfig, flags that stand for one, or the pod's own.
    pub(crate) fn is_configured(arguments: &ClusterArgs) -> bool {
        arguments.server.is_some()
            || arguments.kubeconfig.is_some()
            || arguments.context.is_some()
            || Kubeconfig::read().is_ok_and(|config| !config.contexts.is_empty())
    }
}

async fn config(arguments: &ClusterArgs) -> Result<kube::Config, Error> {
    let options = KubeConfigOptions {
        context: arguments.context.clone(),
        cluster: arguments.cluster.clone(),
        user: arguments.user.clone(),
    };
    let kubeconfig = match &arguments.kubeconfig {
        Some(path) => Kubeconfig::read_from(path),
        None => Kubeconfig::read(),
    };
    let broken = |_| Error::cluster("the kubeconfig cannot be read");
    let kubeconfig = kubeconfig.map_err(broken)?;
    let config = kube::Config::from_custom_kubeconfig(kubeconfig, &options).await;
    let mut config = config.map_err(broken)?;
    config.read_timeout = arguments.request_timeout.0;
    config.auth_info.impersonate.clone_from(&arguments.act_as);
    Ok(config)
}

/// A connector with TCP_NODELAY on: without it, each first request waits about 44 ms for a delayed acknowledgement. HTTP/2
/// where the server speaks it, so that facts fetched at once share one connection and one handshake.
fn client(config: kube::Config) -> Result<kube::Client, Error> {
    let failed = |error: kube::Error| Error::cluster(error.to_string());
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector.set_nodelay(true);
    connector.set_connect_timeout(config.connect_timeout);
    let tls = config.rustls_client_config().map_err(failed)?;
    let connector = hyper_rustls::HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_all_versions()
        .wrap_connector(connector);
    let hyper =
        HyperClient::builder(TokioExecutor::new()).build::<_, kube::client::Body>(connector);
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .option_layer(config.auth_layer().map_err(failed)?)
        .layer(config.extra_headers_layer().map_err(failed)?)
        .map_err(tower::BoxError::from)
        .service(hyper);
    Ok(kube::Client::new(service, config.default_namespace))
}
