//! The ConfigMaps of Knative Serving that bear on autoscaling, read and checked.

use std::collections::BTreeMap;

use super::config_autoscaler::AutoscalerConfig;
use super::config_defaults::DefaultsConfig;
use super::config_deployment::DeploymentConfig;
use super::config_features::FeaturesConfig;
use super::release::KnativeVersion;

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
    /// The ConfigMaps as a release ships them.
    #[must_use]
    pub fn shipped(release: KnativeVersion) -> Self {
        Self {
            autoscaler: AutoscalerConfig::shipped(release),
            ..Self::default()
        }
    }

    /// The release that reads them, and that everything predicted from them is of.
    #[must_use]
    pub fn release(&self) -> KnativeVersion {
        self.autoscaler.release
    }

    /// Reads the ConfigMaps as the newest release does.
    ///
    /// # Errors
    /// The name of the first ConfigMap that Knative refuses, a colon, and Knative's own text.
    pub fn parse(data: &ConfigData<'_>) -> Result<Self, String> {
        Self::parse_at(data, KnativeVersion::NEWEST)
    }

    /// Reads the ConfigMaps as a release does.
    ///
    /// # Errors
    /// The name of the first ConfigMap that Knative refuses, a colon, and Knative's own text.
    pub fn parse_at(data: &ConfigData<'_>, release: KnativeVersion) -> Result<Self, String> {
        let nothing = BTreeMap::new();
        Ok(Self {
            autoscaler: AutoscalerConfig::parse_at(data.autoscaler.unwrap_or(&nothing), release)
                .map_err(|error| format!("config-autoscaler: {error}"))?,
            defaults: DefaultsConfig::parse_at(data.defaults.unwrap_or(&nothing), release)
                .map_err(|error| format!("config-defaults: {error}"))?,
            deployment: DeploymentConfig::parse(data.deployment.unwrap_or(&nothing))
                .map_err(|error| format!("config-deployment: {error}"))?,
            features: FeaturesConfig::parse_at(data.features.unwrap_or(&nothing), release),
        })
    }
}
