//! From the command line to a client.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::sync::Mutex;

use super::Cluster;
use super::config::Target;
use super::config::proxy::shown;
use super::exchange::Exchange;
use super::log::Log;
use super::plugin::Plugin;
use super::trouble::Way;
use crate::cli::ClusterArgs;
use crate::error::Error;

impl Cluster {
    /// The client that the command line asks for. Nothing is sent yet; but a plugin that gives credentials has been run, and has
    /// said what it has to say, so that progress may be drawn from here on.
    pub(crate) async fn connect(arguments: &ClusterArgs) -> Result<Self, Error> {
        let Target {
            mut config,
            plugin,
            identity,
            trust,
        } = Target::find(arguments)?;
        let failed = |failure: super::Failure| failure.error("no credentials for the cluster");
        let plugin = match plugin {
            Some(plugin) => Some(Plugin::start(plugin).await.map_err(failed)?),
            None => None,
        };
        if let Some(plugin) = &plugin
            && let Some((certificate, key)) = plugin.identity().await
        {
            config.auth_info.client_certificate_data = Some(STANDARD.encode(certificate));
            config.auth_info.client_key_data = Some(STANDARD.encode(key).into());
        }
        let failed = |failure: super::Failure| failure.error("the cluster cannot be asked");
        let sender = super::connector::sender(&config, Log(arguments.verbosity)).map_err(failed)?;
        let exchange = Exchange {
            sender,
            limit: arguments.request_timeout.0,
            way: Way {
                server: config.cluster_url.clone(),
                proxy: config.proxy_url.clone(),
                trust,
                name: config.tls_server_name.clone(),
                identity,
                plugin: plugin.as_ref().map(Plugin::command),
            },
            plugin,
            connected: Mutex::new(false),
        };
        let namespace = config.default_namespace;
        let server = shown(&config.cluster_url.to_string());
        Ok(Self {
            client: exchange.client(namespace.clone()),
            namespace,
            server: server.trim_end_matches('/').to_owned(),
            flags: arguments.again(),
        })
    }

    /// Whether there is a cluster to ask at all: a kubeconfig, flags that stand for one, or the pod's own. Asks nobody.
    pub(crate) fn is_configured(arguments: &ClusterArgs) -> bool {
        Target::exists(arguments)
    }
}
