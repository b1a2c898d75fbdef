//! The ConfigMaps of Knative Serving that bear on autoscaling, read and checked.

use std::collections::BTreeMap;

use super::config_autoscaler::AutoscalerConfig;
use super::config_defaults::DefaultsConfig;
use super::config_deployment::DeploymentConfig;
use super::config_features::FeaturesConfig;

/// What the ConfigMaps say, or the defaults that are shipped.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Configs {
    /// `config-autoscaler`.
    pub autoscaler: AutoscalerConfig,
    /// `config-defaults`.
    pub defaults: DefaultsConfig,
    /// `config-deployment`.
    pub deployment: DeploymentConfig,
    /// `config-features`.
    pub features: FeaturesConfig,
}

/// The `data` of the ConfigMaps; `None` for one that is not known, which then counts as the shipped defaults.
#[derive(Debug, Clone, Copy, Default)]
pub struct ConfigData<'a> {
    /// `config-autoscaler`.
    pub autoscaler: Option<&'a BTreeMap<String, String>>,
    /// `config-defaults`.
    pub defaults: Option<&'a BTreeMap<String, String>>,
    /// `config-deployment`.
    pub deployment: Option<&'a BTreeMap<String, String>>,
    /// `config-features`.
    pub features: Option<&'a BTreeMap<String, String>>,
}

impl Configs {
    /// Reads the ConfigMaps.
    ///
    /// # Errors
    /// The name of the first ConfigMap that Knative refuses, a colon, and Knative's own text.
    pub fn parse(data: &ConfigData<'_>) -> Result<Self, String> {
        Ok(Self {
            autoscaler: read(
                "config-autoscaler",
                data.autoscaler,
                AutoscalerConfig::parse,
            )?,
            defaults: read("config-defaults", data.defaults, DefaultsConfig::parse)?,
            deployment: read(
                "config-deployment",
                data.deployment,
                DeploymentConfig::parse,
            )?,
            features: data.features.map(FeaturesConfig::parse).unwrap_or_default(),
        })
    }
}

fn read<T: Default>(
    name: &str,
    data: Option<&BTreeMap<String, String>>,
    parse: impl FnOnce(&BTreeMap<String, String>) -> Result<T, String>,
) -> Result<T, String> {
    data.map_or_else(|| Ok(T::default()), parse)
        .map_err(|error| format!("{name}: {error}"))
}
